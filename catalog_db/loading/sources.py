"""Where a catalogue comes from: a folder, a zip of one, or a workbook whose sheets bear the file names."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, cast

from catalog_db.errors import LoadError
from catalog_db.loading import delimited
from catalog_db.loading.delimited import Row

MOST_UNPACKED_MB = 2_000  # of a zip: far above 1,000,000 products, far below a bomb
MOST_GUIDE_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file of the catalogue: the column names, and the rows with their line numbers."""

    columns: list[str]
    rows: Iterator[Row]


class Source(Protocol):
    """What `load` reads from."""

    name: str
    report_folder: Path  # beside the data

    def has(self, file: str) -> bool:
        """Tell whether there is a file of this name (without `.csv`)."""

    def sheet(self, file: str) -> Sheet | None:
        """Give a file by its name without `.csv`; None when there is none."""

    def guides(self) -> Iterator[tuple[str, bytes]]:
        """Give path and content of each file in `guides`, in order of their names."""

    def broken_datapackage(self) -> bool:
        """Tell whether there is a datapackage.json that is no JSON object."""


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a folder, zip or xlsx. Raises LoadError naming what is missing or unreadable."""
    try:
        if path.is_dir():
            if not any(path.iterdir()):
                raise LoadError("source.empty", name=path)
            yield Folder(path)
        elif not path.exists():
            raise LoadError("source.missing", name=path)
        elif path.suffix.lower() in (".xlsx", ".xlsm"):
            yield Workbook(path)
        elif path.suffix.lower() == ".zip" or zipfile.is_zipfile(path):
            with Archive(path) as archive:
                yield archive
        else:
            raise LoadError("source.kind", name=path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise LoadError("source.archive", name=path) from error
    except OSError as error:
        raise LoadError("source.file", name=error.filename or path, reason=error.strerror or error) from error


class Folder:
    """A folder of files."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.report_folder = path
        self._path = path

    def has(self, file: str) -> bool:
        """Tell whether there is a file of this name."""
        return (self._path / f"{file}.csv").is_file()

    def sheet(self, file: str) -> Sheet | None:
        """Give a file by its name without `.csv`."""
        path = self._path / f"{file}.csv"
        if not path.is_file():
            return None
        return _csv_sheet(path.open("rb"), path.name)

    def guides(self) -> Iterator[tuple[str, bytes]]:
        """Give the guides."""
        for path in sorted((self._path / "guides").glob("[!.]*.md")):  # not what macOS leaves beside: ._name.md
            yield f"guides/{path.name}", path.read_bytes()[:MOST_GUIDE_BYTES]

    def broken_datapackage(self) -> bool:
        """Tell whether there is a datapackage.json that is no JSON object."""
        path = self._path / "datapackage.json"
        return path.is_file() and not _is_json_object(path.read_bytes())


class Archive:
    """A zip of a folder; the files may stand at its top or in one folder inside."""

    def __init__(self, path: Path) -> None:
        self.name = str(path)
        self.report_folder = path.parent
        self._zip = zipfile.ZipFile(path)
        self._members = {_inside(entry, path): entry for entry in self._zip.infolist() if not entry.is_dir()}
        self._refuse(path)
        tops = [name.parent for name in self._members if name.name in ("categories.csv", "products.csv")]
        self._top = min(tops, key=lambda folder: len(folder.parts), default=PurePosixPath())

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *error: object) -> None:
        self._zip.close()

    def _refuse(self, path: Path) -> None:
        entries = self._members.values()
        if not entries:
            raise LoadError("source.empty", name=path)
        if any(entry.flag_bits & 1 for entry in entries):
            raise LoadError("source.archive_locked", name=path)
        _refuse_bomb(entries, path)

    def has(self, file: str) -> bool:
        """Tell whether there is a file of this name."""
        return self._top / f"{file}.csv" in self._members

    def sheet(self, file: str) -> Sheet | None:
        """Give a file by its name without `.csv`."""
        entry = self._members.get(self._top / f"{file}.csv")
        return None if entry is None else _csv_sheet(self._open(entry), f"{file}.csv")

    def guides(self) -> Iterator[tuple[str, bytes]]:
        """Give the guides."""
        folder = self._top / "guides"
        for name in sorted(self._members):
            if name.parent == folder and name.suffix == ".md" and not name.name.startswith("."):
                with self._open(self._members[name]) as stream:
                    yield f"guides/{name.name}", stream.read(MOST_GUIDE_BYTES)

    def broken_datapackage(self) -> bool:
        """Tell whether there is a datapackage.json that is no JSON object."""
        entry = self._members.get(self._top / "datapackage.json")
        return entry is not None and not _is_json_object(self._open(entry).read(MOST_GUIDE_BYTES))

    def _open(self, entry: zipfile.ZipInfo) -> BinaryIO:
        return cast(BinaryIO, self._zip.open(entry))


class Workbook:
    """An xlsx whose sheets bear the file names without `.csv`; guides may stand in a sheet with a `body` column."""

    def __init__(self, path: Path) -> None:
        from python_calamine import CalamineError, CalamineWorkbook

        self.name = str(path)
        self.report_folder = path.parent
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                _refuse_bomb(archive.infolist(), path)
        try:
            self._book = CalamineWorkbook.from_path(str(path))
        except CalamineError as error:
            raise LoadError("source.workbook", name=path) from error

        self._sheets = {name.strip().removesuffix(".csv"): name for name in self._book.sheet_names}

    def has(self, file: str) -> bool:
        """Tell whether there is a sheet of this name."""
        return file in self._sheets

    def sheet(self, file: str) -> Sheet | None:
        """Give a sheet by its name."""
        if file not in self._sheets:
            return None
        rows = self._rows(self._sheets[file])
        _, header = next(rows, (1, []))
        return Sheet([name.strip() for name in header] if isinstance(header, list) else [], rows)

    def _rows(self, name: str) -> Iterator[Row]:
        sheet = self._book.get_sheet_by_name(name)
        first = (sheet.start or (0, 0))[0] + 1  # leading empty rows are not part of the sheet's area
        for line, row in enumerate(sheet.iter_rows(), first):
            cells = [_cell(value) for value in row]
            if any(cells):
                yield line, cells

    def guides(self) -> Iterator[tuple[str, bytes]]:
        """Give no file: a workbook holds none."""
        return iter(())

    def broken_datapackage(self) -> bool:
        """Tell that there is none."""
        return False


def _inside(entry: zipfile.ZipInfo, archive: Path) -> PurePosixPath:
    """Give an entry's path, refusing one that leads out of the archive."""
    name = entry.filename
    if not entry.flag_bits & 0x800:  # the name is not marked UTF-8: Chinese Windows wrote it in its own code page
        try:
            name = name.encode("cp437").decode("gb18030")
        except (UnicodeEncodeError, UnicodeDecodeError):
            name = entry.filename
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and path.parts[0].endswith(":")):
        raise LoadError("source.archive_entry", name=archive, entry=entry.filename)
    return path


def _refuse_bomb(entries: Iterable[zipfile.ZipInfo], path: Path) -> None:
    # An entry never gives out more than its declared size.
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED_MB * 1_000_000:
        raise LoadError("source.archive_bomb", name=path, limit=MOST_UNPACKED_MB)


def _csv_sheet(stream: BinaryIO, name: str) -> Sheet:
    rows = delimited.rows(stream, delimited.encoding_of(stream, name))
    _, header = next(rows, (1, []))
    return Sheet([column.strip() for column in header] if isinstance(header, list) else [], rows)


def _is_json_object(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except ValueError:
        return False


def _cell(value: object) -> str:
    """Write a workbook's cell as the CSV would have it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(f'{value:.15g}'):f}"  # as a spreadsheet shows it: 19.99 × 3 is 59.97
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip().replace("\0", "")
