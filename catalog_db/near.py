"""Numbers that differ from one by a slip of the pen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_MISTAKES = 2
_LOOK_ALIKE = str.maketrans("OQIL", "0011")
_TELLING = 6  # characters of a number that tell enough when its beginning is lacking
_SIFT = 4  # places after which what lacks too much is left out
_FEW = 2_000  # numbers: so many are compared sooner than sifted


class KnownNumbers:
    """Numbers (folded), ready to be compared with one that nobody has. Built in linear time; about 20 bytes a number.

    A number at most two edits away keeps all but two of its characters, each no farther than two places from where it
    stood. Numbers of one length stand in a table with a row for each place; what lacks more characters than that is
    sifted out a row at a time, and the few that are left are compared in full.
    """

    def __init__(self, numbers: Iterable[str]) -> None:
        self._alike: dict[str, list[str]] = {}
        by_size: dict[int, list[str]] = {}
        for number in numbers:
            self._alike.setdefault(number.translate(_LOOK_ALIKE), []).append(number)
            by_size.setdefault(len(number) if number.isascii() else 0, []).append(number)
        self._strange = by_size.pop(0, [])  # with a character of more than a byte, or empty: hardly ever one
        self._tables = {size: _Table(size, several) for size, several in by_size.items()}

    def nearest(self, number: str, limit: int) -> list[str]:
        """Give the numbers that differ only by look-alikes, then those at most two edits away, nearest first.

        An edit is a character more, less or other, or two neighbours swapped. Short numbers allow fewer edits, so that a
        near one still shares most of its characters. The number itself is left out.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        alike = self._alike.get(number.translate(_LOOK_ALIKE), ())
        ranked = [(0, int(OSA.distance(number, near)), near) for near in alike]
        most = min(MOST_MISTAKES, len(number) // 3)
        sifted = [table.sifted(number, size, most) for size, table in self._tables.items()] if most else []
        for mistakes in range(1, most + 1):  # who has one mistake stands before all that have two
            may_be = [near for sift in sifted for near in sift(mistakes)]
            found = process.extract(
                number, [*may_be, *self._strange], scorer=OSA.distance, score_cutoff=mistakes, limit=None
            )
            ranked += [(1, int(distance), near) for near, distance, _ in found]
            nearest_first = dict.fromkeys(near for _, _, near in sorted(ranked) if near != number)
            if len(nearest_first) >= limit:
                break
        nearest_first = dict.fromkeys(near for _, _, near in sorted(ranked) if near != number)
        return list(nearest_first)[:limit] or self._ending(number, limit)

    def _ending(self, number: str, limit: int) -> list[str]:
        """Give the numbers of which only the beginning was left out, in their order; for one that is long enough to tell."""
        if len(number) < _TELLING:
            return []
        found = [
            near for size, table in self._tables.items() if size > len(number) for near in table.ending(number, size)
        ]
        return sorted(found)[:limit]


class _Table:
    """Numbers of one length: `rows[i]` are the codes of their characters at place i, None where all have the same."""

    def __init__(self, size: int, numbers: list[str]) -> None:
        self._numbers = numbers
        codes = np.frombuffer("".join(numbers).encode("ascii"), dtype=np.uint8).reshape(len(numbers), size)
        self._rows: list[NDArray[np.uint8] | int] = []
        for place in range(size):
            row = np.ascontiguousarray(codes[:, place])
            self._rows.append(int(row[0]) if (row == row[0]).all() else row)

    def sifted(self, number: str, size: int, most: int) -> Callable[[int], list[str]]:
        """Return what gives the numbers that may be so many edits away, `most` or less."""
        if abs(len(number) - size) > most:
            return lambda mistakes: []
        if len(self._numbers) <= _FEW:
            return lambda mistakes: self._numbers
        reach = 1 if len(number) == size else most  # of equal length: what is put in goes out again, or two are swapped
        left: NDArray[np.intp] | None = None  # the numbers that are left, where that is not all of them
        lacks = np.zeros(len(self._numbers), dtype=np.uint8)
        looked_at = 0
        for place in reversed(range(size)):  # numbers differ in their last places
            row, codes = self._rows[place], [ord(char) for char in number[max(place - reach, 0) : place + reach + 1]]
            if isinstance(row, int):
                lacks += row not in codes
                continue
            lacks += ~_among(row if left is None else row[left], codes)
            looked_at += 1
            if looked_at % _SIFT == 0:
                kept = np.flatnonzero(lacks <= most)
                left, lacks = kept if left is None else left[kept], lacks[kept]

        def within(mistakes: int) -> list[str]:
            places = np.flatnonzero(lacks <= mistakes)
            return [self._numbers[at] for at in (places if left is None else left[places])]

        return within

    def ending(self, number: str, size: int) -> list[str]:
        """Return the numbers, longer than this one, that end with it."""
        left = np.ones(len(self._numbers), dtype=np.bool_)
        for row, char in zip(self._rows[size - len(number) :], number, strict=True):
            left &= row == ord(char)
        return [self._numbers[at] for at in np.flatnonzero(left)]


def _among(row: NDArray[np.uint8], codes: Sequence[int]) -> NDArray[np.bool_]:
    """Tell of each code whether it is one of a few."""
    hit = np.zeros(len(row), dtype=np.bool_)
    for code in set(codes):
        hit |= row == code
    return hit
