"""Join amounts that belong together: 一平 + 30块, 100块 + 两桶, 20公斤 + 一袋, 300以上 + 500以下, 一级 + 二级."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from handlers.understanding.amount_rules import grammar
from handlers.understanding.spans import Quantity
from handlers.understanding.word_tables import expression, signs

_CONTENTS = frozenset({"mass", "volume", "length"})
_CENT = Decimal("0.01")
_PRICED = frozenset({"area", "count", "length", "mass", "volume"})


def joined(text: str, found: list[Quantity]) -> list[Quantity]:
    """Return the amounts with neighbours joined where one expression was said."""
    result: list[Quantity] = []
    for quantity in found:
        while result:
            gap = text[result[-1].end : quantity.start]
            both = _join(result[-1], quantity, gap)
            if both is None:
                break
            result.pop()
            quantity = both  # noqa: PLW2901  # what was joined may join again
        result.append(quantity)
    return labelled(text, result)


def labelled(text: str, found: list[Quantity]) -> list[Quantity]:
    """Return the amounts with the word beside lengths and grades: 长 4米, 60公分宽, 一级水效."""
    lengths = [quantity for quantity in found if quantity.dimension == "length"]
    label_first = bool(lengths) and bool(_label_before(text, lengths[0]))
    result = []
    for quantity in found:
        label = ""
        if quantity.dimension == "length" and not quantity.text:
            label = _label_before(text, quantity) if label_first else _label_after(text, quantity)
        elif quantity.dimension == "grade":
            label = _label_before(text, quantity) or _label_inside(text, quantity) or _label_after(text, quantity)
        result.append(replace(quantity, text=label) if label else quantity)
    return result


def _label_before(text: str, quantity: Quantity) -> str:
    match = grammar().parts["labelbefore"].search(text, max(0, quantity.start - 6), quantity.start)
    return match["label"] if match else ""


def _label_inside(text: str, quantity: Quantity) -> str:
    match = grammar().parts["label"].search(text, quantity.start, quantity.end)
    return match[0] if match else ""


def _label_after(text: str, quantity: Quantity) -> str:
    match = grammar().parts["labelafter"].match(text, quantity.end)
    return match["label"] if match else ""


def _join(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    for join in _JOINS:
        both = join(first, second, gap)
        if both is not None:
            return both
    return None


def _each_costs(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """一平30块, 一桶不超过200."""
    if gap.strip() or first.dimension not in _PRICED or first.value is None or first.per or first.comparison != "eq":
        return None
    if second.dimension not in {"money", "number"} or second.per or not _counts_one(first):
        return None
    return replace(second, start=first.start, dimension="money", per=_name(first))


def _counts_one(quantity: Quantity) -> bool:
    unit = grammar().units.get(quantity.unit or "")
    return unit is not None and unit.factor == quantity.value


def _name(quantity: Quantity) -> str | None:
    unit = grammar().units.get(quantity.unit or "")
    return unit.price_per if unit else quantity.unit


def _together_cost(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """100块两桶: 50 for one."""
    if gap.strip() or first.dimension != "money" or first.per or second.dimension != "count" or not second.value:
        return None
    if (
        first.comparison != "eq"
        or first.value is None
        or second.comparison != "eq"
        or second.unit in signs("unit_of_kinds")
    ):
        return None
    each = (first.value / second.value).quantize(_CENT).normalize()
    each = each if each != each.to_integral_value() else each.to_integral_value()
    return replace(first, end=second.end, low=each, high=each, per=_name(second))


def _packed(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """20公斤一袋, 一桶18升."""
    if gap.strip():
        return None
    if first.dimension in _CONTENTS and second.dimension == "count" and second.value == 1:
        return replace(first, end=second.end, per=_name(second))
    if second.dimension in _CONTENTS and first.dimension == "count" and first.value == 1:
        return replace(second, start=first.start, per=_name(first))
    return None


def _between(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """300以上500以下, 一级和二级."""
    if first.dimension != second.dimension or not expression("limits_joined").fullmatch(gap):
        return None
    if (first.comparison, second.comparison) in {("ge", "le"), ("le", "ge")}:
        low = first.low if first.low is not None else second.low
        high = second.high if second.high is not None else first.high
        if low is None or high is None or low > high:
            return None
        return replace(first, end=second.end, low=low, high=high, comparison="range")
    if first.dimension in {"grade", "stars"} and first.value and second.value and first.value != second.value:
        low, high = sorted((first.value, second.value))
        return replace(first, end=second.end, low=low, high=high, comparison="range")
    return None


def _up_to(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """八九十平到一百平, 三间到五间."""
    if (
        gap not in signs("up_to")
        or first.dimension != second.dimension
        or first.unit != second.unit
        or first.text
        or second.text
    ):
        return None
    if first.comparison not in {"eq", "range"} or second.comparison not in {"eq", "range"} or first.per or second.per:
        return None
    if first.low is None or first.high is None or second.high is None or first.high >= second.high:
        return None
    return replace(first, end=second.end, high=second.high, comparison="range")


def _one_or_other(first: Quantity, second: Quantity, gap: str) -> Quantity | None:
    """十块八块, 三块五块: about so much, between the two."""
    if gap or {first.dimension, second.dimension} != {"money"} or first.unit is None or first.unit != second.unit:
        return None
    if first.value is None or second.value is None or first.per or second.per or first.value == second.value:
        return None
    low, high = sorted((first.value, second.value))
    return replace(first, end=second.end, low=low, high=high, comparison="range", approximate=True)


_JOINS: tuple[Callable[[Quantity, Quantity, str], Quantity | None], ...] = (
    _each_costs,
    _together_cost,
    _packed,
    _between,
    _up_to,
    _one_or_other,
)
