"""Lists of a single product, which tokens mostly have (a model is one product's): kept without saying where each ends.

A token that stands in one place of all texts is a *single*: two bytes among the postings, behind those of all blocks, and
the block it lies in. A token that one product of a block has stands behind the other terms of the block, its posting
behind theirs.
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.storage import Array, Store
from catalog_db.search.terms import TOKENS

Terms = NDArray[np.uint32]
Spans = NDArray[np.int64]


def set_apart(
    terms: Terms, ends: NDArray[np.uint32], postings: NDArray[np.uint16]
) -> tuple[Terms, NDArray[np.uint32], NDArray[np.uint16]]:
    """Put tokens that one product of a block has behind its other terms; return where the lists of those others end."""
    lengths = np.diff(ends, prepend=np.uint32(0))
    once = (lengths == 1) & (terms >= TOKENS)
    if not once.any():
        return terms, ends, postings
    at = ends[once] - 1
    others = np.ones(len(postings), bool)
    others[at] = False
    return (
        np.concatenate([terms[~once], terms[once]]),
        np.cumsum(lengths[~once]).astype(np.uint32),
        np.concatenate([postings[others], postings[at]]),
    )


class RareLists:
    """Finds the lists of one product in an index."""

    def __init__(self, store: Store) -> None:
        self.several = store.array("several_tokens")
        self.single_blocks: Array = store.array("single_blocks")
        self._terms = store.array("terms")
        self._several, self._term_of = self.several.data, self._terms.data  # the same, faster for one at a time
        starts, ends = store.array("block_terms").tolist(), store.array("ends")
        lists, postings = (store.array(name).tolist() for name in ("block_lists", "block_postings"))
        spans = [*pairwise(lists)]
        # for each block where the terms and the postings of one product begin; the singles stand behind the last block
        self._begins = [start + last - first for start, (first, last) in zip(starts, spans, strict=False)]
        self._ends = starts[1:]
        own = [ends.item(last - 1) if last > first else 0 for first, last in spans]
        self._bases = [base + more for base, more in zip(postings, [*own, 0], strict=True)]

    def single(self, term: int) -> tuple[int, int] | None:
        """Return the block of a single and where its posting stands; None: the token is none."""
        token = term - TOKENS
        at = bisect_left(self._several, token)
        if (at < len(self._several) and self._several[at] == token) or token - at >= len(self.single_blocks):
            return None  # it stands in several places, or came with a change
        return int(self.single_blocks[token - at]), self._bases[-1] + token - at

    def posting(self, block: int, term: int) -> int | None:
        """Return where the posting of a token stands that one product of a block has; None: it has none or several."""
        first, last = self._begins[block], self._ends[block]
        at = bisect_left(self._term_of, term, first, last)
        return self._bases[block] + at - first if at < last and self._term_of[at] == term else None

    def singles(self, terms: Terms) -> NDArray[np.int64]:
        """Return which one of the singles each of some tokens is, -1 for those that are none."""
        tokens = terms.astype(np.int64) - TOKENS
        at = self.several.searchsorted(tokens)
        numbers = tokens - at
        if len(self.several):
            numbers[self.several.take(at, mode="clip") == tokens] = -1
        numbers[numbers >= len(self.single_blocks)] = -1  # it came with a change
        return numbers

    def fill(self, blocks: NDArray[np.intp], terms: Terms, begins: Spans, ends: Spans) -> None:
        """Note in rows of blocks and columns of tokens, both ascending, where the lists of one product begin and end."""
        numbers = self.singles(terms)
        single = (numbers >= 0).nonzero()[0]
        if len(single):
            own = self.single_blocks[numbers[single]].astype(np.intp)
            rows = np.minimum(blocks.searchsorted(own), len(blocks) - 1)
            there = blocks[rows] == own
            rows, columns = rows[there], single[there]
            begins[rows, columns] = self._bases[-1] + numbers[columns]
            ends[rows, columns] = begins[rows, columns] + 1
        others = (numbers < 0).nonzero()[0]
        if not len(others):
            return
        wanted = terms[others]
        for row, block in enumerate(blocks.tolist()):
            once = self._terms[self._begins[block] : self._ends[block]]
            if not len(once):
                continue
            at = once.searchsorted(wanted)
            there = once.take(at, mode="clip") == wanted
            columns = others[there]
            begins[row, columns] = self._bases[block] + at[there]
            ends[row, columns] = begins[row, columns] + 1
