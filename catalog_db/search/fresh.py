"""Products that changed since the index was built: few, kept in memory, found by their terms, judged one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Certificate, Product
from catalog_db.search.facts import Facts, facts
from catalog_db.search.plan import Asked
from catalog_db.search.shelf import Shelf
from catalog_db.search.terms import END, codes_of, text_terms
from catalog_db.search.vocabulary import IndexVocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """One product in its newest state."""

    facts: Facts
    codes: NDArray[np.uint16]  # of its text, closed by an END
    terms: frozenset[int]


def fresh(product: Product, certificates: Sequence[Certificate], shelf: Shelf, vocabulary: IndexVocabulary) -> Fresh:
    """Bring a product into the form in which it is searched."""
    own = facts(product, certificates, shelf)
    return Fresh(own, codes_of(own.words + END), text_terms(own.words, vocabulary.number))


class FreshTerms:
    """Which changed products have a term: of all states since the building, so that a change only adds to it."""

    def __init__(self) -> None:
        self._having: defaultdict[int, list[Fresh]] = defaultdict(list)

    def add(self, one: Fresh) -> None:
        """Take note of a product in a new state."""
        for term in one.terms:
            self._having[term].append(one)

    def points(self, asked: Asked, there: Mapping[str, Fresh]) -> list[tuple[int, Fresh]]:
        """Return the products of one state that have any gram, with the weights of those that they have; the most first."""
        points: dict[Fresh, int] = {}
        for gram in asked.grams:
            for one in self._with_any(gram.terms):
                points[one] = points.get(one, 0) + gram.weight
        found = [(have, one) for one, have in points.items() if there.get(one.facts.product.sku) is one]
        found.sort(key=lambda pair: -pair[0])
        return found

    def _with_any(self, terms: Sequence[int]) -> Iterable[Fresh]:
        having = self._having
        if len(terms) == 1:
            return having.get(terms[0], ())
        return {one for term in terms for one in having.get(term, ())}
