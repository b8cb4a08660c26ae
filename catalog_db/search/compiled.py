"""Candidates found and ranked by compiled loops (the optional extra `fast`): the same results, many times faster.

Importing this module imports numba, which takes half a second; the first call compiles or reads the compiled code from the
cache. So a process that answers one question does without, and one that stays asks for it (`SearchIndex.accelerate`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.adding import load
from catalog_db.search.candidates import (
    NO_ONE,
    NOTHING,
    RERANKED,
    Candidates,
    Collector,
    Ranked,
    Sums,
    blocks_of,
    cut_out,
)
from catalog_db.search.collecting import collect
from catalog_db.search.comparing import scores
from catalog_db.search.directory import Lists
from catalog_db.search.packing import (
    DOUBTFUL,
    FREQUENCIES,
    GRAM_WEIGHTS,
    TERM_ENDS,
    TERMS,
    WEIGHTS,
    Numbers,
    Often,
    Shelves,
    compiled,
    numbers_of,
    part,
    read_only,
)
from catalog_db.search.plan import MATCH_PERCENT, Asked, Gram, least, units_of
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Selection
from catalog_db.search.sounds import sounds
from catalog_db.search.terms import BLOCK
from catalog_db.search.typed import Unit
from catalog_db.search.vocabulary import IndexVocabulary
from catalog_db.search.weighing import evidence, weighed

_MOST_SCORE = (1 << 22) - 1  # 60 units have less; one more would overflow beside rank and place
_RANK_BITS = 32
_PLACE_BITS = 9  # of a window


class WeighedPlan:
    """A text weighed by compiled loops. What they need stands in numbers; the rest is made when somebody looks at it."""

    def __init__(self, text: str, vocabulary: IndexVocabulary) -> None:
        self._columns = units_of(text, vocabulary)
        self.typed = numbers_of(self._columns, vocabulary.frequency)
        self.often = vocabulary.heard
        self.documents = max(vocabulary.documents, 1)
        self._most: int | None = None
        self._evidence: int | None = None

    def remember(self, most: int, evidence: int) -> None:
        """Take what a loop found out on its way."""
        self._most, self._evidence = most, evidence

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Return the units of the text."""
        return self._columns.units

    @cached_property
    def numbers(self) -> Numbers:
        """Return what `weighed` says of the units."""
        return weighed(self.typed, self.often, self.documents, read_only(sounds().class_of))

    @cached_property
    def weights(self) -> list[int]:
        """Return what each unit is worth."""
        return self._part(WEIGHTS)

    @cached_property
    def grams(self) -> list[Gram]:
        """Return what collects candidates, the rarest first."""
        terms, ends = self._part(TERMS), self._part(TERM_ENDS)
        spans = pairwise([0, *ends])
        parts = zip(spans, self._part(GRAM_WEIGHTS), self._part(FREQUENCIES), strict=True)
        return [Gram(tuple(terms[begin:end]), weight, often) for (begin, end), weight, often in parts]

    @property
    def doubtful(self) -> int:
        """Return the doubtful units, one bit each."""
        return self._part(DOUBTFUL)[0]

    @property
    def most(self) -> int:
        """Return the score of a text that fits in everything."""
        return 100 * sum(self.weights) if self._most is None else self._most

    @property
    def evidence(self) -> int:
        """Return the points that the best text must have for anything to match."""
        return int(evidence(self.numbers)) if self._evidence is None else self._evidence

    def _part(self, number: int) -> list[int]:
        found: list[int] = self.numbers[self.numbers[number] : self.numbers[number + 1]].tolist()
        return found


class CompiledCollector(Collector):
    """Finds with compiled loops."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment)
        self._shelves = Shelves.of(segment)
        self._arrays = (tuple(self._shelves[:-1]), tuple(self._shelves.lists))

    def asked(self, text: str, vocabulary: IndexVocabulary) -> Asked:
        """Return what a text asks for."""
        return WeighedPlan(text, vocabulary)

    def find(self, asked: Asked, selection: Selection, best: int = 0) -> tuple[Candidates, Ranked]:
        """Return every product of the selection that matches, and the best of them, in one go when nothing is to be tested."""
        if selection.tests or not selection.stretches:
            return super().find(asked, selection, best)
        asked = _weighed(asked)
        stretches = np.array(selection.stretches, np.int64)
        query = (asked.typed, asked.often, asked.documents, stretches, selection.gone, best)
        found, ranked, best, most, needed = _find(self._arrays, *query, MATCH_PERCENT, RERANKED)
        asked.remember(most, needed)
        return Candidates(found[0], found[1], best), Ranked(ranked[0], ranked[1])

    def collect(self, asked: Asked, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches: first what matches untested, then as far down as need be.

        Where none of the first passes the tests, block by block.
        """
        if not selection.stretches:
            return NOTHING
        stretches, numbers = np.array(selection.stretches, np.int64), _weighed(asked).numbers
        start = max(best, asked.evidence)
        found = collect(self._shelves, stretches, selection.gone, numbers, start, MATCH_PERCENT, True)
        passing = _passing(found, selection)
        if not len(passing.places):
            return super().collect(asked, selection, best) if found.shape[1] else NOTHING
        reached = max(start, passing.best)
        if reached < found[1].max():  # the best did not pass: there is more to be had
            found = collect(self._shelves, stretches, selection.gone, numbers, reached, MATCH_PERCENT, False)
            passing = _passing(found, selection)
        return passing.at_least(least(reached))

    def ranked(self, asked: Asked, candidates: Candidates) -> Ranked:
        """Return the best candidates, compared character by character."""
        if not len(candidates.places):
            return NO_ONE
        own, found = _weighed(asked), np.stack([candidates.places, candidates.points])
        best = _ranked(self._shelves, found, own.typed, part(own.numbers, WEIGHTS), own.doubtful, RERANKED)
        return Ranked(best[0], best[1])

    def _summed(self, asked: Asked, selection: Selection) -> Iterator[tuple[int, int, Sums]]:
        numbers = _weighed(asked).numbers
        sums, seen = np.zeros(BLOCK, np.uint16), np.zeros(BLOCK, bool)
        for block, stretches in blocks_of(selection):
            possible = load(self._shelves, block, numbers, sums, seen)
            yield possible, *cut_out(sums, block * BLOCK, stretches, selection)
            sums.fill(0)


def _weighed(asked: Asked) -> WeighedPlan:
    """Return a plan as the loops made it. Raises TypeError for another one."""
    if not isinstance(asked, WeighedPlan):
        raise TypeError("this plan was not weighed by compiled loops")
    return asked


def _passing(found: Numbers, selection: Selection) -> Candidates:
    """Return those of the places found that pass the tests."""
    good = np.ones(found.shape[1], bool)
    for test in selection.tests:
        good &= test.at(found[0])
    return Candidates.of(found[0][good], found[1][good])


@compiled
def _window(found: Numbers, rank: NDArray[np.uint32], most: int) -> Numbers:
    """Return where the best of what was found stand: so many, by points, then by popularity; in no order."""
    count = found.shape[1]
    if count <= most:
        return np.arange(count)
    often = np.zeros(found[1].max() + 1, np.int64)
    for points in found[1]:
        often[points] += 1
    cut, above = len(often) - 1, 0
    while above + often[cut] < most:
        above += often[cut]
        cut -= 1
    chosen = np.empty(most, np.int64)
    ranks = np.empty(most, np.int64)  # of those at the cut, from `above` on: a heap with the least popular at its top
    kept, full = 0, above
    for at in range(count):
        if found[1, at] > cut:
            chosen[kept] = at
            kept += 1
        elif found[1, at] == cut:
            own: Any = np.int64(rank[found[0, at]])
            if full < most:
                _sift_up(ranks, chosen, above, full, own, at)
                full += 1
            elif own < ranks[above]:
                _sift_down(ranks, chosen, above, most, own, at)
    return chosen


@compiled
def _sift_up(ranks: Numbers, chosen: Numbers, start: int, place: int, rank: int, at: int) -> None:
    here = place - start
    while here > 0 and ranks[start + ((here - 1) >> 1)] < rank:
        up = (here - 1) >> 1
        ranks[start + here], chosen[start + here] = ranks[start + up], chosen[start + up]
        here = up
    ranks[start + here], chosen[start + here] = rank, at


@compiled
def _sift_down(ranks: Numbers, chosen: Numbers, start: int, end: int, rank: int, at: int) -> None:
    here, size = 0, end - start
    while 2 * here + 1 < size:
        down = 2 * here + 1
        if down + 1 < size and ranks[start + down + 1] > ranks[start + down]:
            down += 1
        if ranks[start + down] <= rank:
            break
        ranks[start + here], chosen[start + here] = ranks[start + down], chosen[start + down]
        here = down
    ranks[start + here], chosen[start + here] = rank, at


@compiled
def _ranked(shelves: Shelves, found: Numbers, typed: Numbers, weights: Numbers, doubtful: int, most: int) -> Numbers:
    """Return the best of what was found, best first: places and scores; popularity decides between equals."""
    window = _window(found, shelves.rank, most)
    places = found[0][window]
    fitting = scores(shelves, places, typed, weights, doubtful)
    keys = np.empty(len(window), np.int64)  # score, popularity, and where it stands
    for at in range(len(window)):
        keys[at] = (
            ((_MOST_SCORE - fitting[at]) << (_RANK_BITS + _PLACE_BITS))
            | (np.int64(shelves.rank[places[at]]) << _PLACE_BITS)
            | at
        )
    keys.sort()
    ranked = np.empty((2, len(window)), np.int64)
    for at in range(len(keys)):
        one = keys[at] & ((1 << _PLACE_BITS) - 1)
        ranked[0, at], ranked[1, at] = places[one], fitting[one]
    return ranked


@compiled
def _find(
    arrays: Any,
    typed: Numbers,
    often: Often,
    documents: int,
    stretches: Numbers,
    gone: Numbers,
    best: int,
    percent: int,
    most: int,
) -> tuple[Numbers, Numbers, int, int, int]:
    """Return what matches (places and points) and the best of it (places and scores).

    Also the points of the best, the score of a text that fits in everything, and the points that the best must have. The
    arrays of the index come as plain tuples, which are handed over in half the time.
    """
    shelves: Any = Shelves(*arrays[0], Lists(*arrays[1]))  # type: ignore[call-arg]
    plan = weighed(typed, often, documents, shelves.class_of)
    weights, needed = part(plan, WEIGHTS), evidence(plan)
    found = collect(shelves, stretches, gone, plan, max(best, needed), percent, True)
    best = found[1].max() if found.shape[1] else 0
    return (
        found,
        _ranked(shelves, found, typed, weights, part(plan, DOUBTFUL)[0], most),
        best,
        100 * weights.sum(),
        needed,
    )
