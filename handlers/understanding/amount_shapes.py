"""Read whole expressions that hold an amount in their own way: 三室两厅, 800x800, 八百的砖, 4分管, 一底两面, dn20."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from handlers.understanding.amount_rules import Rule, grammar, possible, read_number
from handlers.understanding.numbers import parse_number
from handlers.understanding.spans import Dimension, Quantity
from handlers.understanding.word_tables import signs

_MM = Decimal(1000)  # millimetres in a metre
_TILE_EDGES = frozenset(
    {100, 150, 200, 300, 400, 450, 500, 600, 750, 800, 900, 1000, 1200, 1500, 1800}
)  # mm, as tiles are made
_TILE_EDGES_CM = frozenset({30, 40, 45, 60, 80, 90})  # 60的砖: two digits are centimetres
_BOARDS_CM = {(Decimal(122), Decimal(244)), (Decimal(120), Decimal(240))}  # boards, said in cm
_INCH_TO_DN = {Decimal(3): 10, Decimal(4): 15, Decimal(6): 20, Decimal(8): 25}  # eighths of an inch, as plumbers count
_WHOLE_INCH_TO_DN = {"1": 25, "1.2": 32, "1.5": 40, "2": 50, "2.5": 65, "3": 80, "4": 100}
_OUTER_MM = frozenset({16, 20, 25, 32, 40, 50, 63, 75, 90, 110, 160, 200})  # outer diameters of plastic pipes
_LONGEST_EDGE = 100 * _MM
_ROOM_FROM = 2  # metres: 四米乘三米 are the edges of a room
_LONGEST_YARD = 40  # metres; a larger figure beside metres is centimetres or millimetres
_MOST_EDGES = 3
_LONGEST_PLAIN_ROOMS = 2  # characters of 三个; 三室两厅 is kept as said
_HOUSE_M2 = range(20, 1_000)


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said: where the expression begins, its first number, what matched behind it."""

    start: int
    value: Decimal
    match: re.Match[str]
    rule: Rule

    def quantity(self, dimension: Dimension, value: Decimal, unit: str | None = None, text: str = "") -> Quantity:
        return Quantity(
            self.start, self.match.end(), dimension, value, value, unit=unit, text=text, rule=self.rule.name
        )

    @property
    def to_spend(self) -> bool:
        """Tell whether it is what somebody wants to spend, whatever stands behind it: 预算25的排水管."""
        return self.match.string.endswith(tuple(signs("budget")), 0, self.start)

    @property
    def words(self) -> str:
        return self.match.string[self.start : self.match.end()]


def read_shape(text: str, start: int, stop: int, number: tuple[Decimal, int] | None) -> Quantity | None:
    """Return the expression at `start` that ends before `stop`, None when there is none of these kinds."""
    if number is None:
        return next(filter(None, (_opened(rule, text, start, stop) for rule in possible("opening", text))), None)
    for rule in possible("shape", text):
        match = rule.pattern.match(text, number[1])
        if match and match.end() <= stop and _stands_after(rule, text, start):
            quantity = _SHAPES[rule.reading](_Said(start, number[0], match, rule))
            if quantity and quantity.end <= stop:
                return quantity
    return None


def _stands_after(rule: Rule, text: str, start: int) -> bool:
    """Tell whether what the reading asks for stands before the number."""
    parts = grammar().parts
    name = f"before{rule.reading}"
    return name not in parts.sources or bool(parts[name].search(text, max(0, start - 6), start))


def _opened(rule: Rule, text: str, start: int, stop: int) -> Quantity | None:
    """Read dn20, 百分之三十, 前三名, ★★★."""
    match = rule.pattern.match(text, start, stop)
    if match is None:
        return None
    if rule.reading == "starred":
        formaldehyde = grammar().parts["beforestarred"].search(text, max(0, start - 1), start)
        stars = Decimal(len(match[0]))
        return None if formaldehyde else _Said(start, stars, match, rule).quantity("stars", stars, match[0][0])
    number = read_number(text, match.end(), stop)
    if number is None:
        return None
    if rule.reading == "first":
        following = grammar().parts["afterfirst"].match(text, number[1])
        return _opened_quantity(rule, start, following.end(), "count", number[0], match[0]) if following else None
    dimension: Dimension = "pipe" if rule.reading == "bore" else "percent"
    return _opened_quantity(rule, start, number[1], dimension, number[0], "dn" if dimension == "pipe" else "%")


def _opened_quantity(rule: Rule, start: int, end: int, dimension: Dimension, value: Decimal, unit: str) -> Quantity:
    return Quantity(start, end, dimension, value, value, unit=unit, rule=rule.name)


def _coats(said: _Said) -> Quantity | None:
    top = said.match.groupdict().get("n")
    value = (parse_number(top) if top else None) or said.value
    return said.quantity("coats", value, text=said.words if top else "")


def _rooms(said: _Said) -> Quantity | None:
    return said.quantity("rooms", said.value, text=said.words if len(said.words) > _LONGEST_PLAIN_ROOMS else "")


def _size(said: _Said) -> Quantity | None:
    """Read edges joined by x or 乘; two edges of a room in metres are left to be read as lengths."""
    text, parts = said.match.string, grammar().parts
    edges: list[tuple[Decimal, str | None, str | None]] = []
    number: tuple[Decimal, int] | None = (said.value, said.match.end())
    while number and len(edges) < _MOST_EDGES:
        cross = parts["cross"].match(text, number[1])
        edge = cross or parts["lastedge"].match(text, number[1])
        if edge is None:
            return None
        edges.append((number[0], edge["u"], edge["t"]))
        end = edge.end()
        number = read_number(text, end, len(text)) if cross else None
    if len(edges) < 2 or any(value <= 0 or (tail and not unit) for value, unit, tail in edges):
        return None
    if all(unit and grammar().units[unit].factor == 1 and value >= _ROOM_FROM for value, unit, _ in edges):
        return None
    lengths = _edges_mm(edges, in_mm=bool(parts["inmm"].match(text, end)))
    if max(lengths) > _LONGEST_EDGE:
        return None
    size = said.quantity("size", lengths[0], edges[-1][1], "x".join(plain(length) for length in lengths))
    return replace(size, end=end)


def _edges_mm(edges: list[tuple[Decimal, str | None, str | None]], in_mm: bool) -> list[Decimal]:
    """Return the edges in mm. A unit said once holds for all; without any: under ten m, two digits cm, else mm.

    `in_mm`: what follows is always measured in mm (方管, 线槽).
    """
    said_last = edges[-1][1]
    if any(unit for _, unit, _ in edges):
        first = _in_metres_too(edges)
        return [
            (value + _tenth(tail)) * (_MM if at == 0 and first else _edge_unit(value, unit or said_last))
            for at, (value, unit, tail) in enumerate(edges)
        ]
    numbers = [value for value, _, _ in edges]
    if in_mm:
        return numbers
    if max(numbers) < 10:
        return [value * _MM for value in numbers]
    in_cm = (min(numbers) < 100 and max(numbers) < 400) or tuple(numbers) in _BOARDS_CM
    return [value * 10 if in_cm else value for value in numbers]


def _in_metres_too(edges: list[tuple[Decimal, str | None, str | None]]) -> bool:
    """Tell whether the first edge of a place lacks the unit that the second one says: 12乘5米 of a yard."""
    value, unit, _ = edges[0]
    other = edges[1]
    metres = other[1] is not None and grammar().units[other[1]].factor == 1
    return unit is None and metres and other[0] >= _ROOM_FROM and value < _LONGEST_YARD


def _edge_unit(value: Decimal, unit: str | None) -> Decimal:
    """Return the factor to mm; beside an edge in metres a bare 90 is cm and a bare 900 is mm."""
    metres = unit is None or grammar().units[unit].factor == 1
    if unit and not (metres and value >= 10):
        return grammar().units[unit].factor * _MM
    return _MM if value < 10 else Decimal(10 if value < 300 else 1)


def _tenth(tail: str | None) -> Decimal:
    return (parse_number(tail) or Decimal(0)) / 10 if tail else Decimal(0)


def tile_text(value: Decimal) -> str:
    """Return 800x800 for an edge that tiles have, in mm or (two digits) in cm; empty for any other number."""
    if value not in (_TILE_EDGES_CM if value < 100 else _TILE_EDGES):
        return ""
    edge = plain(value * 10 if value < 100 else value)
    return f"{edge}x{edge}"


def _tile(said: _Said) -> Quantity | None:
    text = "" if said.to_spend else tile_text(said.value)
    return said.quantity("size", Decimal(text.partition("x")[0]), None, text) if text else None


def _square(said: _Said) -> Quantity | None:
    """Read 60公分见方 as 600x600: without a unit two digits are centimetres, and three are millimetres."""
    unit = said.match["u"]
    edge = said.value * (grammar().units[unit].factor * _MM if unit else Decimal(10 if said.value < 100 else 1))
    return said.quantity("size", edge, unit, f"{plain(edge)}x{plain(edge)}") if 0 < edge <= _LONGEST_EDGE else None


def _pit(said: _Said) -> Quantity | None:
    """Read 400坑距 in metres: three digits are mm, two are cm."""
    unit = said.match["u"]
    factor = grammar().units[unit].factor if unit else Decimal("0.01" if said.value < 100 else "0.001")
    label = grammar().parts["pit"].search(said.match.string, max(0, said.start - 4), said.match.end())
    return said.quantity("length", said.value * factor, unit or "mm", label[0] if label else "")


def _inch(said: _Said) -> Quantity | None:
    bore = _INCH_TO_DN.get(said.value)
    return said.quantity("pipe", Decimal(bore), "dn", said.words) if bore else None


def _whole_inch(said: _Said) -> Quantity | None:
    tail = parse_number(said.match["t"]) if said.match["t"] else None
    tenth = Decimal(0) if tail is None else tail if tail < 1 else tail / 10
    bore = _WHOLE_INCH_TO_DN.get(plain(said.value + tenth))
    return said.quantity("pipe", Decimal(bore), "dn", said.words) if bore else None


def _outer(said: _Said) -> Quantity | None:
    known = said.value in _OUTER_MM and not said.to_spend
    return said.quantity("pipe", said.value, "mm", said.words) if known else None


def _thick(said: _Said) -> Quantity | None:
    half = Decimal("0.5") if said.match["half"] else Decimal(0)
    return said.quantity("length", (said.value + half) / _MM, "mm", said.words[-1])


def _edge(said: _Said) -> Quantity | None:
    """Read 长4, 宽80, 高2.8: metres under ten, centimetres to 300, millimetres above."""
    value = said.value
    metres = value if value < 10 else value / (100 if value <= 300 else 1000)
    label = grammar().parts["labelbefore"].search(said.match.string, max(0, said.start - 6), said.start)
    return said.quantity("length", metres, None, label["label"] if label else "") if value else None


def _edge_after(said: _Said) -> Quantity | None:
    """Read 800宽: two digits are centimetres, three and more millimetres."""
    if said.value < 10:
        return None
    return said.quantity("length", said.value / (100 if said.value < 300 else 1000), None, said.match["label"])


def _house(said: _Said) -> Quantity | None:
    """Read 120的房子 and 面积120."""
    return said.quantity("area", said.value) if int(said.value) in _HOUSE_M2 else None


def plain(value: Decimal) -> str:
    """Write a number without a point that is not needed: 800.0 → 800."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_SHAPES: Mapping[str, Callable[[_Said], Quantity | None]] = {
    "coats": _coats,
    "brushed": _coats,
    "rooms": _rooms,
    "size": _size,
    "tile": _tile,
    "square": _square,
    "pit": _pit,
    "pitafter": _pit,
    "inch": _inch,
    "behind": _inch,
    "wholeinch": _whole_inch,
    "outer": _outer,
    "thick": _thick,
    "edge": _edge,
    "edgeafter": _edge_after,
    "house": _house,
    "floorspace": _house,
}
