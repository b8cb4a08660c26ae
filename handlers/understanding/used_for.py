"""Kinds called after what they are used on: 窗用五金 is what 窗户上的五金件 asks for, where the catalogue has such a drawer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_LEAST_HEAD = 2  # characters of goods behind what they are used on
Made = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]  # modifier → (head, category codes)


def with_uses(
    made: Made, catalogue: Catalogue, codes: Mapping[str, tuple[str, ...]], surfaces: Mapping[str, set[str]]
) -> Made:
    """Add the compositions that names like 窗用五金 make: the thing and every word for the wider kind."""
    result = dict(made)
    for category in catalogue.categories.values():
        for name in (category.name, *category.synonyms):
            folded = normalise(name).text
            used = next((sign for sign in signs("used_on") if sign in folded), "")
            thing, _, head = folded.partition(used) if used else ("", "", "")
            if not thing or len(head) < _LEAST_HEAD or not category.parent:
                continue
            wider = {word for concept, own in codes.items() if own == (category.parent,) for word in surfaces[concept]}
            pairs = [(word, (category.code,)) for word in sorted({head, *wider})]
            result[thing] = (*result.get(thing, ()), *pairs)
    return result
