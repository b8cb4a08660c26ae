"""How many people of a county keep a product: counted of those who agreed to it, and told only from five people on.

A row holds the product, the county and a pseudonym of the person and the product together: two rows of one person cannot be
told to be of one person. It goes when the product leaves the person's lists, when the agreement is taken back, and by itself
after half a year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import BigInteger, Column, Double, Index, LargeBinary, Table, Text, bindparam, text

from catalog_db.journal.books import Books
from catalog_db.journal.permissions import allows, keep, profile
from catalog_db.journal.tables import metadata

PURPOSE = "neighbours"  # the permission
FEWEST = 5  # fewer people are never told of: who they are could be guessed
DAYS = 180  # so long somebody counts who has not touched a list since
COUNTY = "county"  # of a profile: where the person counts

neighbours = Table(
    "journal_neighbours",
    metadata,
    Column("mark", LargeBinary, primary_key=True),
    Column("bot", BigInteger, nullable=False),
    Column("county", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("at", Double, nullable=False),
)
Index("ix_journal_neighbours_item", neighbours.c.bot, neighbours.c.county, neighbours.c.item)

_COUNT = text(
    "SELECT item, COUNT(*) AS people FROM journal_neighbours"
    " WHERE bot = :bot AND county = :county AND item IN :items AND at >= :since GROUP BY item HAVING COUNT(*) >= :fewest"
).bindparams(bindparam("items", expanding=True))
_DROP = text("DELETE FROM journal_neighbours WHERE mark = :mark")
_SET = text(
    "INSERT INTO journal_neighbours (mark, bot, county, item, at) VALUES (:mark, :bot, :county, :item, :at)"
    " ON CONFLICT (mark) DO UPDATE SET county = excluded.county, at = excluded.at"
)


def count(books: Books, county: str, items: Collection[str]) -> Mapping[str, int]:
    """Return how many people of a county keep each of these products, those that at least `FEWEST` people keep."""
    if not items:
        return {}
    wanted = {
        "bot": books.bot, "county": county, "items": list(items), "since": books.now - DAYS * 86400, "fewest": FEWEST,
    }  # fmt: skip
    return {row.item: row.people for row in books.connection.execute(_COUNT, wanted).all()}


def live_in(books: Books, chat_id: int, county: str | None) -> None:
    """Note where somebody counts who has agreed to be counted; None: not known, it stays as it was."""
    given = profile(books, chat_id)
    if county is None or not allows(given, PURPOSE) or given.get(COUNTY) == county:
        return
    keep(books, chat_id, given | {COUNTY: county})


def hold(books: Books, chat_id: int, before: Collection[str], kept: Collection[str]) -> None:
    """Count a person with what is kept now, and no more with what was kept before; nobody who has not agreed."""
    given = profile(books, chat_id)
    county = given.get(COUNTY) if allows(given, PURPOSE) else None
    counted = dict.fromkeys(kept) if county else {}
    for item in set(before) - counted.keys():
        books.connection.execute(_DROP, {"mark": _mark(books, chat_id, item)})
    for item in counted:
        row = {"mark": _mark(books, chat_id, item), "bot": books.bot, "county": county, "item": item, "at": books.now}
        books.connection.execute(_SET, row)


def _mark(books: Books, chat_id: int, item: str) -> bytes:
    return books.sealer.pseudonym(f"{books.bot}:{chat_id}:{item}")
