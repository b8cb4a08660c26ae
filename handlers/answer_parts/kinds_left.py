"""Which of several kinds a list still holds, when what was said of them leaves some out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog_db.search.query import SearchResult
    from handlers.turn import Turn
    from handlers.understanding.interpretation import Constraints

_TELLING = frozenset({"attributes", "features", "scenes", "color", "size", "capacity"})  # what tells kinds apart


def kinds_left(turn: Turn, constraints: Constraints, result: SearchResult) -> Constraints:
    """Name of several kinds looked for before only those that are left: after 想换门, 进户的 tells which."""
    because = turn.meaning.because
    if len(constraints.categories) == 1 or "categories" in because or because.keys().isdisjoint(_TELLING):
        return constraints
    found = set(result.facets.get("category", {}))
    left = tuple(code for code in constraints.categories if not found.isdisjoint(turn.catalogue.under((code,))))
    return constraints.but(categories=left)
