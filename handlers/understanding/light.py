"""Colours of light as people say them, and the colour temperatures of a catalogue that are so: 暖光 is 3000K."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from handlers.understanding.word_tables import signs

_KELVIN = re.compile(r"(\d{4})k", re.IGNORECASE)
_RANGES = (("light_warm", 2000, 3500), ("light_neutral", 3500, 5000), ("light_cool", 5000, 8000))  # kelvin


def temperatures(said: str, values: Mapping[str, Sequence[tuple[str, str]]]) -> tuple[tuple[str, str], ...]:
    """Return (attribute, value) of the temperatures that a colour of light means; `values`: value → where it stands."""
    for role, low, high in _RANGES:
        if said in signs(role):
            return tuple(
                place
                for value, places in values.items()
                if (match := _KELVIN.fullmatch(value)) and low < int(match[1]) <= high
                for place in places
            )
    return ()
