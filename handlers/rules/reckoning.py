"""The rules for how much is needed: sums of an area or a kind, and how a running sum or plan goes on.

They are tried before those of `knowledge`, and in this order. What costs most (`faq`) is asked for last in a rule. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.answers import SUM
from handlers.rules.evidence import NO_SUM, Evidence, Rule
from handlers.rules.shapes import bare_number, of_what_is_looked_for, only_amounts, only_cues, sized
from handlers.stored_questions.matching import LIKE, SURE
from handlers.understanding.openings import find_openings, may_tell
from handlers.understanding.word_tables import signs


def _in_bags(e: Evidence) -> bool:
    """Tell whether so many bags were said, whose price belongs to the sum: 30袋多少钱 after 一吨多少钱."""
    return any(q.dimension == "count" and q.unit in signs("bag_unit") for q in e.reading.quantities)


def _about_what_we_lack(e: Evidence) -> bool:
    """Tell whether a number is asked of no goods of the catalogue, so that there is nothing to reckon: 洗衣机用几平方的线."""
    return e.goods and not (e.area or e.skus or e.slot("categories", "wider"))


def _other_piece(e: Evidence) -> bool:
    """Tell whether a bare side of pieces is said in a sum that has some: 换600的呢 after 800的要几块."""
    pieces = (e.session.data.get(SUM) or {}).get("piece")
    return bool(pieces) and bare_number(e) and not (e.goods or e.skus or e.reading.slots.foreign)


def _openings_told(e: Evidence) -> bool:
    """Tell whether doors or windows are told of with their size: 窗户有四个,每个一米五见方."""
    text, quantities = e.reading.text, e.reading.quantities
    return may_tell(text, quantities) and bool(find_openings(text, quantities))


RECKONING_RULES: tuple[Rule, ...] = (
    (
        "how far a pack of it goes",
        "calculate",
        lambda e: (
            e.cue("aspect.coverage")
            and e.goods
            and any(q.dimension in ("volume", "mass", "count") for q in e.reading.quantities)
        ),
    ),
    (
        "how much in general, like a stored question",
        "faq",
        lambda e: (
            e.cue("ask.howmany", "ask.coverage")
            and e.cue("ask.know")
            and e.session.intent != "calculate"
            and not sized(e)
            and not e.skus
            and not e.cue("ask.price")
            and e.faq >= LIKE
        ),
    ),
    (
        "what a piece of work costs or how long it takes",  # no amount of goods: 门锁上门装要多少
        "service",
        lambda e: e.cue("service.asked") and not (e.area or e.cue("ask.savings", "ask.plan")),
    ),
    (
        "how much is needed",
        "calculate",
        lambda e: (
            e.cue("ask.howmany", "ask.coverage")
            and (e.area or not e.cue("want.some"))  # 俺要买几袋洋灰
            and not e.cue("ask.price", "aspect.power", "aspect.gauge")
            and (e.area or not (e.cue("ask.service") and e.cue("service.installation")))  # 装扇门要多少工钱
            and (e.area or not e.cue("aspect.capacity"))
            and not ((e.skus or not e.area) and e.cue("aspect.life", "aspect.warranty"))  # 它能用几年
            and (e.area or e.session.intent == "calculate" or e.session.asked or not e.cue("op.some"))  # 买几个灯泡
            and (e.area or e.goods or bool(e.skus) or e.session.intent == "calculate" or of_what_is_looked_for(e))
            and not (_about_what_we_lack(e) and e.faq >= SURE)
        ),
    ),
    (
        "the calculation goes on",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and (
                only_amounts(e)
                or (e.cue("calc.height") and bool(e.reading.quantities))  # 高州 is none
                or e.cue(
                    "calc.ceiling", "calc.no_ceiling", "calc.loss", "calc.openings", "calc.no_openings", "calc.add"
                )
                or _openings_told(e)
            )
            and not (e.cue("ask.price") and not _in_bags(e))
            and not e.cue("ask.service", "ask.other_colors")
            and not (e.goods and e.slot("certified", "schemes", "stars", "min_stars"))  # 还有乳胶漆有三星的没
        ),
    ),
    (
        "another size of a piece in the calculation",
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and (e.slot("size") or _other_piece(e))
            and (e.cue("ask.howmany") or not e.cue("ask.price"))
            and not e.cue("ask.which", "ask.have", "ask.want", "ask.cert", "ask.guide")
        ),
    ),
    (
        "what the calculation comes to",
        "calculate",
        lambda e: e.cue("ask.price") and e.session.intent == "calculate" and only_cues(e),
    ),
    (
        "what the plan comes to",
        "plan",
        lambda e: e.cue("ask.price", "ask.total") and e.session.intent == "plan" and only_cues(e),
    ),
    (
        "something of the plan for something else",
        "plan",
        lambda e: (
            e.session.intent == "plan"
            and not e.cue("ask.price", "ask.cert", "ask.have", "ask.which", "ask.guide", "ask.where", "ask.howmany")
            and (
                e.slot("exclude_categories")
                or (
                    e.cue("op.swap", "op.replace", "rel.cheaper", "rel.dearer", "op.others")
                    and (e.slot("categories") or bool(e.skus))
                )
            )
        ),
    ),
    (
        "the missing number of a calculation",
        "calculate",
        lambda e: (
            e.session.asked == "area"
            and any(q.dimension in ("area", "number", "length", "count") for q in e.reading.quantities)
        ),
    ),
    (
        "how strong it should be for a place, like a stored question",
        "faq",
        lambda e: e.area and e.cue("ask.size_for", "aspect.power") and not (e.skus or e.picky) and e.faq >= LIKE,
    ),
    (
        "how many pieces for an area",
        "calculate",
        lambda e: e.area and e.goods and e.cue("ask.howmany") and not e.cue("aspect.power"),
    ),
    (
        "a weight of a kind to be bought",
        "calculate",
        lambda e: (
            e.slot("lot_kg")
            and (e.slot("categories") or (not e.goods and e.session.intent == "calculate"))
            and not e.picky
            and not e.cue("ask.which", "ask.guide", "ask.plan", "ask.where", "ask.service", "ask.have", "ask.compare")
        ),
    ),
    (
        "an area of a kind or a piece of work",
        "calculate",
        lambda e: (
            e.area
            and (e.slot("categories", "wider") or bool(e.reading.slots.symptoms))
            and not e.picky
            and not e.cue(*NO_SUM, "rel.step")  # 马桶要小一点的,卫生间就两平方
        ),
    ),
)
