"""Writing the catalogue back as a folder: what is in force, in the columns of the format."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection, RowMapping, case, select

from catalog_db import tables
from catalog_db.database import Database
from catalog_db.errors import LoadError
from catalog_db.loading.columns import FILES, GUIDES, PRODUCTS, File

PACKAGE = "lvxuan-catalogue"  # the name in datapackage.json: says that a folder is an export
_CHUNK = 2_000


def export(database: Database, folder: Path) -> dict[str, int]:
    """Write the catalogue folder, its datapackage.json too; give the number of rows by file name.

    Withdrawn rows are not written; a price is dated with the day it was seen. Importing the folder gives an equal
    catalogue. Raises LoadError when the folder cannot be written or holds something else than an earlier export.
    """
    try:
        _make_room(folder)
        with database.snapshot() as connection:
            counts = {file.name: _file(connection, file, folder) for file in FILES}
        _datapackage(folder)
    except OSError as error:
        raise LoadError("export.file", name=error.filename or folder, reason=error.strerror or error) from error
    return counts


def _make_room(folder: Path) -> None:
    """Make the folder, or clear it of the guides of an earlier export; the other files are written over."""
    folder.mkdir(parents=True, exist_ok=True)
    if not any(folder.iterdir()):
        return
    if not _is_export(folder / "datapackage.json"):
        raise LoadError("export.occupied", name=folder)
    for old in (folder / "guides").glob("*.md"):
        old.unlink()


def _is_export(path: Path) -> bool:
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and content.get("name") == PACKAGE


def _file(connection: Connection, file: File, folder: Path) -> int:
    rows = _rows(connection, file)
    if file is GUIDES:
        return _guides(rows, folder / "guides")
    extra = sorted(_attribute_names(connection)) if file is PRODUCTS else []
    names = [column.stored_as for column in file.columns]
    count = 0
    with (folder / file.path).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL)
        writer.writerow([*(column.name for column in file.columns), *extra])
        for row in rows:
            attributes = row["attributes"] if extra else {}
            writer.writerow([*(_cell(row[name]) for name in names), *(attributes.get(name, "") for name in extra)])
            count += 1
    return count


def _rows(connection: Connection, file: File) -> Iterator[RowMapping]:
    table = file.table
    columns: list[Any] = [column for column in table.columns if column.name != "price_on"]
    if table is tables.products:
        seen = ((table.c.price_on.is_not(None), table.c.price_on), (table.c.price.is_not(None), table.c.seen_on))
        columns.append(case(*seen).label("price_on"))
    order = table.c.position if "position" in table.c else next(iter(table.primary_key.columns))
    statement = select(*columns).where(table.c.withdrawn.is_(False)).order_by(order)
    return iter(connection.execute(statement, execution_options={"yield_per": _CHUNK}).mappings())


def _attribute_names(connection: Connection) -> set[str]:
    table = tables.products.c
    statement = select(table.attributes).where(table.withdrawn.is_(False), table.attributes.is_not(None))
    rows = connection.execute(statement, execution_options={"yield_per": _CHUNK})
    return {name for (attributes,) in rows for name in attributes}


def _guides(rows: Iterable[RowMapping], folder: Path) -> int:
    """Write guides named by number, for an import reads them in order of their names."""
    folder.mkdir(exist_ok=True)
    count = 0
    for count, row in enumerate(rows, 1):
        front = {
            column.name: value
            for column in GUIDES.columns
            if column.name != "body" and (value := _front(row[column.stored_as])) not in (None, [])
        }
        words = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=10_000)
        (folder / f"{count:04}-{row['id']}.md").write_text(f"---\n{words}---\n\n{row['body']}\n", encoding="utf-8")
    return count


def _front(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else _cell(value) or None


def _cell(value: Any) -> str:
    """Write a value as the format has it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "|".join(value)
    if isinstance(value, float):
        return f"{value:.15f}".rstrip("0").rstrip(".")
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _datapackage(folder: Path) -> None:
    resources = [
        {
            "name": file.name,
            "path": file.path,
            "profile": "tabular-data-resource",
            "schema": {"fields": [{"name": column.name} for column in file.columns], "primaryKey": file.key},
        }
        for file in FILES
        if file is not GUIDES
    ]
    content = {"profile": "tabular-data-package", "name": PACKAGE, "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
