"""Where in an index the products stand that pass the filters: stretches of places, and tests on columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.storage import Array
from catalog_db.search.terms import BLOCK

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
_SINGLE = 8  # codes that are compared one by one; above, a table is faster
_NO_PLACES: Places = np.zeros(0, np.intp)
_SPARSE = 8  # a part of so much: then places are tested one by one


class Test(Protocol):
    """One filter."""

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        ...

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        ...


class CodeTest:
    """Passes products whose code in a column is allowed."""

    def __init__(self, codes: Array, allowed: Mask) -> None:
        self._codes = codes
        self._allowed = allowed
        good = allowed.nonzero()[0]
        self._single = good.tolist() if len(good) <= _SINGLE else None
        self._range = (int(good[0]), int(good[-1])) if len(good) and good[-1] - good[0] + 1 == len(good) else None
        self._top = len(allowed) - 1

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        return self._passes(self._codes[first:last])

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        return self._passes(self._codes[places])

    def _passes(self, codes: Array) -> Mask:
        if self._range is not None and self._range[0] < self._range[1]:
            low, high = self._range
            passes: Mask = codes >= low
            return passes if high == self._top else passes & (codes <= high)
        if self._single is not None:
            passes = np.zeros(len(codes), bool)
            for code in self._single:
                passes |= codes == code
            return passes
        allowed: Mask = self._allowed[codes]
        return allowed


class PlaceTest:
    """Passes the products at given places, in ascending order."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        begin, end = self.places.searchsorted((first, last))
        passes = np.zeros(last - first, bool)
        passes[self.places[begin:end] - first] = True
        return passes

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        if not len(self.places):
            return np.zeros(len(places), bool)
        near = np.minimum(self.places.searchsorted(places), len(self.places) - 1)
        passes: Mask = self.places[near] == places
        return passes


def without(places: Places, gone: Places) -> Places:
    """Return places without those that are out, both in ascending order: a few are looked up in many, not many in a few."""
    at = places.searchsorted(gone)
    inside = at < len(places)
    at, gone = at[inside], gone[inside]
    return np.delete(places, at[places[at] == gone])


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Passes what one of several tests passes."""

    tests: Sequence[Test]

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        passes: Mask = np.logical_or.reduce([test.on(first, last) for test in self.tests])
        return passes

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        passes: Mask = np.logical_or.reduce([test.at(places) for test in self.tests])
        return passes


@dataclass(frozen=True, slots=True)
class Not:
    """Passes what a test does not."""

    test: Test

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        return ~self.test.on(first, last)

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        return ~self.test.at(places)


@dataclass(frozen=True, slots=True)
class Either:
    """Passes by one test where a condition holds, by another where it does not."""

    condition: Test
    where: Test
    elsewhere: Test

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        return np.where(self.condition.on(first, last), self.where.on(first, last), self.elsewhere.on(first, last))

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        return np.where(self.condition.at(places), self.where.at(places), self.elsewhere.at(places))


@dataclass(frozen=True, slots=True)
class Selection:
    """Stretches of places in ascending order, the tests that a product in them must pass, and the places that are out."""

    stretches: Sequence[tuple[int, int]]
    tests: Sequence[Test]
    gone: Places  # in ascending order

    def places(self) -> Places:
        """Return the places of all products that pass, in ascending order."""
        found = [self._in(first, last) for first, last in self.stretches]
        places = found[0] if len(found) == 1 else np.concatenate(found) if found else _NO_PLACES
        return without(places, self.gone) if len(self.gone) else places

    def count(self) -> int:
        """Return how many products pass, which is told without their places."""
        if len(self.gone):
            return len(self.places())
        if not self.tests:
            return sum(last - first for first, last in self.stretches)
        count = 0
        for first, last in self.stretches:
            mask, places = self._tested(first, last)
            count += int(np.count_nonzero(mask)) if places is None else len(places)
        return count

    def _in(self, first: int, last: int) -> Places:
        if not self.tests:
            return np.arange(first, last)
        mask, places = self._tested(first, last)
        return mask.nonzero()[0] + first if places is None else places

    def _tested(self, first: int, last: int) -> tuple[Mask, Places | None]:
        """Return which products of a stretch pass; where few are left after some of the tests, their places instead."""
        mask = self.tests[0].on(first, last)
        for done, test in enumerate(self.tests[1:], start=1):
            if np.count_nonzero(mask) * _SPARSE < last - first:
                return mask, self.passing(mask.nonzero()[0] + first, self.tests[done:])
            mask &= test.on(first, last)
        return mask, None

    def passing(self, places: Places, tests: Sequence[Test] | None = None) -> Places:
        """Return those places, all inside the stretches, that pass the tests."""
        for test in self.tests if tests is None else tests:
            if not len(places):
                break
            places = places[test.at(places)]
        return places

    def gone_of(self, block: int) -> Places:
        """Return the places inside a block that are out."""
        if not len(self.gone):
            return self.gone
        begin, end = self.gone.searchsorted((block * BLOCK, (block + 1) * BLOCK))
        return self.gone[begin:end] - block * BLOCK
