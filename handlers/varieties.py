"""A word for one variety of a kind: 球阀 where the catalogue has one kind of 阀门. Its goods are told apart by their titles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

VARIETY = "variety"  # slot: the word said, and the words that a title may have for it
_ENOUGH = 3  # goods of the variety that make a list of their own; of fewer the whole kind is shown
_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day


def of_the_variety(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for titles that have the word for the variety, where enough of the kind have it and not all do."""
    words = reading.slots.values.get(VARIETY, ())
    if not words or values.get("title_words") or not values.get("categories"):
        return {}
    kind = Constraints(categories=values["categories"])
    total = catalogue.count(kind.query(_ANY_DAY))
    counts = [(catalogue.count(kind.but(title_words=(word,)).query(_ANY_DAY)), word) for word in words]
    most, best = max(counts, key=lambda pair: pair[0])
    return {"title_words": (best,)} if _ENOUGH <= most < total else {}


def untold(reading: Reading, catalogue: Catalogue, categories: tuple[str, ...]) -> tuple[str, ...]:
    """Return the word for a variety that no title of the kind has: 琉璃瓦 where all tiles are of resin."""
    words = reading.slots.values.get(VARIETY, ())
    if not words or not categories:
        return ()
    kind = Constraints(categories=categories)
    told = any(catalogue.count(kind.but(title_words=(word,)).query(_ANY_DAY)) for word in words)
    return () if told else words[:1]
