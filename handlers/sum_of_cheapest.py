"""What the sum of the conversation comes to with the goods that cost least for it: 要最便宜的那种,总共多少."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from handlers import calculate
from handlers.calculation.material_usage import usage_of
from handlers.rules.answers import SUM
from handlers.turn import Answer, Say, Turn, say
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog_db.records import Product

_LOOKED_AT = 40  # the cheapest by the unit; a small tin is among them and costs most by the area


def handle(turn: Turn) -> Answer | None:
    """Work the running sum out with the product that costs least for the area; None where there is no such sum or price."""
    kept: Mapping[str, Any] = turn.session.data.get(SUM) or {}
    code = kept.get("category")
    if not code or code not in turn.catalogue.categories:
        return None
    kind = Constraints(categories=(code,), adcode=turn.meaning.place)
    found = turn.catalogue.found(kind.query(turn.day, sort="price_asc", limit=_LOOKED_AT))
    costs = [(cost, n, p) for n, p in enumerate(found) if (cost := _cost(turn, p)) is not None]
    if not costs:
        return None
    turn.meaning.skus = (min(costs)[2].sku,)
    answer = calculate.handle(turn)
    return answer.with_(blocks=(Say(say("sums.cheapest")), *answer.blocks))


def _cost(turn: Turn, product: Product) -> Decimal | None:
    """Return what a square metre of one coat costs, None where the price or what it covers is unknown."""
    usage = usage_of(turn.catalogue, product.category, product)
    if product.price is None or usage is None or not usage.recipe.coverage:
        return None
    covered = Fraction(usage.recipe.coverage)
    return product.price * covered.denominator / covered.numerator
