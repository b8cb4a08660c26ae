"""The compiled loops that weigh what was typed and name the terms to look for: see `plan`, which says what all of it means."""

from __future__ import annotations

from math import log2

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packing import (
    CODES,
    FILLERS,
    GRAM_WEIGHTS,
    HEARD,
    HEARD_ENDS,
    JOINED,
    OFTEN,
    TOKEN_TERMS,
    Numbers,
    Often,
    compiled,
    part,
)
from catalog_db.search.plan import ALONE_PART, BIT, COMMON, EVIDENCE_PERCENT, FEW, FILLER, LEAST_WORTH, RAREST, TOKEN
from catalog_db.search.sounds import SOUNDS

_PARTS = 6  # of a weighed plan: see `packing`
_FIELDS = 4  # of a gram while it is made: where its terms begin and end, its weight, its frequency
_ROWS = 7  # of units while they are counted: see `_count`
_ACCENTS = 16  # more than any class of sounds has, of two units

Classes = NDArray[np.uint16]


@compiled
def _most_terms(typed: Numbers) -> int:
    """Return how many terms the units can have, alone and in pairs."""
    ends = part(typed, HEARD_ENDS)
    most, before, begin = len(ends) * (1 + _ACCENTS), 0, 0
    for end in ends:
        most += (end - begin) * (before + 1)
        before, begin = end - begin, end
    return most


@compiled
def _count(typed: Numbers, often: Often, classes: Classes, terms: Numbers, units: Numbers) -> int:
    """Note for each unit its frequency, in how many texts it stands beside the one before, and where its terms stand.

    The rows of `units`: frequency, together, where the terms begin and end, where those of the pairs begin and end, in how
    many texts any of these stands. Returns how many terms there are.
    """
    codes, heard, ends = part(typed, CODES), part(typed, HEARD), part(typed, HEARD_ENDS)
    tokens, joined, frequencies = part(typed, TOKEN_TERMS), part(typed, JOINED), part(typed, OFTEN)
    begin, before, count = 0, 0, 0  # where the sounds begin: of this unit, of the one before
    for unit in range(len(ends)):
        end = ends[unit]
        units[2, unit] = count
        units[0, unit] = frequencies[unit]
        if tokens[unit]:
            terms[count] = tokens[unit]
            count += 1
        for at in range(begin, end):
            units[0, unit] += often[heard[at]]
            terms[count] = heard[at]
            count += 1
        if codes[unit] and not units[0, unit]:
            count, units[0, unit] = _accented(often, classes, heard[begin], (0, 1), terms, count)
        units[3, unit] = units[4, unit] = count
        if joined[unit]:
            for first in range(before, begin):
                for at in range(begin, end):
                    term = SOUNDS + heard[first] * SOUNDS + heard[at]
                    if often[term]:
                        units[1, unit] += often[term]
                        terms[count] = term
                        count += 1
        units[5, unit], units[6, unit] = count, units[1, unit]
        before, begin = begin, end
    return count


@compiled
def _accented(
    often: Often, classes: Classes, sound: int, line: tuple[int, int], terms: Numbers, count: int
) -> tuple[int, int]:
    """Add the terms that a sound may be in an accent, those that some text has; return how many terms there are, and in how many texts these.

    `line`: the term of sound 0, and how far the terms of two sounds that follow each other stand apart.
    """
    begin, step = line
    documents = 0
    for other in range(1, SOUNDS):
        term = begin + other * step
        if classes[other] == classes[sound] and often[term]:
            documents += often[term]
            terms[count] = term
            count += 1
    return count, documents


@compiled
def _doubtful(typed: Numbers, units: Numbers, unit: int) -> bool:
    """Tell whether a typed character stands beside none of its neighbours in any text: see `plan.doubtful`."""
    joined = part(typed, JOINED)
    if not part(typed, CODES)[unit] or part(typed, FILLERS)[unit] or units[1, unit] or units[1, unit + 1]:
        return False
    return bool(joined[unit] or (unit + 1 < len(joined) and joined[unit + 1]))


@compiled
def _hear_accents(typed: Numbers, often: Often, classes: Classes, terms: Numbers, units: Numbers, count: int) -> int:
    """Add to doubtful characters and their neighbours the pairs that they make in an accent; return who is doubtful."""
    codes, heard, ends, joined = part(typed, CODES), part(typed, HEARD), part(typed, HEARD_ENDS), part(typed, JOINED)
    doubtful, before = 0, False
    for unit in range(len(codes)):
        own = _doubtful(typed, units, unit)
        doubtful |= int(own) << unit
        if (own or before) and unit and joined[unit] and codes[unit] and codes[unit - 1] and not units[1, unit]:
            first, second = heard[ends[unit - 1] - 1], heard[ends[unit] - 1]
            units[4, unit] = count
            if before:
                count, told = _accented(often, classes, first, (SOUNDS + second, SOUNDS), terms, count)
                units[6, unit] += told
            if own:
                count, told = _accented(often, classes, second, (SOUNDS + first * SOUNDS, 1), terms, count)
                units[6, unit] += told
            units[5, unit] = count
        before = own
    return doubtful


@compiled
def _worth(typed: Numbers, units: Numbers, documents: int, weights: Numbers) -> None:
    """Fill in what each unit is worth."""
    tokens, fillers = part(typed, TOKEN_TERMS), part(typed, FILLERS)
    for unit in range(len(weights)):
        own = units[0, unit]
        if own == 0:
            weights[unit] = 0
            continue
        rare = log2(documents / min(own, documents)) + 0.2
        if tokens[unit]:
            weights[unit] = round(BIT * (rare * TOKEN))
            continue
        after = before = rare
        with_last, with_next = units[1, unit], units[1, unit + 1]
        if with_last:
            after = min(rare, log2(max(units[0, unit - 1], with_last) / with_last))
        if with_next:
            before = min(rare, log2(max(units[0, unit + 1], with_next) / with_next))
        worth = max(LEAST_WORTH, (after + before) / 2)
        weights[unit] = round(BIT * (worth * FILLER if fillers[unit] else worth))


@compiled
def _grams(typed: Numbers, units: Numbers, weights: Numbers, grams: Numbers) -> int:
    """List the grams that have a weight; return how many there are."""
    tokens, count = part(typed, TOKEN_TERMS), 0
    for unit in range(len(weights)):
        weight = weights[unit]
        own = weight if tokens[unit] else weight // ALONE_PART
        if own and units[0, unit]:
            grams[count, 0], grams[count, 1] = units[2, unit], units[3, unit]
            grams[count, 2], grams[count, 3] = own, units[0, unit]
            count += 1
        if units[6, unit]:
            both = (weights[unit - 1] + weight) // 2
            if both:
                grams[count, 0], grams[count, 1] = units[4, unit], units[5, unit]
                grams[count, 2], grams[count, 3] = both, units[6, unit]
                count += 1
    return count


@compiled
def _before(terms: Numbers, one: Numbers, other: Numbers) -> bool:
    """Tell whether a gram is rarer than another one, or as rare with lower terms."""
    if one[3] != other[3]:
        return bool(one[3] < other[3])
    length, wide = one[1] - one[0], other[1] - other[0]
    for at in range(min(length, wide)):
        mine, theirs = terms[one[0] + at], terms[other[0] + at]
        if mine != theirs:
            return bool(mine < theirs)
    return bool(length < wide)


@compiled
def _chosen(terms: Numbers, grams: Numbers, count: int, documents: int) -> Numbers:
    """Return which grams collect candidates, the rarest first."""
    order = np.empty(count, np.int64)
    for gram in range(count):
        at = gram
        while at > 0 and _before(terms, grams[gram], grams[order[at - 1]]):
            order[at] = order[at - 1]
            at -= 1
        order[at] = gram
    telling = 0
    most = max(documents // COMMON, FEW)
    while telling < count and grams[order[telling], 3] <= most:
        telling += 1
    return order[: telling if telling else min(count, RAREST)]


@compiled
def weighed(typed: Numbers, often: Often, documents: int, classes: Classes) -> Numbers:
    """Return the plan of typed units in parts, behind one another after the beginnings of all of them."""
    length = len(part(typed, HEARD_ENDS))
    terms, units = np.empty(_most_terms(typed), np.int64), np.zeros((_ROWS, length + 1), np.int64)
    weights, grams = np.empty(length, np.int64), np.empty((2 * length, _FIELDS), np.int64)
    count = _count(typed, often, classes, terms, units)
    doubtful = _hear_accents(typed, often, classes, terms, units, count)
    _worth(typed, units, documents, weights)
    chosen = _chosen(terms, grams, _grams(typed, units, weights, grams), documents)
    kept = 0
    for gram in chosen:
        kept += grams[gram, 1] - grams[gram, 0]
    plan = np.empty(_PARTS + 1 + kept + 3 * len(chosen) + length + 1, np.int64)
    plan[0] = _PARTS + 1
    plan[1] = plan[0] + kept
    for number in range(2, 5):
        plan[number] = plan[number - 1] + len(chosen)
    plan[5] = plan[4] + length
    plan[6] = plan[5] + 1
    plan[plan[5]] = doubtful
    at = 0
    for row in range(len(chosen)):
        first, last, weight, frequency = grams[chosen[row]]
        for place in range(first, last):
            plan[plan[0] + at] = terms[place]
            at += 1
        plan[plan[1] + row], plan[plan[2] + row], plan[plan[3] + row] = at, weight, frequency
    plan[plan[4] : plan[5]] = weights
    return plan


@compiled
def evidence(plan: Numbers) -> int:
    """Return the points that the best text must have for anything to match."""
    possible = 0
    for weight in part(plan, GRAM_WEIGHTS):
        possible += weight
    return max(1, -(-possible * EVIDENCE_PERCENT // 100))
