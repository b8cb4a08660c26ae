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

from catalog_db.search.candidates import Collector, Grams, Spans
from catalog_db.search.plan import Plan
from catalog_db.search.reranking import PERCENT, TOKEN_CODES, Bits, typed_bits
from catalog_db.search.sounds import sounds

_compiled: Callable[[Any], Any] = numba.njit(cache=True, nogil=True)
_PERCENT = np.array(PERCENT, np.int64)


class CompiledCollector(Collector):
    """Collects candidates with compiled loops."""

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
_mark_token = _compiled(_plain_mark_token)
_alike = _compiled(_plain_alike)
_levels = _compiled(_plain_levels)
_earned = _compiled(_plain_earned)
_scores = _compiled(_plain_scores)
