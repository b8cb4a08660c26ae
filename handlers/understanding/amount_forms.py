"""Read amounts that are more than one number: 三五百, 好几百, 十几, 两百来, 三百多, 3到5千."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from handlers.understanding.amount_rules import Amount, Rule, grammar, possible, read_number
from handlers.understanding.numbers import numerals, parse_number

_ABOUT = (Decimal("0.8"), Decimal("1.2"))  # 来: as 左右 in the answer format
_FARTHEST_DIGITS = 2  # 三五百 is said, 三八百 is not
_SMALLEST_NEARLY = 100  # 小一百; 小三 is no amount
_MOST_IN_W = 30  # 3w and 1.5w are money as a limit; 36w is not said of money
_CARRIES = 100  # 3到5千: a number below this takes the unit of the second

Number = tuple[Decimal, int]
_Lead = Callable[["re.Match[str]", Rule], "Amount | None"]
_Tail = Callable[[Decimal, "re.Match[str]", Rule], "Amount | None"]


def read_form(text: str, start: int, stop: int, number: Number | None) -> Amount | None:
    """Return the amount at `start`. `number` is the plain number there, if any; the words' own forms come first."""
    first, known = text[start], numerals()
    if not first.isdigit():
        group = "lead" if first in known.digits or known.units.get(first) == 10 else "word"
        for rule in possible(group, text):
            match = rule.pattern.match(text, start, stop)
            amount = match and _LEADS[rule.reading](match, rule)
            if amount:
                return amount
    if number is None:
        return None
    value, end = number
    for rule in possible("tail", text):
        match = rule.pattern.match(text, end, stop)
        amount = match and _TAILS[rule.reading](value, match, rule)
        if amount:
            return amount
    return None


def _unit_value(text: str) -> Decimal:
    known = numerals().units
    value = Decimal(1)
    for char in text:
        value *= known[char]
    return value


def _range(low: Decimal, high: Decimal, match: re.Match[str], rule: Rule) -> Amount:
    return Amount(low, high, True, match.end(), rule.name)


def _fixed(match: re.Match[str], rule: Rule) -> Amount | None:
    return _range(rule.figures[0], rule.figures[1], match, rule)


def _few(match: re.Match[str], rule: Rule) -> Amount | None:
    unit = _unit_value(match["u"])
    return Amount(rule.figures[0] * unit or None, rule.figures[1] * unit, True, match.end(), rule.name)


def _over(match: re.Match[str], rule: Rule) -> Amount | None:
    return Amount(_unit_value(match["u"]), None, True, match.end(), rule.name)


def _one_unit(match: re.Match[str], rule: Rule) -> Amount | None:
    value = _unit_value(match["u"])
    return Amount(value, value, False, match.end(), rule.name)


def _tenth(match: re.Match[str], rule: Rule) -> Amount:
    """Read 千五 as 1,500 and 万八 as 18,000: the one before the unit is left out."""
    unit = _unit_value(match["u"])
    value = unit + (parse_number(match["t"]) or Decimal(0)) * unit / 10
    return Amount(value, value, False, match.end(), rule.name)


def _half(match: re.Match[str], rule: Rule) -> Amount | None:
    return Amount(Decimal("0.5"), Decimal("0.5"), False, match.end(), rule.name)


def _adjacent(match: re.Match[str], rule: Rule) -> Amount | None:
    """Read two digits in a row, with what stands before and after them: 一百四五十, 十七八, 七八百一千."""
    first, second = parse_number(match["a"]) or Decimal(0), parse_number(match["b"]) or Decimal(0)
    if first == 3 and second == 2:
        first, second = second, first  # 三两天
    if not 0 < first < second <= first + _FARTHEST_DIGITS:
        return None
    unit, base = _unit_value(match["u"]), Decimal(0)
    if match["h"]:
        head = parse_number(match["h"])
        if head is None:
            return None
        base = head
        unit = unit if match["u"] else max(Decimal(1), _unit_value(match["h"][-1]) / 10)
    farther = parse_number(match["to"]) if match.groupdict().get("to") else None
    if farther is not None and farther < base + second * unit:
        return None  # 三百两三百三百 is no range
    return Amount(base + first * unit, farther or base + second * unit, False, match.end(), rule.name)


def _teens(match: re.Match[str], rule: Rule) -> Amount | None:
    value = parse_number(match["n"])
    return None if value is None else _open(value, match, rule)


def _open(value: Decimal, match: re.Match[str], rule: Rule) -> Amount:
    """Read a number whose last place is left open: 十几万, 三百多, 一千几百 (whose unit belongs to what is left open)."""
    times = _unit_value(match["u"]) if match["u"] else Decimal(1)
    if times < value and value >= _CARRIES:
        times = Decimal(1)
    exponent = value.normalize().as_tuple().exponent
    step = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return _range(value * times, (value + step) * times, match, rule)


def _nearly(match: re.Match[str], rule: Rule) -> Amount | None:
    number = read_number(match.string, match.end(), len(match.string))
    if number is None or number[0] < _SMALLEST_NEARLY:
        return None
    return Amount(number[0] * _ABOUT[0], number[0], True, number[1], rule.name)


def _more(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    return _open(value, match, rule)


def _around(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    value *= _unit_value(match["u"]) if match["u"] else 1
    return _range(value * _ABOUT[0], value * _ABOUT[1], match, rule)


def _times(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    value *= rule.figures[0]
    return Amount(value, value, False, match.end(), rule.name)


def _cued(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    """Read 1w as ten thousand only where money is spoken of, or a small figure is a limit and nothing has watts: 36w is a lamp."""
    parts = grammar().parts
    before = match.string[: match.start()].rstrip("0123456789.")[-8:]
    limit = value <= _MOST_IN_W and parts["wlimit"].match(match.string, match.end())
    if any(cue.pattern.search(before) for cue in possible("cue", match.string)) or (
        limit and not parts["powered"].search(match.string)
    ):
        return _times(value, match, rule)
    return None


def _pair(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    second, unit = Decimal(match["b"]), _unit_value(match["u"])
    return Amount(value * unit, second * unit, False, match.end(), rule.name) if value < second else None


def _kilorange(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    low, high = value * 1000, Decimal(match["b"]) * 1000
    return Amount(low, high, False, match.end(), rule.name) if low < high else None


def _to(value: Decimal, match: re.Match[str], rule: Rule) -> Amount | None:
    second = read_number(match.string, match.end(), match.endpos)
    if second is None:
        return None
    high, end = second
    known = numerals().units
    carried = next((known[char] for char in match.string[match.end() : end] if char in known), 1)
    low = value
    below = low < _CARRIES and low * carried < high
    if carried > 1 and below and match.string[match.start() - 1] not in known:
        low *= carried  # 3到5千, 1.5-2万: the unit is said once
    return Amount(low, high, False, end, rule.name) if low < high else None


_LEADS: Mapping[str, _Lead] = {
    "fixed": _fixed,
    "few": _few,
    "over": _over,
    "unit": _one_unit,
    "half": _half,
    "tenth": _tenth,
    "adjacent": _adjacent,
    "teens": _teens,
    "nearly": _nearly,
}
_TAILS: Mapping[str, _Tail] = {
    "more": _more,
    "around": _around,
    "times": _times,
    "cued": _cued,
    "pair": _pair,
    "kilorange": _kilorange,
    "range": _to,
}
