"""Candidates of very many products: only the windows of a block in which enough terms meet are added up, the best blocks first.

In which windows a term has any product stands in the directory of the index; so nothing is read of most blocks once a good
product is found.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.candidates import (
    Candidates,
    Collector,
    Grams,
    Points,
    Stretches,
    blocks_of,
    cut_out,
    joined,
    matching,
)
from catalog_db.search.plan import Asked, least
from catalog_db.search.selection import Places, Selection
from catalog_db.search.terms import BLOCK, TOKENS, WINDOW, WINDOWS

FEWEST = 24  # blocks from which on it pays to look which of their windows are needed
_ALL = 0xFFFF


class WindowCollector(Collector):
    """Finds what matches in one index, window by window where a selection touches many blocks."""

    def collect(self, asked: Asked, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches, in order."""
        touched = blocks_of(selection)
        if len(touched) < FEWEST:
            return super().collect(asked, selection, best)
        grams = Grams.of(asked)
        begins, ends = self.segment.spans([block for block, _ in touched], grams.terms)
        reach = self._reach(grams, np.array([block for block, _ in touched]), begins < ends)
        most = reach.max(axis=1)
        best = max(best, asked.evidence)
        found: list[tuple[Places, Points]] = []
        for row in np.argsort(-most, kind="stable").tolist():
            if most[row] < least(best):
                break
            windows = (reach[row] >= least(best)).nonzero()[0]
            low, high = windows.item(0) * WINDOW, (windows.item(-1) + 1) * WINDOW
            base = touched[row][0] * BLOCK + low
            stretches = _within(touched[row][1], base, base + high - low)
            if not stretches:
                continue
            sums = np.zeros(high - low, np.uint16)
            self._add_up(sums, grams, self._cut(begins[row].tolist(), ends[row].tolist(), low, high), low)
            first, sums = cut_out(sums, base, stretches, selection)
            for places, points in matching(sums, first, selection, best):
                best = max(best, int(points.max()))
                found.append((places, points))
        return _in_order(joined(found, least(best)))

    def _reach(self, grams: Grams, blocks: NDArray[np.intp], there: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return for each block and window the most points that a product can have; `there`: which blocks have each term."""
        lists = self.segment.list_spans.directory
        row_of = np.full(self.segment.blocks, len(blocks))
        row_of[blocks] = np.arange(len(blocks))
        windows = np.zeros((len(grams.terms), len(blocks) + 1), np.uint16)  # the last: of blocks that are not touched
        for own, having, term in zip(windows, there.T, grams.terms.tolist(), strict=True):
            if term < TOKENS:
                span = slice(lists.starts.item(term), lists.starts.item(term + 1))
                own[row_of[lists.blocks[span]]] = lists.windows[span]
            else:
                own[:-1][having] = _ALL
        bits = np.stack([np.bitwise_or.reduce(windows[members, :-1], axis=0) for members in grams.members])
        single = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little").astype(np.float32)
        reach = grams.weights.astype(np.float32) @ single  # sums stay far below 2**24: exact
        return reach.astype(np.int64).reshape(len(blocks), WINDOWS)

    def _cut(self, begins: list[int], ends: list[int], low: int, high: int) -> Stretches:
        """Return where the parts of lists begin and end that lie between two places of a block."""
        if high - low == BLOCK:
            return [*zip(begins, ends, strict=True)]
        postings = self.segment.postings.data
        spans = []
        for begin, end in zip(begins, ends, strict=True):
            first = bisect_left(postings, low, begin, end) if low else begin
            spans.append((first, bisect_left(postings, high, first, end) if high < BLOCK else end))
        return spans


def _within(stretches: Stretches, first: int, last: int) -> Stretches:
    """Return what of some stretches lies between two places."""
    return [(max(begin, first), min(end, last)) for begin, end in stretches if begin < last and end > first]


def _in_order(found: Candidates) -> Candidates:
    order = np.argsort(found.places)
    return Candidates(found.places[order], found.points[order], found.best)
