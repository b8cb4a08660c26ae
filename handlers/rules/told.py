"""The rules for what is told without asking for anything: qualities, the own home, that one of a list is enough. Tried last."""

from __future__ import annotations

from handlers.context.begun import measures
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import LONGER, SHORT, sized
from handlers.understanding.word_tables import signs

BEGUN = "a room or its measures, and nothing to do there yet"
HOME = "a home that is told of"
WHICH_ONE = "one of the list alone"
SOMEWHAT = "somewhat like a stored question"


def _of_the_home(e: Evidence) -> bool:
    """Tell whether the own home's size or the money there is was told: 我家120平, 预算两万."""
    return e.slot("budget") or (sized(e) and any(sign in e.reading.text for sign in signs("own_home")))


def _measures_alone(e: Evidence) -> bool:
    """Tell whether a room or its measures were named and nothing to do there: 客厅, 三间房, 层高三米, 每间15平."""
    named = e.goods or e.picky_but_size or e.skus or e.reading.slots.symptoms or e.reading.slots.foreign
    if named or e.session.topic.constraints.categories or _of_the_home(e):
        return False
    room = e.reading.text in signs("room")
    rest = [word for word in e.reading.residue if word not in signs("each_room") and not room]
    bare = e.reading.cues.names <= {"calc.height"} and len(e.reading.text) <= LONGER
    return not rest and bare and (measures(e.reading.quantities) or e.slot("scenes") or room)


def _a_length(e: Evidence) -> bool:
    """Tell whether nothing but a length is told while something is being looked for: 量了是三十五公分."""
    said = e.reading.quantities
    return (
        len(said) == 1
        and said[0].dimension == "length"
        and bool(e.session.topic.constraints.categories and e.session.topic.listed)
        and not (e.goods or e.skus or e.reading.slots.foreign or e.reading.residue or e.reading.cues.names)
        and len(e.reading.text) <= LONGER
    )


def _to_know_of_it(e: Evidence) -> bool:
    """Tell whether something is to be known that names nothing while a kind is being looked for: 冬天上冻咋办 after water heaters."""
    slots = e.reading.slots
    named = e.wanting or e.skus or e.pointed or slots.foreign or slots.absent or slots.unknown
    asked = e.cue("ask.remedy", "ask.fact", "ask.bears", "ask.may")
    running = bool(e.session.topic.constraints.categories)
    return asked and running and not (named or e.reading.residue or e.reading.places) and len(e.reading.text) <= LONGER


TOLD_RULES: tuple[Rule, ...] = (
    (
        "qualities alone",
        "recommend",
        lambda e: (
            not e.cue("calc.height")
            and (
                e.slot("features", "price_min", "price_max", "color", "formaldehyde", "size", "attributes", "capacity")
                or e.slot("exclude_categories", "exclude_brands", "exclude_features", "exclude_color")
                or (e.slot("grade", "water_grade_max", "energy_grade_max") and len(e.reading.text) <= SHORT)
                or (
                    e.slot("scenes")
                    and e.cue("ask.want", "ask.have", "ask.which", "ask.remedy", "ask.price", "ask.with_what")
                )
            )
        ),
    ),
    (
        WHICH_ONE,
        "clarify",
        lambda e: e.cue("ref.alone") and not (e.skus or e.wanting) and len(e.session.topic.listed) > 1,
    ),
    ("goods of one's own place, of no kind", "clarify", lambda e: e.cue("place.own_place") and not e.wanting),
    (BEGUN, "clarify", lambda e: e.session.intent != "calculate" and _measures_alone(e)),
    (
        HOME,
        "clarify",
        lambda e: (
            not (e.wanting or e.reading.slots.foreign or e.session.topic.constraints.categories) and _of_the_home(e)
        ),
    ),
    (
        "a house to be built",
        "plan",
        lambda e: e.cue("ask.want") and not (e.goods or e.skus) and any(s in e.reading.text for s in signs("to_build")),
    ),
    ("a length of what is being looked for", "recommend", _a_length),
    ("something to know of what is being looked for", "unwritten", _to_know_of_it),
    (
        SOMEWHAT,
        "faq",
        lambda e: (
            e.cue("q.yesno", "ask.how", "ask.know", "ask.may", "ask.fact", "ask.remedy", "ask.cause", "ask.harm")
            and not (e.wanting or e.pointed or e.reading.slots.unknown)
            and e.somewhat_stored
        ),
    ),
)
