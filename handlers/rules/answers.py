"""The rules for what goes on about an answer that was no list: a plan, a sum, makers, shops or events, or nothing found.

They are tried right after those of `lists`, so each asks for the kind of the last answer. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.evidence import QUALITIES, Evidence, Rule
from handlers.rules.shapes import LONGER, SHORT, SORTS, only_cues, only_pointing
from handlers.understanding.word_tables import signs

WHY_PLANNED = "why these are in the plan"
WHICH_SWAPPED = "another brand somewhere in the plan"
PLAN_OF_QUALITY = "the plan with goods of such a quality"
RESUMED = "the plan made before without one thing"
WHEN = "when what goes on begins"
MORE_OTHERS = ("more of the makers listed", "more of the events listed", "more of the shops listed")
_OF_THE_PLAN = ("stars", "min_stars", "schemes", "brands", "exclude_brands")
SUM_BESIDE = "the sum for a kind beside it"
OF_THE_BRAND = "whether the brand that was spoken of is certified"
LACKING = "brands_lacking"  # session.data: brands asked for that the last list does without, for lack of such goods
GIVEN_UP = "given_up"  # session.data: what was asked for besides and the last list does without, as JSON
OTHER_KIND = "another kind, and none named"
WHOSE_BRAND = "the brand of one of the list, not said which"
LIST_AGAIN = "the list just shown, to be seen again"
FOR_SOMEBODY = "whom it is for"
SUM = "calculation"  # what the session keeps a sum under
_LISTS = ("recommend", "detail", "compare", "ranking")


def _of_plan(e: Evidence) -> bool:
    """Tell whether the last answer was a plan and nothing of it is named."""
    return e.session.intent == "plan" and not e.goods and not e.skus and not e.reading.slots.foreign


def _looking(e: Evidence) -> bool:
    """Tell whether a kind is being looked for and no other is named."""
    return bool(e.session.topic.constraints.categories) and not e.goods and not e.reading.slots.foreign


def _more(e: Evidence, intent: str) -> bool:
    """Tell whether the rest of the makers, events or shops just listed is asked for: 还有吗, 别的呢."""
    listed = e.session.intent == intent and bool(e.session.data.get("others_listed"))
    return listed and e.cue("ask.more") and not (e.goods or e.skus or e.qualities) and len(e.reading.text) <= SHORT


ANSWER_RULES: tuple[Rule, ...] = (
    (WHY_PLANNED, "plan", lambda e: e.cue("ask.why_so") and e.session.intent == "plan" and not e.goods),
    ("why the sum is so", "calculate", lambda e: e.cue("ask.why_so") and e.session.intent == "calculate"),
    (
        "why nothing was found",
        "recommend",
        lambda e: e.cue("ask.why_so") and e.session.intent == "not_found" and _looking(e),
    ),
    (
        "why these were shown",
        "why",
        lambda e: e.cue("ask.why_so") and e.session.intent in _LISTS and bool(e.session.topic.listed),
    ),
    (
        "is it certified, of the last one",
        "verify",
        lambda e: e.cue("ask.why_so") and e.session.intent == "verify" and bool(e.session.topic.focus),
    ),
    (
        "whether what is being looked for suits a place",
        "recommend",
        lambda e: (
            e.cue("ask.suits")
            and e.slot("scenes", "rooms")
            and e.session.intent in ("recommend", "not_found")
            and _looking(e)
            and not (e.goods or e.skus)
            and len(e.reading.text) <= SHORT + 2
        ),
    ),
    (
        WHICH_SWAPPED,
        "plan",
        lambda e: (
            e.cue("op.others", "rel.dearer", "rel.bigger", "rel.smaller", "rel.step")
            and _of_plan(e)
            and not e.qualities
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "something of the plan of another quality",
        "plan",
        lambda e: (
            e.session.intent == "plan"
            and e.slot("categories")
            and (e.slot(*QUALITIES) or e.cue(*SORTS))
            and e.cue("op.wish", "ask.want", "op.only")
            and not e.cue("ask.have", "ask.which", "ask.cert", "ask.price", "ask.guide", "ask.where", "ask.howmany")
            and not e.skus
            and e.reading.slots.because.get("features") != e.reading.slots.because.get("categories", "")  # 先看防水
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        PLAN_OF_QUALITY,
        "plan",
        lambda e: (
            e.slot(*_OF_THE_PLAN)
            and _of_plan(e)
            and not e.cue("ask.stores", "ask.where", "ask.enterprise", "ask.compare", "ask.meaning", "ask.know")
            and not e.cue("ask.count", "ask.is_cert", "ask.which", "q.howmany", "q.howmuch")
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        "the certified plan once more",
        "plan",
        lambda e: (
            e.cue("cond.certified", "ask.cert", "ask.recommend", "op.choose_for_me")
            and _of_plan(e)
            and not e.pointed
            and not e.cue("ask.howcheck", "ask.certinfo", "ask.meaning")
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "whether a budget suffices for what was worked out",
        "calculate",
        lambda e: e.slot("budget") and e.session.intent == "calculate" and _looking(e) and not e.skus,
    ),
    (
        "a step in price where nothing was found",
        "recommend",
        lambda e: (
            e.cue("rel.cheaper", "rel.dearer")
            and e.session.intent == "not_found"
            and _looking(e)
            and not e.wanting
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "the makers of another kind",
        "enterprise",
        lambda e: e.cue("ask.maker_of") and e.session.intent == "enterprise" and e.goods and not e.qualities,
    ),
    (
        "which of what goes on is about a kind",
        "event",
        lambda e: e.cue("ask.about_kind") and e.session.intent == "event" and e.goods and not e.qualities,
    ),
    (
        "which is better where nothing was found",
        "recommend",
        lambda e: (
            e.cue("ask.better", "ask.compare")
            and e.session.intent == "not_found"
            and _looking(e)
            and not (e.wanting or e.pointed or e.session.topic.listed)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "when the shops are open",
        "stores",
        lambda e: e.cue("ask.open") and e.session.intent == "stores" and not e.wanting,
    ),
    (
        WHEN,
        "event",
        lambda e: e.cue("ask.when") and e.session.intent == "event" and not e.wanting,
    ),
    (
        "shops that sell a kind",
        "stores",
        lambda e: e.cue("ask.sells") and e.session.intent == "stores" and e.goods and not e.qualities,
    ),
    (
        "whether a kind takes part in what goes on",
        "event",
        lambda e: e.cue("ask.takes_part") and e.session.intent == "event" and e.goods and not e.qualities,
    ),
    (
        "the saving with another kind",
        "savings",
        lambda e: (
            e.cue("op.switch") and e.session.intent == "savings" and e.goods and not e.qualities and only_pointing(e)
        ),
    ),
    (
        "what a service costs",
        "service",
        lambda e: (
            e.cue("ask.service")
            and any(name.startswith("service.") for name in e.reading.cues.names)
            and bool(e.session.topic.listed)
            and not e.skus
            and any(sign in e.reading.text for sign in signs("fee"))
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        "what it comes to with what is lost, of the sum before",
        "calculate",
        lambda e: (
            e.cue("calc.loss")
            and e.cue("ask.price", "ask.total")
            and e.session.intent in ("recommend", "detail")
            and bool(e.session.data.get(SUM))
            and not e.goods
        ),
    ),
    (
        "the prices of what was spoken of",
        "recommend",
        lambda e: (  # 一平多少 after windows is no question about the unit
            e.cue("ask.price")
            and e.session.intent in ("recommend", "not_found", "guide")
            and bool(e.session.topic.constraints.categories)
            and only_cues(e)
            and {name for name in e.reading.cues.names if name.startswith("ask.")} == {"ask.price"}
        ),
    ),
    (
        "what goes with a kind",
        "goes_with",
        lambda e: (
            e.cue("ask.goes_with")
            and (e.slot("categories") or _looking(e))
            and e.session.intent != "plan"
            and not e.cue("op.scene", "plan.scene", "ask.color")
            and not e.reading.slots.foreign
            and not e.slot("color", "scenes")
        ),
    ),
    (
        WHOSE_BRAND,
        "clarify",
        lambda e: (
            ((e.cue("op.same_brand") and e.goods) or (e.cue("ask.its_brands") and not e.goods))
            and len(e.session.topic.listed) > 1
            and not (e.session.topic.focus or e.session.topic.constraints.brands or e.pointed or e.slot("brands"))
        ),
    ),
    (
        OTHER_KIND,
        "clarify",
        lambda e: e.cue("op.other_kind") and e.session.intent != "plan" and not e.wanting,
    ),
    (
        LIST_AGAIN,
        "recommend",
        lambda e: (
            e.cue("ref.these")
            and e.cue("ask.look", "ask.recommend", "op.repeat")
            and bool(e.session.topic.listed)
            and not e.qualities
            and not e.cue("ask.cert", "ask.price", "ask.compare", "ask.where", "ask.service", "ask.stores")
        ),
    ),
    (
        OF_THE_BRAND,
        "verify",
        lambda e: (
            e.cue("ask.brand_cert")
            and not (e.goods or e.slot("brands", "enterprises"))
            and bool(e.session.topic.constraints.brands or e.session.topic.focus or e.session.data.get(LACKING))
        ),
    ),
    (
        "what will do as well",
        "recommend",
        lambda e: e.cue("op.also") and _looking(e) and e.qualities and not e.skus and not e.cue("q.yesno", "ask.know"),
    ),
    (
        SUM_BESIDE,
        "calculate",
        lambda e: (
            e.session.intent == "calculate"
            and e.cue("op.switch")
            and len(e.reading.text) <= SHORT
            and not e.goods
            and len(e.composed) == 1
        ),
    ),
    (
        FOR_SOMEBODY,
        "recommend",
        lambda e: e.cue("want.whose") and _looking(e) and not e.wanting,
    ),
    (FOR_SOMEBODY, "clarify", lambda e: e.cue("want.whose") and not (e.wanting or e.session.topic.listed)),
    (MORE_OTHERS[0], "enterprise", lambda e: _more(e, "enterprise")),
    (MORE_OTHERS[1], "event", lambda e: _more(e, "event")),
    (MORE_OTHERS[2], "stores", lambda e: _more(e, "stores")),
)
