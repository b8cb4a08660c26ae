"""The rules for what is said of a list or of what was chosen from it: so many of each, what it comes to, whose is most.

They are tried before all others, so each asks for words that mean nothing else. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.evidence import LONGER, SHORT, Evidence, Rule, only_pointing, sized
from handlers.understanding.word_tables import signs

OF_EACH = "so many of each of the list"
SO_MANY = "so many of what was looked at"  # without one that was looked at, of each entry of the list
IN_ALL = "what all that was wanted comes to"
SUMS = (OF_EACH, SO_MANY, IN_ALL)
_FEW = 4  # characters: a figure, its unit and a particle
_REFINING = (
    "features", "color", "size", "attributes", "price_min", "price_max", "capacity", "brands", "exclude_brands", "formaldehyde",
    "stars", "min_stars", "schemes", "scenes", "rooms", "wishes",
)  # fmt: skip


def _counted(e: Evidence) -> bool:
    return any(q.dimension == "count" and q.value is not None and q.value > 1 for q in e.reading.quantities)


def _of_goods(e: Evidence) -> bool:
    """Tell whether a count has the unit of goods: 五十袋, but not 五十个, which may be entries of the list."""
    return any(q.dimension == "count" and (q.unit or "") in signs("goods_unit") for q in e.reading.quantities)


def _of_what_is_shown(e: Evidence) -> bool:
    """Tell whether nothing else is named than amounts of what was listed."""
    return (
        bool(e.session.topic.listed)
        and not e.goods
        and not e.slot(*_REFINING)
        and not e.reading.residue
        and not e.reading.slots.foreign
        and not e.reading.slots.symptoms
        and not sized(e)
    )


def _so_many(e: Evidence) -> bool:
    if not (_counted(e) and _of_what_is_shown(e)) or e.session.intent not in ("recommend", "detail", "verify"):
        return False
    if len(e.reading.text) <= _FEW and (only_pointing(e) or (e.cue("ask.want") and len(e.session.topic.focus) == 1)):
        return True
    wanted = e.cue("ask.want", "op.switch", "ask.total", "ask.count", "ask.price")
    return _of_goods(e) and len(e.reading.text) <= SHORT and wanted and not e.cue("ask.howmany", "ask.coverage")


LIST_RULES: tuple[Rule, ...] = (
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
            and not _counted(e)
            and not e.skus
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
