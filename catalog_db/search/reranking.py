"""Rank candidates by how well their text fits what was typed, character by character.

Each unit of the typed text (a character, a typed syllable, a token) counts with its weight times the best percentage that
any place of the text earns for it. How alike: the same character, another reading of a syllable cut short, the same sound,
the same sound in an accent. How supported: beside it stands what stands beside it in the typed text (*near*), or nearly so,
with one place missing, too many, wrong or swapped (*loose*), or neither. A character that is only the same sound convinces
when its neighbour is sure, hardly when that is a sound only, too. `PERCENT` says how much each case earns.

Every unit is one bit of a 64-bit number, so that all units of all texts are compared at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.plan import Plan
from catalog_db.search.sounds import SOUNDS, sounds
from catalog_db.search.terms import END, codes_of
from catalog_db.search.typed import Unit

PERCENT = (100, 78, 60, 48, 36, 24, 20, 10)
END_CODE = ord(END)
_PAD = np.uint64(1 << 63)  # stands at the end of every text, so that none is without a place
_1, _2 = np.uint64(1), np.uint64(2)
TOKEN_CODES = np.zeros(65536, bool)
TOKEN_CODES[[*range(ord("0"), ord("9") + 1), *range(ord("a"), ord("z") + 1), ord(".")]] = True
_STRONG = 3  # characters from which on a token convinces alone; `10` beside 平方 does not

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Typed:
    """A plan as tables of bits: by sound, and by character."""

    any_by_sound: Bits  # everything that is alike at all
    sure_by_sound: Bits  # typed syllables, first reading
    other_by_sound: Bits  # typed syllables, other readings
    same_by_sound: Bits  # characters of the same sound
    characters: dict[int, int]  # code → bits
    tokens: list[tuple[NDArray[np.uint16], int]]
    alone: np.uint64  # units that need no neighbour


def rerank(plan: Plan, codes: NDArray[np.uint16], begins: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the score of each text; texts stand behind one another, each closed by two END, and begin at `begins`.

    The most that a text can have is a hundred times the sum of the weights.
    """
    typed = typed_bits(plan.units)
    heard = sounds().of_code[codes]
    bits = typed.any_by_sound[heard]
    tokens = _mark_tokens(bits, codes, typed.tokens)
    bits[codes == END_CODE] = _PAD
    live = np.flatnonzero(bits)
    levels = _levels(typed, bits, codes[live], heard[live], live, tokens[live])
    best = np.bitwise_or.reduceat(levels, np.searchsorted(live, begins), axis=1)
    return _scores(best, plan.weights)


def typed_bits(units: Sequence[Unit]) -> Typed:
    table = sounds()
    any_, sure, other, same = (np.zeros(SOUNDS, np.uint64) for _ in range(4))
    characters: dict[int, int] = {}
    tokens: list[tuple[NDArray[np.uint16], int]] = []
    for place, unit in enumerate(units):
        bit = np.uint64(1 << place)
        if unit.token:
            tokens.append((codes_of(unit.word), 1 << place))
            continue
        first, *more = unit.sounds
        any_[table.alike[first]] |= bit
        if unit.code:
            characters[unit.code] = characters.get(unit.code, 0) | 1 << place
            same[first] |= bit
        else:
            sure[first] |= bit
            if more:
                any_[more] |= bit
                other[more] |= bit
    return Typed(any_, sure, other, same, characters, tokens, np.uint64(alone(units)))


def alone(units: Sequence[Unit]) -> int:
    """Return the units, one bit each, that need no neighbour: the only one, and tokens that convince."""
    if len(units) == 1:
        return 1
    return sum(1 << place for place, unit in enumerate(units) if unit.token and _convinces(unit, units, place))


def _convinces(unit: Unit, units: Sequence[Unit], place: int) -> bool:
    """Tell whether a token needs no neighbour: a number that belongs to the character behind it does."""
    beside = place + 1 < len(units) and units[place + 1].joined and not units[place + 1].token
    return not beside or len(unit.word) >= _STRONG or not unit.word.isdigit()


def _mark_tokens(bits: Bits, codes: NDArray[np.uint16], tokens: list[tuple[NDArray[np.uint16], int]]) -> Bits:
    """Mark where tokens stand, at their first and their last character; return the marks alone."""
    marks = np.zeros(len(codes), np.uint64)
    for wanted, bit in tokens:
        at = np.flatnonzero(codes == wanted[0])
        for step, code in enumerate(wanted[1:].tolist(), start=1):
            at = at[at + step < len(codes)]
            at = at[codes[at + step] == code]
        last = at + len(wanted) - 1
        free = ~TOKEN_CODES[codes[at - 1]] & ~TOKEN_CODES[codes[np.minimum(last + 1, len(codes) - 1)]]
        marks[at[free]] |= np.uint64(bit)
        marks[last[free]] |= np.uint64(bit)
    bits |= marks
    return marks


def _levels(
    typed: Typed,
    bits: Bits,
    codes: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    live: NDArray[np.intp],
    tokens: Bits,
) -> Bits:
    """Return for each live place, one row for each percentage, the units that earn it there."""
    here = bits[live]
    exact = _exact(typed, codes, heard) | tokens
    other = typed.other_by_sound[heard] & ~exact
    same = typed.same_by_sound[heard] & ~exact
    accent = here & ~(exact | other | same | _PAD)
    sure = np.zeros(len(bits), np.uint64)
    sure[live] = exact | other
    near, loose = _support(bits, live, typed.alone)
    near_sure, loose_sure = _support(sure, live, typed.alone)
    return np.stack(
        [
            exact & near,
            (other & near) | (exact & loose),
            (same & near_sure) | (other & loose),
            (accent & near_sure) | (same & loose_sure),
            accent & loose_sure,
            (same | accent) & near,
            exact | other | ((same | accent) & loose),
            here & ~_PAD,
        ]
    )


def _exact(typed: Typed, codes: NDArray[np.uint16], heard: NDArray[np.uint16]) -> Bits:
    exact = typed.sure_by_sound[heard]
    for code, bits in typed.characters.items():
        exact[codes == code] |= np.uint64(bits)
    return exact


def _support(bits: Bits, live: NDArray[np.intp], alone: np.uint64) -> tuple[Bits, Bits]:
    """Return the units whose neighbours stand right beside a place, and those whose neighbours stand nearly so."""
    last = len(bits) - 1
    before, after = bits[live - 1] & ~_PAD, bits[np.minimum(live + 1, last)] & ~_PAD
    before_2, after_2 = bits[live - 2] & ~_PAD, bits[np.minimum(live + 2, last)] & ~_PAD
    near = (before << _1) | (after >> _1) | alone
    loose = (before_2 << _1) | (after_2 >> _1)  # one place too many in the text
    loose |= (before << _2) | (after >> _2)  # one place too many in what was typed
    loose |= (before_2 << _2) | (after_2 >> _2)  # the one between is wrong
    loose |= (after << _1) | (before >> _1)  # swapped
    return near, loose


def _scores(best: Bits, weights: Sequence[int]) -> NDArray[np.int64]:
    """Add up for each text what its units earn, each by the best case that any place gives."""
    seen = np.bitwise_or.accumulate(best, axis=0)
    best[1:] &= ~seen[:-1]  # what a better case has earned already
    wide = -(-len(weights) // 8)  # bytes that hold units
    units = np.unpackbits(best.view(np.uint8).reshape(-1, 8)[:, :wide], axis=1, bitorder="little")
    worth = np.zeros(wide * 8, np.float32)  # sums stay far below 2**24: exact
    worth[: len(weights)] = weights
    earned = (units.astype(np.float32) @ worth).reshape(best.shape)
    scores: NDArray[np.int64] = np.array(PERCENT, np.int64) @ earned.astype(np.int64)
    return scores
