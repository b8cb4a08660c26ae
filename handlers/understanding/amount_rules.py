"""The grammar of amounts, read from `locales/zh_Hans_CN/amounts.tsv` and `units.tsv`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import get_args

from handlers.understanding.needed import Needed, PossiblePatterns, needed_sets
from handlers.understanding.numbers import LONGEST, parse_number
from handlers.understanding.spans import Dimension
from handlers.understanding.word_tables import WORDS, rows


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as said. `factor` times the number gives the canonical unit of `dimension`; `tail`: 一米二 is said."""

    word: str
    name: str
    dimension: Dimension
    factor: Decimal
    tail: bool

    @property
    def price_per(self) -> str:
        """Return what a price for one of it is called: m2 for 平 and 平方, otherwise the word itself."""
        return self.name if self.dimension == "area" and self.factor == 1 else self.word


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or a range before its unit is known. Both ends included, None = open."""

    low: Decimal | None
    high: Decimal | None
    approximate: bool
    end: int
    rule: str

    @property
    def exact(self) -> bool:
        """Tell whether it is one number."""
        return self.low == self.high and not self.approximate


@dataclass(frozen=True)
class Rule:
    """A line of amounts.tsv. Its pattern is compiled when it is first tried: a start takes no longer than it must."""

    name: str
    reading: str
    figures: tuple[Decimal, ...]
    source: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the composed pattern. Raises ValueError naming the rule when it cannot be read."""
        try:
            return re.compile(self.source)
        except re.error as error:
            raise ValueError(f"amounts.tsv, rule {self.name}: {error}") from error

    @cached_property
    def needed(self) -> Needed:
        """Return what stands in every text that the pattern matches."""
        return needed_sets(self.source)


class Parts(dict[str, re.Pattern[str]]):
    """The named parts, compiled when first used."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        super().__init__()
        self.sources = sources

    def __missing__(self, name: str) -> re.Pattern[str]:
        self[name] = re.compile(self.sources[name])
        return self[name]


@dataclass(frozen=True)
class Grammar:
    """Everything that `find_quantities` looks up."""

    parts: Parts
    rules: Mapping[str, tuple[Rule, ...]]
    units: Mapping[str, Unit]
    unit_source: str

    @cached_property
    def unit(self) -> re.Pattern[str]:
        """Return the pattern of any unit, the longest word first."""
        return re.compile(self.unit_source)

    @cached_property
    def before(self) -> re.Pattern[str]:
        """Return all patterns of bounds before an amount as one; group r3 is the fourth rule."""
        return self._one_of("before")

    @cached_property
    def after(self) -> re.Pattern[str]:
        """Return all patterns of bounds after an amount as one."""
        return self._one_of("after")

    def _one_of(self, group: str) -> re.Pattern[str]:
        return re.compile("|".join(f"(?P<r{index}>{rule.source})" for index, rule in enumerate(self.rules[group])))


@lru_cache(maxsize=256)
def possible(group: str, text: str) -> tuple[Rule, ...]:
    """Return the rules of a group that may match in a text: most need a word that it does not have."""
    rules = grammar().rules[group]
    return tuple([rules[number] for number in _patterns(group).numbers(_characters_of(text))])


@lru_cache(maxsize=256)
def may_hold(part: str, text: str) -> bool:
    """Tell whether a named part may match in a text."""
    return not any(map(_characters_of(text).isdisjoint, _part_needs(part)))


@lru_cache(maxsize=8)
def _characters_of(text: str) -> frozenset[str]:
    return frozenset(text)


@cache
def _part_needs(part: str) -> Needed:
    return needed_sets(grammar().parts.sources[part])


@cache
def _patterns(group: str) -> PossiblePatterns:
    return PossiblePatterns([rule.needed for rule in grammar().rules[group]])


@cache
def grammar() -> Grammar:
    """Load both tables once. Raises ValueError naming the line that is wrong."""
    sources: dict[str, str] = {}
    rules: dict[str, list[Rule]] = {}
    for group, name, reading, pattern in rows(WORDS / "amounts.tsv"):
        composed = re.sub(r"\{([A-Za-z]\w*)\}", lambda match: sources[match[1]], pattern)
        if group == "part":
            sources[name] = composed
        else:
            method, *figures = reading.split()
            rules.setdefault(group, []).append(Rule(name, method, tuple(map(Decimal, figures)), composed))
    units, unit_source = _units()
    return Grammar(Parts(sources), {group: tuple(members) for group, members in rules.items()}, units, unit_source)


def _units() -> tuple[dict[str, Unit], str]:
    units: dict[str, Unit] = {}
    patterns: dict[str, str] = {}
    dimensions = get_args(Dimension)
    for word, name, dimension, factor, tail, unless in rows(WORDS / "units.tsv"):
        if dimension not in dimensions:
            raise ValueError(f"units.tsv, {word}: unknown dimension {dimension}")
        units[word] = Unit(word, name, dimensions[dimensions.index(dimension)], Decimal(factor), bool(tail))
        latin = "[a-z0-9]" if word[-1].isascii() and word[-1].isalnum() else ""
        stops = "|".join(filter(None, (unless, latin)))
        patterns[word] = re.escape(word) + (f"(?!{stops})" if stops else "")
    longest_first = sorted(patterns, key=lambda word: (-len(word), word))
    return units, " ?(" + "|".join(patterns[word] for word in longest_first) + ")"


def read_number(text: str, start: int, stop: int) -> tuple[Decimal, int] | None:
    """Return the number at `start` and where it ends, the longest that can be read before `stop`."""
    parts = grammar().parts
    run = parts["N"].match(text, start, stop)
    if run is None or run.end() - start > LONGEST:
        return None
    for end in range(run.end(), start, -1):
        if parts["oneeach"].match(text, end - 2):
            continue  # 三百一平 is 300 for one
        value = parse_number(text[start:end])
        if value is not None and not (end < len(text) and parts["row"].fullmatch(text, start, end + 1)):
            return value, end
    return None
