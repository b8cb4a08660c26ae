"""Makers that are named and that the directory lacks: 浦云家有啥漆, 浦云是哪里的厂. Their names are told, never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from handlers.understanding.word_tables import signs

_LONGEST_NAME = 5  # characters
_ENTERPRISE = "ask.enterprise"


def unlisted_makers(text: str, unexplained: Sequence[str], cues: Iterable[str]) -> list[str]:
    """Return the first unexplained word where it stands as the name of a maker; `cues`: names of what is asked.

    A name stands first, and is followed by what only makers have (家的, 牌子, 建材厂), or a maker is asked for and 是 follows.
    """
    if not unexplained or not text.startswith(unexplained[0]):
        return []
    word = unexplained[0]
    name = next((word.removesuffix(end) for end in _longest("maker_end") if word.endswith(end)), word)
    told = name != word or text.startswith(tuple(signs("maker")), len(word))
    told = told or (_ENTERPRISE in cues and text.startswith(tuple(signs("copula")), len(word)))
    fits = 1 < len(name) <= _LONGEST_NAME and name not in signs("household")
    return [name] if told and fits else []


def _longest(role: str) -> list[str]:
    return sorted(signs(role), key=len, reverse=True)
