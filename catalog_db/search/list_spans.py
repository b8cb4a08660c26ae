"""Where the lists of terms stand among the postings of an index, for many terms and blocks at once.

Sounds and pairs of them are read from the directory, which names the list of a term in each block; tokens are looked for
by halving.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.directory import Lists
from catalog_db.search.rare_lists import RareLists, Spans, Terms
from catalog_db.search.storage import Store
from catalog_db.search.terms import TOKENS

_FEW = 4  # tokens that are looked for one by one: for more of them numpy is faster
_FEW_LISTS = 96  # the same for lists of sounds


class ListSpans:
    """Finds the lists of terms in an index."""

    def __init__(self, store: Store, rare: RareLists) -> None:
        self._store = store
        self._rare = rare
        self._terms = store.array("terms")
        self._ends = store.array("ends")
        self._term_of, self._end_of = self._terms.data, self._ends.data  # the same, faster for one at a time
        self._firsts: list[int] = store.array("block_terms").tolist()
        self._list_of: list[int] = store.array("block_lists").tolist()
        self._base_of: list[int] = store.array("block_postings").tolist()
        self._lists, self._bases = np.array(self._list_of, np.int64), np.array(self._base_of, np.int64)

    @cached_property
    def directory(self) -> Lists:
        """Return the directory of the lists of sounds."""
        return Lists.of(self._store)

    def of(self, blocks: Sequence[int], terms: Terms) -> tuple[Spans, Spans]:
        """Return for each block, a row, where the list of each term begins and ends; both ascend. Without a list: both the same."""
        rows = np.array(blocks, np.intp)
        begins, ends = np.zeros((2, len(rows), len(terms)), np.int64)
        token = int(terms.searchsorted(TOKENS))
        if 0 < token * len(rows) <= _FEW_LISTS:
            begins[:, :token], ends[:, :token] = self._of_sounds(blocks, terms[:token])
        elif token:
            self._fill_sounds(rows, terms[:token], begins, ends)
        if token + _FEW < len(terms):
            self._fill_tokens(blocks, terms[token:], begins[:, token:], ends[:, token:])
            self._rare.fill(rows, terms[token:], begins[:, token:], ends[:, token:])
            return begins, ends
        for column, term in enumerate(terms[token:].tolist(), start=token):
            for row, begin, end in self._of_token(blocks, term):
                begins[row, column], ends[row, column] = begin, end
        return begins, ends

    def _of_sounds(self, blocks: Sequence[int], terms: Terms) -> tuple[list[list[int]], list[list[int]]]:
        """Return for each block where the lists of a few sounds and pairs begin and end."""
        starts, of_entry, places = self._entries
        lists, bases, end_of = self._list_of, self._base_of, self._end_of
        row_of = dict(zip(blocks, range(len(blocks)), strict=True))
        begins, ends = ([[0] * len(terms) for _ in blocks] for _ in range(2))
        for column, term in enumerate(terms.tolist()):
            for entry in range(starts[term], starts[term + 1]):
                block = of_entry[entry]
                row = row_of.get(block)
                if row is not None:
                    place, base = places[entry], bases[block]
                    at = lists[block] + place
                    begins[row][column] = base + end_of[at - 1] if place else base
                    ends[row][column] = base + end_of[at]
        return begins, ends

    @cached_property
    def _entries(self) -> tuple[memoryview, memoryview, memoryview]:
        """Return the directory as views, which are faster for one at a time."""
        return self.directory.starts.data, self.directory.blocks.data, self.directory.places.data

    def _fill_sounds(self, rows: NDArray[np.intp], terms: Terms, begins: Spans, ends: Spans) -> None:
        """Fill in the lists of sounds and pairs, which stand in the first columns."""
        lists, width = self.directory, begins.shape[1]
        first = lists.starts.take(terms).astype(np.intp)
        counts = lists.starts.take(terms + np.uint32(1)) - first
        entries = np.repeat(first - counts.cumsum() + counts, counts)
        entries += np.arange(len(entries))
        columns = np.repeat(np.arange(len(terms)), counts)
        blocks = lists.blocks.take(entries).astype(np.intp)
        row_of = np.full(len(self._lists) - 1, -1)
        row_of[rows] = np.arange(len(rows))
        at_rows = row_of.take(blocks)
        if len(rows) < len(row_of):
            touched = at_rows >= 0
            entries, columns, blocks, at_rows = entries[touched], columns[touched], blocks[touched], at_rows[touched]
        places = lists.places.take(entries).astype(np.intp)
        bases, at = self._bases.take(blocks), self._lists.take(blocks) + places
        flat = at_rows * width + columns
        ends.put(flat, self._ends.take(at) + bases)
        at -= 1
        begun = self._ends.take(at, mode="clip").astype(np.int64)
        begun[places == 0] = 0
        begins.put(flat, begun + bases)

    def _of_token(self, blocks: Sequence[int], term: int) -> Iterator[tuple[int, int, int]]:
        """Yield for each of the blocks that has a token its row, and where the list begins and ends."""
        single = self._rare.single(term)
        if single is not None:
            block, at = single
            if block in blocks:
                yield blocks.index(block), at, at + 1
            return
        lists, terms = self._list_of, self._term_of
        for row, block in enumerate(blocks):
            first, begun = self._firsts[block], lists[block]
            several = lists[block + 1] - begun
            place = bisect_left(terms, term, first, first + several) - first
            if place < several and terms[first + place] == term:
                base = self._base_of[block]
                yield row, base + (self._end_of[begun + place - 1] if place else 0), base + self._end_of[begun + place]
            elif (own := self._rare.posting(block, term)) is not None:
                yield row, own, own + 1

    def _fill_tokens(self, blocks: Sequence[int], terms: Terms, begins: Spans, ends: Spans) -> None:
        """Fill in the lists of tokens that several products of a block have."""
        for row, block in enumerate(blocks):
            first, lists = self._firsts[block], self._list_of[block]
            several = self._list_of[block + 1] - lists
            if not several:
                continue
            at = self._terms[first : first + several].searchsorted(terms)
            there = (self._terms[first : first + several].take(at, mode="clip") == terms).nonzero()[0]
            at = at[there] + lists
            begins[row, there] = np.where(at > lists, self._ends.take(at - 1, mode="clip"), 0) + self._base_of[block]
            ends[row, there] = self._ends.take(at).astype(np.int64) + self._base_of[block]
