"""Who works at the desk, what they may do, how they are let in, and the log of what they did and saw."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from catalog_db.journal.books import Books
from catalog_db.journal.desk_tables import invitations, log, staff, tickets
from catalog_db.journal.statements import Statement

WHO = "desk staff"
ROLES = ("lead", "agent", "auditor")
NO_ROLE = "none"
COMMAND_LINE = b""  # who invites there
INVITED_SECONDS = 3 * 86_400.0
# With every message of the staff: on the driver (`statements`).
_OF_KEY = Statement("SELECT * FROM desk_staff WHERE key = :key")
_NOTE = Statement(
    "INSERT INTO desk_log (bot, at, who, action, ticket, detail) VALUES (:bot, :at, :who, :action, :ticket, :detail)"
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff."""

    key: bytes
    user_id: int
    name: str
    role: str
    duty: bool


def colleague(books: Books, user_id: int) -> Colleague | None:
    """Return somebody with a role; asked for each action, never remembered."""
    return colleague_of(books, books.key(user_id))


def colleague_of(books: Books, key: bytes | None) -> Colleague | None:
    """Return somebody with a role by pseudonym."""
    row = next(iter(_OF_KEY.rows(books.connection, {"key": key})), None) if key else None
    found = _colleague(books, row) if row else None
    return found if found and found.role in ROLES else None


def _colleague(books: Books, row: Mapping[str, Any]) -> Colleague:
    who = books.open(row["who"], WHO)
    return Colleague(bytes(row["key"]), int(who["number"]), str(who["name"]), row["role"], bool(row["duty"]))


def colleagues(books: Books) -> list[Colleague]:
    """Return everybody with a role, in the order in which they came."""
    rows = books.connection.execute(select(staff).where(staff.c.bot == books.bot).order_by(staff.c.since, staff.c.key))
    return [one for row in rows.mappings() if (one := _colleague(books, dict(row))).role in ROLES]


def appoint(books: Books, user_id: int, name: str, role: str, by: bytes | None) -> None:
    """Give somebody a role, or take it (NO_ROLE)."""
    key = books.key(user_id)
    known = books.connection.execute(select(staff.c.key).where(staff.c.key == key)).first()
    values: dict[str, Any] = {
        "who": books.seal({"number": user_id, "name": name}, WHO), "role": role, "duty": role in ("lead", "agent"), "by": by,
    }  # fmt: skip
    if known is None:
        books.connection.execute(insert(staff).values(key=key, bot=books.bot, since=books.now, **values))
    else:
        books.connection.execute(update(staff).where(staff.c.key == key).values(**values))


def is_last_lead(books: Books, who: Colleague) -> bool:
    """Tell whether nobody would be left who may let others in."""
    leads = [one.key for one in colleagues(books) if one.role == "lead"]
    return leads == [who.key]


def set_duty(books: Books, key: bytes, *, duty: bool) -> None:
    """Note who is there."""
    books.connection.execute(update(staff).where(staff.c.key == key).values(duty=duty))


def on_duty(books: Books) -> list[Colleague]:
    """Return who can answer now."""
    return [one for one in colleagues(books) if one.duty and one.role in ("lead", "agent")]


# ---- invitations


def invite(books: Books, token: str, user_id: int, role: str, by: bytes) -> None:
    """Keep an invitation, good once, for one person, for three days."""
    row = {
        "token": _hash(token), "bot": books.bot, "invited": books.key(user_id), "role": role, "by": by,
        "until": books.now + INVITED_SECONDS,
    }  # fmt: skip
    books.connection.execute(insert(invitations).values(row))


def accept(books: Books, token: str, user_id: int, name: str) -> str | None:
    """Take an invitation; return the role, or None when it is none, not this person's, used or too old."""
    mine = (invitations.c.token == _hash(token)) & (invitations.c.invited == books.key(user_id))
    free = invitations.c.used_at.is_(None) & (invitations.c.until >= books.now)
    statement = (
        update(invitations).where(mine, free).values(used_at=books.now).returning(invitations.c.role, invitations.c.by)
    )
    taken = books.connection.execute(statement).first()
    if taken is None:
        return None
    by = bytes(taken[1])
    inviter = colleague_of(books, by)
    if by != COMMAND_LINE and (inviter is None or inviter.role != "lead"):  # who invited has no right to any more
        return None
    known = colleague(books, user_id)
    if known is not None and taken[0] != "lead" and is_last_lead(books, known):
        return None  # nobody could let anybody in any more
    appoint(books, user_id, name, taken[0], by or None)
    return str(taken[0])


def _hash(token: str) -> bytes:
    return hashlib.blake2b(token.encode(), digest_size=16).digest()


# ---- the log


def note(books: Books, who: bytes | None, action: str, ticket: int | None = None, detail: str = "") -> None:
    """Log what somebody did or saw. `detail`: nothing personal."""
    row = {"bot": books.bot, "at": books.now, "who": who, "action": action, "ticket": ticket, "detail": detail}
    _NOTE.run(books.connection, row)


def logged(
    books: Books, ticket: int | None = None, most: int = 20
) -> list[tuple[float, bytes | None, str, int | None]]:
    """Return the newest entries: when, who, what, which ticket."""
    condition = log.c.ticket == ticket if ticket is not None else log.c.bot == books.bot
    rows = books.connection.execute(select(log).where(condition).order_by(log.c.id.desc()).limit(most)).mappings()
    return [(r["at"], None if r["who"] is None else bytes(r["who"]), r["action"], r["ticket"]) for r in rows]


def purge_log(books: Books, before: float) -> None:
    """Delete old entries."""
    books.connection.execute(delete(log).where(log.c.bot == books.bot, log.c.at < before))


def workload(books: Books) -> dict[bytes, int]:
    """Count the tickets that each of the staff has."""
    statement = select(tickets.c.owner, func.count()).where(tickets.c.bot == books.bot, tickets.c.state == "owned")
    return {bytes(row[0]): row[1] for row in books.connection.execute(statement.group_by(tickets.c.owner)) if row[0]}
