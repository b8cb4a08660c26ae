"""Colours that are several: those of light and the temperatures of a catalogue that are so (暖光 is 3000K), 浅色 and 深色."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from handlers.understanding.word_tables import WORDS, rows, signs

_KELVIN = re.compile(r"(\d{4})k", re.IGNORECASE)
_RANGES = (("light_warm", 2000, 3500), ("light_neutral", 3500, 5000), ("light_cool", 5000, 8000))  # kelvin


def temperatures(said: str, values: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[tuple[str, str], ...]:
    """Return (attribute, value) of the temperatures that a colour of light means; `values`: value → where it stands."""
    for role, low, high in _RANGES:
        if said in signs(role):
            return tuple(
                place
                for value, places in values.items()
                if ((match := _KELVIN.search(value)) and low < int(match[1]) <= high)
                or (match is None and value in signs(role))
                for place in places
            )
    return ()


def lights_in(said: str, colors: Collection[str]) -> list[str]:
    """Return the colours of light in a catalogue that a word for such a light means: 暖光 for 暖白色."""
    alike = next((signs(role) for role, _, _ in _RANGES if said in signs(role)), frozenset())
    return [color for color in colors if color in alike]


def family_in(said: str, colors: Collection[str]) -> list[str]:
    """Return what a colour's name holds to be one of those that a word speaks of (浅色), as far as there are such colours."""
    return [part for part in _families().get(said, ()) if any(part in color for color in colors)]


def family_of(parts: Collection[str]) -> str:
    """Return the word that speaks of several colours at once where all of these are meant by it, "" for none."""
    found = (family for family, own in _families().items() if len(parts) > 1 and set(parts) <= set(own))
    return next(found, "")


@cache
def _families() -> Mapping[str, tuple[str, ...]]:
    families: dict[str, tuple[str, ...]] = {}
    for family, part in rows(WORDS / "color_families.tsv"):
        families[family] = (*families.get(family, ()), part)
    return families
