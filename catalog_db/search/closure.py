"""Which features and scenes a product has because its title says so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import SetCoder
from catalog_db.search.folding import fold
from catalog_db.search.terms import codes_of, distinct

_PATTERN_BITS = 32
_PATTERN_MASK = (1 << _PATTERN_BITS) - 1
_CODE_BITS = 16

Codes = NDArray[np.uint16]
Numbers = NDArray[np.int64]


class Closer:
    """Adds to the sets of a column the values that stand in the titles, or are the same but for case."""

    def __init__(self, coder: SetCoder) -> None:
        self._coder = coder
        self._sets = coder.members()
        self._alike = _alike(list(coder.member))
        patterns: dict[str, list[int]] = defaultdict(list)
        for value, member in coder.member.items():
            if folded := fold(value):
                patterns[folded].append(member)
        self._members = list(patterns.values())
        self._finder = _Finder([codes_of(pattern) for pattern in patterns])

    def close(self, codes: Codes, starts: Numbers, ends: Numbers, explicit: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the codes of the sets of a block of texts given as code units; `starts` and `ends` say where titles stand."""
        if not self._members:
            return explicit
        begins, closes, patterns = self._finder.find(codes)
        places = np.searchsorted(starts, begins, "right") - 1
        inside = closes <= ends[places]
        return self._joined(distinct(places[inside] << _PATTERN_BITS | patterns[inside]), explicit)

    def _joined(self, found: Numbers, explicit: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the codes of sets with the patterns found: place and pattern as one number, in ascending order."""
        closed = explicit.copy()
        places, patterns = found >> _PATTERN_BITS, found & _PATTERN_MASK
        touched = self._touched(places, explicit)
        firsts = np.searchsorted(places, touched)
        counts = np.searchsorted(places, touched, "right") - firsts
        # most products have what some other one has: they share a number, one pattern after the other
        own, kinds = np.unique(explicit[touched], return_inverse=True)
        known: list[tuple[int, tuple[int, ...]]] = [(code, ()) for code in own.tolist()]
        for step in range(int(counts.max(initial=0))):
            rows = np.flatnonzero(counts > step)
            pairs = kinds[rows] * len(self._members) + patterns[firsts[rows] + step]
            longer, numbers = np.unique(pairs, return_inverse=True)
            kinds[rows] = len(known) + numbers
            shorter, last = np.divmod(longer, len(self._members))
            known += [
                (known[one][0], (*known[one][1], more))
                for one, more in zip(shorter.tolist(), last.tolist(), strict=True)
            ]
        codes = np.zeros(len(known), np.uint32)
        for kind in distinct(kinds.copy()).tolist():
            code, told = known[kind]
            codes[kind] = self._closure(code, {member for pattern in told for member in self._members[pattern]})
        closed[touched] = codes[kinds]
        return closed

    def _closure(self, code: int, told: set[int]) -> int:
        """Return the code of a set together with what the title tells and what is the same but for case."""
        own = self._sets[code]
        members = told.union(own)
        for member in own:
            members |= self._alike.get(member, set())
        return self._coder.number(tuple(sorted(members))) if len(members) > len(own) else code

    def _touched(self, places: Numbers, explicit: NDArray[np.uint32]) -> Numbers:
        """Return the places with a pattern or with a value that another one is like, in ascending order."""
        if self._alike:
            of_set = np.array([any(member in self._alike for member in members) for members in self._sets])
            places = np.concatenate([places, np.flatnonzero(of_set[explicit])])
        return distinct(places.copy())


class _Finder:
    """Finds all of some words in texts: every place goes down the tree of the words, all of them step by step together."""

    def __init__(self, words: Sequence[Codes]) -> None:
        steps: dict[int, int] = {}  # from a node and a code unit to the next node
        ends = {0: -1}
        for number, word in enumerate(words):
            node = 0
            for code in word.tolist():
                node = steps.setdefault(node << _CODE_BITS | code, len(steps) + 1)
            ends[node] = number
        self._word = np.array([ends.get(node, -1) for node in range(len(steps) + 1)])
        self._steps = np.array(sorted(steps), np.int64)
        self._next = np.array([steps[step] for step in self._steps.tolist()], np.int64)
        self._first = np.zeros(1 << _CODE_BITS, bool)
        self._first[[step for step in steps if step < len(self._first)]] = True

    def find(self, codes: Codes) -> tuple[Numbers, Numbers, Numbers]:
        """Return where words begin and end, one may lie in the other, and which ones they are."""
        found: list[tuple[Numbers, Numbers, Numbers]] = []
        at = np.flatnonzero(self._first.take(codes))
        nodes = np.zeros(len(at), np.int64)
        for length in range(1, len(codes) + 1):
            steps = nodes << _CODE_BITS | codes[at + length - 1]
            nearest = self._steps.searchsorted(steps)
            there = self._steps.take(nearest, mode="clip") == steps
            at, nodes = at[there], self._next[nearest[there]]
            words = self._word[nodes]
            whole = words >= 0
            found.append((at[whole], at[whole] + length, words[whole]))
            going = at + length < len(codes)
            at, nodes = at[going], nodes[going]
            if not len(at):
                break
        begins, closes, numbers = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return begins, closes, numbers


def _alike(values: list[str]) -> dict[int, set[int]]:
    """Return for each value the others that are the same but for case."""
    groups: dict[str, list[int]] = defaultdict(list)
    for member, value in enumerate(values):
        groups[fold(value)].append(member)
    return {member: set(group) for group in groups.values() if len(group) > 1 for member in group}
