"""Doors and windows that are not to be covered: 六扇窗,每扇1.2乘1.5 beside a wall to be painted are no windows to be bought.

Each is read as one amount, of the dimension `opening`: how many square metres they are all together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from handlers.understanding.lexicon import Found
    from handlers.understanding.spans import Quantity, Span

_OF_OTHERS = frozenset({"category", "product", "work", "symptom", "scene"})  # what else may be covered
_SURFACES = ("area", "size", "length", "rooms")
_MOST = Decimal(20)  # square metres of one opening: more is a wall
_FEWEST = 2  # amounts: what is to be covered, and the opening
_BEFORE = 3  # characters before an opening that may say that it is bought
_MILLION = Decimal(1_000_000)


class Opening(NamedTuple):
    """One kind of door or window told of: where, how many square metres all of it is, and the amounts that say so."""

    start: int
    end: int
    m2: Decimal
    amounts: tuple[Quantity, ...]


def may_tell(text: str, quantities: Sequence[Quantity]) -> bool:
    """Tell whether a text may speak of openings at all; nearly all do not."""
    return any(one.dimension in _SURFACES for one in quantities) and any(sign in text for sign in signs("opening"))


def find_openings(text: str, quantities: Sequence[Quantity]) -> list[Opening]:
    """Return the doors and windows of a text whose size is told."""
    words = [*_patterns()["word"].finditer(text)]
    ends = [*(match.start() for match in words[1:]), len(text)][: len(words)]
    found = (_told(text, match, end, quantities) for match, end in zip(words, ends, strict=True))
    return [one for one in found if one is not None]


def beside_what_is_covered(
    text: str, quantities: tuple[Quantity, ...], found: Found
) -> tuple[tuple[Quantity, ...], Found, str]:
    """Return the amounts, the words and the text without its openings, where something else is to be covered.

    What stood in their place are commas, so that every other word stands where it was.
    """
    if len(quantities) < _FEWEST or not may_tell(text, quantities):
        return quantities, found, text
    openings = find_openings(text, quantities)
    others = [span for span in found.spans if span.kind in _OF_OTHERS and not _inside(span, openings)]
    used = {one for opening in openings for one in opening.amounts}
    covered = [one for one in quantities if one not in used and one.dimension in _SURFACES]
    if not (openings and others and covered):
        return quantities, found, text
    spans = tuple(span for span in found.spans if not _inside(span, openings))
    rest = text
    for one in openings:
        rest = f"{rest[: one.start]}{',' * (one.end - one.start)}{rest[one.end :]}"
    return as_openings(quantities, openings), found._replace(spans=spans), rest


def as_openings(quantities: Iterable[Quantity], openings: Sequence[Opening]) -> tuple[Quantity, ...]:
    """Return amounts with those of each opening as one."""
    used = {one: opening for opening in openings for one in opening.amounts}
    left = [one for one in quantities if one not in used]
    left += [
        replace(
            opening.amounts[0],
            start=opening.start,
            end=opening.end,
            dimension="opening",
            low=opening.m2,
            high=opening.m2,
            comparison="eq",
            unit=None,
            text="",
        )
        for opening in openings
    ]
    return tuple(sorted(left, key=lambda one: one.start))


def _inside(span: Span, openings: Sequence[Opening]) -> bool:
    return any(one.start < span.end and span.start < one.end for one in openings)


def _told(text: str, word: re.Match[str], end: int, quantities: Sequence[Quantity]) -> Opening | None:
    """Return the opening that a word tells of: how many there are, before or behind it, and how large one is."""
    patterns = _patterns()
    counts = [one for one in quantities if one.dimension == "count" and one.value]
    count = next((one for one in counts if _leads_to(one, word, text)), None)
    behind = (one for one in counts if word.end() <= one.start < end)
    if count is None:
        count = next((one for one in behind if patterns["counted"].match(text[word.end() : one.start])), None)
    at = max(word.end(), count.end if count else 0)
    measures = [one for one in quantities if at <= one.start < end and one is not count]
    size = _size(text, at, measures)
    if size is None:
        before = [one for one in quantities if one.dimension == "size" and _leads_to(one, word, text)]
        size = _size(text, before[-1].start, before[-1:]) if before and count else None
    if size is None or size[0] > _MOST:
        return None
    area, amounts = size
    if count is None:  # 每扇1.2乘1.5,六扇
        count = next((one for one in counts if amounts[-1].end <= one.start and one.end < end), None)
    amounts = (*amounts, *((count,) if count else ()))
    starts, stops = [one.start for one in amounts], [one.end for one in amounts]
    many = count.value if count and count.value else Decimal(1)
    start = min(word.start(), *starts)
    if patterns["bought"].search(text, max(start - _BEFORE, 0), start):
        return None  # 装两扇窗1.5乘1.2: they are to be bought
    return Opening(start, max(word.end(), *stops), area * many, amounts)


def _leads_to(one: Quantity, word: re.Match[str], text: str) -> bool:
    """Tell whether an amount stands right before a word: 六扇窗, 1.2乘1.5的窗."""
    return one.end <= word.start() and text[one.end : word.start()] in ("", *signs("of"))


def _size(text: str, at: int, measures: Sequence[Quantity]) -> tuple[Decimal, tuple[Quantity, ...]] | None:
    """Return how large one is, and the amounts that say it: 1.2乘1.5, 每个2平, 一米五见方, 高2.1米宽0.9米."""
    if not measures or not _patterns()["between"].match(
        text[at : measures[0].start].rstrip("".join(signs("side_name")))
    ):
        return None
    first = measures[0]
    sides = first.text.split("x")
    if first.dimension == "size" and len(sides) > 1 and all(side.replace(".", "", 1).isdigit() for side in sides[:2]):
        return Decimal(sides[0]) * Decimal(sides[1]) / _MILLION, (first,)
    if first.dimension == "area" and first.value:
        return first.value, (first,)
    return _by_sides(text, measures) if first.dimension == "length" and first.value else None


def _by_sides(text: str, lengths: Sequence[Quantity]) -> tuple[Decimal, tuple[Quantity, ...]] | None:
    """Return how large one is by its sides: 一米五见方, 高2.1米宽0.9米."""
    first, second = lengths[0], lengths[1] if len(lengths) > 1 else None
    if first.value and _patterns()["square"].match(text, first.end):
        return first.value * first.value, (first,)
    if second is None or second.dimension != "length" or not (first.value and second.value):
        return None
    return first.value * second.value, (first, second)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in rows(WORDS / "openings.tsv")}
