"""What every channel needs of an assistant and of an answer's buttons."""

from __future__ import annotations

import string
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from bot.wording import Wording
from handlers.session import Session
from handlers.turn import Action, Answer, Entry, Question

LETTERS = string.ascii_uppercase
# What a person gets who presses an entry itself: kind of its ref → name of the action.
_OPENS = {"product": "show_product"} | {
    kind: kind for kind in ("guide", "faq", "ranking", "pavilion", "enterprise", "event", "plan")
}


class Responder(Protocol):
    """The front door of the core, `handlers.assistant.Assistant`."""

    def respond(self, question: Question, session: Session) -> tuple[Answer, Session]:
        """Answer a question; return the answer and the session to keep."""

    def intent_alone(self, question: Question) -> str:
        """Tell what a text wants of us without a conversation; nothing is answered and nothing remembered."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A button as it is shown: its letter where there are no buttons, its label, what it does."""

    letter: str
    label: str
    action: Action


def offers(answer: Answer, wording: Wording) -> tuple[Offer, ...]:
    """List the buttons of an answer and of its further answers; a label that comes twice is offered once."""
    labelled: dict[str, Action] = {}
    for part in (answer, *answer.also):
        for choice in part.choices:
            labelled.setdefault(wording.text(choice.label), choice.action)
    # zip stops at the shorter one: an answer offers a handful, never more than the alphabet
    return tuple(Offer(letter, *item) for letter, item in zip(LETTERS, labelled.items(), strict=False))


def opener(entry: Entry) -> Action | None:
    """Return what pressing an entry does; None for what has no more to show."""
    kind, name = entry.ref or ("", "")
    return Action(_OPENS[kind], (name,)) if kind in _OPENS else None


def chosen(text: str, offered: tuple[Offer, ...]) -> Offer | None:
    """Find the button meant by a typed letter: B, b, Ｂ or "B."; None when the text is something else."""
    typed = unicodedata.normalize("NFKC", text).strip().rstrip(".、。)").strip().upper()
    return next((offer for offer in offered if offer.letter == typed), None)
