"""What a sum of whole units comes to: by the product's price, or from the cheapest to the dearest that may be bought for it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.answer_parts.price_range import price_range
from handlers.calculation.pack_costs import pack_costs, packs_text
from handlers.context.conditions import conditions
from handlers.turn import Money, Text, Turn, say

if TYPE_CHECKING:
    from catalog_db.search.query import ProductQuery
    from handlers.calculation.sums import Sum
    from handlers.understanding.interpretation import Constraints


def cost_of(turn: Turn, done: Sum, most: Sum | None = None) -> Iterator[Text]:
    """Say what it comes to: by the product's price, else, when asked, from the cheapest to the dearest of the category.

    `most`: the sum for the larger end, where the area was said as a range.
    """
    if most is not None and most.amount != done.amount:
        yield from _cost_between(turn, done, most)
        return
    product = done.usage.product
    budget = turn.meaning.constraints.budget
    priced = any(q.dimension == "money" and q.per for q in turn.meaning.quantities)
    if product is None and not priced and ("ask.price" in turn.meaning.cues or budget is not None):
        yield from _cost_range(turn, done)
    said = next((q for q in turn.meaning.quantities if q.dimension == "money" and q.per and q.value), None)
    if said is not None and said.value is not None:
        price = Money(said.value, done.usage.unit)
        yield say("calculate.cost", amount=done.amount, price=price, cost=Money(said.value * done.amount))
    elif product and product.price is not None:
        cost = product.price * Decimal(done.amount)
        yield say("calculate.cost", amount=done.amount, price=Money(product.price, product.unit), cost=Money(cost))
        yield from within(budget, cost, cost)


def _cost_between(turn: Turn, done: Sum, most: Sum) -> Iterator[Text]:
    """Say what the smaller and the larger end of a range come to, where a price is known or asked for."""
    product, budget = done.usage.product, turn.meaning.constraints.budget
    if product is not None:
        ends = (product.price * done.amount, product.price * most.amount) if product.price is not None else None
    elif "ask.price" in turn.meaning.cues or budget is not None:
        ends = _ends(turn, done, most)
    else:
        ends = None
    if ends is not None:
        yield say("calculate.cost_between", low=Money(ends[0]), high=Money(ends[1]))
        yield from within(budget, *ends)


def _ends(turn: Turn, done: Sum, most: Sum) -> tuple[Decimal, Decimal] | None:
    """Return the least that the smaller end comes to and the most that the larger one does."""
    query, _ = _goods_for(turn, done)
    if (least := pack_costs(turn, done, query)) and (packs := pack_costs(turn, most, query)):
        return min(one.low for one in least), max(one.high for one in packs)
    prices = price_range(turn.catalogue, query)
    return (prices[0] * done.amount, prices[1] * most.amount) if prices else None


def within(budget: Decimal | None, low: Decimal, high: Decimal) -> Iterator[Text]:
    """Say whether the money that was named suffices for the dearest, for the cheapest only, or not."""
    if budget is None:
        return
    if high <= budget:
        yield say("calculate.money_enough", budget=Money(budget))
    elif low <= budget:
        yield say("calculate.money_for_cheaper", budget=Money(budget))
    else:
        yield say("calculate.money_short", budget=Money(budget), missing=Money(low - budget))


def _cost_range(turn: Turn, done: Sum) -> Iterator[Text]:
    query, said = _goods_for(turn, done)
    if said:
        yield say("calculate.as_listed", conditions=said)
    budget, unit = turn.meaning.constraints.budget, done.usage.unit
    if packs := pack_costs(turn, done, query):
        yield packs_text(packs, unit)
        yield from within(budget, min(one.low for one in packs), max(one.high for one in packs))
    elif (prices := price_range(turn.catalogue, query)) is not None:
        low, high = (Money(price * done.amount) for price in prices)
        yield _ranged(prices, (low, high), done, listed=bool(said))
        yield from within(budget, low.amount, high.amount)


def _ranged(prices: tuple[Decimal, Decimal], costs: tuple[Money, Money], done: Sum, *, listed: bool) -> Text:
    """Say what it comes to from the lowest to the highest price; one price alone is no range."""
    unit = done.usage.unit
    if prices[0] == prices[1]:
        return say("calculate.cost", amount=done.amount, price=Money(prices[0], unit), cost=costs[0])
    return say(
        "calculate.cost_range_listed" if listed else "calculate.cost_range",
        low_price=Money(prices[0], unit),
        high_price=Money(prices[1], unit),
        low=costs[0],
        high=costs[1],
    )


def _goods_for(turn: Turn, done: Sum) -> tuple[ProductQuery, tuple[Text, ...]]:
    """Return the search for goods that may be bought for a sum, sold in its unit, and the conditions taken over from the last list."""
    kind, categories = done.usage.category, turn.catalogue.categories
    others = [code for code in turn.catalogue.under((kind.code,)) if categories[code].unit not in (None, kind.unit)]
    alike = {"categories": (kind.code,), "exclude_categories": tuple(sorted(others)), "adcode": turn.meaning.place}
    running = _of_the_list(turn, kind.code)
    if running is not None:
        listed = running.but(**alike).query(turn.day)
        said = conditions(running, turn.catalogue, turn.places, skip=("adcode",))
        if said and turn.catalogue.count(listed):
            return listed, said
    asked = turn.meaning.constraints.but(
        **alike, price_min=None, price_max=None, budget=None, scenes=(), limit=None, size=(), sort=None
    )  # the size of a piece and the room are of the sum, not of the goods
    return asked.query(turn.day), ()


def _of_the_list(turn: Turn, code: str) -> Constraints | None:
    """Return the conditions of what is being looked at, where the sum goes on with it and names no kind of its own."""
    running = turn.session.topic.constraints
    if "categories" in turn.meaning.because or code not in turn.catalogue.under(running.categories):
        return None
    return running.but(budget=None, limit=None, sort=None)
