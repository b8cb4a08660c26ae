"""Where the lists of a sound or a pair of sounds stand: in which blocks, and in which windows of them it has any product.

So a search knows of every window which terms meet there before it reads a single list.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import narrow
from catalog_db.search.sounds import SOUNDS
from catalog_db.search.storage import Array, Sink, Store
from catalog_db.search.terms import TOKENS, WINDOW

_SOUND_TERMS = SOUNDS + SOUNDS * SOUNDS  # terms below are sounds and pairs of them


class Lists(NamedTuple):
    """The lists of sounds, term by term in ascending order, block by block."""

    starts: NDArray[np.uint32]  # for each term where its lists begin; one more closes the last
    blocks: Array
    places: Array  # where the list stands among those of its block
    windows: NDArray[np.uint16]  # one bit for each window of the block, the first is the lowest

    @classmethod
    def of(cls, store: Store) -> Lists:
        """Read the lists of an index."""
        starts = np.zeros(_SOUND_TERMS + 1, np.uint32)
        starts[store.array("known_sounds") + 1] = store.array("lists.often")
        blocks, places = store.array("lists.blocks"), store.array("lists.places")
        return cls(np.cumsum(starts, dtype=np.uint32), blocks, places, store.array("lists.windows"))


class Directory:
    """The lists of an index in building."""

    def __init__(self) -> None:
        self._terms: list[NDArray[np.uint32]] = []
        self._windows: list[NDArray[np.uint16]] = []

    def add(self, terms: NDArray[np.uint32], ends: NDArray[np.uint32], postings: NDArray[np.uint16]) -> None:
        """Take note of the lists of the next block."""
        count = int(np.searchsorted(terms, TOKENS))
        self._terms.append(terms[:count])
        if not count:
            self._windows.append(np.zeros(0, np.uint16))
            return
        bits = np.left_shift(np.uint16(1), postings[: ends[count - 1]] // np.uint16(WINDOW))
        self._windows.append(np.bitwise_or.reduceat(bits, np.concatenate([[0], ends[: count - 1]]).astype(np.intp)))

    def write(self, sink: Sink) -> None:
        """Write the lists in the order of their terms, and how many each term has."""
        none = np.zeros(0, np.uint32)
        terms = np.concatenate([none, *self._terms])
        order = np.argsort(terms, kind="stable")
        counts = [len(own) for own in self._terms]
        blocks, places = np.repeat(np.arange(len(counts)), counts), np.concatenate([none, *map(np.arange, counts)])
        often = np.bincount(terms.astype(np.intp), minlength=1)
        sink.extend("lists.often", narrow(often[often > 0]))
        sink.extend("lists.blocks", narrow(blocks[order]))
        sink.extend("lists.places", narrow(places[order]))
        sink.extend("lists.windows", np.concatenate([np.zeros(0, np.uint16), *self._windows])[order])
