"""How large for so many people: 四口人用多大的热水器, by what the trade reckons for each of them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.measures import measure
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.spans import Quantity


def people_in(quantities: Sequence[Quantity]) -> Decimal | None:
    """Return how many people were named, None where none were."""
    counts = (q.value for q in quantities if q.dimension == "count" and (q.unit or "") in signs("people"))
    return next((count for count in counts if count is not None and count > 0), None)


def litres_for_each(codes: Sequence[str], catalogue: Catalogue) -> tuple[Decimal, Decimal] | None:
    """Return the least and the most litres that the trade reckons for a person with these kinds, None without a figure."""
    for code in codes:
        category = catalogue.categories.get(code)
        for word, least, most in _table() if category else ():
            if category and any(word in name for name in (category.name, *category.synonyms)):
                return least, most
    return None


def for_people(constraints: Constraints, quantities: Sequence[Quantity], catalogue: Catalogue) -> Constraints:
    """Keep to the contents that suit so many people, and to none where goods of the kinds have no such contents."""
    people, each = people_in(quantities), litres_for_each(constraints.categories, catalogue)
    if each is None or people is None:
        return constraints
    low, high = each[0] * people, each[1] * people
    fitting = tuple(
        word
        for word in catalogue.vocabulary.capacities
        if (amount := measure(word)) is not None
        and low <= amount <= high
        and counted(catalogue, Constraints(categories=constraints.categories, capacity=(word,)))
    )
    return constraints.but(capacity=fitting)


@cache
def _table() -> tuple[tuple[str, Decimal, Decimal], ...]:
    return tuple((word, Decimal(least), Decimal(most)) for word, least, most in rows(WORDS / "persons.tsv"))
