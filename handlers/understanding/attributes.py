"""Values of product attributes in an utterance: 400坑距, 三玻的窗, R11的砖, 42.5 水泥, 铜的龙头."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property

import ahocorasick_rs

from handlers.understanding.amount_rules import grammar
from handlers.understanding.attribute_bounds import bounded, bounded_before, bounded_in_unit
from handlers.understanding.normalise import folded
from handlers.understanding.numbers import numerals, parse_number
from handlers.understanding.value_forms import had_or_not, named_forms, other_units, spoken_forms, stem_of
from handlers.understanding.word_search import Hits, WordSearch
from handlers.understanding.word_tables import signs

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LEADING_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z一-鿿°%]*)")
_FIGURED = re.compile(r"([a-z≤≥]*)\s*(\d+(?:\.\d+)?)\s*([a-z一-鿿°%/]*[23]?)")  # ra90, r10, 120kg/m3
_HAN = re.compile("[一-鿿]+")
_COUNTED = frozenset({"money", "stars", "count", "time", "area", "coats", "rooms", "grade"})  # no measure of a thing
_SHAPE = 2  # characters of 方形
_AS_FAR = 4  # times as little or as much as the catalogue's values is still on their scale
_NEAR = 4  # characters between an attribute's name and its number
_BREAKS = ("", " ", ",")  # what stands around a word said alone
_SHORT_VALUE = 4  # characters of a value's name
_MOST_VALUES = 4_000  # more distinct values than this are codes, not words that people say


@dataclass(frozen=True, slots=True)
class AttributeSpan:
    """An attribute value said: the values of the catalogue that it may mean."""

    start: int
    end: int
    name: str
    values: tuple[str, ...]
    measured: bool = False  # a figure beside the attribute's name, 四百坑距: no amount of anything else
    others: tuple[tuple[str, tuple[str, ...]], ...] = ()  # of other attributes by the same word: 铜 of taps, of valves

    @property
    def in_a_phrase(self) -> bool:
        """Tell whether the value is told in a phrase, whose words ask nothing: 左右手都能装."""
        return self.measured or self.end - self.start > _SHORT_VALUE


class AttributeScanner:
    """Knows the attribute names and values of one catalogue."""

    def __init__(self, attributes: Mapping[str, Sequence[str]], taken: frozenset[str] = frozenset()) -> None:
        """Take attribute name → values; surfaces in `taken` mean something else already."""
        self._surfaces: dict[str, dict[str, list[str]]] = {}
        self._numbers: dict[str, dict[str, list[str]]] = {}
        self._name_of: dict[str, str] = {}  # by what an attribute is called before its figure
        self._bare: dict[str, list[tuple[str, str]]] = {}
        self._counted: dict[str, dict[str, list[tuple[str, str]]]] = {}  # unit → figure → (name, value): 3匹
        self._scales: dict[tuple[str, str], dict[str, list[tuple[str, str]]]] = {}  # (letters, unit) → as above
        self._opening: set[str] = set()  # what counts only where a clause begins: 方的, but not 12立方的
        for name, values in attributes.items():
            if len(values) > _MOST_VALUES:
                continue
            for said, held in had_or_not(folded(name), values).items():
                if said not in taken:
                    self._surfaces.setdefault(said, {}).setdefault(name, []).extend(held)
            for value in values:
                self._add(folded(name), name, value, taken)
        self.words = tuple(self._surfaces)  # the values that are looked for in a text
        self._names = [name for name in self._numbers if name]
        self._named = ahocorasick_rs.AhoCorasick(self._names)

    def _add(self, spoken_name: str, name: str, value: str, taken: frozenset[str]) -> None:
        word = folded(value)
        number = _LEADING_NUMBER.fullmatch(word)
        if number and not number[2]:
            self._bare.setdefault(number[1], []).append((name, value))
        elif word:
            known = {form for form in spoken_forms(word) if form == word or form not in spoken_name}
            self._say(known - taken, name, value)
            if number and word not in taken:
                self._add_counted(number, name, value)
        self._say(set(named_forms(word, spoken_name)) - taken, name, value)  # 夹胶玻璃 of 玻璃=夹胶
        self._add_shape(word, name, value, taken)
        if figured := _FIGURED.fullmatch(word):
            for called in {spoken_name, stem_of(spoken_name)}:  # 开孔75 of 开孔尺寸
                if len(called) >= _SHAPE:
                    self._name_of.setdefault(called, name)
                    self._numbers.setdefault(called, {}).setdefault(figured[2], []).append(value)
            self._note_scale(figured, name, value)

    def _say(self, surfaces: Collection[str], name: str, value: str) -> None:
        """Note what people say for a value."""
        for surface in sorted(surfaces):
            self._surfaces.setdefault(surface, {}).setdefault(name, []).append(value)

    def _note_scale(self, figured: re.Match[str], name: str, value: str) -> None:
        """Note a value by the letters before its figure and the unit behind it, where amounts do not know that unit: ip65, 32a."""
        before, figure, unit = figured.groups()
        known = grammar().units.get(unit)
        if before or (unit and not _HAN.fullmatch(unit) and known is None) or (known and known.dimension == "area"):
            self._scales.setdefault((before, unit), {}).setdefault(figure, []).append((name, value))

    def _add_counted(self, number: re.Match[str], name: str, value: str) -> None:
        """Note a figure with what people say for its unit: 3匹, 16安 of 16A."""
        for unit in (number[2], *other_units(number[2])):
            if _HAN.fullmatch(unit) or unit in signs("spelled_unit"):
                self._counted.setdefault(unit, {}).setdefault(number[1], []).append((name, value))

    def _add_shape(self, word: str, name: str, value: str, taken: frozenset[str]) -> None:
        """Note how a shape is told of goods behind it: 方的吸顶灯."""
        if len(word) != _SHAPE or not word.endswith(tuple(signs("shaped"))):
            return
        for said in (word[0] + of for of in signs("of")):
            if said not in taken:
                self._opening.add(said)
                self._surfaces.setdefault(said, {}).setdefault(name, []).append(value)

    @cached_property
    def _search(self) -> WordSearch:
        return WordSearch(self.words)

    def scan(
        self,
        text: str,
        blocked: Sequence[tuple[int, int]] = (),
        goods: Collection[int] = (),
        hits: Hits | None = None,
        behind: Collection[int] = (),
    ) -> list[AttributeSpan]:
        """Return the values said in a normalised text, longest first, none overlapping. `goods` are where goods begin: 铜|花洒.

        `behind`: where they end; `hits`: where `words` stand, when they have been looked for already.
        """
        hits = self._search.find_one(text) if hits is None else hits
        found = self._words_said(text, goods, hits, behind) if hits else []
        if self.may_count(text):
            found = [*found, *self._named_numbers(text), *self._bare_numbers(text), *self._spelled_numbers(text)]
            found += self._limits(text)
        if not found:
            return found
        found.sort(key=lambda span: (span.start - span.end, span.start))
        kept: list[AttributeSpan] = []
        for span in found:
            over = any(_crosses(span, start, end) for start, end in blocked)
            if not over and all(span.end <= other.start or span.start >= other.end for other in kept):
                kept.append(span)
        return sorted(kept, key=lambda span: span.start)

    def knows(self, word: str) -> bool:
        """Tell whether a word is a value, or what people say for one."""
        return word in self._surfaces

    def may_count(self, text: str) -> bool:
        """Tell whether a text has a figure or a numeral that may be a value."""
        return not _figures().isdisjoint(text)

    def _words_said(
        self, text: str, goods: Collection[int], hits: Hits, behind: Collection[int]
    ) -> list[AttributeSpan]:
        spans = []
        for index, start, end in hits:
            if not _edges(text, start, end):
                continue
            if end - start == 1 and not (end in goods or self._counts_alone(text, start, end, index, behind)):
                continue
            if (
                self.words[index] in self._opening
                and start not in behind
                and text[start - 1 : start] not in ("", *signs("clause_end"))
            ):
                continue
            told = [(name, tuple(dict.fromkeys(values))) for name, values in self._names_of(self.words[index])]
            begins = [_called(text, start, name) for name, _ in told]  # 防滑等级r11: its name before it is part of it
            named = [number for number, begin in enumerate(begins) if begin < start]
            for number in named or range(1):  # one of several that have it: which is told by the kind
                others = tuple(one for one in told if one is not told[number])
                counted = text[start] in _spelled() and end - start > _SHAPE  # 三个孔: no three of anything
                measured = counted or begins[number] < start
                spans.append(AttributeSpan(begins[number], end, *told[number], measured, others))
        return spans

    def _names_of(self, word: str) -> list[tuple[str, list[str]]]:
        """Return the attributes that a word is said of, first those of which it is the whole value: 双玻, then 双面双玻."""
        named = list(self._surfaces[word].items())
        return sorted(named, key=lambda one: word not in map(folded, one[1])) if len(named) > 1 else named

    def _counts_alone(self, text: str, start: int, end: int, index: int, behind: Collection[int]) -> bool:
        """Tell whether a value of one character is said, and is no part of a word: 铜的, 材质铜, 花洒铜."""
        last = text[end : end + 1] in _BREAKS
        if (not last and text[end] in signs("material_after")) or (last and start in behind):
            return True
        return any(_called(text, start, name) < start for name in self._surfaces[self.words[index]])

    def _named_numbers(self, text: str) -> list[AttributeSpan]:
        """Find 坑距400, 400坑距 and 四百坑距: the attribute's name with its number beside it."""
        spans: list[AttributeSpan] = []
        named: dict[int, int] = {}
        for index, start, _ in self._named.find_matches_as_indexes(text, overlapping=True):
            named.setdefault(index, start)
        if not named:
            return spans
        numbers = list(_numbers_in(text))
        for index, at in sorted(named.items()):
            called = self._names[index]
            name, values = self._name_of.get(called, called), self._numbers[called]
            if bound := bounded(text, at + len(called), numbers, values):
                end, within = bound
                spans.append(AttributeSpan(at, end, name, within, True))
                continue
            if bound_before := bounded_before(text, (at, at + len(called)), numbers, values):
                begin, end, within = bound_before
                spans.append(AttributeSpan(begin, end, name, within, True))
                continue
            beside = [n for n in _beside(text, at, at + len(called), numbers) if n[2] in values]
            if beside:
                own = tuple(dict.fromkeys(value for _, _, number in beside for value in values[number]))
                begin, end = min(at, beside[0][0]), max(at + len(called), beside[-1][1])
                spans.append(AttributeSpan(begin, end, name, own, True))
        return spans

    def _spelled_numbers(self, text: str) -> list[AttributeSpan]:
        """Find 三匹 and 九千转: a value of the catalogue whose figure is written in characters."""
        spans: list[AttributeSpan] = []
        if _spelled().isdisjoint(text):
            return spans
        for unit, figures in self._counted.items():
            if unit not in text:
                continue
            for match in _numeral_runs().finditer(text):
                number = parse_number(match.group())
                end = match.end() + text.startswith("个", match.end())  # 四|个|平方
                told = figures.get(f"{number:f}") if number is not None and text.startswith(unit, end) else None
                if told:
                    own = tuple(value for name, value in told if name == told[0][0])
                    spans.append(AttributeSpan(match.start(), end + len(unit), told[0][0], own))
        return spans

    def _limits(self, text: str) -> Iterator[AttributeSpan]:
        """Yield 6000转以上: a limit in a unit that is the catalogue's own, where no attribute is named."""
        for unit, figures in self._counted.items():
            if unit not in text or unit in signs("spelled_unit") or unit in grammar().units:
                continue
            for number in _numbers_in(text):
                told = text.startswith(unit, number[1]) and bounded_in_unit(text, number, unit, figures)
                if told:
                    yield AttributeSpan(*told, measured=True)
        for (before, unit), figures in self._scales.items():
            if before in text and unit in text:
                yield from _limits_on(text, before, unit, figures)

    def _bare_numbers(self, text: str) -> list[AttributeSpan]:
        """Find a number that is a whole value (42.5), when it has a point; a letter of its class may follow (42.5r)."""
        spans: list[AttributeSpan] = []
        for match in _NUMBER.finditer(text) if "." in text else ():
            values = self._bare.get(match.group())
            start, end = match.span()
            end += text[end : end + 1] in signs("class_letter")
            if values and "." in match.group() and _edges(text, start, end):
                name = values[0][0]
                spans.append(AttributeSpan(start, end, name, tuple(value for other, value in values if other == name)))
        return spans


def _called(text: str, start: int, name: str) -> int:
    """Return where the attribute's name begins before its value, with a word between that only links them; else `start`."""
    linked = start - 1 if start and text[start - 1] in signs("named_so") else start
    begin = linked - len(name)
    return begin if begin >= 0 and text.startswith(folded(name), begin) else start


def _numbers_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of a text, written in digits: 400, 四百."""
    for match in _NUMBER.finditer(text):
        yield *match.span(), match.group()
    for match in _numeral_runs().finditer(text):
        number = parse_number(match.group())
        if number is not None:
            yield *match.span(), f"{number:f}"


def _limits_on(
    text: str, before: str, unit: str, figures: Mapping[str, Sequence[tuple[str, str]]]
) -> Iterator[AttributeSpan]:
    """Yield ip65以上, ra90以上, 32a以上, 2.5平方以上: a limit on a scale that is the catalogue's own; of areas only a figure that is a value."""
    area = unit in grammar().units
    for start, end, figure in _numbers_in(text):
        begin, last = start - len(before), end + len(unit)
        if (
            begin < 0
            or not (text.startswith(before, begin) and text.startswith(unit, end))
            or not _edges(text, begin, last)
        ):
            continue
        told = figure in figures if area else _like(figure, figures)
        if told and (bound := bounded_in_unit(text, (start, end, figure), unit, figures, begin)):
            yield AttributeSpan(*bound, measured=True)


def _like(figure: str, figures: Iterable[str]) -> bool:
    """Tell whether a figure may be one of a scale: 2k is no temperature of light."""
    known = [*map(Decimal, figures)]
    return min(known) / _AS_FAR <= Decimal(figure) <= max(known) * _AS_FAR


def _beside(text: str, begin: int, end: int, numbers: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the numbers behind an attribute's name in its own clause, else those right before it: 35米扬程, not 三星的厚度."""
    behind: list[tuple[int, int, str]] = []
    for number in numbers:
        last = behind[-1][1] if behind else end
        between = text[last : number[0]]
        near = last <= number[0] <= last + _NEAR and signs("clause_end").isdisjoint(between)
        if near and (not behind or any(sign in between for sign in signs("joining"))):
            behind.append(number)
    return behind or [n for n in numbers if n[1] <= begin <= n[1] + _NEAR and _measure(text[n[1] : begin])]


def _measure(between: str) -> bool:
    """Tell whether what stands between a number and an attribute's name is no more than a unit of measure and 的."""
    word = between.strip(" ").rstrip("".join(signs("of")))
    unit = grammar().units.get(word)
    return not word or (unit is not None and unit.dimension not in _COUNTED)


def _crosses(span: AttributeSpan, start: int, end: int) -> bool:
    """Tell whether a value cuts a word or lies in it; a value that holds the whole word and more may stand: 陶瓷阀芯."""
    holds = span.start <= start and end <= span.end and span.end - span.start > end - start
    return span.start < end and span.end > start and not holds


@cache
def _spelled() -> frozenset[str]:
    """Return the characters of numbers that are spelled."""
    known = numerals()
    return frozenset((*known.digits, *known.units))


@cache
def _figures() -> frozenset[str]:
    """Return the characters that a number begins with, in digits or spelled."""
    return _spelled() | frozenset("0123456789")


@cache
def _numeral_runs() -> re.Pattern[str]:
    known = numerals()
    return re.compile(f"[{''.join((*known.digits, *known.units))}]+")


def _edges(text: str, start: int, end: int) -> bool:
    """Refuse to begin or end in the middle of a number or a Latin word."""
    before, first, last, after = text[start - 1 : start], text[start], text[end - 1], text[end : end + 1]
    return not (_tight(before, first) or _tight(last, after))


def _tight(left: str, right: str) -> bool:
    return (
        bool(left and right)
        and left.isascii()
        and right.isascii()
        and (left.isalnum() or left == ".")
        and (right.isalnum() or right == ".")
    )
