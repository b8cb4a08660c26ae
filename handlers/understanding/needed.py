"""What a pattern cannot do without: characters of which one at least stands in every text that it matches.

Most patterns of cues cannot match most questions; looking for one of their characters is a hundred times cheaper than
trying them, and a pattern that was never tried is never compiled. Where nothing certain can be said, nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

STANDS_FOR_MORE = frozenset("dDwWsSbBAZ")  # \d, \s … : classes and places, not characters


_ROWS = 3  # sets of characters looked at before a pattern is tried; few have more
_REMEMBERED = 4_096  # sets of patterns
_ALL_ALIKE: Mapping[str, int] = {}
T = TypeVar("T")
Needed = tuple[frozenset[str], ...]  # of each of these sets one character at least


def needed_sets(pattern: str, common: Mapping[str, int] = _ALL_ALIKE) -> Needed:
    """Return several sets of characters: every match has one of each; first the one that tells most.

    Reads what the tables of words use: groups, look-arounds, classes, alternatives and repetitions. Not for patterns
    with flags, with a reference to a group or in verbose writing: () is returned for these. `common`: how often a
    character is met. Without it that with the fewest characters tells most.
    """
    if "(?P=" in pattern or "(?i" in pattern or "(?x" in pattern or "(?(" in pattern:
        return ()
    reader = _Reader(pattern, common)
    found, end = reader.alternatives(0)
    return tuple(sorted(dict.fromkeys(found), key=reader.tells)) if end == len(pattern) else ()


def only_at_the_beginning(pattern: str) -> bool:
    """Tell whether every match begins where the text does: the pattern is one branch that begins with ^."""
    return pattern.startswith("^") and _Reader(pattern, _ALL_ALIKE).sequence(0)[1] == len(pattern)


class _Reader:
    """Reads one pattern; every method takes a place and returns what is needed and where reading goes on."""

    def __init__(self, pattern: str, common: Mapping[str, int]) -> None:
        self._pattern, self._common = pattern, common

    def tells(self, needed: frozenset[str]) -> int:
        """Return how often one of these characters is met: the less, the more it tells."""
        return sum(self._common.get(char, 1) for char in needed)

    def most_telling(self, needed: Needed) -> frozenset[str]:
        """Return the set that tells most."""
        return min(needed, key=self.tells)

    def alternatives(self, at: int) -> tuple[Needed, int]:
        """Read up to the closing bracket of a group: one of the branches matches, so all of them must need something."""
        branches, at = branches_of(self._pattern, at, self.sequence)
        if len(branches) == 1:
            return branches[0], at
        return ((frozenset().union(*map(self.most_telling, branches)),) if all(branches) else ()), at

    def sequence(self, at: int) -> tuple[Needed, int]:
        """Read one branch: each of its parts is needed."""
        needed: Needed = ()
        while at < len(self._pattern) and self._pattern[at] not in "|)":
            found, at = self.part(at)
            may_lack, at, _ = repetition(self._pattern, at)
            if not may_lack:
                needed += found
        return needed, at

    def part(self, at: int) -> tuple[Needed, int]:
        char = self._pattern[at]
        if char == "(":
            return self.group(at)
        if char == "[":
            return self.class_(at)
        if char == "\\":
            escaped = self._pattern[at + 1]
            return () if escaped in STANDS_FOR_MORE or escaped.isdigit() else (frozenset(escaped),), at + 2
        return () if char in ".^$" else (frozenset(char),), at + 1

    def group(self, at: int) -> tuple[Needed, int]:
        """Read a group; what a look-around sees need not be there or stands outside the match."""
        inside, looks = group_begun(self._pattern, at)
        found, end = self.alternatives(inside)
        return () if looks else found, end + 1

    def class_(self, at: int) -> tuple[Needed, int]:
        """Read [abc]; a class with a range, an escape or a refusal needs nothing certain."""
        chars, end = class_chars(self._pattern, at)
        return (chars,) if chars else (), end


def branches_of(pattern: str, at: int, read: Callable[[int], tuple[T, int]]) -> tuple[list[T], int]:
    """Read the branches up to the closing bracket of a group, or up to the end."""
    branches: list[T] = []
    while True:
        found, at = read(at)
        branches.append(found)
        if at >= len(pattern) or pattern[at] == ")":
            return branches, at
        at += 1


def group_begun(pattern: str, at: int) -> tuple[int, bool]:
    """Return where the inside of a group begins, and whether it is a look-around."""
    if pattern.startswith("(?P<", at):
        return pattern.index(">", at) + 1, False
    if pattern.startswith("(?:", at):
        return at + 3, False
    if pattern.startswith("(?", at):
        return at + (4 if pattern[at + 2] == "<" else 3), True
    return at + 1, False


def class_chars(pattern: str, at: int) -> tuple[frozenset[str], int]:
    """Return the characters of a class [abc] and where reading goes on; none of one with a range, an escape or a refusal."""
    end = pattern.index("]", at + 2)
    while pattern[end - 1] == "\\":
        end = pattern.index("]", end + 1)
    inside = pattern[at + 1 : end]
    plain = not (inside.startswith("^") or "-" in inside or "\\" in inside)
    return frozenset(inside if plain else ""), end + 1


def repetition(pattern: str, at: int) -> tuple[bool, int, bool]:
    """Tell whether what stands before may be lacking altogether, where reading goes on, and whether it stands once at most."""
    may_lack, once = False, True
    while at < len(pattern) and pattern[at] in "?*+{":
        if pattern[at] == "{":
            end = pattern.index("}", at)
            may_lack, once = may_lack or pattern[at + 1 : end].split(",", maxsplit=1)[0] in ("", "0"), False
            at = end + 1
        else:
            may_lack, once = may_lack or pattern[at] in "?*", once and pattern[at] == "?"
            at += 1
    return may_lack, at, once


class PossiblePatterns:
    """Tells which of many patterns may match a text: those with the characters that they need in it.

    Patterns are bits of a number, in as many rows of bits as sets are looked at: a character has the bit of a pattern in a
    row where it is of that set of the pattern, and whoever has no such set needs nothing there. So one step for each
    character tells all.
    """

    def __init__(self, needed: Sequence[Needed]) -> None:
        self._size = len(needed)
        self._own = (1 << self._size) - 1
        self._nothing = 0  # the bits that every text has
        self._found: dict[int, tuple[int, ...]] = {}  # by the bits: most texts have the same few
        self._bits: dict[str, int] = {}
        for number, sets in enumerate(needed):
            for row in range(_ROWS):
                bit = 1 << row * self._size + number
                if row >= len(sets):
                    self._nothing |= bit
                for char in sets[row] if row < len(sets) else ():
                    self._bits[char] = self._bits.get(char, 0) | bit

    def numbers(self, text: Iterable[str]) -> tuple[int, ...]:
        """Return the numbers of the patterns that may match, in order."""
        bits, known = self._nothing, self._bits
        for char in known.keys() & text:
            bits |= known[char]
        for _ in range(_ROWS - 1):
            bits &= bits >> self._size
        bits &= self._own
        found = self._found.get(bits)
        if found is None:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[bits] = found = tuple(_places(bits))
        return found


def _places(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        bits ^= lowest
        yield lowest.bit_length() - 1
