"""What the desk proposes to teach: another way to say something, an answer to keep. Nobody's name; people approve it.

A proposal is open, approved (it is being written into the catalogue), live, or refused. Numbers are never given twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from catalog_db.journal import desk, desk_posts
from catalog_db.journal.books import Books
from catalog_db.journal.desk_tables import tickets
from catalog_db.journal.tables import metadata

proposals = Table(
    "desk_proposals",
    metadata,
    Column("id", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),  # faq, alias
    Column("question", Text, nullable=False),  # masked; of an alias the new word
    Column("answer", Text, nullable=False),  # in the staff's own words; of an alias what it means
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("owner", LargeBinary, nullable=False),  # of the staff: who answers for it
    Column("decided_by", LargeBinary),
    Column("at", Double, nullable=False),
    Column("expires_at", Double),  # it is taken out then
    sqlite_autoincrement=True,
)
Index("ix_desk_proposals_state", proposals.c.bot, proposals.c.state)


@dataclass(frozen=True, slots=True)
class Proposal:
    """See the table."""

    id: int
    kind: str
    question: str
    answer: str
    state: str
    version: int
    owner: bytes
    expires_at: float | None


def propose(books: Books, kind: str, question: str, answer: str, owner: bytes, expires_at: float | None) -> Proposal:
    """Keep a proposal; a further one for the same question is its next version."""
    same = (proposals.c.bot == books.bot) & (proposals.c.kind == kind) & (proposals.c.question == question)
    versions = books.connection.execute(select(proposals.c.version).where(same)).scalars().all()
    row = {
        "bot": books.bot, "kind": kind, "question": question, "answer": answer, "state": "open", "owner": owner,
        "version": 1 + max(versions, default=0), "at": books.now, "expires_at": expires_at,
    }  # fmt: skip
    number = books.connection.execute(insert(proposals).values(row).returning(proposals.c.id)).scalar_one()
    found = proposal(books, number)
    assert found is not None  # noqa: S101 - it has just been written
    return found


def proposal(books: Books, number: int) -> Proposal | None:
    """Return a proposal."""
    row = books.connection.execute(select(proposals).where(proposals.c.id == number)).mappings().first()
    return _proposal(row) if row else None


def _proposal(row: RowMapping) -> Proposal:
    return Proposal(
        row["id"], row["kind"], row["question"], row["answer"], row["state"], row["version"], bytes(row["owner"]),
        row["expires_at"],
    )  # fmt: skip


def decide(books: Books, number: int, before: str, after: str, by: bytes | None = None) -> bool:
    """Change the state of a proposal; tell whether it was in the one before: of two who decide at once one does."""
    values = {"state": after} | ({"decided_by": by} if by else {})
    mine = (proposals.c.id == number) & (proposals.c.state == before)
    return books.connection.execute(update(proposals).where(mine).values(**values)).rowcount > 0


def supersede(books: Books, number: int) -> None:
    """Let a proposal take the place of the earlier ones for the same question."""
    found = proposal(books, number)
    if found is not None:
        mine = (
            (proposals.c.bot == books.bot) & (proposals.c.kind == found.kind) & (proposals.c.question == found.question)
        )
        older = mine & (proposals.c.id < number) & (proposals.c.state == "live")
        books.connection.execute(update(proposals).where(older).values(state="replaced"))


def expire(books: Books, number: int) -> bool:
    """Let a proposal end now: it is taken out of the catalogue. Tell whether it was live."""
    mine = (proposals.c.bot == books.bot) & (proposals.c.id == number) & (proposals.c.state == "live")
    return books.connection.execute(update(proposals).where(mine).values(expires_at=books.now)).rowcount > 0


def in_state(books: Books, state: str) -> list[Proposal]:
    """Return proposals in a state, oldest first."""
    mine = (proposals.c.bot == books.bot) & (proposals.c.state == state)
    return [
        _proposal(row)
        for row in books.connection.execute(select(proposals).where(mine).order_by(proposals.c.id)).mappings()
    ]


def answered(books: Books, since: float, most: int = 200) -> list[tuple[int, str, str]]:
    """Return of tickets that were answered: number, the question, the staff's last own words."""
    found = []
    for ticket in desk.tickets_where(
        books, tickets.c.opened_at >= since, tickets.c.answered_at.is_not(None), most=most
    ):
        pair = exchanged(books, ticket.id)
        if pair is not None:
            found.append((ticket.id, *pair))
    return found


def exchanged(books: Books, ticket: int) -> tuple[str, str] | None:
    """Return the question of a ticket and the staff's last own words; drafts sent by a tap are no own words."""
    items = desk_posts.of_ticket(books, ticket)
    asked = [item.text for item in items if item.way == "in" and item.kind == "text" and len(item.text) > 3]
    said = [
        item.text
        for item in items
        if item.way == "out" and item.kind == "text" and item.state == "done" and not item.body.get("say")
    ]
    return (_longest(asked), said[-1]) if asked and said else None


def _longest(texts: Sequence[str]) -> str:
    return max(texts, key=len)
