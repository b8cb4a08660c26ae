"""How much of a title was said: its words weighed by how few other titles have them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TypeVar

from handlers.stored_questions.words import QuestionReader, QuestionWords

T = TypeVar("T")
CONCEPT = 1.5  # a whole word, against a pair of characters of a word we have no concept for
SINGLE = 0.3  # a character shared without its neighbour


def title_scores(text: str, titles: Mapping[T, Sequence[str]], reader: QuestionReader) -> dict[T, float]:
    """Score things by how much of their words (title, scene, summary …) the text says; things without any are left out."""
    said = reader.read(text.lower())
    words = {key: reader.read_known(" ".join(several)) for key, several in titles.items()}
    spread: Counter[str | tuple[str, str]] = Counter()
    for one in words.values():
        spread.update(one.tokens)
        spread.update(one.pairs)
    scores = {key: _shared(said, one, spread, len(words)) for key, one in words.items()}
    return {key: score for key, score in scores.items() if score > 0}


def _shared(
    said: QuestionWords, title: QuestionWords, spread: Mapping[str | tuple[str, str], int], total: int
) -> float:
    def weight(token: str | tuple[str, str]) -> float:
        return math.log(1 + total / spread[token])

    tokens = sum(weight(t) * (CONCEPT if t[0] == "=" else SINGLE) for t in said.tokens & title.tokens)
    return tokens + sum(weight(pair) for pair in said.pairs & title.pairs)
