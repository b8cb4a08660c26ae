"""The first letters of Chinese words in pinyin: 用量 → yl. What staff call a stored answer by."""

from __future__ import annotations

from functools import cache

from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import WORDS, rows


def initials(text: str) -> str:
    """Return the first letter of each character's usual reading; letters and digits stay as they are.

    >>> initials("用量"), initials("A级 防火")
    ('yl', 'ajfh')
    """
    return "".join(_letters().get(char, char) for char in normalise(text).text if char.isalnum())


@cache
def _letters() -> dict[str, str]:
    table: dict[str, str] = {}
    for syllable, first, _ in rows(WORDS / "pinyin.tsv"):
        table |= dict.fromkeys(first, syllable[0])
    return table
