"""Collect candidates: add up the weights of the grams that each product has, block by block, filters applied inside.

A product matches when it has at least a fixed part of the points of the best product that passes the filters, so a
narrow filter never leaves less than there is. The bound rises while the blocks go by. The best of what matches is then
compared character by character.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

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

Points = NDArray[np.int64]
Scores = NDArray[np.int64]
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
        sums = np.zeros(BLOCK, np.uint16)
        free = not selection.tests  # then the best of a stretch is known before any of it is looked at
        for possible, block, stretches in self._summed(asked, selection, sums):
            if possible < least(best):
                continue
            for first, last in stretches:
                part = sums[first - block : last - block]
                most = int(part.max())
                if free:
                    best = max(best, most)
                if most < least(best):
                    continue
                places = np.flatnonzero(part >= np.uint16(least(best)))
                places += first
                places = selection.passing(places)
                if len(places):
                    points = sums[places - block].astype(np.int64)
                    best = max(best, int(points.max()))
                    found.append((places, points))
        return _joined(found, least(best))

    def _summed(
        self, asked: Asked, selection: Selection, sums: NDArray[np.uint16]
    ) -> Iterator[tuple[int, int, Stretches]]:
        """Yield for each block that the selection touches the most points that a product there can have, the first place
        of the block, and the stretches there, `sums` filled for it.
        """
        grams = Grams.of(asked)
        touched = blocks_of(selection)
        if not touched:
            return
        begins, ends = self.segment.spans([block for block, _ in touched], grams.terms)
        for row, possible in enumerate(grams.possible(begins, ends).tolist()):
            block, stretches = touched[row]
            self._add_up(sums, grams, begins[row], ends[row])
            if len(selection.gone):
                sums[selection.gone_of(block)] = 0
            yield possible, block * BLOCK, stretches
            sums.fill(0)

    def _add_up(self, sums: NDArray[np.uint16], grams: Grams, begins: Spans, ends: Spans) -> None:
        """Add the weight of each gram at the places that have it; the lists of its terms stand where the spans say."""
        postings = self.segment.postings
        spans = [*zip(begins.tolist(), ends.tolist(), strict=True)]
        lists = []
        for terms in grams.members:
            begin, end = spans[terms[0]]
            having = postings[begin:end]
            if len(terms) > 1:  # any one of the terms counts, once
                having = distinct(np.concatenate([postings[begin:end] for begin, end in map(spans.__getitem__, terms)]))
            lists.append(having)
        weights = np.repeat(grams.weights, [len(having) for having in lists])
        np.add.at(sums, np.concatenate(lists).astype(np.intp), weights)

    def ranked(self, asked: Asked, candidates: Candidates) -> Ranked:
        """Return the best candidates, compared character by character."""
        if not len(candidates.places):
            return NO_ONE
        window = self.foremost(candidates, RERANKED)
        places = candidates.places[window]
        scores = rerank(asked, *self.segment.closed_texts(places))
        order = np.lexsort((self.segment.rank[places], -scores))
        return Ranked(places[order], scores[order])

    def foremost(self, candidates: Candidates, most: int) -> NDArray[np.intp]:
        """Return where the best by points stand, then by popularity, so many of them."""
        points = candidates.points
        if most >= len(points):
            return first_of(self._keys(candidates.places, points), most)
        often = np.bincount(points)[::-1]
        cut = len(often) - 1 - int(np.searchsorted(np.cumsum(often), most))
        good = np.flatnonzero(points >= cut)
        return good[first_of(self._keys(candidates.places[good], points[good]), most)]

    def _keys(self, places: Places, points: Points) -> NDArray[np.int64]:
        return ((1 << 20) - points << _RANK_BITS) + self.segment.rank[places].astype(np.int64)


def first_of(keys: NDArray[np.int64], most: int) -> NDArray[np.intp]:
    """Return where the smallest keys stand, in ascending order of the keys."""
    if most < len(keys):
        near = np.argpartition(keys, most)[:most]
        return near[np.argsort(keys[near])]
    return np.argsort(keys)


def _joined(found: list[tuple[Places, Points]], bound: int) -> Candidates:
    """Return what was found with so many points at least."""
    if not found:
        return NOTHING
    places, points = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return Candidates.of(places, points).at_least(bound)


def blocks_of(selection: Selection) -> list[tuple[int, Stretches]]:
    """Return the blocks that the selection touches, with the stretches inside each."""
    touched: dict[int, Stretches] = {}
    for first, last in selection.stretches:
        for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
            begin, end = block * BLOCK, (block + 1) * BLOCK
            touched.setdefault(block, []).append((max(first, begin), min(last, end)))
    return sorted(touched.items())
