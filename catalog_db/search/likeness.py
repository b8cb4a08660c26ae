"""Which texts are alike, told by a number: so products of one kind stand beside one another in the index.

Then the list of a term lies in a few stretches of the index instead of everywhere, and a search passes over the rest. What
makes a kind is learnt from a sample of the texts: a pair of sounds that says much about the other pairs of its text (乳胶
does, 包邮 does not). A text is known by the few that say most. The order that comes of it changes no result.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.packed_strings import gathered
from catalog_db.search.sounds import SOUNDS, sounds
from catalog_db.search.terms import BLOCK, distinct

FEWEST = BLOCK // 4  # texts from which on it matters where they stand
_SAMPLE = 2048  # texts that are looked at
_FREQUENT = 384  # pairs among them that are held against one another
_RARE = 700  # a pair in fewer than one of so many is no kind
_TOLD = 255  # pairs that kinds are told by
_LEVELS = 3  # of them that a text is known by
_SAME = 0.8  # of the texts of one pair also have the other: the two say the same
_PAIRS = SOUNDS * SOUNDS

Codes = NDArray[np.uint16]
Lengths = NDArray[np.int64]


def kinds(codes: Codes, lengths: Lengths) -> NDArray[np.uint32]:
    """Return a number for each text, alike ones with numbers near one another; texts stand behind one another."""
    starts = np.cumsum(lengths) - lengths
    table = _telling(codes, starts, lengths)
    found = np.zeros(len(lengths), np.uint32)
    for first in range(0, len(lengths), BLOCK):
        part = slice(first, first + BLOCK)
        begins, own = starts[part], lengths[part]
        told = np.zeros(int(own.sum()), np.uint8)
        told[:-1] = table.take(_pairs(codes[begins[0] : begins[0] + len(told)]))
        for level in range(_LEVELS):
            best = np.maximum.reduceat(told, begins - begins[0])
            found[part] = (found[part] << 8) | best
            if level < _LEVELS - 1:
                told *= told != np.repeat(best, own)
    return found


def _pairs(codes: Codes) -> NDArray[np.uint32]:
    """Return the number of each pair of neighbouring sounds, 0 where there is none."""
    heard = sounds().of_code.take(codes).astype(np.uint32)
    pairs = heard[:-1] * np.uint32(SOUNDS)
    pairs += heard[1:]
    pairs[(heard[:-1] == 0) | (heard[1:] == 0)] = 0
    return pairs


def _telling(codes: Codes, starts: Lengths, lengths: Lengths) -> NDArray[np.uint8]:
    """Return for each pair how much it says about the texts that have it, as a rank: 0 nothing, 255 most."""
    chosen = np.arange(0, len(starts), max(len(starts) // _SAMPLE, 1))
    sample, begins = gathered(codes, starts[chosen], lengths[chosen])
    pairs = _pairs(sample)
    texts = np.repeat(np.arange(len(chosen)), np.diff(begins, append=len(sample)))[:-1]
    both = distinct((texts * _PAIRS + pairs)[pairs > 0])
    texts, told = both // _PAIRS, both % _PAIRS
    often = np.bincount(told, minlength=_PAIRS)
    frequent = np.flatnonzero(often > len(chosen) // _RARE)
    frequent = frequent[np.argsort(-often[frequent], kind="stable")[:_FREQUENT]]
    column = np.full(_PAIRS, -1)
    column[frequent] = np.arange(len(frequent))
    known = column[told] >= 0
    having = np.zeros((len(chosen), len(frequent)), np.float32)
    having[texts[known], column[told[known]]] = 1
    together = (having.T @ having).astype(np.float64)
    ranks = np.zeros(_PAIRS, np.uint8)
    for rank, one in enumerate(_most_telling(together, len(chosen))):
        ranks[frequent[one]] = _TOLD - rank
    return ranks


def _most_telling(together: NDArray[np.float64], texts: int) -> list[int]:
    """Return the pairs that say most about the others, the best first, without those that say what a better one says.

    `together`: how many texts have each two of them.
    """
    often = np.diag(together)
    share = together / often[:, None]  # of the texts of one, those with the other
    said = np.where((share > _SAME) | (share.T > _SAME), 0, _information(together, often, texts)).sum(axis=1)
    kept: list[int] = []
    covered = np.zeros(len(often), bool)
    for one in np.argsort(-said, kind="stable").tolist():
        if not covered[one] and len(kept) < _TOLD:
            kept.append(one)
            covered |= share[one] > _SAME
    return kept


def _information(together: NDArray[np.float64], often: NDArray[np.float64], texts: int) -> NDArray[np.float64]:
    """Return how many bits each pair says about each other one."""
    one, other = np.broadcast_to(often[:, None], together.shape), np.broadcast_to(often, together.shape)
    bits = np.zeros_like(together)
    neither = texts - one - other + together
    cases = ((together, one, other), (one - together, one, texts - other), (other - together, texts - one, other))
    for joint, left, right in (*cases, (neither, texts - one, texts - other)):
        some = joint > 0
        bits[some] += joint[some] / texts * np.log2(joint[some] * texts / (left[some] * right[some]))
    return bits
