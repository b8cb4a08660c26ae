"""Making the folder: by the importer's rules, the same for the same day, moving with the day."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from catalog_db.database import Database
from catalog_db.demonstration.guides import date_season
from catalog_db.demonstration.making import main, make
from catalog_db.demonstration.sources import settle
from catalog_db.loading import load
from tests.catalog_db.demonstration.conftest import TODAY, Folder


def content(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


@pytest.mark.parametrize("today", [TODAY, date(2028, 2, 29), date(2027, 1, 1)])
def test_the_importer_has_nothing_to_say(sqlite: Database, tmp_path: Path, today: date) -> None:
    make(tmp_path / "demo", today)
    report = load(tmp_path / "demo", sqlite, today=today)
    assert [(entry.file, entry.line, entry.value) for entry in report.entries] == []
    again = load(tmp_path / "demo", sqlite, today=today)
    assert not any(tally.altered for tally in again.tallies.values())


def test_the_same_day_gives_the_same_bytes(folder: Folder, tmp_path: Path) -> None:
    make(tmp_path / "one", TODAY)
    make(tmp_path / "one", TODAY)
    assert content(tmp_path / "one") == {
        name: bytes_ for name, bytes_ in content(folder.path).items() if name != "import-report.csv"
    }


def test_from_the_command_line(folder: Folder, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "catalog_db.demonstration.making", str(tmp_path / "demo"), "--today", "2026-11-22"]
    subprocess.run(command, check=True)
    assert content(tmp_path / "demo") == content(folder.path)


def test_a_bad_day_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--today", "2026-13-01"])
    assert "2026-13-01" in capsys.readouterr().err


def test_events_and_certificates_move_with_the_day(folder: Folder, tmp_path: Path) -> None:
    later = TODAY + timedelta(days=100)
    make(tmp_path, later)
    moved = Folder(tmp_path)
    for before, after in zip(folder.rows("events"), moved.rows("events"), strict=True):
        shift = datetime.fromisoformat(after["starts_at"]) - datetime.fromisoformat(before["starts_at"])
        assert shift == timedelta(days=100)
    ends = folder.column("certificates", "expires_on"), moved.column("certificates", "expires_on")
    assert ends[0] != ends[1]
    assert max(moved.column("products", "price_on")) == later.isoformat()
    assert moved.column("products", "sku") == folder.column("products", "sku")
    assert moved.column("products", "price") == folder.column("products", "price")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@+0 19:30", "2026-11-22T19:30:00+08:00"),
        ("@-23", "2026-10-30"),
        ("@+40", "2027-01-01"),
        ("a@b", "a@b"),
        ("", ""),
    ],
)
def test_cells_relative_to_the_day(text: str, expected: str) -> None:
    assert settle(text, TODAY) == expected


@pytest.mark.parametrize(
    ("today", "season", "expected"),
    [
        (date(2026, 11, 22), "11-01..03-15", "from: 2026-11-01\nuntil: 2027-03-15"),
        (date(2027, 2, 1), "11-01..03-15", "from: 2026-11-01\nuntil: 2027-03-15"),
        (date(2027, 3, 15), "11-01..03-15", "from: 2026-11-01\nuntil: 2027-03-15"),
        (date(2027, 3, 16), "11-01..03-15", "from: 2027-11-01\nuntil: 2028-03-15"),
        (date(2026, 11, 22), "05-15..07-31", "from: 2027-05-15\nuntil: 2027-07-31"),
        (date(2026, 6, 1), "05-15..07-31", "from: 2026-05-15\nuntil: 2026-07-31"),
    ],
)
def test_seasons(today: date, season: str, expected: str) -> None:
    assert date_season(f"id: x\nseason: {season}\n---\n", today) == f"id: x\n{expected}\n---\n"
