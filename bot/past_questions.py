"""Note every question that a channel answers, masked, so that missed words can be taught."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_db.past_questions import KEPT_DAYS, PastQuestion, PastQuestions

if TYPE_CHECKING:
    from bot.channels.exchange import Responder
    from handlers.session import Session
    from handlers.turn import Answer, Question

logger = logging.getLogger(__name__)

_LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+", re.ASCII)
_ADDRESS = re.compile(r"[\w一-鿿]{0,12}\d+(?:号|组|单元|栋|室|弄)(?!漆|水泥|砖|线)")
_LONGEST = 120
_MISSES = frozenset({"out_of_scope", "clarify", "not_found"})


def masked(text: str) -> str:
    """Take out what may name a person: long numbers, mail and web addresses, house numbers; cut long texts."""
    return _ADDRESS.sub("＊", _LONG_NUMBER.sub("＊", text))[:_LONGEST]


class NotingAssistant:
    """An assistant that notes what it was asked. A note that cannot be kept never costs the answer."""

    def __init__(self, assistant: Responder, kept: PastQuestions) -> None:
        self._assistant = assistant
        self._kept = kept

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer as the assistant does, and note the question."""
        answer, following = self._assistant.respond(question, session)
        if question.text.strip() and question.action is None and session.action_for(question.text) is None:
            self._note(question, answer)
        return answer, following

    def _note(self, question: Question, answer: Answer) -> None:
        day = question.now.date()
        noted = PastQuestion(
            day=day,
            text=masked(question.text),
            intent=answer.intent,
            categories=answer.categories,
            unread=tuple(masked(word) for word in (*answer.unread, *answer.unknown)),
            missed=answer.intent in _MISSES,
        )
        try:
            self._kept.note([noted])
            if day.day % 7 == 1:  # once in a while is often enough
                self._kept.forget_before(day - timedelta(days=KEPT_DAYS))
        except Exception:
            logger.exception("a past question could not be kept")
