"""How well a title fits what was typed: a plain score, tolerant of wrong characters and pinyin."""

from __future__ import annotations

import itertools
from functools import lru_cache

from rapidfuzz import fuzz

from catalog_db.search.folding import fold, is_han, runs
from catalog_db.search.syllables import readings, segment

MATCH_PERCENT = 60  # of the best score: what lies below is no match


@lru_cache(maxsize=256)
def _asked(text: str) -> tuple[str, frozenset[str]]:
    folded = fold(text)
    return folded, frozenset(_grams(folded, typed=True))


@lru_cache(maxsize=4096)
def _titled(title: str) -> frozenset[str]:
    return frozenset(_grams(title, typed=False))


def _grams(folded: str, typed: bool) -> list[str]:
    grams: list[str] = []
    sounds: list[str] = []
    for run in runs(folded):
        parts = segment(run) if typed and run.isalpha() and run.isascii() else None
        if is_han(run):
            sounds = [readings().get(c, c) for c in run]
        elif parts is not None:
            sounds = parts[0]
        else:
            grams.append(run)
            continue
        grams += sounds
        grams += [f"{a} {b}" for a, b in itertools.pairwise(sounds)]
    return grams


def score(text: str, title: str) -> int:
    """Return 0 to 1000: how much of the text is found in the folded title, by sound first and by characters then."""
    folded, asked = _asked(text)
    if not asked:
        return 0
    common = len(asked & _titled(title)) / len(asked)
    return round(800 * common + 2 * fuzz.partial_ratio(folded, title) * common)
