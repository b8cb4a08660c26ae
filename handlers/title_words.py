"""How much of a title was said: pairs of characters shared, those that stand in many titles counting less."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def pairs_of(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters and characters of a text."""
    letters = text.lower()
    return frozenset(a + b for a, b in pairwise(letters) if a.isalnum() and b.isalnum())


def title_scores(text: str, titles: Mapping[T, Sequence[str]]) -> dict[T, float]:
    """Score things by how much of their words (title, scene, summary …) the text says; things without any are left out."""
    said = pairs_of(text)
    words = {key: frozenset().union(*map(pairs_of, several)) for key, several in titles.items()}
    spread = Counter(pair for pairs in words.values() for pair in pairs)
    scores = {key: _weight(said & pairs, spread, len(words)) for key, pairs in words.items()}
    return {key: score for key, score in scores.items() if score > 0}


def _weight(shared: Iterable[str], spread: Mapping[str, int], total: int) -> float:
    return sum(math.log(1 + total / spread[pair]) for pair in shared)
