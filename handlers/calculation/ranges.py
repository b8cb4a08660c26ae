"""A sum whose area was said as a range (一百到一百二十平, 八九十平): worked out for both ends, told as one range."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from handlers.calculation.formulas import plain
from handlers.calculation.inputs import Area
from handlers.calculation.sums import Sum
from handlers.calculation.surfaces import surface_of
from handlers.turn import Text, say


def upper_end(done: Sum) -> Sum | None:
    """Return the sum for the larger end of what was said, None where one figure was said."""
    areas = tuple(_largest(area) for area in done.inputs.areas)
    if areas == done.inputs.areas:
        return None
    inputs = replace(done.inputs, areas=areas)
    surface = surface_of(inputs, done.usage.base)
    return None if surface is None else Sum(done.usage, done.recipe, surface, inputs)


def _largest(area: Area) -> Area:
    return area if area.most is None else replace(area, m2=area.most, most=None)


def area_said(done: Sum, most: Sum | None) -> Text | str:
    """Return the area of the surface, from the smaller to the larger end where there are two."""
    ends = [done.surface.area - done.openings, *([most.surface.area - most.openings] if most else [])]
    return _span(ends)


def amount_said(done: Sum, most: Sum | None) -> Text | str:
    """Return how many units are to be bought, as a range where the ends differ."""
    return _span([Fraction(done.amount), *([Fraction(most.amount)] if most else [])])


def pieces_said(least: Sequence[tuple[int, str, str]], most: Sequence[tuple[int, str, str]]) -> list[Text]:
    """Say how many pieces of a size are needed, as a range where the ends differ."""
    texts = []
    for number, (count, unit, size) in enumerate(least):
        counts = [Fraction(count), *([Fraction(most[number][0])] if number < len(most) else [])]
        texts.append(say("calculate.pieces", count=_span(counts), unit=unit, size=size))
    return texts


def larger_end_said(most: Sum | None) -> tuple[Text, ...]:
    """Say by which area the larger end was reckoned."""
    return (say("calculate.larger_end", area=plain(most.surface.area)),) if most else ()


def _span(ends: Sequence[Fraction]) -> Text | str:
    low, high = plain(ends[0]), plain(ends[-1])
    return str(low) if low == high else say("calculate.span", low=low, high=high)
