"""How much the values of a catalogue say: 36W, 18L, 20公斤, 910x125, 12mm. Read one by one; what is no measure is None."""

from __future__ import annotations

import re
from decimal import Decimal

from catalog_db import sizes

_POWER = re.compile(r"(\d+(?:\.\d+)?)\s*(k|千)?(?:w|瓦)")
_CAPACITY = re.compile(r"(\d+(?:\.\d+)?)\s*(kg|g|l|ml|公斤|千克|升|斤|毫升|立方米|立方|m3|m³)")
_TO_BASE: dict[str, tuple[str, Decimal]] = {"kg": ("kg", Decimal(1)), "公斤": ("kg", Decimal(1)), "千克": ("kg", Decimal(1)), "g": ("kg", Decimal("0.001")), "斤": ("kg", Decimal("0.5")), "l": ("l", Decimal(1)), "升": ("l", Decimal(1)), "ml": ("l", Decimal("0.001")), "毫升": ("l", Decimal("0.001")), **dict.fromkeys(("立方米", "立方", "m3", "m³"), ("l", Decimal(1000)))}  # fmt: skip


def watts(value: str) -> Decimal | None:
    """Read a power as a catalogue writes it: 36W, 1.5kW, 24瓦."""
    match = _POWER.fullmatch(value.lower().replace(" ", ""))
    return Decimal(match[1]) * (1000 if match[2] else 1) if match else None


def watts_in(text: str) -> Decimal | None:
    """Find a power in a text, as in a title: 36 of 吸顶灯 36W."""
    match = _POWER.search(text.lower())
    return Decimal(match[1]) * (1000 if match[2] else 1) if match else None


def capacity(text: str) -> tuple[str, Decimal] | None:
    """Read what something holds, in lower case: (kg, 20) of 20公斤, (l, 1500) of 1.5m³; None for what is no weight or volume."""
    match = _CAPACITY.fullmatch(text.replace(" ", ""))
    if match is None:
        return None
    base, factor = _TO_BASE[match[2]]
    return base, (Decimal(match[1]) * factor).normalize()


def measure(text: str) -> Decimal | None:
    """Return how large a size (its first side, mm) or a capacity (kg or litres) of the catalogue is; None when it cannot be read."""
    held = capacity(text.lower())
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
