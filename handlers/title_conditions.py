"""Words that no table knows and titles of the goods have: they describe what is looked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from handlers.understanding.interpretation import Constraints
from handlers.unread import bare, described

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

_NO_TITLE = ("ask.howmany", "ask.how", "ask.know", "ask.savings", "ask.guide")  # what says that no goods are described
_ANY_DAY = date(2000, 1, 1)  # titles do not depend on the day


def of_the_titles(reading: Reading, catalogue: Catalogue, values: dict[str, Any]) -> dict[str, Any]:
    """Take unknown words that describe the goods for words of their titles, where some have them: 无缝 of 墙布要无缝的."""
    wishes = reading.slots.values.get("wishes", ())
    if not values.get("categories") or not (reading.residue or wishes) or reading.has(*_NO_TITLE):
        return {}
    words = [bare(word) for word in (*described(reading), *wishes) if not any(map(str.isdigit, word))]
    told = tuple(dict.fromkeys((*values.get("title_words", ()), *words)))
    if not words or not catalogue.count(Constraints(**{**values, "title_words": told}).query(_ANY_DAY)):
        return {}
    return {"title_words": told}
