"""Count facets over columns, for the products of an index that match; what changed since is counted by `facets`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import PRICE_UNIT
from catalog_db.search.facets import counted, most_frequent, plain
from catalog_db.search.facts import Facts
from catalog_db.search.finding import WordFinder
from catalog_db.search.folding import word
from catalog_db.search.found import Found
from catalog_db.search.segment import Segment
from catalog_db.search.selection import PlaceTest

_CODED = {"brand": "brand", "color": "color", "formaldehyde": "formaldehyde_grade"}
_GRADES = ("water_grade", "energy_grade")
_WORDS = {"feature": "features", "scene": "scenes"}
NAMES = ("category", "brand", "stars", "color", *_GRADES, "formaldehyde", "feature", "scene", "price")


class CountedFacets(Mapping[str, Mapping[str, int]]):
    """The facets of one result, counted when they are first looked at."""

    def __init__(self, segment: Segment, finder: WordFinder, found: Found, known: Sequence[Facts], day: date) -> None:
        self._segment = segment
        self._finder = finder
        self._found = found
        self._fresh = [one.facts for _, one in found.fresh]  # that match
        self._known = known  # all that changed since the index was built
        self._day = day
        self._counted: dict[str, dict[str, int]] = {}

    def __getitem__(self, name: str) -> Mapping[str, int]:
        counted = self._counted.get(name)
        if counted is None:
            if name not in NAMES:
                raise KeyError(name)
            counted = self._quartiles() if name == "price" else most_frequent(self._count(name))
            self._counted[name] = counted
        return counted

    def __iter__(self) -> Iterator[str]:
        return iter(NAMES)

    def __len__(self) -> int:
        return len(NAMES)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Mapping) and dict(self) == dict(other)

    __hash__ = None  # type: ignore[assignment]  # as of every mapping

    def __repr__(self) -> str:
        return repr(dict(self))

    def _count(self, name: str) -> Counter[str]:
        segment = self._segment
        if name in _WORDS:
            counts = self._by_member(_WORDS[name])
            counts.update(self._beyond_columns(self._new[name], counts, segment.table(_WORDS[name])))
        elif name == "category":
            counts = self._by_code(name, segment.categories)
        elif name == "stars":
            often = self._often("evidence")
            stars = np.bincount(segment.evidence_on(self._day)[0][: len(often)], often).astype(np.int64).tolist()
            counts = Counter({str(grade): n for grade, n in enumerate(stars) if grade and n})
        elif name in _GRADES:
            counts = self._by_code(name, [None, *(str(int(value)) for value in segment.values(name).tolist())])
        else:
            counts = self._by_code(_CODED[name], segment.table(_CODED[name]))
        if self._fresh:
            counts.update(self._of_fresh[name])
        return counts

    def _often(self, column: str) -> NDArray[np.int64]:
        """Return how many products of the index that match have each code of a column."""
        passing = self._found.passing
        told = None if passing is None else self._segment.tallies.often(column, passing.selection)
        return np.bincount(self._segment.column(column)[self._found.places]) if told is None else told

    def _by_code(self, column: str, table: Sequence[str | None]) -> Counter[str]:
        often = self._often(column)
        codes = np.flatnonzero(often).tolist()
        return Counter({value: int(often[code]) for code in codes if (value := table[code]) is not None})

    def _by_member(self, column: str) -> Counter[str]:
        ends = self._segment.set_ends(column).astype(np.int64)
        often = self._often(column)
        each = np.diff(ends, prepend=0)[: len(often)]
        of_member = np.bincount(self._segment.set_members(column)[: int(each.sum())], np.repeat(often, each))
        table = self._segment.table(column)
        return Counter({table[member]: int(of_member[member]) for member in np.flatnonzero(of_member)})

    @cached_property
    def _new(self) -> dict[str, list[str]]:
        return {name: self._new_words(column) for name, column in _WORDS.items()}

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
                found[one] = int(PlaceTest(self._finder.places(folded, titles=True)).at(self._found.places).sum())
        return found

    @cached_property
    def _of_fresh(self) -> dict[str, Counter[str]]:
        """Return what the changed products that match add to each facet."""
        words = {name: [*self._segment.table(column), *self._new[name]] for name, column in _WORDS.items()}
        return counted(self._fresh, self._day, words["feature"], words["scene"])

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
        often = self._often("price")
        often = np.concatenate([often, np.zeros(len(values) + 1 - len(often), np.int64)])[1:]
        more = [float(f.product.price * PRICE_UNIT) for f in self._fresh if f.product.price is not None]
        if more:
            every = np.concatenate([values, more])
            values, where = np.unique(every, return_inverse=True)
            often = np.bincount(where, np.concatenate([often, np.ones(len(more))])).astype(np.int64)
        there = np.flatnonzero(often)
        return values[there], often[there]
