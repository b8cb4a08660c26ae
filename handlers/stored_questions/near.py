"""Stored questions offered beside a list, when what was said reads like a question and not like a wish."""

from __future__ import annotations

from handlers.answer_parts.choices import shorten
from handlers.stored_questions.matching import ASKED, matcher_of
from handlers.turn import Action, Choice, Turn, say

_KNOWING = frozenset({"ask.how", "ask.know"})
_MOST = 2


def near_questions(turn: Turn) -> tuple[Choice, ...]:
    """Return buttons for the stored questions that come near: 地板边上为啥留缝 beside a list of floors."""
    if not turn.meaning.cues & _KNOWING or turn.meaning.rule == "a button":
        return ()
    matches = matcher_of(turn.catalogue).match(turn.meaning.normalised, turn.meaning.spans, ASKED)[:_MOST]
    return tuple(
        Choice(
            say("faq.choice", question=shorten(turn.catalogue.faqs[match.id].question, 20)), Action("faq", (match.id,))
        )
        for match in matches
    )
