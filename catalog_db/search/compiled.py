"""The two inner loops compiled by numba (the optional extra `fast`): the same results, a few times faster.

Importing this module imports numba, which takes half a second; the first call compiles or reads the compiled code from the
cache. So a process that answers one question does without, and one that stays asks for it (`SearchIndex.accelerate`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from catalog_db.search.builder import BLOCK
from catalog_db.search.candidates import Candidates, Collector, Grams, Spans, blocks_of
from catalog_db.search.plan import MATCH_PERCENT, Plan, least
from catalog_db.search.reranking import PERCENT, TOKEN_CODES, Bits, typed_bits
from catalog_db.search.selection import Selection
from catalog_db.search.sounds import sounds

_compiled: Callable[[Any], Any] = numba.njit(cache=True, nogil=True)
_HALF = 0x8000  # sums below it leave a bit free
_PERCENT = np.array(PERCENT, np.int64)


class CompiledCollector(Collector):
    """Collects candidates with compiled loops."""

    def collect(self, plan: Plan, selection: Selection, best: int = 0) -> Candidates:
        """Return every product of the selection that matches, in one go where no filter has to be asked in between."""
        touched = blocks_of(selection)
        if selection.tests or not touched or plan.possible >= _HALF:
            return super().collect(plan, selection, best)
        grams = Grams.of(plan)
        begins, ends = self.segment.spans([block for block, _ in touched], grams.terms)
        stretches = [(row, *pair) for row, (_, pairs) in enumerate(touched) for pair in pairs]
        bases = np.array([block * BLOCK for block, _ in touched], np.int64)
        places, points = _collect(
            self.segment.postings,
            begins,
            ends,
            grams.order,
            grams.stops,
            grams.weights,
            bases,
            np.array(stretches, np.int64),
            max(best, plan.evidence),
            MATCH_PERCENT,
        )
        top = int(points.max()) if len(points) else 0
        return Candidates(places, points, top).at_least(least(max(best, plan.evidence, top)))

    def add_up(self, sums: NDArray[np.uint16], grams: Grams, begins: Spans, ends: Spans) -> None:
        """Add the weight of each gram at the places that have it; the lists of its terms stand where the spans say."""
        _add_up(sums, self.segment.postings, begins, ends, grams.order, grams.stops, grams.weights)


def rerank(plan: Plan, codes: NDArray[np.uint16], begins: NDArray[np.intp]) -> NDArray[np.int64]:
    """Return the score of each text, as `reranking.rerank` does."""
    typed = typed_bits(plan.units)
    characters = np.array(list(typed.characters), np.uint16)
    bits = np.array(list(typed.characters.values()), np.uint64)
    weights = np.array(plan.weights, np.int64)
    marks = np.zeros(len(codes), np.uint64)
    for wanted, bit in typed.tokens:
        _mark_token(marks, codes, wanted, np.uint64(bit), TOKEN_CODES)
    tables = np.stack([typed.any_by_sound, typed.sure_by_sound, typed.other_by_sound, typed.same_by_sound])
    heard = sounds().of_code[codes]
    kinds = _alike(codes, heard, tables, characters, bits, marks)
    scores: NDArray[np.int64] = _scores(kinds, begins, heard, tables, typed.alone, weights, _PERCENT)
    return scores


def _plain_add_up(
    sums: NDArray[np.uint16],
    postings: NDArray[np.uint16],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    order: NDArray[np.int64],
    stops: NDArray[np.int64],
    weights: NDArray[np.uint16],
) -> None:
    counted = np.zeros(0, np.bool_)
    for gram in range(len(weights)):
        weight = weights[gram]
        if stops[gram + 1] - stops[gram] == 1:
            for posting in postings[begins[order[stops[gram]]] : ends[order[stops[gram]]]]:
                sums[posting] += weight
            continue
        counted = np.zeros(65536, np.bool_)  # any one of the terms counts, once
        for at in range(stops[gram], stops[gram + 1]):
            for posting in postings[begins[order[at]] : ends[order[at]]]:
                if not counted[posting]:
                    counted[posting] = True
                    sums[posting] += weight


def _plain_collect(
    postings: NDArray[np.uint16],
    begins: NDArray[np.int64],
    ends: NDArray[np.int64],
    order: NDArray[np.int64],
    stops: NDArray[np.int64],
    weights: NDArray[np.uint16],
    bases: NDArray[np.int64],
    stretches: NDArray[np.int64],
    best: int,
    percent: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places that reach the bound as it stood when their block went by, and their points."""
    sums = np.zeros(65536, np.uint16)
    found = np.empty((2, 4096), np.int64)
    count = 0
    at = 0
    for row in range(len(bases)):
        sums[:] = 0
        _add_up(sums, postings, begins[row], ends[row], order, stops, weights)
        while at < len(stretches) and stretches[at, 0] == row:
            first, last = stretches[at, 1] - bases[row], stretches[at, 2] - bases[row]
            if at == 0:  # a first idea of the best, so that not half of the first block is kept
                for place in range(first, last):
                    if sums[place] > best:
                        best = int(sums[place])
            bound = (best * percent + 99) // 100
            before = count
            found, count = _pick(sums, sums.view(np.uint64), first, last, bound, bases[row], found, count)
            for place in range(before, count):
                best = max(best, found[1, place])
            at += 1
    return found[0, :count].copy(), found[1, :count].copy()


def _plain_pick(
    sums: NDArray[np.uint16],
    fours: NDArray[np.uint64],
    first: int,
    last: int,
    bound: int,
    base: int,
    found: NDArray[np.int64],
    count: int,
) -> tuple[NDArray[np.int64], int]:
    """Append the places of a stretch that reach the bound, with their sums; make more room when it is full.

    Four sums stand in one number: with what the bound lacks to 2**15 added, those that reach it have their highest bit set.
    """
    lacking = np.uint64(0x8000 - bound) * np.uint64(0x0001000100010001)
    highest = np.uint64(0x8000800080008000)
    for part in range(first >> 4, ((last - 1) >> 4) + 1):
        some = np.uint64(0)
        for four in range(4):
            some |= fours[(part << 2) + four] + lacking
        if some & highest == 0:
            continue
        if count + 16 > found.shape[1]:
            more = np.empty((2, found.shape[1] * 2), np.int64)
            more[:, :count] = found[:, :count]
            found = more
        for place in range(max(first, part << 4), min(last, (part + 1) << 4)):
            if sums[place] >= bound:
                found[0, count] = base + place
                found[1, count] = sums[place]
                count += 1
    return found, count


def _plain_mark_token(
    marks: Bits, codes: NDArray[np.uint16], wanted: NDArray[np.uint16], bit: np.uint64, inside: NDArray[np.bool_]
) -> None:
    length = len(wanted)
    for place in range(len(codes) - length):
        if codes[place] != wanted[0]:
            continue
        step = 1
        while step < length and codes[place + step] == wanted[step]:
            step += 1
        if step < length or inside[codes[place + length]] or (place > 0 and inside[codes[place - 1]]):
            continue
        marks[place] |= bit
        marks[place + length - 1] |= bit


def _plain_alike(
    codes: NDArray[np.uint16],
    heard: NDArray[np.uint16],
    tables: Bits,
    characters: NDArray[np.uint16],
    character_bits: Bits,
    marks: Bits,
) -> Bits:
    """Return for each place what is alike at all, what is sure and what is exact; two empty places at each end."""
    kinds = np.zeros((3, len(codes) + 4), np.uint64)
    for place in range(len(codes)):
        sound = heard[place]
        bits = tables[0, sound] | marks[place]
        if bits == 0:
            continue
        exact = tables[1, sound] | marks[place]
        for character in range(len(characters)):
            if characters[character] == codes[place]:
                exact |= character_bits[character]
        kinds[0, place + 2] = bits
        kinds[1, place + 2] = exact | tables[2, sound]
        kinds[2, place + 2] = exact
    return kinds


def _plain_levels(
    levels: Bits, kinds: Bits, heard: NDArray[np.uint16], tables: Bits, alone: np.uint64, begin: int, end: int
) -> None:
    """Collect for one text the units that earn each percentage."""
    one, two = np.uint64(1), np.uint64(2)
    here, sure = kinds[0], kinds[1]
    for place in range(begin, end):
        at = place + 2
        bits = here[at]
        if bits == 0:
            continue
        exact = kinds[2, at]
        other = tables[2, heard[place]] & ~exact
        same = tables[3, heard[place]] & ~exact
        accent = bits & ~(exact | other | same)
        near = (here[at - 1] << one) | (here[at + 1] >> one) | alone
        loose = (here[at - 2] << one) | (here[at + 2] >> one) | (here[at - 1] << two) | (here[at + 1] >> two)
        loose |= (here[at - 2] << two) | (here[at + 2] >> two) | (here[at + 1] << one) | (here[at - 1] >> one)
        near_sure = (sure[at - 1] << one) | (sure[at + 1] >> one) | alone
        loose_sure = (sure[at - 2] << one) | (sure[at + 2] >> one) | (sure[at - 1] << two) | (sure[at + 1] >> two)
        loose_sure |= (sure[at - 2] << two) | (sure[at + 2] >> two) | (sure[at + 1] << one) | (sure[at - 1] >> one)
        levels[0] |= exact & near
        levels[1] |= (other & near) | (exact & loose)
        levels[2] |= (same & near_sure) | (other & loose)
        levels[3] |= (accent & near_sure) | (same & loose_sure)
        levels[4] |= accent & loose_sure
        levels[5] |= (same | accent) & near
        levels[6] |= exact | other | ((same | accent) & loose)
        levels[7] |= bits


def _plain_earned(levels: Bits, weights: NDArray[np.int64], percent: NDArray[np.int64]) -> int:
    """Add up what the units of one text earn, each by its best case."""
    score = 0
    seen = np.uint64(0)
    for level in range(len(percent)):
        fresh = levels[level] & ~seen
        seen |= levels[level]
        for unit in range(len(weights)):
            if (fresh >> np.uint64(unit)) & np.uint64(1):
                score += percent[level] * weights[unit]
    return score


def _plain_scores(
    kinds: Bits,
    begins: NDArray[np.intp],
    heard: NDArray[np.uint16],
    tables: Bits,
    alone: np.uint64,
    weights: NDArray[np.int64],
    percent: NDArray[np.int64],
) -> NDArray[np.int64]:
    scores = np.zeros(len(begins), np.int64)
    levels = np.zeros(len(percent), np.uint64)
    for text in range(len(begins)):
        end = begins[text + 1] if text + 1 < len(begins) else len(heard)
        levels[:] = 0
        _levels(levels, kinds, heard, tables, alone, begins[text], end)
        scores[text] = _earned(levels, weights, percent)
    return scores


_add_up = _compiled(_plain_add_up)
_pick = _compiled(_plain_pick)
_collect = _compiled(_plain_collect)
_mark_token = _compiled(_plain_mark_token)
_alike = _compiled(_plain_alike)
_levels = _compiled(_plain_levels)
_earned = _compiled(_plain_earned)
_scores = _compiled(_plain_scores)
