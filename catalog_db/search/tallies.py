"""How many products of each stretch of an index have each code of a column: what many match is counted without looking at them.

A stretch ends where a block does, and where the certification begins or ceases to cover the kinds. What is certified on a
day is told by the code of the evidence, so one tally serves every day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import narrow
from catalog_db.search.selection import ByCode, Selection, Test, inside
from catalog_db.search.storage import Array, Sink
from catalog_db.search.terms import BLOCK

if TYPE_CHECKING:
    from catalog_db.search.segment import Segment

TALLIED = ("brand", "color", "formaldehyde_grade", "evidence")
FEWEST = 5 * 4096  # products: fewer are counted as quickly one by one
_SPARSE = 8  # a tally is kept when it has at most one pair of code and number for so many products

Counts = NDArray[np.int64]


def write_tallies(sink: Sink, covered: NDArray[np.bool_], columns: Mapping[str, Array]) -> None:
    """Write the tallies of some columns; `covered`: of which products the kind is covered."""
    size = len(covered)
    cuts = np.flatnonzero(covered[1:] != covered[:-1]) + 1
    bounds = np.union1d(np.append(np.arange(0, size, BLOCK), size), cuts) if size >= FEWEST else np.zeros(0, np.int64)
    sink.extend("tally.bounds", bounds.astype(np.int64))
    for name in TALLIED:
        stretches = [np.bincount(columns[name][a:b]) for a, b in pairwise(bounds.tolist())]
        having = [np.flatnonzero(often) for often in stretches]
        counts = np.array([len(codes) for codes in having], np.int64)
        kept = 0 < counts.sum() * _SPARSE <= size
        none = np.zeros(0, np.int64)
        often = [own[codes] for own, codes in zip(stretches, having, strict=True)]
        sink.extend(f"tally.{name}.ends", narrow(np.cumsum(counts) if kept else none))
        sink.extend(f"tally.{name}.codes", narrow(np.concatenate(having) if kept else none))
        sink.extend(f"tally.{name}.often", narrow(np.concatenate(often) if kept else none))


class Tallies:
    """Counts what passes a selection, or what codes it has, by the tallies; only ends of stretches are looked at."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment
        self._bounds = segment.store.array("tally.bounds")
        self._kept: dict[str, tuple[Counts, Array, Array]] = {}
        self._watched: tuple[Test | None, dict[str, Counts]] = None, {}

    def watch(self, test: Test) -> None:
        """Keep, once asked for, how many products of each stretch pass this test and have each code: one that is asked often."""
        self._watched = test, {}

    def often(self, name: str, selection: Selection) -> Counts | None:
        """Return how many products that pass a selection have each code of a column; None where no tally tells it."""
        if not selection.tests:
            return self._of_all(name, selection)
        watched, counted = self._watched
        if len(selection.tests) != 1 or selection.tests[0] is not watched or not len(self._bounds):
            return None
        column = self._segment.column(name)
        rows = counted.get(name)
        if rows is None:
            if (int(column.max()) + 1) * (len(self._bounds) - 1) * _SPARSE > len(column):
                return None
            rows = counted[name] = self._passing_rows(watched, column)
        counts = np.zeros(0, np.int64)
        for first, last in selection.stretches:
            low, high = self._rows(first, last)
            counts = _sum(counts, rows[low:high].sum(axis=0))
            for begin, end in self._edges(first, last, low, high):
                counts = _sum(counts, np.bincount(column[begin:end][watched.on(begin, end)]))
        return _sum(counts, -np.bincount(column[selection.out()]))

    def _passing_rows(self, test: Test, column: Array) -> Counts:
        """Return for each stretch how many of its products pass a test and have each code."""
        codes = int(column.max()) + 1
        spans = pairwise(self._bounds.tolist())
        return np.array([np.bincount(column[a:b][test.on(a, b)], minlength=codes) for a, b in spans], np.int64)

    def _of_all(self, name: str, selection: Selection) -> Counts:
        """Return how many products of the stretches of a selection, but for those that are out, have each code of a column."""
        column = self._segment.column(name)
        ends, codes, often = self._tally(name)
        counts = np.zeros(int(codes.max(initial=0)) + 1, np.int64)
        for first, last in selection.stretches:
            low, high = self._rows(first, last) if len(ends) else (0, 0)
            own = _told(ends, low, high)
            counts = _sum(counts, np.bincount(codes[own], often[own]).astype(np.int64))
            for begin, end in self._edges(first, last, low, high):
                counts = _sum(counts, np.bincount(column[begin:end]))
        gone = inside(selection.gone, selection.stretches)
        return _sum(counts, -np.bincount(column[gone]))

    def count(self, test: Test, stretches: Sequence[tuple[int, int]]) -> int | None:
        """Return how many products of some stretches pass a test; None where no tally tells it."""
        covered, uncovered = test.by_code(True), test.by_code(False)
        if covered is None or uncovered is None or covered.column != uncovered.column or not len(self._bounds):
            return None
        if not len(self._tally(covered.column)[0]):
            return None
        count = 0
        for first, last in stretches:
            low, high = self._rows(first, last)
            count += self._passing((covered, uncovered), low, high)
            count += sum(int(np.count_nonzero(test.on(*edge))) for edge in self._edges(first, last, low, high))
        return count

    def _passing(self, tests: tuple[ByCode, ByCode], low: int, high: int) -> int:
        """Return how many products of some rows pass; one test is for covered kinds, the other for the rest."""
        ends, codes, often = self._tally(tests[0].column)
        own = _told(ends, low, high)
        passes = tests[0].allowed[codes[own]]
        if tests[1] is not tests[0]:
            pairs = np.diff(ends[low:high], prepend=own.start)
            passes = np.where(np.repeat(self._covered[low:high], pairs), passes, tests[1].allowed[codes[own]])
        return int(often[own][passes].sum(dtype=np.int64))

    @cached_property
    def _covered(self) -> NDArray[np.bool_]:
        """Tell for each row whether the kinds in it are covered."""
        covered: NDArray[np.bool_] = self._segment.covered[self._segment.column("category")[self._bounds[:-1]]]
        return covered

    def _tally(self, name: str) -> tuple[Counts, Array, Array]:
        """Return where the codes of each row end, the codes, and how often each is there."""
        if name not in TALLIED:
            return _NOTHING
        found = self._kept.get(name)
        if found is None:
            ends, codes, often = (
                self._segment.store.array(f"tally.{name}.{part}") for part in ("ends", "codes", "often")
            )
            found = self._kept[name] = (ends.astype(np.int64), codes, often)
        return found

    def _rows(self, first: int, last: int) -> tuple[int, int]:
        """Return the first of the rows that lie wholly in a stretch, and the first one behind them."""
        low, high = np.searchsorted(self._bounds, first), np.searchsorted(self._bounds, last, "right") - 1
        return int(low), max(int(low), int(high))

    def _edges(self, first: int, last: int, low: int, high: int) -> list[tuple[int, int]]:
        """Return what of a stretch lies outside these rows."""
        if low == high:
            return [(first, last)]
        edges = (first, int(self._bounds[low])), (int(self._bounds[high]), last)
        return [(begin, end) for begin, end in edges if begin < end]


_NOTHING: tuple[Counts, Array, Array] = (np.zeros(0, np.int64), np.zeros(0, np.uint8), np.zeros(0, np.uint8))


def _told(ends: Counts, low: int, high: int) -> slice:
    """Return where the pairs of some rows stand."""
    return slice(int(ends[low - 1]) if low else 0, int(ends[high - 1]) if high else 0)


def _sum(counts: Counts, more: Counts) -> Counts:
    if len(more) > len(counts):
        counts = np.concatenate([counts, np.zeros(len(more) - len(counts), np.int64)])
    counts[: len(more)] += more
    return counts
