"""Who came through whom: the first ambassador within thirty days is the one who helped, and a later link changes nothing.

A touch joins a person to an ambassador under an opaque name, which is all that ledger and numbers know of the person; when
the person is forgotten, the touch goes, and what was counted can be traced to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, RowMapping, Table, Text, text

from catalog_db.journal import points
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules
from catalog_db.journal.tables import metadata

MARK = "touch"  # on the person's chat: {"id", "until"}
Came = Literal["first", "again", "self", "taken", "ring", "burst", "nobody"]

touches = Table(
    "journal_touches",
    metadata,
    Column("person", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("ambassador", LargeBinary, nullable=False),
    Column("id", Text, nullable=False, unique=True),
    Column("at", Double, nullable=False),
)
Index("ix_journal_touches_ambassador", touches.c.ambassador, touches.c.at)

happenings = Table(
    "journal_happenings",
    metadata,
    Column("ambassador", LargeBinary, primary_key=True),
    Column("who", LargeBinary, primary_key=True),  # the same for a person and an ambassador; nobody else can tell whose
    Column("kind", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("times", BigInteger, nullable=False),
)
Index("ix_journal_happenings_day", happenings.c.ambassador, happenings.c.day)

_TOUCH = text("SELECT person, ambassador, id, at FROM journal_touches WHERE person = :person")
_SET = text(
    "INSERT INTO journal_touches (person, bot, ambassador, id, at) VALUES (:person, :bot, :ambassador, :id, :at)"
    " ON CONFLICT (person) DO UPDATE SET ambassador = excluded.ambassador, id = excluded.id, at = excluded.at"
)
_HAPPENED = text(
    "INSERT INTO journal_happenings (ambassador, who, kind, item, day, bot, times)"
    " VALUES (:ambassador, :who, :kind, :item, :day, :bot, 1)"
    " ON CONFLICT (ambassador, who, kind, item, day) DO UPDATE SET times = journal_happenings.times + 1"
)
_COUNTED = (
    "SELECT {by}, COUNT(DISTINCT who) AS people, SUM(times) AS times FROM journal_happenings"
    " WHERE ambassador = :who AND day >= :since GROUP BY {by} ORDER BY {by}"
)
_BY_KIND, _BY_DAY, _BY_ITEM = (text(_COUNTED.format(by=by)) for by in ("kind", "day, kind", "item, kind"))


_HELPED = text(
    "SELECT ambassador, COUNT(DISTINCT who) FROM journal_happenings"
    " WHERE bot = :bot AND day >= :since AND kind IN ('question', 'list', 'handoff') GROUP BY ambassador"
)


@dataclass(frozen=True, slots=True)
class Touch:
    """A person came through an ambassador. `id`: what ledger and numbers know."""

    person: bytes
    ambassador: bytes
    id: str
    at: float


@dataclass(frozen=True, slots=True)
class Count:
    """How many different people did a thing, and how often; of one day or of one item, where those are named."""

    kind: str
    people: int
    times: int
    day: str = ""
    item: str = ""


def touch_of(books: Books, rules: Rules, person: bytes) -> Touch | None:
    """Return the touch of a person that still holds."""
    found = _touch(books, person)
    return found if found and books.now - found.at < rules.touch_days * 86400 else None


def _touch(books: Books, person: bytes) -> Touch | None:
    row = books.connection.execute(_TOUCH, {"person": person}).mappings().first()
    return None if row is None else _read(row)


def came(books: Books, rules: Rules, chat_id: int, by: Ambassador, touch_id: str, item: str) -> Came:
    """Note that a person opened something of an ambassador; decide whose the person is, and write it into the ledger.

    `touch_id`: for a new touch. What is refused is written down with its reason in the ledger of the one who is refused.
    """
    if by.state != "approved":
        return "nobody"
    person = books.key(chat_id)
    points.lock(books, by.key)
    if person == by.key:
        points.note(books, rules, by.key, f"self:{points.day_of(books.now)}", "opened", "self")
        return "self"
    held = touch_of(books, rules, person)
    happened(books, by.key, chat_id, "open", item)
    if held is not None:
        if held.ambassador == by.key:
            return "again"
        points.note(books, rules, by.key, f"taken:{held.id}", "opened", "taken")
        return "taken"
    refused = _refused(books, rules, by, person)
    if refused:
        points.note(books, rules, by.key, f"{refused}:{touch_id}", "opened", refused)
        return refused
    lapsed = _touch(books, person)
    if lapsed is not None and lapsed.ambassador == by.key:
        touch_id = lapsed.id  # what counted once for them does not count again
    row = {"person": person, "bot": books.bot, "ambassador": by.key, "id": touch_id, "at": books.now}
    books.connection.execute(_SET, row)
    books.mark(chat_id, MARK, {"id": touch_id, "until": books.now + rules.touch_days * 86400})
    points.note(books, rules, by.key, f"opened:{touch_id}", "opened")
    return "first"


def _refused(books: Books, rules: Rules, by: Ambassador, person: bytes) -> Literal["ring", "burst"] | None:
    """Return why a new person does not count: two help each other, or too many come at once."""
    own = touch_of(books, rules, by.key)
    if own is not None and own.ambassador == person:
        return "ring"
    recent = books.connection.execute(
        text("SELECT COUNT(*) FROM journal_touches WHERE ambassador = :who AND at > :since"),
        {"who": by.key, "since": books.now - rules.burst_minutes * 60},
    ).scalar_one()
    return "burst" if recent >= rules.burst_people else None


def earned(books: Books, rules: Rules, person: bytes, kind: str, once: str = "") -> bool:
    """Note what a person did for whom the person counts: a first question, a saved list, a question solved. True when it is new."""
    held = touch_of(books, rules, person)
    if held is None:
        return False
    return points.note(books, rules, held.ambassador, f"{kind}:{once or held.id}", kind)


def solved(books: Books, rules: Rules, most: int = 100) -> int:
    """Note the questions to the staff that people said were solved, of people who count for somebody; return how many are new."""
    rows = books.connection.execute(
        text(
            "SELECT ticket.id, ticket.person FROM desk_tickets AS ticket JOIN journal_touches AS touch"
            " ON touch.person = ticket.person WHERE ticket.bot = :bot AND ticket.rating = 1 AND ticket.opened_at >= touch.at"
            " AND NOT EXISTS (SELECT 1 FROM journal_points AS line WHERE line.ambassador = touch.ambassador"
            " AND line.event = 'solved:' || ticket.id) ORDER BY ticket.id LIMIT :most"
        ),
        {"bot": books.bot, "most": most},
    ).all()
    return sum(earned(books, rules, bytes(person), "solved", str(ticket)) for ticket, person in rows)


def happened(books: Books, ambassador: bytes, chat_id: int, kind: str, item: str) -> None:
    """Count a thing that a person did with something of an ambassador."""
    row = {
        "ambassador": ambassador, "who": _who(books, ambassador, chat_id), "kind": kind, "item": item,
        "day": points.day_of(books.now), "bot": books.bot,
    }  # fmt: skip
    books.connection.execute(_HAPPENED, row)


def by_day(books: Books, ambassador: bytes, since: str) -> list[Count]:
    """Return how many different people did what on each day since a day."""
    rows = books.connection.execute(_BY_DAY, {"who": ambassador, "since": since}).mappings()
    return [Count(row["kind"], row["people"], int(row["times"]), day=row["day"]) for row in rows]


def by_item(books: Books, ambassador: bytes, since: str) -> list[Count]:
    """Return how many different people did what with each thing since a day."""
    rows = books.connection.execute(_BY_ITEM, {"who": ambassador, "since": since}).mappings()
    return [Count(row["kind"], row["people"], int(row["times"]), item=row["item"]) for row in rows]


def sums(books: Books, ambassador: bytes, since: str) -> list[Count]:
    """Return how many different people did what since a day."""
    rows = books.connection.execute(_BY_KIND, {"who": ambassador, "since": since}).mappings()
    return [Count(row["kind"], row["people"], int(row["times"])) for row in rows]


def helped(books: Books, since: str) -> dict[bytes, int]:
    """Return how many different people each ambassador has helped since a day: they asked, kept a list or wanted a person."""
    rows = books.connection.execute(_HELPED, {"bot": books.bot, "since": since}).all()
    return {bytes(ambassador): int(people) for ambassador, people in rows}


def leave(books: Books, chat_id: int, anonymous: bytes) -> None:
    """Delete through whom a person came; counts stay, under a number (`anonymous`, 16 bytes) that is nobody's."""
    books.mark(chat_id, MARK, None)
    found = books.connection.execute(
        text("SELECT DISTINCT ambassador FROM journal_happenings WHERE bot = :bot"), {"bot": books.bot}
    )
    for (ambassador,) in found.all():
        row = {"who": _who(books, bytes(ambassador), chat_id), "ambassador": bytes(ambassador), "none": anonymous}
        statement = "UPDATE journal_happenings SET who = :none WHERE ambassador = :ambassador AND who = :who"
        books.connection.execute(text(statement), row)
    books.connection.execute(text("DELETE FROM journal_touches WHERE person = :key"), {"key": books.key(chat_id)})


def forget(books: Books, chat_id: int, anonymous: bytes) -> None:
    """Delete who came through whom, also through this person; counts stay, see `leave`."""
    leave(books, chat_id, anonymous)
    key = books.key(chat_id)
    books.connection.execute(text("DELETE FROM journal_touches WHERE ambassador = :key"), {"key": key})
    books.connection.execute(text("DELETE FROM journal_happenings WHERE ambassador = :key"), {"key": key})
    points.forget(books, key)


def _who(books: Books, ambassador: bytes, chat_id: int) -> bytes:
    return books.sealer.pseudonym(f"visitor {books.bot} {ambassador.hex()} {chat_id}")


def _read(row: RowMapping) -> Touch:
    return Touch(bytes(row["person"]), bytes(row["ambassador"]), row["id"], row["at"])
