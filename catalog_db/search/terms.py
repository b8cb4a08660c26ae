"""What the index is made of: the sounds of a text, its pairs of neighbouring sounds, and its Latin tokens, as numbers.

A term is a number: a sound (1…511), a pair of sounds (from 512 on), a token (from `TOKENS` on, in the order of the
vocabulary). Characters play no part here: they decide in the reranking.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import latin_runs, pieces
from catalog_db.search.sounds import SOUNDS, sounds

TOKENS = 1 << 19
END = "\n"  # of a text
PART = "\t"  # between the parts of a text: title, series, model, attributes
_LOW = np.uint64(16)
_N = TypeVar("_N", bound=np.generic)


def pair(first: int, second: int) -> int:
    """Return the term of two sounds that stand side by side."""
    return SOUNDS + first * SOUNDS + second


def codes_of(text: str) -> NDArray[np.uint16]:
    """Return the UTF-16 code units of a text."""
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)


def text_of(codes: NDArray[np.uint16]) -> str:
    """Return the text of UTF-16 code units."""
    return codes.tobytes().decode("utf-16-le", "surrogatepass")


def sound_terms(codes: NDArray[np.uint16]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return every sound and pair of sounds of a text, with the place where each begins."""
    heard = sounds().of_code.take(codes)
    some = heard > 0
    single = np.flatnonzero(some)
    double = np.flatnonzero(some[:-1] & some[1:])
    terms = np.empty(len(single) + len(double), np.uint64)
    terms[: len(single)] = heard.take(single)
    pairs = heard.take(double).astype(np.uint32) + np.uint32(1)
    pairs *= np.uint32(SOUNDS)
    pairs += heard.take(double + 1)
    terms[len(single) :] = pairs
    return terms, np.concatenate([single, double])


def text_terms(text: str, number: Callable[[str], int]) -> frozenset[int]:
    """Return the terms of one text; `number` gives the term of a token."""
    found, _ = sound_terms(codes_of(text))
    return frozenset(found.tolist()) | {number(piece) for run in latin_runs(text) for piece in pieces(run)}


class TokenTable:
    """The tokens of many texts, numbered as they come."""

    def __init__(self) -> None:
        self.number: dict[str, int] = {}
        self._of_run = _Runs(self._terms)

    def terms(self, runs: Iterable[str]) -> list[tuple[int, ...]]:
        """Return the terms of each run of letters and digits."""
        return [*map(self._of_run.__getitem__, runs)]

    def _terms(self, run: str) -> tuple[int, ...]:
        return tuple(TOKENS + self.number.setdefault(piece, len(self.number)) for piece in pieces(run))


class _Runs(dict[str, tuple[int, ...]]):
    """The terms of runs: found out once for each."""

    def __init__(self, terms: Callable[[str], tuple[int, ...]]) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, run: str) -> tuple[int, ...]:
        found = self[run] = self._terms(run)
        return found


def token_terms(text: str, codes: NDArray[np.uint16], table: TokenTable) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return every token of a text, given also as code units, with the place where its run begins."""
    found = table.terms(latin_runs(text))
    kinds = _kinds().take(codes)
    inside = kinds > 0
    run = np.cumsum(inside[1:] & ~inside[:-1], dtype=np.int32)  # numbers of runs that letters, digits and signs make up
    firsts = np.flatnonzero(kinds == _BEGINS)
    of_first = np.concatenate([np.zeros(1, np.int32), run])[firsts]
    begins = firsts[np.flatnonzero(np.diff(of_first, prepend=np.int32(-1)))]
    counts = np.fromiter(map(len, found), np.intp, len(found))
    terms = np.fromiter(chain.from_iterable(found), np.uint64, int(counts.sum()))
    return terms, np.repeat(begins, counts)


_BEGINS, _GOES_ON = 2, 1


@lru_cache(maxsize=1)
def _kinds() -> NDArray[np.uint8]:
    """Return for each code unit whether a run may begin with it, only go on with it, or neither."""
    kinds = np.zeros(65536, np.uint8)
    kinds[[ord(one) for one in ".+/-"]] = _GOES_ON
    kinds[[ord(one) for one in string.digits + string.ascii_lowercase]] = _BEGINS
    return kinds


def block_postings(
    text: str, codes: NDArray[np.uint16], starts: NDArray[np.int64], table: TokenTable
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Invert a block of at most 65,536 texts, given joined, as code units and with the start of each.

    Returns the terms in ascending order, where the list of each ends, and the lists of texts behind one another.
    """
    documents = np.repeat(np.arange(len(starts), dtype=np.uint16), np.diff(starts, append=len(codes)))
    keys = [
        (terms << _LOW) | documents.take(places)
        for terms, places in (sound_terms(codes), token_terms(text, codes, table))
    ]
    together = distinct(np.concatenate(keys))
    of_term = (together >> _LOW).astype(np.uint32)
    last = np.flatnonzero(np.diff(of_term, append=np.uint32(0xFFFFFFFF)))
    return of_term[last], (last + 1).astype(np.uint32), (together & np.uint64(0xFFFF)).astype(np.uint16)


def distinct(numbers: NDArray[_N]) -> NDArray[_N]:
    """Return numbers in ascending order, each once. Sorts in place; much faster than `numpy.unique`, which hashes."""
    numbers.sort()
    fresh = np.empty(len(numbers), bool)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]
