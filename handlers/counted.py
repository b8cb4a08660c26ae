"""How many products of a kind have something: counted once for a revision of the catalogue, for the same is asked again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.interpretation import Constraints

_ANY_DAY = date(2000, 1, 1)
_OF_A_DAY = ("certified", "schemes", "stars", "min_stars")
_MOST = 4_096  # counts kept; then they are counted anew
_KNOWN: WeakKeyDictionary[Catalogue, tuple[int, dict[tuple[tuple[str, Any], ...], int]]] = WeakKeyDictionary()


def counted(catalogue: Catalogue, asked: Constraints) -> int:
    """Count the products that match whatever the day: conditions on certificates are left out."""
    revision, known = _KNOWN.get(catalogue, (-1, {}))
    if revision != catalogue.revision or len(known) >= _MOST:
        known = {}
        _KNOWN[catalogue] = (catalogue.revision, known)
    key = tuple([(name, _plain(value)) for name, value in vars(asked).items() if value and name not in _OF_A_DAY])
    count = known.get(key)
    if count is None:
        count = known[key] = catalogue.count(asked.but(**_NO_DAY).query(_ANY_DAY))
    return count


_NO_DAY: dict[str, Any] = {"certified": False, "schemes": (), "stars": (), "min_stars": None}


def _plain(value: Any) -> Any:
    return tuple(value.items()) if isinstance(value, Mapping) else value
