"""The compiled loops that compare texts with what was typed, character by character: see `reranking`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packing import (
    ALONE,
    CODES,
    HEARD,
    HEARD_ENDS,
    PERCENTS,
    WEIGHTS,
    WORD_ENDS,
    WORDS,
    Bits,
    Numbers,
    Shelves,
    compiled,
    part,
)
from catalog_db.search.sounds import SOUNDS

_PERCENTS = 8
_ROOM = 256  # for at most 64 characters
_EDGE = 2  # empty places at both ends of a text


@compiled
def _tables(packed: Numbers, class_of: NDArray[np.uint16]) -> Bits:
    """Return the units by sound: alike at all, sure, another reading, the same sound."""
    tables = np.zeros((4, SOUNDS), np.uint64)
    codes, heard, ends = part(packed, CODES), part(packed, HEARD), part(packed, HEARD_ENDS)
    begin = 0
    for unit in range(len(codes)):
        bit = np.uint64(1) << np.uint64(unit)
        if ends[unit] > begin:
            first = heard[begin]
            for sound in range(1, SOUNDS):
                if class_of[sound] == class_of[first]:
                    tables[0, sound] |= bit
            tables[3 if codes[unit] else 1, first] |= bit
            for at in range(begin + 1, ends[unit]):
                tables[0, heard[at]] |= bit
                tables[2, heard[at]] |= bit
        begin = ends[unit]
    return tables


@compiled
def _characters(codes: Numbers) -> tuple[NDArray[np.uint16], Bits]:
    """Return the typed characters where they are looked up, and the units of each."""
    typed, units = np.zeros(_ROOM, np.uint16), np.zeros(_ROOM, np.uint64)
    for unit in range(len(codes)):
        if codes[unit]:
            at = codes[unit] & (_ROOM - 1)
            while typed[at] and typed[at] != codes[unit]:
                at = (at + 1) & (_ROOM - 1)
            typed[at] = codes[unit]
            units[at] |= np.uint64(1) << np.uint64(unit)
    return typed, units


@compiled
def _token_at(text: NDArray[np.uint16], place: int, word: Numbers, in_token: NDArray[np.bool_]) -> bool:
    """Tell whether a token stands at a place and is no part of a longer one."""
    end = place + len(word)
    if end > len(text) or (place > 0 and in_token[text[place - 1]]) or (end < len(text) and in_token[text[end]]):
        return False
    step = 1
    while step < len(word) and text[place + step] == word[step]:
        step += 1
    return step >= len(word)


@compiled
def _mark_tokens(here: Bits, text: NDArray[np.uint16], packed: Numbers, in_token: NDArray[np.bool_]) -> None:
    """Mark the first and the last character of each token that stands in a text."""
    words, ends = part(packed, WORDS), part(packed, WORD_ENDS)
    begin = 0
    for unit in range(len(ends)):
        if ends[unit] > begin:
            word = words[begin : ends[unit]]
            bit = np.uint64(1) << np.uint64(unit)
            for place in range(len(text)):
                if text[place] == word[0] and _token_at(text, place, word, in_token):
                    here[place + _EDGE] |= bit
                    here[place + len(word) - 1 + _EDGE] |= bit
        begin = ends[unit]


@compiled
def _alike(
    kinds: Bits,
    live: Numbers,
    text: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    tables: Bits,
    known: tuple[NDArray[np.uint16], Bits],
) -> int:
    """Note for each place of a text what is alike at all, what is sure, what is exact; return how many places have any.

    The first row holds the marks of tokens already.
    """
    count = 0
    typed, units = known
    for place in range(len(text)):
        sound = heard[text[place]]
        marks = kinds[0, place + _EDGE]
        bits = tables[0, sound] | marks
        if bits == 0:
            continue
        exact = tables[1, sound] | marks
        at = np.int64(text[place]) & (_ROOM - 1)
        while typed[at] and typed[at] != text[place]:
            at = (at + 1) & (_ROOM - 1)
        exact |= units[at]
        kinds[0, place + _EDGE] = bits
        kinds[1, place + _EDGE] = exact | tables[2, sound]
        kinds[2, place + _EDGE] = exact
        live[count] = place
        count += 1
    return count


@compiled
def _beside(bits: Bits, at: int) -> Any:
    return (bits[at - 1] << np.uint64(1)) | (bits[at + 1] >> np.uint64(1))


@compiled
def _nearly(bits: Bits, at: int) -> Any:
    """Return the units whose neighbours stand nearly beside a place: one too many, one too few, one wrong, swapped."""
    one, two = np.uint64(1), np.uint64(2)
    before_2, before, after, after_2 = bits[at - 2], bits[at - 1], bits[at + 1], bits[at + 2]
    loose = (before_2 << one) | (after_2 >> one) | (before << two) | (after >> two)
    return loose | (before_2 << two) | (after_2 >> two) | (after << one) | (before >> one)


@compiled
def _levels(
    levels: Bits,
    kinds: Bits,
    live: Numbers,
    text: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    tables: Bits,
    alone: np.uint64,
) -> None:
    """Collect for one text the units that earn each percentage; what has been noted of its places is cleared away."""
    here, sure = kinds[0], kinds[1]
    full = some = weak = faint = none = lone = far = every = np.uint64(0)
    for place in live:
        at = place + _EDGE
        bits, exact = here[at], kinds[2, at]
        near, loose = _beside(here, at) | alone, _nearly(here, at)
        full |= exact & near
        some |= exact & loose
        every |= bits
        if bits == exact:  # as nearly always
            far |= exact
            continue
        sound = heard[text[place]]
        other, same = tables[2, sound] & ~exact, tables[3, sound] & ~exact
        accent = bits & ~(exact | other | same)
        near_sure, loose_sure = _beside(sure, at) | alone, _nearly(sure, at)
        some |= other & near
        weak |= (same & near_sure) | (other & loose)
        faint |= (accent & near_sure) | (same & loose_sure)
        none |= accent & loose_sure
        lone |= (same | accent) & near
        far |= exact | other | ((same | accent) & loose)
    levels[0], levels[1], levels[2], levels[3] = full, some, weak, faint
    levels[4], levels[5], levels[6], levels[7] = none, lone, far, every
    for place in live:
        kinds[0, place + _EDGE] = kinds[1, place + _EDGE] = kinds[2, place + _EDGE] = 0


@compiled
def _earned(levels: Bits, weights: Numbers, percent: Numbers) -> int:
    """Add up what the units of one text earn, each by its best case."""
    score = 0
    for unit in range(len(weights)):
        bit = np.uint64(1) << np.uint64(unit)
        if levels[_PERCENTS - 1] & bit:
            level = 0
            while levels[level] & bit == 0:
                level += 1
            score += percent[level] * weights[unit]
    return score


@compiled
def _starts(shelves: Shelves, places: Numbers) -> tuple[Numbers, int]:
    """Return where the texts begin and end, and how long the longest is.

    Each text is touched once, so that the processor fetches many of them at the same time and not one after the other.
    """
    starts = np.empty((2, len(places)), np.int64)
    for number in range(len(places)):
        starts[0, number] = shelves.text_starts[places[number]]
        starts[1, number] = shelves.text_starts[places[number] + 1]
    touched = np.uint16(0)
    longest = 0
    for number in range(len(places)):
        starts[1, number] -= 1  # without its END
        touched |= shelves.codes[starts[0, number]] | shelves.codes[starts[1, number]]
        longest = max(longest, starts[1, number] - starts[0, number])
    return starts, longest + (touched == 0)  # never: a text ends with END


@compiled
def scores(shelves: Shelves, places: Numbers, packed: Numbers) -> Numbers:
    """Return how well each text fits."""
    starts, longest = _starts(shelves, places)
    kinds, live = np.zeros((3, longest + 2 * _EDGE), np.uint64), np.empty(longest + 1, np.int64)
    tables = _tables(packed, shelves.class_of)
    known = _characters(part(packed, CODES))
    weights, percent = part(packed, WEIGHTS), part(packed, PERCENTS)
    alone = np.uint64(part(packed, ALONE)[0])
    levels = np.zeros(_PERCENTS, np.uint64)
    scores = np.empty(len(places), np.int64)
    tokens = len(part(packed, WORDS)) > 0
    for number in range(len(places)):
        text = shelves.codes[starts[0, number] : starts[1, number]]
        if tokens:
            _mark_tokens(kinds[0], text, packed, shelves.in_token)
        count = _alike(kinds, live, text, shelves.sound_of, tables, known)
        _levels(levels, kinds, live[:count], text, shelves.sound_of, tables, alone)
        scores[number] = _earned(levels, weights, percent)
    return scores
