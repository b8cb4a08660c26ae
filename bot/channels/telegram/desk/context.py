"""The first post of a topic: what was asked and how it was read, what was shown, where, and what there was before.

Made outside the transaction, of the person's own conversation only; the county is the smallest place that is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.channels.telegram.talk import Talk
from catalog_db.journal.desk import Ticket
from handlers.phrases.handoff import wants_person
from handlers.turn import Text

if TYPE_CHECKING:
    from bot.channels.telegram.desk.parts import Desk

_QUESTIONS = 4
_SHOWN = 4
_EARLIER = 3


@dataclass(frozen=True, slots=True)
class Draft:
    """A stored answer that may fit."""

    faq: str
    question: str
    answer: str
    source: str


@dataclass(frozen=True, slots=True)
class Packet:
    """What the staff should know, worded; and what may be answered."""

    lines: tuple[str, ...]
    drafts: tuple[Draft, ...] = ()
    skus: tuple[str, ...] = ()
    place: str | None = None  # the county's code


SKUS = "skus"  # of a context's body: the products that were spoken of


class Shelf(Protocol):
    """What the desk asks of the catalogue and of the reading of questions."""

    def read(self, talk: Talk, texts: Sequence[str]) -> tuple[Text, ...]:
        """Return how a conversation was read: what is looked for, which conditions, which place, what was shown."""

    def drafts(self, texts: Sequence[str]) -> tuple[Draft, ...]:
        """Return the three best stored answers to what was asked."""

    def draft(self, faq_id: str) -> Draft | None:
        """Return a stored answer, as it is today."""

    def values(self, skus: Sequence[str]) -> dict[str, str]:
        """Return what the catalogue says of the first product, by the names that canned answers use."""

    def names(self) -> tuple[str, ...]:
        """Return all names that canned answers may use of a product."""


def packet(parts: Desk, shelf: Shelf, talk: Talk, texts: Sequence[str]) -> Packet:
    """Gather what is known before a request is kept."""
    asked = [one for one in (*talk.session.questions[-_QUESTIONS:], *texts) if not wants_person(one)]
    said = [question for place, question in enumerate(asked) if question not in asked[:place]]
    lines = [parts.say("desk.context.asked", questions=tuple(said))] if said else []
    lines += [parts.say(text.key, **text.values) for text in shelf.read(talk, texts)]
    skus = talk.session.topic.focus or talk.session.topic.listed
    return Packet(tuple(lines), shelf.drafts(said), tuple(skus[:1]), talk.session.place)


def worded(
    parts: Desk, ticket: Ticket, name: str, packet_: Packet, earlier: Sequence[Ticket], wait: str
) -> str:  # fmt: skip
    """Word the context of a ticket."""
    return "\n".join(_lines(parts, ticket, name, packet_, earlier, wait))


def _lines(
    parts: Desk, ticket: Ticket, name: str, packet_: Packet, earlier: Sequence[Ticket], wait: str
) -> Iterator[str]:  # fmt: skip
    yield parts.say("desk.context.head", number=ticket.id, name=name, reason=parts.say(f"desk.reason.{ticket.reason}"))
    yield from packet_.lines
    for one in earlier[-_EARLIER:]:
        how = "rated" if one.rating == 1 else "unrated" if one.rating is None else "unsolved"
        yield parts.say(
            "desk.context.earlier", number=one.id, day=parts.moment(one.opened_at).date(),
            reason=parts.say(f"desk.reason.{one.reason}"), how=parts.say(f"desk.context.{how}"),
        )  # fmt: skip
    yield wait
    for number, draft in enumerate(packet_.drafts, 1):
        yield parts.say("desk.context.draft", number=number, question=draft.question, source=draft.source)
