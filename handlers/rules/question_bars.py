"""How like a stored question has to be for it to be the answer, by what else was said."""

from __future__ import annotations

from handlers.rules.evidence import Evidence
from handlers.rules.shapes import RELATIVE, SORTS, bare_kind, noun_phrase, sized
from handlers.stored_questions.matching import ASKED, FAIR, LIKE, NEAR, SURE
from handlers.understanding.binding import works

VERY_LIKE = 0.85  # of a stored question that is asked nearly in its own words, whatever else is wished
WORD_BY_WORD = 0.8  # of a stored question asked in nearly its own words
SERVED = 0.72  # of a stored question where a service answers as well
_WISHES = (
    "ask.buyable",
    "chat.capability",
    "chat.who",
    "ask.price",
    "ask.event",
    "ask.ranking",
    "ask.guide",
    "ask.savings",
    *SORTS,
    *RELATIVE,
)
_ELSEWHERE = ("ask.where", "ask.stores", "ask.enterprise", "place.reach")
_WANTING = (
    "ask.have",
    "ask.want",
    "ask.which",
    "ask.cert",
    "ask.recommend",
    "ask.remedy",
    "ask.better",
    "ask.plan",
    "ask.service",
)
_CERTIFIED = ("certified", "schemes", "stars", "min_stars", "batch")
_LIMITS = ("price_min", "price_max", "brands", "exclude_brands", "series", "size", "color", "budget")
_DESCRIBED = ("features", "attributes", "capacity", "materials", "formaldehyde", "grade", "scenes", "rooms")


def to_know(e: Evidence) -> bool:
    """Tell whether something is to be known about a thing, not the thing to be had, and a stored question is like it."""
    wishes = e.cue(*_WISHES) or e.slot(*_LIMITS) or e.skus or (e.pointed and e.session.topic.listed) or sized(e)
    lapsed = e.cue("term.lapsed") and e.faq < NEAR  # what a lapsed certificate is worth we know ourselves
    if wishes or lapsed or bare_kind(e) or e.faq < _bar(e):
        return False
    return e.faq >= SURE or e.guided < FAIR or e.guided <= e.faq  # 水管用几分的 is the title of a guide


def _bar(e: Evidence) -> float:
    """Return how like a stored question has to be: where another answer is at hand it has to be more like it.

    What is troubled at home gets what helps against it, first of all.
    """
    if e.cue("ask.service"):
        return SERVED
    if e.cue(*_ELSEWHERE) or ((e.reading.slots.symptoms or e.reading.slots.foreign) and not e.goods):
        return SURE  # 化肥咋下单 is asked of no goods of ours
    if e.slot("stars", "min_stars", "schemes", "certified") and e.goods:
        return NEAR
    return LIKE if e.goods else ASKED


def unwritten(e: Evidence) -> bool:
    """Tell whether something is to be known about a kind that no stored question is like, and no goods are wanted: 砖上贴砖行不."""
    about = e.slot("categories", "wider") or (
        e.cue("ask.may") and works() & set(e.reading.slots.symptoms)
    )  # 下雨天能做防水吗
    if not (e.cue("ask.how", "ask.know") and about):
        return False
    because = e.reading.slots.because
    itself = because.get("features", "") == because.get("categories")  # 防水刷几遍 names one thing
    wanting = e.cue(*_WANTING) and not e.cue("ask.harm")  # 有没有毒 wants none
    itself |= e.cue("ask.bears") and e.slot("wishes") and not e.slot(*_DESCRIBED)  # 岩板结实不
    wishes = wanting or e.cue(*_WISHES, *_ELSEWHERE) or e.slot(*_LIMITS, *_CERTIFIED) or (e.picky and not itself)
    troubled = (bool(e.reading.slots.symptoms) or e.asks_work) and not e.cue("ask.may", "ask.fact", "ask.bears")
    only_a_kind = bare_kind(e) and not e.cue("ask.may", "ask.harm")
    return not (
        wishes
        or troubled
        or e.skus
        or e.pointed
        or (e.area and not e.cue("ask.bears"))
        or only_a_kind
        or noun_phrase(e)
    )
