"""The Latin tokens of all texts of an index in building."""

from __future__ import annotations

import string
from functools import lru_cache
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import Parts
from catalog_db.search.folding import pieces
from catalog_db.search.packed_strings import PackedStrings, gathered
from catalog_db.search.terms import TOKENS

_SIGNS = ".+/-"
_SPACE = ord(" ")


class TokenTable:
    """First all texts are seen, run by run of letters, digits and signs; then tokens are numbered in their order."""

    def __init__(self) -> None:
        self._run = _Runs()
        self._seen = Parts(np.uint32)
        self._often = Parts(np.uint32)

    def see(self, codes: NDArray[np.uint16], ends: NDArray[np.intp]) -> None:
        """Take note of the runs of some texts, given as code units and with the end of each."""
        letters = _kept().take(codes)
        inside = letters != _SPACE
        begins = np.flatnonzero(inside[1:] & ~inside[:-1]) + 1
        if inside[:1].any():
            begins = np.concatenate([[0], begins])
        inside[1:] |= inside[:-1]  # with one space behind each run
        self._seen.add(map(self._run.__getitem__, str(letters[inside].data, "ascii").split()), len(begins))
        often = np.bincount(np.searchsorted(ends, begins, "right"), minlength=len(ends))
        self._often.add(often.astype(np.uint32), len(ends))

    def settle(self) -> PackedStrings:
        """Number the tokens of what was seen in the order of their letters, and return them in it."""
        number: dict[str, int] = {}
        tokens = [_numbers(run, number) for run in self._run]
        words = PackedStrings.of([*number])
        order = words.order()
        rank = np.empty(len(order), np.uint32)
        rank[order] = np.arange(TOKENS, TOKENS + len(order), dtype=np.uint32)
        self._counts = np.fromiter(map(len, tokens), np.int64, len(tokens))
        self._begins = np.cumsum(self._counts) - self._counts
        self._terms = rank[np.fromiter(chain.from_iterable(tokens), np.intp, int(self._counts.sum()))]
        self._starts = np.cumsum(self._often.all(), dtype=np.int64) - self._often.all()
        return words.taken(order)

    def terms(self, texts: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """Return all tokens of some texts as terms, and for each token which one of these texts has it."""
        often = self._often.all()[texts]
        runs, _ = gathered(self._seen.all(), self._starts[texts], often.astype(np.int64))
        counts = self._counts[runs]
        terms, _ = gathered(self._terms, self._begins[runs], counts)
        return terms, np.repeat(np.repeat(np.arange(len(texts), dtype=np.uint32), often), counts)


class _Runs(dict[str, int]):
    """Numbers runs as they come."""

    def __missing__(self, run: str) -> int:
        number = self[run] = len(self)
        return number


def _numbers(run: str, number: dict[str, int]) -> tuple[int, ...]:
    """Return the numbers of the tokens of a run, the next free ones for new tokens."""
    whole = run.strip(_SIGNS)
    if not whole:
        return ()
    first = number.setdefault(whole, len(number))
    if whole.isalpha() or whole.isdigit():
        return (first,)
    return (first, *[number.setdefault(piece, len(number)) for piece in pieces(whole)[1:]])


@lru_cache(maxsize=1)
def _kept() -> NDArray[np.uint8]:
    """Return for each code unit itself when it may stand in a run of letters, digits and signs, else a space."""
    kept = np.full(65536, _SPACE, np.uint8)
    for one in string.digits + string.ascii_lowercase + _SIGNS:
        kept[ord(one)] = ord(one)
    return kept
