"""Count facets over columns, for the products of an index that match; what changed since is counted by `facets`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import PRICE_UNIT
from catalog_db.search.facets import counted, most_frequent, plain
from catalog_db.search.facts import Facts
from catalog_db.search.finding import WordFinder
from catalog_db.search.folding import word
from catalog_db.search.segment import Segment
from catalog_db.search.selection import Places, PlaceTest

_CODED = {"brand": "brand", "color": "color", "formaldehyde": "formaldehyde_grade"}
_GRADES = ("water_grade", "energy_grade")
_WORDS = {"feature": "features", "scene": "scenes"}
NAMES = ("category", "brand", "stars", "color", *_GRADES, "formaldehyde", "feature", "scene", "price")


class CountedFacets(Mapping[str, Mapping[str, int]]):
    """The facets of one result, counted when they are first looked at."""

    def __init__(
        self,
        segment: Segment,
        finder: WordFinder,
        places: Places,
        fresh: Sequence[Facts],
        known: Sequence[Facts],
        day: date,
    ) -> None:
        self._segment = segment
        self._finder = finder
        self._places = places
        self._fresh = fresh  # that match
        self._known = known  # all that changed since the index was built
        self._day = day
        self._counted: dict[str, dict[str, int]] | None = None

    def __getitem__(self, name: str) -> Mapping[str, int]:
        return self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and self._all() == dict(other)

    __hash__ = None  # type: ignore[assignment]  # as of every mapping

    def __repr__(self) -> str:
        return repr(self._all())

    def _all(self) -> dict[str, dict[str, int]]:
        if self._counted is None:
            counts = self._from_columns()
            new = {name: self._new_words(column) for name, column in _WORDS.items()}
            for name, words in new.items():
                counts[name].update(self._beyond_columns(words, counts[name], self._segment.table(_WORDS[name])))
            if self._fresh:
                self._add_fresh(counts, new)
            self._counted = {name: most_frequent(counts[name]) for name in NAMES if name != "price"}
            self._counted["price"] = self._quartiles()
        return self._counted

    def _from_columns(self) -> dict[str, Counter[str]]:
        segment = self._segment
        counts = {name: self._by_code(column, segment.table(column)) for name, column in _CODED.items()}
        counts["category"] = self._by_code("category", segment.categories)
        for name in _GRADES:
            counts[name] = self._by_code(name, [None, *(str(int(value)) for value in segment.values(name).tolist())])
        stars = segment.evidence_on(self._day)[0][segment.column("evidence")[self._places]]
        counts["stars"] = Counter({str(grade): n for grade, n in enumerate(np.bincount(stars).tolist()) if grade and n})
        for name, column in _WORDS.items():
            counts[name] = self._by_member(column)
        return counts

    def _by_code(self, column: str, table: Sequence[str | None]) -> Counter[str]:
        often = np.bincount(self._segment.column(column)[self._places])
        codes = np.flatnonzero(often).tolist()
        return Counter({value: int(often[code]) for code in codes if (value := table[code]) is not None})

    def _by_member(self, column: str) -> Counter[str]:
        ends = self._segment.set_ends(column).astype(np.int64)
        often = np.bincount(self._segment.column(column)[self._places], minlength=len(ends))
        of_member = np.bincount(self._segment.set_members(column), np.repeat(often, np.diff(ends, prepend=0)))
        table = self._segment.table(column)
        return Counter({table[member]: int(of_member[member]) for member in np.flatnonzero(of_member)})

    def _new_words(self, column: str) -> list[str]:
        """Return the words that only products changed since the building have in their columns."""
        known = set(self._segment.table(column))
        return sorted({one for facts in self._known for one in getattr(facts.product, column)} - known)

    def _beyond_columns(self, words: Iterable[str], counts: Counter[str], known: Iterable[str]) -> Counter[str]:
        """Count new words: as the one that is the same but for case, else in titles."""
        found: Counter[str] = Counter()
        alike = {word(one): one for one in known}
        for one in words:
            folded = word(one)
            if folded in alike:
                found[one] = counts[alike[folded]]
            elif folded:
                found[one] = int(PlaceTest(self._finder.places(folded, titles=True)).at(self._places).sum())
        return found

    def _add_fresh(self, counts: dict[str, Counter[str]], new: Mapping[str, Sequence[str]]) -> None:
        words = {name: [*self._segment.table(column), *new[name]] for name, column in _WORDS.items()}
        for name, values in counted(self._fresh, self._day, words["feature"], words["scene"]).items():
            counts[name].update(values)

    def _quartiles(self) -> dict[str, int]:
        prices, often = self._prices()
        if not len(prices):
            return {}
        upto = np.cumsum(often)
        last = int(upto[-1]) - 1
        bounds = [int(np.searchsorted(upto, last * quarter // 4, "right")) for quarter in range(5)]
        names = [plain(Decimal(int(prices[place])) / PRICE_UNIT) for place in bounds]
        counts: dict[str, int] = {}
        below = 0
        for (_, high), (low_name, high_name) in zip(pairwise(bounds), pairwise(names), strict=True):
            if int(upto[high]) > below:
                counts[f"{low_name}-{high_name}"] = int(upto[high]) - below
            below = int(upto[high])
        return counts

    def _prices(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the prices that occur, ascending, and how often each does."""
        values = self._segment.values("price")
        often = np.bincount(self._segment.column("price")[self._places], minlength=len(values) + 1)[1:]
        more = [float(f.product.price * PRICE_UNIT) for f in self._fresh if f.product.price is not None]
        if more:
            every = np.concatenate([values, more])
            values, where = np.unique(every, return_inverse=True)
            often = np.bincount(where, np.concatenate([often, np.ones(len(more))])).astype(np.int64)
        there = np.flatnonzero(often)
        return values[there], often[there]
