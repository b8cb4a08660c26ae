"""The compiled loops that add up the terms of each product, block by block: see `candidates`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packing import GRAM_WEIGHTS, TERM_ENDS, TERMS, Numbers, Shelves, compiled, part
from catalog_db.search.sounds import SOUNDS


@compiled
def place_of(shelves: Shelves, block: int, term: int) -> int:
    """Return where a term stands among the terms of all blocks; -1 when this block has none of it."""
    first, last = shelves.block_terms[block], shelves.block_terms[block + 1]
    shelf = min(term // SOUNDS, SOUNDS + 1)
    low, high = first + shelves.shelf_starts[block, shelf], first + shelves.shelf_starts[block, shelf + 1]
    while low < high:
        middle = (low + high) >> 1
        if shelves.terms[middle] < term:
            low = middle + 1
        else:
            high = middle
    return low if low < last and shelves.terms[low] == term else -1


@compiled
def _span(shelves: Shelves, block: int, term: int) -> tuple[int, int]:
    """Return where the list of a term begins and ends in the postings of a block; both the same when it has none."""
    place = place_of(shelves, block, term)
    if place < 0:
        return 0, 0
    base = shelves.block_postings[block]
    begin = np.int64(shelves.ends[place - 1]) if place > shelves.block_terms[block] else np.int64(0)
    return base + begin, base + np.int64(shelves.ends[place])


@compiled
def _spans(shelves: Shelves, block: int, packed: Numbers, spans: Numbers) -> int:
    """Look up every term in a block; return the most points that a product there can have."""
    terms, ends, weights = part(packed, TERMS), part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    most = 0
    at = 0
    for gram in range(len(weights)):
        some = False
        while at < ends[gram]:
            spans[0, at], spans[1, at] = _span(shelves, block, terms[at])
            some |= spans[0, at] < spans[1, at]
            at += 1
        if some:
            most += weights[gram]
    return most


@compiled
def _add_up(
    sums: NDArray[np.uint16], postings: NDArray[np.uint16], spans: Numbers, packed: Numbers, seen: NDArray[np.bool_]
) -> None:
    """Add the weight of each gram at the places that have it. `seen` is empty between two calls."""
    ends, weights = part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    begin = 0
    for gram in range(len(weights)):
        weight = np.uint16(weights[gram])
        if ends[gram] - begin == 1:
            for posting in postings[spans[0, begin] : spans[1, begin]]:
                sums[posting] += weight
        else:  # any one of the terms counts, once
            for at in range(begin, ends[gram]):
                for posting in postings[spans[0, at] : spans[1, at]]:
                    if not seen[posting]:
                        seen[posting] = True
                        sums[posting] += weight
            for at in range(begin, ends[gram]):
                for posting in postings[spans[0, at] : spans[1, at]]:
                    seen[posting] = False
        begin = ends[gram]


@compiled
def load(shelves: Shelves, block: int, packed: Numbers, sums: NDArray[np.uint16], seen: NDArray[np.bool_]) -> int:
    """Add up a block; return the most points that a product of it can have."""
    spans = np.zeros((2, max(len(part(packed, TERMS)), 1)), np.int64)
    most = _spans(shelves, block, packed, spans)
    _add_up(sums, shelves.postings, spans, packed, seen)
    return most


@compiled
def reaching(best: int, percent: int) -> int:
    """Return the points that are so many percent of the best, at least one."""
    return max(1, (best * percent + 99) // 100)
