"""Short requests in English, put into the Chinese that we understand: word by word, by a table, all of it or nothing."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.languages import ENGLISH
from bot.locales import LOCALES, read_pairs

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+(?:\.\d+)?")
_LONGEST = 200  # characters; what is longer is no short request
_WORDS = 4  # of the longest phrase of the table


def in_chinese(text: str) -> str | None:
    """Return a request in Chinese, None when one of its words is not in the table.

    `certified tiles under 300` → 有认证的瓷砖300元以内: what an amount is comes behind it, all else in its order.
    """
    said = text.lower().strip()
    if len(said) > _LONGEST or not said.isascii():
        return None
    tokens = _TOKEN.findall(said)
    if not any(token.isalpha() for token in tokens):
        return None
    words, at = [], 0
    while at < len(tokens):
        size = next((n for n in range(min(_WORDS, len(tokens) - at), 0, -1) if _phrase(tokens, at, n) in _table()), 0)
        if size:
            words.append(_table()[_phrase(tokens, at, size)])
        elif tokens[at][0].isdigit():
            words.append(tokens[at])
        else:
            return None
        at += size or 1
    return _ordered([word for word in words if word]) or None


def _phrase(tokens: list[str], at: int, size: int) -> str:
    return " ".join(tokens[at : at + size])


def _ordered(words: list[str]) -> str:
    """Put what stands before an amount in English (under 300) behind it, as Chinese does (300元以内)."""
    for at, word in enumerate(words[:-1]):
        if word.startswith("_") and words[at + 1][0].isdigit():
            words[at], words[at + 1] = words[at + 1], word[1:]
    return "".join(word.lstrip("_") for word in words)


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    return {word: "" if chinese == "-" else chinese for word, chinese in read_pairs(LOCALES / ENGLISH / "asked.tsv")}
