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
Stretches = list[tuple[int, int]]


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
    places: list[int]  # of the terms of all grams behind one another
    order: NDArray[np.int64]  # the same as an array
    ends: NDArray[np.int64]  # where the places of each gram begin and end
    weights: NDArray[np.uint16]

    @classmethod
    def of(cls, plan: Plan) -> Grams:
        """Bring the grams of a plan into arrays."""
        terms = sorted({term for gram in plan.grams for term in gram.terms})
        place_of = {term: place for place, term in enumerate(terms)}
        places = [place_of[term] for gram in plan.grams for term in gram.terms]
        return cls(
            np.array(terms, np.uint32),
            places,
            np.array(places, np.int64),
            np.cumsum([0, *(len(gram.terms) for gram in plan.grams)]),
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
        for block, stretches in _touched(selection):
            for reached, having in self.reaching(block, grams, stretches, least(best), sums):
                places = selection.passing(reached)
                if len(places):
                    points = having if len(places) == len(reached) else having[np.searchsorted(reached, places)]
                    best = max(best, int(points.max()))
                    found.append((places, points))
        places = np.concatenate([places for places, _ in found]) if found else np.zeros(0, np.intp)
        points = np.concatenate([points for _, points in found]) if found else np.zeros(0, np.int64)
        top = int(points.max()) if len(points) else 0
        return Candidates(places, points, top).at_least(least(best))

    def reaching(
        self, block: int, grams: Grams, stretches: Stretches, bound: int, sums: NDArray[np.uint16]
    ) -> Iterator[tuple[Places, Points]]:
        """Yield for each stretch of a block the places that reach the bound, with their points.

        `sums` is room for the sums of a block, empty before and after.
        """
        lists = self.segment.lists(block, grams.terms)
        for begin, end, weight in zip(grams.ends[:-1].tolist(), grams.ends[1:].tolist(), grams.weights, strict=True):
            having = lists[grams.places[begin]]
            if end > begin + 1:  # any one of the terms counts, once
                having = distinct(np.concatenate([lists[place] for place in grams.places[begin:end]]))
            if len(having):
                np.add.at(sums, having.astype(np.intp), weight)
        base = block * BLOCK
        for first, last in stretches:
            yield reached(sums, base, first, last, bound)
        sums.fill(0)


def reached(sums: NDArray[np.uint16], base: int, first: int, last: int, bound: int) -> tuple[Places, Points]:
    """Return the places of a stretch of a block whose sums reach the bound, and those sums."""
    inside = np.flatnonzero(sums[first - base : last - base] >= np.uint16(bound))
    inside += first - base
    points = sums[inside].astype(np.int64)
    inside += base
    return inside, points


def _touched(selection: Selection) -> list[tuple[int, Stretches]]:
    """Return the blocks that the selection touches, with the stretches inside each."""
    touched: dict[int, Stretches] = {}
    for first, last in selection.stretches:
        for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
            begin, end = block * BLOCK, (block + 1) * BLOCK
            touched.setdefault(block, []).append((max(first, begin), min(last, end)))
    return sorted(touched.items())
