"""`lvxuan import` and `lvxuan export`: the operator's words around loading and writing the catalogue."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from bot.wording import load_wording
from catalog_db.catalog import open_catalogue
from catalog_db.database import open_database
from catalog_db.loading.export import export
from catalog_db.loading.importing import load


def run_import(source: Path, url: str, today: date, *, dry_run: bool) -> int:
    """Load a source, print what it changed; the last line printed is the report's path. Returns the exit status."""
    wording = load_wording()
    database = open_database(url)
    progress = _Progress(sys.stderr.isatty())
    try:
        report = load(source, database, today=today, dry_run=dry_run, progress=progress.tell)
    finally:
        progress.end()
        database.close()
    if not dry_run:
        open_catalogue(url).close()  # builds the search index, so that the first question need not wait
    for key, values in report.lines():
        print(wording.say(key, **values))
    return report.exit_status


def run_export(folder: Path, url: str) -> int:
    """Write the catalogue folder and say how many rows of each file there are."""
    wording = load_wording()
    database = open_database(url)
    try:
        counts = export(database, folder)
    finally:
        database.close()
    for name, count in counts.items():
        print(wording.say("export.file", file=name, count=count))
    print(wording.say("export.done", folder=str(folder)))
    return 0


class _Progress:
    """One line that tells how far it is, on a terminal only."""

    def __init__(self, shown: bool) -> None:
        self._shown = shown

    def tell(self, file: str, rows: int) -> None:
        if self._shown:
            print(f"\r{file} {rows:,}\033[K", end="", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
