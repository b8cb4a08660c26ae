"""Collect candidates: add up the weights of the grams that each product has, block by block, filters applied inside.

A product matches when it has at least a fixed part of the points of the best product that passes the filters, so a
narrow filter never leaves less than there is. The bound rises while the blocks go by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.builder import BLOCK
from catalog_db.search.plan import Plan, least
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places, Selection
from catalog_db.search.terms import distinct

Points = NDArray[np.int64]
Spans = NDArray[np.int64]  # one row: where the list of each term begins, or ends


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products that match, in the order of the index, with their points; and the points of the best."""

    places: Places
    points: Points
    best: int

    def at_least(self, points: int) -> Candidates:
        """Return those with so many points."""
        good = self.points >= points
        return Candidates(self.places[good], self.points[good], self.best)


@dataclass(frozen=True, slots=True)
class Grams:
    """The grams of a plan as arrays: all their terms in ascending order, and for each gram which ones it has."""

    terms: NDArray[np.uint32]
    members: list[list[int]]  # for each gram the places of its terms
    order: NDArray[np.int64]  # the same behind one another
    stops: NDArray[np.int64]  # where those of each gram end, after a 0
    weights: NDArray[np.uint16]

    @classmethod
    def of(cls, plan: Plan) -> Grams:
        """Bring the grams of a plan into arrays."""
        terms = sorted({term for gram in plan.grams for term in gram.terms})
        place_of = {term: place for place, term in enumerate(terms)}
        members = [[place_of[term] for term in gram.terms] for gram in plan.grams]
        return cls(
            np.array(terms, np.uint32),
            members,
            np.array([place for places in members for place in places], np.int64),
            np.cumsum([0, *map(len, members)]),
            np.array([gram.weight for gram in plan.grams], np.uint16),
        )


class Collector:
    """Collects the candidates of one index."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment

    def collect(self, plan: Plan, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches; `best` is what a product elsewhere has already."""
        grams = Grams.of(plan)
        found: list[tuple[Places, Points]] = []
        best = max(best, plan.evidence)
        sums = np.zeros(BLOCK, np.uint16)
        free = not selection.tests  # then the best of a stretch is known before any of it is looked at
        for block, stretches in self._summed(selection, grams, sums):
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
        return _joined(found).at_least(least(best))

    def _summed(
        self, selection: Selection, grams: Grams, sums: NDArray[np.uint16]
    ) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield the first place of each block that the selection touches, and its stretches there, `sums` filled for it."""
        touched = blocks_of(selection)
        spans = self.segment.spans([block for block, _ in touched], grams.terms)
        for (block, stretches), begins, ends in zip(touched, *spans, strict=True):
            self.add_up(sums, grams, begins, ends)
            yield block * BLOCK, stretches
            sums.fill(0)

    def add_up(self, sums: NDArray[np.uint16], grams: Grams, begins: Spans, ends: Spans) -> None:
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
        if lists:
            weights = np.repeat(grams.weights, [len(having) for having in lists])
            np.add.at(sums, np.concatenate(lists).astype(np.intp), weights)


def _joined(found: list[tuple[Places, Points]]) -> Candidates:
    if not found:
        return Candidates(np.zeros(0, np.intp), np.zeros(0, np.int64), 0)
    points = np.concatenate([points for _, points in found])
    return Candidates(np.concatenate([places for places, _ in found]), points, int(points.max()))


def blocks_of(selection: Selection) -> list[tuple[int, list[tuple[int, int]]]]:
    """Return the blocks that the selection touches, with the stretches inside each."""
    touched: dict[int, list[tuple[int, int]]] = {}
    for first, last in selection.stretches:
        for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
            begin, end = block * BLOCK, (block + 1) * BLOCK
            touched.setdefault(block, []).append((max(first, begin), min(last, end)))
    return sorted(touched.items())
