"""Who is to be told once: whose question could not be answered, and to whom we said that something is certified.

Both by the person's own word. What was asked, where the person is reached and in which language lies sealed; certificates are public.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    Index,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import sqlite

from catalog_db.journal.books import Books
from catalog_db.journal.records import Json
from catalog_db.journal.tables import metadata

MOST_WISHES = 20  # of one person
MOST_GIVEN = 200  # of one person; the oldest give way
_WISH, _GIVEN = "desk wish", "desk given"

wishes = Table(
    "desk_wishes",
    metadata,
    Column("id", BigInteger().with_variant(sqlite.INTEGER(), "sqlite"), primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: chat, text, locale
    Column("seen", BigInteger, nullable=False),  # the revision of the catalogue by which it could not be answered
    Column("at", Double, nullable=False),
    Column("told_at", Double),
    sqlite_autoincrement=True,
)
Index("ix_desk_wishes_person", wishes.c.person)

given = Table(
    "desk_given",
    metadata,
    Column("person", LargeBinary, primary_key=True),
    Column("certificate", Text, primary_key=True),
    Column("sku", Text, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed: chat, locale
    Column("at", Double, nullable=False),  # when the person was told last that it holds
    Column("told_at", Double),  # when the person was told that it holds no more
)
Index("ix_desk_given_certificate", given.c.bot, given.c.certificate)


@dataclass(frozen=True, slots=True)
class Wish:
    """A question whose answer somebody waits for."""

    id: int
    person: bytes
    chat_id: int
    text: str
    locale: str
    at: float
    told: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that named a certificate in force."""

    chat_id: int
    locale: str
    certificate: str
    sku: str
    at: float


# ---- questions without an answer


def wish(books: Books, chat_id: int, text: str, locale: str, revision: int) -> Wish | None:
    """Keep that somebody wants to be told; the same question once. None when there are too many."""
    own = wishes_of(books, chat_id)
    same = next((one for one in own if one.text == text and not one.told), None)
    if same is not None:
        return same
    if sum(not one.told for one in own) >= MOST_WISHES:
        return None
    content = books.seal({"chat": chat_id, "text": text, "locale": locale}, _WISH)
    row = {"bot": books.bot, "person": books.key(chat_id), "content": content, "seen": revision, "at": books.now}
    number = int(books.connection.execute(insert(wishes).values(row).returning(wishes.c.id)).scalar_one())
    return wish_of(books, chat_id, number)


def wishes_of(books: Books, chat_id: int) -> list[Wish]:
    """Return what somebody wants to be told of, oldest first."""
    return _wishes(books, wishes.c.person == books.key(chat_id))


def wish_of(books: Books, chat_id: int, number: int) -> Wish | None:
    """Return a wish of this person, None when it is none."""
    return next(iter(_wishes(books, wishes.c.person == books.key(chat_id), wishes.c.id == number)), None)


def unwish(books: Books, chat_id: int, number: int) -> bool:
    """Forget a wish of this person; tell whether there was one."""
    mine = (wishes.c.person == books.key(chat_id)) & (wishes.c.id == number)
    return books.connection.execute(delete(wishes).where(mine)).rowcount > 0


def unseen(books: Books, revision: int, most: int) -> list[Wish]:
    """Return wishes that were not held against this state of the catalogue."""
    return _wishes(books, wishes.c.bot == books.bot, wishes.c.told_at.is_(None), wishes.c.seen != revision, most=most)


def seen(books: Books, numbers: Sequence[int], revision: int) -> None:
    """Note by which state of the catalogue these cannot be answered yet."""
    if numbers:
        books.connection.execute(update(wishes).where(wishes.c.id.in_(numbers)).values(seen=revision))


def told(books: Books, number: int) -> bool:
    """Note that somebody is told; False when that was so before."""
    mine = (wishes.c.id == number) & wishes.c.told_at.is_(None)
    return books.connection.execute(update(wishes).where(mine).values(told_at=books.now)).rowcount > 0


def waiting(books: Books) -> int:
    """Count the wishes that nobody could be told of yet."""
    mine = select(wishes.c.id).where(wishes.c.bot == books.bot, wishes.c.told_at.is_(None))
    return len(books.connection.execute(mine).all())


def _wishes(books: Books, *conditions: Any, most: int = 500) -> list[Wish]:
    statement = select(wishes).where(*conditions).order_by(wishes.c.id).limit(most)
    return [_wish(books, row) for row in books.connection.execute(statement).mappings()]


def _wish(books: Books, row: RowMapping) -> Wish:
    content: Json = books.open(row["content"], _WISH)
    told_ = row["told_at"] is not None
    return Wish(row["id"], bytes(row["person"]), content["chat"], content["text"], content["locale"], row["at"], told_)


# ---- answers that named a certificate


def give(books: Books, chat_id: int, locale: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Note which certificates (number, sku) somebody was told of; said again it counts from now."""
    key, content = books.key(chat_id), books.seal({"chat": chat_id, "locale": locale}, _GIVEN)
    for certificate, sku in dict.fromkeys(pairs):
        same = (given.c.person == key) & (given.c.certificate == certificate) & (given.c.sku == sku)
        values = {"content": content, "at": books.now, "told_at": None}
        if not books.connection.execute(update(given).where(same).values(**values)).rowcount:
            row = {"person": key, "certificate": certificate, "sku": sku, "bot": books.bot, **values}
            books.connection.execute(insert(given).values(row))
    old = (
        select(given.c.certificate, given.c.sku)
        .where(given.c.person == key)
        .order_by(given.c.at.desc())
        .offset(MOST_GIVEN)
    )
    for certificate, sku in books.connection.execute(old.limit(MOST_GIVEN)).all():
        same = (given.c.person == key) & (given.c.certificate == certificate) & (given.c.sku == sku)
        books.connection.execute(delete(given).where(same))


def certificates(books: Books) -> list[tuple[str, str]]:
    """Return which certificates and products people were told of and not told otherwise since."""
    mine = select(given.c.certificate, given.c.sku).where(given.c.bot == books.bot, given.c.told_at.is_(None))
    return [(row[0], row[1]) for row in books.connection.execute(mine.distinct())]


def given_to(books: Books, certificate: str, skus: Collection[str], most: int) -> list[Given]:
    """Return to whom a certificate was named for these products, and that nobody has told otherwise since."""
    mine = select(given).where(
        given.c.bot == books.bot, given.c.certificate == certificate, given.c.sku.in_(skus), given.c.told_at.is_(None)
    )
    rows = books.connection.execute(mine.order_by(given.c.at).limit(most)).mappings()
    return [_given(books, row) for row in rows]


def given_of(books: Books, chat_id: int) -> list[Given]:
    """Return what somebody was told of."""
    mine = select(given).where(given.c.person == books.key(chat_id)).order_by(given.c.at)
    return [_given(books, row) for row in books.connection.execute(mine).mappings()]


def _given(books: Books, row: RowMapping) -> Given:
    content: Json = books.open(row["content"], _GIVEN)
    return Given(content["chat"], content["locale"], row["certificate"], row["sku"], row["at"])


def corrected(books: Books, chat_id: int, certificate: str, sku: str | None = None) -> bool:
    """Note that somebody is told that a certificate does not hold: for one product, or for whatever it was named.

    False when that was so before.
    """
    mine = (given.c.person == books.key(chat_id)) & (given.c.certificate == certificate) & given.c.told_at.is_(None)
    if sku is not None:
        mine &= given.c.sku == sku
    return books.connection.execute(update(given).where(mine).values(told_at=books.now)).rowcount > 0


# ---- keeping


def forget_given(books: Books, chat_id: int) -> None:
    """Delete what somebody was told of: it is no longer wanted."""
    books.connection.execute(delete(given).where(given.c.person == books.key(chat_id)))


def forget(books: Books, chat_id: int) -> None:
    """Delete everything of a person."""
    forget_given(books, chat_id)
    books.connection.execute(delete(wishes).where(wishes.c.person == books.key(chat_id)))


def purge(books: Books, before: float) -> None:
    """Delete what was asked and said long ago."""
    books.connection.execute(delete(wishes).where(wishes.c.bot == books.bot, wishes.c.at < before))
    books.connection.execute(delete(given).where(given.c.bot == books.bot, given.c.at < before))
