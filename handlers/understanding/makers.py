"""Makers that are named and that the directory lacks: 浦云家有啥漆, 浦云是哪里的厂. Their names are told, never dropped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from handlers.understanding.word_tables import signs

_LONGEST_NAME = 5  # characters
_ENTERPRISE = "ask.enterprise"


def unlisted_makers(text: str, unexplained: Sequence[str], cues: Iterable[str]) -> list[str]:
    """Return the first unexplained word where it stands as the name of a maker; `cues`: names of what is asked.

    A name stands first or behind a wish (看看, 有), and is followed by what only makers have (家的, 牌子, 建材厂), or a maker is
    asked for and 是 follows.
    """
    if not unexplained:
        return []
    begin, end = text.find(unexplained[0]), text.find(unexplained[0]) + len(unexplained[0])
    wish = _wish().match(text)
    wishing = wish.end() if wish else 0
    if begin > wishing or wishing >= end:
        return []
    word = text[wishing:end]
    ends, behind, copulas = _signs()
    name = word
    if word.endswith(ends):
        name = next(word.removesuffix(end) for end in ends if word.endswith(end))
    else:
        name = min((word[:at] for sign in behind if (at := word.find(sign)) > 1), key=len, default=word)
    told = name != word or text.startswith(behind, end)
    told = told or (_ENTERPRISE in cues and text.startswith(copulas, end))
    return [name] if told and 1 < len(name) <= _LONGEST_NAME and name not in signs("household") else []


@cache
def _wish() -> re.Pattern[str]:
    """Return a pattern for what a wish begins with, nothing at all as well."""
    return re.compile(f"(?:{'|'.join(sorted(signs('wish_before'), key=len, reverse=True))})*")


@cache
def _signs() -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what ends a maker's name, the longest first, what follows one, and what links one to a question."""
    return tuple(sorted(signs("maker_end"), key=len, reverse=True)), tuple(signs("maker")), tuple(signs("copula"))
