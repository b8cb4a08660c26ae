"""What every private chat needs, put together once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bot.channels.exchange import Responder
from bot.channels.telegram.keyboards import Keyboards
from bot.channels.telegram.outgoing import Handled
from bot.languages import Wordings
from bot.wording import Wording
from handlers.turn import Answer

if TYPE_CHECKING:
    from bot.channels.telegram.features import Feature
    from bot.channels.telegram.talk import Reply, Talk
    from bot.channels.telegram.updates import Event


class Handoff(Protocol):
    """The part that reaches a person of the staff."""

    def answered(self, talk: Talk, reply: Reply, lines: Sequence[tuple[int, str]]) -> str | None:
        """Take an answer that says that a person is wanted and return the outcome; `lines`: the messages it answers."""

    def offer(self, talk: Talk, text: str, intent: str) -> None:
        """Offer a person after an answer to a text, when it is time to."""


class Follow(Protocol):
    """See `Parts.follow`."""

    def __call__(self, talk: Talk, event: Event, handled: Handled) -> Handled:
        """Return what is to be committed instead."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What every chat needs."""

    assistant: Responder
    keyboards: Keyboards
    wording: Wording  # of those who have not chosen a language
    wordings: Wordings
    features: tuple[Feature, ...] = ()  # in the order in which they are asked
    wishes: Mapping[str, Callable[[Talk], str]] = field(default_factory=dict)  # see features.Wishing
    handoff: Handoff | None = None
    beside: Callable[[Talk, Answer, str | None], Answer] | None = None  # adds to an answer what only the books know
    follow: Follow | None = None  # sees what every update of a private chat led to, and may add to its transaction


@dataclass(frozen=True, slots=True)
class Spoken:
    """What tells a person's language: the code that the platform gives, and a text of the person, or ""."""

    code: str | None
    text: str = ""
