"""Collect candidates: add up the weights of the grams that each product has, block by block, filters applied inside.

A product matches when it has at least a fixed part of the points of the best product that passes the filters, so a
narrow filter never leaves less than there is. The bound rises while the blocks go by. The best of what matches is then
compared character by character.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.plan import Asked, least, plan
from catalog_db.search.reranking import rerank
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places, Selection
from catalog_db.search.terms import BLOCK, distinct
from catalog_db.search.vocabulary import IndexVocabulary

RERANKED = 256  # candidates that are compared character by character
_RANK_BITS = 32
_KEPT_BYTES = 1 << 22  # more than any array of a search has
_MOST_POINTS = (1 << 16) - 1
_AT_ONCE = 4  # blocks that are added up before any of them is looked through
_FOLDS = 8  # stretches of places that are laid upon one another to find where many points are

Points = NDArray[np.int64]
Scores = NDArray[np.int64]
Sums = NDArray[np.uint16]
Spans = NDArray[np.int64]  # one row: where the list of each term begins, or ends
Stretches = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products that match, with their points."""

    places: Places
    points: Points
    best: int  # the points of the best, 0 without any

    @classmethod
    def of(cls, places: Places, points: Points) -> Candidates:
        """Return the products with their points."""
        return cls(places, points, int(points.max()) if len(points) else 0)

    def at_least(self, points: int) -> Candidates:
        """Return those with so many points."""
        if not len(self.points) or self.points.min() >= points:
            return self
        good = self.points >= points
        return Candidates.of(self.places[good], self.points[good])


@dataclass(frozen=True, slots=True)
class Ranked:
    """The best candidates with their scores: by score, then by popularity."""

    places: Places
    scores: Scores


NOTHING = Candidates(np.zeros(0, np.intp), np.zeros(0, np.int64), 0)
NO_ONE = Ranked(np.zeros(0, np.intp), np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Grams:
    """The grams of a plan as arrays: all their terms in ascending order, and for each gram which ones it has."""

    terms: NDArray[np.uint32]
    members: list[list[int]]  # for each gram the places of its terms
    weights: NDArray[np.uint16]

    @classmethod
    def of(cls, asked: Asked) -> Grams:
        """Bring the grams of a plan into arrays."""
        terms = sorted({term for gram in asked.grams for term in gram.terms})
        place_of = {term: place for place, term in enumerate(terms)}
        members = [[place_of[term] for term in gram.terms] for gram in asked.grams]
        return cls(np.array(terms, np.uint32), members, np.array([gram.weight for gram in asked.grams], np.uint16))

    def possible(self, begins: Spans, ends: Spans) -> NDArray[np.int64]:
        """Return for each block, given the spans of the terms there, the most points that a product can have."""
        having: NDArray[np.bool_] = (begins < ends)[:, [place for places in self.members for place in places]]
        if having.shape[1] > len(self.members):  # any one of the terms counts, once
            stops = np.cumsum([0, *map(len, self.members)])[:-1]
            having = np.logical_or.reduceat(having, stops, axis=1)
        most: NDArray[np.int64] = having.astype(np.int64) @ self.weights.astype(np.int64)
        return most


class Collector:
    """Finds what matches a plan, and the best of it, in one index."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        _keep_what_is_freed()

    def asked(self, text: str, vocabulary: IndexVocabulary) -> Asked:
        """Return what a text asks for."""
        return plan(text, vocabulary)

    def find(self, asked: Asked, selection: Selection, best: int = 0) -> tuple[Candidates, Ranked]:
        """Return every product of the selection that matches, and the best of them.

        `best` is what a product elsewhere has already.
        """
        if not asked.grams:  # nothing of it is known
            return NOTHING, NO_ONE
        candidates = self.collect(asked, selection, best)
        return candidates, self.ranked(asked, candidates)

    def collect(self, asked: Asked, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches."""
        found: list[tuple[Places, Points]] = []
        best = max(best, asked.evidence)
        for possible, first, sums in self._summed(asked, selection):
            if possible < least(best):
                continue
            for places, points in matching(sums, first, selection, best):
                best = max(best, int(points.max()))
                found.append((places, points))
        return joined(found, least(best))

    def _summed(self, asked: Asked, selection: Selection) -> Iterator[tuple[int, int, Sums]]:
        """Yield for each stretch of blocks that the selection touches the most points that a product there can have, a place,
        and the points of the products from there on, 0 of those that are out of the selection.
        """
        touched = blocks_of(selection)
        if not touched:
            return
        grams = Grams.of(asked)
        begins, ends = self.segment.spans([block for block, _ in touched], grams.terms)
        runs = [*_runs([block for block, _ in touched])]
        possible = grams.possible(begins, ends).tolist() if len(runs) > 1 else [_MOST_POINTS] * len(touched)
        spans = [[*zip(*of_block, strict=True)] for of_block in zip(begins.tolist(), ends.tolist(), strict=True)]
        sums = np.empty(max(map(len, runs)) * BLOCK, np.uint16)
        for rows in runs:
            sums.fill(0)
            base = touched[rows[0]][0] * BLOCK
            for row in rows:
                start = touched[row][0] * BLOCK - base
                self._add_up(sums[start : start + BLOCK], grams, spans[row])
            stretches = [stretch for row in rows for stretch in touched[row][1]]
            yield max(possible[row] for row in rows), *cut_out(sums, base, stretches, selection)

    def _add_up(self, sums: Sums, grams: Grams, spans: Stretches, first: int = 0) -> None:
        """Add the weight of each gram at the places that have it, from the first of a block on; the lists of its terms stand
        where the spans say.
        """
        postings = self.segment.postings
        of_term = [postings[begin:end] for begin, end in spans]
        lists = [
            of_term[terms[0]] if len(terms) == 1 else distinct(np.concatenate([*map(of_term.__getitem__, terms)]))
            for terms in grams.members  # any one of the terms counts, once
        ]
        weights = np.repeat(grams.weights, [*map(len, lists)])
        places = np.concatenate(lists, dtype=np.intp)
        if first:
            places -= first
        np.add.at(sums, places, weights)

    def ranked(self, asked: Asked, candidates: Candidates) -> Ranked:
        """Return the best candidates, compared character by character."""
        if not len(candidates.places):
            return NO_ONE
        places = candidates.places[self._window(candidates, RERANKED)]
        scores = rerank(asked, self.segment.codes, *self.segment.text_spans(places))
        order = np.argsort(_keys(scores, self.segment.rank.take(places)))
        return Ranked(places[order], scores[order])

    def foremost(self, candidates: Candidates, most: int) -> NDArray[np.intp]:
        """Return where the best by points stand, then by popularity, so many of them."""
        window = self._window(candidates, most)
        ranks = self.segment.rank.take(candidates.places[window])
        ordered: NDArray[np.intp] = window[np.argsort(_keys(candidates.points[window], ranks))]
        return ordered

    def _window(self, candidates: Candidates, most: int) -> NDArray[np.intp]:
        """Return where so many of the best stand, by points, then by popularity; in no order."""
        places, points = candidates.places, candidates.points
        if most >= len(points):
            return np.arange(len(points))
        if most <= 0:
            return np.zeros(0, np.intp)
        cut = np.partition(points, len(points) - most)[len(points) - most]
        good: NDArray[np.intp] = (points >= cut).nonzero()[0]
        if len(good) == most:
            return good
        keys = _keys(points[good], self.segment.rank.take(places[good]))
        window: NDArray[np.intp] = good[keys <= np.partition(keys, most - 1)[most - 1]]  # no two keys are the same
        return window


def _keys(points: NDArray[np.int64], ranks: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return a number for each product that grows while points fall, then with the rank: the most popular first."""
    keys: NDArray[np.int64] = -points << _RANK_BITS
    keys += ranks
    return keys


def first_of(keys: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    """Return where the smallest keys stand, in ascending order of the keys."""
    if most < len(keys):
        near = np.argpartition(keys, most)[:most]
        return near[np.argsort(keys[near])]
    return np.argsort(keys)


@lru_cache(maxsize=1)
def _keep_what_is_freed() -> None:
    """Let the process keep memory that is freed: to get it back from the system for each search takes longer than the search.

    The C library of Linux gives nothing back below twice the size of the largest piece that it ever gave back.
    """
    np.empty(_KEPT_BYTES, np.uint8)


def cut_out(sums: Sums, base: int, stretches: Stretches, selection: Selection) -> tuple[int, Sums]:
    """Return a place, and the points of the products from there on, 0 of those that are out of the selection.

    `sums` begins at the place `base`; the stretches stand in ascending order.
    """
    first = (stretches[0][0] - base) // _FOLDS * _FOLDS
    last = -(-(stretches[-1][1] - base) // _FOLDS) * _FOLDS
    edges = [base + first, *chain.from_iterable(stretches), base + last]
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        sums[begin - base : end - base] = 0
    if len(selection.gone):
        begin, end = selection.gone.searchsorted((base, base + len(sums)))
        sums[selection.gone[begin:end] - base] = 0
    return base + first, sums[first:last]


def _runs(blocks: Sequence[int]) -> Iterator[range]:
    """Yield which of ascending blocks are looked at together: neighbours, not too many."""
    first = 0
    for row in range(1, len(blocks) + 1):
        if row == len(blocks) or blocks[row] > blocks[row - 1] + 1 or row - first == _AT_ONCE:
            yield range(first, row)
            first = row


def matching(sums: Sums, first: int, selection: Selection, best: int) -> Iterator[tuple[Places, Points]]:
    """Yield the products that pass the tests and have enough points; `sums` begins at the place `first`.

    What would be enough beside the best of all is looked at before it is known whether that one passes.
    """
    folded = sums.reshape(_FOLDS, -1)
    most_of = np.maximum.reduce(folded, axis=0)  # of so many places: few of them have to be looked at
    most = int(most_of.max())
    if most < least(best):
        return
    low = least(max(best, most))
    high: int | None = None
    while True:
        places = _between(folded, most_of, low, high)
        passing = selection.passing(places + first)
        if len(passing):
            points = sums[passing - first].astype(np.int64)
            yield passing, points
            best = max(best, int(points.max()))
        if low <= least(best):
            return
        high, low = low, least(best) if len(passing) else max(least(best), least(low - 1))


def _between(folded: Sums, most_of: Sums, low: int, high: int | None) -> Places:
    """Return where points stand that are so high at least, and lower than `high`."""
    columns = (most_of >= low).nonzero()[0]
    part = folded.take(columns, axis=1)
    good = part >= low
    if high is not None:
        good &= part < high
    at = good.reshape(-1).nonzero()[0]
    row = at // max(len(columns), 1)
    at -= row * len(columns)
    places: Places = columns.take(at)
    places += row * folded.shape[1]
    return places


def joined(found: list[tuple[Places, Points]], bound: int) -> Candidates:
    """Return what was found with so many points at least."""
    if not found:
        return NOTHING
    places, points = found[0] if len(found) == 1 else (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Candidates.of(places, points).at_least(bound)


def blocks_of(selection: Selection) -> list[tuple[int, Stretches]]:
    """Return the blocks that the selection touches, with the stretches inside each."""
    touched: dict[int, Stretches] = {}
    for first, last in selection.stretches:
        for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
            begin, end = block * BLOCK, (block + 1) * BLOCK
            touched.setdefault(block, []).append((max(first, begin), min(last, end)))
    return sorted(touched.items())
