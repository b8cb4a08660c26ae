"""The rules for so many of what was listed or chosen: of each, in all, a surface of one.

They are tried among those of `lists`, so each asks for words that mean nothing else. Words are in `locales/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import LONGER, SHORT, only_pointing, sized
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.understanding.spans import Quantity

OF_EACH = "so many of each of the list"
SO_MANY = "so many of what was looked at"  # without one that was looked at, of each entry of the list
IN_ALL = "what all that was wanted comes to"
SUMS = (OF_EACH, SO_MANY, IN_ALL)
PRICED = ("sort.price_asc", "sort.price_desc", "rel.cheaper", "rel.dearer")
_FEW = 4  # characters: a figure, its unit and a particle
REFINING = (
    "features", "color", "size", "attributes", "price_min", "price_max", "capacity", "brands", "exclude_brands", "formaldehyde",
    "stars", "min_stars", "schemes", "scenes", "rooms", "wishes",
)  # fmt: skip


def _counted(e: Evidence) -> bool:
    return any(
        q.dimension == "count" and q.value is not None and q.value > 1 and _of_things(q) for q in e.reading.quantities
    )


def _of_things(quantity: Quantity) -> bool:
    """Tell whether a count is one of goods, not of people, storeys or walls."""
    return (quantity.unit or "") in {*signs("goods_unit"), *signs("thing_unit")}


def _of_goods(e: Evidence) -> bool:
    """Tell whether a count has the unit of goods: 五十袋, but not 五十个, which may be entries of the list."""
    return any(q.dimension == "count" and (q.unit or "") in signs("goods_unit") for q in e.reading.quantities)


def _of_what_is_shown(e: Evidence) -> bool:
    """Tell whether nothing else is named than amounts of what was listed."""
    return (
        bool(e.session.topic.listed)
        and not e.goods
        and not e.slot(*REFINING)
        and not (e.reading.residue and not e.cue("op.each"))  # 第一个和第二个各来十张
        and not e.reading.slots.foreign
        and not e.reading.slots.symptoms
        and not sized(e)
    )


def _so_many(e: Evidence) -> bool:
    one_of_two = e.session.intent == "compare" and len(e.skus) == 1 and e.cue(*PRICED)
    after = e.session.intent in ("recommend", "detail", "verify", "service", "clarify", "faq") or one_of_two
    if not (_counted(e) and _of_what_is_shown(e) and after):
        return False
    if e.cue("want.limit") and any(sign in e.reading.text for sign in signs("chosen_for_me")):
        return False  # 推荐三款 buys no three
    if one_of_two or (len(e.reading.text) <= _FEW and (only_pointing(e) or e.cue("ask.want")) and not e.pointed):
        return True
    if (
        e.cue("ask.price", "ask.total")
        and not (e.pointed or e.cue("ask.coverage"))
        and len(e.reading.text) <= (LONGER if _of_goods(e) or e.cue("ask.total") else SHORT)
    ):
        return True  # 三个多少钱 is of so many pieces
    wanted = e.cue("ask.want", "op.switch", "ask.total", "ask.count", "ask.price")
    how_many = e.cue("ask.howmany") and not e.cue("ask.price")  # 五扇要多少钱 asks for money
    return _of_goods(e) and len(e.reading.text) <= SHORT and wanted and not how_many and not e.cue("ask.coverage")


COUNT_RULES: tuple[Rule, ...] = (
    (
        OF_EACH,
        "detail",
        lambda e: (
            e.cue("op.each")
            and any(q.dimension == "count" and q.value is not None for q in e.reading.quantities)
            and _of_what_is_shown(e)
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        IN_ALL,
        "detail",
        lambda e: (
            e.cue("ask.total")
            and e.session.intent not in ("calculate", "plan", "savings")
            and _of_what_is_shown(e)
            and (e.pointed or not _counted(e))
            and len(e.reading.text) <= LONGER
        ),
    ),
    (SO_MANY, "detail", _so_many),
    (
        "an area of one that was pointed at",
        "calculate",
        lambda e: (
            e.area
            and len(e.skus) == 1
            and e.pointed
            and not e.goods
            and not e.picky
            and not e.cue("ask.price", "ask.cert", "ask.service", "ask.compare")
        ),
    ),
)
