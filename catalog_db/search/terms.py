"""What the index is made of: the sounds of a text, its pairs of neighbouring sounds, and its Latin tokens, as numbers.

A term is a number: a sound (1…511), a pair of sounds (from 512 on), a token (from `TOKENS` on, in the order of the
vocabulary). Characters play no part here: they decide in the reranking.
"""

from __future__ import annotations

import string
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import latin_runs, pieces
from catalog_db.search.sounds import SOUNDS, sounds

TOKENS = 1 << 19
END = "\n"  # of a text
PART = "\t"  # between the parts of a text: title, series, model, attributes
_LOW = 16  # bits of a place in a block
_LOW_MASK = (1 << _LOW) - 1
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

    def terms(self, runs: Sequence[str]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """Return the terms of runs of letters, digits and signs behind one another, and how many each run has."""
        found = [*map(self._of_run.__getitem__, runs)]
        counts = np.fromiter(map(len, found), np.intp, len(found))
        return np.fromiter(chain.from_iterable(found), np.uint32, int(counts.sum())), counts

    def _terms(self, run: str) -> tuple[int, ...]:
        number, whole = self.number, run.strip(_SIGNS)
        if not whole:
            return ()
        first = TOKENS + number.setdefault(whole, len(number))
        if whole.isalnum():  # nearly all are
            return (first,)
        return (first, *[TOKENS + number.setdefault(piece, len(number)) for piece in pieces(whole)[1:]])


class _Runs(dict[str, tuple[int, ...]]):
    """The terms of runs: found out once for each."""

    def __init__(self, terms: Callable[[str], tuple[int, ...]]) -> None:
        super().__init__()
        self._terms = terms

    def __missing__(self, run: str) -> tuple[int, ...]:
        found = self[run] = self._terms(run)
        return found


_SIGNS = ".+/-"
_SPACE = ord(" ")


@lru_cache(maxsize=1)
def _kept_of() -> NDArray[np.uint8]:
    """Return for each code unit itself when it may stand in a run of letters, digits and signs, else a space."""
    kept = np.full(65536, _SPACE, np.uint8)
    for one in string.digits + string.ascii_lowercase + _SIGNS:
        kept[ord(one)] = ord(one)
    return kept


def _token_terms(
    codes: NDArray[np.uint16], table: TokenTable
) -> tuple[NDArray[np.uint32], NDArray[np.intp], NDArray[np.intp]]:
    """Return the tokens of a text, where the run of each begins, and how many tokens each run has."""
    letters = _kept_of().take(codes)
    inside = letters != _SPACE
    begins = np.flatnonzero(inside[1:] & ~inside[:-1]) + 1
    if inside[:1].any():
        begins = np.concatenate([[0], begins])
    kept = inside.copy()
    kept[1:] |= inside[:-1]  # with one space behind each run
    terms, counts = table.terms(str(letters[kept].data, "ascii").split())
    return terms, begins, counts


def block_postings(
    codes: NDArray[np.uint16], starts: NDArray[np.int64], table: TokenTable
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Invert a block of at most 65,536 texts, given joined as code units and with the start of each.

    Returns the terms in ascending order, where the list of each ends, and the lists of texts behind one another.
    """
    documents = np.repeat(np.arange(len(starts), dtype=np.uint32), np.diff(starts, append=len(codes)))
    heard = sounds().of_code.take(codes).astype(np.uint32)
    some = heard > 0
    both = some[:-1] & some[1:]
    pairs = (heard[:-1] + np.uint32(1)) * np.uint32(SOUNDS)
    pairs += heard[1:]
    tokens, begins, counts = _token_terms(codes, table)
    found = np.concatenate([heard[some], pairs[both], tokens])
    places = np.concatenate([documents[some], documents[:-1][both], np.repeat(documents[begins], counts)])
    return _inverted(found, places)


def _inverted(
    found: NDArray[np.uint32], places: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Return the terms found in ascending order, where the list of each ends, and the lists of places."""
    seen = np.zeros(int(found.max()) + 1 if len(found) else 0, bool)
    seen[found] = True
    terms = np.flatnonzero(seen).astype(np.uint32)
    # numbers of half the size are in order in half the time
    kind: type[np.unsignedinteger[Any]] = np.uint32 if len(terms) <= _LOW_MASK else np.uint64
    ranks: NDArray[Any] = np.arange(len(terms) + 1, dtype=kind) << kind(_LOW)
    rank = np.zeros(len(seen), kind)
    rank[terms] = ranks[:-1]
    together: NDArray[Any] = distinct(np.bitwise_or(rank.take(found), places))
    ends = np.searchsorted(together, ranks[1:])
    return terms, ends.astype(np.uint32), np.bitwise_and(together, kind(_LOW_MASK)).astype(np.uint16)


def distinct(numbers: NDArray[_N]) -> NDArray[_N]:
    """Return numbers in ascending order, each once. Sorts in place; much faster than `numpy.unique`, which hashes."""
    numbers.sort()
    fresh = np.empty(len(numbers), bool)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]
