"""Open a ticket, add to it, close it: what both sides of the desk do, inside the transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.telegram.desk import context, notebook_tickets
from bot.channels.telegram.desk.hours import Promise, promise
from bot.channels.telegram.desk.panel import DRAFTS, PANEL
from bot.channels.telegram.desk.parts import Addressed, Buttons, Desk, dirty, tell_topic
from bot.channels.telegram.desk.pump import pump
from bot.channels.telegram.outgoing import Outgoing
from catalog_db.journal import desk, desk_posts, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from handlers.turn import Action

ALBUM_SECONDS = 1.2  # the parts of an album come one by one within these
_RATED = frozenset({"staff"})
_URGENT = frozenset({"safety"})


@dataclass(frozen=True, slots=True)
class Written:
    """One message of a person. `kind`: text, or what copyMessage is to copy."""

    source: int
    kind: str
    text: str = ""
    album: str | None = None
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """Why a person is wanted, and everything that goes with it."""

    reason: str
    packet: context.Packet
    written: Sequence[Written] = field(default=())
    notebook: int = 0  # that was open


def open_for(
    parts: Desk, books: Books, person: Addressed, name: str, request: Request
) -> tuple[Ticket, list[Outgoing]]:
    """Open a ticket, or go on with the one there is; return it, and what is sent."""
    chat_id = person.chat_id
    known = desk.person(books, chat_id)
    room = known.room if known and known.room in parts.settings.rooms else _choose(parts, books)
    moved = known is not None and known.room != room
    desk.lock(books, room)
    who = desk.welcome(books, chat_id, name, room)
    urgent, place = int(request.reason in _URGENT), request.packet.place
    ticket, how = desk.begin(books, who, request.reason, None, priority=urgent, place=place)
    notebook_tickets.keep(books, chat_id, ticket.id, request.notebook, goes_on=how == "same")
    ahead, duty = desk.ahead(books, ticket), len(desk_staff.on_duty(books))
    wait = promise(parts.settings, parts.moment(books.now), ahead, duty)
    if how != "same" or (moved and room is not None):
        due = wait.by.timestamp() if room is not None else None
        desk.change(books, ticket.id, due_at=due, assistant=room is None)
        dirty(books, who)
        _announce(parts, books, who, ticket, request, how, said_wait(parts, wait))
    elif ticket.assistant and room is not None:
        desk.change(books, ticket.id, assistant=False)
    add(parts, books, who, ticket, request.written)
    fresh = desk.ticket(books, ticket.id) or ticket
    if how == "same" and not ticket.assistant:
        return fresh, pump_of(parts, books, who)
    return fresh, [*_said(parts, books, person, who, fresh, how, wait), *pump_of(parts, books, who)]


def _choose(parts: Desk, books: Books) -> int | None:
    return next(iter(desk.ready_rooms(books, parts.settings.rooms)), None)


def pump_of(parts: Desk, books: Books, who: Person) -> list[Outgoing]:
    """Post what waits in the person's room."""
    return pump(parts, books, who.room) if who.room is not None else []


def said_wait(parts: Desk, wait: Promise, person: Addressed | None = None) -> str:
    """Say by when an answer comes: to the person, or to the staff that promised it."""
    side, words = ("staff", parts.say) if person is None else ("person", person.say)
    key = "closed" if wait.minutes is None else "ahead" if wait.ahead else "soon"
    return words(
        f"desk.wait.{side}.{key}", minutes=wait.minutes or 0, ahead=wait.ahead, by=f"{wait.by:%H:%M}", day=wait.by.date(),
        opens=f"{parts.settings.opens:%H:%M}", closes=f"{parts.settings.closes:%H:%M}",
    )  # fmt: skip


def _announce(parts: Desk, books: Books, who: Person, ticket: Ticket, request: Request, how: str, wait: str) -> None:
    """Let the context stand first in the topic."""
    earlier = [one for one in desk.tickets_of(books, who.key) if one.id != ticket.id]
    text = context.worded(parts, ticket, who.name, request.packet, earlier, wait)
    if how == "reopened":
        text = parts.say("desk.reopened.staff") + "\n" + text
    body = {
        PANEL: ticket.id,
        DRAFTS: [draft.faq for draft in request.packet.drafts],
        context.SKUS: list(request.packet.skus),
    }
    tell_topic(books, who, ticket, text[:3500], **body)


def _said(
    parts: Desk, books: Books, person: Addressed, who: Person, ticket: Ticket, how: str, wait: Promise
) -> list[Outgoing]:  # fmt: skip
    """Tell the person the number and the wait, once; who may have bought a fake, what to keep and where else to turn."""
    if who.room is None:
        return person.tell(headed(person, books, ticket, person.say("desk.opened.nobody", number=ticket.id)))
    said = person.say(f"desk.opened.{how}", number=ticket.id, wait=said_wait(parts, wait, person))
    if ticket.reason in ("fake", "complaint"):
        said += "\n" + person.say("desk.opened.fake")
    buttons = [[(person.say("desk.button.assistant"), Action("desk.robot", (str(ticket.id),)))]]
    return person.tell(headed(person, books, ticket, said), buttons, books.now)


def headed(person: Addressed, books: Books, ticket: Ticket, text: str) -> str:
    """Return a text below the names of the neighbours whom a ticket is about."""
    names = notebook_tickets.names_of(books, person.chat_id, ticket.id)
    return person.say("telegram.notebook.head", name=names) + "\n" + text if names else text


def add(parts: Desk, books: Books, who: Person, ticket: Ticket, written: Sequence[Written]) -> None:
    """Keep messages of the person in a ticket; each message once."""
    for one in written:
        if desk_posts.by_source(books, who.key, "in", one.source) is not None:
            continue
        text = parts.say("desk.forwarded", text=one.text) if one.forwarded and one.kind == "text" else one.text
        ready = books.now + ALBUM_SECONDS if one.album else 0.0
        desk_posts.add(
            books, who, ticket.id, "in", one.kind, {"text": text}, source=one.source, album=one.album, ready_at=ready,
            state="waiting" if who.room is not None else "held",
        )  # fmt: skip


def close(parts: Desk, books: Books, who: Person, ticket: Ticket, by: str, key: str = "closed") -> list[Outgoing]:
    """Close a ticket and give the conversation back to the assistant; both sides are told, the person is asked once."""
    desk.change(books, ticket.id, state="closed", closed_at=books.now, closed_by=by, snoozed_until=None)
    dirty(books, who)
    tell_topic(books, who, ticket, parts.home.say(f"desk.{key}.staff", number=ticket.id))
    ask = by in _RATED and ticket.asked_at is None and ticket.answered_at is not None
    if ask:
        desk.change(books, ticket.id, asked_at=books.now)
    person = parts.to_person(books, who.chat_id)
    buttons: Buttons = [[
        (person.say("desk.button.solved"), Action("desk.rate", (str(ticket.id), "1"))),
        (person.say("desk.button.unsolved"), Action("desk.rate", (str(ticket.id), "0"))),
    ]]  # fmt: skip
    said = person.say(f"desk.{key}.person", number=ticket.id) + (person.say("desk.closed.ask") if ask else "")
    return person.tell(headed(person, books, ticket, said), buttons if ask else (), books.now)


def house(parts: Desk, books: Books, ticket: Ticket) -> list[Outgoing]:
    """Let a ticket that was kept while there was no staff group go to one now."""
    room = _choose(parts, books)
    who = desk.person_of(books, ticket.person) if ticket.person else None
    if room is None or who is None:
        return []
    desk.lock(books, room)
    who = desk.move(books, who, room)
    wait = promise(parts.settings, parts.moment(books.now), desk.ahead(books, ticket), len(desk_staff.on_duty(books)))
    desk.change(books, ticket.id, due_at=wait.by.timestamp())
    fresh = desk.ticket(books, ticket.id) or ticket
    text = context.worded(parts, fresh, who.name, context.Packet(()), (), said_wait(parts, wait))
    tell_topic(books, who, fresh, text, **{PANEL: ticket.id, DRAFTS: []})
    return pump(parts, books, room)
