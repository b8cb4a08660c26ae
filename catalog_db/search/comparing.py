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
    JOINED,
    WORD_ENDS,
    WORDS,
    Bits,
    Numbers,
    Shelves,
    compiled,
    part,
)
from catalog_db.search.reranking import FIGURE, LETTER, PERCENT
from catalog_db.search.sounds import SOUNDS

_LEVELS = len(PERCENT)
_EDGE = 2  # empty places at both ends of a text
_ALIKE, _SURE, _OTHER, _SAME = range(4)
_EVERY = np.uint64(2**64 - 1)  # unit


@compiled
def _sound_rows(typed: Numbers, class_of: NDArray[np.uint16]) -> Bits:
    """Return the units by sound: alike at all, sure, another reading, the same sound."""
    rows = np.zeros((SOUNDS, 4), np.uint64)
    codes, heard, ends = part(typed, CODES), part(typed, HEARD), part(typed, HEARD_ENDS)
    alike = np.zeros(SOUNDS, np.uint64)  # by class
    begin = 0
    for unit in range(len(codes)):
        bit = np.uint64(1) << np.uint64(unit)
        if ends[unit] > begin:
            first = heard[begin]
            alike[class_of[first]] |= bit
            rows[first, _SAME if codes[unit] else _SURE] |= bit
            for at in range(begin + 1, ends[unit]):
                rows[heard[at], _OTHER] |= bit
        begin = ends[unit]
    for sound in range(1, SOUNDS):
        rows[sound, _ALIKE] = alike[class_of[sound]] | rows[sound, _OTHER]
    return rows


@compiled
def _characters(codes: Numbers, sound_of: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], bool]:
    """Return for each sound the one character of it that was typed, and whether there are others that sound the same."""
    typed, twins = np.zeros(SOUNDS, np.uint16), False
    for code in codes:
        if code:
            known = typed[sound_of[code]]
            twins |= known not in (0, code)
            typed[sound_of[code]] = code
    return typed, twins


@compiled
def _exactly(codes: Numbers, code: int) -> Any:
    """Return the units that are a character."""
    bits = np.uint64(0)
    for unit in range(len(codes)):
        if codes[unit] == code:
            bits |= np.uint64(1) << np.uint64(unit)
    return bits


@compiled
def _worth(weights: Numbers) -> Numbers:
    """Return for each eight units what every choice of them is worth together."""
    worth = np.zeros(((len(weights) + 7) // 8, 256), np.int64)
    for unit in range(len(weights)):
        row, step = worth[unit >> 3], 1 << (unit & 7)
        for choice in range(step):
            row[choice + step] = row[choice] + weights[unit]
    return worth


@compiled
def _bits(flags: Numbers) -> Any:
    """Return the units that are flagged, one bit each."""
    bits = np.uint64(0)
    for unit in range(len(flags)):
        if flags[unit]:
            bits |= np.uint64(1) << np.uint64(unit)
    return bits


@compiled
def _token_at(text: NDArray[np.uint16], place: int, word: Numbers, kinds_of: NDArray[np.uint8]) -> bool:
    """Tell whether a token stands at a place and is no part of a longer one: see `reranking`."""
    end = place + len(word)
    if end > len(text) or (place > 0 and kinds_of[text[place - 1]] & kinds_of[word[0]]):
        return False
    if end < len(text) and kinds_of[text[end]] & kinds_of[word[-1]]:
        amount = kinds_of[word[0]] == FIGURE and kinds_of[word[-1]] == LETTER and kinds_of[text[end]] == LETTER
        if not (amount and end + 1 < len(text) and kinds_of[text[end + 1]] & LETTER):
            return False
    step = 1
    while step < len(word) and text[place + step] == word[step]:
        step += 1
    return step >= len(word)


@compiled
def _mark_tokens(
    kinds: Bits, live: Numbers, count: int, text: NDArray[np.uint16], typed: Numbers, kinds_of: NDArray[np.uint8]
) -> int:
    """Mark the first and the last character of each token that stands in a text; return how many live places there are."""
    words, ends = part(typed, WORDS), part(typed, WORD_ENDS)
    begin = 0
    for unit in range(len(ends)):
        if ends[unit] > begin:
            word = words[begin : ends[unit]]
            bit = np.uint64(1) << np.uint64(unit)
            for place in range(len(text)):
                if text[place] == word[0] and _token_at(text, place, word, kinds_of):
                    for at in (place + _EDGE, place + len(word) - 1 + _EDGE):
                        if kinds[0, at] == 0:
                            live[count] = at
                            count += 1
                        for kind in range(3):
                            kinds[kind, at] |= bit
        begin = ends[unit]
    return count


@compiled
def _alike(
    kinds: Bits,
    live: Numbers,
    text: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    rows: Bits,
    one_of: NDArray[np.uint16],
) -> int:
    """Note for each place of a text what is alike at all, what is sure, what is exact; return how many places have any.

    Without a jump: a wrong guess of the processor costs more than what could be left out.
    """
    count = 0
    for place in range(len(text)):
        code = text[place]
        sound = heard[code]
        row = rows[sound]
        same = row[_SAME] if one_of[sound] == code else np.uint64(0)
        exact = row[_SURE] | same
        at = place + _EDGE
        kinds[0, at] = row[_ALIKE]
        kinds[1, at] = exact | row[_OTHER]
        kinds[2, at] = exact
        live[count] = at
        count += row[_ALIKE] != 0
    for at in range(len(text) + _EDGE, len(text) + 2 * _EDGE):
        kinds[0, at] = kinds[1, at] = 0
    return count


@compiled
def _tell_apart(
    kinds: Bits, live: Numbers, text: NDArray[np.uint16], heard: NDArray[np.uint16], rows: Bits, codes: Numbers
) -> None:
    """Note what is exact where several of the characters that were typed sound the same."""
    for at in live:
        row = rows[heard[text[at - _EDGE]]]
        if row[_SAME]:
            exact = row[_SURE] | _exactly(codes, text[at - _EDGE])
            kinds[1, at], kinds[2, at] = exact | row[_OTHER], exact


@compiled
def _beside(bits: Bits, at: int, own: np.uint64) -> Any:
    """Return the units whose neighbours stand beside a place; `own` are those that go on with the unit before."""
    return ((bits[at - 1] << np.uint64(1)) & own) | ((bits[at + 1] & own) >> np.uint64(1))


@compiled
def _nearly(bits: Bits, at: int, own: np.uint64) -> Any:
    """Return the units whose neighbours stand nearly beside a place: one too many, one too few, one wrong, swapped."""
    one, two = np.uint64(1), np.uint64(2)
    before_2, before, after, after_2 = bits[at - 2], bits[at - 1], bits[at + 1], bits[at + 2]
    both = own & (own << one)  # that go on with the unit before, as that does
    loose = ((before_2 << one) & own) | ((after_2 & own) >> one) | ((before << two) & both) | ((after & both) >> two)
    loose |= ((before_2 << two) & both) | ((after_2 & both) >> two)
    return loose | ((after << one) & own) | ((before & own) >> one)


@compiled
def _held(bits: Bits, at: int, last: np.uint64) -> Any:
    """Return the units whose neighbours on both sides stand beside a place, at most one place or unit between them."""
    one = np.uint64(1)
    left, right = (bits[at - 1] | bits[at - 2]) << one, (bits[at + 1] | bits[at + 2]) >> one
    return (left | (left << one) | one) & (right | (right >> one) | last)


@compiled
def _levels(
    levels: Bits,
    kinds: Bits,
    live: Numbers,
    text: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    rows: Bits,
    edges: tuple[np.uint64, np.uint64, np.uint64, np.uint64],
) -> None:
    """Collect for one text the units that earn each percentage.

    `edges` are those that need no neighbour, the last, those that were typed in one word with the unit before, and those for
    which another character may stand.
    """
    here, sure = kinds[0], kinds[1]
    alone, last, own, amid = edges
    held = full = some = weak = faint = none = lone = far = every = np.uint64(0)
    for at in live:
        bits, exact = here[at], kinds[2, at]
        near, loose = _beside(here, at, _EVERY) | alone, _nearly(here, at, _EVERY)
        held |= exact & near & (_held(here, at, last) | alone)
        if amid and heard[text[min(at - _EDGE + 1, len(text) - 1)]]:
            weak |= (sure[at] << np.uint64(1)) & (sure[at + 2] >> np.uint64(1)) & amid
        full |= exact & near
        some |= exact & loose
        every |= bits
        if bits == exact:  # as nearly always
            far |= exact
            continue
        row = rows[heard[text[at - _EDGE]]]
        other, same = row[_OTHER] & ~exact, row[_SAME] & ~exact
        accent = bits & ~(exact | other | same)
        near_sure, loose_sure = _beside(sure, at, own) | alone, _nearly(sure, at, own)
        some |= other & near
        weak |= (same & near_sure) | (other & loose)
        faint |= (accent & near_sure) | (same & loose_sure)
        none |= accent & loose_sure
        lone |= (same | accent) & _beside(here, at, own)
        far |= exact | other
    levels[0], levels[1], levels[2], levels[3], levels[4] = held, full, some, weak, faint
    levels[5], levels[6], levels[7], levels[8] = none, lone, far, every


@compiled
def _earned(levels: Bits, worth: Numbers) -> int:
    """Add up what the units of one text earn, each by its best case."""
    score, seen = 0, np.uint64(0)
    for level in range(_LEVELS):
        own = levels[level] & ~seen
        seen |= own
        points = 0
        for row in range(len(worth)):
            points += worth[row, own & np.uint64(255)]
            own >>= np.uint64(8)
        score += PERCENT[level] * points
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
def scores(shelves: Shelves, places: Numbers, typed: Numbers, weights: Numbers, doubtful: int) -> Numbers:
    """Return how well each text fits."""
    starts, longest = _starts(shelves, places)
    kinds, live = np.zeros((3, longest + 2 * _EDGE), np.uint64), np.empty(longest + 1, np.int64)
    codes = part(typed, CODES)
    rows = _sound_rows(typed, shelves.class_of)
    one_of, twins = _characters(codes, shelves.sound_of)
    worth = _worth(weights)
    last = np.uint64(1) << np.uint64(max(len(weights) - 1, 0))
    own = _bits(part(typed, JOINED))
    edges = np.uint64(part(typed, ALONE)[0]), last, own, np.uint64(doubtful) & own & (own >> np.uint64(1))
    levels = np.zeros(_LEVELS, np.uint64)
    scores = np.empty(len(places), np.int64)
    tokens = len(part(typed, WORDS)) > 0
    for number in range(len(places)):
        text = shelves.codes[starts[0, number] : starts[1, number]]
        count = _alike(kinds, live, text, shelves.sound_of, rows, one_of)
        if twins:
            _tell_apart(kinds, live[:count], text, shelves.sound_of, rows, codes)
        if tokens:
            count = _mark_tokens(kinds, live, count, text, typed, shelves.token_kinds)
        _levels(levels, kinds, live[:count], text, shelves.sound_of, rows, edges)
        scores[number] = _earned(levels, worth)
    return scores
