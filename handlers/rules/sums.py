"""The rules for sums that are no amounts for an area: power in a year, bricks of a wall, what money buys, goods together.

They are tried after those of `continuations` and before those of `talk`. Words are in `locales/`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from handlers.basket import measures
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import sized
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.turn import Answer, Turn
    from handlers.understanding.spans import Quantity, Span

POWER = "how much power it takes"
BRICKS = "how many bricks a wall takes"
MONEY = "how many the money buys"
WORK_AREA = "an area of a piece of work that is wanted"
OUTLAY = "what a piece of work comes to"
SUFFICES = "whether so much of it is enough"
PRICED = "what an area comes to at the price said"
TOGETHER = "what goods named come to together"
OF_CHEAPEST = "the running sum with the goods that cost least"
_HANDLERS = {
    POWER: "power_use",
    BRICKS: "brickwork",
    MONEY: "by_money",
    TOGETHER: "basket",
    OF_CHEAPEST: "sum_of_cheapest",
}
_BESIDE = 2  # characters between an amount and its goods


def sum_for(rule: str) -> Callable[[Turn], Answer | None] | None:
    """Return what works out a sum of one of these rules, None for any other rule."""
    name = _HANDLERS.get(rule)
    return import_module(f"handlers.{name}").handle if name else None


def _has(e: Evidence, *dimensions: str) -> bool:
    return any(q.dimension in dimensions and q.value for q in e.reading.quantities)


def _together(e: Evidence) -> bool:
    """Tell whether amounts stand beside goods and their price is asked: 六张生态板多少钱, 两个马桶一个花洒一共多少."""
    if not e.cue("ask.price", "ask.total") or e.cue("ask.savings", "ask.cert", "ask.service") or e.skus:
        return False
    goods = e.reading.slots.goods
    amounts = [q for q in e.reading.quantities if measures(q)]
    if _asks_how_many(e) or not goods or not e.slot("categories", "wider"):
        return False
    if len(goods) == 1:
        return _so_much_of(e, goods[0], amounts)
    beside = [q for q in amounts if any(_near(q.start, q.end, g.start, g.end) for g in goods)]
    return e.cue("op.each") or len(beside) == len(goods)


def _so_much_of(e: Evidence, goods: Span, amounts: Sequence[Quantity]) -> bool:
    """Tell whether so much of the only goods was named: a surface, an opening, or an amount right beside them."""
    surface = e.area and (_has(e, "area") or not _has(e, "rooms", "coats"))
    if surface and not e.cue("ask.which", "ask.plan", "ask.remedy", "plan.scene", "op.scene"):
        return True
    beside = [q for q in amounts if _near(q.start, q.end, goods.start, goods.end)]
    if not beside and len(amounts) == 1 and amounts[0].dimension == "length":
        beside = list(amounts)  # 排水管110的,十米多少钱
    sized = any(q.dimension == "size" for q in amounts)
    if len(beside) != 1 or sized:
        return sized and not e.cue("ask.price_of_piece")  # 800x800的地砖多少钱一块 is of that size
    one, value, unit = beside[0], beside[0].value or 0, beside[0].unit or ""
    if one.dimension == "count":
        return value > 1 and unit in (*signs("goods_unit"), *signs("any_piece"))
    return value > 1 and (one.dimension in ("length", "volume") or unit in signs("cubic"))


def _asks_how_many(e: Evidence) -> bool:
    """Tell whether pieces are asked for, not money: 要多少块, but not the 要多少 of 要多少钱."""
    prices = e.reading.cues.of("ask.price")
    return any(
        not any(p.start <= cue.start and cue.end < p.end for p in prices) for cue in e.reading.cues.of("ask.howmany")
    )


def _near(start: int, end: int, other: int, other_end: int) -> bool:
    return 0 <= other - end <= _BESIDE or 0 <= start - other_end <= _BESIDE


SUM_RULES: tuple[Rule, ...] = (
    (
        OF_CHEAPEST,
        "calculate",
        lambda e: e.cue("calc.cheapest") and e.session.intent == "calculate" and not (e.goods or e.slot("limit")),
    ),
    (
        POWER,
        "calculate",
        lambda e: (
            e.cue("ask.power_use")
            and (not e.cue("ask.savings") or e.cue("ask.power_bill"))  # 电费多少 is no saving
            and (e.goods or bool(e.skus or e.session.topic.focus or e.session.topic.listed) or _has(e, "power"))
            and (e.goods or not e.reading.slots.foreign)
        ),
    ),
    (BRICKS, "calculate", lambda e: e.cue("calc.brickwall") and e.cue("ask.howmany")),
    (
        MONEY,
        "calculate",
        lambda e: (
            e.cue("calc.buys")
            and (e.slot("categories") or (bool(e.session.topic.constraints.categories) and not e.goods))
            and _has(e, "money", "number")
        ),
    ),
    (
        SUFFICES,
        "calculate",
        lambda e: (
            e.cue("calc.enough")
            and _has(e, "mass", "volume", "count")
            and (e.slot("categories") or bool(e.reading.slots.symptoms))
            and not e.cue("ask.price", "ask.savings", "ask.service")
            and not _has(e, "money")
        ),
    ),
    (
        PRICED,
        "calculate",
        lambda e: (
            e.area
            and e.slot("categories")
            and e.cue("ask.price", "ask.total")
            and any(q.dimension == "money" and q.per and q.value for q in e.reading.quantities)
        ),
    ),
    (TOGETHER, "calculate", _together),
    (
        WORK_AREA,
        "calculate",
        lambda e: (
            e.area
            and e.cue("ask.want")
            and bool(e.reading.slots.symptoms)
            and sized(e)
            and not (e.goods or e.skus or e.picky)
            and not e.cue(
                "ask.price", "ask.which", "ask.remedy", "ask.have", "ask.plan", "ask.service", "ask.guide", "ask.how"
            )
            and not e.cue("plan.scene", "op.scene")
        ),
    ),
    (
        OUTLAY,
        "calculate",
        lambda e: (
            e.area
            and (e.asks_work or bool(e.reading.slots.symptoms))
            and (e.cue("ask.price") or (e.cue("calc.enough") and _has(e, "money")))
            and not e.goods
            and not e.skus
            and not e.cue("ask.which", "ask.service", "ask.plan", "plan.scene", "op.scene")
        ),
    ),
)
