"""Imports as a whole: sources, what a second import does, and that a broken one leaves the catalogue as it was."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest

from catalog_db.catalog import Catalogue
from catalog_db.database import Database, open_database
from catalog_db.errors import CatalogueError, DatabaseError, LoadError
from catalog_db.loading import Report, load, reasons
from tests.catalog_db.conftest import TODAY, sqlite_url
from tests.catalog_db.folders import GOOD, good, write_folder
from tests.catalog_db.workbooks import write_workbook

ROWS = sum(len(rows) for rows in GOOD.values()) + 1  # and the guide
LATER = date(2026, 12, 1)


def test_a_folder_loads_whole(database: Database, tmp_path: Path) -> None:
    report = load(write_folder(tmp_path / "data", good()), database, today=TODAY)
    assert (report.exit_status, report.rejected, report.warnings, report.loaded) == (0, 0, 0, ROWS)
    assert {name: tally.added for name, tally in report.tallies.items()} == {
        **{name: len(rows) for name, rows in GOOD.items()},
        "guides": 1,
    }
    with Catalogue(database) as catalogue:
        product = catalogue.product("p1")
        assert catalogue.revision == 1
        assert [store.name for store in catalogue.stores.values()] == ["镇上店"]
        assert catalogue.events["x1"].starts_at is not None
        assert catalogue.events["x1"].starts_at.isoformat() == "2026-11-22T19:30:00+08:00"
        assert catalogue.guides["g1"].body == "先看证书，再看味道。"
        assert catalogue.guides["g1"].shown_from == date(2026, 1, 1)
    assert product is not None
    assert (product.price_on, product.sales_30d, product.reviews, product.on_sale) == (TODAY, 0, None, True)


def test_a_second_import_changes_nothing_and_says_so(database: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", good())
    first = load(folder, database, today=TODAY)
    second = load(folder, database, today=LATER)
    assert not second.changed
    assert second.revision == first.revision
    assert [key for key, _ in second.lines()] == ["import.unchanged", "import.report"]
    with Catalogue(database) as catalogue:
        product = catalogue.product("p1")
    assert product is not None
    assert product.price_on == LATER  # brought again on that day


def test_many_rows_load_and_change(database: Database, tmp_path: Path) -> None:
    files = good()
    files["products"] = [
        {"sku": f"p{number}", "title": f"漆 {number}", "category": "latex", "price": f"{number}.5", "光泽": "哑光"}
        for number in range(1, 6_001)
    ]
    dates = {"issued_on": "2025-01-01", "expires_on": "2027-12-31"}
    files["certificates"] = [
        {"number": f"N{number}", "scheme": "other", "skus": f"p{number}|p{number + 1}", **dates}
        for number in range(1, 6_000)
    ]
    load(write_folder(tmp_path / "one", files), database, today=TODAY)
    for row in files["certificates"]:
        row["skus"] = row["skus"].split("|")[0]
    for row in files["products"][::2]:
        row["title"] += " 新"
    report = load(write_folder(tmp_path / "two", files), database, today=TODAY)
    assert (report.tallies["products"].changed, report.tallies["products"].unchanged) == (3_000, 3_000)
    assert report.tallies["certificates"].changed == 5_999
    with Catalogue(database) as catalogue:
        first, last = catalogue.products(["p1", "p6000"])
        assert {sku: len(c) for sku, c in catalogue.certificates_of_many(["p2", "p6000"]).items()} == {
            "p2": 1,
            "p6000": 0,
        }
    assert (first.title, last.title, str(last.price), last.attributes) == (
        "漆 1 新",
        "漆 6000",
        "6000.50",
        {"光泽": "哑光"},
    )


def test_columns_and_rows_in_another_order_are_no_change(sqlite: Database, tmp_path: Path) -> None:
    files = good()
    files["products"][0]["功率"] = "5W"
    load(write_folder(tmp_path / "one", files), sqlite, today=TODAY)
    files["products"] = [dict(reversed(row.items())) for row in reversed(files["products"])]
    files["categories"] = [files["categories"][2], *files["categories"][:2]]
    report = load(write_folder(tmp_path / "two", files), sqlite, today=TODAY)
    assert not report.changed
    with Catalogue(sqlite) as catalogue:
        assert list(catalogue.categories) == ["toilet", "wall", "latex"]


def test_a_changed_folder_is_counted(database: Database, tmp_path: Path) -> None:
    files = good()
    load(write_folder(tmp_path / "one", files), database, today=TODAY)
    files["products"] = [{**files["products"][0], "price": "199"}, {**files["products"][2], "sku": "p4"}]
    files["certificates"] = []
    report = load(write_folder(tmp_path / "two", files, guide=None), database, today=LATER)
    tally = report.tallies["products"]
    assert (tally.added, tally.changed, tally.withdrawn, tally.restored, tally.unchanged) == (1, 1, 2, 0, 0)
    assert report.tallies["certificates"].withdrawn == report.tallies["guides"].withdrawn == 1
    with Catalogue(database) as catalogue:
        gone = catalogue.product("p2")
        assert catalogue.certificate("GBM-2025-001") is None
        assert catalogue.certificates_of("p1") == catalogue.certificates_of_enterprise("e1") == []
        assert not catalogue.guides
    assert gone is not None
    assert gone.withdrawn
    assert not gone.shown
    assert gone.price_on == TODAY  # no later import brought it


def test_what_was_withdrawn_is_restored(database: Database, tmp_path: Path) -> None:
    files = good()
    everything = write_folder(tmp_path / "one", files)
    load(everything, database, today=TODAY)
    few = {"categories": files["categories"], "products": files["products"][:1]}
    load(write_folder(tmp_path / "two", few, guide=None), database, today=TODAY)
    report = load(everything, database, today=TODAY)
    restored = {name: tally.restored for name, tally in report.tallies.items() if tally.restored}
    assert restored == {
        **{name: len(rows) for name, rows in files.items() if name not in few},
        "products": 2,
        "guides": 1,
    }
    assert sum(tally.added for tally in report.tallies.values()) == 0
    with Catalogue(database) as catalogue:
        assert [c.number for c in catalogue.certificates_of("p1")] == ["GBM-2025-001"]
        product = catalogue.product("p2")
    assert product is not None
    assert product.shown


def test_a_row_that_became_faulty_is_not_kept_as_it_was(sqlite: Database, tmp_path: Path) -> None:
    files = good()
    load(write_folder(tmp_path / "one", files), sqlite, today=TODAY)
    files["certificates"][0]["status"] = "revokd"  # a slip must not leave the product certified
    report = load(write_folder(tmp_path / "two", files), sqlite, today=TODAY)
    assert (report.exit_status, report.tallies["certificates"].withdrawn) == (1, 1)
    with Catalogue(sqlite) as catalogue:
        assert catalogue.certificates_of("p1") == []


def test_a_dry_run_says_what_would_happen_and_does_nothing(database: Database, tmp_path: Path) -> None:
    files = good()
    load(write_folder(tmp_path / "one", files), database, today=TODAY)
    files["products"][0]["price"] = "1"
    files["brands"][0]["name"] = ""
    report = load(write_folder(tmp_path / "two", files), database, today=TODAY, dry_run=True)
    assert (report.dry_run, report.rejected, report.tallies["products"].changed) == (True, 1, 1)
    assert ("import.dry_run", {}) in report.lines()
    assert report.path == tmp_path / "two" / "import-report.csv"
    with Catalogue(database) as catalogue:
        product = catalogue.product("p1")
        assert catalogue.revision == 1
        assert "b1" in catalogue.brands
    assert product is not None
    assert str(product.price) == "299.50"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(sqlite: Database, tmp_path: Path, encoding: str) -> None:
    report = load(write_folder(tmp_path / "data", good(), encoding=encoding), sqlite, today=TODAY)
    assert (report.exit_status, report.loaded) == (0, ROWS)
    with Catalogue(sqlite) as catalogue:
        assert catalogue.categories["latex"].name == "乳胶漆"


@pytest.mark.parametrize("top", ["", "目录/"])
def test_a_zip_loads_like_its_folder(sqlite: Database, tmp_path: Path, top: str) -> None:
    folder = write_folder(tmp_path / "data", good())
    load(folder, sqlite, today=TODAY)
    archive = zipped(folder, tmp_path / "catalogue.zip", top)
    report = load(archive, sqlite, today=TODAY)
    assert (report.changed, report.loaded) == (False, ROWS)
    assert report.path == tmp_path / "import-report.csv"


def test_a_workbook_loads_like_its_folder(sqlite: Database, tmp_path: Path) -> None:
    files = good()
    load(write_folder(tmp_path / "data", files, guide=None), sqlite, today=TODAY)
    files["certificates"][0].update(issued_on="45658", expires_on="46752")  # serial numbers of the same days
    files["products"][0]["price"] = "299.50000000000006"  # what a spreadsheet stores for a computed 299.5
    dates = frozenset({"issued_on", "expires_on"})
    report = load(write_workbook(tmp_path / "catalogue.xlsx", files, dates=dates), sqlite, today=TODAY)
    assert [entry.reason for entry in report.entries] == []
    assert (report.changed, report.loaded) == (False, ROWS - 1)


def test_progress_is_told_for_every_file(sqlite: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    folder = write_folder(tmp_path / "data", good())
    load(folder, sqlite, today=TODAY, progress=lambda file, rows: told.append((file, rows)))
    assert told[0] == ("categories", 3)
    assert dict(told)["products"] == 3


def test_the_report_goes_to_the_current_folder_when_the_data_cannot_be_written_to(
    sqlite: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_folder(tmp_path / "data", good())
    (folder / "import-report.csv").mkdir()  # cannot be opened for writing, even by root
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    report = load(folder, sqlite, today=TODAY)
    assert report.path == here / "import-report.csv"
    assert report.lines()[-1] == ("import.report", {"path": str(here / "import-report.csv")})


# What cannot be read at all


def refused(source: Path, database: Database) -> str:
    """Import what cannot be imported; give the sentence."""
    before = contents(database)
    with pytest.raises(LoadError) as caught:
        load(source, database, today=TODAY)
    assert contents(database) == before
    return reasons.word(caught.value.key, caught.value.values)


def test_what_is_not_there(sqlite: Database, tmp_path: Path) -> None:
    assert refused(tmp_path / "没有", sqlite) == f"找不到 {tmp_path / '没有'}"


def test_an_empty_folder(sqlite: Database, tmp_path: Path) -> None:
    (tmp_path / "空").mkdir()
    assert refused(tmp_path / "空", sqlite) == f"{tmp_path / '空'} 里什么也没有"


def test_a_folder_of_pictures(sqlite: Database, tmp_path: Path) -> None:
    folder = tmp_path / "照片"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(b"\xff\xd8\xff")
    assert "categories.csv" in refused(folder, sqlite)


@pytest.mark.parametrize("missing", ["categories", "products"])
def test_a_folder_without_a_mandatory_file(sqlite: Database, tmp_path: Path, missing: str) -> None:
    folder = write_folder(tmp_path / "data", good())
    (folder / f"{missing}.csv").unlink()
    assert f"没有 {missing}.csv" in refused(folder, sqlite)


def test_a_folder_in_which_no_row_is_good(sqlite: Database, tmp_path: Path) -> None:
    load(write_folder(tmp_path / "one", good()), sqlite, today=TODAY)
    files = {"categories": [{"code": "", "name": "甲"}], "products": [{"sku": "", "title": "乙", "category": "甲"}]}
    sentence = refused(write_folder(tmp_path / "two", files, guide=None), sqlite)
    report = tmp_path / "two" / "import-report.csv"
    assert sentence.endswith(str(report))
    assert "必填" in report.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_cut_in_the_middle_of_a_character(sqlite: Database, tmp_path: Path, encoding: str) -> None:
    folder = write_folder(tmp_path / "data", good(), encoding=encoding)
    path = folder / "products.csv"
    whole = path.read_bytes().rstrip()
    path.write_bytes(whole + f"\r\np4,新来的漆,latex,{',' * 8}".encode(encoding) + "漆".encode(encoding)[:-1])
    report = load(folder, sqlite, today=TODAY)
    assert [(entry.file, entry.line, entry.key) for entry in report.entries] == [("products.csv", 5, "text.garbled")]
    with Catalogue(sqlite) as catalogue:
        assert catalogue.categories["latex"].name == "乳胶漆"
        assert [product.title for product in catalogue.products(["p2", "p4"])] == ["节水马桶"]


def test_a_damaged_place_costs_its_row_only(sqlite: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", good())
    path = folder / "products.csv"
    path.write_bytes(path.read_bytes().replace("马桶".encode(), "马桶".encode()[:-1] + b"\xff"))
    report = load(folder, sqlite, today=TODAY)
    assert [(entry.file, entry.line, entry.key) for entry in report.entries] == [
        ("products.csv", 3, "text.garbled"),
        ("pavilions.csv", 2, "reference.unknown"),
    ]


def test_empty_columns_without_a_name_are_left_alone(sqlite: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", good())
    for name in ("brands", "faqs"):
        path = folder / f"{name}.csv"
        path.write_text(
            "".join(f"{line},,\n" for line in path.read_text(encoding="utf-8").splitlines()), encoding="utf-8"
        )
    path.write_text(path.read_text(encoding="utf-8").replace("可以退。,", "可以退。,多的"), encoding="utf-8")
    report = load(folder, sqlite, today=TODAY)
    assert [(entry.file, entry.line, entry.value, entry.key) for entry in report.entries] == [
        ("faqs.csv", 2, "多的", "column.unnamed")
    ]


def test_a_file_in_no_encoding(sqlite: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", good())
    (folder / "brands.csv").write_bytes(b"id,name\nb1,\xff\xff\xff\n")
    assert "brands.csv" in refused(folder, sqlite)


def test_a_picture_that_calls_itself_a_table(sqlite: Database, tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.zip", "a.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff\xe0not a table")
        assert str(tmp_path / name) in refused(tmp_path / name, sqlite)


@pytest.mark.parametrize("entry", ["../outside.csv", "data/../../outside.csv", "/etc/outside.csv", "..\\outside.csv"])
def test_a_zip_that_leads_outside(sqlite: Database, tmp_path: Path, entry: str) -> None:
    archive = zipped(write_folder(tmp_path / "data", good()), tmp_path / "catalogue.zip")
    with zipfile.ZipFile(archive, "a") as bad:
        bad.writestr(entry, "x")
    assert "outside.csv" in refused(archive, sqlite)
    assert not (tmp_path.parent / "outside.csv").exists()


def test_a_zip_that_unpacks_to_too_much(sqlite: Database, tmp_path: Path) -> None:
    archive = zipped(write_folder(tmp_path / "data", good()), tmp_path / "catalogue.zip")
    content = archive.read_bytes()
    with zipfile.ZipFile(archive) as opened:
        size = opened.getinfo("faqs.csv").file_size
    at = content.rindex(b"PK\x01\x02", 0, content.rindex(b"faqs.csv"))  # the entry in the directory of the archive
    forged = content[: at + 24] + (0xF0000000).to_bytes(4, "little") + content[at + 28 :]
    assert int.from_bytes(content[at + 24 : at + 28], "little") == size
    archive.write_bytes(forged)
    assert "太大" in refused(archive, sqlite)


def test_a_truncated_zip(sqlite: Database, tmp_path: Path) -> None:
    archive = zipped(write_folder(tmp_path / "data", good()), tmp_path / "catalogue.zip")
    archive.write_bytes(archive.read_bytes()[:-300])
    assert "zip" in refused(archive, sqlite)


def test_a_zip_whose_content_is_damaged(sqlite: Database, tmp_path: Path) -> None:
    archive = zipped(write_folder(tmp_path / "data", good()), tmp_path / "catalogue.zip")
    content = bytearray(archive.read_bytes())
    at = content.index("节水马桶".encode())
    content[at : at + 3] = b"xyz"
    archive.write_bytes(content)
    assert "zip" in refused(archive, sqlite)


def test_a_broken_datapackage_is_named_and_the_rest_loads(sqlite: Database, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "data", good())
    (folder / "datapackage.json").write_text('{"name": "半', encoding="utf-8")
    report = load(folder, sqlite, today=TODAY)
    assert (report.exit_status, report.loaded, report.warnings) == (0, ROWS, 1)
    assert "datapackage.json" in report.entries[0].reason


# What breaks on the way

INTERRUPTED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from catalog_db.database import open_database
from catalog_db.loading import load

def progress(file, rows):
    if file == "faqs":
        os.kill(os.getpid(), int(sys.argv[3]))

signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts in the background ignores it
load(Path(sys.argv[1]), open_database(sys.argv[2]), today=date(2026, 11, 22), progress=progress)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_killed_import_leaves_the_catalogue_as_it_was(
    database: Database, tmp_path: Path, sign: signal.Signals
) -> None:
    files = good()
    load(write_folder(tmp_path / "one", files), database, today=TODAY)
    before = contents(database)
    files["products"] = [{**files["products"][0], "title": "换了名"}]
    folder = write_folder(tmp_path / "two", files)
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", INTERRUPTED, str(folder), url, str(int(sign))]
    result = subprocess.run(command, capture_output=True, timeout=60, check=False)
    assert result.returncode == -sign
    assert contents(database) == before
    assert load(folder, database, today=TODAY).tallies["products"].changed == 1


def test_a_database_that_may_not_grow(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path))
    load(write_folder(tmp_path / "one", good()), database, today=TODAY)
    before = contents(database)
    files = good()
    files["products"] += [{"sku": f"n{i}", "title": "长" * 200, "category": "latex"} for i in range(3_000)]
    folder = write_folder(tmp_path / "two", files)
    sizes = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, 600_000))"
    code = sizes + INTERRUPTED.replace("os.kill(os.getpid(), int(sys.argv[3]))", "pass")
    command = [sys.executable, "-c", code, str(folder), sqlite_url(tmp_path)]
    result = subprocess.run(command, capture_output=True, timeout=60, check=False, text=True)
    assert "DatabaseError: database.full" in result.stderr
    assert contents(database) == before
    database.close()


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"not a database at all, only text" * 100)
    with pytest.raises(DatabaseError) as caught:
        open_database(sqlite_url(tmp_path))
    assert reasons.word(caught.value.key, caught.value.values) == f"{tmp_path / 'catalogue.db'} 不是数据库文件"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("nonsense", "database.url"),
        ("nosuch://x/y", "database.url"),
        ("sqlite:////no/such/folder/x.db", "database.unopened"),
        ("postgresql://nobody@127.0.0.1:1/none", "database.failed"),
    ],
)
def test_a_database_that_cannot_be_opened(url: str, key: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        open_database(url)
    assert caught.value.key == key
    assert "{" not in reasons.word(key, caught.value.values)


def test_a_database_that_may_only_be_read(tmp_path: Path) -> None:
    open_database(sqlite_url(tmp_path)).close()
    folder = write_folder(tmp_path / "data", good())
    url = f"sqlite:///file:{tmp_path / 'catalogue.db'}?mode=ro&uri=true"
    with contextlib.closing(open_database(url)) as database, pytest.raises(DatabaseError) as caught:
        load(folder, database, today=TODAY)
    assert caught.value.key == "database.readonly"
    assert str(tmp_path / "catalogue.db") in reasons.word(caught.value.key, caught.value.values)


def zipped(folder: Path, archive: Path, top: str = "") -> Path:
    """Pack a folder, uncompressed."""
    with zipfile.ZipFile(archive, "w") as result:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "import-report.csv":
                result.write(path, f"{top}{path.relative_to(folder)}")
    return archive


def contents(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Read every table."""
    from catalog_db.tables import metadata

    with database.snapshot() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(table.select()))
            for table in metadata.sorted_tables
        }


def test_the_report_says_what_to_print(tmp_path: Path, sqlite: Database) -> None:
    files = good()
    files["brands"].append({"id": "", "name": "无"})
    report: Report = load(write_folder(tmp_path / "data", files), sqlite, today=TODAY)
    lines = report.lines()
    assert lines[0] == ("import.file", {"file": "categories", "added": 3, "changed": 0, "withdrawn": 0, "restored": 0})
    assert ("import.rejected", {"rejected": 1}) in lines
