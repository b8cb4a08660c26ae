"""接龙: who wants what of a list, and how many. An interest, no order and no money.

A name is kept only when its person agreed to that, sealed, and is for the owner of the list alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, Table, Text, text

from catalog_db.journal.books import Books
from catalog_db.journal.tables import metadata

MOST = 500  # of one list

wants = Table(
    "journal_wants",
    metadata,
    Column("list", Text, primary_key=True),
    Column("person", LargeBinary, primary_key=True),
    Column("item", Text, primary_key=True),  # kind and name of the entry
    Column("count", BigInteger, nullable=False),
    Column("name", LargeBinary),  # sealed; NULL: counted without a name
    Column("at", Double, nullable=False),
)
Index("ix_journal_wants_person", wants.c.person)


@dataclass(frozen=True, slots=True)
class Want:
    """Somebody wants so many of an entry. `name`: None when the person did not agree to be named."""

    item: str
    count: int
    name: str | None
    at: float


def want(books: Books, list_id: str, chat_id: int, item: str, count: int, name: str | None) -> bool:
    """Note what somebody wants, instead of what the same person wanted of this entry. False when the list has no room."""
    row = {
        "list": list_id, "person": books.key(chat_id), "item": item, "count": count, "at": books.now,
        "name": None if name is None else books.seal(name, "want"),
    }  # fmt: skip
    held = books.connection.execute(
        text("SELECT COUNT(*) FROM journal_wants WHERE list = :list AND person <> :person"), row
    ).scalar_one()
    if held >= MOST:
        return False
    books.connection.execute(
        text(
            "INSERT INTO journal_wants (list, person, item, count, name, at) VALUES (:list, :person, :item, :count, :name, :at)"
            " ON CONFLICT (list, person, item) DO UPDATE SET count = excluded.count, name = excluded.name, at = excluded.at"
        ),
        row,
    )
    return True


def of_list(books: Books, list_id: str) -> list[Want]:
    """Return who wants what, the first first."""
    rows = books.connection.execute(
        text("SELECT item, count, name, at FROM journal_wants WHERE list = :list ORDER BY at, item"), {"list": list_id}
    )
    return [
        Want(item, count, None if name is None else books.open(name, "want"), at)
        for item, count, name, at in rows.all()
    ]


def of_person(books: Books, chat_id: int) -> list[Want]:
    """Return what a person wants, of all lists."""
    rows = books.connection.execute(
        text("SELECT item, count, name, at FROM journal_wants WHERE person = :person ORDER BY at, item"),
        {"person": books.key(chat_id)},
    )
    return [
        Want(item, count, None if name is None else books.open(name, "want"), at)
        for item, count, name, at in rows.all()
    ]


def withdraw(books: Books, list_id: str, chat_id: int) -> int:
    """Take back what a person wants of a list; return how many entries."""
    row = {"list": list_id, "person": books.key(chat_id)}
    return books.connection.execute(
        text("DELETE FROM journal_wants WHERE list = :list AND person = :person"), row
    ).rowcount


def erase(books: Books, list_id: str) -> None:
    """Delete everything about a list."""
    books.connection.execute(text("DELETE FROM journal_wants WHERE list = :list"), {"list": list_id})


def forget(books: Books, chat_id: int) -> None:
    """Delete what a person wants."""
    books.connection.execute(text("DELETE FROM journal_wants WHERE person = :person"), {"person": books.key(chat_id)})
