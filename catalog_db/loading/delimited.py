"""CSV after RFC 4180, from lines to rows with their line numbers; broken rows do not take others with them."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from typing import BinaryIO

from catalog_db.errors import LoadError
from catalog_db.loading.cells import Fault

Row = tuple[int, list[str] | Fault]  # line number where the row begins (the first line is 1), and its cells

ENCODINGS = ("utf-8-sig", "gb18030")  # tried in this order
MOST_RECOVERIES = 1_000  # each one reads up to a field's greatest length again
_CHUNK = 1 << 20


def encoding_of(stream: BinaryIO, name: str) -> str:
    """Find the encoding of a file by reading it through once. Raises LoadError when it is none of ENCODINGS."""
    for encoding in ENCODINGS:
        stream.seek(0)
        reader = io.TextIOWrapper(stream, encoding=encoding, newline="")
        try:
            while reader.read(_CHUNK):
                pass
        except UnicodeDecodeError:
            continue
        finally:
            reader.detach()
            stream.seek(0)
        return encoding
    raise LoadError("encoding.unknown", name=name)


def rows(stream: BinaryIO, encoding: str) -> Iterator[Row]:
    """Read rows, the header among them, leaving out empty lines.

    A row whose quotes do not fit is given as a Fault; reading goes on at its second line, so that a quote left open in a
    row cut in the middle costs that row only.
    """
    with io.TextIOWrapper(stream, encoding=encoding, newline="") as text:
        yield from _rows(_Lines(text))


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
