"""Bringing the rows of one file into its table: what is new, other, gone or back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import blake2b
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, update

from catalog_db import tables
from catalog_db.folding import fold_model, fold_number
from catalog_db.loading.report import Tally
from catalog_db.loading.upserting import link, unlink, upsert

BATCH = 5_000
# Kept beside what comes from the file; attributes are handled apart.
_KEPT = frozenset({"withdrawn", "fingerprint", "position", "seen_on", "model_folded", "folded", "attributes"})


class TableWriter:
    """Writes one table inside the import's transaction. Call `put` for each good row, `finish` once."""

    def __init__(self, connection: Connection, table: Table, today: date) -> None:
        self.tally = Tally()
        self.digest = 0  # of all rows in force, whatever their order
        self.moved = 0  # rows whose place in the file is another: no change that a person would count
        self._connection = connection
        self._table = table
        self._key = next(iter(table.primary_key.columns))
        self._today = today
        self._ordered = "position" in table.c
        self._had = self._existing()
        self._waiting: list[dict[str, Any]] = []
        self._replaced: list[str] = []  # those of `_waiting` that were there before
        self._shifts: list[dict[str, Any]] = []
        self._count = 0

    def _existing(self) -> dict[str, tuple[int, bool, int]]:
        position = self._table.c.position if self._ordered else self._table.c.fingerprint
        statement = select(self._key, self._table.c.fingerprint, self._table.c.withdrawn, position)
        return {key: (mark, gone, place) for key, mark, gone, place in self._connection.execute(statement)}

    def put(self, values: Mapping[str, Any]) -> None:
        """Take a good row: field → value."""
        key = values[self._key.name]
        mark = fingerprint(values, self._table)
        self.digest = (self.digest + mark) % (1 << 64)
        place = self._count
        self._count += 1
        had = self._had.pop(key, None)
        if had is None:
            self.tally.added += 1
        elif had[1]:
            self.tally.restored += 1
        elif had[0] != mark:
            self.tally.changed += 1
        else:
            self.tally.unchanged += 1
            if self._ordered and had[2] != place:
                self._shifts.append({"key_": key, "place_": place})
            return
        row = stored(self._table, values, mark, self._today)
        if self._ordered:
            row["position"] = place
        self._waiting.append(row)
        if had is not None:
            self._replaced.append(key)
        if len(self._waiting) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        upsert(self._connection, self._table, self._waiting)
        if self._table is tables.certificates:
            unlink(self._connection, self._replaced)
            link(self._connection, self._waiting)
        self._waiting.clear()
        self._replaced.clear()

    def finish(self) -> Tally:
        """Write what is left and withdraw the rows that did not come; give the counts."""
        self._flush()
        gone = [key for key, (_, withdrawn, _) in self._had.items() if not withdrawn]
        self.tally.withdrawn = len(gone)
        if gone:
            statement = update(self._table).where(self._key == bindparam("key_")).values(withdrawn=True)
            self._connection.execute(statement, [{"key_": key} for key in gone])
            if self._table is tables.certificates:
                unlink(self._connection, gone)
        if self._shifts:
            statement = update(self._table).where(self._key == bindparam("key_"))
            self._connection.execute(statement.values(position=bindparam("place_")), self._shifts)
            self.moved = len(self._shifts)
        return self.tally


def see(connection: Connection, today: date) -> None:
    """Note that the import of this day brought every product in force."""
    products = tables.products
    statement = update(products).where(products.c.withdrawn.is_(False), products.c.seen_on != today)
    connection.execute(statement.values(seen_on=today))


def stored(table: Table, values: Mapping[str, Any], mark: int, today: date) -> dict[str, Any]:
    """Give the row of a table (without its position) for the values of a row in force."""
    row: dict[str, Any] = {**values, "fingerprint": mark, "withdrawn": False}
    if table is tables.products:
        row["seen_on"] = today
        if model := values.get("model"):
            row["model_folded"] = fold_model(model)
    elif table is tables.certificates:
        row["folded"] = fold_number(values["number"])
    return row


def fingerprint(values: Mapping[str, Any], table: Table) -> int:
    """Give a signed 64-bit mark of a row: equal values give equal marks, whatever their order."""
    order = _order(table)
    known = [
        (order[name], value) for name, value in values.items() if value is not None and value != () and name in order
    ]
    known.sort(key=_number)
    attributes = sorted(values.get("attributes", {}).items())
    digest = blake2b(repr((known, attributes)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_number = itemgetter(0)


@cache
def _order(table: Table) -> dict[str, int]:
    """Number the columns that come from the file, attributes apart."""
    names = [column.name for column in table.columns if column.name not in _KEPT]
    return {name: number for number, name in enumerate(names)}
