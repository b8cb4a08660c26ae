"""What is written at the desk, to and fro: items, and the posts that carry them. See `desk` about locking.

An item waits, is part of a post that is being sent, and is done when the report of the post tells the number of its message.
Of each person one post is under way in a room, so that what a person wrote stays in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person
from catalog_db.journal.desk_tables import items, posts
from catalog_db.journal.statements import Row, Statement, setting

BODY = "desk item"
_MOST_JOINED = 60
_MOST_LATELY = 200  # posts, to persons too: more are not looked at to tell how many went to a room within a minute

# A message at the desk leads to some twenty statements: those of every message run on the driver (`statements`).
_MINE = "SELECT * FROM desk_items WHERE bot = :bot AND "
_ONE = Statement(_MINE + "id = :id")
_BY_SOURCE = Statement(_MINE + "person = :key AND way = :way AND source = :source ORDER BY id DESC LIMIT 1")
_BY_SOURCE_THERE = Statement(
    _MINE + "person = :key AND way = :way AND source = :source AND room = :room ORDER BY id DESC LIMIT 1"
)
_BY_MESSAGE = Statement(
    _MINE + "room = :room AND message = :message AND way IN ('in', 'desk') ORDER BY id DESC LIMIT 1"
)
_OF_POST = Statement(_MINE + "person = :key AND post = :post ORDER BY id")
_WAITING = Statement(
    _MINE + "person = :key AND way IN ('in', 'desk') AND state = 'waiting' AND ready_at <= :now"
    " ORDER BY urgency, id LIMIT :most"
)
_PENDING = Statement(_MINE + "person = :key AND way = 'out' AND state = 'waiting' ORDER BY id")
_WAITING_PEOPLE = Statement(
    "SELECT person FROM desk_items WHERE bot = :bot AND room = :room AND state = 'waiting' AND way IN ('in', 'desk')"
    " AND ready_at <= :now AND person NOT IN (SELECT person FROM desk_posts WHERE room = :room AND sending AND kind <> 'out')"
    " GROUP BY person ORDER BY MIN(urgency), MIN(id) LIMIT 20"
)
_ADD = Statement(
    "INSERT INTO desk_items (bot, person, ticket, room, way, kind, source, album, body, author, urgency, state, edited, at, ready_at)"
    " VALUES (:bot, :person, :ticket, :room, :way, :kind, :source, :album, :body, :author, :urgency, :state, :edited, :at, :ready_at)"
    " RETURNING id"
)
_BEGIN = Statement(
    "INSERT INTO desk_posts (bot, room, person, kind, sending, at) VALUES (:bot, :room, :person, :kind, :sending, :at) RETURNING id"
)
_POST = Statement("SELECT * FROM desk_posts WHERE id = :id")
_END = Statement("UPDATE desk_posts SET sending = :no WHERE id = :id AND sending")
_UNDER_WAY = Statement("SELECT COUNT(*) FROM desk_posts WHERE room = :room AND sending AND kind <> 'out'")
_BEGUN = Statement(
    "SELECT COUNT(*) FROM (SELECT room, kind, at FROM desk_posts ORDER BY id DESC LIMIT :most) AS lately"
    " WHERE room = :room AND kind <> 'out' AND at >= :since"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing written. `way`: in, out, note, desk. `body`: text, markup …; `message`: the number it has on the other side."""

    id: int
    person: bytes
    ticket: int
    room: int | None
    way: str
    kind: str
    source: int | None
    album: str | None
    body: Mapping[str, Any]
    author: bytes | None
    urgency: int
    state: str
    edited: bool
    post: int | None
    message: int | None
    at: float

    @property
    def text(self) -> str:
        """Return what it says."""
        return str(self.body.get("text", ""))


@dataclass(frozen=True, slots=True)
class Post:
    """A call that is under way or ended."""

    id: int
    room: int
    person: bytes
    kind: str
    sending: bool


def add(
    books: Books, who: Person, ticket: int, way: str, kind: str, body: Mapping[str, Any], *, state: str = "waiting",
    source: int | None = None, album: str | None = None, author: bytes | None = None, urgency: int = 1, ready_at: float = 0.0,
    room: int | None = None,
) -> int:  # fmt: skip
    """Keep something that was written; return its number. `room`: where `source` counts, the person's own when None."""
    row = {
        "bot": books.bot, "person": who.key, "ticket": ticket, "room": who.room if room is None else room, "way": way, "kind": kind, "source": source,
        "album": album, "body": books.seal(dict(body), BODY), "author": author, "urgency": urgency, "state": state,
        "edited": False, "at": books.now, "ready_at": ready_at,
    }  # fmt: skip
    return int(_ADD.value(books.connection, row))


def _found(books: Books, statement: Statement, **values: Any) -> list[Item]:
    return [_item(books, row) for row in statement.rows(books.connection, {"bot": books.bot, **values})]


def find(
    books: Books, *conditions: Any, newest: bool = False, urgent: bool = False, most: int = 500
) -> list[Item]:  # fmt: skip
    """Return items, oldest first or newest first; `urgent`: urgent ones before all others."""
    order = [items.c.urgency] if urgent else []
    statement = select(items).where(items.c.bot == books.bot, *conditions)
    statement = statement.order_by(*order, items.c.id.desc() if newest else items.c.id).limit(most)
    return [_item(books, dict(row)) for row in books.connection.execute(statement).mappings()]


def one(books: Books, number: int) -> Item | None:
    """Return an item by its number."""
    return next(iter(_found(books, _ONE, id=number)), None)


def _item(books: Books, row: Row) -> Item:
    body = books.open(row["body"], BODY) if row["body"] is not None else {}
    author = row["author"]
    return Item(
        row["id"], bytes(row["person"]), row["ticket"], row["room"], row["way"], row["kind"], row["source"], row["album"], body,
        None if author is None else bytes(author), row["urgency"], row["state"], bool(row["edited"]), row["post"],
        row["message"], row["at"],
    )  # fmt: skip


def change(books: Books, numbers: Sequence[int], **values: Any) -> None:
    """Change items."""
    setting("desk_items", "id", tuple(values)).run_each(books.connection, [{**values, "the": one} for one in numbers])


def rewrite(books: Books, item: Item, body: Mapping[str, Any]) -> None:
    """Change what an item says."""
    sealed = books.seal(dict(body), BODY)
    change(books, [item.id], body=sealed, edited=item.state != "waiting")


def by_source(books: Books, key: bytes, way: str, source: int, room: int | None = None) -> Item | None:
    """Return what a message became: `source` is its number where the person wrote it, or in the `room` of the staff.

    Numbers count within a chat: what the staff wrote is only known by room and number.
    """
    values = {"key": key, "way": way, "source": source} | ({} if room is None else {"room": room})
    return next(iter(_found(books, _BY_SOURCE if room is None else _BY_SOURCE_THERE, **values)), None)


def by_message(books: Books, room: int, message: int) -> Item | None:
    """Return what a post in a staff group shows."""
    return next(iter(_found(books, _BY_MESSAGE, room=room, message=message)), None)


def of_ticket(books: Books, number: int) -> list[Item]:
    """Return everything written in a ticket."""
    return find(books, items.c.ticket == number)


def of_post(books: Books, post: int, key: bytes) -> list[Item]:
    """Return what a post carries; `key`: whose post it is, by which it is found quickly."""
    return _found(books, _OF_POST, key=key, post=post)


def waiting_of(books: Books, key: bytes) -> list[Item]:
    """Return what waits for the staff of one person and is ready: contexts and alarms, then the oldest first."""
    return _found(books, _WAITING, key=key, now=books.now, most=_MOST_JOINED)


def waiting_people(books: Books, room: int) -> list[bytes]:
    """Return whose items wait for a room and can go now: urgent ones first, then who has waited longest."""
    rows = _WAITING_PEOPLE.rows(books.connection, {"bot": books.bot, "room": room, "now": books.now})
    return [bytes(row["person"]) for row in rows]


def backlog(books: Books, room: int) -> int:
    """Count what waits for a room."""
    statement = select(func.count()).where(
        items.c.bot == books.bot, items.c.room == room, items.c.state == "waiting", items.c.way.in_(("in", "desk"))
    )
    return int(books.connection.execute(statement).scalar_one())


def ready_albums(books: Books) -> list[tuple[int, bytes]]:
    """Return in which rooms of which people albums to the person wait and are complete."""
    statement = (
        select(items.c.room, items.c.person)
        .where(
            items.c.bot == books.bot, items.c.way == "out", items.c.state == "waiting", items.c.ready_at <= books.now
        )
        .distinct()
    )
    return [(row[0], bytes(row[1])) for row in books.connection.execute(statement)]


# ---- posts


def begin(books: Books, room: int, key: bytes, kind: str, carried: Sequence[int] = ()) -> int:
    """Begin a post that carries items; return its number, by which its report names it."""
    row = {"bot": books.bot, "room": room, "person": key, "kind": kind, "sending": True, "at": books.now}
    number = int(_BEGIN.value(books.connection, row))
    change(books, carried, state="posted", post=number, edited=False)
    return number


def post(books: Books, number: int) -> Post | None:
    """Return a post."""
    row = next(iter(_POST.rows(books.connection, {"id": number})), None)
    return Post(row["id"], row["room"], bytes(row["person"]), row["kind"], bool(row["sending"])) if row else None


def end(books: Books, number: int) -> bool:
    """End a post; tell whether it was under way: what is reported twice counts once."""
    return _END.run(books.connection, {"id": number, "no": False}) > 0


def under_way(books: Books, room: int) -> int:
    """Count the posts that are being sent to a room."""
    return int(_UNDER_WAY.value(books.connection, {"room": room}))


def begun_since(books: Books, room: int, since: float) -> int:
    """Count the posts that were begun in a room since then, among the last of all."""
    return int(_BEGUN.value(books.connection, {"room": room, "since": since, "most": _MOST_LATELY}))


def purge(books: Books, before: float) -> None:
    """Delete posts that ended long ago."""
    books.connection.execute(posts.delete().where(posts.c.bot == books.bot, posts.c.at < before, ~posts.c.sending))


def last_title(books: Books, room: int) -> float | None:
    """Return when a title was last written in a room."""
    statement = select(func.max(posts.c.at)).where(posts.c.room == room, posts.c.kind == "title")
    found: float | None = books.connection.execute(statement).scalar()
    return found


def pending_of(books: Books, key: bytes) -> list[Item]:
    """Return what of the staff waits for the other parts of its album, whether they have come or not."""
    return _found(books, _PENDING, key=key)


def of_album(books: Books, key: bytes, album: str) -> list[Item]:
    """Return the parts of an album that the staff wrote, whatever became of them."""
    return find(books, items.c.person == key, items.c.way.in_(("out", "note")), items.c.album == album)


def withhold(books: Books, key: bytes, album: str, state: str) -> list[Item]:
    """Keep back the parts of an album that have come and did not go yet; return them."""
    parts = [item for item in of_album(books, key, album) if item.way == "out" and item.state == "waiting"]
    change(books, [item.id for item in parts], state=state)
    return parts
