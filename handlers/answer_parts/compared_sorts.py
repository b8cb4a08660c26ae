"""Sorts of one kind that were named side by side: by a word of their titles (石英石 and 花岗石), or by a value (直冲 and 虹吸)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from handlers.understanding.entries import GOODS
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from handlers.turn import Turn

_MOST = 4


def sorts_named(turn: Turn) -> dict[str, Constraints]:
    """Return the conditions of each sort by the word said for it, in the order named; {} where fewer than two were."""
    asked = turn.meaning.constraints
    kind = Constraints(categories=asked.categories, adcode=asked.adcode or turn.meaning.place)
    goods = dict.fromkeys(span.surface for span in turn.meaning.spans if span.kind in GOODS)
    if len(goods) > 1:
        return {word: kind.but(title_words=(word,)) for word in list(goods)[:_MOST]}
    for name, values in asked.attributes.items():
        said: dict[str, tuple[str, ...]] = {}
        for value in values:
            word = _said_of(value, turn.meaning.text)
            said[word] = (*said.get(word, ()), value)
        if len(said) > 1:
            words = sorted(said, key=turn.meaning.text.find)[:_MOST]
            return {word: kind.but(attributes={name: said[word]}) for word in words}
    return {}


def one_concept(turn: Turn, words: Collection[str]) -> bool:
    """Tell whether words are different names of what is one thing to us: 人造石 and 石英石."""
    return len({span.concept for span in turn.meaning.spans if span.kind in GOODS and span.surface in words}) == 1


def _said_of(value: str, text: str) -> str:
    """Return the longest piece of a value that was said: 虹吸 of 喷射虹吸."""
    sizes = range(len(value), 0, -1)
    pieces = (value[at : at + size] for size in sizes for at in range(len(value) - size + 1))
    return next((piece for piece in pieces if piece.lower() in text), value)
