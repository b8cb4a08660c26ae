"""The demonstration catalogue of one day, made once and read as rows."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from catalog_db.demonstration.making import make

TODAY = date(2026, 11, 22)
Rows = list[dict[str, str]]


class Folder:
    """A catalogue folder read with the standard library alone, apart from the importer."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def rows(self, name: str) -> Rows:
        """Read the rows of `name.csv`."""
        with (self.path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def column(self, name: str, column: str) -> list[str]:
        """Read one column."""
        return [row[column] for row in self.rows(name)]

    def guides(self) -> dict[str, str]:
        """Read the guides: file name without .md → text."""
        return {path.stem: path.read_text("utf-8") for path in sorted((self.path / "guides").glob("*.md"))}


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Make the catalogue of the tests' day."""
    path = tmp_path_factory.mktemp("demonstration")
    make(path, TODAY)
    return Folder(path)


def in_list(cell: str) -> list[str]:
    """Split a list inside a cell."""
    return cell.split("|") if cell else []
