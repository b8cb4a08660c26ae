"""The compiled loops that add up the terms of each product and pick those that match: see `candidates`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packing import GRAM_WEIGHTS, TERM_ENDS, TERMS, Numbers, Shelves, compiled, part
from catalog_db.search.sounds import SOUNDS
from catalog_db.search.terms import BLOCK


@compiled
def _span(shelves: Shelves, block: int, term: int) -> tuple[int, int]:
    """Return where the list of a term begins and ends in the postings of a block; both the same when it has none."""
    first, last = shelves.block_terms[block], shelves.block_terms[block + 1]
    shelf = min(term // SOUNDS, SOUNDS + 1)
    low, high = first + shelves.shelf_starts[block, shelf], first + shelves.shelf_starts[block, shelf + 1]
    while low < high:
        middle = (low + high) >> 1
        if shelves.terms[middle] < term:
            low = middle + 1
        else:
            high = middle
    if low == last or shelves.terms[low] != term:
        return 0, 0
    base = shelves.block_postings[block]
    begin = np.int64(shelves.ends[low - 1]) if low > first else np.int64(0)
    return base + begin, base + np.int64(shelves.ends[low])


@compiled
def _within(postings: NDArray[np.uint16], begin: int, end: int, bound: int) -> int:
    """Return where in a list of postings the first one stands that is not below a bound."""
    while begin < end:
        middle = (begin + end) >> 1
        if postings[middle] < bound:
            begin = middle + 1
        else:
            end = middle
    return begin


@compiled
def _spans(shelves: Shelves, block: int, first: int, last: int, packed: Numbers, spans: Numbers) -> int:
    """Look up every term in a stretch of a block; return the most points that a product there can have."""
    terms, ends, weights = part(packed, TERMS), part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    most = 0
    at = 0
    for gram in range(len(weights)):
        some = False
        while at < ends[gram]:
            begin, end = _span(shelves, block, terms[at])
            if first > 0:
                begin = _within(shelves.postings, begin, end, first)
            if last < BLOCK:
                end = _within(shelves.postings, begin, end, last)
            spans[0, at], spans[1, at] = begin, end
            some |= begin < end
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
    most = _spans(shelves, block, 0, BLOCK, packed, spans)
    _add_up(sums, shelves.postings, spans, packed, seen)
    return most


@compiled
def _reaching(best: int, percent: int) -> int:
    """Return the points that are so many percent of the best, at least one."""
    return max(1, (best * percent + 99) // 100)


@compiled
def _telling(packed: Numbers, bound: int) -> int:
    """Return how many of the terms, the rarest first, are such that what reaches the bound has one of them."""
    ends, weights = part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    gram, rest = len(weights), 0
    while gram > 0 and rest + weights[gram - 1] < bound:
        gram -= 1
        rest += weights[gram]
    return ends[gram - 1] if gram > 0 else 0


@compiled
def _highest(sums: NDArray[np.uint16], postings: NDArray[np.uint16], spans: Numbers, terms: int) -> int:
    """Return the most points of the products that have one of the first terms."""
    most = np.uint16(0)
    for at in range(terms):
        for posting in postings[spans[0, at] : spans[1, at]]:
            most = max(most, sums[posting])
    return int(most)


@compiled
def _pick(
    sums: NDArray[np.uint16],
    postings: NDArray[np.uint16],
    spans: Numbers,
    terms: int,
    bound: int,
    base: int,
    found: Numbers,
    count: int,
) -> tuple[Numbers, int]:
    """Append the places that reach the bound, with their sums, which are taken away; make room when there is none left."""
    for at in range(terms):
        begin, end = spans[0, at], spans[1, at]
        if count + end - begin > found.shape[1]:
            more = np.empty((2, (count + end - begin) * 2), np.int64)
            more[:, :count] = found[:, :count]
            found = more
        for posting in postings[begin:end]:
            if sums[posting] >= bound:
                found[0, count] = base + posting
                found[1, count] = sums[posting]
                sums[posting] = 0
                count += 1
    return found, count


@compiled
def collect(
    shelves: Shelves, stretches: Numbers, gone: Numbers, packed: Numbers, best: int, percent: int, rising: bool
) -> Numbers:
    """Return the places with so many percent of the best points, with theirs. Not `rising`: of the points given."""
    sums, seen = np.zeros(BLOCK, np.uint16), np.zeros(BLOCK, np.bool_)
    spans = np.zeros((2, max(len(part(packed, TERMS)), 1)), np.int64)
    found, count, postings = np.empty((2, 1024), np.int64), 0, shelves.postings
    dirty = False
    for row in range(len(stretches)):
        for block in range(stretches[row, 0] // BLOCK, (stretches[row, 1] - 1) // BLOCK + 1):
            base = block * BLOCK
            first, last = max(stretches[row, 0] - base, 0), min(stretches[row, 1] - base, BLOCK)
            if _spans(shelves, block, first, last, packed, spans) < _reaching(best, percent):
                continue
            if dirty:
                sums[:] = 0
            _add_up(sums, postings, spans, packed, seen)
            dirty = True
            for at in range(np.searchsorted(gone, base + first), np.searchsorted(gone, base + last)):
                sums[gone[at] - base] = 0
            terms = _telling(packed, _reaching(best, percent))
            if rising:
                best = max(best, _highest(sums, postings, spans, terms))
            bound = _reaching(best, percent)
            found, count = _pick(sums, postings, spans, _telling(packed, bound), bound, base, found, count)
    return _reaching_only(found, count, _reaching(best, percent))


@compiled
def _reaching_only(found: Numbers, count: int, bound: int) -> Numbers:
    kept = 0
    for at in range(count):
        if found[1, at] >= bound:
            found[0, kept], found[1, kept] = found[0, at], found[1, at]
            kept += 1
    return found[:, :kept].copy()
