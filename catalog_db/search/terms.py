"""What the index is made of: the sounds of a text, its pairs of neighbouring sounds, and its Latin tokens, as numbers.

A term is a number: a sound (1…511), a pair of sounds (from 512 on), a token (from `TOKENS` on, in the order of the
vocabulary). Characters play no part here: they decide in the reranking.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.folding import tokens
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
    heard = sounds().of_code[codes]
    some = heard > 0
    single = np.flatnonzero(some)
    double = np.flatnonzero(some[:-1] & some[1:])
    wide = heard.astype(np.uint64)
    pairs = np.uint64(SOUNDS) + wide[double] * np.uint64(SOUNDS) + wide[double + 1]
    return np.concatenate([wide[single], pairs]), np.concatenate([single, double])


def text_terms(text: str, number: Callable[[str], int]) -> frozenset[int]:
    """Return the terms of one text; `number` gives the term of a token."""
    found, _ = sound_terms(codes_of(text))
    return frozenset(found.tolist()) | {number(word) for word, _ in tokens(text)}


def block_postings(
    text: str, codes: NDArray[np.uint16], starts: NDArray[np.int64], number: Callable[[str], int]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint16]]:
    """Invert a block of at most 65,536 texts, given joined, as code units and with the start of each.

    Returns the terms in ascending order, where the list of each ends, and the lists of texts behind one another.
    """
    terms, places = sound_terms(codes)
    words = tokens(text)
    more = np.fromiter((number(word) for word, _ in words), np.uint64, len(words))
    beginnings = np.fromiter((place for _, place in words), np.int64, len(words))
    if len(codes) != len(text):  # characters beyond the first plane are two code units
        beginnings = _units_before(text)[beginnings]
    where = np.concatenate([places, beginnings])
    documents = np.searchsorted(starts, where, "right").astype(np.uint64) - np.uint64(1)
    keys = distinct((np.concatenate([terms, more]) << _LOW) | documents)
    of_term = (keys >> _LOW).astype(np.uint32)
    last = np.flatnonzero(np.diff(of_term, append=np.uint32(0xFFFFFFFF)))
    return of_term[last], (last + 1).astype(np.uint32), (keys & np.uint64(0xFFFF)).astype(np.uint16)


def distinct(numbers: NDArray[_N]) -> NDArray[_N]:
    """Return numbers in ascending order, each once. Sorts in place; much faster than `numpy.unique`, which hashes."""
    numbers.sort()
    fresh = np.empty(len(numbers), bool)
    fresh[:1] = True
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]


def _units_before(text: str) -> NDArray[np.int64]:
    """Return for each character how many UTF-16 code units stand before it."""
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))])[:-1]
