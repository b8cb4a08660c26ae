"""The import: a source is read file by file, checked, and replaces the catalogue in one transaction."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import Connection, delete, select, update

from catalog_db import tables
from catalog_db.database import Database
from catalog_db.errors import LoadError
from catalog_db.loading import guides
from catalog_db.loading.cells import Fault
from catalog_db.loading.checking import Checker, Known, Values
from catalog_db.loading.columns import CATEGORIES, FILES, GUIDES, TERMS, File
from catalog_db.loading.report import Entry, Report, Tally, write
from catalog_db.loading.sources import Source, open_source
from catalog_db.loading.trees import loops
from catalog_db.loading.writing import TableWriter, see
from catalog_db.vocabulary import WordCount

Progress = Callable[[str, int], None]  # file name without .csv, rows read so far


class _Undone(Exception):  # noqa: N818 - ends the transaction of a dry run, no error
    """The transaction is to be rolled back on purpose."""


def load(
    source: Path,
    database: Database,
    *,
    today: date,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Replace the catalogue by what a folder, zip or xlsx holds; rows that are gone are withdrawn.

    All of it happens in one transaction: a crash leaves the catalogue as it was, and so does a dry run. `today` (of
    Asia/Shanghai) is the day a price without `price_on` was seen. Writes import-report.csv beside the data.
    Raises LoadError when nothing could be read (where rows were all rejected it names the report), DatabaseError when the database cannot be written.
    """
    report = Report(str(source), dry_run)
    with open_source(source) as opened:
        folder = opened.report_folder
        _require_files(opened)
        with contextlib.suppress(_Undone), database.writing() as connection:
            run = _Run(connection, opened, report, Known(), WordCount(), today, progress or _silent)
            run.load()
            if dry_run or not report.loaded:
                raise _Undone
    report.path = write(report, folder)
    if not report.loaded:
        raise LoadError("source.nothing", name=source, report=report.path)
    return report


def _silent(file: str, rows: int) -> None:
    """Say nothing."""


def _require_files(source: Source) -> None:
    for file in FILES:
        if file.mandatory and not source.has(file.name):
            raise LoadError("source.no_file", name=source.name, file=file.path)


@dataclass(slots=True)
class _Run:
    """One import under way."""

    connection: Connection
    source: Source
    report: Report
    known: Known
    words: WordCount
    today: date
    progress: Progress
    digest: int = 0
    moved: int = 0

    def load(self) -> None:
        if self.source.broken_datapackage():
            self.report.entries.append(Entry("warning", "datapackage.json", 0, "", "", "datapackage.broken"))
        for file in FILES:
            self.report.tallies[file.name] = self._file(file)
        see(self.connection, self.today)
        self._finish()

    def _file(self, file: File) -> Tally:
        checker = Checker(file, self.known, self.report.entries.append)
        writer = TableWriter(self.connection, file.table, self.today)
        ids = self.known.of(file.name)
        read = 0
        for values in self._rows(file, checker):
            ids.add(values[file.key])
            self.words.add(file.name, values)
            writer.put(values)
            read += 1
            if read % 2_000 == 0:
                self.progress(file.name, read)
        self.progress(file.name, read)
        tally = writer.finish()
        tally.rejected = checker.rejected
        self.digest = (self.digest + writer.digest) % (1 << 64)
        self.moved += writer.moved
        return tally

    def _rows(self, file: File, checker: Checker) -> Iterator[Values]:
        sheet = self.source.sheet(file.name)
        rows: Iterable[Values] = checker.rows(sheet) if sheet is not None else ()
        if file is CATEGORIES:
            return _tree([(checker.line, values) for values in rows], checker)
        if file is TERMS:
            return _merged(rows)
        if file is GUIDES:
            return self._guides(rows, checker)
        return iter(rows)

    def _guides(self, rows: Iterable[Values], checker: Checker) -> Iterator[Values]:
        yield from rows
        for path, sheet in guides.sheets(self.source.guides()):
            checker.path = path
            if isinstance(sheet, Fault):
                checker.rejected += 1
                self.report.entries.append(Entry("rejected", path, 1, "", "", sheet.key, sheet.values))
            else:
                yield from checker.rows(sheet)

    def _finish(self) -> None:
        row = tables.catalogue
        before = self.connection.execute(select(row.c.revision)).scalar_one()
        self.report.revision = before
        if not (self.report.changed or self.moved):
            return
        self.report.revision = revision = before + 1
        self.connection.execute(delete(tables.product_changes))
        self.connection.execute(
            update(row).values(
                revision=revision,
                bulk_revision=revision,
                vocabulary=self.words.dump(),
                digest=f"{self.digest:016x}",
            )
        )


def _merged(rows: Iterable[Values]) -> Iterator[Values]:
    """Give each taught word once, with all its synonyms, under an identifier of its own."""
    found: dict[str, Values] = {}
    for values in rows:
        key = f"{values['kind']}={values['value']}"
        first = found.setdefault(key, {**values, "id": key, "synonyms": ()})
        first["synonyms"] = tuple(dict.fromkeys((*first["synonyms"], *values.get("synonyms", ()))))
    return iter(found.values())


def _tree(rows: list[tuple[int, Values]], checker: Checker) -> Iterator[Values]:
    """Give the categories that stand on no loop of parents, without the parents and related codes that are unknown."""
    circles = loops({values["code"]: values.get("parent") for _, values in rows})
    good = {values["code"] for _, values in rows} - circles.keys()
    for line, values in rows:
        checker.at(line)
        code, parent = values["code"], values.get("parent")
        if code in circles:
            checker.rejected += 1
            checker.reject("parent", parent or "", Fault("loop", loop=" → ".join(circles[code])))
            continue
        if parent is not None and parent not in good:
            checker.unknown("parent", parent, "categories")
            values["parent"] = None
        for other in values.get("related", ()):
            if other not in good:
                checker.unknown("related", other, "categories")
        values["related"] = tuple(other for other in values.get("related", ()) if other in good)
        yield values
