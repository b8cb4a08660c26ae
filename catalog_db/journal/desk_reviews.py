"""Answers of the desk looked at by sampling: who looked at which ticket, and whether it was well answered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Double, LargeBinary, Table, Text, delete, insert, select, update

from catalog_db.journal import desk
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Ticket
from catalog_db.journal.desk_tables import tickets
from catalog_db.journal.tables import metadata

VERDICTS = ("good", "better")  # well answered; could be better
_MOST = 2_000

reviews = Table(
    "desk_reviews",
    metadata,
    Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    Column("reviewer", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("answerer", LargeBinary),  # who had the ticket
    Column("verdict", Text),  # NULL: drawn, not judged yet
    Column("at", Double, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """How many of somebody's tickets were judged, and how many of them well answered."""

    answerer: bytes | None
    good: int
    total: int


def draw(
    books: Books, reviewer: bytes, since: float, most: int, chosen: Callable[[Sequence[Ticket], int], Sequence[Ticket]]
) -> list[Ticket]:
    """Draw closed tickets that were answered by somebody else and judged by nobody; `chosen` takes some of them."""
    known = set(books.connection.execute(select(reviews.c.ticket).where(reviews.c.bot == books.bot)).scalars())
    found = desk.tickets_where(
        books, tickets.c.state == "closed", tickets.c.answered_at.is_not(None), tickets.c.person.is_not(None),
        tickets.c.closed_at >= since, tickets.c.owner.is_not(None), tickets.c.owner != reviewer, most=_MOST,
    )  # fmt: skip
    open_ones = [one for one in found if one.id not in known]
    drawn = list(chosen(open_ones, min(most, len(open_ones))))
    for one in drawn:
        row = {"ticket": one.id, "reviewer": reviewer, "bot": books.bot, "answerer": one.owner, "at": books.now}
        books.connection.execute(insert(reviews).values(row))
    return drawn


def judge(books: Books, reviewer: bytes, ticket: int, verdict: str) -> bool:
    """Note what somebody thinks of a ticket that was drawn for them; False when it was judged, or is not theirs."""
    mine = (reviews.c.ticket == ticket) & (reviews.c.reviewer == reviewer) & reviews.c.verdict.is_(None)
    return books.connection.execute(update(reviews).where(mine).values(verdict=verdict, at=books.now)).rowcount > 0


def judged(books: Books, since: float) -> list[Reviewed]:
    """Return for each of the staff how their tickets were judged since."""
    mine = (reviews.c.bot == books.bot) & (reviews.c.at >= since) & reviews.c.verdict.is_not(None)
    counts: dict[bytes | None, list[int]] = {}
    for answerer, verdict in books.connection.execute(select(reviews.c.answerer, reviews.c.verdict).where(mine)):
        kept = counts.setdefault(None if answerer is None else bytes(answerer), [0, 0])
        kept[0] += verdict == VERDICTS[0]
        kept[1] += 1
    return [Reviewed(answerer, good, total) for answerer, (good, total) in counts.items()]


def purge(books: Books, before: float) -> None:
    """Delete old judgements."""
    books.connection.execute(delete(reviews).where(reviews.c.bot == books.bot, reviews.c.at < before))
