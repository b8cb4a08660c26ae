"""What the index is made of: the sounds of a text, its pairs of neighbouring sounds, and its Latin tokens, as numbers.

A term is a number: a sound (1…511), a pair of sounds (from 512 on), a token (from `TOKENS` on, in the order of the
vocabulary). Characters play no part here: they decide in the reranking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import latin_runs, pieces
from catalog_db.search.sounds import SOUNDS, sounds

BLOCK = 65536  # products whose places in a block are two bytes
WINDOWS = 16  # equal parts of a block: the lists of sounds say in which of them they have any product
WINDOW = BLOCK // WINDOWS  # products
TOKENS = 1 << 19
END = "\n"  # of a text
PART = "\t"  # between the parts of a text: title, series, model, attributes
_NARROW = 2  # bytes of numbers that are put in order digit by digit: several times as fast where lists stand behind one another
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


def block_postings(
    codes: NDArray[np.uint16], starts: NDArray[np.int64], tokens: NDArray[np.uint32], texts: NDArray[np.uint32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Invert a block of at most 65,536 texts: their code units and where each begins, all their tokens and whose each is.

    Returns the terms in ascending order, where the list of each ends, and the lists of texts behind one another.
    """
    documents = np.repeat(np.arange(len(starts), dtype=np.uint32), np.diff(starts, append=len(codes)))
    heard = sounds().of_code.take(codes).astype(np.uint32)
    some = heard > 0
    both = some[:-1] & some[1:]
    pairs = (heard[:-1] + np.uint32(1)) * np.uint32(SOUNDS)
    pairs += heard[1:]
    found = np.concatenate([heard[some], pairs[both], tokens])
    return _inverted(found, np.concatenate([documents[some], documents[:-1][both], texts]))


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
    numbers.sort(kind="stable" if numbers.itemsize <= _NARROW else None)
    fresh = np.empty(len(numbers), bool)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]
