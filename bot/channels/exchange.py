"""What every channel needs of an assistant and of an answer's buttons."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from bot.wording import Wording
from handlers.session import Session
from handlers.turn import Action, Answer, Question

LETTERS = string.ascii_uppercase


class Responder(Protocol):
    """The front door of the core, `handlers.assistant.Assistant`."""

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer a question; return the answer and the session to keep."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button as it is shown: its letter where there are no buttons, its label, what it does."""

    letter: str
    label: str
    action: Action


def take_turn(
    assistant: Responder, wording: Wording, question: Question, session: Session
) -> tuple[Answer, Session, tuple[Offer, ...]]:
    """Answer a question and note in the session what the buttons are called: typing a label is pressing it."""
    answer, later = assistant.respond(question, session)
    offered = offers(answer, wording)
    later.offered = tuple((offer.label, offer.action) for offer in offered)
    return answer, later, offered


def offers(answer: Answer, wording: Wording) -> tuple[Offer, ...]:
    """List the buttons of an answer and of its further answers; a label that comes twice is offered once."""
    labelled: dict[str, Action] = {}
    for part in (answer, *answer.also):
        for choice in part.choices:
            labelled.setdefault(wording.text(choice.label), choice.action)
    # zip stops at the shorter one: an answer offers a handful, never more than the alphabet
    return tuple(Offer(letter, *item) for letter, item in zip(LETTERS, labelled.items(), strict=False))


def chosen(text: str, offered: tuple[Offer, ...]) -> Offer | None:
    """Find the button meant by a typed letter: B, b, Ｂ or "B."; None when the text is something else."""
    typed = unicodedata.normalize("NFKC", text).strip().rstrip(".、。)").strip().upper()
    return next((offer for offer in offered if offer.letter == typed), None)
