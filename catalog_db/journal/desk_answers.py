"""Canned answers of the desk: found by their name or its initials, with {names} that the catalogue fills in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, insert, or_, select, update

from catalog_db.journal.books import Books
from catalog_db.journal.desk_tables import answers


@dataclass(frozen=True, slots=True)
class Canned:
    """An answer kept for many. `picture`: the file's number at the Bot API."""

    id: int
    code: str
    initials: str
    text: str
    picture: str | None


def put(books: Books, code: str, initials: str, text: str, picture: str | None, by: bytes) -> None:
    """Keep an answer under a name; one that stands there is replaced."""
    values = {"initials": initials, "text": text, "picture": picture, "by": by, "at": books.now}
    mine = (answers.c.bot == books.bot) & (answers.c.code == code)
    if not books.connection.execute(update(answers).where(mine).values(**values)).rowcount:
        books.connection.execute(insert(answers).values(bot=books.bot, code=code, **values))


def drop(books: Books, code: str) -> bool:
    """Delete an answer; tell whether there was one."""
    mine = (answers.c.bot == books.bot) & (answers.c.code == code)
    return books.connection.execute(delete(answers).where(mine)).rowcount > 0


def named(books: Books, name: str) -> list[Canned]:
    """Return the answers with a name or with these initials, a name before initials."""
    mine = (answers.c.bot == books.bot) & or_(answers.c.code == name, answers.c.initials == name)
    rows = books.connection.execute(select(answers).where(mine).order_by(answers.c.code != name, answers.c.code))
    return [_canned(row) for row in rows.mappings()]


def every(books: Books) -> list[Canned]:
    """Return all answers by name."""
    rows = books.connection.execute(select(answers).where(answers.c.bot == books.bot).order_by(answers.c.code))
    return [_canned(row) for row in rows.mappings()]


def _canned(row: RowMapping) -> Canned:
    return Canned(row["id"], row["code"], row["initials"], row["text"], row["picture"])
