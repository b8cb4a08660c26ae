"""Which things are there for a place: at, above or below its code, widening county → city → province when nothing is.

Codes are those of `catalog_db.search.adcodes`. A thing without any place is everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from catalog_db.records import ALL_OF_CHINA
from catalog_db.search.adcodes import within

T = TypeVar("T")


def touches(code: str, place: str) -> bool:
    """Tell whether a code lies at, above or below a place."""
    return within(place, code) or within(code, place)


def reaches(codes: Sequence[str], place: str | None) -> bool:
    """Tell whether something offered at these places (none named: everywhere) is there for a place (None: anywhere)."""
    return place is None or not codes or any(touches(code, place) for code in codes)


def widenings(place: str) -> list[str]:
    """Return the place and the larger ones around it: 370783 → 370783, 370700, 370000."""
    wider = [place, place[:4] + "00", place[:2] + "0000"]
    return [code for i, code in enumerate(wider) if code not in wider[:i]]


@dataclass(frozen=True, slots=True)
class Matched(Generic[T]):
    """What was found, and for which code: `widened` when that is larger than the place asked for."""

    found: tuple[T, ...]
    code: str | None
    widened: bool = False


def match_place(things: Iterable[T], codes_of: Callable[[T], Sequence[str]], place: str | None) -> Matched[T]:
    """Find the things of a place, widening it step by step until something is found.

    Things that name the place or a part of it come before those that are for all of a larger region.
    """
    everything = tuple(things)
    if place is None or place == ALL_OF_CHINA:
        return Matched(everything, None)
    for code in widenings(place):
        found = [thing for thing in everything if reaches(codes_of(thing), code)]
        if found:
            found.sort(key=lambda thing: -_nearness(codes_of(thing), place))
            return Matched(tuple(found), code, widened=code != place)
    return Matched((), None, widened=True)


def _nearness(codes: Sequence[str], place: str) -> int:
    """Return how many digits of the place the nearest code shares; 0 for things that are everywhere."""
    return max((_shared(code, place) for code in codes if code != ALL_OF_CHINA), default=0)


def _shared(code: str, place: str) -> int:
    return next((i for i in range(6) if code[i] != place[i]), 6)
