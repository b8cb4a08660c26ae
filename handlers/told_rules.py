"""The rules for what is told without asking for anything: of the own home, or that one of a list is enough. Tried last."""

from __future__ import annotations

from handlers.evidence import Evidence, Rule, sized
from handlers.understanding.word_tables import signs

HOME = "a home that is told of"
WHICH_ONE = "one of the list alone"


def _of_the_home(e: Evidence) -> bool:
    """Tell whether the own home's size or the money there is was told: 我家120平, 预算两万."""
    own = any(sign in e.reading.text for sign in signs("own_home"))
    return e.slot("budget") or (own and sized(e))


TOLD_RULES: tuple[Rule, ...] = (
    (
        WHICH_ONE,
        "clarify",
        lambda e: e.cue("ref.alone") and not (e.skus or e.wanting) and len(e.session.topic.listed) > 1,
    ),
    ("goods of one's own place, of no kind", "clarify", lambda e: e.cue("place.own_place") and not e.wanting),
    (
        HOME,
        "clarify",
        lambda e: (
            not (e.wanting or e.reading.slots.foreign or e.session.topic.constraints.categories) and _of_the_home(e)
        ),
    ),
)
