"""What an area comes to in each size of pack: small tins and large ones cover differently and cost differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from handlers.answer_parts.price_range import price_range
from handlers.calculation.formulas import Recipe, exact, units_needed
from handlers.turn import Money, Text, Turn, say
from handlers.understanding.measures import measure

if TYPE_CHECKING:
    from catalog_db.search.query import ProductQuery
    from handlers.calculation.sums import Sum

_LOOKED_AT = 12  # products of each order that tell in which packs a kind is sold
_MOST_PACKS = 4


@dataclass(frozen=True, slots=True)
class PackCost:
    """So many packs of one size, and what they come to from the cheapest to the dearest."""

    pack: str
    amount: int
    low: Decimal
    high: Decimal


def pack_costs(turn: Turn, done: Sum, query: ProductQuery) -> list[PackCost]:
    """Return the cost by size of pack, the smallest first; empty where the goods tell no two sizes with what each covers."""
    if done.usage.product is not None or done.inputs.coverage is not None:
        return []
    covered = _covered(turn, query)
    packs = sorted(covered, key=lambda pack: measure(pack) or Decimal(0))
    return list(_reckoned(turn, done, query, covered, packs[:_MOST_PACKS])) if len(packs) > 1 else []


def _covered(turn: Turn, query: ProductQuery) -> dict[str, Fraction]:
    """Return the packs that a kind is sold in with the least m² that one of them is said to cover."""
    covered: dict[str, Fraction] = {}
    for sort in ("recommended", "price_asc", "price_desc"):
        for product in turn.catalogue.found(replace(query, sort=sort, limit=_LOOKED_AT)):
            if product.capacity and product.coverage_m2:
                area = exact(str(product.coverage_m2))
                covered[product.capacity] = min(area, covered.get(product.capacity, area))
    return covered


def _reckoned(
    turn: Turn, done: Sum, query: ProductQuery, covered: dict[str, Fraction], packs: list[str]
) -> Iterator[PackCost]:
    for pack in packs:
        prices = price_range(turn.catalogue, replace(query, capacity=(pack,)))
        if prices is not None:
            recipe = Recipe(covered[pack], done.recipe.coats, done.recipe.loss_pct)
            amount = units_needed(done.surface.area, recipe, done.openings)
            yield PackCost(pack, amount, prices[0] * amount, prices[1] * amount)


def packs_text(costs: list[PackCost], unit: str | None) -> Text:
    """Say how many of each size are needed and what they come to."""
    return say(
        "calculate.cost_packs",
        packs=tuple(
            say(
                "calculate.pack_cost" if one.low != one.high else "calculate.pack_cost_one",
                pack=one.pack,
                amount=one.amount,
                unit=unit or say("value.unit"),
                low=Money(one.low),
                high=Money(one.high),
            )
            for one in costs
        ),
    )
