"""Which features and scenes a product has because its title says so."""

from __future__ import annotations

from collections import defaultdict
from itertools import chain

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import SetCoder
from catalog_db.search.folding import fold
from catalog_db.search.terms import distinct, text_of

_PATTERN_BITS = 32
_PATTERN_MASK = (1 << _PATTERN_BITS) - 1


class Closer:
    """Adds to the sets of a column the values that stand in the titles, or are the same but for case."""

    def __init__(self, coder: SetCoder) -> None:
        self._coder = coder
        self._sets = coder.members()
        self._alike = _alike(list(coder.member))
        self._patterns: dict[str, list[int]] = defaultdict(list)
        for value, member in coder.member.items():
            if folded := fold(value):
                self._patterns[folded].append(member)
        self._members = list(self._patterns.values())
        self._finder = ahocorasick_rs.AhoCorasick(list(self._patterns)) if self._patterns else None

    def close(
        self,
        codes: NDArray[np.uint16],
        starts: NDArray[np.int64],
        ends: NDArray[np.int64],
        explicit: NDArray[np.uint32],
    ) -> NDArray[np.uint32]:
        """Return the codes of the sets of a block of texts given as code units; `starts` and `ends` say where titles stand."""
        if self._finder is None:
            return explicit
        text = text_of(codes)
        matches = self._finder.find_matches_as_indexes(text, overlapping=True)
        patterns, begins, closes = (
            np.fromiter(chain.from_iterable(matches), np.int64, 3 * len(matches)).reshape(-1, 3).T
        )
        if len(text) != len(codes):  # characters beyond the first plane are two code units
            begins, closes = _in_code_units(text, begins), _in_code_units(text, closes)
        places = np.searchsorted(starts, begins, "right") - 1
        inside = closes <= ends[places]
        return self._joined(distinct(places[inside] << _PATTERN_BITS | patterns[inside]), explicit)

    def _joined(self, found: NDArray[np.int64], explicit: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """Return the codes of sets with the patterns found: place and pattern as one number, in ascending order."""
        closed = explicit.copy()
        known: dict[tuple[int, bytes], int] = {}  # most products have what some other one has
        places, patterns = found >> _PATTERN_BITS, (found & _PATTERN_MASK).astype(np.uint32)
        touched = self._touched(places, explicit)
        begins, stops = (np.searchsorted(places, touched, side).tolist() for side in ("left", "right"))
        codes = np.empty(len(touched), np.uint32)
        for number, key in enumerate(
            zip(explicit[touched].tolist(), map(patterns.data.__getitem__, map(slice, begins, stops)), strict=True)
        ):
            told = (key[0], bytes(key[1]))
            code = known.get(told)
            if code is None:
                members = {member for pattern in key[1] for member in self._members[pattern]}
                code = known[told] = self._closure(key[0], members)
            codes[number] = code
        closed[touched] = codes
        return closed

    def _closure(self, code: int, told: set[int]) -> int:
        """Return the code of a set together with what the title tells and what is the same but for case."""
        own = self._sets[code]
        members = told.union(own)
        for member in own:
            members |= self._alike.get(member, set())
        return self._coder.number(tuple(sorted(members))) if len(members) > len(own) else code

    def _touched(self, places: NDArray[np.int64], explicit: NDArray[np.uint32]) -> NDArray[np.int64]:
        """Return the places with a pattern or with a value that another one is like, in ascending order."""
        if self._alike:
            of_set = np.array([any(member in self._alike for member in members) for members in self._sets])
            places = np.concatenate([places, np.flatnonzero(of_set[explicit])])
        return distinct(places.copy())


def _alike(values: list[str]) -> dict[int, set[int]]:
    """Return for each value the others that are the same but for case."""
    groups: dict[str, list[int]] = defaultdict(list)
    for member, value in enumerate(values):
        groups[fold(value)].append(member)
    return {member: set(group) for group in groups.values() if len(group) > 1 for member in group}


def _in_code_units(text: str, places: NDArray[np.int64]) -> NDArray[np.int64]:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))])[places]
