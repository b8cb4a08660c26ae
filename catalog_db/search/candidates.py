"""Collect candidates: add up the weights of the grams that each product has, block by block, filters applied inside.

A product matches when it has at least a fixed part of the points of the best product that passes the filters, so a
narrow filter never leaves less than there is. The bound rises while the blocks go by.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.builder import BLOCK
from catalog_db.search.plan import Plan, least
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places, Selection
from catalog_db.search.terms import distinct

Points = NDArray[np.int64]


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


class Collector:
    """Collects the candidates of one index."""

    def __init__(self, segment: Segment) -> None:
        self._segment = segment

    def collect(self, plan: Plan, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches; `best` is what a product elsewhere has already."""
        terms = np.array(sorted({term for gram in plan.grams for term in gram.terms}), np.uint32)
        place_of = {term: place for place, term in enumerate(terms.tolist())}
        grams = [([place_of[term] for term in gram.terms], np.uint16(gram.weight)) for gram in plan.grams]
        sums = np.zeros(BLOCK, np.uint16)
        found: list[tuple[Places, Points]] = []
        best = max(best, plan.evidence)
        for block, stretches in self._blocks(selection):
            lists = self._segment.lists(block, terms)
            _add_up(sums, lists, grams)
            best = self._pick(block, stretches, sums, selection, best, found)
            sums.fill(0)
        bound = least(best)
        places = np.concatenate([places for places, _ in found]) if found else np.zeros(0, np.intp)
        points = np.concatenate([points for _, points in found]) if found else np.zeros(0, np.int64)
        top = int(points.max()) if len(points) else 0
        return Candidates(places, points, top).at_least(bound) if top else Candidates(places, points, 0)

    def _blocks(self, selection: Selection) -> list[tuple[int, list[tuple[int, int]]]]:
        """Return the blocks that the selection touches, with the stretches inside each."""
        touched: dict[int, list[tuple[int, int]]] = {}
        for first, last in selection.stretches:
            for block in range(first // BLOCK, (last - 1) // BLOCK + 1):
                begin, end = block * BLOCK, (block + 1) * BLOCK
                touched.setdefault(block, []).append((max(first, begin), min(last, end)))
        return sorted(touched.items())

    def _pick(
        self,
        block: int,
        stretches: list[tuple[int, int]],
        sums: NDArray[np.uint16],
        selection: Selection,
        best: int,
        found: list[tuple[Places, Points]],
    ) -> int:
        """Keep the products of a block that reach the bound and pass; return the best points seen."""
        base = block * BLOCK
        for first, last in stretches:
            part = sums[first - base : last - base]
            bound = least(best)
            places = np.flatnonzero(part >= bound) + first
            places = selection.passing(places)
            if len(places):
                points = sums[places - base].astype(np.int64)
                best = max(best, int(points.max()))
                found.append((places, points))
        return best


def _add_up(
    sums: NDArray[np.uint16], lists: list[NDArray[np.uint16]], grams: list[tuple[list[int], np.uint16]]
) -> None:
    for places, weight in grams:
        having = lists[places[0]]
        if len(places) > 1:  # any one of the terms counts, once
            having = distinct(np.concatenate([lists[place] for place in places]))
        if len(having):
            np.add.at(sums, having.astype(np.intp), weight)
