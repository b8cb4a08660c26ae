"""Candidates by the rarest grams: a product without any of them cannot have enough points, the others are few.

Only the lists of the rarest grams are read, until what the rest could give is less than what a match needs; bit maps of the
rest say what those products have of it. How much a match needs is known when the best is: where the best has less than was
expected, more lists are read. Where that is more work than to read all lists, they are all read.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.candidates import NOTHING, Candidates, Points
from catalog_db.search.maps import BitMaps
from catalog_db.search.plan import Asked, Gram, least
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Not, Places, PlaceTest, Selection, Test
from catalog_db.search.terms import BLOCK, TOKENS, distinct
from catalog_db.search.windows import WindowCollector

_EXPECTED = 75  # percent of all points that the best probably has
_MANY, _EXPECTED_OF_MANY = 12, 55  # the same of more grams than so many: in a question some words stand in no title
_FEW = 16_384  # times to look something up; where it is more, a few products tell first how many points a match needs
_FIRST = 32
_SINGLE = 4  # terms of a gram that are looked up one by one; more of them at once
_POINT_BITS = 16
# Nanoseconds that a search takes: for each product of a list read and for each block, when all lists are read; for each product
# of the rarest lists, for each gram looked up in a map, and in any case, when only those are read
_READ, _BLOCK = 5, 40_000
_LISTED, _LOOKED_UP, _ALWAYS = 14, 5, 150_000

Listed = tuple[int, NDArray[np.uint16]]  # a block, and places inside it in order
_block_of = itemgetter(0)


class Sieve(WindowCollector):
    """Finds what matches by its rarest grams where that is less work. Safe to ask from several threads."""

    def __init__(self, segment: Segment) -> None:
        super().__init__(segment)
        self._fits = BitMaps.fits(segment.size)
        self._idle: list[NDArray[np.uint16]] = []  # a number for each product, all 0: one for each search under way

    @cached_property
    def _maps(self) -> BitMaps:
        blocks = range(self.segment.blocks)
        return BitMaps(self.segment.size, lambda terms: _placed(self._lists(terms, blocks)))

    @cached_property
    def _views(self) -> Sequence[memoryview]:
        """Return of the directory where the lists of a term begin, their blocks and their places there."""
        return self._directory.starts.data, self._directory.blocks.data, self._directory.places.data

    def collect(self, asked: Asked, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches."""
        if not self._fits or not selection.stretches:
            return super().collect(asked, selection, best)
        grams = sorted(asked.grams, key=_cost)
        total = sum([gram.weight for gram in grams])
        reached = max(best, asked.evidence)
        expected = max(reached, total * (_EXPECTED_OF_MANY if len(grams) > _MANY else _EXPECTED) // 100)
        while True:
            rare, rest, needed = 0, total, least(expected)
            while rest >= needed:
                rest -= grams[rare].weight
                rare += 1
            if not self._pays(grams, rare, selection):
                return super().collect(asked, selection, best)
            found = self._found(grams[:rare], grams[rare:], selection, reached)
            reached = max(reached, found.best)
            if rest < least(reached):
                return found
            expected = reached

    def _pays(self, grams: Sequence[Gram], rare: int, selection: Selection) -> bool:
        """Tell whether to read the lists of the first grams and to look the rest up is less work than to read all lists."""
        blocks = (selection.stretches[-1][1] - 1) // BLOCK + 1 - selection.stretches[0][0] // BLOCK
        often = [gram.frequency * blocks // self.segment.blocks for gram in grams]
        sifted = sum(often[:rare]) * (_LISTED + _LOOKED_UP * (len(grams) - rare))
        return sifted + _ALWAYS < sum(often) * _READ + blocks * _BLOCK

    def _found(self, rare: Sequence[Gram], common: Sequence[Gram], selection: Selection, best: int) -> Candidates:
        """Return what matches of the products that have any of the rare grams."""
        tests = (*selection.tests, Not(PlaceTest(selection.gone))) if len(selection.gone) else selection.tests
        places, points = self._rarest(rare, selection.stretches)
        if not len(places):
            return NOTHING
        if common:
            if len(places) * len(common) > _FEW:
                first = np.argpartition(points, len(points) - _FIRST)[-_FIRST:]
                reached = points[first] + self._maps.points(common, places[first])
                best = max(best, _passing(places[first], reached, tests, best).best)
                wanted = least(best) - sum([gram.weight for gram in common])
                if wanted <= 0:  # probably more lists are to be read
                    return Candidates(places[:0], points[:0], best)
                good = points >= wanted
                places, points = places[good], points[good]
            points = points + self._maps.points(common, places)
        found = _passing(places, points, tests, best)
        return _in_order(found) if len(rare) > 1 else found

    def _rarest(self, grams: Sequence[Gram], stretches: Sequence[tuple[int, int]]) -> tuple[Places, Points]:
        """Return the products in the stretches that have any of the grams, some more than once, with their points by these."""
        begin, end = stretches[0][0], stretches[-1][1]
        blocks = range(begin // BLOCK, (end - 1) // BLOCK + 1)
        lists = [(*own, gram.weight) for gram in grams for own in self._lists(gram.terms, blocks)]
        lists.sort(key=_block_of)
        weights = np.array([weight for _, _, weight in lists], np.uint16).repeat([len(own) for _, own, _ in lists])
        places = _placed([(block, own) for block, own, _ in lists])
        if len(stretches) > 1 or end - begin < self.segment.size:
            inside = (np.array([*chain(*stretches)]).searchsorted(places, "right") & 1) > 0
            places, weights = places[inside], weights[inside]
        if len(grams) == 1:
            return places, weights.astype(np.int64)
        sums = self._taken()
        np.add.at(sums, places, weights)
        points = sums.take(places)
        sums[places] = 0
        self._idle.append(sums)
        return places, points.astype(np.int64)

    def _taken(self) -> NDArray[np.uint16]:
        """Take an idle row of numbers, or make one: another search may have taken the last in between."""
        try:
            return self._idle.pop()
        except IndexError:
            return np.zeros(self.segment.size, np.uint16)

    def _lists(self, terms: Sequence[int], blocks: range) -> Iterable[Listed]:
        """Return the lists of what has any of some terms in some blocks, at most one for each block."""
        if len(terms) <= _SINGLE:
            lists = [listed for term in terms for listed in self._of_term(term, blocks)]
        else:
            begins, ends = self.segment.spans(blocks, np.array(sorted(terms), np.uint32))
            rows, _ = there = (begins < ends).nonzero()
            spans = zip(rows.tolist(), begins[there].tolist(), ends[there].tolist(), strict=True)
            lists = [(blocks[row], self.segment.postings[begin:end]) for row, begin, end in spans]
        return lists if len(terms) == 1 else _merged(lists)

    def _of_term(self, term: int, blocks: range) -> Iterator[Listed]:
        """Yield the lists of a term in some blocks."""
        segment = self.segment
        firsts, bases, ends, postings = segment.block_terms, segment.block_postings, segment.ends.data, segment.postings
        if term < TOKENS:
            starts, block_of, place_of = self._views
            span = slice(starts[term], starts[term + 1])
            for block, place in zip(block_of[span], place_of[span], strict=True):
                if block in blocks:
                    at, base = firsts[block] + place, bases[block]
                    yield block, postings[base + (ends[at - 1] if place else 0) : base + ends[at]]
            return
        terms = segment.terms.data
        for block in blocks:
            at, base = bisect_left(terms, term, firsts[block], firsts[block + 1]), bases[block]
            if at < firsts[block + 1] and terms[at] == term:
                yield block, postings[base + (ends[at - 1] if at > firsts[block] else 0) : base + ends[at]]


def _cost(gram: Gram) -> float:
    return gram.frequency / gram.weight


def _merged(lists: list[Listed]) -> Iterator[Listed]:
    """Yield for each block what stands in any of its lists, once."""
    lists.sort(key=_block_of)
    for block, own in groupby(lists, _block_of):
        yield block, distinct(np.concatenate([places for _, places in own]))


def _placed(lists: Iterable[Listed]) -> Places:
    """Return the places in the index of lists, which stand in the order of their blocks."""
    lists = [*lists]
    if not lists:
        return np.zeros(0, np.intp)
    places = np.concatenate([own for _, own in lists], dtype=np.intp)
    end = 0
    for block, of_block in groupby(lists, _block_of):
        begin, end = end, end + sum([len(own) for _, own in of_block])
        if block:
            places[begin:end] += block * BLOCK
    return places


def _passing(places: Places, points: Points, tests: Sequence[Test], best: int) -> Candidates:
    """Return those that pass the tests and have enough points: what would be enough if the best passed is tested first."""
    highest = int(points.max(initial=0))
    bound = least(max(best, highest))
    while True:
        good = (points >= bound).nonzero()[0]
        found = Candidates(places.take(good), points.take(good), highest if highest >= bound else 0)
        if not tests:
            return found
        for test in tests:
            if len(found.places):
                passes = test.at(found.places)
                found = Candidates.of(found.places[passes], found.points[passes])
        enough = least(max(best, found.best))
        if enough >= bound:
            return found.at_least(enough)
        bound = enough


def _in_order(found: Candidates) -> Candidates:
    """Return the same products in order, each once."""
    keys = found.places << _POINT_BITS
    keys += found.points
    keys = distinct(keys)
    return Candidates(keys >> _POINT_BITS, keys & ((1 << _POINT_BITS) - 1), found.best)
