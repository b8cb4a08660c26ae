"""Build an index: take in every product once, put them in order, write columns, texts and postings block by block.

Products stand category by category (in the order of the tree, so that a category with everything under it is one
stretch), within it kind by kind (see `likeness`), the popular ones first. What may not be shown is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from catalog_db.records import Category
from catalog_db.search import closure
from catalog_db.search.batches import batches
from catalog_db.search.columns import narrow
from catalog_db.search.directory import Directory
from catalog_db.search.intake import Intake
from catalog_db.search.packed_strings import gathered
from catalog_db.search.rare_lists import set_apart
from catalog_db.search.shelf import Shelf
from catalog_db.search.sounds import sounds
from catalog_db.search.source import ColumnSource, IndexSource
from catalog_db.search.storage import Sink
from catalog_db.search.terms import BLOCK, TOKENS, block_postings
from catalog_db.search.vocabulary import OFTEN

_KINDS = {"terms": np.uint32, "ends": np.uint32, "postings": np.uint16, "codes": np.uint16}


def build(source: IndexSource, sink: Sink) -> None:
    """Write an index of the source into the sink."""
    shelf = Shelf(source.categories, source.brands, source.enterprises)
    intake = Intake(shelf)
    for batch in source.batches() if isinstance(source, ColumnSource) else batches(source.products()):
        intake.take(batch)
    categories = tree_order(source.categories, intake.categories)
    order = intake.order(categories)
    intake.write_columns(sink, order, categories, np.array([shelf.covered(code) for code in categories], bool))
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


class _Texts:
    """Texts in the order of the index, and their postings."""

    def __init__(self, intake: Intake, order: NDArray[np.intp]) -> None:
        self._sets = intake.sets
        self._codes, lengths, titles = intake.texts()
        self._starts = (np.cumsum(lengths) - lengths)[order]
        self._lengths, self._titles, self._order = lengths[order], titles[order], order
        self._tokens = intake.tokens
        self._words = self._tokens.settle()
        self._frequency = np.zeros(TOKENS + len(self._words.lengths), np.uint32)
        self._directory = Directory()

    def write(self, sink: Sink) -> None:
        """Write everything that has to do with words, block by block."""
        closers = {name: closure.Closer(self._sets[name]) for name in ("features", "scenes")}
        closed: dict[str, list[NDArray[np.uint32]]] = {name: [] for name in closers}
        block_terms, block_lists, block_postings_ends = [0], [0], [0]
        for name, kind in _KINDS.items():  # there even when nothing follows
            sink.extend(name, np.zeros(0, kind))
        for first in range(0, len(self._order), BLOCK):
            block = slice(first, first + BLOCK)
            codes, starts = gathered(self._codes, self._starts[block], self._lengths[block])
            terms, ends, postings = block_postings(codes, starts, *self._tokens.terms(self._order[block]))
            self._frequency[terms] += np.diff(ends, prepend=np.uint32(0))
            self._directory.add(terms, ends, postings)
            terms, ends, postings = set_apart(terms, ends, postings)
            sink.extend("terms", terms)
            sink.extend("ends", ends)
            sink.extend("postings", postings)
            sink.extend("codes", codes)
            block_terms.append(block_terms[-1] + len(terms))
            block_lists.append(block_lists[-1] + len(ends))
            block_postings_ends.append(block_postings_ends[-1] + len(postings))
            for name, closer in closers.items():
                explicit = self._sets[name].codes[self._order[block]]
                closed[name].append(closer.close(codes, starts, starts + self._titles[block], explicit))
        self._write_singles(sink)
        sink.extend("block_terms", np.array(block_terms, np.int64))
        sink.extend("block_lists", np.array(block_lists, np.int64))
        sink.extend("block_postings", np.array(block_postings_ends, np.int64))
        for name in closers:
            self._sets[name].write(sink, name, np.concatenate([np.zeros(0, np.uint32), *closed[name]]))
        self._directory.write(sink)
        self._write_words(sink)

    def _write_singles(self, sink: Sink) -> None:
        """Write where the tokens stand that one place of all texts has, in the order of their letters."""
        place_of = np.empty(len(self._order), np.uint32)
        place_of[self._order] = np.arange(len(self._order), dtype=np.uint32)
        places = place_of[self._tokens.texts_of_singles]
        sink.extend("postings", (places % BLOCK).astype(np.uint16))
        sink.extend("single_blocks", narrow(places // BLOCK))

    def _write_words(self, sink: Sink) -> None:
        starts = np.concatenate([[0], np.cumsum(self._lengths)])
        kind = np.uint32 if starts[-1] <= np.iinfo(np.uint32).max else np.int64
        sink.extend("text_starts", starts.astype(kind))
        sink.extend("title_lengths", narrow(self._titles))
        self._write_frequencies(sink)
        self._words.write(sink, "tokens")

    def _write_frequencies(self, sink: Sink) -> None:
        """Write in how many texts each term stands; singles stand in one, the few frequent tokens are listed apart."""
        sounds, several = self._frequency[:TOKENS], self._tokens.several
        tokens = self._frequency[TOKENS:][several]
        known, frequent = np.flatnonzero(sounds), np.flatnonzero(tokens >= OFTEN)
        sink.extend("known_sounds", known.astype(np.uint32))
        sink.extend("heard", sounds[known])
        sink.extend("several_tokens", several)
        sink.extend("several_often", np.minimum(tokens, OFTEN).astype(np.uint8))
        sink.extend("frequent_tokens", several[frequent])
        sink.extend("often", tokens[frequent])


def _node(code: str, category: Category | None) -> list[str | None]:
    return [code, category.parent, category.certification_class] if category else [code, None, None]
