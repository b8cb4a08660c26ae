"""The rules for what is said of a list or of what was chosen from it: whose is most, for less, other colours, the one it is.

They are tried before all others, so each asks for words that mean nothing else. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.counts import COUNT_RULES, PRICED, REFINING
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import (
    LONGER,
    RELATIVE,
    SHORT,
    SORTS,
    bare_number,
    only_amounts,
    only_cues,
    sized,
)
from handlers.stored_questions.matching import SURE
from handlers.understanding.word_tables import signs

CLOSED = "nothing more of it is wanted"
FOR_PEOPLE = "how large for so many people"
TAKES_IT = "that one it is"
PROPERTY_OF_LISTED = "the formaldehyde of what was listed"
BARGAIN = "whether it can be had for less"
WHOSE_IS_MOST = "which brand has most of it"
FOR_LESS = "the whole plan for less"
PICK_OF_PLAN = "what was asked of a thing in the plan"
OF_THE_LABEL = "which have the label that the last answer told of"
LABEL = "label"  # where a stored answer leaves the schemes that it was about
OTHER_COLORS = "what other colours there are of it"
OTHER_SIZES = "what sizes there are of it"
CERTIFIED_OF_KIND = "which of a kind spoken of are certified"
NONE_LISTED = "a kind spoken of, of which none is listed yet"
ONE_OF_THEM = "one of what is being looked for, to be chosen for them"
SOME_OF_BEST = "so many of the cheapest"
OTHER_BUDGET = "another budget for the plan"
PLAIN = "the plain ones after all"
_OTHERS_LISTED = ("enterprise", "event", "stores", "pavilion")  # answers that list what are no goods
_LEAST_LOT = 200  # kg; less is what a bag holds
_AT_LENGTH = 4  # characters: more than a bare yes


def _looking(e: Evidence) -> bool:
    """Tell whether a kind is being looked for and none is named."""
    return bool(e.session.topic.constraints.categories) and not e.goods and not e.reading.slots.foreign


def _none_listed(e: Evidence) -> bool:
    """Tell whether a kind was only spoken of, as in a calculation, and this short question asks for goods of it."""
    topic = e.session.topic
    return _looking(e) and not (topic.listed or topic.focus or e.wanting or e.skus) and len(e.reading.text) <= SHORT


def _one_at_hand(e: Evidence) -> bool:
    """Tell whether it is one product that was spoken of last, or that is pointed at."""
    return len(e.skus) == 1 or (
        len(e.session.topic.focus) == 1 and e.session.intent in ("detail", "verify", "calculate")
    )


def _aspect(e: Evidence) -> bool:
    return any(name.startswith("aspect.") for name in e.reading.cues.names)


def _refuses_all_of_it(e: Evidence) -> bool:
    """Tell whether all that is being looked for is refused and nothing else wanted: 算了不看马桶了."""
    refused = e.reading.slots.values.get("exclude_categories", ())
    looked_for = e.session.topic.constraints.categories
    return bool(refused) and bool(looked_for) and set(looked_for) <= set(refused) and not e.cue("ask.have", "ask.want")


def _things(e: Evidence) -> bool:
    """Tell whether some entries are asked for by their number: 三个, 来两款, but no 三桶."""
    counts = [q for q in e.reading.quantities if q.dimension == "count"]
    return e.slot("limit") or any((q.unit or "") in signs("thing_unit") and q.value != 1 for q in counts)


LIST_RULES: tuple[Rule, ...] = (
    (
        "nothing but a yes, at length",
        "smalltalk",
        lambda e: e.cue("chat.all_ok") and len(e.reading.text) >= _AT_LENGTH and not e.wanting,
    ),
    (
        "none of that brand",
        "recommend",
        lambda e: (
            e.cue("op.except_it")
            and bool(e.session.topic.listed or e.session.topic.focus)
            and not e.goods
            and not e.slot("brands")
        ),
    ),
    (
        SOME_OF_BEST,
        "recommend",
        lambda e: (
            e.cue(*PRICED)
            and _things(e)
            and _looking(e)
            and (not e.pointed or e.cue("ref.both"))
            and not e.cue("ref.cheapest", "ref.dearest")
            and not (e.skus and e.session.intent == "compare")  # 便宜的要四个 is the cheaper of the two
            and not e.cue("op.each", "ask.total", "ask.howmany", "ask.cert", "ask.compare", "ask.bargain")
            and len(e.reading.text) <= LONGER
        ),
    ),
    *COUNT_RULES,
    (
        CLOSED,
        "smalltalk",
        lambda e: (
            (e.cue("chat.close") or _refuses_all_of_it(e))
            and not e.goods
            and not e.skus
            and not e.slot(*REFINING)
            and not e.reading.slots.symptoms
        ),
    ),
    (
        "a budget for what is being looked for",
        "recommend",
        lambda e: (
            e.slot("budget")
            and _looking(e)
            and e.session.intent not in ("plan", "calculate")
            and not e.cue("ask.plan", "op.scene", "calc.enough")
        ),
    ),
    (
        "what is being looked for, made there",
        "recommend",
        lambda e: (
            e.cue("place.made_in", "place.origin", "place.own_place", "place.own_province")
            and (bool(e.session.place) or e.cue("place.made_in", "place.origin"))
            and _looking(e)
            and not (e.skus or e.cue("ask.enterprise", "ask.where", "ask.stores", "ask.service", "ask.place"))
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        "what to use, of what was spoken of",
        "recommend",
        lambda e: (
            e.cue("ask.with_what")
            and _looking(e)
            and not e.asks_work
            and not e.slot("scenes", "rooms")
            and not e.reading.residue
        ),
    ),
    (
        BARGAIN,
        "detail",
        lambda e: (
            e.cue("ask.bargain")
            and bool(e.session.topic.listed or e.skus)
            and not e.goods
            and (
                e.cue("ask.wholesale", "ask.if_less")
                or any(q.dimension == "count" for q in e.reading.quantities)
                or _one_at_hand(e)
            )
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        WHOSE_IS_MOST,
        "recommend",
        lambda e: e.cue("ask.most_of") and _looking(e) and not e.slot("brands") and len(e.reading.text) <= SHORT,
    ),
    (
        OTHER_BUDGET,
        "plan",
        lambda e: e.session.intent == "plan" and not e.goods and not e.pointed and bare_number(e),
    ),
    (
        PICK_OF_PLAN,
        "detail",
        lambda e: (
            e.session.intent == "plan"
            and e.slot("categories")
            and not e.skus
            and not e.qualities
            and not sized(e)
            and (e.cue("ask.brands", "ask.cert", "ask.price", "ask.link", "ask.enterprise") or _aspect(e))
            and not e.cue("op.swap", "op.replace", "ask.have", "ask.guide", *RELATIVE, *SORTS)
        ),
    ),
    (
        FOR_LESS,
        "plan",
        lambda e: (
            e.session.intent == "plan"
            and e.cue("rel.cheaper", "sort.price_asc")
            and not e.wanting
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        OF_THE_LABEL,
        "recommend",
        lambda e: (
            e.session.intent == "faq"
            and bool(e.session.data.get(LABEL))
            and e.cue("ask.which", "ask.have")
            and not e.cue("ask.event", "ask.bargain", "ask.brands", "ask.where", "ask.stores", *RELATIVE)
            and only_cues(e)
        ),
    ),
    (
        OTHER_COLORS,
        "recommend",
        lambda e: (
            e.cue("ask.other_colors")
            and not e.cue("op.drop_what", "ask.one_certificate")
            and _looking(e)
            and not e.slot(*REFINING)
            and len(e.reading.text) <= LONGER
        ),
    ),
    (
        OTHER_SIZES,
        "recommend",
        lambda e: (
            e.cue("ask.other_sizes")
            and (_looking(e) or e.slot("categories"))
            and not (e.pointed or e.session.topic.focus or e.slot("brands", "series"))
        ),
    ),
    (
        FOR_PEOPLE,
        "recommend",
        lambda e: (
            any(q.dimension == "count" and (q.unit or "") in signs("people") for q in e.reading.quantities)
            and (
                e.cue("ask.size_for", "aspect.size", "aspect.capacity")
                or (e.cue("op.switch", "calc.enough") and _looking(e) and len(e.reading.text) <= SHORT)  # 四口人呢
                or (_looking(e) and only_amounts(e))  # 我家五口人
            )
            and (e.slot("categories") or _looking(e))
            and not e.area
            and not e.skus
            and e.faq < SURE
        ),
    ),
    (
        TAKES_IT,
        "detail",
        lambda e: e.cue("op.take_it") and bool(e.session.topic.listed) and not e.goods and not e.qualities,
    ),
    (
        PROPERTY_OF_LISTED,
        "detail",
        lambda e: (
            e.cue("aspect.formaldehyde")
            and bool(e.session.topic.listed)
            and not (e.goods or e.slot("formaldehyde") or e.cue("best.formaldehyde"))  # 环保等级最高的 are asked for
        ),
    ),
    (
        "the least formaldehyde of what is being looked for",
        "recommend",
        lambda e: (
            e.cue("best.formaldehyde")
            and e.cue("aspect.formaldehyde")
            and bool(e.session.topic.constraints.categories)
            and not (e.goods or e.skus)
        ),
    ),
    (
        CERTIFIED_OF_KIND,
        "recommend",
        lambda e: e.cue("ask.cert") and _none_listed(e) and not e.cue("ask.allcerts", "ask.certinfo"),
    ),
    (
        NONE_LISTED,
        "recommend",
        lambda e: (
            e.cue("ask.compare", "op.others", "ref.ordinal", "ask.more")
            and (_none_listed(e) and not e.cue("op.other_kind"))
            and not (e.cue("ref.ordinal", "ask.more") and e.session.intent in _OTHERS_LISTED)
            and not (e.cue("ask.more") and e.session.intent == "not_found")
        ),
    ),
    ("how good it is", "detail", lambda e: e.cue("ask.quality") and bool(e.session.topic.focus) and not e.goods),
    ("the plan once more", "plan", lambda e: e.cue("ask.more") and e.session.intent == "plan" and not e.goods),
    (ONE_OF_THEM, "recommend", lambda e: e.cue("op.choose_for_me") and _looking(e) and not e.wanting),
    (
        "so many of the list to look at",
        "recommend",
        lambda e: (
            e.slot("limit")
            and e.cue("ask.recommend", "ask.look")
            and _looking(e)
            and not e.cue("op.each", "ask.compare")
            and not e.slot(*REFINING)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "a weight of what is being looked for",
        "calculate",
        lambda e: (
            any(q.dimension == "mass" and q.value is not None and q.value >= _LEAST_LOT for q in e.reading.quantities)
            and _looking(e)
            and not e.slot("capacity", "attributes")
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "which shop has what is being looked for",
        "stores",
        lambda e: (
            e.cue("ask.stores")
            and e.cue("ask.where", "ask.which")
            and _looking(e)
            and not e.wanting
            and not e.cue("ask.enterprise", "ask.service")
            and len(e.reading.text) <= SHORT
        ),
    ),
)
