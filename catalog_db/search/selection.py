"""Where in an index the products stand that pass the filters: stretches of places, and tests on columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.storage import Array

if TYPE_CHECKING:
    from catalog_db.search.tallies import Tallies

Places = NDArray[np.intp]
Mask = NDArray[np.bool_]
_SINGLE = 8  # codes that are compared one by one; above, a table is faster
_NO_PLACES: Places = np.zeros(0, np.intp)
_SPARSE = 8  # a part of so much: then places are tested one by one


class ByCode(NamedTuple):
    """A test that the code of a column decides alone."""

    column: str
    allowed: Mask  # for each code


class Test(Protocol):
    """One filter."""

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        ...

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        ...

    def by_code(self, covered: bool) -> ByCode | None:
        """Return what decides among products of kinds that the certification covers, or does not; None: not one code alone."""
        ...


class CodeTest:
    """Passes products whose code in a column is allowed."""

    def __init__(self, codes: Array, allowed: Mask, column: str = "") -> None:
        self._codes = codes
        self._by_code = ByCode(column, allowed) if column else None
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

    def by_code(self, covered: bool) -> ByCode | None:
        """Return the column, when it was named, and the codes that pass."""
        return self._by_code

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
        allowed: Mask = self._allowed.take(codes)
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

    def by_code(self, covered: bool) -> ByCode | None:
        """Return None: no code tells it."""
        return None


def inside(places: Places, stretches: Sequence[tuple[int, int]]) -> Places:
    """Return those of some places in ascending order that lie in stretches."""
    if not len(stretches) or not len(places):
        return places[:0]
    bounds = places.searchsorted(np.array(stretches))
    if len(bounds) == 1:
        return places[bounds[0, 0] : bounds[0, 1]]
    return np.concatenate([places[first:last] for first, last in bounds.tolist()])


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

    def by_code(self, covered: bool) -> ByCode | None:
        """Return None: several tests decide."""
        return None


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

    def by_code(self, covered: bool) -> ByCode | None:
        """Return the column of the test and the codes that do not pass it."""
        told = self.test.by_code(covered)
        return None if told is None else ByCode(told.column, ~told.allowed)


@dataclass(frozen=True, slots=True)
class ByCoverage:
    """Passes by one test where the certification covers the kind of a product, by another where it does not."""

    condition: Test
    where: Test
    elsewhere: Test

    def on(self, first: int, last: int) -> Mask:
        """Tell of a stretch of products which ones pass."""
        covered = self.condition.on(first, last)
        test = self._same(covered)
        return (
            np.where(covered, self.where.on(first, last), self.elsewhere.on(first, last))
            if test is None
            else test.on(first, last)
        )

    def at(self, places: Places) -> Mask:
        """Tell of single products which ones pass."""
        covered = self.condition.at(places)
        test = self._same(covered)
        return np.where(covered, self.where.at(places), self.elsewhere.at(places)) if test is None else test.at(places)

    def _same(self, covered: Mask) -> Test | None:
        """Return the test that holds for all of some products, None when they differ."""
        count = np.count_nonzero(covered)
        return self.where if count == len(covered) else None if count else self.elsewhere

    def by_code(self, covered: bool) -> ByCode | None:
        """Return what decides where the kind is covered, or where it is not."""
        return (self.where if covered else self.elsewhere).by_code(covered)


@dataclass(frozen=True, slots=True)
class Tested:
    """What of a stretch passes: places where few are left after some of the tests, else one mark for each product."""

    first: int
    mask: Mask
    few: Places | None = None

    @property
    def count(self) -> int:
        """Return how many pass."""
        return int(np.count_nonzero(self.mask)) if self.few is None else len(self.few)

    @property
    def places(self) -> Places:
        """Return the places that pass, in ascending order."""
        return self.mask.nonzero()[0] + self.first if self.few is None else self.few


@dataclass(frozen=True, slots=True)
class Selection:
    """Stretches of places in ascending order, the tests that a product in them must pass, and the places that are out."""

    stretches: Sequence[tuple[int, int]]
    tests: Sequence[Test]
    gone: Places  # in ascending order
    tallies: Tallies | None = None

    def told(self) -> int | None:
        """Return how many products pass where that is known without looking at each of them, else None."""
        if not self.tests:
            count: int | None = sum(last - first for first, last in self.stretches)
        elif len(self.tests) == 1 and self.tallies is not None:
            count = self.tallies.count(self.tests[0], self.stretches)
        else:
            return None
        return None if count is None else count - len(self.out())

    def count(self) -> int:
        """Return how many products pass, which is told without their places."""
        count = self.told()
        if count is not None:
            return count
        return sum(part.count for part in self.tested()) - len(self.out())

    def out(self) -> Places:
        """Return the places that would pass if they were not out."""
        return self.passing(inside(self.gone, self.stretches)) if len(self.gone) else self.gone

    def tested(self) -> list[Tested]:
        """Return for each stretch what passes in it, whether it is out or not; there is a test."""
        return [self._tested(first, last) for first, last in self.stretches]

    def _tested(self, first: int, last: int) -> Tested:
        mask = self.tests[0].on(first, last)
        for done, test in enumerate(self.tests[1:], start=1):
            if np.count_nonzero(mask) * _SPARSE < last - first:
                return Tested(first, mask, self.passing(mask.nonzero()[0] + first, self.tests[done:]))
            mask &= test.on(first, last)
        return Tested(first, mask)

    def passing(self, places: Places, tests: Sequence[Test] | None = None) -> Places:
        """Return those places, all inside the stretches, that pass the tests."""
        for test in self.tests if tests is None else tests:
            if not len(places):
                break
            places = places[test.at(places)]
        return places


class Passing:
    """The places that pass a selection, looked for when somebody asks for them."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self._told = selection.told()

    def __len__(self) -> int:
        return self._count

    @cached_property
    def _count(self) -> int:
        told = self._told
        return sum(part.count for part in self._tested) - len(self.selection.out()) if told is None else told

    @cached_property
    def _tested(self) -> list[Tested]:
        return self.selection.tested()

    @cached_property
    def places(self) -> Places:
        """Return the places in ascending order."""
        selection = self.selection
        if selection.tests:
            found = [part.places for part in self._tested]
        else:
            found = [np.arange(first, last) for first, last in selection.stretches]
        places = found[0] if len(found) == 1 else np.concatenate([_NO_PLACES, *found])
        return without(places, selection.gone) if len(selection.gone) else places
