"""Limits on an attribute that is named: 扬程40米以上, 坑距不小于350, 功率100瓦以内, 厚度12到18毫米."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from handlers.understanding.amount_rules import grammar
from handlers.understanding.normalise import normalise
from handlers.understanding.word_tables import expression, signs

_BEFORE = 5  # characters between the name and its figure: 扬程|不能低于|40
_A_HAIR = Decimal("1e-9")
_OVER = Decimal("0.2")  # what 出头 widens by


def bounded(
    text: str, after_name: int, numbers: Sequence[tuple[int, int, str]], values: Mapping[str, Sequence[str]]
) -> tuple[int, tuple[str, ...]] | None:
    """Return where a limit on the attribute named before `after_name` ends, and the values within it; None without one.

    `numbers` are those of the text, `values` those of the attribute by their figure.
    """
    number = min((n for n in numbers if after_name <= n[0] <= after_name + _BEFORE), default=None)
    if number is None or any(sign in text[after_name : number[0]] for sign in ",;。的"):
        return None
    start, end, figure = number
    unit = max(_unit_at(text, end), _own_unit(text, end, values), key=len)  # 80kg/m3 is no mass
    end += len(unit)
    start = _letters(text, after_name, start)
    low, high, end = _ends(text, after_name, start, end, Decimal(figure))
    if low is None and high is None:
        return None
    within = _values_within(values, unit, low, high)
    if within is None:
        return None
    return end, within or (text[number[0] : end],)  # 扬程一百米以上, that none has, is what stands in the way


def bounded_before(
    text: str, name: tuple[int, int], numbers: Sequence[tuple[int, int, str]], values: Mapping[str, Sequence[str]]
) -> tuple[int, int, tuple[str, ...]] | None:
    """Return a limit whose figure stands before the attribute's name, with where it begins and ends: 40米扬程以上."""
    for start, end, figure in numbers:
        unit = max(_unit_at(text, end), _own_unit(text, end, values), key=len)
        between = text[end + len(unit) : name[0]]
        if end + len(unit) > name[0] or (between and between not in signs("of")):
            continue
        low, high, last = _ends(text, max(0, start - _BEFORE), start, name[1], Decimal(figure))
        within = None if low is None and high is None else _values_within(values, unit, low, high)
        if within is not None:
            return start, last, within or (text[start : end + len(unit)],)
    return None


def _values_within(
    values: Mapping[str, Sequence[str]], unit: str, low: Decimal | None, high: Decimal | None
) -> tuple[str, ...] | None:
    """Return the values inside a limit, smallest first; None where none can be compared with its unit."""
    comparable = sorted(
        (Decimal(known) / scale, value)
        for known, several in values.items()
        for value in several
        if (scale := _scale(value, known, unit)) is not None
    )
    within = [v for size, v in comparable if (low is None or size >= low) and (high is None or size <= high)]
    return tuple(within) if comparable else None


def bounded_in_unit(
    text: str,
    number: tuple[int, int, str],
    unit: str,
    values: Mapping[str, Sequence[tuple[str, str]]],
    letters: int | None = None,
) -> tuple[int, int, str, tuple[str, ...]] | None:
    """Return where a limit in a unit of the catalogue's own begins and ends, its attribute and the values within: 6000转以上.

    `values`: the names and the values of the attributes by their figure; `letters`: where those before the figure begin: ip65.
    """
    start, end, figure = number
    start = start if letters is None else letters
    begin = max(0, start - _BEFORE)
    low, high, last = _ends(text, begin, start, end + len(unit), Decimal(figure))
    if low is None and high is None:
        return None
    before = grammar().before.search(text, begin, start)
    start = before.start() if before else start  # 不低于|6000转
    sizes = sorted((Decimal(known), name, value) for known, told in values.items() for name, value in told)
    name = values[figure][0][0] if figure in values else sizes[0][1]
    within = [
        value
        for size, other, value in sizes
        if other == name and (low is None or size >= low) and (high is None or size <= high)
    ]
    return start, last, name, tuple(within) or (text[start:last],)


def _ends(text: str, begin: int, start: int, end: int, figure: Decimal) -> tuple[Decimal | None, Decimal | None, int]:
    """Return both ends of what is allowed (none: no limit was said) and where the words of the limit end."""
    if second := expression("range_to").match(text, end):
        last = second.end() + len(_unit_at(text, second.end()))
        return figure, Decimal(second[1]), last
    rules, bound = grammar(), ""
    before = rules.before.search(text, begin, start)
    behind = rules.after.match(text, end)
    if before and before.lastgroup:
        bound = rules.rules["before"][int(before.lastgroup[1:])].reading
    elif behind and behind.lastgroup:
        bound, end = rules.rules["after"][int(behind.lastgroup[1:])].reading, behind.end()
    least = figure if bound in ("ge", "over") else None
    most = {"le": figure, "over": figure * (1 + _OVER)}.get(bound)
    if before and before.group().startswith(tuple(signs("end_left_out"))):  # 大于24瓦: 24 is none of them
        least, most = (None if end is None else end + way for end, way in ((least, _A_HAIR), (most, -_A_HAIR)))
    return least, most, end  # what 左右 means, a measure that is given knows best: 300 is 305 of a toilet, never 250


def _unit_at(text: str, at: int) -> str:
    """Return the unit that stands at a place, with the space before it; "" without one."""
    match = grammar().unit.match(text, at)
    return match.group() if match else ""


def _own_unit(text: str, at: int, values: Mapping[str, Sequence[str]]) -> str:
    """Return the unit of the attribute's values that stands at a place, "" without one: kg/m3, 转, k."""
    units = {normalise(value).text.partition(known)[2] for known, several in values.items() for value in several}
    return max((unit for unit in units if text.startswith(unit, at)), key=len, default="")


def _letters(text: str, begin: int, start: int) -> int:
    """Return where the letters begin that stand right before a figure: ip|65."""
    while start > begin and text[start - 1].isascii() and text[start - 1].isalpha():
        start -= 1
    return start


def _scale(value: str, figure: str, unit: str) -> Decimal | None:
    """Return by what the figure said is to be multiplied to be compared with a value's: 10 for 公分 and mm; None where they are no one measure."""
    own, said = normalise(value).text.partition(figure)[2].strip(), unit.strip()  # ra90 has no unit
    if not said or said == own:
        return Decimal(1)
    units = grammar().units
    if own in units and said in units and units[own].dimension == units[said].dimension:
        return units[said].factor / units[own].factor
    return None
