"""Find the places named in a normalised text: 寿光哪儿能买到, 江苏省南通市如皋市, 我是兰考的, 双桥镇.

A name is looked up at every position, the longest first. Short names that are words too (开封, 日照) need a frame beside them;
some (东方, 平安) are places only with their 县, 市, 区 or after the region that they lie in. Neighbours that lie in one another
become one place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from catalog_db.places import PlaceName, Places, load_places
from handlers.understanding.spans import PlaceSpan
from handlers.understanding.word_tables import WORDS, rows

_LONGEST_TOWNSHIP = 10
_LOOK_BACK = 5
_TOWNSHIP = re.compile("[镇乡]|街道|苏木")
_HAN = re.compile("[一-鿿]")
_MANY = 10  # a township name with more readings than this is no sure place without its county


def find_places(text: str, blocked: Sequence[tuple[int, int]] = (), near: str | None = None) -> list[PlaceSpan]:
    """Return the places of a normalised text in order, none overlapping another or a blocked span.

    `near` is the asker's code: readings in its neighbourhood come first. A span that is not `sure` is a word that may be
    a place and has nothing beside it that says so.
    """
    places = load_places()
    spans = _scan(text, blocked, _index(), places)
    merged = _merged(text, spans, places)
    return [
        replace(span.place, adcodes=places.nearest_first(span.place.adcodes, near)) for span in merged if span.stands
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at its place; `stands`: alone it counts, otherwise only inside the region named before it."""

    place: PlaceSpan
    stands: bool


@dataclass(frozen=True, slots=True)
class _Index:
    names: dict[str, tuple[PlaceName, ...]]  # first two characters → names, longest first
    before: re.Pattern[str]
    after: re.Pattern[str]
    suffix: re.Pattern[str]
    between: re.Pattern[str]
    unit: re.Pattern[str]
    unless: dict[str, re.Pattern[str]]


@cache
def _index() -> _Index:
    names: dict[str, list[PlaceName]] = {}
    for name in load_places().names.values():
        names.setdefault(name.surface[:2], []).append(name)
    frames = {(group, name): re.compile(pattern) for group, name, pattern in rows(WORDS / "place_frames.tsv")}
    return _Index(
        names={start: tuple(sorted(members, key=lambda name: -len(name.surface))) for start, members in names.items()},
        before=frames["before", ""],
        after=frames["after", ""],
        suffix=frames["suffix", ""],
        between=frames["between", ""],
        unit=frames["unit", ""],
        unless={name: pattern for (group, name), pattern in frames.items() if group == "unless"},
    )


def _scan(text: str, blocked: Sequence[tuple[int, int]], index: _Index, places: Places) -> list[_Found]:
    found: list[_Found] = []
    at = 0
    towns = [match.end() for match in _TOWNSHIP.finditer(text)]
    while at < len(text) - 1:
        candidates = index.names.get(text[at : at + 2], ())
        span = next(
            (f for name in candidates if (f := _named(text, at, name, index)) and not _overlaps(f, blocked)), None
        )
        if span is None:
            at += 1
            continue
        found.append(span)
        at = span.place.end
    for end in towns:
        town = _township(text, end, places)
        if town and not _overlaps(town, blocked) and not any(_crosses(town, other) for other in found):
            found = [other for other in found if not _inside(other, town)] + [town]
    return sorted(found, key=lambda span: span.place.start)


def _overlaps(span: _Found, blocked: Sequence[tuple[int, int]]) -> bool:
    return any(start < span.place.end and span.place.start < end for start, end in blocked)


def _crosses(town: _Found, other: _Found) -> bool:
    """Tell whether a place found reaches into a township and is not inside it."""
    return other.place.start < town.place.end and town.place.start < other.place.end and not _inside(other, town)


def _inside(inner: _Found, outer: _Found) -> bool:
    return outer.place.start <= inner.place.start and inner.place.end <= outer.place.end


def _named(text: str, at: int, name: PlaceName, index: _Index) -> _Found | None:
    if not text.startswith(name.surface, at):
        return None
    end = at + len(name.surface)
    unless = index.unless.get(name.surface)
    if (unless and unless.match(text, end)) or _claimed_by_number(text, at, index):
        return None
    if name.full:
        return _Found(PlaceSpan(at, end, name.surface, name.adcodes), name.use != "chain")
    suffix = index.suffix.match(text, end) if name.use != "never" else None
    if suffix:
        return _Found(PlaceSpan(at, suffix.end(), text[at : suffix.end()], name.adcodes), True)
    framed = _framed(text, at, end, index)
    edge = _is_edge(text, at - 1) or _is_edge(text, end)
    sure = not name.use or framed
    return _Found(PlaceSpan(at, end, name.surface, name.adcodes, sure), name.use != "never" and (sure or edge))


def _claimed_by_number(text: str, at: int, index: _Index) -> bool:
    """Tell whether the first character is the unit of a number: 100平 + 谷仓."""
    return (
        at > 0
        and bool(index.unit.match(text, at))
        and (text[at - 1].isdigit() or text[at - 1] in "一二两三四五六七八九十百千万半几")
    )


def _framed(text: str, start: int, end: int, index: _Index) -> bool:
    if _is_edge(text, start - 1) and _is_edge(text, end):
        return True
    return bool(index.before.search(text, max(0, start - _LOOK_BACK), start) or index.after.match(text, end))


def _is_edge(text: str, at: int) -> bool:
    return at < 0 or at >= len(text) or not (text[at].isalnum())


def _township(text: str, end: int, places: Places) -> _Found | None:
    """Return the longest township name that ends here."""
    start = end
    while start > 0 and end - start < _LONGEST_TOWNSHIP and _HAN.match(text, start - 1):
        start -= 1
    for begin in range(start, end - 1):
        codes = places.township(text[begin:end])
        if codes:
            sure = len(codes) <= _MANY
            return _Found(PlaceSpan(begin, end, text[begin:end], codes, sure), end - begin > 2)  # 乡镇 alone is a word
    return None


def _merged(text: str, spans: list[_Found], places: Places) -> list[_Found]:
    """Join places that lie in the one said right before them; 朝阳 after 北京 is that of Beijing only."""
    result: list[_Found] = []
    for span in spans:
        before = result[-1] if result else None
        joined = before and _within(text, before, span, places)
        if joined:
            result[-1] = joined
        else:
            result.append(span)
    return result


def _within(text: str, outer: _Found, inner: _Found, places: Places) -> _Found | None:
    if not _index().between.fullmatch(text[outer.place.end : inner.place.start]):
        return None
    codes = tuple(c for c in inner.place.adcodes if any(places.covers(region, c) for region in outer.place.adcodes))
    if not codes:
        return None
    surface = text[outer.place.start : inner.place.end]
    return _Found(PlaceSpan(outer.place.start, inner.place.end, surface, codes), True)
