"""Read whole expressions that hold an amount in their own way: 三室两厅, 800x800, 八百的砖, 4分管, 一底两面."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from handlers.understanding.amount_rules import Rule, grammar
from handlers.understanding.numbers import parse_number
from handlers.understanding.spans import Dimension, Quantity

_MM = Decimal(1000)  # millimetres in a metre
_TILE_EDGES = frozenset(
    {100, 150, 200, 300, 400, 450, 500, 600, 750, 800, 900, 1000, 1200, 1500, 1800}
)  # mm, as tiles are made
_TILE_EDGES_CM = frozenset({30, 40, 45, 60, 80, 90})  # 60的砖: two digits are centimetres
_BOARDS_CM = {(Decimal(122), Decimal(244)), (Decimal(120), Decimal(240))}  # boards, said in cm
_INCH_TO_DN = {Decimal(3): 10, Decimal(4): 15, Decimal(6): 20, Decimal(8): 25}  # eighths of an inch, as plumbers count
_WHOLE_INCH_TO_DN = {"1": 25, "1.2": 32, "1.5": 40, "2": 50, "2.5": 65, "3": 80, "4": 100}


def _quantity(
    match: re.Match[str], rule: Rule, dimension: Dimension, value: Decimal, unit: str | None = None, text: str = ""
) -> Quantity:
    return Quantity(match.start(), match.end(), dimension, value, value, unit=unit, text=text, rule=rule.name)


def _number(match: re.Match[str], group: str = "n") -> Decimal | None:
    return parse_number(match[group]) if match[group] else None


def _coats(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "coats", value, "遍", match[0])


def _rooms(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "rooms", value, "间", match[0])


def _edges_mm(said: list[tuple[Decimal, str | None, str | None]]) -> list[Decimal]:
    """Return the edges in mm. A unit said once holds for all; without any: under ten m, two digits cm, else mm."""
    last = said[-1][1]
    if any(unit for _, unit, _ in said):
        units = grammar().units
        return [(number + _tenth(tail)) * units[unit or last or "mm"].factor * _MM for number, unit, tail in said]
    numbers = [number for number, _, _ in said]
    if max(numbers) < 10:
        return [number * _MM for number in numbers]
    in_cm = (min(numbers) < 100 and max(numbers) < 400) or tuple(numbers) in _BOARDS_CM
    return [number * 10 if in_cm else number for number in numbers]


def _tenth(tail: str | None) -> Decimal:
    return (parse_number(tail) or Decimal(0)) / 10 if tail else Decimal(0)


def _size(match: re.Match[str], rule: Rule) -> Quantity | None:
    edges = [
        (_number(match, n), match[u], match[t]) for n, u, t in (("n", "nu", "nt"), ("m", "mu", "mt"), ("o", "ou", "ot"))
    ]
    said = [(number, unit, tail) for number, unit, tail in edges if number is not None]
    if len(said) < 2 or any(number <= 0 or (tail and not unit) for number, unit, tail in said):
        return None
    if all(unit == "米" and number >= 2 for number, unit, _ in said):
        return None  # 四米乘三米 are the edges of a room: two lengths
    lengths = _edges_mm(said)
    if max(lengths) > 100 * _MM:
        return None
    text = "x".join(plain(length) for length in lengths)
    return _quantity(match, rule, "size", lengths[0], said[-1][1], text)


def _tile(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    text = tile_text(value) if value else ""
    return _quantity(match, rule, "size", Decimal(text.partition("x")[0]), None, text) if text else None


def _pit(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match) or _number(match, "m")
    if value is None:
        return None
    unit = match["u"] or match["v"]
    metres = value * grammar().units[unit].factor if unit else value / (100 if value < 100 else 1000)
    return _quantity(match, rule, "length", metres, unit or "mm", "坑距")


def _inch(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    if value is None:
        return None
    if "t" not in match.groupdict():
        bore = _INCH_TO_DN.get(value)
    else:
        tail = match["t"]
        tenth = parse_number(tail) if tail else None
        whole = value if tenth is None else value + (tenth if tenth < 1 else tenth / 10)
        bore = _WHOLE_INCH_TO_DN.get(plain(whole))
    return None if bore is None else _quantity(match, rule, "pipe", Decimal(bore), "dn", match[0])


def _bore(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "pipe", value, "dn", match[0])


def _outer(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "pipe", value, "mm", match[0])


def _thick(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "length", value / _MM, "mm", "厚")


def _starred(match: re.Match[str], rule: Rule) -> Quantity | None:
    return _quantity(match, rule, "stars", Decimal(len(match["n"])), "★")


def tile_text(value: Decimal) -> str:
    """Return 800x800 for an edge that tiles have, in mm or (two digits) in cm; empty for any other number."""
    if value not in (_TILE_EDGES_CM if value < 100 else _TILE_EDGES):
        return ""
    edge = plain(value * 10 if value < 100 else value)
    return f"{edge}x{edge}"


def _percent(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "percent", value, "%")


def _first(match: re.Match[str], rule: Rule) -> Quantity | None:
    value = _number(match)
    return None if value is None else _quantity(match, rule, "count", value, "前")


def _edge(match: re.Match[str], rule: Rule) -> Quantity | None:
    """Read 长4, 宽80, 高2.8: metres under ten, centimetres to 300, millimetres above."""
    value = _number(match)
    if value is None or value == 0:
        return None
    metres = value if value < 10 else value / (100 if value <= 300 else 1000)
    label = match.string[match.start() - 1]
    return _quantity(match, rule, "length", metres, None, label)


def plain(value: Decimal) -> str:
    """Write a number without a point that is not needed: 800.0 → 800."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


SHAPE_READINGS: Mapping[str, Callable[[re.Match[str], Rule], Quantity | None]] = {
    "coats": _coats,
    "rooms": _rooms,
    "size": _size,
    "tile": _tile,
    "pit": _pit,
    "inch": _inch,
    "bore": _bore,
    "outer": _outer,
    "thick": _thick,
    "starred": _starred,
    "percent": _percent,
    "first": _first,
    "edge": _edge,
}
