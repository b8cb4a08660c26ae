"""People at the support desk and their tickets. Each function takes `Books` and runs inside the transaction that decides.

Whoever changes anything of a room locks it first (`lock`): two who claim one ticket at once, a reply and a new topic, an edit and
the post it belongs to come one after the other. Nothing else is locked, so nobody waits for another in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from catalog_db.journal.books import Books
from catalog_db.journal.desk_tables import erasures, items, people, posts, rooms, tickets
from catalog_db.journal.statements import Statement, setting

WHO = "desk who"
REOPEN_SECONDS = 24 * 3600.0  # a ticket closed no longer ago goes on as the same one
_OPEN = ("open", "owned")
_ROOM = Statement(
    "INSERT INTO desk_rooms (bot, room) VALUES (:bot, :room) ON CONFLICT (bot, room) DO UPDATE SET room = excluded.room"
)
_TROUBLE = Statement("SELECT trouble_until FROM desk_rooms WHERE bot = :bot AND room = :room")
_PERSON = Statement("SELECT * FROM desk_people WHERE key = :key")
_PERSON_IN = Statement("SELECT * FROM desk_people WHERE bot = :bot AND room = :room AND thread = :thread")
_MINE = "SELECT * FROM desk_tickets WHERE bot = :bot AND "
_TICKET = Statement(_MINE + "id = :id")
_LATEST = Statement(_MINE + "person = :key ORDER BY id DESC LIMIT 1")
_CLAIM = Statement("UPDATE desk_tickets SET state = 'owned', owner = :who WHERE id = :id AND state = 'open'")
_OWNER = Statement("SELECT owner FROM desk_tickets WHERE id = :id")
_OPEN_TICKET = Statement(_MINE + "person = :key AND state IN ('open', 'owned') ORDER BY id DESC LIMIT 1")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who came to the desk. `room`: of the staff, None when there is none; `thread`: the topic there."""

    key: bytes
    chat_id: int
    name: str
    room: int | None
    thread: int | None
    making_at: float | None
    no_topic_until: float | None
    titled: str | None
    told: bool


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request for a person of the staff. `state`: open (nobody has it), owned, closed."""

    id: int
    person: bytes | None
    room: int | None
    state: str
    owner: bytes | None
    reason: str
    assistant: bool
    opened_at: float
    due_at: float | None
    answered_at: float | None
    called_at: float | None
    snoozed_until: float | None
    closed_at: float | None
    closed_by: str | None
    asked_at: float | None
    rating: int | None
    priority: int
    tags: str
    place: str | None


def lock(books: Books, room: int | None) -> None:
    """Let nobody else change anything of a room until the end of the transaction."""
    _ROOM.run(books.connection, {"bot": books.bot, "room": room or 0})


def ready_rooms(books: Books, among: Sequence[int]) -> list[int]:
    """Return the rooms that can be written to now, those with the fewest people waiting first."""
    waiting = select(tickets.c.room, func.count()).where(tickets.c.bot == books.bot, tickets.c.state.in_(_OPEN))
    counts = {row[0]: row[1] for row in books.connection.execute(waiting.group_by(tickets.c.room))}
    return sorted(among, key=lambda room: (counts.get(room, 0), list(among).index(room)))


def trouble(books: Books, room: int, until: float | None) -> None:
    """Note until when nothing can be posted in a room."""
    place = (rooms.c.bot == books.bot) & (rooms.c.room == room)
    books.connection.execute(update(rooms).where(place).values(trouble_until=until))


def in_trouble(books: Books, room: int) -> bool:
    """Tell whether a room cannot be written to now."""
    until = _TROUBLE.value(books.connection, {"bot": books.bot, "room": room})
    return until is not None and until > books.now


# ---- people


def person(books: Books, chat_id: int) -> Person | None:
    """Return who a private chat is at the desk."""
    return person_of(books, books.key(chat_id))


def person_of(books: Books, key: bytes) -> Person | None:
    """Return a person by pseudonym."""
    return _one_person(books, _PERSON, key=key)


def person_in(books: Books, room: int, thread: int) -> Person | None:
    """Return whose topic it is."""
    return _one_person(books, _PERSON_IN, bot=books.bot, room=room, thread=thread)


def _one_person(books: Books, statement: Statement, **values: Any) -> Person | None:
    row = next(iter(statement.rows(books.connection, values)), None)
    if row is None:
        return None
    who = books.open(row["who"], WHO)
    return Person(
        bytes(row["key"]), int(who["chat"]), str(who["name"]), row["room"], row["thread"], row["making_at"],
        row["no_topic_until"], row["titled"], bool(row["told"]),
    )  # fmt: skip


def welcome(books: Books, chat_id: int, name: str, room: int | None) -> Person:
    """Return a person, made when new; a room that is gone from the settings is replaced."""
    known = person(books, chat_id)
    who = books.seal({"chat": chat_id, "name": name}, WHO)
    if known is None:
        row = {"key": books.key(chat_id), "bot": books.bot, "who": who, "room": room, "told": False}
        books.connection.execute(insert(people).values(row))
    elif known.room != room:
        change_person(books, known.key, who=who)
        settle(books, known.key, room)
    elif name and known.name != name:
        change_person(books, known.key, who=who)
    found = person(books, chat_id)
    assert found is not None  # noqa: S101 - it has just been written
    return found


def change_person(books: Books, key: bytes, **values: Any) -> None:
    """Change what is kept of a person."""
    setting("desk_people", "key", tuple(values)).run(books.connection, {**values, "the": key})


# ---- tickets


def ticket(books: Books, number: int) -> Ticket | None:
    """Return a ticket by its number."""
    return _one_ticket(books, _TICKET, id=number)


def latest(books: Books, key: bytes) -> Ticket | None:
    """Return the last ticket of a person."""
    return _one_ticket(books, _LATEST, key=key)


def open_ticket(books: Books, chat_id: int) -> Ticket | None:
    """Return the ticket of a private chat that is not closed."""
    return _one_ticket(books, _OPEN_TICKET, key=books.key(chat_id))


def _one_ticket(books: Books, statement: Statement, **values: Any) -> Ticket | None:
    row = next(iter(statement.rows(books.connection, {"bot": books.bot, **values})), None)
    return _ticket(row) if row else None


def _ticket(row: Mapping[str, Any]) -> Ticket:
    values: Mapping[str, Any] = {name: row[name] for name in Ticket.__slots__}
    person_, owner = row["person"], row["owner"]
    return Ticket(**{
        **values, "person": None if person_ is None else bytes(person_), "owner": None if owner is None else bytes(owner),
        "assistant": bool(row["assistant"]),
    })  # fmt: skip


def tickets_of(books: Books, key: bytes) -> list[Ticket]:
    """Return every ticket of a person, oldest first."""
    rows = books.connection.execute(select(tickets).where(tickets.c.person == key).order_by(tickets.c.id))
    return [_ticket(dict(row)) for row in rows.mappings()]


def tickets_where(books: Books, *conditions: Any, most: int = 200) -> list[Ticket]:
    """Return tickets, oldest first."""
    statement = select(tickets).where(tickets.c.bot == books.bot, *conditions).order_by(tickets.c.id).limit(most)
    return [_ticket(dict(row)) for row in books.connection.execute(statement).mappings()]


def unclosed(books: Books, room: int | None = None, owner: bytes | None = None) -> list[Ticket]:
    """Return the tickets that are not closed: of a room, of somebody of the staff."""
    conditions: list[ColumnElement[bool]] = [tickets.c.state.in_(_OPEN)]
    conditions += [tickets.c.room == room] if room is not None else []
    conditions += [tickets.c.owner == owner] if owner is not None else []
    return tickets_where(books, *conditions)


def overdue(books: Books, called_before: float) -> list[Ticket]:
    """Return the tickets whose first answer is late, or whose rest is over, and of which the group was not told since."""
    late = tickets.c.answered_at.is_(None) & (tickets.c.due_at <= books.now)
    rested = tickets.c.snoozed_until <= books.now
    quiet = tickets.c.called_at.is_(None) | (tickets.c.called_at <= called_before) | rested
    resting = tickets.c.snoozed_until > books.now
    return tickets_where(
        books, tickets.c.state.in_(_OPEN), late | rested, quiet, ~func.coalesce(resting, False), most=20
    )


def begin(
    books: Books, who: Person, reason: str, due_at: float | None, *, priority: int = 0, place: str | None = None
) -> tuple[Ticket, str]:  # fmt: skip
    """Return the ticket that a request belongs to: the open one ("same"), one closed lately ("reopened"), or a "new" one."""
    known = latest(books, who.key)
    if known is not None and known.state in _OPEN:
        return known, "same"
    if known is not None and known.closed_at is not None and books.now - known.closed_at <= REOPEN_SECONDS:
        change(
            books, known.id, state="open", owner=None, closed_at=None, closed_by=None, due_at=due_at, answered_at=None,
            called_at=None, snoozed_until=None, assistant=False, room=who.room,
        )  # fmt: skip
        return _known(books, known.id), "reopened"
    row = {
        "bot": books.bot, "person": who.key, "room": who.room, "state": "open", "reason": reason, "assistant": False,
        "opened_at": books.now, "due_at": due_at, "priority": priority, "tags": "", "place": place,
    }  # fmt: skip
    number = books.connection.execute(insert(tickets).values(row).returning(tickets.c.id)).scalar_one()
    return _known(books, number), "new"


def _known(books: Books, number: int) -> Ticket:
    found = ticket(books, number)
    assert found is not None  # noqa: S101 - it has just been written
    return found


def tags_used(books: Books, most: int) -> list[str]:
    """Return the tags that stand on most of the last tickets."""
    mine = select(tickets.c.tags).where(tickets.c.bot == books.bot, tickets.c.tags != "")
    rows = books.connection.execute(mine.order_by(tickets.c.id.desc()).limit(1000)).scalars()
    return [tag for tag, _ in Counter(tag for row in rows for tag in row.split()).most_common(most)]


def change(books: Books, number: int, **values: Any) -> None:
    """Change a ticket."""
    setting("desk_tickets", "id", tuple(values)).run(books.connection, {**values, "the": number})


def claim(books: Books, number: int, who: bytes) -> bool:
    """Make somebody the owner of a ticket that nobody has; tell whether it is theirs now. Of two at once one gets it."""
    if _CLAIM.run(books.connection, {"id": number, "who": who}):
        return True
    owner = _OWNER.value(books.connection, {"id": number})
    return owner is not None and bytes(owner) == who


def release(books: Books, owner: bytes) -> None:
    """Let the tickets of somebody who works here no more be anybody's."""
    mine = (tickets.c.bot == books.bot) & (tickets.c.owner == owner) & tickets.c.state.in_(_OPEN)
    whose = select(tickets.c.person).where(mine)
    books.connection.execute(update(people).where(people.c.key.in_(whose)).values(titled=None))
    books.connection.execute(update(tickets).where(mine).values(state="open", owner=None))


def ahead(books: Books, ticket_: Ticket) -> int:
    """Count who waits for a first answer and came earlier."""
    statement = select(func.count()).where(
        tickets.c.bot == books.bot,
        tickets.c.state == "open",
        tickets.c.id < ticket_.id,
        tickets.c.answered_at.is_(None),
    )
    return int(books.connection.execute(statement).scalar_one())


# ---- forgetting


def forget(books: Books, chat_id: int) -> None:
    """Delete what is kept of a person, the topic too; tickets stay as what is counted, without the person."""
    who = person(books, chat_id)
    key = books.key(chat_id)
    if who is not None and who.room is not None and who.thread is not None:
        row = {"room": who.room, "thread": who.thread, "bot": books.bot}
        books.connection.execute(insert(erasures).values(row))
    books.connection.execute(delete(items).where(items.c.person == key))
    books.connection.execute(delete(posts).where(posts.c.person == key))
    shut = {"state": "closed", "closed_by": "person", "closed_at": books.now}
    books.connection.execute(update(tickets).where(tickets.c.person == key, tickets.c.state.in_(_OPEN)).values(**shut))
    books.connection.execute(update(tickets).where(tickets.c.person == key).values(person=None))
    books.connection.execute(delete(people).where(people.c.key == key))


def take_erasures(books: Books, most: int = 20) -> list[tuple[int, int]]:
    """Take topics (room, thread) that are to be deleted."""
    rows = books.connection.execute(select(erasures).where(erasures.c.bot == books.bot).limit(most)).mappings().all()
    for row in rows:
        place = (erasures.c.room == row["room"]) & (erasures.c.thread == row["thread"])
        books.connection.execute(delete(erasures).where(place))
    return [(row["room"], row["thread"]) for row in rows]


def purge(books: Books, before: float) -> int:
    """Delete what was written in tickets closed before, and whose they were; return how many tickets."""
    old = tickets_where(books, tickets.c.closed_at < before, tickets.c.person.is_not(None))
    for one in old:
        books.connection.execute(delete(items).where(items.c.ticket == one.id))
        change(books, one.id, person=None)
    return len(old)


def untitled(books: Books, room: int, most: int = 5) -> list[Person]:
    """Return whose topic has a title that is no longer right."""
    keys = select(people.c.key).where(
        people.c.bot == books.bot, people.c.room == room, people.c.thread.is_not(None), people.c.titled.is_(None)
    )
    found = books.connection.execute(keys.limit(most)).scalars().all()
    return [one for key in found if (one := person_of(books, bytes(key))) is not None]


def homeless(books: Books, among: Sequence[int], most: int = 5) -> list[Ticket]:
    """Return open tickets of no room, or of one that is no staff group any more."""
    elsewhere = tickets.c.room.is_(None) | tickets.c.room.not_in(list(among))
    return tickets_where(books, tickets.c.state.in_(_OPEN), elsewhere, tickets.c.person.is_not(None), most=most)


def settle(books: Books, key: bytes, room: int | None) -> None:
    """Let a person belong to another room: no topic yet, and everything that is not at its end goes there."""
    change_person(books, key, room=room, thread=None, making_at=None, no_topic_until=None, titled=None)
    if room is not None:
        mine = (tickets.c.person == key) & tickets.c.state.in_(_OPEN)
        books.connection.execute(update(tickets).where(mine).values(room=room))
        _rehome(books, key, room)


def _rehome(books: Books, key: bytes, room: int) -> None:
    """Let what a person wrote and what we say of it go on in another room; what is under way elsewhere goes anew."""
    mine = (items.c.person == key) & items.c.way.in_(("in", "desk"))
    held = mine & (items.c.way == "in") & (items.c.state == "held")
    books.connection.execute(update(items).where(held).values(state="waiting"))
    waiting = mine & items.c.state.in_(("waiting", "posted"))
    books.connection.execute(update(items).where(waiting).values(room=room, state="waiting", post=None))


def move(books: Books, who: Person, room: int) -> Person:
    """Let a person's open ticket and what is written in it go on in another room."""
    settle(books, who.key, room)
    found = person_of(books, who.key)
    assert found is not None  # noqa: S101 - it has just been written
    return found
