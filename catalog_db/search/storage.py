"""Arrays and tables of an index: in memory, or in a folder that is written whole or not at all and read by memory map.

A folder holds generations: each a folder of its own with one file for each array and table, and `index.json` with their
kinds, lengths and checksums. `current` names the one to open; it is replaced in one step once a new generation is whole
and synced. Who has the old one open keeps it.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zlib
from collections.abc import Mapping
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

VERSION = 11
HEADER = "index.json"
CURRENT = "current"
_GENERATION = "generation-"
_ABANDONED = 24 * 3600.0  # seconds after which a generation that never became current is swept away
CHECKED_AT_ONCE = 1 << 18  # bytes: smaller files are checked when they are opened, larger ones by `verify`
_CHUNK = 1 << 22

Array = NDArray[Any]


class IndexUnusableError(Exception):
    """The index on disk cannot be used: missing, damaged, of another version or revision. Build it anew."""


class Store(Protocol):
    """Named arrays and named tables (anything that JSON can write)."""

    def array(self, name: str) -> Array:
        """Return an array."""
        ...

    def table(self, name: str) -> Any:
        """Return a table."""
        ...


class Sink(Protocol):
    """Where the arrays and tables of a new index go."""

    def extend(self, name: str, array: Array) -> None:
        """Append to an array; all parts are of one kind."""
        ...

    def put(self, name: str, table: Any) -> None:
        """Keep a table."""
        ...


class MemoryStore:
    """An index that lives in memory only: sink first, store then."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {}
        self._tables: dict[str, Any] = {}

    def extend(self, name: str, array: Array) -> None:
        """Append to an array."""
        self._parts.setdefault(name, []).append(array)

    def put(self, name: str, table: Any) -> None:
        """Keep a table."""
        self._tables[name] = table

    def array(self, name: str) -> Array:
        """Return an array."""
        parts = self._parts[name]
        if len(parts) > 1:
            parts[:] = [np.concatenate(parts)]
        return parts[0]

    def table(self, name: str) -> Any:
        """Return a table."""
        return self._tables[name]

    @property
    def size(self) -> dict[str, int]:
        """Return the bytes of each array."""
        return {name: sum(part.nbytes for part in parts) for name, parts in self._parts.items()}


class FolderSink:
    """Write a new generation into a folder; `finish` makes it the current one."""

    def __init__(self, folder: Path) -> None:
        self._place = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=_GENERATION, dir=folder))
        self._kinds: dict[str, str] = {}
        self._files: dict[str, Any] = {}
        self._sums: dict[str, int] = {}
        self._sizes: dict[str, int] = {}

    def extend(self, name: str, array: Array) -> None:
        """Append to an array."""
        if self._kinds.setdefault(name, array.dtype.str) != array.dtype.str:
            raise TypeError(f"{name}: {array.dtype.str} appended to {self._kinds[name]}")
        self._write(f"{name}.bin", np.ascontiguousarray(array).view(np.uint8).data if array.size else b"")

    def put(self, name: str, table: Any) -> None:
        """Keep a table."""
        self._write(f"{name}.json", json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode("utf-8"))

    def finish(self) -> None:
        """Sync everything and make this generation the current one, in one step for whoever opens it."""
        for file in self._files.values():
            _sync(file)
            file.close()
        self._write_header()
        _sync_folder(self._folder)
        before = _current(self._place)
        pointer = self._folder / CURRENT
        with pointer.open("w", encoding="utf-8") as file:
            file.write(self._folder.name)
            _sync(file)
        pointer.replace(self._place / CURRENT)
        _sync_folder(self._place)
        if before is not None and before != self._folder:
            shutil.rmtree(before, ignore_errors=True)
        self._sweep()

    def _sweep(self) -> None:
        """Remove what builders that died left behind."""
        now = self._folder.stat().st_mtime
        for other in self._place.glob(f"{_GENERATION}*"):
            if other != self._folder and now - other.stat().st_mtime > _ABANDONED:
                shutil.rmtree(other, ignore_errors=True)

    def discard(self) -> None:
        """Remove what was written so far."""
        for file in self._files.values():
            file.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, file_name: str, content: Any) -> None:
        if file_name not in self._files:
            self._files[file_name] = (self._folder / file_name).open("wb")
        self._files[file_name].write(content)
        self._sums[file_name] = zlib.crc32(content, self._sums.get(file_name, 0))
        self._sizes[file_name] = self._sizes.get(file_name, 0) + len(content)

    def _write_header(self) -> None:
        content = {
            "version": VERSION,
            "kinds": self._kinds,
            "files": {name: [self._sizes[name], self._sums[name]] for name in sorted(self._files)},
        }
        text = json.dumps(content, sort_keys=True)
        with (self._folder / HEADER).open("w", encoding="utf-8") as file:
            file.write(json.dumps({"checksum": zlib.crc32(text.encode()), "content": text}))
            _sync(file)


class FolderStore:
    """Read an index in a folder. Raises IndexUnusableError when it is not whole or not of this version."""

    def __init__(self, place: Path) -> None:
        folder = _current(place)
        if folder is None:
            raise IndexUnusableError(f"{place}: no index")
        try:
            self._open(folder)
        except IndexUnusableError:
            newer = _current(place)
            if newer is None or newer == folder:
                raise
            self._open(newer)  # a newer generation took its place between two looks

    def _open(self, folder: Path) -> None:
        self.folder = folder
        header = _read_header(folder)
        self._kinds: Mapping[str, str] = header["kinds"]
        self.files: Mapping[str, tuple[int, int]] = {name: (size, crc) for name, (size, crc) in header["files"].items()}
        # everything is mapped now, so that the index stays whole when a newer one takes its place
        self._raw = {name: self._map(name, size, crc) for name, (size, crc) in self.files.items()}

    def array(self, name: str) -> Array:
        """Return an array, mapped into memory."""
        return self._raw[f"{name}.bin"].view(np.dtype(self._kinds[name]))

    def table(self, name: str) -> Any:
        """Return a table, read anew each time."""
        return json.loads(self._raw[f"{name}.json"].tobytes())

    def verify(self) -> list[str]:
        """Return the names of the files whose content is not what was written."""
        return [name for name, (_, crc) in self.files.items() if _checksum(self.folder / name) != crc]

    def _map(self, name: str, size: int, crc: int) -> NDArray[np.uint8]:
        path = f"{self.folder}{os.sep}{name}"
        try:
            with open(path, "rb") as file:  # noqa: PTH123 - a third of what opening a hundred files costs
                found = os.fstat(file.fileno()).st_size
                mapped = np.frombuffer(mmap(file.fileno(), 0, access=ACCESS_READ) if found else b"", np.uint8)
        except OSError as error:
            raise IndexUnusableError(f"{path}: missing") from error
        if found != size:
            raise IndexUnusableError(f"{path}: {found} bytes, {size} were written")
        if size <= CHECKED_AT_ONCE and zlib.crc32(mapped.data) != crc:
            raise IndexUnusableError(f"{path}: its checksum is wrong")
        return mapped


def _current(place: Path) -> Path | None:
    """Return the current generation of a folder."""
    try:
        name = (place / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return place / name if name.startswith(_GENERATION) and "/" not in name else None


def _sync(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


def _read_header(folder: Path) -> dict[str, Any]:
    path = folder / HEADER
    try:
        outer = json.loads(path.read_text(encoding="utf-8"))
        text = outer["content"]
        whole = outer["checksum"] == zlib.crc32(text.encode())
        header: dict[str, Any] = json.loads(text)
    except OSError as error:
        raise IndexUnusableError(f"{folder}: no index") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise IndexUnusableError(f"{path}: unreadable") from error
    if not whole:
        raise IndexUnusableError(f"{path}: its checksum is wrong")
    if header.get("version") != VERSION:
        raise IndexUnusableError(f"{path}: version {header.get('version')}, this is {VERSION}")
    return header


def _checksum(path: Path) -> int:
    total = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            total = zlib.crc32(chunk, total)
    return total


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
