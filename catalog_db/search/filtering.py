"""Turn a query into a selection of an index: which stretches, which tests. `matching` says what each filter means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from datetime import date
from operator import attrgetter

import numpy as np

from catalog_db.search.adcodes import can_be_had, within
from catalog_db.search.columns import PRICE_UNIT
from catalog_db.search.finding import WordFinder
from catalog_db.search.folding import tight, word
from catalog_db.search.matching import cleaned, normal_size
from catalog_db.search.query import ProductQuery
from catalog_db.search.segment import GREEN_BIT, NOT_OTHER, Segment, scheme_bits
from catalog_db.search.selection import AnyOf, ByCoverage, CodeTest, Mask, Not, Places, PlaceTest, Selection, Test

_MOST_KEPT = 4_096
_FREE = ("day", "text", "sort", "limit", "offset")  # what of a query is no filter
_filters = attrgetter(*(one.name for one in fields(ProductQuery) if one.name not in _FREE))
_NO_FILTERS = _filters(ProductQuery(date.min))


class Filtering:
    """Makes selections of one index. `gone` are the places of products that changed since it was built."""

    def __init__(self, segment: Segment, finder: WordFinder) -> None:
        self._segment = segment
        self._finder = finder
        self._members: dict[str, dict[str, list[int]]] = {}
        self._everything = [(0, segment.size)] if segment.size else []
        self._kept: dict[
            tuple[tuple[str, ...], ...], list[tuple[int, int]]
        ] = {}  # the stretches of kinds asked for before
        self._certified: tuple[date, Test] | None = None  # of the day asked for last

    def selection(self, query: ProductQuery, gone: Places) -> Selection:
        """Return the selection of all products of the index that may be listed for a query."""
        if _filters(query) == _NO_FILTERS:
            return Selection(self._everything, (), gone, self._segment.tallies)
        query = cleaned(query)
        tests = [  # those that cost least of many products first
            *self._named(query),
            *self._limits(query),
            *self._values(query),
            *self._words(query),
            *self._evidence(query),
        ]
        if query.exclude_skus:
            gone = np.union1d(gone, self._places(query.exclude_skus))
        return Selection(self._stretches(query), tests, gone, self._segment.tallies)

    def _stretches(self, query: ProductQuery) -> list[tuple[int, int]]:
        if not (query.categories or query.exclude_categories):
            return self._everything
        key = (tuple(query.categories), tuple(query.exclude_categories))
        stretches = self._kept.get(key)
        if stretches is None:
            wanted, unwanted = set(query.categories), set(query.exclude_categories)
            chosen = [
                place
                for place, line in enumerate(self._segment.lines)
                if (not wanted or not wanted.isdisjoint(line)) and unwanted.isdisjoint(line)
            ]
            stretches = self._segment.ranges(chosen)
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = stretches
        return stretches

    def _named(self, query: ProductQuery) -> Iterator[Test]:
        if query.skus:
            yield PlaceTest(self._places(query.skus))
        if query.brands:
            yield self._coded("brand", set(query.brands).__contains__)
        if query.exclude_brands:
            excluded = {brand for brand in query.exclude_brands if brand}
            yield Not(self._coded("brand", excluded.__contains__))
        if query.enterprises:
            yield self._sets("makers", set(query.enterprises).__contains__)
        if query.batch is not None:
            yield self._sets("batches", query.batch.__eq__)

    def _places(self, skus: Collection[str]) -> Places:
        found = {self._segment.skus.find(sku) for sku in skus}
        return np.array(sorted(place for place in found if place is not None), np.intp)

    def _evidence(self, query: ProductQuery) -> Iterator[Test]:
        if query.uncertified:
            held = self._segment.evidence_on(query.day)[1]
            yield CodeTest(self._segment.column("evidence"), held == 0, "evidence")
        if not (query.certified or query.schemes or query.stars or query.min_stars):
            return
        if query.certified and not (query.schemes or query.stars or query.min_stars):
            yield self.certified_on(query.day)
            return
        stars, schemes = self._segment.evidence_on(query.day)
        codes = self._segment.column("evidence")
        if query.schemes:
            yield CodeTest(codes, (schemes & scheme_bits(query.schemes)) > 0, "evidence")
        if query.stars:
            yield CodeTest(codes, np.isin(stars, query.stars), "evidence")
        if query.min_stars:
            yield CodeTest(codes, stars >= query.min_stars, "evidence")

    def certified_on(self, day: date) -> Test:
        """Return the test for what is certified on a day."""
        known = self._certified
        if known is None or known[0] != day:
            codes, schemes = self._segment.column("evidence"), self._segment.evidence_on(day)[1]
            test = ByCoverage(
                CodeTest(self._segment.column("category"), self._segment.covered),
                CodeTest(codes, (schemes & GREEN_BIT) > 0, "evidence"),
                CodeTest(codes, (schemes & NOT_OTHER) > 0, "evidence"),
            )
            self._certified = known = (day, test)
            self._segment.tallies.watch(test)
        return known[1]

    def _values(self, query: ProductQuery) -> Iterator[Test]:
        for name, asked in (
            ("formaldehyde_grade", query.formaldehyde),
            ("capacity", query.capacity),
            ("series", query.series),
        ):
            if asked:
                yield self._coded(name, _tight_in(asked))
        if query.size:
            sizes = {normal_size(size) for size in query.size}
            yield self._coded("size", lambda size: normal_size(size) in sizes)
        for name, values in query.attributes.items():
            pairs = {f"{tight(name)}\t{tight(value)}" for value in values}
            yield self._sets("attributes", pairs.__contains__)
        if query.origin is not None:
            region = query.origin
            yield self._coded("origin", lambda origin: within(origin, region))
        if query.adcode is not None:
            yield self._sold_in(query.adcode)

    def _sold_in(self, place: str) -> Test:
        had = self._segment.sets_with("sells_to", lambda code: can_be_had((code,), place))
        had[0] = True  # no place of sale named: everywhere
        return CodeTest(self._segment.column("sells_to"), had)

    def _limits(self, query: ProductQuery) -> Iterator[Test]:
        low, high = query.price_min, query.price_max
        if low is not None or high is not None:
            prices = self._segment.values("price")
            first = 0 if low is None else int(np.searchsorted(prices, float(low * PRICE_UNIT)))
            last = len(prices) if high is None else int(np.searchsorted(prices, float(high * PRICE_UNIT), "right"))
            yield self._between("price", first, last)
        for name, most in (("water_grade", query.water_grade_max), ("energy_grade", query.energy_grade_max)):
            if most is not None:
                yield self._between(name, 0, int(np.searchsorted(self._segment.values(name), most, "right")))

    def _between(self, name: str, first: int, last: int) -> Test:
        allowed = np.zeros(len(self._segment.values(name)) + 1, bool)
        allowed[first + 1 : last + 1] = True
        return CodeTest(self._segment.column(name), allowed)

    def _words(self, query: ProductQuery) -> Iterator[Test]:
        if query.scenes:
            yield AnyOf([self._told("scenes", scene) for scene in query.scenes])
        for feature in query.features:
            yield self._told("features", feature)
        if query.exclude_features:
            refused = {tight(one) for one in query.exclude_features}
            # A figure is no part of a longer one: 5W of 15W. It is refused where it is the whole value.
            known = self._by_word("features")
            words = [one for one in query.exclude_features if not one[:1].isdigit() or word(one) in known]
            told = [self._told("features", feature) for feature in words]
            told += [self._coded(name, lambda held: tight(held) in refused) for name in ("size", "capacity")]
            yield Not(AnyOf([*told, self._sets("attributes", lambda pair: pair.partition("\t")[2] in refused)]))
        if query.color:
            yield self._colored(query.color)
        if query.exclude_color:
            yield Not(self._colored(query.exclude_color))
        for wanted in query.title_words:
            yield PlaceTest(self._finder.places(word(wanted), titles=False))

    def _colored(self, words: tuple[str, ...]) -> Test:
        parts = [tight(one) for one in words]
        return self._coded("color", lambda color: any(part in tight(color) for part in parts))

    def _told(self, name: str, asked: str) -> Test:
        """Return the test for a word in a column of sets or in the title."""
        folded = word(asked)
        members = self._by_word(name).get(folded)
        if members is None:
            return PlaceTest(self._finder.places(folded, titles=True))
        good = np.zeros(len(self._segment.table(name)), bool)
        good[members[0]] = True  # all that are the same but for case stand in the same sets
        return CodeTest(self._segment.column(name), self._segment.sets_having(name, good))

    def _by_word(self, name: str) -> dict[str, list[int]]:
        found = self._members.get(name)
        if found is None:
            found = self._members[name] = {}
            for member, value in enumerate(self._segment.table(name)):
                found.setdefault(word(value), []).append(member)
        return found

    def _coded(self, name: str, holds: Callable[[str], bool]) -> Test:
        return CodeTest(self._segment.column(name), self._allowed(name, holds), name)

    def _allowed(self, name: str, holds: Callable[[str], bool]) -> Mask:
        return np.array([value is not None and holds(value) for value in self._segment.table(name)], bool)

    def _sets(self, name: str, holds: Callable[[str], bool]) -> Test:
        return CodeTest(self._segment.column(name), self._segment.sets_with(name, holds))


def _tight_in(values: tuple[str, ...]) -> Callable[[str], bool]:
    wanted = {tight(value) for value in values}
    return lambda value: tight(value) in wanted
