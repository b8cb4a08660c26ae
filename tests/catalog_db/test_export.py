"""The exported folder of an imported folder imports to an equal catalogue."""

from __future__ import annotations

import json
import tempfile
from dataclasses import fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_db.catalog import Catalogue
from catalog_db.database import Database, open_database
from catalog_db.errors import LoadError
from catalog_db.loading import load
from catalog_db.loading.columns import FILES, GUIDES, Column, File
from catalog_db.loading.export import export
from catalog_db.state import State
from tests.catalog_db.conftest import TODAY, sqlite_url
from tests.catalog_db.folders import Rows, good, write_folder

LATER = date(2027, 1, 1)


def everything(database: Database) -> dict[str, Any]:
    """Read all that the catalogue says, withdrawn products apart."""
    from catalog_db import rows
    from catalog_db.state import read_state

    with database.snapshot() as connection:
        state = read_state(connection)
        stock = [(product, names) for product, names in rows.stream(connection) if not product.withdrawn]
    result = {field.name: getattr(state, field.name) for field in fields(State) if field.name != "stamp"}
    ordered = {name: list(value.items()) if isinstance(value, dict) else value for name, value in result.items()}
    return {**ordered, "products": stock}


@cache
def empty_database() -> bytes:
    """Make an empty database; give the file."""
    with tempfile.TemporaryDirectory() as name:
        open_database(sqlite_url(Path(name))).close()
        return (Path(name) / "catalogue.db").read_bytes()


def fresh(path: Path) -> str:
    """Put an empty database at a path; give its URL."""
    path.write_bytes(empty_database())
    return f"sqlite:///{path}"


def round_trip(source: Database, folder: Path) -> tuple[Database, dict[str, int]]:
    """Export a database and import the folder into a new one, on another day."""
    counts = export(source, folder / "exported")
    target = open_database(fresh(folder / "copy.db"))
    report = load(folder / "exported", target, today=LATER)
    # A list of categories of which none exists is kept, so it is warned of again.
    faults = [entry for entry in report.entries if entry.key != "reference.kept"]
    assert [(entry.file, entry.line, entry.column, entry.value, entry.reason) for entry in faults] == []
    assert {name: tally.added for name, tally in report.tallies.items()} == counts
    return target, counts


def test_a_small_catalogue_comes_back(database: Database, tmp_path: Path) -> None:
    load(write_folder(tmp_path / "data", good()), database, today=TODAY)
    copy, counts = round_trip(database, tmp_path)
    assert counts["products"] == 3
    assert everything(copy) == everything(database)
    copy.close()


def test_withdrawn_rows_are_not_exported(sqlite: Database, tmp_path: Path) -> None:
    files = good()
    load(write_folder(tmp_path / "data", files), sqlite, today=TODAY)
    files["products"] = files["products"][:1]
    load(write_folder(tmp_path / "less", files), sqlite, today=TODAY)
    copy, counts = round_trip(sqlite, tmp_path)
    assert counts["products"] == 1
    assert everything(copy) == everything(sqlite)
    copy.close()


def test_an_export_replaces_an_earlier_one_and_nothing_else(sqlite: Database, tmp_path: Path) -> None:
    load(write_folder(tmp_path / "data", good()), sqlite, today=TODAY)
    export(sqlite, tmp_path / "exported")
    first = {path.name: path.read_bytes() for path in (tmp_path / "exported").rglob("*.*")}
    export(sqlite, tmp_path / "exported")
    assert {path.name: path.read_bytes() for path in (tmp_path / "exported").rglob("*.*")} == first
    assert json.loads(first["datapackage.json"])["name"] == "lvxuan-catalogue"
    with pytest.raises(LoadError) as caught:
        export(sqlite, tmp_path / "data")
    assert caught.value.key == "export.occupied"
    assert (tmp_path / "data" / "guides" / "g1.md").exists()


# Any catalogue: cells by their kind, rows that may be faulty, references that may lead nowhere.

IDS = st.sampled_from(["a", "b", "c", "D-1", "e.2", "_f", "007", "null", "2026-01-01"])
ANY_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",)) | st.sampled_from("\"',|\r\n\t ：；#-=净味１８＊"),
    max_size=12,
)
NUMBERS = st.decimals(-50, 2000, places=2).map(str) | st.integers(0, 6).map(str)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31)).map(date.isoformat)
TIMES = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
ADCODES = st.sampled_from(["100000", "370000", "370783", "429004", "99"])


def cells(file: File, column: Column) -> st.SearchStrategy[str]:
    """Give cells for a column: those that fit and those that do not."""
    if column.refers or column.name == file.key != "adcode":
        fitting: st.SearchStrategy[str] = st.lists(IDS, min_size=1, max_size=3).map("|".join) if column.many else IDS
    elif "adcode" in column.name or column.name in ("origin", "sells_to"):
        fitting = st.lists(ADCODES, min_size=1, max_size=2).map("|".join)
    else:
        fitting = KINDS.get(column.name, ANY_TEXT)
    return st.one_of(fitting, fitting, fitting, st.just(""), ANY_TEXT)


KINDS: dict[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(("price_on", "issued_on", "expires_on", "opened_on", "started_on", "published_on"), DAYS),
    **dict.fromkeys(("from", "until"), DAYS),
    **dict.fromkeys(("starts_at", "ends_at"), TIMES),
    **dict.fromkeys(("price", "list_price", "coverage_m2", "coats", "loss_pct", "rating", "growth_pct"), NUMBERS),
    **dict.fromkeys(("latitude", "longitude", "voc_g_per_l", "water_m3_per_year", "sales_30d", "reviews"), NUMBERS),
    **dict.fromkeys(("water_grade", "energy_grade", "grade"), st.sampled_from(["1", "2", "3", "★★", "一星"])),
    "formaldehyde_grade": st.sampled_from(["ENF", "e0", "E1"]),
    "scheme": st.sampled_from(["green_building_material", "water_saving", "other"]),
    "kind": st.sampled_from(["feature", "brand", "attribute", "delivery", "live", "home_store", "trend"]),
    "status": st.sampled_from(["on_sale", "off_sale", "valid", "revoked"]),
    "criterion": st.sampled_from(["sales", "price"]),
    "level": st.sampled_from(["village", "room"]),
}


def tables_of(file: File) -> st.SearchStrategy[Rows]:
    """Give the rows of a file; products get two attributes."""
    columns = {column.name: cells(file, column) for column in file.columns if file.name != "guides"}
    if file.open_columns:
        columns |= {"光泽": ANY_TEXT, 'a,"b"': ANY_TEXT}
    return st.lists(st.fixed_dictionaries(columns), max_size=5)


FOLDERS = st.fixed_dictionaries({file.name: tables_of(file) for file in FILES if file is not GUIDES})
FRONTS = st.dictionaries(
    st.sampled_from([column.name for column in GUIDES.columns if column.name != "body"]), ANY_TEXT, max_size=6
)


def guide_text(front: dict[str, str], body: str) -> str:
    """Write a guide; JSON strings are YAML."""
    lines = [f"{name}: {json.dumps(value)}" for name, value in {"id": "g1", "title": "题", **front}.items()]
    return "\n".join(["---", *lines, "---", body])


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(files=FOLDERS, front=FRONTS, body=ANY_TEXT)
def test_any_catalogue_comes_back(files: dict[str, Rows], front: dict[str, str], body: str) -> None:
    # One category that is always right, so that something loads.
    files["categories"].insert(0, {"code": "a", "name": "类"})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = open_database(fresh(folder / "first.db"))
        load(write_folder(folder / "data", files, guide=guide_text(front, body)), database, today=TODAY)
        copy, _ = round_trip(database, folder)
        assert everything(copy) == everything(database)
        with Catalogue(copy) as catalogue:
            assert catalogue.revision == 1
        again = load(folder / "data", database, today=LATER)
        assert not again.changed
        database.close()
