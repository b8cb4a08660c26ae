"""What every channel needs of an assistant and of an answer's buttons."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.elders import CHOICES, ENTRIES, MESSAGES, Message, messages_of
from bot.wording import Wording
from handlers.session import Session
from handlers.turn import Action, Answer, Entry, Listing, Question

LETTERS = string.ascii_uppercase
GO_ON = "go_on"  # the channels' own action: show the rest of an answer
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
    choices = [choice for part in (answer, *answer.also) for choice in part.choices]
    labelled = first_of_each([(wording.text(choice.label), choice.action) for choice in choices])
    # zip stops at the shorter one
    return tuple(Offer(letter, *item) for letter, item in zip(LETTERS, labelled, strict=False))


def first_of_each(labelled: Sequence[tuple[str, Action]]) -> list[tuple[str, Action]]:
    """Leave out labels that come twice, and what the alphabet has no letter for: an answer offers a handful."""
    first: dict[str, Action] = {}
    for label, action in labelled:
        first.setdefault(label, action)
    return list(first.items())[: len(LETTERS)]


def opener(entry: Entry) -> Action | None:
    """Return what pressing an entry does; None for what has no more to show."""
    kind, name = entry.ref or ("", "")
    return Action(_OPENS[kind], (name,)) if kind in _OPENS else None


def openers(answer: Answer, wording: Wording) -> Iterator[tuple[str, Action]]:
    """Yield a button for each numbered entry that has more to show, unless the answer itself offers it by name.

    Of the answer itself only: numbers of further answers would come twice.
    """
    offered = {choice.action for part in (answer, *answer.also) for choice in part.choices}
    for block in answer.blocks:
        for entry in block.entries if isinstance(block, Listing) else ():
            action = opener(entry)
            if entry.number is not None and action is not None and action not in offered:
                yield wording.say("telegram.entry", number=entry.number), action


def few(answer: Answer, wording: Wording, *, more: bool) -> list[tuple[str, Action]]:
    """List the ways on in 长辈模式, at most three. `more`: the answer goes on."""
    offered = [(offer.label, offer.action) for offer in offers(answer, wording)]
    entries = list(openers(answer, wording))[:ENTRIES]
    ways = entries[: 2 if offered else 3] + offered
    if more:
        ways = [(wording.say("elders.go_on"), Action(GO_ON)), *ways]
    return ways[:CHOICES]


@dataclass(frozen=True, slots=True)
class Ideas:
    """An answer in 长辈模式: what is shown now, a message for each idea, what waits, and the ways on."""

    shown: list[Message]
    rest: list[Message]
    ways: list[tuple[str, Action]]


def ideas_of(answer: Answer, wording: Wording) -> Ideas:
    """Write an answer for 长辈模式."""
    messages = messages_of(answer, wording) or [(wording.say("telegram.nothing"),)]
    rest = messages[MESSAGES:]
    return Ideas(messages[:MESSAGES], rest, few(answer, wording, more=bool(rest)))


def go_on(rest: list[Message], wording: Wording) -> Ideas:
    """Show the next part of what waits."""
    left = rest[MESSAGES:]
    ways = few(Answer(""), wording, more=bool(left))
    return Ideas(rest[:MESSAGES] or [(wording.say("telegram.nothing"),)], left, ways)


def goes_on(text: str, action: Action | None, wording: Wording) -> bool:
    """Tell whether somebody wants the rest of an answer: by the button, or by its words."""
    return action == Action(GO_ON) or (action is None and text.strip() == wording.say("elders.go_on"))


def chosen(text: str, offered: tuple[Offer, ...]) -> Offer | None:
    """Find the button meant by a typed letter: B, b, Ｂ or "B."; None when the text is something else."""
    typed = unicodedata.normalize("NFKC", text).strip().rstrip(".、。)").strip().upper()
    return next((offer for offer in offered if offer.letter == typed), None)
