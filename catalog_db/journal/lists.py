"""Lists that people keep, each under an opaque id for links and a code to be spoken; everything in them is sealed.

A list belongs to a person and to one of the person's notebooks (0: one's own); it is erased with the notebook. Whoever has agreed
counts among the neighbours who keep a product (`neighbours`), with the lists of one's own only.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, RowMapping, Table, Text, UniqueConstraint, text

from catalog_db.journal import neighbours, wants
from catalog_db.journal.books import Books
from catalog_db.journal.tables import metadata

MOST = 40  # lists of one person

lists = Table(
    "journal_lists",
    metadata,
    Column("id", Text, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("owner", LargeBinary, nullable=False),
    Column("notebook", BigInteger, nullable=False),
    Column("code", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: {"name", "items", "chat"}
    Column("version", BigInteger, nullable=False),  # grows with every change
    Column("used_at", Double, nullable=False),
    UniqueConstraint("bot", "code"),
)
Index("ix_journal_lists_owner", lists.c.owner, lists.c.notebook)

_COLUMNS = "id, owner, notebook, code, content, version, used_at"
_SELECT = f"SELECT {_COLUMNS} FROM journal_lists WHERE bot = :bot"  # noqa: S608 - our own names
_SET = text(
    "INSERT INTO journal_lists (id, bot, owner, notebook, code, content, version, used_at)"
    " VALUES (:id, :bot, :owner, :notebook, :code, :content, :version, :used_at)"
    " ON CONFLICT (id) DO UPDATE SET content = excluded.content, version = excluded.version, used_at = excluded.used_at"
)


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list. `items`: JSON values, see `handlers.kept_list.Kept`. `owner`: the chat of its owner. `version`: 0 not written yet."""

    id: str
    owner: int
    notebook: int
    code: str
    name: str
    items: tuple[Mapping[str, Any], ...] = ()
    version: int = 0
    used_at: float = field(default=0.0, compare=False)


def of_person(books: Books, chat_id: int, notebook: int | None = None) -> list[KeptList]:
    """Return the lists of a person, of one notebook or of all, the one used last first."""
    within = "" if notebook is None else " AND notebook = :notebook"
    found = books.connection.execute(
        text(_SELECT + " AND owner = :owner" + within + " ORDER BY used_at DESC, id"),
        {"bot": books.bot, "owner": books.key(chat_id), "notebook": notebook},
    )
    return [_read(books, row) for row in found.mappings().all()]


def find(books: Books, list_id: str) -> KeptList | None:
    """Return the list of an id."""
    return _one(books, "id", list_id)


def find_code(books: Books, code: str) -> KeptList | None:
    """Return the list of a spoken code."""
    return _one(books, "code", code)


def keep(books: Books, kept: KeptList) -> KeptList:
    """Write a list as it is now; return it as it was written."""
    before = _goods(books, kept.owner)
    content = {"name": kept.name, "items": [dict(item) for item in kept.items], "chat": kept.owner}
    row = {
        "id": kept.id, "bot": books.bot, "owner": books.key(kept.owner), "notebook": kept.notebook, "code": kept.code,
        "content": books.seal(content, "list"), "version": kept.version + 1, "used_at": books.now,
    }  # fmt: skip
    books.connection.execute(_SET, row)
    count_in(books, kept.owner, before)
    return KeptList(kept.id, kept.owner, kept.notebook, kept.code, kept.name, kept.items, kept.version + 1, books.now)


def touch(books: Books, list_id: str) -> None:
    """Note that a list was opened."""
    books.connection.execute(
        text("UPDATE journal_lists SET used_at = :now WHERE id = :id"), {"now": books.now, "id": list_id}
    )


def erase(books: Books, list_id: str) -> None:
    """Delete a list: its code and its links open nothing any more."""
    kept = find(books, list_id)
    before = _goods(books, kept.owner) if kept else set()
    wants.erase(books, list_id)
    books.connection.execute(text("DELETE FROM journal_lists WHERE id = :id"), {"id": list_id})
    if kept:
        count_in(books, kept.owner, before)


def forget(books: Books, chat_id: int, notebook: int | None = None) -> None:
    """Delete the lists of a person, of one notebook or all, and what others wanted of them."""
    for kept in of_person(books, chat_id, notebook):
        erase(books, kept.id)


def count_in(books: Books, chat_id: int, before: Set[str] = frozenset()) -> None:
    """Count a person among the neighbours by the lists as they are, as far as the person agrees. `before`: kept until now."""
    kept = _goods(books, chat_id)
    neighbours.hold(books, chat_id, before or kept, kept)


def counted(books: Books, chat_id: int) -> list[str]:
    """Return the products of one's own lists, those that a person counts with who has agreed to it."""
    return sorted(_goods(books, chat_id))


def _goods(books: Books, chat_id: int) -> set[str]:
    """Return the products on the lists of one's own."""
    return {
        item["ref"] for kept in of_person(books, chat_id, 0) for item in kept.items if item.get("kind") == "product"
    }


def _one(books: Books, column: str, value: str) -> KeptList | None:
    found = books.connection.execute(text(f"{_SELECT} AND {column} = :value"), {"bot": books.bot, "value": value})
    row = found.mappings().first()
    return None if row is None else _read(books, row)


def _read(books: Books, row: RowMapping) -> KeptList:
    content = books.open(row["content"], "list")
    return KeptList(
        row["id"], content["chat"], row["notebook"], row["code"], content["name"], tuple(content["items"]),
        row["version"], row["used_at"],
    )  # fmt: skip
