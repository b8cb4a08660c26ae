"""One question over several messages: 我家 / 三十平 / 刷墙 / 要几桶. What was begun is kept until what comes next completes it.

Nothing waits: every message is answered. Two things are kept, for some minutes: messages that said nothing by themselves, and
measures that a list has no use for (三十平，乳胶漆 lists paint) until a sum is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from handlers.session import Session
from handlers.turn import Answer, Say
from handlers.understanding.normalise import normalise
from handlers.understanding.quantities import find_quantities
from handlers.understanding.spans import Quantity, is_room

BEGUN = "begun"  # session.data: {"texts": what was said, "at": when, "for": "" or "calculate", "kinds": codes}
_LASTS = timedelta(minutes=10)
_SHORT = 14  # characters; what is longer and not understood is no beginning of a sentence
_MOST = 4  # messages
_MEASURES = frozenset({"area", "length", "rooms", "coats", "floors"})

# Answers that say that nothing was asked yet, or that it was not understood.
_NOTHING_YET = frozenset(
    {
        "smalltalk.go_on", "out_of_scope.unclear", "out_of_scope.strange",
        "clarify.what", "clarify.home", "clarify.begun", "clarify.kind_with", "clarify.meant",
    }
)  # fmt: skip
_A_WORD = 5  # characters: 外墙, 我家卫生间 are no question yet, though a stored one speaks of it
_LIKE_IT = "faq.did_you_mean"
_GREETINGS = frozenset({"smalltalk.greet", "smalltalk.ok"})  # in between they end nothing
# What a message alone may mean when it may as well be the rest of a sentence, and what the whole then means.
_UNFINISHED = frozenset({"recommend", "calculate", "plan", "clarify", "not_found", "out_of_scope"})
_WHOLE = frozenset({"recommend", "calculate", "plan", "not_found", "savings", "stores"})


@dataclass(frozen=True, slots=True)
class Begun:
    """What was said before. `wants`: what alone completes it, "" for anything; `kinds`: what is looked for meanwhile."""

    texts: tuple[str, ...]
    at: datetime
    wants: str = ""
    kinds: tuple[str, ...] = ()


def begun(session: Session, now: datetime) -> Begun | None:
    """Return what was begun and still counts."""
    kept: dict[str, Any] | None = session.data.get(BEGUN)
    if not kept:
        return None
    found = Begun(tuple(kept["texts"]), datetime.fromisoformat(kept["at"]), kept["for"], tuple(kept["kinds"]))
    lasts = timedelta(0) <= now - found.at <= _LASTS
    return found if lasts and (not found.wants or found.kinds == session.topic.constraints.categories) else None


def may_complete(before: Begun, text: str, intent: str) -> bool:
    """Tell whether a message may be the rest of what was begun. `intent`: what it means alone."""
    if len(text) > _SHORT:
        return False
    return intent in ({before.wants, "clarify"} if before.wants else _UNFINISHED)


def completes(before: Begun, whole: Answer, alone: str) -> bool:
    """Tell whether the messages together were understood as one question. `alone`: what the last one means by itself."""
    if whole.also or (before.wants and whole.intent != before.wants):
        return False
    return whole.intent in _WHOLE and (whole.intent != "not_found" or alone in ("recommend", "not_found"))


def nothing_yet(answer: Answer, text: str) -> bool:
    """Tell whether an answer says that nothing was asked yet: 您接着说."""
    first = _first(answer)
    begins = first in _NOTHING_YET or (first == _LIKE_IT and len(text) <= _A_WORD)
    return begins and not answer.also and len(text) <= _SHORT


def note(session: Session, before: Begun | None, text: str, answer: Answer, now: datetime) -> None:
    """Keep what a message leaves unfinished, and drop what is answered."""
    texts = (*(before.texts if before else ()), text)[-_MOST:]
    if nothing_yet(answer, text):
        _keep(session, Begun(texts, now))
    elif answer.intent in ("recommend", "plan") and any(
        measures(find_quantities(normalise(one).text)) for one in texts
    ):
        _keep(session, Begun(texts, now, "calculate", session.topic.constraints.categories))
    elif not (before and (before.wants or _first(answer) in _GREETINGS)) or answer.intent == "calculate":
        session.data.pop(BEGUN, None)


def measures(quantities: Sequence[Quantity]) -> bool:
    """Tell whether amounts measure a room or a piece of work."""
    return any((q.dimension in _MEASURES and q.value != 1) or is_room(q) for q in quantities)  # 多少钱一平


def _keep(session: Session, one: Begun) -> None:
    session.data[BEGUN] = {
        "texts": list(one.texts), "at": one.at.isoformat(), "for": one.wants, "kinds": list(one.kinds),
    }  # fmt: skip


def _first(answer: Answer) -> str:
    first = answer.blocks[0] if answer.blocks else None
    return first.text.key if isinstance(first, Say) else ""
