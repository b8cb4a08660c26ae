"""Rank candidates by how well their text fits what was typed, character by character.

Each unit of the typed text (a character, a typed syllable, a token) counts with its weight times the best percentage that
any place of the text earns for it. How alike: the same character, another reading of a syllable cut short, the same sound,
the same sound in an accent. How supported: beside it stands what stands beside it in the typed text (*near*), or nearly so,
with one place missing, too many, wrong or swapped (*loose*), or neither. What is *held* stands near and has its neighbours
on both sides, at most one place between: so a phrase counts for more than its words in another order. A character that is
only the same sound convinces when its neighbour is sure, hardly when that is a sound only, too. `PERCENT` says how much
each case earns.

Every unit is one bit of a 64-bit number, so that all units of all texts are compared at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.plan import Asked
from catalog_db.search.sounds import SOUNDS, sounds
from catalog_db.search.terms import codes_of
from catalog_db.search.typed import Columns, Unit

PERCENT = (100, 94, 78, 60, 48, 36, 24, 20, 10)
_STEPS = np.subtract(PERCENT, (*PERCENT[1:], 0)).astype(np.float32)  # by which each case is worth more than the next
_1 = np.uint64(1)
FIGURE, LETTER = 1, 2
TOKEN_KINDS = np.zeros(65536, np.uint8)  # what a token is made of; an x may be a letter or stand between two figures
TOKEN_KINDS[[*range(ord("0"), ord("9") + 1), ord("."), ord("x")]] |= FIGURE
TOKEN_KINDS[[*range(ord("a"), ord("z") + 1)]] |= LETTER
_STRONG = 3  # characters from which on a token convinces alone; `10` beside 平方 does not

_ALIKE, _SURE, _OTHER, _SAME = range(4)

Bits = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Typed:
    """A plan as tables of bits: by sound, and by character."""

    by_sound: Bits  # one row for each kind: alike at all, sure, another reading, the same sound
    slots: NDArray[np.uint8]  # character → its place in `characters`
    characters: Bits  # 0: not typed
    tokens: list[tuple[NDArray[np.uint16], int]]
    alone: np.uint64  # units that need no neighbour
    last: np.uint64  # the last unit


def rerank(asked: Asked, codes: NDArray[np.uint16], begins: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the score of each text; texts stand behind one another, each closed by two END, and begin at `begins`.

    The most that a text can have is a hundred times the sum of the weights.
    """
    typed = typed_bits(asked.units)
    heard = sounds().of_code.take(codes, mode="clip")
    bits = np.zeros((2, len(codes)), np.uint64)  # alike at all, and sure
    here = typed.by_sound[_ALIKE].take(heard, out=bits[0], mode="clip")
    marks = _mark_tokens(here, codes, typed.tokens)
    some = here.astype(bool)
    some[begins[1:] - 2] = some[-2] = True  # so that no text is without a place
    live = np.flatnonzero(some)
    levels = _levels(typed, bits, codes[live], heard[live], live, marks)
    firsts = np.searchsorted(live, begins)
    return _scores(np.bitwise_or.reduceat(levels, firsts, axis=1), asked.weights)


def typed_bits(units: Sequence[Unit]) -> Typed:
    """Return the units as tables of bits."""
    of_class = sounds().kinds
    alike: dict[int, int] = {}
    by_sound: dict[int, int] = {}
    characters: dict[int, int] = {}
    tokens: list[tuple[NDArray[np.uint16], int]] = []
    for place, unit in enumerate(units):
        bit = 1 << place
        if unit.token:
            tokens.append((codes_of(unit.word), bit))
            continue
        first = unit.sounds[0]
        alike[of_class[first]] = alike.get(of_class[first], 0) | bit
        row = _SAME if unit.code else _SURE
        by_sound[row * SOUNDS + first] = by_sound.get(row * SOUNDS + first, 0) | bit
        if unit.code:
            characters[unit.code] = characters.get(unit.code, 0) | bit
        for sound in unit.sounds[1:]:
            by_sound[_OTHER * SOUNDS + sound] = by_sound.get(_OTHER * SOUNDS + sound, 0) | bit
    tables = _filled(4 * SOUNDS, by_sound).reshape(4, SOUNDS)
    tables[_ALIKE] = _filled(SOUNDS, alike).take(sounds().class_of)
    tables[_ALIKE] |= tables[_OTHER]
    slots = np.zeros(65536, np.uint8)
    slot_of = slots.data
    for slot, code in enumerate(characters, start=1):
        slot_of[code] = slot
    values = np.array([0, *characters.values()], np.uint64)
    needs_none = alone(*Columns.of(units)[2:5])
    return Typed(tables, slots, values, tokens, np.uint64(needs_none), np.uint64(1 << max(len(units) - 1, 0)))


def _filled(size: int, values: Mapping[int, int]) -> Bits:
    table = np.zeros(size, np.uint64)
    filled = table.data  # faster for one at a time
    for place, value in values.items():
        filled[place] = value
    return table


def alone(tokens: Sequence[int], words: Sequence[str], joined: Sequence[bool]) -> int:
    """Return the units, one bit each, that need no neighbour: the only one, and tokens that convince.

    A number does not that belongs to the character behind it.
    """
    if len(tokens) == 1:
        return 1
    if not any(tokens):
        return 0
    bits = 0
    last = len(tokens) - 1
    for place, word in enumerate(words):
        if tokens[place]:
            beside = place < last and joined[place + 1] and not tokens[place + 1]
            bits |= (not beside or len(word) >= _STRONG or not word.isdigit()) << place
    return bits


def _mark_tokens(bits: Bits, codes: NDArray[np.uint16], tokens: list[tuple[NDArray[np.uint16], int]]) -> Bits | None:
    """Mark where tokens stand, at their first and their last character; return the marks alone."""
    if not tokens:
        return None
    marks = np.zeros(len(codes), np.uint64)
    for wanted, bit in tokens:
        at = np.flatnonzero(codes == wanted[0])
        for step, code in enumerate(wanted[1:].tolist(), start=1):
            at = at[at + step < len(codes)]
            at = at[codes[at + step] == code]
        last = at + len(wanted) - 1
        first_kind, last_kind = TOKEN_KINDS[wanted[[0, -1]]].tolist()
        after, then = (TOKEN_KINDS[codes[np.minimum(last + step, len(codes) - 1)]] for step in (1, 2))
        free = after & last_kind == 0
        if first_kind == FIGURE and last_kind == LETTER:
            free |= (after == LETTER) & (then & LETTER > 0)
        free &= TOKEN_KINDS[codes[at - 1]] & first_kind == 0
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
    marks: Bits | None,
) -> Bits:
    """Return for each live place, one row for each percentage, the units that earn it there. Fills the second row of `bits`."""
    here = bits[0].take(live)
    _, exact, other, same = typed.by_sound.take(heard, axis=1)
    exact |= typed.characters.take(typed.slots.take(codes))
    if marks is not None:
        exact |= marks.take(live)
    inexact = ~exact
    other &= inexact
    same &= inexact
    sure = exact | other
    weak = here & ~sure  # the same sound, or an accent's
    accent = weak & ~same
    bits[1, live] = sure
    (near, near_sure), (loose, loose_sure), held = _support(bits, live, typed)
    levels = np.empty((len(PERCENT), len(live)), np.uint64)
    np.bitwise_and(exact, near, out=levels[1])
    np.bitwise_and(levels[1], held, out=levels[0])
    np.bitwise_or(other & near, exact & loose, out=levels[2])
    np.bitwise_or(same & near_sure, other & loose, out=levels[3])
    np.bitwise_or(accent & near_sure, same & loose_sure, out=levels[4])
    np.bitwise_and(accent, loose_sure, out=levels[5])
    np.bitwise_and(weak, near, out=levels[6])
    np.bitwise_or(sure, weak & loose, out=levels[7])
    levels[8] = here
    return levels


def _support(bits: Bits, live: NDArray[np.intp], typed: Typed) -> tuple[Bits, Bits, Bits]:
    """Return the units whose neighbours stand right beside a place, those whose neighbours stand nearly so, and what is held.

    What is held is told of all that is alike, the others of what is sure, too.
    """
    before, before_2 = bits.take(live - 1, axis=1), bits.take(live - 2, axis=1)
    after, after_2 = bits.take(live + 1, axis=1, mode="clip"), bits.take(live + 2, axis=1, mode="clip")
    behind, ahead = before << _1, after >> _1
    near = behind | ahead
    near |= typed.alone
    loose = before_2 << _1  # the one between is wrong
    loose |= before_2  # one place too many in the text
    loose |= behind  # one place too many in what was typed
    loose <<= _1
    other = after_2 >> _1  # the same on the other side
    other |= after_2
    other |= ahead
    other >>= _1
    loose |= other
    loose |= after << _1  # swapped
    loose |= before >> _1
    left = (before[0] | before_2[0]) << _1  # beside it, or one place between them
    left |= left << _1  # the same with one unit between them
    left |= _1  # the first has nothing before it
    right = (after[0] | after_2[0]) >> _1
    right |= right >> _1
    right |= typed.last
    left &= right
    left |= typed.alone
    return near, loose, left


def _scores(best: Bits, weights: Sequence[int]) -> NDArray[np.int64]:
    """Add up for each text what its units earn, each by the best case that any place gives."""
    seen = np.bitwise_or.accumulate(best, axis=0)  # what a unit earns it earns in every lower case, too
    wide = -(-len(weights) // 8)  # bytes that hold units
    units = np.unpackbits(seen.view(np.uint8).reshape(-1, 8)[:, :wide], axis=1, bitorder="little")
    percent = _STEPS @ units.reshape(len(PERCENT), -1).astype(np.float32)  # sums stay far below 2**24: exact
    worth = np.zeros(wide * 8, np.float32)
    worth[: len(weights)] = weights
    return (percent.reshape(-1, wide * 8) @ worth).astype(np.int64)
