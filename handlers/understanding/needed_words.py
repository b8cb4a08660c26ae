"""Words one of which stands in every match of a pattern: one search for all words of all patterns tells which may match.

As `needed` does for single characters, which most texts of some length have; a word of two is met a hundred times less often.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from handlers.understanding.needed import STANDS_FOR_MORE, branches_of, class_chars, group_begun, repetition

_MOST = 32  # words of one pattern: more are looked for at the cost of everybody
_NOTHING = frozenset([""])
_PLAIN = re.compile(r"[^\\\[\](){}|.^$?*+]+(?![?*+{])")  # characters that stand for themselves, each once
_EACH = 1e-6  # what a word costs by itself, in the measure of how often one is met
_WHOLE, _RARE = 1.0, 1e-5
Words = frozenset[str]


class _Part(NamedTuple):
    """A part of a pattern: all that it matches where that is little, and words one of which it needs; None: not known."""

    whole: Words | None
    needs: Words | None


class NeededWords:
    """Finds the words that patterns need; built once for the patterns of a table."""

    def __init__(self, common: Mapping[str, int]) -> None:
        """Take how often a character is met among all that is said."""
        total = sum(common.values()) or 1
        self._shares = {char: (often + 1) / total for char, often in common.items()}
        self._known: dict[Words, float] = {}

    def of(self, pattern: str) -> Words | None:
        """Return words one of which is in every match of a regular expression, those that are met least; None when none is certain.

        Reads what `needed.needed_sets` reads.
        """
        if "(?P=" in pattern or "(?i" in pattern or "(?x" in pattern or "(?(" in pattern:
            return None
        reader = _Reader(pattern, self._shares, self._known)
        part, end = reader.alternatives(0)
        return part.needs if end == len(pattern) else None


class _Reader:
    """Reads one pattern; every method takes a place and returns a part and where reading goes on."""

    def __init__(self, pattern: str, shares: Mapping[str, float], known: dict[Words, float]) -> None:
        self._pattern, self._shares, self._known = pattern, shares, known

    def _met(self, words: Words) -> float:
        """Return about how often one of the words is met."""
        met = self._known.get(words)
        if met is None:
            met = self._known[words] = sum([self._share(word) for word in words])
        return met

    def _share(self, word: str) -> float:
        share, shares = _WHOLE, self._shares
        for char in word:
            share *= shares.get(char, _RARE)
        return share + _EACH

    def _better(self, *several: Words | None) -> Words | None:
        """Return the words that are met least, None when there are none."""
        best: Words | None = None
        for words in several:
            if words and words is not best and len(words) <= _MOST and "" not in words:
                best = words if best is None or self._met(words) < self._met(best) else best
        return best

    def alternatives(self, at: int) -> tuple[_Part, int]:
        """Read up to the closing bracket of a group: one of the branches matches."""
        branches, at = branches_of(self._pattern, at, self.sequence)
        if len(branches) == 1:
            return branches[0], at
        needs = _union(part.needs for part in branches)
        return _Part(_union(part.whole for part in branches), self._better(needs)), at

    def sequence(self, at: int) -> tuple[_Part, int]:
        """Read one branch: what stands side by side makes longer words."""
        whole: Words | None = _NOTHING
        run = _NOTHING  # all that the parts read since the last unknown one can be
        needs: Words | None = None
        while at < len(self._pattern) and self._pattern[at] not in "|)":
            part, at = self.part(at)
            may_lack, at, once = repetition(self._pattern, at)
            if not once:
                part = _Part(None, None if may_lack else part.needs)
            elif may_lack:
                part = _Part(None if part.whole is None else part.whole | _NOTHING, None)
            if part.whole is None or len(run) * len(part.whole) > _MOST:
                whole, run = None, _NOTHING if part.whole is None or len(part.whole) > _MOST else part.whole
            else:
                run = frozenset([left + right for left in run for right in part.whole])
                whole = None if whole is None else run
            needs = self._better(needs, run, part.needs)
        return _Part(whole, needs), at

    def part(self, at: int) -> tuple[_Part, int]:
        plain = _PLAIN.match(self._pattern, at)
        if plain is not None:
            word = frozenset([plain.group()])
            return _Part(word, word), plain.end()
        char = self._pattern[at]
        if char == "(":
            return self.group(at)
        if char == "[":
            return self.class_(at)
        if char == "\\":
            return self._escaped(self._pattern[at + 1]), at + 2
        if char in "^$":
            return _Part(_NOTHING, None), at + 1
        return _Part(None, None) if char == "." else self._one_of(char), at + 1

    def _escaped(self, char: str) -> _Part:
        if char in "bBAZ":
            return _Part(_NOTHING, None)
        return _Part(None, None) if char in STANDS_FOR_MORE or char.isdigit() else self._one_of(char)

    def _one_of(self, chars: Iterable[str]) -> _Part:
        words = frozenset(chars)
        return _Part(words if len(words) <= _MOST else None, self._better(words))

    def group(self, at: int) -> tuple[_Part, int]:
        """Read a group; a look-around takes no room, and what it sees need not be there."""
        inside, looks = group_begun(self._pattern, at)
        found, end = self.alternatives(inside)
        return _Part(_NOTHING, None) if looks else found, end + 1

    def class_(self, at: int) -> tuple[_Part, int]:
        """Read [abc]; a class with a range, an escape or a refusal may be anything."""
        chars, end = class_chars(self._pattern, at)
        return self._one_of(chars) if chars else _Part(None, None), end


def _union(several: Iterable[Words | None]) -> Words | None:
    """Return all words of the branches; None where one branch is not known."""
    words: Words = frozenset()
    for one in several:
        if one is None:
            return None
        words |= one
    return words if len(words) <= _MOST else None
