"""How much the values of a catalogue say: 36W, 18L, 20公斤, 910x125, 12mm. Read one by one; what is no measure is None."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache

from catalog_db import sizes
from handlers.understanding.amount_rules import Unit, grammar


def watts(value: str) -> Decimal | None:
    """Read a power as a catalogue writes it: 36W, 1.5kW, 24瓦."""
    return amount_of(value, "power")


def amount_of(value: str, dimension: str) -> Decimal | None:
    """Read an amount of a dimension as a catalogue writes it, in the unit of that dimension: 0.45 of 45cm, a length in metres."""
    found = _read(_amount(dimension).fullmatch(_plain(value).strip()))
    return found and found[1]


def watts_in(text: str) -> Decimal | None:
    """Find a power in a text, as in a title: 36 of 吸顶灯 36W."""
    found = _read(_amount("power").search(_plain(text)))
    return found and found[1]


def capacity(text: str) -> tuple[str, Decimal] | None:
    """Read what something holds: (kg, 20) of 20公斤, (l, 1500) of 1.5m³; None for what is no weight or volume."""
    found = _read(_amount("mass", "volume").fullmatch(_plain(text)))
    return found and (found[0].name, found[1])


def capacity_in(text: str) -> tuple[str, Decimal] | None:
    """Find what something holds in a text: (kg, 20) of 20kg/袋."""
    found = _read(_amount("mass", "volume").search(_plain(text)))
    return found and (found[0].name, found[1])


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _read(match: re.Match[str] | None) -> tuple[Unit, Decimal] | None:
    """Return the unit of an amount, and the amount in the unit that its dimension is measured in."""
    if match is None:
        return None
    unit = grammar().units[match[2]]
    return unit, (Decimal(match[1]) * unit.factor).normalize()


@cache
def _amount(*dimensions: str) -> re.Pattern[str]:
    """Return the pattern of a figure with a unit of one of some dimensions, the longest first."""
    words = [word for word, unit in grammar().units.items() if unit.dimension in dimensions]
    several = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(\d+(?:\.\d+)?)\s*({several})(?![a-z])")


def measure(text: str) -> Decimal | None:
    """Return how large a size (its first side, mm) or a capacity (kg or litres) of the catalogue is; None when it cannot be read."""
    held = capacity(text)
    if held is not None:
        return held[1]
    side = re.match(r"\d+(?:\.\d+)?", sizes.normalise(text))
    return Decimal(side[0]) if side else None


def figure_of(value: str) -> Decimal | None:
    """Return the figure that a value begins with, in whatever unit it is written: 305 of 305mm."""
    match = re.match(r"\d+(?:\.\d+)?", value)
    return Decimal(match[0]) if match else None


def lies_within(value: Decimal | None, low: Decimal | None, high: Decimal | None) -> bool:
    """Tell whether a figure lies between two ends, both included; an end that is None is open."""
    return value is not None and (low is None or value >= low) and (high is None or value <= high)


def digits_of(value: str) -> str:
    """Return the digits of a value with its point, "" without any: 18.5 of 18.5L, 12 of 12mm."""
    return "".join([char for char in value if char.isdigit() or char == "."])
