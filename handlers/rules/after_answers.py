"""The rules for what can only be said of the answer just given: what its service costs, what is on at its event, whose its certificate is.

They are tried right after those of `answers` and before those of `certificates`. Words are in `locales/`.
"""

from __future__ import annotations

from handlers.rules.answers import RESUMED
from handlers.rules.evidence import Evidence, Rule
from handlers.rules.shapes import LONGER, SHORT
from handlers.understanding.word_tables import signs

SERVICE_COSTS = "what the service just told of costs"
SERVICES_TOLD = "services_told"  # session.data: ids of the services of the last answer that listed some
CERTIFIED_BY_IT = "which product the certificate just checked is of"
OTHERS_THAN_THAT = "others than the one of the list that is refused"
LINKED = "its link or its place in the room"


def _names_nothing(e: Evidence) -> bool:
    """Tell whether no goods, qualities or strange things are named or pointed at."""
    return not (e.goods or e.skus or e.pointed or e.qualities or e.reading.slots.foreign or e.reading.slots.symptoms)


AFTER_ANSWER_RULES: tuple[Rule, ...] = (
    (
        "what the work of a service costs",
        "service",
        lambda e: (
            e.cue("service.installation")
            and any(sign in e.reading.text for sign in signs("wages"))  # 铺30平工钱多少 asks for no amount of goods
            and not e.cue("ask.savings", "ask.plan")
            and bool(e.goods or e.session.topic.constraints.categories or e.session.topic.focus)
        ),
    ),
    (
        SERVICE_COSTS,
        "service",
        lambda e: (
            e.session.intent == "service"
            and bool(e.session.data.get(SERVICES_TOLD))
            and (e.cue("ask.price") or any(sign in e.reading.text for sign in signs("fee")))
            and not any(name.startswith("service.") for name in e.reading.cues.names)  # 那送货多少钱 is another one
            and _names_nothing(e)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        "what the events listed are about",
        "event",
        lambda e: (
            e.cue("ask.about", "ask.sold")
            and e.session.intent == "event"
            and not e.wanting
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        OTHERS_THAN_THAT,
        "recommend",
        lambda e: e.cue("op.reject_entry") and bool(e.session.topic.listed) and not e.goods,
    ),
    (
        RESUMED,
        "plan",
        lambda e: (
            e.session.intent == "plan"
            and e.area
            and _names_nothing(e)
            and not e.cue("ask.howmany", "ask.price", "ask.total")
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        CERTIFIED_BY_IT,
        "detail",
        lambda e: (
            e.cue("ask.certificate_of")
            and e.session.intent == "verify"
            and bool(e.session.topic.focus)
            and _names_nothing(e)
        ),
    ),
    (
        "the way to the shops just told of",
        "stores",
        lambda e: e.cue("ask.way") and e.session.intent == "stores" and _names_nothing(e),
    ),
    (
        "who makes the last one",
        "enterprise",
        lambda e: (
            e.cue("ask.sited")
            and any(sign in e.reading.text for sign in signs("maker_at"))  # 它家在哪
            and bool(e.session.topic.focus)
            and not (e.goods or e.qualities)
            and len(e.reading.text) <= SHORT
        ),
    ),
    (
        LINKED,
        "detail",
        lambda e: (
            e.cue("ask.link", "ask.ar")
            and bool(e.session.topic.focus or e.session.topic.listed)
            and not e.goods
            and len(e.reading.text) <= LONGER
        ),
    ),
)
