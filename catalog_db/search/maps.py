"""Bit maps of common terms: a bit for each product, made when first asked for, the longest unused ones forgotten."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.plan import MOST_UNITS, Gram
from catalog_db.search.selection import Places

_BYTES = 1 << 26  # of all maps together; what was never asked for takes no memory
_FEWEST = 512  # maps that there must be room for

Points = NDArray[np.int64]


class BitMaps:
    """Tells of any products which grams they have. Safe to ask from several threads."""

    def __init__(self, size: int, places: Callable[[Sequence[int]], Places]) -> None:
        """`size` is how many products there are; `places` gives those that have any of some terms."""
        self._places = places
        self._stride = -(-size // 8)
        most = max(_BYTES // max(self._stride, 1), 2 * MOST_UNITS)  # a text has no more grams
        self._rows = min(most, 1 << 12)
        self._maps = np.zeros(self._rows * self._stride, np.uint8)
        self._row_of: OrderedDict[tuple[int, ...], int] = OrderedDict()
        self._lock = threading.Lock()

    @staticmethod
    def fits(size: int) -> bool:
        """Tell whether there is room for enough maps of so many products."""
        return size * _FEWEST <= 8 * _BYTES

    def points(self, grams: Sequence[Gram], places: Places) -> Points:
        """Return the points that products have by these grams together."""
        at = places >> 3
        with self._lock:
            starts = np.array([self._start(gram.terms) for gram in grams])
            having = self._maps.take(starts[:, None] + at, mode="clip")
        having >>= (places & 7).astype(np.uint8)
        having &= 1
        weights = np.array([gram.weight for gram in grams], np.float32)  # sums stay far below 2**24: exact
        points: Points = (weights @ having.astype(np.float32)).astype(np.int64)
        return points

    def _start(self, terms: tuple[int, ...]) -> int:
        """Return where the map of a gram begins."""
        row = self._row_of.get(terms)
        if row is None:
            row = len(self._row_of) if len(self._row_of) < self._rows else self._row_of.popitem(last=False)[1]
            there = np.zeros(8 * self._stride, bool)
            there[self._places(terms)] = True
            start = row * self._stride
            self._maps[start : start + self._stride] = np.packbits(there, bitorder="little")
            self._row_of[terms] = row
        else:
            self._row_of.move_to_end(terms)
        return row * self._stride
