"""The compiled loops that pick what matches, window by window: only where enough terms meet are lists read at all.

Two turns: first the windows where a product may have most, so that the bound is high, then all where one may reach it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.adding import list_of, reaching, single_of, span_of
from catalog_db.search.packing import GRAM_WEIGHTS, TERM_ENDS, TERMS, Bits, Numbers, Shelves, compiled, part
from catalog_db.search.terms import BLOCK, TOKENS, WINDOW, WINDOWS

_STEP = 16  # postings that are passed over in one go
_WORDS, _LANES = 8, 32  # words and the sums in them that are looked at in one go
_HIGH = 1 << 15
_FLAGS = np.uint64(0x8000800080008000)
_INSIDE = np.uint16(WINDOW - 1)


class Room(NamedTuple):
    """What the products of one window are added up in."""

    sums: NDArray[np.uint16]
    words: Bits  # the same, four at a time
    seen: NDArray[np.bool_]


@compiled
def _pieces(stretches: Numbers) -> Numbers:
    """Return the stretches cut where blocks end: block, first place and end inside the block."""
    count = 0
    for row in range(len(stretches)):
        count += (stretches[row, 1] - 1) // BLOCK - stretches[row, 0] // BLOCK + 1
    pieces = np.empty((count, 3), np.int64)
    at = 0
    for row in range(len(stretches)):
        for block in range(stretches[row, 0] // BLOCK, (stretches[row, 1] - 1) // BLOCK + 1):
            base = block * BLOCK
            pieces[at] = block, max(stretches[row, 0] - base, 0), min(stretches[row, 1] - base, BLOCK)
            at += 1
    return pieces


@compiled
def _look_up(shelves: Shelves, term: int, first: int, places: Numbers, windows: NDArray[np.uint16]) -> None:
    """Note for each block, from the first on, where the list of a term stands among its lists, and in which windows."""
    last = first + len(places)
    if term < TOKENS:
        for at in range(shelves.lists.starts[term], shelves.lists.starts[term + 1]):
            block = np.int64(shelves.lists.blocks[at])
            if first <= block < last:
                places[block - first] = shelves.lists.places[at]
                windows[block - first] = shelves.lists.windows[at]
        return
    single = single_of(shelves, term)
    only = int(shelves.single_blocks[single]) - first if single >= 0 else -1  # the one block of a single
    begun, stop = (only, only + 1) if single >= 0 else (0, len(places))
    for row in range(max(begun, 0), min(stop, len(places))):
        places[row] = list_of(shelves, first + row, term)
        if places[row] >= 0:
            begin, end = span_of(shelves, first + row, int(places[row]))
            bits = np.uint16(0)
            for posting in shelves.postings[begin:end]:
                bits |= np.uint16(1) << (posting // np.uint16(WINDOW))
            windows[row] = bits


@compiled
def _looked_up(shelves: Shelves, terms: Numbers, first: int, blocks: int) -> tuple[Numbers, NDArray[np.uint16]]:
    """Return for each term and block where its list stands among those of the block, and in which windows it has any."""
    places, windows = np.full((len(terms), blocks), -1), np.zeros((len(terms), blocks), np.uint16)
    for at in range(len(terms)):
        _look_up(shelves, terms[at], first, places[at], windows[at])
    return places, windows


@compiled
def _reach(packed: Numbers, windows: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """Return for each window of each block the most points that a product there can have."""
    ends, weights = part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    blocks = windows.shape[1]
    reach = np.zeros((blocks, WINDOWS), np.uint16)
    begin = 0
    for gram in range(len(weights)):
        weight = np.uint16(weights[gram])
        for block in range(blocks):
            bits = np.uint16(0)
            for at in range(begin, ends[gram]):
                bits |= windows[at, block]
            if bits:
                for window in range(WINDOWS):
                    reach[block, window] += weight if bits & (1 << window) else np.uint16(0)
        begin = ends[gram]
    return reach


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
def _until(postings: NDArray[np.uint16], begin: int, end: int, bound: int) -> int:
    """Return where in a list the first posting stands that is not below a bound which is near."""
    while begin + _STEP < end and postings[begin + _STEP] < bound:
        begin += _STEP
    while begin < end and postings[begin] < bound:
        begin += 1
    return begin


@compiled
def _from(postings: NDArray[np.uint16], begin: int, end: int, bound: int) -> int:
    """Return the same for a bound that may be far: in steps that grow, then by halving."""
    step = _STEP
    while begin + step < end and postings[begin + step] < bound:
        begin += step
        step *= 2
    return _within(postings, begin, min(end, begin + step), bound)


@compiled
def _cut(
    shelves: Shelves, spans: Numbers, windows: NDArray[np.uint16], window: int, low: int, high: int, own: Numbers
) -> None:
    """Note where the part of each list stands that is between two places of a window; the lists begin there next time."""
    bit = np.uint16(1 << window)
    for at in range(spans.shape[1]):
        if not windows[at] & bit:
            own[0, at] = own[1, at] = 0
            continue
        begin, end = spans[0, at], spans[1, at]
        if shelves.postings[begin] < low:
            begin = _from(shelves.postings, begin, end, low)
        stop = _until(shelves.postings, begin, end, high)
        own[0, at], own[1, at] = begin, stop
        spans[0, at] = min(stop, end - 1)


@compiled
def _add_up(
    sums: NDArray[np.uint16], postings: NDArray[np.uint16], own: Numbers, packed: Numbers, seen: NDArray[np.bool_]
) -> None:
    """Add the weight of each gram at the places of a window that have it. `seen` is empty between two calls."""
    ends, weights = part(packed, TERM_ENDS), part(packed, GRAM_WEIGHTS)
    begin = 0
    for gram in range(len(weights)):
        weight = np.uint16(weights[gram])
        if ends[gram] - begin == 1:
            for posting in postings[own[0, begin] : own[1, begin]]:
                sums[posting & _INSIDE] += weight
        else:  # any one of the terms counts, once
            for at in range(begin, ends[gram]):
                for posting in postings[own[0, at] : own[1, at]]:
                    if not seen[posting & _INSIDE]:
                        seen[posting & _INSIDE] = True
                        sums[posting & _INSIDE] += weight
            for at in range(begin, ends[gram]):
                for posting in postings[own[0, at] : own[1, at]]:
                    seen[posting & _INSIDE] = False
        begin = ends[gram]


@compiled
def _pick(
    room: Room, flags: np.uint64, bound: int, bias: int, base: int, found: Numbers, count: int
) -> tuple[Numbers, int]:
    """Append the places of a window whose sums reach the bound, with their points; make room when there is none left."""
    sums, words = room.sums, room.words
    for lane in range(WINDOW // _LANES):
        word = _WORDS * lane
        lower = words[word] | words[word + 1] | words[word + 2] | words[word + 3]
        if not (lower | words[word + 4] | words[word + 5] | words[word + 6] | words[word + 7]) & flags:
            continue
        if count + _LANES > found.shape[1]:
            more = np.empty((2, found.shape[1] * 2), np.int64)
            more[:, :count] = found[:, :count]
            found = more
        for near in range(word, word + _WORDS):
            if words[near] & flags:
                for at in range(4 * near, 4 * near + 4):
                    if sums[at] >= bound:
                        found[0, count], found[1, count] = base + at, sums[at] - bias
                        count += 1
    return found, count


@compiled
def _most(sums: NDArray[np.uint16]) -> Any:
    """Return the highest of some sums."""
    most = np.uint16(0)
    for at in range(len(sums)):  # by place: so many are compared at once
        most = max(most, sums[at])
    return most


@compiled
def _bias(possible: int, bound: int) -> tuple[int, np.uint64]:
    """Return what every sum begins with so that those that reach a bound show it by their highest bit, and these bits.

    Where a sum would overflow: 0, and all bits, which tell of any sum that is not empty.
    """
    if possible - bound < _HIGH <= possible + _HIGH - bound:
        return _HIGH - bound, _FLAGS
    return 0, ~np.uint64(0)


@compiled
def _open(shelves: Shelves, block: int, places: Numbers, spans: Numbers) -> None:
    """Note where the lists of a block begin and end."""
    for at in range(len(places)):
        if places[at] >= 0:
            spans[0, at], spans[1, at] = span_of(shelves, block, int(places[at]))


@compiled
def _fill(
    shelves: Shelves, packed: Numbers, own: Numbers, gone: Numbers, first: int, last: int, room: Room, bias: int
) -> Any:
    """Add up a window between two places of the index; return the most points of a product there."""
    sums = room.sums
    sums[:] = bias
    _add_up(sums, shelves.postings, own, packed, room.seen)
    if len(gone):
        for at in range(np.searchsorted(gone, first), np.searchsorted(gone, last)):
            sums[gone[at] % WINDOW] = bias
    return np.int64(_most(sums)) - bias


@compiled
def collect(
    shelves: Shelves, stretches: Numbers, gone: Numbers, packed: Numbers, best: int, percent: int, rising: bool
) -> Numbers:
    """Return the places with so many percent of the best points, with theirs. Not `rising`: of the points given."""
    pieces, terms = _pieces(stretches), part(packed, TERMS)
    begun = pieces[0, 0]
    places, windows = _looked_up(shelves, terms, begun, pieces[-1, 0] - begun + 1)
    reach = _reach(packed, windows)
    sums = np.zeros(WINDOW, np.uint16)
    room = Room(sums, sums.view(np.uint64), np.zeros(WINDOW, np.bool_))
    spans, own = np.zeros((2, len(terms)), np.int64), np.zeros((2, len(terms)), np.int64)
    found, count, highest = np.empty((2, 1024), np.int64), 0, int(reach.max())
    for turn in range(2):
        for block, begin, end in pieces:
            here, base = reach[block - begun], block * BLOCK
            bound = highest if turn == 0 else reaching(best, percent)
            if bound == 0 or _most(here) < max(bound, reaching(best, percent)):
                continue
            _open(shelves, block, places[:, block - begun], spans)
            for window in range(begin // WINDOW, (end - 1) // WINDOW + 1):
                if here[window] < bound or (turn and here[window] == highest):
                    continue
                low, high = max(begin, window * WINDOW), min(end, (window + 1) * WINDOW)
                _cut(shelves, spans, windows[:, block - begun], window, low, high, own)
                bias, flags = _bias(highest, reaching(best, percent))
                most = _fill(shelves, packed, own, gone, base + low, base + high, room, bias)
                best = max(best, most * rising)
                wanted = reaching(best, percent)
                if most >= wanted:
                    found, count = _pick(room, flags, wanted + bias, bias, base + window * WINDOW, found, count)
                bound = max(bound, wanted)
    return _reaching_only(found, count, reaching(best, percent))


@compiled
def _reaching_only(found: Numbers, count: int, bound: int) -> Numbers:
    kept = 0
    for at in range(count):
        if found[1, at] >= bound:
            found[0, kept], found[1, kept] = found[0, at], found[1, at]
            kept += 1
    return found[:, :kept].copy()
