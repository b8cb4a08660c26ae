"""All products of an index in building: columns, skus and texts in the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import CODED, RANKED, SETS, SETS_TOLD, Coder, Parts, Ranker, SetCoder, narrow, table_of
from catalog_db.search.folded_codes import Codes, folded_codes
from catalog_db.search.folding import tight
from catalog_db.search.leaders import write_leaders
from catalog_db.search.likeness import FEWEST, kinds
from catalog_db.search.numbered_strings import write_names
from catalog_db.search.packed_strings import PackedStrings, write_order
from catalog_db.search.shelf import Shelf
from catalog_db.search.source import Batch
from catalog_db.search.storage import Sink
from catalog_db.search.tallies import TALLIED, write_tallies
from catalog_db.search.terms import END, PART
from catalog_db.search.token_table import TokenTable
from catalog_db.search.told import Meanings, Told

_KIND_BITS = 32
_BRAND = (1 << _KIND_BITS) - 1
_Column = Sequence[Any]
_Own = tuple[tuple[str, str], ...]  # attributes: name and value
_Named = tuple[str | None, ...]  # the enterprises on certificates


class Intake:
    """Takes products batch by batch; then knows their order in the index."""

    def __init__(self, shelf: Shelf) -> None:
        self._coded = {name: Coder() for name in CODED}
        self._ranked = {name: Ranker() for name in RANKED}
        self.sets = {name: SetCoder(_written if name == "attributes" else None) for name in SETS}
        self.categories = _Categories()
        self._category = Parts(np.uint32)
        self._standing = _Standing(shelf, self._coded["brand"], self.sets["makers"], self.sets["batches"])
        self._values = Meanings(_values)
        self._skus: list[PackedStrings] = []
        self.tokens = TokenTable()
        self._codes = Parts(np.uint16)
        self._lengths = Parts(np.int64)
        self._title_lengths = Parts(np.int64)

    def take(self, batch: Batch) -> None:
        """Take the next products."""
        columns, size = batch.columns, len(batch.columns["sku"])
        self._skus.append(PackedStrings.of(columns["sku"]))
        self._category.add(map(self.categories.__getitem__, columns["category"]), size)
        coded = {name: coder.add(columns.get(name), size) for name, coder in self._coded.items()}
        for name, ranker in self._ranked.items():
            ranker.add(columns.get(name), size)
        for name in ("features", "scenes", "sells_to", "attributes"):
            self.sets[name].add(columns.get(name), size)
        self.sets["evidence"].add(batch.evidence, size)
        makers, batches = self._standing.codes(coded["brand"], batch.named, size)
        self.sets["makers"].add_codes(makers, size)
        self.sets["batches"].add_codes(batches, size)
        self._take_texts(columns, size)

    def _take_texts(self, columns: Any, size: int) -> None:
        lines, ends = _lines(columns, self._values)
        codes = folded_codes(lines)
        closes = np.flatnonzero(codes == ord(END))
        if ends is None:
            lengths = np.diff(closes, prepend=-1)
            titles = lengths - 1
        else:
            inner = np.ones(len(closes), bool)
            inner[ends - 1] = False
            codes = codes if codes.flags.writeable else codes.copy()
            codes[closes[inner]] = ord(PART)
            lengths = np.diff(closes[ends - 1], prepend=-1)
            starts = closes[ends - 1] + 1 - lengths
            titles = closes[np.concatenate([[0], ends[:-1]])] - starts
        self.tokens.see(codes, np.cumsum(lengths))
        self._codes.add(codes, len(codes))
        self._lengths.add(lengths, size)
        self._title_lengths.add(titles, size)

    def order(self, categories: list[str]) -> NDArray[np.intp]:
        """Return the places of the products in the order of the index: by category, by kind, the popular ones first."""
        position = {code: place for place, code in enumerate(categories)}
        of_code = narrow(np.array([position[code] for code in self.categories], np.uint32))
        self._places = of_code[self._category.all()]
        self.skus = PackedStrings.joined(self._skus)
        self._sku_order = self.skus.order()
        self._by_popularity = _popularity(self._ranked["sales_30d"], self._ranked["rating"], self._sku_order)
        return self._by_popularity[np.argsort(self._keys()[self._by_popularity], kind="stable")]

    def _keys(self) -> NDArray[np.unsignedinteger[Any]]:
        """Return the category of each product, with the kind behind it where there are many products."""
        if len(self._places) < FEWEST:
            return self._places
        return (self._places.astype(np.uint64) << np.uint64(_KIND_BITS)) | kinds(self._codes.all(), self._lengths.all())

    def texts(self) -> tuple[Codes, NDArray[np.int64], NDArray[np.int64]]:
        """Return the folded texts as code units, END behind each, their lengths with it, and those of the titles."""
        return self._codes.all(), self._lengths.all(), self._title_lengths.all()

    def write_columns(
        self, sink: Sink, order: NDArray[np.intp], categories: list[str], covered: NDArray[np.bool_]
    ) -> None:
        """Write all columns but the words of features and scenes, which titles add to; `covered`: for each category."""
        starts = np.searchsorted(self._places[order], np.arange(len(categories) + 1))
        sink.extend("category_starts", starts.astype(np.int64))
        rank = _inverse(self._by_popularity)[order]
        sink.extend("rank", rank)
        for name, coder in self._coded.items():
            coder.write(sink, name, order)
        write_leaders(sink, rank, {name: ranker.write(sink, name, order) for name, ranker in self._ranked.items()})
        brands = self._coded["brand"].codes[order]
        for name in SETS_TOLD:
            codes = self.sets[name].codes[order]
            told = table_of(codes, brands)  # most of makers and their lists
            sink.extend(f"by_brand.{name}", narrow(told))
            self.sets[name].write(sink, name, codes[:0] if len(told) else codes)
        self._write_tallies(sink, order, covered)
        write_names(sink, "skus", self.skus.taken(order))
        write_order(sink, "sku", _inverse(order)[self._sku_order])

    def _write_tallies(self, sink: Sink, order: NDArray[np.intp], covered: NDArray[np.bool_]) -> None:
        coders: dict[str, Coder | SetCoder] = {**self._coded, **self.sets}
        write_tallies(sink, covered[self._places[order]], {name: coders[name].codes[order] for name in TALLIED})


class _Categories(dict[str, int]):
    """Numbers categories as they come."""

    def __missing__(self, code: str) -> int:
        number = self[code] = len(self)
        return number


class _Standing(dict[int, int]):
    """Who stands behind a product of a brand with certificates of some enterprises: found out once for each."""

    def __init__(self, shelf: Shelf, brands: Coder, makers: SetCoder, batches: SetCoder) -> None:
        super().__init__()  # by brand and enterprises as one number
        self._shelf = shelf
        self._brands = brands
        self._coders = makers, batches
        self._named: Sequence[_Named] = ()
        self._found: list[tuple[int, int]] = []

    def codes(
        self, brands: NDArray[np.uint32] | None, named: Sequence[_Named] | None, size: int
    ) -> tuple[NDArray[np.uint32] | None, NDArray[np.uint32] | None]:
        """Return the codes of the sets of makers and of the lists that they stand on; None: all are empty."""
        if brands is None and named is None:
            return None, None
        told = Told.of([()] * size if named is None else named)
        if told.values is not self._named:
            self.clear()
            self._named = told.values
        pairs = told.numbers << _KIND_BITS
        pairs |= 0 if brands is None else brands
        places = np.fromiter(map(self.__getitem__, pairs.tolist()), np.intp, size)
        makers, batches = np.array(self._found, np.uint32).T
        return makers[places], batches[places]

    def __missing__(self, pair: int) -> int:
        makers = self._shelf.makers(self._brands.value(pair & _BRAND), self._named[pair >> _KIND_BITS])
        first, second = self._coders
        self._found.append((first.code(sorted(makers)), second.code(sorted(self._shelf.batches(makers)))))
        place = self[pair] = len(self._found) - 1
        return place


def _lines(columns: Any, known: Meanings[tuple[str, ...]]) -> tuple[_Column, NDArray[np.intp] | None]:
    """Return the lines of all texts, and where those of each product end; None: each has one.

    `known`: the lines of attributes.
    """
    titles: _Column = columns["title"]
    more = [columns.get(name) for name in ("series", "model", "attributes")]
    if not any(column is not None for column in more):
        return titles, None
    series, model = (repeat(None, len(titles)) if column is None else column for column in more[:2])
    attributes: Iterable[tuple[str, ...]] = repeat((), len(titles))
    if more[2] is not None:
        told = Told.of(more[2])
        attributes = map(known.of(told.values).__getitem__, told.numbers.tolist())
    lines: list[str] = []
    ends = []
    for title, of_series, of_model, own in zip(titles, series, model, attributes, strict=True):
        if of_series or of_model or own:
            lines += (title, of_series or "", of_model or "", *own)
        else:
            lines.append(title)
        ends.append(len(lines))
    return lines, np.array(ends, np.intp)


def _values(own: _Own) -> tuple[str, ...]:
    return tuple(value for _, value in own)


def _written(own: _Own) -> tuple[str, ...]:
    """Return attributes as the members of a set."""
    return tuple(f"{tight(name)}\t{tight(value)}" for name, value in own)


def _popularity(sales: Ranker, rating: Ranker, sku_order: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the places of products, the most sold first, then the best rated, then by sku; unknown last."""
    if not sales.some and not rating.some:
        return sku_order
    known = [np.nan_to_num(one.values, nan=-np.inf)[sku_order] for one in (rating, sales) if one.some]
    return sku_order[np.lexsort([-values for values in known])]


def _inverse(order: NDArray[np.intp]) -> NDArray[np.uint32]:
    """Return at which place of an order each number stands."""
    places = np.empty(len(order), np.uint32)
    places[order] = np.arange(len(order), dtype=np.uint32)
    return places
