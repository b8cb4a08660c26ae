"""The grammar of amounts, read from `locales/zh_Hans_CN/amounts.tsv` and `units.tsv`, and the readings of its rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from handlers.understanding.numbers import numerals, parse_number
from handlers.understanding.spans import Dimension
from handlers.understanding.word_tables import WORDS, rows


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as said. `factor` times the number gives the canonical unit of `dimension`."""

    word: str
    name: str
    dimension: Dimension
    factor: Decimal
    tail: bool


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


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of amounts.tsv with its pattern composed."""

    name: str
    reading: str
    figures: tuple[Decimal, ...]
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Everything that `find_quantities` looks up."""

    start: re.Pattern[str]
    rules: Mapping[str, tuple[Rule, ...]]
    any_shape: re.Pattern[str]
    before: re.Pattern[str]
    parts: Mapping[str, str]
    units: Mapping[str, Unit]
    unit: re.Pattern[str]
    date: re.Pattern[str]
    piece: re.Pattern[str]
    pieces: frozenset[str]  # units that may count pieces: 块
    tail: re.Pattern[str]
    half: re.Pattern[str]
    per: re.Pattern[str]
    each: re.Pattern[str]
    one_each: re.Pattern[str]
    than: re.Pattern[str]
    code: re.Pattern[str]
    row: re.Pattern[str]
    run: re.Pattern[str]
    refuse: re.Pattern[str]
    alone: re.Pattern[str]
    label: re.Pattern[str]
    label_before: re.Pattern[str]


@cache
def grammar() -> Grammar:
    """Load both tables once. Raises ValueError naming a rule whose pattern cannot be read."""
    lines = list(rows(WORDS / "amounts.tsv"))
    parts: dict[str, str] = {}
    for group, name, _, pattern in lines:
        if group == "part":
            parts[name] = _compose(pattern, parts)
    units, unit = _units()
    rules: dict[str, list[Rule]] = {}
    for group, name, reading, pattern in lines:
        if group != "part":
            rules.setdefault(group, []).append(_rule(name, reading, _compose(pattern, parts)))
    shapes = "|".join(f"(?:{_nameless(rule.pattern.pattern)})" for rule in rules["shape"])
    before = "|".join(f"(?P<b{index}>{rule.pattern.pattern})" for index, rule in enumerate(rules["before"]))
    return Grammar(
        start=re.compile(parts["start"]),
        rules={group: tuple(members) for group, members in rules.items()},
        any_shape=re.compile(shapes),
        before=re.compile(before),
        parts=parts,
        units=units,
        unit=unit,
        date=re.compile(parts["date"]),
        piece=re.compile(parts["piece"]),
        pieces=frozenset(parts["pieces"].split("|")),
        tail=re.compile(parts["tail"]),
        half=re.compile(parts["half"]),
        per=re.compile(parts["per"]),
        each=re.compile(parts["each"]),
        one_each=re.compile(parts["oneeach"]),
        than=re.compile(parts["than"]),
        code=re.compile(parts["code"]),
        row=re.compile(parts["row"]),
        run=re.compile(parts["run"]),
        refuse=re.compile(parts["refuse"]),
        alone=re.compile(parts["alone"]),
        label=re.compile(parts["label"]),
        label_before=re.compile(parts["labelbefore"]),
    )


def _compose(pattern: str, parts: Mapping[str, str]) -> str:
    """Put the named parts in; {2,3} and the like stay."""
    return re.sub(r"\{([A-Za-z]\w*)\}", lambda match: parts[match[1]], pattern)


def _nameless(pattern: str) -> str:
    """Drop the names of groups: a name may stand once in a pattern."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


def _rule(name: str, reading: str, pattern: str) -> Rule:
    method, *figures = reading.split()
    try:
        return Rule(name, method, tuple(map(Decimal, figures)), re.compile(pattern))
    except re.error as error:
        raise ValueError(f"amounts.tsv, rule {name}: {error}") from error


def _units() -> tuple[dict[str, Unit], re.Pattern[str]]:
    units: dict[str, Unit] = {}
    patterns: dict[str, str] = {}
    for word, name, dimension, factor, tail, unless in rows(WORDS / "units.tsv"):
        units[word] = Unit(word, name, dimension, Decimal(factor), bool(tail))  # type: ignore[arg-type]  # a test checks the names
        latin = word[-1].isascii() and word[-1].isalnum()
        unless = "|".join(filter(None, (unless, "[a-z0-9]" if latin else "")))
        patterns[word] = re.escape(word) + (f"(?!{unless})" if unless else "")
    longest_first = sorted(patterns, key=lambda word: (-len(word), word))
    return units, re.compile(" ?(" + "|".join(patterns[word] for word in longest_first) + ")")


def longest_number(text: str, start: int, end: int) -> tuple[Decimal, int] | None:
    """Return the number at `start` and where it ends, the longest that can be read before `end`."""
    rules = grammar()
    for stop in range(end, start, -1):
        if rules.one_each.match(text, stop - 2):
            continue  # 三百一平 is 300 for one
        value = parse_number(text[start:stop])
        if value is not None and not (stop < len(text) and rules.row.fullmatch(text, start, stop + 1)):
            return value, stop
    return None


def _exact(match: re.Match[str], rule: Rule) -> Amount | None:
    number = longest_number(match.string, match.start("n"), match.end())
    return number and Amount(number[0], number[0], False, number[1], rule.name)


def _half(match: re.Match[str], rule: Rule) -> Amount | None:
    return Amount(Decimal("0.5"), Decimal("0.5"), False, match.end(), rule.name)


def _kilo(match: re.Match[str], rule: Rule) -> Amount | None:
    value = Decimal(match["n"]) * rule.figures[0]
    return Amount(value, value, False, match.end(), rule.name)


def _cued(match: re.Match[str], rule: Rule) -> Amount | None:
    """Read 1w as ten thousand only where money is spoken of: 36w is a lamp."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    cues = grammar().rules["cue"]
    return _kilo(match, rule) if any(cue.pattern.search(before) for cue in cues) else None


def _kilorange(match: re.Match[str], rule: Rule) -> Amount | None:
    low, high = Decimal(match["a"]) * 1000, Decimal(match["b"]) * 1000
    return Amount(low, high, False, match.end(), rule.name) if low < high else None


def _one_unit(match: re.Match[str], rule: Rule) -> Amount | None:
    value = _unit_value(match["u"])
    return Amount(value, value, False, match.end(), rule.name)


def _fixed(match: re.Match[str], rule: Rule) -> Amount | None:
    low, high = rule.figures
    return Amount(low, high, True, match.end(), rule.name)


def _unit_value(text: str) -> Decimal:
    known = numerals().units
    value = Decimal(1)
    for char in text:
        value *= known[char]
    return value


def _few(match: re.Match[str], rule: Rule) -> Amount | None:
    unit = _unit_value(match["u"])
    low, high = (figure * unit for figure in rule.figures)
    return Amount(low or None, high, True, match.end(), rule.name)


def _over(match: re.Match[str], rule: Rule) -> Amount | None:
    return Amount(_unit_value(match["u"]), None, True, match.end(), rule.name)


def _range(match: re.Match[str], rule: Rule) -> Amount | None:
    low, second = parse_number(match["a"]), longest_number(match.string, match.start("b"), match.end("b"))
    if low is None or second is None:
        return None
    high, end = second
    known = numerals().units
    carried = next((known[char] for char in match["b"] if char in known), 1)
    if carried > 1 and low < 100 and low < high / carried and not any(char in known for char in match["a"]):
        low *= carried  # 3到5千, 1.5-2万: the unit is said once
    return Amount(low, high, False, end, rule.name) if low < high else None


def _adjacent(match: re.Match[str], rule: Rule) -> Amount | None:
    first, second = _digit(match["a"]), _digit(match["b"])
    if not 0 < first < second or second - first > 2:  # 三五百 is said, 三八百 is not
        return None
    unit, base = _unit_value(match["u"]), Decimal(0)
    if match["h"]:
        head = _head(match["h"])
        if head is None:
            return None
        base, last = head
        unit = unit if match["u"] else last / 10 or Decimal(1)
    high = base + second * unit
    if match.groupdict().get("to"):
        high = parse_number(match["to"]) or high
    return Amount(base + first * unit, high, False, match.end(), rule.name)


def _digit(text: str) -> Decimal:
    return parse_number(text) or Decimal(0)


def _head(text: str) -> tuple[Decimal, Decimal] | None:
    """Return the value of 一百 or 十 and that of its last unit."""
    value = parse_number(text)
    return None if value is None else (value, _unit_value(text[-1]))


def _step(value: Decimal) -> Decimal:
    """Return the worth of the last place that is not zero: 300 → 100, 150 → 10."""
    return Decimal(1).scaleb(value.normalize().as_tuple().exponent)  # type: ignore[arg-type]  # finite


def _teens(match: re.Match[str], rule: Rule) -> Amount | None:
    value = parse_number(match["n"])
    if value is None:
        return None
    times = _unit_value(match["u"]) if match["u"] else Decimal(1)
    if times < value >= 100:
        times = Decimal(1)  # 一千几百: the unit belongs to what is left open
    return Amount(value * times, (value + _step(value)) * times, True, match.end(), rule.name)


def _more(match: re.Match[str], rule: Rule) -> Amount | None:
    return _teens(match, rule)


def _around(match: re.Match[str], rule: Rule) -> Amount | None:
    value = parse_number(match["n"])
    if value is None:
        return None
    value *= _unit_value(match["u"]) if match["u"] else 1
    return Amount(value * Decimal("0.8"), value * Decimal("1.2"), True, match.end(), rule.name)


def _nearly(match: re.Match[str], rule: Rule) -> Amount | None:
    number = longest_number(match.string, match.start("n"), match.end())
    if number is None or number[0] < 100:  # 小三 is no amount
        return None
    return Amount(number[0] * Decimal("0.8"), number[0], True, number[1], rule.name)


FORM_READINGS: Mapping[str, Callable[[re.Match[str], Rule], Amount | None]] = {
    "exact": _exact,
    "half": _half,
    "kilo": _kilo,
    "cued": _cued,
    "kilorange": _kilorange,
    "unit": _one_unit,
    "fixed": _fixed,
    "few": _few,
    "over": _over,
    "range": _range,
    "adjacent": _adjacent,
    "teens": _teens,
    "more": _more,
    "around": _around,
    "nearly": _nearly,
}


def read_form(text: str, start: int, stop: int) -> Amount | None:
    """Return the amount that begins at `start`, by the first form that reads it."""
    for rule in grammar().rules["form"]:
        match = rule.pattern.match(text, start, stop)
        amount = match and FORM_READINGS[rule.reading](match, rule)
        if amount:
            return amount
    return None
