"""Notebooks: a conversation for each neighbour that somebody asks for, apart from one's own and from each other.

The conversation of the notebook that is open lies where every conversation lies; those that are not open lie here. Number 0 is
one's own. The mark `notebook` of the chat says which is open and how all of them are called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Double, LargeBinary, Table, text

from catalog_db.journal.books import Books
from catalog_db.journal.tables import metadata

MARK = "notebook"
OWN = 0
MOST = 40

notebooks = Table(
    "journal_notebooks",
    metadata,
    Column("owner", LargeBinary, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("name", LargeBinary, nullable=False),  # sealed
    Column("context", LargeBinary),  # sealed: {"session", "chat"}; NULL while it is open and before it was left
    Column("used_at", Double, nullable=False),
)

_SELECT = "SELECT number, name, context, used_at FROM journal_notebooks WHERE owner = :owner"
_SET = text(
    "INSERT INTO journal_notebooks (owner, number, name, context, used_at)"
    " VALUES (:owner, :number, :name, :context, :used_at)"
    " ON CONFLICT (owner, number) DO UPDATE SET name = excluded.name, context = excluded.context,"
    " used_at = excluded.used_at"
)


@dataclass(frozen=True, slots=True)
class Notebook:
    """A notebook. `context`: session and chat as they were when it was left."""

    number: int
    name: str
    context: dict[str, Any] | None = None
    used_at: float = 0.0


def everything(books: Books, chat_id: int) -> list[Notebook]:
    """Return the notebooks of a person, one's own conversation among them, the one used last first."""
    rows = books.connection.execute(text(_SELECT + " ORDER BY used_at DESC, number"), {"owner": books.key(chat_id)})
    return [_read(books, row) for row in rows.mappings().all()]


def find(books: Books, chat_id: int, number: int) -> Notebook | None:
    """Return one notebook of a person."""
    found = books.connection.execute(
        text(_SELECT + " AND number = :number"), {"owner": books.key(chat_id), "number": number}
    )
    row = found.mappings().first()
    return None if row is None else _read(books, row)


def keep(books: Books, chat_id: int, notebook: Notebook) -> None:
    """Keep a notebook as it is now."""
    context = None if notebook.context is None else books.seal(notebook.context, "notebook")
    row = {
        "owner": books.key(chat_id), "number": notebook.number, "used_at": books.now, "context": context,
        "name": books.seal(notebook.name, "notebook name"),
    }  # fmt: skip
    books.connection.execute(_SET, row)


def erase(books: Books, chat_id: int, number: int) -> None:
    """Delete one notebook."""
    books.connection.execute(
        text("DELETE FROM journal_notebooks WHERE owner = :owner AND number = :number"),
        {"owner": books.key(chat_id), "number": number},
    )


def forget(books: Books, chat_id: int) -> None:
    """Delete all notebooks of a person."""
    books.connection.execute(text("DELETE FROM journal_notebooks WHERE owner = :owner"), {"owner": books.key(chat_id)})


def mark(books: Books, chat_id: int, number: int) -> None:
    """Say in the mark of the chat which notebook is open, and how all are called."""
    names = {str(one.number): one.name for one in everything(books, chat_id) if one.number != OWN}
    books.mark(chat_id, MARK, {"open": number, "names": names} if names else None)


def _read(books: Books, row: Any) -> Notebook:
    context = row["context"]
    return Notebook(
        row["number"], books.open(row["name"], "notebook name"),
        None if context is None else books.open(context, "notebook"), row["used_at"],
    )  # fmt: skip
