"""What is sold by the square metre without a figure for waste: so many square metres of windows are bought as they are."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from handlers import unwritten
from handlers.answer_parts.choices import category_choice, handoff_choice
from handlers.answer_parts.price_range import price_range
from handlers.calculation.by_length import sold_by_length
from handlers.calculation.costs import within
from handlers.calculation.formulas import exact, plain
from handlers.calculation.inputs import Inputs
from handlers.turn import Answer, Block, Money, Note, Say, Turn, say
from handlers.understanding.openings import find_openings
from handlers.understanding.word_tables import signs


def without_formula(turn: Turn, code: str, inputs: Inputs) -> Answer:
    """Answer for a kind that no figure for its use is known of: by the surface, honestly, or that nothing is written about it."""
    if sold := _sold_by_surface(turn, code, inputs) or sold_by_length(turn, code, inputs):
        return sold
    if "calc.enough" in turn.meaning.cues:  # 扬程30米够不够 asks for no quantity
        return unwritten.handle(turn)
    return Answer(
        "calculate",
        blocks=(Say(say("calculate.no_figure", category=turn.catalogue.categories[code].name)),),
        choices=(category_choice(turn.catalogue, code), handoff_choice()),
        categories=(code,),
    )


def _sold_by_surface(turn: Turn, code: str, inputs: Inputs) -> Answer | None:
    """Return the square metres said as what is to be bought, with what they cost; None for what is sold otherwise."""
    category = turn.catalogue.categories[code]
    if category.unit not in signs("surface_unit"):
        return None
    area = sum((one.m2 * one.alike for one in inputs.areas), Fraction(0))
    if not area:  # 窗户每扇1.2乘1.5,六扇
        openings = find_openings(turn.meaning.text, turn.meaning.quantities)
        area = sum((exact(f"{one.m2:f}") for one in openings), Fraction(0))
    if not area:
        return None
    amount = math.ceil(area)
    values = {"category": category.name, "area": plain(area), "amount": amount, "unit": category.unit or ""}
    blocks: list[Block] = [Say(say("calculate.by_surface", **values))]
    wanted = turn.meaning.constraints.but(categories=(code,), price_min=None, price_max=None, limit=None, sort=None)
    prices = price_range(turn.catalogue, wanted.query(turn.day))
    if prices is not None:
        low, high = (Money(price * Decimal(amount)) for price in prices)
        low_price, high_price = (Money(price, category.unit) for price in prices)
        text = say("calculate.cost_range", low_price=low_price, high_price=high_price, low=low, high=high)
        blocks.append(Say(text))
        blocks += [Say(line) for line in within(turn.meaning.constraints.budget, low.amount, high.amount)]
    blocks.append(Note(say("calculate.measured_first")))
    element = {"category": code, "amount": amount, "unit": category.unit or "", "area_m2": plain(area)}
    return Answer(
        "calculate",
        blocks=tuple(blocks),
        choices=(category_choice(turn.catalogue, code), handoff_choice()),
        categories=(code,),
        quantities=(element,),
    )
