"""How many products of a kind have something: counted once for a revision of the catalogue, for the same is asked again and again."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

V = TypeVar("V")

_ANY_DAY = date(2000, 1, 1)
_MOST = 4_096  # counts kept; then they are counted anew
_NO_DAY: dict[str, Any] = {"certified": False, "schemes": (), "stars": (), "min_stars": None}
_NAMES = tuple(spec.name for spec in fields(Constraints) if spec.name not in (*_NO_DAY, "attributes"))
_values_of = attrgetter(*_NAMES)
_Key = tuple[tuple[str, Any], ...]
_COUNTS: WeakKeyDictionary[Catalogue, tuple[int, dict[_Key, int]]] = WeakKeyDictionary()
_KINDS: WeakKeyDictionary[Catalogue, tuple[int, dict[_Key, tuple[str, ...]]]] = WeakKeyDictionary()


def counted(catalogue: Catalogue, asked: Constraints) -> int:
    """Count the products that match whatever the day: conditions on certificates are left out."""
    known, key = kept(_COUNTS, catalogue), _key(asked)
    if key not in known:
        known[key] = catalogue.count(asked.but(**_NO_DAY).query(_ANY_DAY))
    return known[key]


def kinds_of(catalogue: Catalogue, asked: Constraints) -> tuple[str, ...]:
    """Return the kinds of the products that match whatever the day, sorted by code."""
    known, key = kept(_KINDS, catalogue), _key(asked)
    if key not in known:
        found = catalogue.search(asked.but(**_NO_DAY, limit=1).query(_ANY_DAY))
        known[key] = tuple(sorted(found.facets.get("category", {})))
    return known[key]


def kept(every: WeakKeyDictionary[Catalogue, tuple[int, dict[_Key, V]]], catalogue: Catalogue) -> dict[_Key, V]:
    """Return what is known of the catalogue as it is now."""
    revision, known = every.get(catalogue, (-1, {}))
    if revision != catalogue.revision or len(known) >= _MOST:
        known = {}
        every[catalogue] = (catalogue.revision, known)
    return known


def _key(asked: Constraints) -> _Key:
    """Return what is asked, whatever the day, in a form that can be looked up."""
    values = _values_of(asked)
    return (*compress(zip(_NAMES, values, strict=True), values), *asked.attributes.items())
