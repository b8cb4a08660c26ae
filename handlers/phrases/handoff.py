"""Does somebody ask for a person, and nothing else? Is somebody angry, or in danger? Words are in `handoff.tsv`.

Asked before anything else is understood, so that a person is reached at the first word in any state of a conversation. Longer
sentences are read as all others are (intent handoff).
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import WORDS, rows

MOODS = ("safety", "anger")  # the graver one first


def wants_person(text: str) -> bool:
    """Tell whether a person is asked for: 人工, 帮我转人工吧, zhuan ren gong.

    >>> wants_person("麻烦转下人工!"), wants_person("人工草坪多少钱")
    (True, False)
    """
    return _whole(text, "want")


def wants_no_person(text: str) -> bool:
    """Tell whether somebody who waits for a person goes back to asking the assistant: 不用人工了."""
    return _whole(text, "back")


def mood(text: str) -> str | None:
    """Return "safety" where somebody may be in danger, "anger" where somebody is angry."""
    said = _bare(text)
    return next((name for name in MOODS if _any_of(name).search(said)), None)


def complains(text: str) -> bool:
    """Tell whether somebody who wants a person has a complaint: 我要投诉."""
    said = _bare(text)
    return _any_of("complaint").search(said) is not None


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(surface for surface, own in rows(WORDS / "handoff.tsv") if own == kind)


@cache
def _any_of(kind: str) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, _words(kind))) or "(?!)")


@cache
def _ends(kind: str) -> tuple[str, ...]:
    return tuple(_words(kind))


@lru_cache(maxsize=16)  # one message is asked about several times
def _bare(text: str) -> str:
    return "".join(char for char in normalise(text).text if char.isalnum())


def _whole(text: str, kind: str) -> bool:
    """Tell whether nothing is left of a text but words of a kind, with politeness before and after them."""
    said = _bare(text)
    return said in _words(kind) or any(rest in _words(kind) for rest in _stripped(said))


def _stripped(said: str, depth: int = 4) -> set[str]:
    """Return what can be left of a text when words of politeness are taken off its ends."""
    if depth == 0 or not (said.startswith(_ends("before")) or said.endswith(_ends("after"))):
        return set()
    left = {said[len(word) :] for word in _words("before") if said.startswith(word)}
    left |= {said[: -len(word)] for word in _words("after") if said.endswith(word)}
    return left | {further for rest in left for further in _stripped(rest, depth - 1)}
