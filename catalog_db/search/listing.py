"""The first products of a list that nothing typed puts in order: by a sort, then by popularity.

Where nothing else is asked, what is certified on the day stands before what is not, and no brand has the first three
places while another is as good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.candidates import first_of
from catalog_db.search.filtering import Filtering
from catalog_db.search.found import Found
from catalog_db.search.ordering import RANKED_BY, moved_up, other_brand, popularity, sort_key
from catalog_db.search.query import ProductQuery
from catalog_db.search.segment import Segment
from catalog_db.search.selection import CodeTest, Mask, Not, Places, Test
from catalog_db.search.storage import Array

MANY_PLACES = 20_000  # from which on most of them are left out before anything is sorted
_SPARE = 4  # times as many are kept as are wanted, so that there are enough nearly always
_RANK_BITS = 32


class Listing:
    """Puts what was found into the order of a query's sort."""

    def __init__(self, segment: Segment, filtering: Filtering, found: Found, query: ProductQuery) -> None:
        self._segment, self._found = segment, found
        self._sort, self._day = query.sort, query.day
        self._recommended = query.sort == "recommended"
        self._certified_on = filtering.certified_on

    def first(self, wanted: int) -> list[int]:
        """Return the numbers of the first so many, perhaps of some more."""
        numbers = self._first(None, range(-1, -len(self._found.fresh) - 1, -1), wanted)
        return self._diversified(numbers) if self._recommended else numbers

    def _first(self, test: Test | None, changed: Sequence[int], wanted: int) -> list[int]:
        """Return the numbers of the first so many places that pass a test, and of some changed products."""
        numbers = self._led(test, wanted)
        if numbers is None:
            places = self._found.places
            numbers = self._of_places(places if test is None else places[test.at(places)], wanted)
        if changed:
            numbers += changed
            numbers.sort(key=self._value_key)
        return numbers[:wanted]

    def _led(self, test: Test | None, wanted: int) -> list[int] | None:
        """Return the numbers of the first so many places by the leaders of the parts; None where that is no help."""
        passing = self._found.passing
        if passing is None or len(passing) <= MANY_PLACES:
            return None
        more = () if test is None else (test,)
        if self._recommended:
            more = (*more, self._certified_on(self._day))
        selection = replace(passing.selection, tests=(*passing.selection.tests, *more))
        places = self._segment.leaders.first(self._sort, wanted, selection)
        if places is None or (self._recommended and len(places) < wanted):  # then what is not certified follows
            return None
        numbers: list[int] = places.tolist()
        return numbers

    def _of_places(self, places: Places, wanted: int) -> list[int]:
        """Return the first so many of some places."""
        if self._recommended:
            places, keys = self._best_known(places, wanted)
        else:
            if len(places) > MANY_PLACES:
                places = places[self._foremost(places, wanted)]
            keys = self._segment.leaders.keys(self._sort, places)
        numbers: list[int] = places[first_of(keys, wanted)].tolist()
        return numbers

    def _best_known(self, places: Places, wanted: int) -> tuple[Places, NDArray[np.int64]]:
        """Return the places that may stand among the first so many recommended, and numbers that grow in that order."""
        near = places[self._popular(places, wanted)] if len(places) > MANY_PLACES else places
        certified = self._certified(near)
        if len(near) < len(places) and np.count_nonzero(certified) < wanted:
            near = places
            certified = self._certified(near)
        if np.count_nonzero(certified) >= wanted:
            near = near[certified]
            return near, self._segment.rank[near].astype(np.int64)
        return near, self._segment.rank[near].astype(np.int64) + (~certified).astype(np.int64) * (1 << _RANK_BITS)

    def _certified(self, places: Places) -> Mask:
        return self._certified_on(self._day).at(places)

    def _foremost(self, places: Places, wanted: int) -> Mask:
        """Tell which of many places may stand among the first so many: all whose first column is good enough."""
        for name, ascending in RANKED_BY[self._sort]:
            if not len(self._segment.values(name)):
                continue
            codes = self._at(self._segment.column(name), places)
            often = np.bincount(codes, minlength=2)[1:]
            upto = np.cumsum(often if ascending else often[::-1])
            if not upto[-1]:  # not known of a single one: the next column decides, popularity at last
                continue
            if int(upto[-1]) < wanted:  # unknown values are needed, too
                return np.ones(len(places), bool)
            steps = int(np.searchsorted(upto, wanted)) + 1
            return (codes > 0) & (codes <= steps) if ascending else codes > len(often) - steps
        return self._popular(places, wanted)

    def _popular(self, places: Places, wanted: int) -> Mask:
        """Tell which of many places are popular enough to stand among the first so many."""
        ranks = self._at(self._segment.rank, places)
        bound = self._segment.size * _SPARE * (wanted + 1) // len(places)
        near: Mask = ranks <= bound
        return near if np.count_nonzero(near) >= wanted else np.ones(len(places), bool)

    def _at(self, column: Array, places: Places) -> Array:
        """Return a column at some places; at all there are as it stands, which costs a fifth."""
        return column if len(places) == self._segment.size else column[places]

    def _value_key(self, number: int) -> tuple[object, ...]:
        product = self._found.changed(number) if number < 0 else self._segment.row(number)
        return (
            self._recommended and not self._is_certified(number),
            sort_key(product, self._sort),
            popularity(product),
        )

    def _is_certified(self, number: int) -> bool:
        if number < 0:
            return self._found.fresh[-number - 1][1].facts.certified(self._day)
        return bool(self._certified(np.array([number]))[0])

    # Brands

    def _diversified(self, numbers: list[int]) -> list[int]:
        other = self._other_brand(numbers)
        if other is None:
            return numbers
        if other not in numbers:
            numbers = [*numbers, other]
        return moved_up(numbers, other_brand([self._brand(number) for number in numbers], len(numbers)))

    def _brand(self, number: int) -> str | None:
        return self._found.changed(number).brand if number < 0 else self._segment.brand(number)

    def _other_brand(self, numbers: Sequence[int]) -> int | None:
        """Return the first product of another brand, as good as the first of all, when the first three are of one."""
        first = self._brand(numbers[0])
        if first is None or len(numbers) < 3 or any(self._brand(number) != first for number in numbers[1:3]):
            return None
        names = self._segment.table("brand")
        same = np.zeros(len(names), bool)
        if first in names:
            same[names.index(first)] = True
        others = Not(CodeTest(self._segment.column("brand"), same))
        changed = [
            -place for place, (_, one) in enumerate(self._found.fresh, start=1) if one.facts.product.brand != first
        ]
        other = next(iter(self._first(others, changed, 1)), None)
        if other is None or self._is_certified(other) != self._is_certified(numbers[0]):
            return None
        return other
