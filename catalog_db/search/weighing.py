"""The compiled loops that weigh what was typed and name the terms to look for: see `plan`, which says what all of it means."""

from __future__ import annotations

from math import log2

import numpy as np

from catalog_db.search.packing import (
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

_PARTS = 5  # of a weighed plan: see `packing`
_FIELDS = 4  # of a gram while it is made: where its terms begin and end, its weight, its frequency


@compiled
def _most_terms(typed: Numbers) -> int:
    """Return how many terms the units can have, alone and in pairs."""
    ends = part(typed, HEARD_ENDS)
    most, before, begin = len(ends), 0, 0
    for end in ends:
        most += (end - begin) * (before + 1)
        before, begin = end - begin, end
    return most


@compiled
def _count(typed: Numbers, often: Often, terms: Numbers, units: Numbers) -> None:
    """Note for each unit its frequency, in how many texts it stands beside the one before, and where its terms stand.

    The rows of `units`: frequency, together, where the terms begin, where those of the pairs begin, where they end.
    """
    heard, ends = part(typed, HEARD), part(typed, HEARD_ENDS)
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
        units[3, unit] = count
        if joined[unit]:
            for first in range(before, begin):
                for at in range(begin, end):
                    term = SOUNDS + heard[first] * SOUNDS + heard[at]
                    if often[term]:
                        units[1, unit] += often[term]
                        terms[count] = term
                        count += 1
        units[4, unit] = count
        before, begin = begin, end


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
        if units[1, unit]:
            both = (weights[unit - 1] + weight) // 2
            if both:
                grams[count, 0], grams[count, 1] = units[3, unit], units[4, unit]
                grams[count, 2], grams[count, 3] = both, units[1, unit]
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
def weighed(typed: Numbers, often: Often, documents: int) -> Numbers:
    """Return the plan of typed units in parts, behind one another after the beginnings of all of them."""
    count = len(part(typed, HEARD_ENDS))
    terms, units = np.empty(_most_terms(typed), np.int64), np.zeros((5, count + 1), np.int64)
    weights, grams = np.empty(count, np.int64), np.empty((2 * count, _FIELDS), np.int64)
    _count(typed, often, terms, units)
    _worth(typed, units, documents, weights)
    chosen = _chosen(terms, grams, _grams(typed, units, weights, grams), documents)
    kept = 0
    for gram in chosen:
        kept += grams[gram, 1] - grams[gram, 0]
    plan = np.empty(_PARTS + 1 + kept + 3 * len(chosen) + count, np.int64)
    plan[0] = _PARTS + 1
    plan[1] = plan[0] + kept
    for number in range(2, 5):
        plan[number] = plan[number - 1] + len(chosen)
    plan[5] = plan[4] + count
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
