"""Make a database many times as large: copies of its products and certificates with other numbers, titles, models and prices.

    python -m benchmarks.search.copies 200000.db FOLDER --copies 49     FOLDER/10000000.db, for `benchmarks.search.served`

Put in by SQL, some 100,000 products a second; importing as many files would take hours.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
from collections.abc import Mapping
from pathlib import Path

_QUICKLY = (
    "journal_mode = off",
    "synchronous = off",
    "locking_mode = exclusive",
    "cache_size = -500000",
    "foreign_keys = off",
)
_MADE_UP = "sku LIKE 'sku-%'"  # as `benchmarks.importing` names them


def main() -> None:
    """Copy the database, then its rows."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search.copies", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("database", type=Path, help="made by benchmarks.search.served --keep")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--copies", type=int, default=49)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    products = multiply(asked.database, asked.folder / "copies.db", asked.copies)
    (asked.folder / "copies.db").rename(asked.folder / f"{products}.db")
    print(f"{asked.folder / f'{products}.db'}: {products:,} products")


def multiply(source: Path, target: Path, copies: int) -> int:
    """Write a database with so many copies beside the original; return how many products were made up in it."""
    shutil.copy(source, target)
    database = sqlite3.connect(target, isolation_level=None)
    for pragma in _QUICKLY:
        database.execute(f"PRAGMA {pragma}")
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    for table in ("products", "certificates", "certified_skus"):
        where = f" WHERE {_MADE_UP}" if table == "products" else ""
        database.execute(f"CREATE TEMP TABLE some_{table} AS SELECT * FROM {table}{where}")
    for number in range(1, copies + 1):
        for table, changes in _changes(number).items():
            _copy(database, table, changes)
    for _, statement in indexes:
        database.execute(statement)
    database.execute("UPDATE catalogue SET revision = revision + 1, bulk_revision = revision + 1")
    count: int = database.execute(f"SELECT count(*) FROM products WHERE {_MADE_UP} OR sku LIKE 't%-sku-%'").fetchone()[
        0
    ]
    database.close()
    return count


def _changes(number: int) -> Mapping[str, Mapping[str, str]]:
    """Return what is other in the rows of a copy: for each table SQL by column."""
    mark = f"{number:02}"
    return {
        "products": {
            "sku": f"'t{mark}-' || sku",
            "title": f"title || '{mark}'",
            "price": f"price + {number * 7}",
            "fingerprint": f"fingerprint + {number}",
            "model": f"model || '{mark}'",
            "model_folded": f"model_folded || '{mark}'",
        },
        "certificates": {
            "number": f"'T{mark}-' || number",
            "folded": f"'T{mark}' || folded",
            "skus": f"'t{mark}-' || skus",
            "fingerprint": f"fingerprint + {number}",
        },
        "certified_skus": {"sku": f"'t{mark}-' || sku", "number": f"'T{mark}-' || number"},
    }


def _copy(database: sqlite3.Connection, table: str, changes: Mapping[str, str]) -> None:
    names = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changes.get(name, name) for name in names)
    database.execute(f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM some_{table}")


if __name__ == "__main__":
    main()
