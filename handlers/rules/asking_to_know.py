"""Whether a whole question is asked that a stored one may answer, not for goods within limits and not of the last answer."""

from __future__ import annotations

from handlers.control import CUES as CONTROL_CUES
from handlers.rules.evidence import Evidence
from handlers.rules.shapes import RELATIVE, SHORT, SORTS, existence, had, priced, sized
from handlers.stored_questions.matching import STRONG
from handlers.understanding.word_tables import signs

_SENTENCE = 4  # characters: no more than a word and a particle
_LIMITS = (
    "price_min", "price_max", "brands", "enterprises", "series", "exclude_brands", "water_grade_max", "energy_grade_max", "stars", "min_stars",
)  # fmt: skip
_WISHING = (  # what says that goods are wanted, or that it is about the last answer or a person
    "ask.plan", "ask.certinfo", "cond.certified", "human.want", "op.accept", "op.drop",
    "op.drop_what", "op.except", "op.must",
)  # fmt: skip


def _doubts(e: Evidence) -> bool:
    """Tell whether yes or no is asked: by 瓷砖能用吗, not by a 吧 after which more is said (瓷砖吧,800的)."""
    return e.cue("q.yesno") and any(
        cue.end >= len(e.reading.text) or e.reading.text[cue.start : cue.end] not in signs("suggesting")
        for cue in e.reading.cues.of("q.yesno")
    )


def asks_to_know(e: Evidence) -> bool:
    """Tell whether a whole question is asked, not for goods within limits, and not of the last answer."""
    return (
        (e.cue("ask.know", "ask.how", "ask.better", "ask.meaning") or _doubts(e))
        and len(e.reading.text) > _SENTENCE
        and not e.skus
        and not e.cue(*_WISHING, *SORTS, *RELATIVE, *CONTROL_CUES)
        and not (
            e.cue("ask.have", "ask.covers", "ask.still", "cert.number") and (e.session.topic.listed or e.faq < STRONG)
        )
        and not e.slot(*_LIMITS)
        and not (e.slot("schemes") and e.goods and had(e))  # 有碳中和的地板没
        and not (e.cue("ask.event") and e.goods)  # 门窗优惠活动有没有
        and not (existence(e) or priced(e))
        and not (e.reading.scope.out or e.reading.scope.old)
        and not e.reading.certificate_numbers
        and not (e.pointed and e.session.topic.listed)
        and not sized(e)
        and not e.reading.places
        and not (e.session.intent == "calculate" and e.reading.quantities and len(e.reading.text) <= SHORT)
    )
