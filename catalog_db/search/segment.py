"""An index as it was built, for reading: columns, texts, postings. Products are known by their place."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import SCHEMES, Brand, Category, Enterprise
from catalog_db.search.columns import CODED, PRICE_UNIT, RANKED, SETS, SETS_TOLD, narrow, values_of
from catalog_db.search.facts import GREEN, OTHER
from catalog_db.search.folding import word
from catalog_db.search.leaders import Leaders
from catalog_db.search.list_spans import ListSpans
from catalog_db.search.numbered_strings import names
from catalog_db.search.ordering import Popularity, popularity_of
from catalog_db.search.rare_lists import RareLists
from catalog_db.search.shelf import Shelf
from catalog_db.search.sounds import sounds
from catalog_db.search.storage import Array, IndexUnusableError, Store
from catalog_db.search.tallies import Tallies
from catalog_db.search.terms import BLOCK, PART, text_of, text_terms

_DAYS_KEPT = 8
_WHOLE = ("sales_30d", "water_grade", "energy_grade")
_INDEXES = {scheme: place for place, scheme in enumerate(SCHEMES)}


class Segment:
    """The products of an index at the time of its building.

    Raises IndexUnusableError when the characters are numbered by their sounds otherwise than then.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.about: dict[str, Any] = store.table("about")
        if self.about.get("sounds") != sounds().fingerprint:
            raise IndexUnusableError("the index was made with another table of sounds")
        self.size = int(self.about["products"])
        self.category_starts = store.array("category_starts")
        nodes = [
            Category(code, code, parent, certification_class=own) for code, parent, own in store.table("categories")
        ]
        self._tree = {node.code: node for node in nodes}
        self.categories = [node.code for node in nodes]
        tree = Shelf(self._tree, {}, {})
        self.lines = [tree.line(code) for code in self.categories]
        self.covered = np.array([tree.covered(code) for code in self.categories], bool)
        self.rank = store.array("rank")
        self.skus = names(store, "skus")
        self.codes = store.array("codes")
        self.text_starts = store.array("text_starts")
        self.title_lengths = store.array("title_lengths")
        self.terms = store.array("terms")
        self.ends = store.array("ends")
        self.postings = store.array("postings")
        self.block_terms: list[int] = store.array("block_terms").tolist()
        self.block_postings: list[int] = store.array("block_postings").tolist()
        self.block_lists: list[int] = store.array("block_lists").tolist()
        self.rare = RareLists(store)
        self.list_spans = ListSpans(store, self.rare)
        self._columns: dict[str, Array] = {}
        self._tables: dict[str, list[Any]] = {}
        self._days: OrderedDict[date, tuple[NDArray[np.uint8], NDArray[np.uint8]]] = OrderedDict()

    @cached_property
    def shelf(self) -> Shelf:
        """Return what products stand on, as far as filters need it."""
        brands = {code: Brand(code, code, enterprise=owner) for code, owner in self.store.table("brands")}
        rows = self.store.table("enterprises")
        return Shelf(self._tree, brands, {code: Enterprise(code, code, batch=batch) for code, batch in rows})

    @cached_property
    def leaders(self) -> Leaders:
        """Return the first products of each part in every order."""
        return Leaders(self)

    @cached_property
    def tallies(self) -> Tallies:
        """Return how many products of each stretch have each code of a column."""
        return Tallies(self)

    @property
    def blocks(self) -> int:
        """Return how many blocks of products there are."""
        return len(self.block_terms) - 1

    def column(self, name: str) -> Array:
        """Return the codes of a column; one of nothing but zeros is not kept, one that the brand tells is kept by brand,
        and categories are told by where they begin.
        """
        if name == "category":
            return self._category
        codes = self._array(f"column.{name}")
        if len(codes) < self.size:
            told = self.store.array(f"by_brand.{name}") if name in SETS_TOLD else codes
            codes = told[self.column("brand")] if len(told) else np.zeros(self.size, np.uint8)
            self._columns[f"column.{name}"] = codes
        return codes

    @cached_property
    def _category(self) -> Array:
        return np.repeat(narrow(np.arange(len(self.categories))), np.diff(self.category_starts))

    def table(self, name: str) -> list[Any]:
        """Return what the codes of a coded column, or the members of the sets of a column, stand for."""
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = self.store.table(f"table.{name}")
        return found

    def values(self, name: str) -> Array:
        """Return the ascending values of a ranked column as floats; code 1 is the first."""
        found = self._columns.get(f"values.{name}")
        if found is None:
            step = self.store.array(f"step.{name}").item(0)
            found = self._columns[f"values.{name}"] = values_of(self.store.array(f"values.{name}"), step)
        return found

    def _array(self, name: str) -> Array:
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self.store.array(name)
        return found

    # Sets

    def set_ends(self, name: str) -> Array:
        """Return where the members of each set of a column end."""
        return self._array(f"ends.{name}")

    def set_members(self, name: str) -> Array:
        """Return the members of all sets of a column behind one another."""
        return self._array(f"members.{name}")

    def sets_with(self, name: str, holds: Callable[[Any], bool]) -> NDArray[np.bool_]:
        """Tell for each set of a column whether one of its members holds."""
        good = np.array([holds(value) for value in self.table(name)], bool)
        return self.sets_having(name, good)

    def sets_having(self, name: str, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Tell for each set of a column whether it has a good member."""
        counted = np.concatenate([[0], np.cumsum(good[self.set_members(name)])])
        ends = self.set_ends(name).astype(np.int64)
        return np.diff(counted[ends], prepend=0) > 0

    def members(self, name: str, code: int) -> list[Any]:
        """Return the members of one set."""
        ends = self.set_ends(name)
        first = int(ends[code - 1]) if code else 0
        table = self.table(name)
        return [table[member] for member in self.set_members(name)[first : int(ends[code])].tolist()]

    # Evidence

    def evidence_on(self, day: date) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Return for each set of evidence the stars and the schemes (one bit each) in force on a day."""
        found = self._days.get(day)
        if found is None:
            found = self._days[day] = self._evidence_on(day.toordinal())
            while len(self._days) > _DAYS_KEPT:
                self._days.popitem(last=False)
        return found

    def _evidence_on(self, day: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        schemes, grades, since, until = self._evidence
        force = (since <= day) & (day <= until)
        stars = np.where(force & (schemes == _INDEXES[GREEN]), grades, 0).astype(np.uint8)
        bits = np.where(force, np.left_shift(1, schemes), 0).astype(np.uint8)
        ends = self.set_ends("evidence").astype(np.int64)
        begins = np.concatenate([[0], ends[:-1]])
        members = self.set_members("evidence")
        some = np.flatnonzero(ends > begins)  # the empty set has neither
        of_set = np.zeros((2, len(ends)), np.uint8)
        if some.size:
            of_set[0, some] = np.maximum.reduceat(stars[members], begins[some])
            of_set[1, some] = np.bitwise_or.reduceat(bits[members], begins[some])
        return of_set[0], of_set[1]

    @cached_property
    def _evidence(self) -> NDArray[np.int64]:
        rows = [row.split("\t") for row in self.table("evidence")]
        numbers = [[_INDEXES[scheme], int(grade), int(since), int(until)] for scheme, grade, since, until in rows]
        return np.array(numbers, np.int64).reshape(-1, 4).T

    # Products

    def sku(self, place: int) -> str:
        """Return the sku of a product."""
        return self.skus.string(place)

    def text(self, place: int) -> str:
        """Return the folded text of a product: title, series, model and attributes."""
        first, last = self.text_starts.item(place), self.text_starts.item(place + 1)
        return text_of(self.codes[first : last - 1])

    def terms_of(self, place: int, number: Callable[[str], int]) -> frozenset[int]:
        """Return the terms of a product's text; `number` gives the term of a token."""
        return text_terms(self.text(place), number)

    def at_code(self, name: str, code: int) -> Any:
        """Return the value of a ranked column that a code stands for; prices and counts as they are written."""
        value = self.values(name).item(code - 1)
        if name == "price":
            return _plain(Decimal(int(value)) / PRICE_UNIT)
        return int(value) if name in _WHOLE else value

    def brand(self, place: int) -> str | None:
        """Return the brand of a product."""
        found: str | None = self.table("brand")[self.column("brand").item(place)]
        return found

    def popularity(self, place: int) -> Popularity:
        """Return a product's key in the static order."""
        return popularity_of(self._ranked("sales_30d", place), self._ranked("rating", place), self.sku(place))

    def _ranked(self, name: str, place: int) -> float | None:
        code = self.column(name).item(place)
        return self.values(name).item(code - 1) if code else None

    def row(self, place: int) -> Row:
        """Return a product as far as the index knows it."""
        return Row(self, place)

    @cached_property
    def readers(self) -> dict[str, Callable[[int], Any]]:
        """Return a reader for each column in which anything is known."""
        readers: dict[str, Callable[[int], Any]] = {}
        for name in CODED:
            if len(self.table(name)) > 1:
                readers[name] = _coded_reader(self.column(name), self.table(name))
        for name in RANKED:
            if len(self.values(name)):
                readers[name] = _ranked_reader(self.column(name), partial(self.at_code, name))
        for name in SETS:
            if len(self.table(name)):
                readers[name] = _set_reader(self.column(name), partial(self.members, name))
        return readers

    def text_spans(self, places: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return where in `codes` the texts of products begin, and where they end with an END."""
        starts = self.text_starts.take(places).astype(np.intp)
        ends = self.text_starts.take(places + 1).astype(np.intp)
        ends -= 1
        return starts, ends

    def ranges(self, categories: Iterable[int]) -> list[tuple[int, int]]:
        """Return the stretches of products that these categories make up, in order, joined where they touch."""
        stretches: list[tuple[int, int]] = []
        for category in sorted(categories):
            first, last = int(self.category_starts[category]), int(self.category_starts[category + 1])
            if first == last:
                continue
            if stretches and stretches[-1][1] == first:
                stretches[-1] = (stretches[-1][0], last)
            else:
                stretches.append((first, last))
        return stretches

    def spans(self, blocks: Sequence[int], terms: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each block where in `postings` the list of each term, in ascending order, begins and ends."""
        return self.list_spans.of(blocks, terms)

    def lists(self, block: int, terms: NDArray[np.uint32]) -> list[NDArray[np.uint16]]:
        """Return for each term, in ascending order, the places inside a block that have it."""
        begins, ends = self.spans([block], terms)
        return [self.postings[begin:end] for begin, end in zip(begins[0].tolist(), ends[0].tolist(), strict=True)]

    def block_range(self, block: int) -> tuple[int, int]:
        """Return the first place of a block and the first one behind it."""
        return block * BLOCK, min((block + 1) * BLOCK, self.size)


_UNKNOWN: dict[str, Any] = {**dict.fromkeys((*CODED, *RANKED)), **dict.fromkeys(SETS, ())}


class Row:
    """A product of the index: its facts and its columns, read one by one when they are asked for.

    What is not known is None or empty. Features and scenes are those in the title, too.
    """

    __slots__ = ("_place", "_segment")

    def __init__(self, segment: Segment, place: int) -> None:
        self._segment = segment
        self._place = place

    def __getattr__(self, name: str) -> Any:
        reader = self._segment.readers.get(name)
        if reader is not None:
            return reader(self._place)
        if name not in _UNKNOWN:
            raise AttributeError(name)
        return _UNKNOWN[name]

    @property
    def product(self) -> Row:
        """Return the columns."""
        return self

    @property
    def sku(self) -> str:
        """Return the sku."""
        return self._segment.sku(self._place)

    @property
    def title(self) -> str:
        """Return the folded title."""
        return self._segment.text(self._place).split(PART, 1)[0]

    @property
    def features(self) -> frozenset[str]:
        """Return the features, folded."""
        return self._words("features")

    @property
    def scenes(self) -> frozenset[str]:
        """Return the scenes, folded."""
        return self._words("scenes")

    def _words(self, name: str) -> frozenset[str]:
        reader = self._segment.readers.get(name)
        return frozenset(map(word, reader(self._place))) if reader else frozenset()

    def stars(self, day: date) -> int:
        """Return the highest grade of the green building material certificates in force, 0 when there is none."""
        code = self._segment.column("evidence").item(self._place)
        return self._segment.evidence_on(day)[0].item(code) if code else 0

    def schemes(self, day: date) -> frozenset[str]:
        """Return the schemes with a certificate in force."""
        code = self._segment.column("evidence").item(self._place)
        if not code:
            return frozenset()
        bits = self._segment.evidence_on(day)[1].item(code)
        return frozenset(scheme for scheme, place in _INDEXES.items() if bits >> place & 1)


def _coded_reader(codes: Array, table: list[Any]) -> Callable[[int], Any]:
    code_at = codes.item
    return lambda place: table[code_at(place)]


def _ranked_reader(codes: Array, value: Callable[[int], Any]) -> Callable[[int], Any]:
    code_at = codes.item
    return lambda place: value(code) if (code := code_at(place)) else None


def _set_reader(codes: Array, members: Callable[[int], list[Any]]) -> Callable[[int], Any]:
    code_at = codes.item
    return lambda place: tuple(members(code)) if (code := code_at(place)) else ()


NOT_OTHER = 0xFF & ~(1 << _INDEXES[OTHER])
GREEN_BIT = 1 << _INDEXES[GREEN]


def scheme_bits(schemes: Iterable[str]) -> int:
    """Return the bits of schemes; unknown ones have none."""
    return sum({1 << _INDEXES[scheme] for scheme in schemes if scheme in _INDEXES})


def _plain(value: Decimal) -> Decimal:
    """Return a price without needless digits behind the point, never in exponents."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()
