"""Codes of places (GB/T 2260, six digits): which place lies within which.

Counties directly under a province (429004) stand under the province (420000); 100000 is all of China.
"""

from __future__ import annotations

from collections.abc import Iterable

from catalog_db.records import ALL_OF_CHINA


def stem(adcode: str) -> str:
    """Return the digits that everything under a code begins with: 370000 → 37, 370700 → 3707, 100000 → empty."""
    if adcode == ALL_OF_CHINA:
        return ""
    if adcode.endswith("0000"):
        return adcode[:2]
    return adcode[:4] if adcode.endswith("00") else adcode


def within(place: str, region: str) -> bool:
    """Tell whether a place is the region or lies in it."""
    return stem(place).startswith(stem(region))


def can_be_had(sells_to: Iterable[str], place: str) -> bool:
    """Tell whether a product that sells to these places (none named: everywhere) can be had in the place.

    A place of sale that covers the place counts, and so does one inside it.
    """
    codes = tuple(sells_to)
    return not codes or any(within(place, code) or within(code, place) for code in codes)
