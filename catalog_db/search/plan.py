"""What a typed text asks of the index: which terms to look for, and how much each unit is worth.

A unit is worth the information it adds beside its neighbours: a character that nearly always follows the one before it
(反渗透 …) adds little, a rare brand or an exact size much. Weights are whole numbers so that every way to add them up
agrees: sixteenths of a bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from catalog_db.search.terms import pair
from catalog_db.search.typed import Unit, Vocabulary, read

MATCH_PERCENT = 60  # of the best text's points: what has fewer is no match
EVIDENCE_PERCENT = 20  # of all that could be had: when even the best text has fewer, nothing matches
CONVINCING_PERCENT = (
    22  # of the score that could be had: single characters have 20, a word of nothing but the same sounds 24
)
MOST_UNITS = 60
_BIT = 16
_TOKEN = 1.5  # a size or a model that somebody typed is meant
_FILLER = 0.1
_ALONE = 3  # the part of a unit's weight that its sound alone has when candidates are collected
_COMMON = 16  # a term in more than one of so many texts tells nothing about candidates
_FEW = 4096  # texts that are always looked through


@dataclass(frozen=True, slots=True)
class Gram:
    """Terms of which any one counts, once."""

    terms: tuple[int, ...]
    weight: int
    frequency: int


@dataclass(frozen=True)
class Plan:
    """The units of a text with their weights, and the grams that collect candidates."""

    units: tuple[Unit, ...]
    weights: tuple[int, ...]
    grams: tuple[Gram, ...]

    @cached_property
    def possible(self) -> int:
        """Return the points of a text with every gram."""
        return sum(gram.weight for gram in self.grams)

    @cached_property
    def most(self) -> int:
        """Return the score of a text that fits in everything."""
        return 100 * sum(self.weights)

    @cached_property
    def evidence(self) -> int:
        """Return the points that the best text must have for anything to match."""
        return max(1, -(-self.possible * EVIDENCE_PERCENT // 100))


def least(best: int) -> int:
    """Return the points that a text needs to match when the best one has so many."""
    return max(1, -(-best * MATCH_PERCENT // 100))


def convinces(asked: Plan, score: int) -> bool:
    """Tell whether the best score is enough for anything to match."""
    return score * 100 >= asked.most * CONVINCING_PERCENT


def plan(text: str, vocabulary: Vocabulary) -> Plan:
    """Return what to look for; without any gram nothing of the text is known to the index."""
    units = read(text, vocabulary)
    if len(units) > MOST_UNITS:
        units = tuple(unit for unit in units if not unit.filler)[:MOST_UNITS]
    grams = _Grams(units, vocabulary)
    return Plan(units, grams.weights, grams.chosen())


class _Grams:
    """The grams of units: alone (in order of the units) and in pairs with the unit before."""

    def __init__(self, units: tuple[Unit, ...], vocabulary: Vocabulary) -> None:
        self._units = units
        self._documents = max(vocabulary.documents, 1)
        self._alone = [(unit.token,) if unit.token else unit.sounds for unit in units]
        self._often = [sum(map(vocabulary.frequency, terms)) for terms in self._alone]
        self._pairs = [self._pair(place, vocabulary) for place in range(len(units))]
        self._together = [sum(map(vocabulary.frequency, terms)) for terms in self._pairs]
        self.weights = tuple(round(_BIT * self._worth(place)) for place in range(len(units)))

    def _pair(self, place: int, vocabulary: Vocabulary) -> tuple[int, ...]:
        """Return the pairs that a unit may make with the one before it, without those that stand nowhere."""
        unit = self._units[place]
        if place == 0 or not unit.joined or unit.token or self._units[place - 1].token:
            return ()
        before = self._units[place - 1].sounds
        return tuple(
            pair(first, second) for first in before for second in unit.sounds if vocabulary.follows(first, second)
        )

    def _worth(self, place: int) -> float:
        unit, often = self._units[place], self._often[place]
        if not often:
            return 0.0
        rare = math.log2(self._documents / min(often, self._documents)) + 0.2
        if unit.token:
            return rare * _TOKEN
        after = self._after(rare, place, place - 1)
        before = self._after(rare, place + 1, place + 1)
        return max(0.7, (after + before) / 2) * (_FILLER if unit.filler else 1.0)

    def _after(self, rare: float, pair_at: int, neighbour: int) -> float:
        """Return what a unit tells to somebody who knows its neighbour already."""
        together = self._together[pair_at] if 0 < pair_at < len(self._units) else 0
        if not together:
            return rare
        return min(rare, math.log2(max(self._often[neighbour], together) / together))

    def chosen(self) -> tuple[Gram, ...]:
        """Return the grams that collect candidates: those that tell something, else the rarest."""
        grams = [gram for place in range(len(self._units)) for gram in self._at(place)]
        most = max(self._documents // _COMMON, _FEW)
        telling = [gram for gram in grams if gram.frequency <= most]
        return tuple(telling or sorted(grams, key=lambda gram: (gram.frequency, gram.terms))[:4])

    def _at(self, place: int) -> list[Gram]:
        unit, weight = self._units[place], self.weights[place]
        found = []
        if self._often[place]:
            found.append(Gram(self._alone[place], weight if unit.token else weight // _ALONE, self._often[place]))
        if self._together[place]:
            found.append(Gram(self._pairs[place], (self.weights[place - 1] + weight) // 2, self._together[place]))
        return [gram for gram in found if gram.weight]
