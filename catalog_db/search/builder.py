"""Build an index: read every product once, put them in order, write columns, texts and postings block by block.

Products stand category by category (in the order of the tree, so that a category with everything under it is one
stretch), the popular ones first. What may not be shown is left out.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from operator import attrgetter
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Category, Certificate, Product
from catalog_db.search import closure
from catalog_db.search.columns import CODED, PRICE_UNIT, RANKED, SETS, Coder, Ranker, SetCoder, narrow
from catalog_db.search.facts import evidence, texts
from catalog_db.search.folding import fold_all, tight
from catalog_db.search.shelf import Shelf
from catalog_db.search.sounds import sounds
from catalog_db.search.source import IndexSource
from catalog_db.search.storage import Sink
from catalog_db.search.terms import END, PART, TokenTable, block_postings, codes_of, text_of

BLOCK = 65536  # products whose places in a block are two bytes
_CHUNK = 4096
_KINDS = {"terms": np.uint32, "ends": np.uint32, "postings": np.uint16, "codes": np.uint16}
_COLUMNS = ("sku", "category", *CODED, *RANKED, "features", "scenes", "sells_to", "attributes")
_columns_of = attrgetter(*_COLUMNS)
_T = TypeVar("_T")
_Row = tuple[Product, Sequence[Certificate]]


def build(source: IndexSource, sink: Sink) -> None:
    """Write an index of the source into the sink."""
    shelf = Shelf(source.categories, source.brands, source.enterprises)
    intake = _Intake(shelf)
    shown = (
        (product, certificates)
        for product, certificates in source.products()
        if product.on_sale and not product.withdrawn
    )
    for rows in _chunks(shown, _CHUNK):
        intake.take(rows)
    categories = tree_order(source.categories, intake.categories)
    order = intake.order(categories)
    intake.write_columns(sink, order, categories)
    _Texts(intake, order).write(sink)
    known = source.categories
    sink.put("categories", [_node(code, known.get(code)) for code in categories])
    sink.put("brands", [[brand.id, brand.enterprise] for brand in source.brands.values() if brand.enterprise])
    sink.put("enterprises", [[one.id, one.batch] for one in source.enterprises.values() if one.batch])
    about = {"revision": source.revision, "products": len(order), "sounds": sounds().fingerprint}
    sink.put("about", about)


def tree_order(categories: Mapping[str, Category], used: Iterable[str]) -> list[str]:
    """Return every category code in the order of the tree, parents first; codes that only products know come last."""
    known = dict(categories)
    children: dict[str | None, list[str]] = {}
    for code, category in known.items():
        children.setdefault(category.parent if category.parent in known else None, []).append(code)
    ordered: dict[str, None] = {}
    for start in [*sorted(children.get(None, ())), *sorted(known)]:  # the second part catches loops of parents
        waiting = [start]
        while waiting:
            code = waiting.pop()
            if code not in ordered:
                ordered[code] = None
                waiting.extend(sorted(children.get(code, ()), reverse=True))
    return [*ordered, *sorted(set(used) - set(ordered))]


def _chunks(rows: Iterable[_T], size: int) -> Iterator[list[_T]]:
    stream = iter(rows)
    while chunk := list(islice(stream, size)):
        yield chunk


class _Intake:
    """Columns, skus and texts of all products in the order in which they come."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.coded = {name: Coder() for name in CODED}
        self.ranked = {name: Ranker() for name in RANKED}
        self.sets = {name: SetCoder() for name in SETS}
        self.categories: dict[str, int] = {}
        self._category = array("I")
        self._makers: dict[tuple[str | None, tuple[str | None, ...]], tuple[list[str], list[str]]] = {}
        self.skus: list[bytes] = []
        self.codes: list[NDArray[np.uint16]] = []
        self.lengths: list[NDArray[np.int64]] = []
        self.title_lengths: list[NDArray[np.int64]] = []

    def take(self, rows: list[_Row]) -> None:
        """Take the next products."""
        products = [product for product, _ in rows]
        columns = dict(zip(_COLUMNS, zip(*map(_columns_of, products), strict=True), strict=True))
        known = self.categories
        self._category.extend([known.setdefault(code, len(known)) for code in columns["category"]])
        self.skus += [sku.encode() for sku in columns["sku"]]
        for name, coder in self.coded.items():
            coder.add(columns[name])
        columns["price"] = tuple([None if price is None else int(price * PRICE_UNIT) for price in columns["price"]])
        for name, ranker in self.ranked.items():
            ranker.add(columns[name])
        for name in ("features", "scenes", "sells_to"):
            self.sets[name].add(columns[name])
        self.sets["attributes"].add([_attributes(own) if own else () for own in columns["attributes"]])
        self._take_evidence(rows)
        self._take_texts(products)

    def _take_evidence(self, rows: list[_Row]) -> None:
        self.sets["evidence"].add([_evidence(product, held) if held else () for product, held in rows])
        stand = [self._standing(product, certificates) for product, certificates in rows]
        self.sets["makers"].add([makers for makers, _ in stand])
        self.sets["batches"].add([batches for _, batches in stand])

    def _standing(self, product: Product, certificates: Sequence[Certificate]) -> tuple[list[str], list[str]]:
        named = tuple(c.enterprise for c in certificates if product.sku in c.skus) if certificates else ()
        key = (product.brand, named)
        found = self._makers.get(key)
        if found is None:
            makers = self._shelf.makers(product.brand, named)
            found = self._makers[key] = (sorted(makers), sorted(self._shelf.batches(makers)))
        return found

    def _take_texts(self, products: list[Product]) -> None:
        parts = [texts(product) for product in products]
        folded = fold_all([*chain.from_iterable(parts)])
        if len(folded) > len(parts):
            stream = iter(folded)
            folded = [PART.join(islice(stream, len(of_one))) for of_one in parts]
        codes = codes_of(END.join(folded) + END)
        ends = np.flatnonzero(codes == ord(END))
        lengths = np.diff(ends, prepend=-1)
        inner = np.append(np.flatnonzero(codes == ord(PART)), len(codes))  # where titles end when more follows
        starts = ends + 1 - lengths
        self.codes.append(codes)
        self.lengths.append(lengths)
        self.title_lengths.append(np.minimum(inner[np.searchsorted(inner, starts)], ends) - starts)

    def order(self, categories: list[str]) -> NDArray[np.intp]:
        """Return the places of the products in the order of the index."""
        position = {code: place for place, code in enumerate(categories)}
        of_code = np.array([position[code] for code in self.categories], np.uint32)
        self.category = of_code[np.frombuffer(self._category, np.uint32)] if self._category else of_code
        self.by_popularity = _popularity(self.ranked["sales_30d"].values, self.ranked["rating"].values, self.skus)
        return self.by_popularity[np.argsort(self.category[self.by_popularity], kind="stable")]

    def write_columns(self, sink: Sink, order: NDArray[np.intp], categories: list[str]) -> None:
        """Write all columns but the words of features and scenes, which titles add to."""
        starts = np.searchsorted(self.category[order], np.arange(len(categories) + 1))
        sink.extend("category_starts", starts.astype(np.int64))
        sink.extend("column.category", narrow(self.category[order]))
        rank = np.empty(len(order), np.uint32)
        rank[self.by_popularity] = np.arange(len(order), dtype=np.uint32)
        sink.extend("rank", rank[order])
        for name, coder in self.coded.items():
            coder.write(sink, name, order)
        for name, ranker in self.ranked.items():
            ranker.write(sink, name, order)
        for name in ("sells_to", "attributes", "makers", "batches", "evidence"):
            self.sets[name].write(sink, name, self.sets[name].codes[order])
        skus = [self.skus[place] for place in order]
        _write_strings(sink, "skus", skus)
        sink.extend("sku_order", np.argsort(np.array(skus, dtype=bytes), kind="stable").astype(np.uint32))


class _Texts:
    """Texts in the order of the index, and their postings."""

    def __init__(self, intake: _Intake, order: NDArray[np.intp]) -> None:
        self._intake = intake
        self._order = order
        self._codes = np.concatenate(intake.codes) if intake.codes else np.zeros(0, np.uint16)
        lengths = np.concatenate(intake.lengths) if intake.lengths else np.zeros(0, np.int64)
        self._starts = np.cumsum(lengths) - lengths
        self._lengths = lengths
        self._titles = np.concatenate(intake.title_lengths) if intake.title_lengths else np.zeros(0, np.int64)
        self._tokens = TokenTable()
        self._frequency: dict[int, int] = {}

    def write(self, sink: Sink) -> None:
        """Write everything that has to do with words, block by block."""
        closers = {name: closure.Closer(self._intake.sets[name]) for name in ("features", "scenes")}
        closed: dict[str, list[NDArray[np.uint32]]] = {name: [] for name in closers}
        block_terms, block_postings_ends = [0], [0]
        for name, kind in _KINDS.items():  # there even when nothing follows
            sink.extend(name, np.zeros(0, kind))
        for first in range(0, len(self._order), BLOCK):
            places = self._order[first : first + BLOCK]
            codes, starts = _gathered(self._codes, self._starts[places], self._lengths[places])
            text = text_of(codes)
            terms, ends, postings = block_postings(text, codes, starts, self._tokens)
            self._count(terms, ends)
            sink.extend("terms", terms)
            sink.extend("ends", ends)
            sink.extend("postings", postings)
            sink.extend("codes", codes)
            block_terms.append(block_terms[-1] + len(terms))
            block_postings_ends.append(block_postings_ends[-1] + len(postings))
            titles = self._titles[places]
            for name, closer in closers.items():
                explicit = self._intake.sets[name].codes[places]
                closed[name].append(closer.close(text, starts, starts + titles, explicit))
        sink.extend("block_terms", np.array(block_terms, np.int64))
        sink.extend("block_postings", np.array(block_postings_ends, np.int64))
        for name in closers:
            parts = closed[name] or [np.zeros(0, np.uint32)]
            self._intake.sets[name].write(sink, name, np.concatenate(parts))
        self._write_words(sink)

    def _count(self, terms: NDArray[np.uint32], ends: NDArray[np.uint32]) -> None:
        frequency = self._frequency
        for term, often in zip(terms.tolist(), np.diff(ends, prepend=np.uint32(0)).tolist(), strict=True):
            frequency[term] = frequency.get(term, 0) + often

    def _write_words(self, sink: Sink) -> None:
        lengths = self._lengths[self._order]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        kind = np.uint32 if starts[-1] <= np.iinfo(np.uint32).max else np.int64
        sink.extend("text_starts", starts.astype(kind))
        sink.extend("title_lengths", narrow(self._titles[self._order]))
        known = np.array(sorted(self._frequency), np.uint32)
        sink.extend("known_terms", known)
        sink.extend("frequencies", np.array([self._frequency[term] for term in known.tolist()], np.uint32))
        words = [word.encode() for word in self._tokens.number]
        _write_strings(sink, "tokens", words)
        sink.extend("token_order", np.array(sorted(range(len(words)), key=words.__getitem__), np.uint32))


def _gathered(
    codes: NDArray[np.uint16], starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """Return stretches of an array behind one another, and where each begins."""
    begins = np.cumsum(lengths) - lengths
    where = np.repeat(starts - begins, lengths) + np.arange(int(lengths.sum()))
    return codes[where], begins


def _write_strings(sink: Sink, name: str, strings: list[bytes]) -> None:
    sink.extend(f"{name}.bytes", np.frombuffer(b"".join(strings), np.uint8))
    sink.extend(f"{name}.ends", np.cumsum([0, *map(len, strings)]).astype(np.uint32))


def _popularity(sales: NDArray[np.float64], rating: NDArray[np.float64], skus: list[bytes]) -> NDArray[np.intp]:
    """Return the places of products, the most sold first, then the best rated, then by sku; unknown last."""
    names = np.array(skus, dtype=bytes)
    return np.lexsort((names, -np.nan_to_num(rating, nan=-np.inf), -np.nan_to_num(sales, nan=-np.inf)))


def _node(code: str, category: Category | None) -> list[str | None]:
    return [code, category.parent, category.certification_class] if category else [code, None, None]


def _attributes(attributes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{tight(name)}\t{tight(value)}" for name, value in attributes.items())


def _evidence(product: Product, certificates: Sequence[Certificate]) -> tuple[str, ...]:
    found = evidence(certificates, product.sku)
    return tuple(f"{e.scheme}\t{e.grade}\t{e.since.toordinal()}\t{e.until.toordinal()}" for e in found)
