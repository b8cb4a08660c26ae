"""Products that changed since the index was built: few, kept in memory, judged one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Certificate, Product
from catalog_db.search.facts import Facts, facts
from catalog_db.search.plan import Plan
from catalog_db.search.shelf import Shelf
from catalog_db.search.terms import END, codes_of, text_terms
from catalog_db.search.vocabulary import IndexVocabulary


@dataclass(frozen=True, slots=True, eq=False)
class Fresh:
    """One product in its newest state."""

    facts: Facts
    codes: NDArray[np.uint16]  # of its text, closed as the reranking wants it
    terms: frozenset[int]

    def points(self, plan: Plan) -> int:
        """Return the weights of the grams that it has."""
        return sum(gram.weight for gram in plan.grams if not self.terms.isdisjoint(gram.terms))


def fresh(product: Product, certificates: Sequence[Certificate], shelf: Shelf, vocabulary: IndexVocabulary) -> Fresh:
    """Bring a product into the form in which it is searched."""
    own = facts(product, certificates, shelf)
    return Fresh(own, codes_of(own.words + END + END), text_terms(own.words, vocabulary.number))
