"""Columns read in bulk say what the records say, on both databases."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from catalog_db import bulk_rows, rows
from catalog_db.changes import withdraw_product
from catalog_db.database import Database
from catalog_db.loading import load
from catalog_db.search.batches import batches
from catalog_db.search.source import Batch
from tests.catalog_db.conftest import TODAY
from tests.catalog_db.folders import Rows, write_folder
from tests.catalog_db.test_catalog import DATES, files


def said(found: Iterable[Batch]) -> dict[str, dict[str, Any]]:
    """Return by sku what is known of each product."""
    known: dict[str, dict[str, Any]] = {}
    for batch in found:
        size = len(batch.columns["sku"])
        columns = {**batch.columns, "evidence": batch.evidence or [()] * size, "named": batch.named or [()] * size}
        for row in zip(*columns.values(), strict=True):
            one = {name: value for name, value in zip(columns, row, strict=True) if value not in (None, ())}
            known[one["sku"]] = {**one, "named": set(one.get("named", ()))}
    return known


def stock() -> dict[str, Rows]:
    """Give products and certificates in many states."""
    result = files()
    result["products"] += [
        {
            "sku": f"q{n}",
            "title": f"马桶 {n}",
            "category": "toilet",
            "price": f"{n}.05",
            "坑距": "305mm",
            "光泽": "哑光",
        }
        for n in range(40)
    ]
    result["products"][-1].update(
        sells_to="370000|410000", scenes="卫生间", rating="4.5", growth_pct="-3", origin="370783"
    )
    result["certificates"] += [
        {"number": "A-1", "scheme": "water_saving", "grade": "1", "skus": "q1|q2", **DATES},
        {"number": "A-2", "scheme": "energy_saving", "enterprise": "e1", "skus": "q2|p1|p3", **DATES},
        {"number": "A-3", "scheme": "energy_saving", "enterprise": "e1", "skus": "q2", **DATES},
        {"number": "A-4", "scheme": "green_product", "skus": "q3", "status": "revoked", **DATES},
        {"number": "A-5", "scheme": "green_product", "skus": "q4", **DATES},
    ]
    return result


def test_columns_say_what_the_records_say(database: Database, tmp_path: Path) -> None:
    load(write_folder(tmp_path / "data", stock()), database, today=TODAY)
    later = stock()
    later["certificates"] = [one for one in later["certificates"] if one["number"] != "A-5"]
    load(write_folder(tmp_path / "later", later), database, today=TODAY)
    withdraw_product(database, "q5")
    with database.snapshot() as connection:
        in_bulk = said(bulk_rows.batches(connection))
        one_by_one = said(batches(rows.stream(connection)))
    assert in_bulk == one_by_one
    assert not {"p3", "q5"} & in_bulk.keys()
    assert len(in_bulk["q2"]["evidence"]) == 2
    assert "evidence" not in in_bulk["q3"]
    assert "evidence" not in in_bulk["q4"]


def test_an_empty_database_gives_nothing(database: Database) -> None:
    with database.snapshot() as connection:
        assert said(bulk_rows.batches(connection)) == {}
