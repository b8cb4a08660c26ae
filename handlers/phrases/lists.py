"""What is said about the lists that somebody keeps: save, show, order, notes, quantities. The sentences: `lists.tsv`."""

from __future__ import annotations

from collections.abc import Iterable

from handlers.phrases.sentences import Phrase, phrases
from handlers.understanding.numbers import parse_number
from handlers.understanding.word_tables import expression

LAST = -1
_ENDS = {"最后": LAST, "前": 1}


def read_list_words(text: str, known: Iterable[str] = ()) -> Phrase | None:
    """Return what a sentence says about lists: op, and `which`, `list`, `count`, `note`, `name` where they are said."""
    return phrases("lists").read(text, known)


def ordinal(said: str) -> int | None:
    """Return the place that is said, from 1; LAST for the last one; None for 这个 and nothing."""
    for word, place in _ENDS.items():
        if word in said:
            return place
    found = expression("place_in_list").match(said)
    number = parse_number(found[1]) if found else None
    return int(number) if number else None


def amount(said: str) -> int | None:
    """Return how many are said, None when that is no whole number above zero."""
    number = parse_number(said)
    return int(number) if number is not None and number == int(number) and number > 0 else None
