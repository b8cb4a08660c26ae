"""The text as the matchers see it: spaces between Chinese characters taken out, protected stretches marked, edges known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from handlers.understanding.spans import Normalised


def is_han(char: str) -> bool:
    """Tell whether a character is a Chinese one (basic block, extension A, or the zero 〇)."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or char == "\u3007"


@dataclass(slots=True)
class Passage:
    """A normalised text without the spaces inside Chinese. `origin[i]` is the place of character i in the normalised text.

    `gaps` are the places where a space was taken out; `blocked[i]` says that character i belongs to somebody else.
    """

    text: str
    origin: Sequence[int]
    gaps: frozenset[int]
    blocked: bytearray

    @classmethod
    def make(cls, normalised: Normalised, blocked: Iterable[tuple[int, int]]) -> Passage:
        """Take the spaces out of a text and mark the blocked stretches."""
        text = normalised.text
        origin: Sequence[int] = range(len(text) + 1)
        gaps: list[int] = []
        if " " in text:
            text, origin, gaps = _squeeze(text)
        mask = bytearray(len(text))
        taken = list(blocked)
        if taken:
            for here in range(len(text)):
                place = origin[here]
                mask[here] = any(start <= place < end for start, end in taken)
        return cls(text, origin, frozenset(gaps), mask)

    def free(self, start: int, end: int) -> bool:
        """Tell whether no character of a stretch is blocked."""
        return not any(self.blocked[start:end])

    def joined_well(self, start: int, end: int) -> bool:
        """Tell whether a word may bridge the spaces in it: every character stands alone (乳 胶 漆), or the pieces are long."""
        inner = [g for g in self.gaps if start < g < end]
        if not inner:
            return True
        if len(inner) == end - start - 1:
            return True
        cuts = [start, *sorted(inner), end]
        return end - start >= 4 and all(b - a >= 2 for a, b in zip(cuts, cuts[1:], strict=False))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the normalised text that a stretch of this one stands for."""
        return self.origin[start], self.origin[end - 1] + 1


def _squeeze(text: str) -> tuple[str, list[int], list[int]]:
    kept: list[int] = []
    gaps: list[int] = []
    for here, char in enumerate(text):
        if char == " " and _between_han(text, here, kept):
            gaps.append(len(kept))
        else:
            kept.append(here)
    return "".join(text[i] for i in kept), [*kept, len(text)], gaps


def _between_han(text: str, here: int, kept: Sequence[int]) -> bool:
    after = text[here:].lstrip(" ")[:1]
    return bool(kept) and is_han(text[kept[-1]]) and bool(after) and is_han(after)
