"""Which language a person reads: by a table of codes, by what the person writes, by the person's own choice."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from bot.locales import LOCALES, read_pairs
from bot.wording import DEFAULT_LOCALE, Wording, load_wording, read_messages

SIMPLIFIED, TRADITIONAL, ENGLISH = DEFAULT_LOCALE, "zh_Hant", "en"
SPOKEN = (SIMPLIFIED, TRADITIONAL, ENGLISH)
# Codes of platforms (IETF tags, in small letters) → locale. Babel takes zh-hk and zh-hant for Simplified: hence a table of ours.
CODES = {
    "": SIMPLIFIED,
    "zh": SIMPLIFIED,
    "zh-cn": SIMPLIFIED,
    "zh-sg": SIMPLIFIED,
    "zh-my": SIMPLIFIED,
    "zh-hans": SIMPLIFIED,
    "zh-hant": TRADITIONAL,
    "zh-tw": TRADITIONAL,
    "zh-hk": TRADITIONAL,
    "zh-mo": TRADITIONAL,
}


def locale_of_code(code: str | None) -> str:
    """Return the locale of a language code. Who has no code gets Simplified Chinese, any other language English."""
    parts = (code or "").lower().replace("_", "-").split("-")
    found = (CODES.get("-".join(parts[:length])) for length in range(len(parts), 0, -1))
    return next((locale for locale in found if locale), ENGLISH)


def locale_of_text(text: str) -> str | None:
    """Return the kind of Chinese that a text is written in, None for a text without Chinese characters."""
    chinese = [char for char in text if "\u3400" <= char <= "\u9fff"]
    if not chinese:
        return None
    return TRADITIONAL if any(char in _only_traditional() for char in chinese) else SIMPLIFIED


def locale_for(code: str | None, chosen: str, text: str, last: str) -> str:
    """Return the locale to answer in.

    `chosen` by the person wins. Then the platform's `code` where it is a Chinese one; for all others Chinese as soon as the
    person writes Chinese (`text`, or before: `last`).
    """
    if chosen in SPOKEN:
        return chosen
    coded = locale_of_code(code)
    if coded != ENGLISH:
        return coded
    return locale_of_text(text) or (last if last in SPOKEN else coded)


@lru_cache(maxsize=1)
def _only_traditional() -> frozenset[str]:
    """Return the characters that only a Traditional text has."""
    simplified = {char for char, _ in read_pairs(LOCALES / TRADITIONAL / "characters.tsv")}
    written = {char for _, char in read_pairs(LOCALES / TRADITIONAL / "characters.tsv")}
    return frozenset(written - simplified) & {char for char, _ in read_pairs(LOCALES / SIMPLIFIED / "characters.tsv")}


class Wordings:
    """The wordings of all languages, made when they are first needed. A sentence that a language lacks is said in Chinese."""

    def __init__(self, first: Wording, folder: Path = LOCALES) -> None:
        self.first = first
        self._folder = folder
        self._made: dict[tuple[str, bool], Wording] = {(first.locale, False): first}
        self._making = threading.Lock()

    def of(self, locale: str, *, simple: bool = False) -> Wording:
        """Return the wording of a locale. `simple`: in plain words, for 长辈模式."""
        made = self._made.get((locale, simple))
        if made is None:
            with self._making:
                made = self._made.setdefault((locale, simple), self._make(locale, simple=simple))
        return made

    def _make(self, locale: str, *, simple: bool) -> Wording:
        if locale == self.first.locale:
            wording = self.first
        else:
            own = load_wording(locale, self._folder)
            lacking = {k: own.written(v) for k, v in self.first.messages.items() if k not in own.messages}
            wording = Wording(locale, {**lacking, **own.messages}, own.written)
        if not simple:
            return wording
        return Wording(locale, {**wording.messages, **simple_messages(locale, self._folder)}, wording.written)


def simple_messages(locale: str, folder: Path = LOCALES) -> dict[str, str]:
    """Return the sentences that are said in plainer words to whoever has asked for that."""
    file = folder / locale / "simple.po"
    return read_messages(file) if file.exists() else {}
