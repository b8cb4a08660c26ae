"""What a typed text asks of the index: which terms to look for, and how much each unit is worth.

A unit is worth the information it adds beside its neighbours: a character that nearly always follows the one before it
(反渗透 …) adds little, a rare brand or an exact size much. Weights are whole numbers so that every way to add them up
agrees: sixteenths of a bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log2
from typing import NamedTuple, Protocol

from catalog_db.search.sounds import sounds
from catalog_db.search.terms import pair
from catalog_db.search.typed import Columns, Unit, Vocabulary, read_columns

MATCH_PERCENT = 60  # of the best text's points: what has fewer is no match
EVIDENCE_PERCENT = 20  # of all that could be had: when even the best text has fewer, nothing matches
CONVINCING_PERCENT = (
    22  # of the score that could be had: single characters have 20, a word of nothing but the same sounds 24
)
MOST_UNITS = 60
BIT = 16
TOKEN = 1.5  # a size or a model that somebody typed is meant
FILLER = 0.1
LEAST_WORTH = 0.7  # bits
ALONE_PART = 3  # the part of a unit's weight that its sound alone has when candidates are collected
COMMON = 12  # a term in more than one of so many texts tells too little about candidates for what it costs
FEW = 4096  # texts that are always looked through
RAREST = 4  # terms that are looked for where none tells anything


class Gram(NamedTuple):
    """Terms of which any one counts, once."""

    terms: tuple[int, ...]
    weight: int
    frequency: int


class Asked(Protocol):
    """What a text asks for, however it was weighed: see `Plan`."""

    @property
    def units(self) -> tuple[Unit, ...]:
        """Return the units of the text."""
        ...

    @property
    def weights(self) -> Sequence[int]:
        """Return what each unit is worth."""
        ...

    @property
    def grams(self) -> Sequence[Gram]:
        """Return what collects candidates."""
        ...

    @property
    def doubtful(self) -> int:
        """Return the units, one bit each, that are typed characters and stand beside none of their neighbours in any text."""
        ...

    @property
    def most(self) -> int:
        """Return the score of a text that fits in everything."""
        ...

    @property
    def evidence(self) -> int:
        """Return the points that the best text must have for anything to match."""
        ...


@dataclass(frozen=True)
class Plan:
    """The units of a text with their weights, and the grams that collect candidates."""

    units: tuple[Unit, ...]
    weights: tuple[int, ...]
    grams: tuple[Gram, ...]
    doubtful: int = 0

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


def convinces(asked: Asked, score: int) -> bool:
    """Tell whether the best score is enough for anything to match."""
    return score * 100 >= asked.most * CONVINCING_PERCENT


def plan(text: str, vocabulary: Vocabulary) -> Plan:
    """Return what to look for; without any gram nothing of the text is known to the index."""
    units = units_of(text, vocabulary).units
    grams = _Grams(units, vocabulary)
    return Plan(units, grams.weights, grams.chosen(), grams.doubtful)


def units_of(text: str, vocabulary: Vocabulary) -> Columns:
    """Return the units of a text, of a long one without the words that mean nothing."""
    units = read_columns(text, vocabulary)
    if len(units.codes) > MOST_UNITS:
        units = Columns.of([unit for unit in units.units if not unit.filler][:MOST_UNITS])
    return units


class _Grams:
    """The grams of units: alone (in order of the units) and in pairs with the unit before."""

    def __init__(self, units: tuple[Unit, ...], vocabulary: Vocabulary) -> None:
        self._units = units
        self._documents = max(vocabulary.documents, 1)
        self._alone = [(unit.token,) if unit.token else unit.sounds for unit in units]
        self._frequency = frequency = vocabulary.frequency
        self._often = [frequency(one[0]) if len(one) == 1 else sum(map(frequency, one)) for one in self._alone]
        if 0 in self._often:
            self._hear_unheard()
        self._pairs: list[tuple[int, ...]] = []
        self._together: list[int] = []  # texts in which a unit stands beside the one before it
        before: tuple[int, ...] = ()
        for unit in units:
            heard = () if unit.token else unit.sounds
            pairs, together = _beside(before, heard, vocabulary) if unit.joined and before and heard else ((), 0)
            self._pairs.append(pairs)
            self._together.append(together)
            before = heard
        self._nearly = self._together[:]  # texts that have one of the pairs
        self.weights = self._worth()
        beside = [*self._together, 0]
        apart = any(unit.code and not (beside[place] or beside[place + 1]) for place, unit in enumerate(units))
        self.doubtful = self._hear_accents() if apart else 0

    def _hear_unheard(self) -> None:
        """Let a typed character whose sound no text has be heard in an accent."""
        for place, unit in enumerate(self._units):
            if unit.code and not self._often[place]:
                near = tuple(sound for sound in _accents(unit.sounds[0]) if self._frequency(sound))
                self._alone[place] += near
                self._often[place] = sum(map(self._frequency, near))

    def _hear_accents(self) -> int:
        """Add the pairs that doubtful characters and their neighbours make in an accent; return who is doubtful.

        A wrong character of another sound stands beside neither of its neighbours in any text: 盲兴 is 曼兴.
        """
        units, together = self._units, [*self._together, 0]
        bits, before = 0, False
        for place, unit in enumerate(units):
            joined = unit.joined or (place + 1 < len(units) and units[place + 1].joined)
            own = bool(unit.code and joined and not (unit.filler or together[place] or together[place + 1]))
            bits |= own << place
            if (own or before) and unit.joined and unit.code and units[place - 1].code and not together[place]:
                first, second = units[place - 1].sounds[0], unit.sounds[0]
                pairs = [pair(one, second) for one in _accents(first)] if before else []
                pairs += [pair(first, one) for one in _accents(second)] if own else []
                self._pairs[place] = tuple(term for term in pairs if self._frequency(term))
                self._nearly[place] = sum(map(self._frequency, pairs))
            before = own
        return bits

    def _worth(self) -> tuple[int, ...]:
        """Return what each unit is worth: the information that it adds to its neighbours, on the average of the two."""
        often, together = [*self._often, 0], [*self._together, 0]
        documents = self._documents
        weights = []
        for place, unit in enumerate(self._units):
            own = often[place]
            if not own:
                weights.append(0)
                continue
            after = before = rare = log2(documents / min(own, documents)) + 0.2
            if unit.token:
                weights.append(round(BIT * (rare * TOKEN)))
                continue
            if with_last := together[place]:  # what it tells to somebody who knows its neighbour already
                after = min(rare, log2(max(often[place - 1], with_last) / with_last))
            if with_next := together[place + 1]:
                before = min(rare, log2(max(often[place + 1], with_next) / with_next))
            worth = max(LEAST_WORTH, (after + before) / 2)
            weights.append(round(BIT * (worth * FILLER if unit.filler else worth)))
        return tuple(weights)

    def chosen(self) -> tuple[Gram, ...]:
        """Return the grams that collect candidates: those that tell something, else the rarest."""
        grams = self._all()
        most = max(self._documents // COMMON, FEW)
        telling = [gram for gram in grams if gram.frequency <= most]
        return tuple(telling or sorted(grams, key=lambda gram: (gram.frequency, gram.terms))[:RAREST])

    def _all(self) -> list[Gram]:
        found = []
        weights = self.weights
        for place, unit in enumerate(self._units):
            weight = weights[place]
            own = weight if unit.token else weight // ALONE_PART
            if own and self._often[place]:
                found.append(Gram(self._alone[place], own, self._often[place]))
            both = (weights[place - 1] + weight) // 2
            if both and self._nearly[place]:
                found.append(Gram(self._pairs[place], both, self._nearly[place]))
        return found


def _accents(sound: int) -> list[int]:
    """Return the sounds that an accent makes one of, the sound itself among them, in ascending order."""
    alike: list[int] = sounds().alike[sound].tolist()
    return alike


def _beside(before: tuple[int, ...], sounds: tuple[int, ...], vocabulary: Vocabulary) -> tuple[tuple[int, ...], int]:
    """Return the pairs that two units may make, without those that stand nowhere, and how many texts have them."""
    if len(before) == len(sounds) == 1:
        (together,) = vocabulary.following(before[0], sounds)
        return ((pair(before[0], sounds[0]),) if together else ()), together
    found: list[int] = []
    together = 0
    for first in before:
        for second, often in zip(sounds, vocabulary.following(first, sounds), strict=True):
            if often:
                found.append(pair(first, second))
                together += often
    return tuple(found), together
