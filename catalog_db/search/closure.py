"""Which features and scenes a product has because its title says so."""

from __future__ import annotations

from collections import defaultdict

import ahocorasick_rs
import numpy as np
from numpy.typing import NDArray

from catalog_db.search.columns import SetCoder
from catalog_db.search.folding import fold
from catalog_db.search.terms import text_of


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
        found: dict[int, set[int]] = defaultdict(set)
        matches = self._finder.find_matches_as_indexes(text, overlapping=True)
        begins = np.fromiter((begin for _, begin, _ in matches), np.int64, len(matches))
        closes = np.fromiter((close for _, _, close in matches), np.int64, len(matches))
        if len(text) != len(codes):  # characters beyond the first plane are two code units
            begins, closes = _in_code_units(text, begins), _in_code_units(text, closes)
        places = np.searchsorted(starts, begins, "right") - 1
        inside = closes <= ends[places]
        for (pattern, _, _), place, good in zip(matches, places.tolist(), inside.tolist(), strict=True):
            if good:
                found[place].update(self._members[pattern])
        return self._joined(found, explicit)

    def _joined(self, found: dict[int, set[int]], explicit: NDArray[np.uint32]) -> NDArray[np.uint32]:
        closed = explicit.copy()
        known: dict[tuple[int, frozenset[int]], int] = {}  # most products have what some other one has
        for place in self._touched(found, explicit):
            key = (int(explicit[place]), frozenset(found.get(place, ())))
            code = known.get(key)
            if code is None:
                code = known[key] = self._closure(*key)
            closed[place] = code
        return closed

    def _closure(self, code: int, told: frozenset[int]) -> int:
        """Return the code of a set together with what the title tells and what is the same but for case."""
        own = self._sets[code]
        members = told.union(own)
        for member in own:
            members |= self._alike.get(member, set())
        return self._coder.number(tuple(sorted(members))) if len(members) > len(own) else code

    def _touched(self, found: dict[int, set[int]], explicit: NDArray[np.uint32]) -> list[int]:
        if not self._alike:
            return list(found)
        of_set = np.array([any(member in self._alike for member in members) for members in self._sets])
        return sorted(found.keys() | set(np.flatnonzero(of_set[explicit]).tolist()))


def _alike(values: list[str]) -> dict[int, set[int]]:
    """Return for each value the others that are the same but for case."""
    groups: dict[str, list[int]] = defaultdict(list)
    for member, value in enumerate(values):
        groups[fold(value)].append(member)
    return {member: set(group) for group in groups.values() if len(group) > 1 for member in group}


def _in_code_units(text: str, places: NDArray[np.int64]) -> NDArray[np.int64]:
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return np.concatenate([[0], np.cumsum(1 + (points > 0xFFFF))])[places]
