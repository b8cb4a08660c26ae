"""The compiled loops that add up the terms of each product, block by block: see `candidates`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packing import GRAM_WEIGHTS, TERM_ENDS, TERMS, Numbers, Shelves, compiled, part
from catalog_db.search.sounds import SOUNDS
from catalog_db.search.terms import TOKENS

SINGLES = 1 << 40  # numbers of lists from here on are those of singles


@compiled
def list_of(shelves: Shelves, block: int, term: int) -> int:
    """Return which of the lists of a block a term has, from SINGLES on which of the singles; -1: this block has none of it."""
    if term >= TOKENS:
        single = single_of(shelves, term)
        if single >= 0:
            return SINGLES + single if np.int64(shelves.single_blocks[single]) == block else -1
    shelf = min(term // SOUNDS, SOUNDS + 1)
    found = _search(shelves, block, shelf, term)
    return _search(shelves, block, SOUNDS + 2, term) if found < 0 and term >= TOKENS else found


@compiled
def _search(shelves: Shelves, block: int, shelf: int, term: int) -> int:
    """Return where a term stands among those of a block, looked for on one shelf; -1: it is not there."""
    first = shelves.block_terms[block]
    low, high = first + shelves.shelf_starts[block, shelf], first + shelves.shelf_starts[block, shelf + 1]
    last = high
    while low < high:
        middle = (low + high) >> 1
        if shelves.terms[middle] < term:
            low = middle + 1
        else:
            high = middle
    return low - first if low < last and shelves.terms[low] == term else -1


@compiled
def single_of(shelves: Shelves, term: int) -> int:
    """Return which one of the singles a token is; -1: it stands in several places, or came with a change."""
    token = term - TOKENS
    low, high = 0, len(shelves.several)
    while low < high:
        middle = (low + high) >> 1
        if shelves.several[middle] < token:
            low = middle + 1
        else:
            high = middle
    if low < len(shelves.several) and shelves.several[low] == token:
        return -1
    return token - low if token - low < len(shelves.single_blocks) else -1


@compiled
def span_of(shelves: Shelves, block: int, number: int) -> tuple[int, int]:
    """Return where a list of a block, as `list_of` numbers it, begins and ends in the postings."""
    if number >= SINGLES:
        at = shelves.block_postings[len(shelves.block_postings) - 1] + number - SINGLES
        return at, at + 1
    first, several = shelves.block_lists[block], shelves.shelf_starts[block, SOUNDS + 2]
    place, over = first + min(number, several) - 1, max(number - several, 0)
    begin = shelves.block_postings[block] + over + (np.int64(shelves.ends[place]) if place >= first else np.int64(0))
    if number >= several:
        return begin, begin + 1
    return begin, shelves.block_postings[block] + np.int64(shelves.ends[place + 1])


@compiled
def _spans(shelves: Shelves, block: int, packed: Numbers, spans: Numbers) -> int:
    """Look up every term in a block; return the most points that a product there can have."""
    terms, ends, weights = part(packed, TERMS), part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    most = 0
    at = 0
    for gram in range(len(weights)):
        some = False
        while at < ends[gram]:
            own = list_of(shelves, block, terms[at])
            if own >= 0:
                spans[0, at], spans[1, at] = span_of(shelves, block, own)
                some = True
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
