"""The rules for sums that are no amounts for an area: power in a year, bricks of a wall, what money buys, goods together.

They are tried after those of `continuation_rules` and before those of `knowledge_rules`. Words are in `locales/`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from handlers.evidence import Evidence, Rule, sized
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.turn import Answer, Turn

POWER = "how much power it takes"
BRICKS = "how many bricks a wall takes"
MONEY = "how many the money buys"
WORK_AREA = "an area of a piece of work that is wanted"
OUTLAY = "what a piece of work comes to"
PRICED = "what an area comes to at the price said"
TOGETHER = "what goods named come to together"
_HANDLERS = {POWER: "power_use", BRICKS: "brickwork", MONEY: "by_money", TOGETHER: "basket"}
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
    amounts = [q for q in e.reading.quantities if q.dimension in ("count", "area") and q.value]
    if e.cue("op.each") and len(goods) > 1 and amounts:
        return True
    beside = [q for q in amounts if any(_near(q.start, q.end, g.start, g.end) for g in goods)]
    several = len(goods) > 1 and len(beside) == len(goods)
    one = len(goods) == len(beside) == 1 and beside[0].dimension == "count" and (beside[0].value or 0) > 1
    return several or (one and (beside[0].unit or "") in (*signs("goods_unit"), *signs("any_piece")))


def _near(start: int, end: int, other: int, other_end: int) -> bool:
    return 0 <= other - end <= _BESIDE or 0 <= start - other_end <= _BESIDE


SUM_RULES: tuple[Rule, ...] = (
    (
        POWER,
        "calculate",
        lambda e: (
            e.cue("ask.power_use")
            and not e.cue("ask.savings")
            and (e.goods or bool(e.skus or e.session.topic.focus) or _has(e, "power"))
            and (e.goods or not e.reading.slots.foreign)
        ),
    ),
    (BRICKS, "calculate", lambda e: e.cue("calc.brickwall") and e.cue("ask.howmany")),
    (MONEY, "calculate", lambda e: e.cue("calc.buys") and e.slot("categories") and _has(e, "money", "number")),
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
