"""CSV after RFC 4180, from lines to rows with their line numbers; broken rows do not take others with them."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from catalog_db.errors import LoadError
from catalog_db.loading.cells import Fault

Row = tuple[int, list[str] | Fault]  # line number where the row begins (the first line is 1), and its cells

ENCODINGS = ("utf-8-sig", "gb18030")  # tried in this order
MOST_RECOVERIES = 1_000  # each one reads up to a field's greatest length again
SLIGHT_DAMAGE = 0.2  # of the characters beyond ASCII: UTF-8 read as such has none, GB 18030 read as UTF-8 far more
MOST_DAMAGE = 0.5
_CHUNK = 1 << 20
_UNREADABLE = "\ufffd"  # what stands for bytes that are no character


@dataclass(frozen=True, slots=True)
class Encoding:
    """How a file is written. `damaged`: some places are not readable (cut in the middle of a character, mixed)."""

    name: str
    damaged: bool = False


def encoding_of(stream: BinaryIO, name: str) -> Encoding:
    """Find the encoding of a file by reading it through. Raises LoadError when it is none of ENCODINGS."""
    damages: dict[str, float] = {}
    for encoding in ENCODINGS:
        damage = damages[encoding] = _damage(stream, encoding)
        if damage == 0 or (encoding == ENCODINGS[0] and damage < SLIGHT_DAMAGE):
            return Encoding(encoding, damaged=damage > 0)
    best = min(damages, key=lambda encoding: damages[encoding])
    if damages[best] < MOST_DAMAGE:
        return Encoding(best, damaged=True)
    raise LoadError("encoding.unknown", name=name)


def _damage(stream: BinaryIO, encoding: str) -> float:
    """Measure the unreadable part of the characters beyond ASCII, 0 to 1; leaves the stream at its beginning."""
    stream.seek(0)
    reader = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    unreadable = beyond = 0
    while chunk := reader.read(_CHUNK):
        if not chunk.isascii():
            unreadable += chunk.count(_UNREADABLE)
            beyond += len(chunk) - len(chunk.encode("ascii", "ignore"))
    reader.detach()
    stream.seek(0)
    return unreadable / beyond if unreadable else 0.0


def rows(stream: BinaryIO, encoding: Encoding) -> Iterator[Row]:
    """Read rows, the header among them, leaving out empty lines; closes the stream at the end.

    A row whose quotes do not fit is given as a Fault; reading goes on at its second line, so that a quote left open in a
    row cut in the middle costs that row only. So is a row with an unreadable character in a damaged file.
    """
    with io.TextIOWrapper(stream, encoding=encoding.name, errors="replace", newline="") as text:
        for line, cells in _rows(_Lines(text)):
            if encoding.damaged and isinstance(cells, list) and any(_UNREADABLE in cell for cell in cells):
                yield line, Fault("text.garbled")
            else:
                yield line, cells


def _rows(lines: _Lines) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True)
    recoveries = 0
    while True:
        begin = lines.number + 1
        lines.taken.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            key = "quotes.open" if lines.ended else "quotes.broken"
            yield begin, Fault(key)
            recoveries += 1
            if recoveries < MOST_RECOVERIES:
                lines.again(begin)
            reader = csv.reader(lines, strict=True)
            continue
        if cells and (len(cells) > 1 or cells[0].strip()):
            yield begin, cells


class _Lines:
    """The lines of a file, of which the last ones taken can be read again."""

    def __init__(self, reader: io.TextIOWrapper) -> None:
        self.number = 0
        self.ended = False
        self.taken: list[str] = []
        self._reader = reader
        self._waiting: deque[str] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._waiting:
            line = self._waiting.popleft()
        else:
            line = self._reader.readline()
            if not line:
                self.ended = True
                raise StopIteration
            if "\0" in line:
                line = line.replace("\0", "")
        self.number += 1
        self.taken.append(line)
        return line

    def again(self, begin: int) -> None:
        """Put back every line taken for a row but its first, which is line `begin`."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.taken.clear()
        self.number = begin
        self.ended = False
