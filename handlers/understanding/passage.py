"""The text as the matchers see it: which stretches belong to somebody else, and where the person left a space."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise
from typing import NamedTuple

from handlers.understanding.spans import Normalised, Span


def is_han(char: str) -> bool:
    """Tell whether a character is a Chinese one (the basic block or extension A)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


class _Han(dict[str, bool]):
    """Whether a character is a Chinese one, of those that were met."""

    def __missing__(self, char: str) -> bool:
        known = is_han(char)
        if len(self) < _REMEMBERED:
            self[char] = known
        return known


_REMEMBERED = 30_000
_LONG_WORD = 4  # characters of a word that a stray space does not part
_HAN = _Han()
_OTHER = re.compile("[^\u4e00-\u9fff\u3400-\u4dbf]")
_NO_GAPS: frozenset[int] = frozenset()
_new = tuple.__new__  # makes a named tuple of its class and a tuple in half the time


class Passage(NamedTuple):
    """A normalised text with its marks.

    `gaps` are the places where the person left a space or a line that normalising took out: a word may begin and end there.
    `blocked[i]` says that character i belongs to somebody else (a number, a code).
    """

    text: str
    gaps: frozenset[int]
    blocked: bytearray
    free_han: bytearray  # 1 where a Chinese character stands that is nobody's

    @classmethod
    def make(cls, normalised: Normalised, blocked: Collection[tuple[int, int]]) -> Passage:
        """Mark the blocked stretches and find the spaces that normalising took out."""
        text = normalised.text
        mask = bytearray(len(text))
        for start, end in blocked:
            mask[start:end] = b"\x01" * (min(end, len(text)) - start)
        plain = _OTHER.search(text) is None  # most often
        han = bytearray(b"\x01") * len(text) if plain else bytearray(map(_HAN.__getitem__, text))
        if blocked:
            han = bytearray([own and not taken for own, taken in zip(han, mask, strict=True)])
        return _new(cls, (text, _gaps(normalised), mask, han))

    def uncovered(self, spans: Iterable[Span]) -> bytearray:
        """Return a mark for each character: 1 where it is Chinese, nobody's, and in none of the words."""
        places = self.free_han[:]
        for span in spans:
            places[span.start : span.end] = bytes(span.end - span.start)
        return places

    def free(self, start: int, end: int) -> bool:
        """Tell whether no character of a stretch is blocked."""
        return 1 not in self.blocked[start:end]

    def joined_well(self, start: int, end: int) -> bool:
        """Tell whether a word may bridge the spaces in it: every character stands alone (乳 胶 漆), the pieces are long, or one space
        strayed into a long word (木 器涂料) or into a word that stands by itself (乳胶 漆).
        """
        inner = [place for place in range(start + 1, end) if place in self.gaps]
        if not inner:
            return True
        if self._edge(start) and self._edge(end):
            return True
        if len(inner) == end - start - 1:
            return len(inner) > 1
        if len(inner) == 1 and end - start >= _LONG_WORD:
            return True
        cuts = [start, *inner, end]
        return end - start >= _LONG_WORD and all(right - left >= 2 for left, right in pairwise(cuts))

    def _edge(self, place: int) -> bool:
        """Tell whether a space, a sign or an end of the text is at a place."""
        text = self.text
        return place in (0, len(text)) or place in self.gaps or not (is_han(text[place - 1]) and is_han(text[place]))


def _gaps(normalised: Normalised) -> frozenset[int]:
    if len(normalised.raw) == len(normalised.text):
        return _NO_GAPS
    raw, offsets = normalised.raw, normalised.offsets
    return frozenset(
        here
        for here in range(1, len(normalised.text))
        if offsets[here] - offsets[here - 1] > 1 and raw[offsets[here] - 1].isspace()
    )
