"""Conversations over the demonstration catalogue: what is said goes in, the answers and the session come out."""

from __future__ import annotations

from functools import cache
from typing import Any

from bot.plain import answer_json
from handlers.session import Session
from handlers.turn import Action, Answer, Question
from handlers.understanding.reading import Reader, Reading
from handlers.understanding.word_tables import WORDS
from tests.assistants import DAY, NOW, demonstration


@cache
def reader() -> Reader:
    """Return the understanding of the demonstration catalogue."""
    return Reader(demonstration().catalogue, WORDS)


def read(text: str) -> Reading:
    """Read one utterance on its own."""
    return reader().read(text, DAY)


def say(text: str, session: Session | None = None, adcode: str | None = None) -> tuple[Answer, Session]:
    """Say one thing in a conversation."""
    return demonstration().assistant.respond(Question(text, NOW, adcode), session or Session())


def press(action: Action, session: Session | None = None) -> tuple[Answer, Session]:
    """Press one button in a conversation."""
    return demonstration().assistant.respond(Question("", NOW, action=action), session or Session())


def talk(*texts: str, adcode: str | None = None) -> tuple[list[Answer], Session]:
    """Say one thing after the other."""
    answers, session = [], Session()
    for text in texts:
        answer, session = say(text, session, adcode)
        answers.append(answer)
    return answers, session


def as_json(answer: Answer) -> dict[str, Any]:
    """Return an answer as a program gets it."""
    return answer_json(None, answer, demonstration().wording, 0)
