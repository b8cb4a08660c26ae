"""Small catalogues of a test's own, loaded from files into a real database as an operator's are, and assistants over them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from bot.bootstrap import Parts, build
from bot.settings import load_settings
from catalog_db.catalog import Catalogue, open_catalogue
from catalog_db.database import open_database
from catalog_db.loading import load
from tests.assistants import DAY
from tests.catalog_db.folders import Rows, write_folder


@contextmanager
def shelf(folder: Path, files: dict[str, Rows], today: date = DAY) -> Iterator[Catalogue]:
    """Open a catalogue of the rows of some files, kept in a folder; a row that is refused fails the test."""
    data = write_folder(folder / "data", files, guide=None)
    url = f"sqlite:///{folder / 'catalogue.db'}"
    database = open_database(url)
    report = load(data, database, today=today)
    database.close()
    assert report.rejected == 0, report
    with open_catalogue(url) as opened:
        yield opened


def assistant_over(**files: str) -> Parts:
    """Return the parts over a catalogue of CSV texts, by the names of their files; `DAY` is the day. Kept by whoever asks for it."""
    folder = Path(mkdtemp(prefix="lvxuan-shelf-"))
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    url = f"sqlite:///{folder / 'catalogue.db'}"
    database = open_database(url)
    try:
        load(folder, database, today=DAY)
    finally:
        database.close()
    return build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), DAY)
