"""What an import did: counts by file, and every rejected row and warning, written as import-report.csv."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog_db.loading import reasons

FILE_NAME = "import-report.csv"
COLUMNS = ("level", "file", "line", "column", "value", "reason")
_LONGEST_VALUE = 200  # of a cell quoted in the report


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the report. level: `rejected` or `warning`; `key` and `values` are worded by the reasons table."""

    level: str
    file: str
    line: int
    column: str
    value: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def reason(self) -> str:
        """Word the reason in Chinese."""
        return reasons.word(self.key, self.values)


@dataclass(slots=True)
class Tally:
    """How the rows of one file compare with what the catalogue had. `rejected` rows did not load."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    restored: int = 0
    unchanged: int = 0
    rejected: int = 0

    @property
    def loaded(self) -> int:
        """Count the rows that are in the catalogue now."""
        return self.added + self.changed + self.restored + self.unchanged

    @property
    def altered(self) -> bool:
        """Tell whether the file changed anything."""
        return bool(self.added or self.changed or self.withdrawn or self.restored)


@dataclass(slots=True)
class Report:
    """What an import did. `tallies` by file name without `.csv`; `path` is where the report was written."""

    source: str
    dry_run: bool
    tallies: dict[str, Tally] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    path: Path | None = None
    revision: int = 0

    @property
    def rejected(self) -> int:
        """Count the rows that did not load."""
        return sum(tally.rejected for tally in self.tallies.values())

    @property
    def warnings(self) -> int:
        """Count the warnings."""
        return sum(entry.level == "warning" for entry in self.entries)

    @property
    def loaded(self) -> int:
        """Count the rows that are in the catalogue now."""
        return sum(tally.loaded for tally in self.tallies.values())

    @property
    def changed(self) -> bool:
        """Tell whether the catalogue is another than before (in a dry run: would be)."""
        return any(tally.altered for tally in self.tallies.values())

    @property
    def exit_status(self) -> int:
        """Give 0 when nothing was rejected, 1 when some rows were. When nothing could be read, `load` raises instead."""
        return 1 if self.rejected else 0

    def lines(self) -> list[tuple[str, dict[str, object]]]:
        """Give what to print, as keys with values: a line for each file that changed, the sums, the report's path last."""
        result: list[tuple[str, dict[str, object]]] = []
        for name, tally in self.tallies.items():
            if tally.altered:
                counts = ("added", "changed", "withdrawn", "restored")
                result.append(("import.file", {"file": name, **{count: getattr(tally, count) for count in counts}}))
        if not result:
            result.append(("import.unchanged", {"loaded": self.loaded}))
        if self.rejected:
            result.append(("import.rejected", {"rejected": self.rejected}))
        if self.warnings:
            result.append(("import.warnings", {"warnings": self.warnings}))
        if self.dry_run:
            result.append(("import.dry_run", {}))
        if self.path:
            result.append(("import.report", {"path": str(self.path)}))
        return result


def write(report: Report, folder: Path) -> Path | None:
    """Write import-report.csv into the folder, else the current one, else that of temporary files; give its path.

    A cell that a spreadsheet would take for a formula is written with a leading apostrophe.
    """
    for candidate in (folder, Path.cwd(), Path(tempfile.gettempdir())):
        path = candidate / FILE_NAME
        try:
            _write(report.entries, path)
        except OSError:
            continue
        return path
    return None


def _write(entries: list[Entry], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for entry in entries:
            cells = (entry.level, entry.file, str(entry.line), entry.column, entry.value[:_LONGEST_VALUE], entry.reason)
            writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
