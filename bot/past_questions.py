"""Note every question that a channel answers, masked, so that missed words can be taught."""

from __future__ import annotations

import logging
import re
import threading
from datetime import date, timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol

from catalog_db.past_questions import KEPT_DAYS, PastQuestion, PastQuestions
from handlers.understanding.word_tables import expression

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.channels.exchange import Responder
    from handlers.session import Session
    from handlers.turn import Answer, Question

logger = logging.getLogger(__name__)

_LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d|[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+", re.ASCII)
_LONGEST = 120
_TOGETHER = 200  # notes written in one transaction
_PATIENCE = 10  # seconds that the last notes may take
_MISSES = frozenset({"out_of_scope", "clarify", "not_found"})


def masked(text: str) -> str:
    """Take out what may name a person: long numbers, mail and web addresses, house numbers; cut long texts."""
    return expression("address").sub("＊", _LONG_NUMBER.sub("＊", text))[:_LONGEST]


class Notebook(Protocol):
    """Where past questions are kept."""

    def note(self, questions: Iterable[PastQuestion], /) -> None:
        """Keep questions."""

    def forget_before(self, day: date, /) -> int:
        """Delete the questions of earlier days."""


class NotesBehind:
    """Keeps past questions on a thread of its own, several in one transaction: nobody waits for a note."""

    def __init__(self, kept: PastQuestions) -> None:
        self._kept = kept
        self._waiting: SimpleQueue[PastQuestion | date | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="past questions", daemon=True)
        self._thread.start()

    def note(self, questions: Iterable[PastQuestion], /) -> None:
        """Keep questions, soon."""
        for question in questions:
            self._waiting.put(question)

    def forget_before(self, day: date, /) -> int:
        """Delete the questions of earlier days, soon; how many is not known yet."""
        self._waiting.put(day)
        return 0

    def close(self) -> None:
        """Write what waits, and end."""
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def _write(self) -> None:
        ending = False
        while not ending:
            found = [self._waiting.get()]
            while len(found) < _TOGETHER:
                try:
                    found.append(self._waiting.get_nowait())
                except Empty:
                    break
            ending = None in found
            try:
                self._kept.note([one for one in found if isinstance(one, PastQuestion)])
                for day in {one for one in found if isinstance(one, date)}:
                    self._kept.forget_before(day)
            except Exception:
                logger.exception("past questions could not be kept")


class NotingAssistant:
    """An assistant that notes what it was asked. A note that cannot be kept never costs the answer."""

    def __init__(self, assistant: Responder, kept: Notebook) -> None:
        self._assistant = assistant
        self._kept = kept

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer as the assistant does, and note the question."""
        answer, following = self._assistant.respond(question, session)
        if question.text.strip() and question.action is None and session.action_for(question.text) is None:
            self._note(question, answer)
        return answer, following

    def intent_alone(self, question: Question) -> str:
        """Tell it as the assistant does; nobody has asked it."""
        return self._assistant.intent_alone(question)

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
