"""Rank candidates by how well their text fits what was typed, character by character.

Each unit of the typed text (a character, a typed syllable, a token) counts with its weight times the best percentage that
any place of the text earns for it. How alike: the same character, another reading of a syllable cut short, the same sound,
the same sound in an accent. How supported: beside it stands what stands beside it in the typed text (*near*), or nearly so,
with one place missing, too many, wrong or swapped (*loose*), or neither. What is *held* stands near and has its neighbours
on both sides, at most one place between: so a phrase counts for more than its words in another order. A character that is
only the same sound convinces when its neighbour is sure, hardly when that is a sound only, too, and in both cases only
when the neighbour belongs to the same word as it was typed: 鼎美 盆纸 means no 美喷. For a character that stands beside none
of its neighbours in any text another one may stand, as for the same sound, that is between the two: 掀 in LED掀灯 is no
other light than LED筒灯. `PERCENT` says how much each case earns.

Every unit is one bit of a number as narrow as the units allow, and the texts stand side by side, a column each: so a
neighbour is the row above or below, and all units of all texts are compared at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.plan import Asked
from catalog_db.search.sounds import SOUNDS, sounds
from catalog_db.search.terms import codes_of
from catalog_db.search.typed import Columns, Unit

PERCENT = (100, 94, 82, 60, 48, 36, 24, 20, 4)
_STEPS = np.subtract(PERCENT, (*PERCENT[1:], 0)).astype(np.float32)  # by which each case is worth more than the next
FIGURE, LETTER = 1, 2
TOKEN_KINDS = np.zeros(65536, np.uint8)  # what a token is made of; an x may be a letter or stand between two figures
TOKEN_KINDS[[*range(ord("0"), ord("9") + 1), ord("."), ord("x")]] |= FIGURE
TOKEN_KINDS[[*range(ord("a"), ord("z") + 1)]] |= LETTER
_KIND_OF = TOKEN_KINDS.data  # faster for one at a time
_STRONG = 3  # characters from which on a token convinces alone; `10` beside 平方 does not
_CODES = 65536
_ALIKE, _SURE, _OTHER, _SAME = range(4)
_WIDTHS = ((8, np.uint8), (16, np.uint16), (32, np.uint32), (64, np.uint64))
_EDGE = 2  # rows above and below the texts: so far away a neighbour may be
_LONG, _SHORT = 2, 16  # texts of more than so many mean lengths and characters do not stand beside the others
_LONGEST_KEPT = 256  # characters: the table of what is let through grows with their square
_ROOM = 160_000  # bytes for a bit of each unit at each place of texts that are compared at once

Codes = NDArray[np.uint16]
Bits = NDArray[Any]  # unsigned numbers with a bit for each unit


class Typed(NamedTuple):
    """A plan as tables of bits, by sound or by character; None where no unit is of such a kind."""

    alike: Bits  # by sound
    sure: Bits | None  # by sound, of syllables that were typed
    other: Bits | None  # by sound
    same: Bits | None  # by sound, of characters
    characters: Bits | None
    tokens: list[tuple[Codes, Any]]
    alone: Any  # units that need no neighbour
    last: Any  # the last unit
    own: Any  # units that were typed in one word with the unit before; None when all were
    amid: Any  # units for which another character may stand; None when there are none


def rerank(asked: Asked, codes: Codes, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the score of each text; a text stands in `codes` from its start to its end, where an END is.

    The most that a text can have is a hundred times the sum of the weights.
    """
    typed = typed_bits(asked.units, asked.doubtful)
    scores = np.empty(len(starts), np.int64)
    for some in _together(ends - starts, typed.alike.itemsize):
        best = _best(typed, _side_by_side(codes, starts[some], ends[some]))
        scores[some] = _scores(best, asked.weights)
    return scores


def typed_bits(units: Sequence[Unit], doubtful: int) -> Typed:
    """Return the units as tables of bits."""
    kind = next(kind for width, kind in _WIDTHS if len(units) <= width)
    table = sounds()
    of_class = table.kinds
    by_sound = np.zeros((4, SOUNDS), kind)
    by_character = np.zeros(_CODES, kind)
    flat, characters = by_sound.reshape(-1).data, by_character.data  # faster for one at a time
    tokens: list[tuple[Codes, Any]] = []
    typed = heard = cut = False
    bit, own = 1, 0
    for unit in units:
        own |= bit * unit.joined
        if unit.token:
            tokens.append((codes_of(unit.word), kind(bit)))
        else:
            first = unit.sounds[0]
            flat[of_class[first]] |= bit
            if code := unit.code:
                typed = True
                flat[_SAME * SOUNDS + first] |= bit
                characters[code] |= bit
            else:
                heard = True
                flat[_SURE * SOUNDS + first] |= bit
            for sound in unit.sounds[1:]:
                cut = True
                flat[_OTHER * SOUNDS + sound] |= bit
        bit <<= 1
    alike, sure, other, same = by_sound
    alike = alike.take(table.class_of)
    alike |= other
    needs_none = alone(*Columns.of(units)[2:5]) if tokens or len(units) == 1 else 0
    tables = (alike, sure if heard else None, other if cut else None, same if typed else None)
    apart = kind(own) if own | 1 != bit - 1 else None
    amid = kind(between) if (between := doubtful & own & own >> 1) else None
    return Typed(*tables, by_character if typed else None, tokens, kind(needs_none), kind(bit >> 1), apart, amid)


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


def _together(lengths: NDArray[np.intp], width: int) -> Iterator[Any]:
    """Yield which texts are compared at once: of lengths not too different, and no more than stay in a cache."""
    count, total = len(lengths), int(lengths.sum())
    longest = int(lengths.max(initial=0))
    if longest * count > _LONG * total + _SHORT * count:
        order = np.argsort(lengths)
        short = int(np.searchsorted(lengths[order], _LONG * total // count + _SHORT, "right"))
        for some in (order[:short], order[short:]):
            yield from (some[part] for part in _together(lengths[some], width))
        return
    portion = max(_ROOM // (width * (longest + 2 * _EDGE)), 1)
    for first in range(0, count, portion):
        yield slice(first, first + portion)


def _side_by_side(codes: Codes, starts: NDArray[np.intp], ends: NDArray[np.intp]) -> Codes:
    """Return the texts as columns, nothing (0) above and below."""
    lengths = ends - starts
    longest = int(lengths.max())
    sheet = np.zeros((longest + 2 * _EDGE, len(starts)), np.uint16)
    if not longest:
        return sheet
    if int(starts.max()) + longest > len(codes):
        rows = codes.take(starts[:, None] + np.arange(longest), mode="clip")
    else:  # every text as one piece of so many bytes: copied at once
        pieces = np.ndarray(len(codes) - longest + 1, f"V{2 * longest}", codes, strides=(2,))
        rows = pieces[starts].view(np.uint16).reshape(-1, longest)
    if longest <= _LONGEST_KEPT:
        rows &= _only(longest).take(lengths).view(np.uint16).reshape(-1, longest)
    else:
        rows[np.arange(longest) >= lengths[:, None]] = 0
    sheet[_EDGE:-_EDGE] = rows.T
    return sheet


@lru_cache(maxsize=256)
def _only(longest: int) -> NDArray[Any]:
    """Return for each length up to the longest what lets so many code units through and no more, as one piece of bytes."""
    all_ones = np.tri(longest + 1, longest, -1, np.uint16) * np.uint16(0xFFFF)
    return all_ones.view(f"V{2 * longest}").reshape(-1)


def _best(typed: Typed, sheet: Codes) -> Bits:
    """Return for each percentage, and each text, the units that earn so much or more at some place."""
    heard, both, exact, other, same = _likeness(typed, sheet)
    near, near_own, near_sure, (loose, loose_sure), held, between = _support(both, typed)
    here, sure = both[:, _EDGE:-_EDGE]
    cases = np.empty((len(PERCENT), *here.shape), here.dtype)
    np.bitwise_and(exact, near, out=cases[1])  # what earns a higher percentage may be counted for the lower ones, too
    np.bitwise_and(cases[1], held, out=cases[0])
    np.bitwise_and(exact, loose, out=cases[2])
    np.bitwise_and(near_sure, here, out=cases[4])
    if same is None:
        cases[3] = 0
    else:
        np.bitwise_and(near_sure, same, out=cases[3])
        same &= loose_sure
        cases[4] |= same
    if other is not None:
        cases[2] |= other & near
        cases[3] |= other & loose
    if between is not None:
        between[heard == 0] = 0
        cases[3] |= between
    np.bitwise_and(loose_sure, here, out=cases[5])
    np.bitwise_and(near_own, here, out=cases[6])
    cases[7] = sure
    cases[8] = here
    best: Bits = np.bitwise_or.reduce(cases, axis=1)
    np.bitwise_or.accumulate(best, out=best)
    return best


def _likeness(typed: Typed, sheet: Codes) -> tuple[NDArray[np.intp], Bits, Bits, Bits | None, Bits | None]:
    """Return for each place the units that are alike at all and those that are sure; of the texts alone also the sounds, and
    what is exact, other, same.
    """
    at = sheet.astype(np.intp)
    heard = _heard().take(at, mode="clip")
    both = np.empty((2, *sheet.shape), typed.alike.dtype)
    typed.alike.take(heard, out=both[0], mode="clip")
    exact = both[1]
    if typed.characters is None:
        exact[:] = 0
    else:
        typed.characters.take(at, out=exact, mode="clip")
    if typed.sure is not None:
        exact |= typed.sure.take(heard, mode="clip")
    for token, bit in typed.tokens:
        marks = np.zeros(sheet.size, both.dtype)
        marks[_ends_of(token, sheet)] = bit
        both |= marks.reshape(sheet.shape)
    other = same = None
    heard = heard[_EDGE:-_EDGE]
    if typed.same is not None:
        same = typed.same.take(heard, mode="clip")
    exact = exact[_EDGE:-_EDGE]
    if typed.other is not None:
        other = typed.other.take(heard, mode="clip")
        exact = exact.copy()
        both[1, _EDGE:-_EDGE] |= other
    return heard, both, exact, other, same


@lru_cache(maxsize=1)
def _heard() -> NDArray[np.intp]:
    """Return the sound of each character as an index."""
    return sounds().of_code.astype(np.intp)


def _ends_of(token: Codes, sheet: Codes) -> NDArray[np.intp]:
    """Return where the first and the last character of a token stand, the rows of the texts behind one another."""
    below, codes = sheet.shape[1], sheet.reshape(-1)
    last = (len(token) - 1) * below
    there = codes[: len(codes) - last] == token[0]
    if last:
        there &= codes[last:] == token[-1]
    at = there.nonzero()[0]
    if len(token) > 2 and len(at):
        rest = codes.take(np.add.outer(np.arange(below, last, below), at))
        at = at[(rest == token[1:-1, None]).all(axis=0)]
    first_kind, last_kind = (_KIND_OF[code] for code in (token.item(0), token.item(-1)))
    before, after, then = TOKEN_KINDS.take(codes.take(np.add.outer((-below, last + below, last + 2 * below), at)))
    part = after & last_kind
    if first_kind == FIGURE and last_kind == LETTER and part.any():  # letters behind an amount: 16lzq
        part[(after == LETTER) & (then & LETTER > 0)] = 0
    part |= before & first_kind
    at = at[part == 0]
    return np.concatenate([at, at + last])


def _support(both: Bits, typed: Typed) -> tuple[Bits, Bits, Bits, Bits, Bits, Bits | None]:
    """Return the units whose neighbours stand right beside a place: any that are alike, those of the same word, of these the
    sure ones; those whose neighbours stand nearly so (any, and the sure ones of the same word); what is held; and the doubtful
    ones between their neighbours.
    """
    kind, own = both.dtype.type, typed.own
    up = both + both  # the unit behind each one
    down = both >> kind(1)  # the unit before
    above, above_2, below, below_2 = (slice(1, -3), slice(0, -4), slice(3, -1), slice(4, None))
    if own is None:
        near = up[:, above] | down[:, below]
        near_own, near_sure = near
    else:
        near = up[:1, above] | down[:1, below]
        near_own = (up[0, above] & own) | (down[0, below] & own >> kind(1))
        up[1] &= own
        down[1] &= own >> kind(1)
        near_sure = up[1, above] | down[1, below]
    between = None if typed.amid is None else up[1, above] & down[1, below] & typed.amid
    loose = down[:, above] | up[:, below]  # swapped; what stands near may count as loose, too
    up_2, down_2 = up + up, down >> kind(1)
    if own is not None:
        up_2[1] &= own
        down_2[1] &= own >> kind(1)
    up |= up_2  # the unit behind or the one behind that
    down |= down_2
    left = up[:, above] | up[:, above_2]  # beside it, or one place or unit between them
    right = down[:, below] | down[:, below_2]
    loose |= left
    loose |= right
    held = left[0]
    held |= kind(1)  # the first has nothing before it
    held &= right[0] | typed.last
    if typed.alone:
        for some in (near[0], near_own, near_sure, held):
            np.bitwise_or(some, typed.alone, out=some)
    return near[0], near_own, near_sure, loose, held, between


def _scores(best: Bits, weights: Sequence[int]) -> NDArray[np.int64]:
    """Add up for each text what its units earn, each by the best case that any place gives."""
    units = np.unpackbits(best.view(np.uint8), bitorder="little").reshape(len(PERCENT), -1)
    percent = _STEPS @ units.astype(np.float32)  # sums stay far below 2**24: exact
    wide = best.itemsize * 8
    worth = np.zeros(wide, np.float32)
    worth[: len(weights)] = weights
    return (percent.reshape(-1, wide) @ worth).astype(np.int64)
