"""Write Simplified Chinese as Traditional, for what we say and for texts of the catalogue: words first, then characters.

The tables are data (`locales/zh_Hant`), made once and reviewed; nothing is guessed here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bot.locales import LOCALES, read_pairs

FOLDER = LOCALES / "zh_Hant"


class Traditional:
    """Writes texts. `words` win over `characters`, the longest word that begins at a place over shorter ones."""

    def __init__(self, words: Mapping[str, str], characters: Mapping[str, str]) -> None:
        self._words = words
        self._characters = characters
        starts: dict[str, set[int]] = {}
        for word in words:
            starts.setdefault(word[0], set()).add(len(word))
        self._lengths = {start: sorted(lengths, reverse=True) for start, lengths in starts.items()}

    def write(self, text: str) -> str:
        """Return a text in Traditional characters, as many as there were."""
        if text.isascii():
            return text
        written, at = [], 0
        while at < len(text):
            word = self._word_at(text, at)
            written.append(self._words[word] if word else self._characters.get(text[at], text[at]))
            at += len(word) or 1
        return "".join(written)

    def _word_at(self, text: str, at: int) -> str:
        for length in self._lengths.get(text[at], ()):
            word = text[at : at + length]
            if word in self._words:
                return word
        return ""


@lru_cache(maxsize=1)
def load_traditional(folder: Path = FOLDER) -> Traditional:
    """Read the tables."""
    return Traditional(dict(read_pairs(folder / "words.tsv")), dict(read_pairs(folder / "characters.tsv")))
