"""Find the places named in a normalised text: 寿光哪儿能买到, 江苏省南通市如皋市, 我是兰考的, 双桥镇.

A name is looked up at every position, the longest first. Short names that are words too (开封, 日照) need a frame beside them;
some (东方, 平安) are places only with their 县, 市, 区 or after the region that they lie in. Neighbours that lie in one another
become one place.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from catalog_db.places import LONGEST_NAME, PlaceName, Places, load_places
from handlers.understanding.entries import GOODS
from handlers.understanding.needed_words import NeededWords
from handlers.understanding.spans import PlaceSpan
from handlers.understanding.word_search import Hits
from handlers.understanding.word_tables import WORDS, rows, signs

if TYPE_CHECKING:
    from handlers.understanding.lexicon import Found

_LONG_NAME = 3  # characters of a name that is rarely another word
_LONGEST_TOWNSHIP = 10
_LOOK_BACK = 5
_HAN = re.compile("[一-鿿]")
_MOST_TOWNSHIPS = 12  # looked up in one text
_MANY = 10  # a township name with more readings than this is no sure place without its county


@cache
def place_words() -> tuple[str, ...]:
    """Return what a text with a place has one of: how the name of a township ends, else the first two characters of a name."""
    return (*_town_words(), *sorted(load_places().beginnings))


@cache
def _town_words() -> tuple[str, ...]:
    return tuple(sorted(NeededWords({}).of(_frames().town.pattern) or ()))


def find_places(
    text: str,
    blocked: Sequence[tuple[int, int]] = (),
    near: str | None = None,
    hits: Hits | None = None,
    goods: Collection[tuple[int, int]] = frozenset(),
) -> list[PlaceSpan]:
    """Return the places of a normalised text in order, none overlapping another or a blocked span.

    `near` is the asker's code: readings in its neighbourhood come first. A span that is not `sure` is a word that may be
    a place and has nothing beside it that says so. `hits`: where `place_words` stand, when they have been looked for already.
    `goods`: which of the blocked spans are words of goods, which a longer name of a place may hold: 水头镇, 灯塔市.
    """
    if hits is not None and not hits:
        return []  # most often
    places = load_places()
    spans = _scan(text, _Blocked(blocked, goods), places, hits)
    if not spans:
        return []
    merged = _merged(text, spans, places)
    return [
        replace(span.place, adcodes=places.nearest_first(span.place.adcodes, near)) for span in merged if span.stands
    ]


@dataclass(frozen=True, slots=True)
class _Found:
    """A name at its place. `stands`: alone it counts, otherwise only inside the region named before it.

    `region`: a place in it may follow (南通如皋 says that 南通 is one).
    """

    place: PlaceSpan
    stands: bool
    region: bool = True


class _Blocked(NamedTuple):
    """Where other words stand, and which of them are goods."""

    words: Sequence[tuple[int, int]]
    goods: Collection[tuple[int, int]]

    def bars(self, found: _Found) -> bool:
        """Tell whether other words stand where a name of a place does; goods inside a longer name are none."""
        first, last = found.place.start, found.place.end
        over = [(start, end) for start, end in self.words if start < last and first < end]
        long = last - first >= _LONG_NAME or found.place.sure
        return any(not (long and first <= start and end <= last and (start, end) in self.goods) for start, end in over)


@dataclass(frozen=True, slots=True)
class _Frames:
    before: re.Pattern[str]
    after: re.Pattern[str]
    suffix: re.Pattern[str]
    between: re.Pattern[str]
    unit: re.Pattern[str]
    number: re.Pattern[str]
    town: re.Pattern[str]
    unless: dict[str, re.Pattern[str]]


@cache
def _frames() -> _Frames:
    patterns = {(group, name): re.compile(pattern) for group, name, pattern in rows(WORDS / "place_frames.tsv")}
    return _Frames(
        before=patterns["before", ""],
        after=patterns["after", ""],
        suffix=patterns["suffix", ""],
        between=patterns["between", ""],
        unit=patterns["unit", ""],
        number=patterns["number", ""],
        town=patterns["town", ""],
        unless={name: pattern for (group, name), pattern in patterns.items() if group == "unless"},
    )


def _scan(text: str, blocked: _Blocked, places: Places, hits: Hits | None) -> list[_Found]:
    found: list[_Found] = []
    done = 0
    if hits is None:
        begun = [at for at in range(len(text) - 1) if text[at : at + 2] in places.beginnings]
    else:
        towns = len(_town_words())
        begun = [start for number, start, _ in hits if number >= towns]
    for at in begun:
        span = _at(text, at, blocked, places) if at >= done else None
        if span is not None:
            found.append(span)
            done = span.place.end
    for end in [match.end() for match in islice(_frames().town.finditer(text), _MOST_TOWNSHIPS)]:
        town = _township(text, end, places)
        if town and _begins_inside(text, town.place.start):
            continue  # 村里|老乡
        if town and not blocked.bars(town) and not any(_crosses(town, other) for other in found):
            found = [other for other in found if not _inside(other, town)] + [town]
    return sorted(found, key=lambda span: span.place.start)


def _at(text: str, at: int, blocked: _Blocked, places: Places) -> _Found | None:
    """Return the longest place that begins here."""
    for end in range(min(len(text), at + LONGEST_NAME), at + 1, -1):
        name = places.named(text[at:end])
        span = name and _named(text, at, name, places)
        if span and not blocked.bars(span):
            return span
    return None


def _begins_inside(text: str, at: int) -> bool:
    """Tell whether a name would begin with the 里 of the place before it: 村里, 屋里, 镇里."""
    return text[at] in signs("place_inside") and text[at - 1 : at] in signs("has_an_inside")


def _crosses(town: _Found, other: _Found) -> bool:
    """Tell whether a place found reaches into a township and is not inside it."""
    return other.place.start < town.place.end and town.place.start < other.place.end and not _inside(other, town)


def _inside(inner: _Found, outer: _Found) -> bool:
    return outer.place.start <= inner.place.start and inner.place.end <= outer.place.end


def _named(text: str, at: int, name: PlaceName, places: Places) -> _Found | None:
    frames = _frames()
    end = at + len(name.surface)
    unless = frames.unless.get(name.surface)
    if (unless and unless.match(text, end)) or _claimed_by_number(text, at, frames):
        return None
    if name.full:
        return _Found(PlaceSpan(at, end, name.surface, name.adcodes), name.use != "chain")
    suffix = frames.suffix.match(text, end) if name.use != "never" else None
    if suffix:
        codes = tuple(code for code in name.adcodes if (places.name(code) or "").endswith(suffix[0])) or name.adcodes
        return _Found(PlaceSpan(at, suffix.end(), text[at : suffix.end()], codes), True)
    framed = _framed(text, at, end, frames)
    last = _is_edge(text, end)
    sure = not name.use or framed
    return _Found(
        PlaceSpan(at, end, name.surface, name.adcodes, sure),
        name.use != "never" and (sure or last),
        name.use != "never",
    )


def _claimed_by_number(text: str, at: int, frames: _Frames) -> bool:
    """Tell whether the first character is the unit of a number: 100平 + 谷仓."""
    return at > 0 and bool(frames.unit.match(text, at)) and bool(frames.number.match(text, at - 1))


def _framed(text: str, start: int, end: int, frames: _Frames) -> bool:
    if _is_edge(text, start - 1) and _is_edge(text, end):
        return True
    return bool(frames.before.search(text, max(0, start - _LOOK_BACK), start) or frames.after.match(text, end))


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
    if not outer.region or not _frames().between.fullmatch(text[outer.place.end : inner.place.start]):
        return None
    codes = tuple(c for c in inner.place.adcodes if any(places.covers(region, c) for region in outer.place.adcodes))
    if not codes:
        return None
    surface = text[outer.place.start : inner.place.end]
    return _Found(PlaceSpan(outer.place.start, inner.place.end, surface, codes), True)


def places_named(text: str, words: Sequence[tuple[int, int]], found: Found, hits: Hits) -> tuple[PlaceSpan, ...]:
    """Return the places named beside other words; one whose name holds a word of goods is one as well: 水头镇."""
    goods = {span[:2] for span in found.spans if span.kind in GOODS or span.kind == "block"}
    return tuple(find_places(text, words, hits=hits, goods=goods))


def without_names(found: Found, text: str, places: Sequence[PlaceSpan]) -> tuple[Found, str]:
    """Return the words and a text without the names of places, where one holds a word of goods: the tap of 水头镇.

    What stood in their place are commas, so that every other word stands where it was.
    """
    names = [(place.start, place.end) for place in places]
    inside = [
        s for s in found.spans if s.kind in GOODS and any(low <= s.start and s.end <= high for low, high in names)
    ]
    if not inside:
        return found, text
    for low, high in names:
        text = f"{text[:low]}{',' * (high - low)}{text[high:]}"
    return found._replace(spans=tuple(span for span in found.spans if span not in inside)), text
