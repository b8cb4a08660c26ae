"""Whether any product of a kind has an attribute at all: counted once for a revision of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_ANY_DAY = date(2000, 1, 1)  # attributes do not depend on the day
_WITH_ATTRIBUTE: WeakKeyDictionary[Catalogue, tuple[int, dict[tuple[tuple[str, ...], str], bool]]] = WeakKeyDictionary()


def with_attribute(catalogue: Catalogue, categories: tuple[str, ...], name: str) -> bool:
    """Tell whether some product of a kind has an attribute; counted once for a revision, for it takes milliseconds."""
    revision, found = _WITH_ATTRIBUTE.get(catalogue, (-1, {}))
    if revision != catalogue.revision:
        found = {}
        _WITH_ATTRIBUTE[catalogue] = (catalogue.revision, found)
    key = (categories, name)
    if key not in found:
        known = catalogue.vocabulary.attributes.get(name)
        probe = Constraints(categories=categories, attributes={name: tuple(known or ())})
        found[key] = known is None or bool(catalogue.count(probe.query(_ANY_DAY)))
    return found[key]
