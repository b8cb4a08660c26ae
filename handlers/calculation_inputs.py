"""What was said that a calculation needs: areas and what they are of, rooms, coats, loss, openings; kept over turns.

The quantities come from understanding; the words beside them (locales `quantity_roles.tsv`) tell what each one stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any, Literal

from handlers.quantity_formulas import Room, exact
from handlers.understanding.spans import Quantity
from handlers.understanding.word_tables import WORDS, rows

AreaKind = Literal["surface", "floor", "unsaid"]
NEAR = 4  # characters between a word and its number at most
ROOM_SIDE_MM = 1500  # a size whose sides both reach this is a room, not a tile
SMALLEST_ROOM_M2 = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Role:
    """A role word found in the text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Area:
    """An area said. `alike`: how many rooms of it."""

    m2: Fraction
    kind: AreaKind = "unsaid"
    alike: int = 1


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything said so far about one calculation; None and empty: not said."""

    areas: tuple[Area, ...] = ()
    rooms: tuple[Room, ...] = ()
    height: Fraction | None = None
    storeys: int | None = None
    openings: Fraction | None = None
    coats: Fraction | None = None
    loss_pct: Fraction | None = None
    ceiling: bool | None = None
    piece: str | None = None  # millimetres, "600x600"
    held: Fraction | None = None  # units at hand: 三桶够不够
    held_unit: str | None = None
    volume_m3: Fraction | None = None
    is_floor: bool = False  # 那是房间地面的面积: of the area said before
    added: bool = False  # 再加一间: to what was said before
    said: frozenset[str] = field(default_factory=frozenset)  # names of the fields that this turn said

    def after(self, before: Inputs) -> Inputs:
        """Return what holds now: this turn's figures over those before; an added room stands beside the old ones."""
        merged: dict[str, Any] = {
            name: getattr(self if name in self.said else before, name)
            for name in ("height", "storeys", "openings", "coats", "loss_pct", "ceiling", "piece")
        }
        if self.added:
            areas, rooms = before.areas + self.areas, before.rooms + self.rooms
        elif self.areas or self.rooms:
            areas, rooms = self.areas, self.rooms
        else:
            areas, rooms = before.areas, before.rooms
            if self.is_floor:
                areas = tuple(replace(area, kind="floor") for area in areas)
        return replace(self, areas=areas, rooms=rooms, **merged)

    @property
    def sized(self) -> bool:
        """Tell whether the size of something is known."""
        return bool(self.areas or self.rooms)


@cache
def _words() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows(WORDS / "quantity_roles.tsv")}


@cache
def _longest() -> int:
    return max(len(word) for word in _words())


def find_roles(text: str) -> list[Role]:
    """Find the role words of a text, longest first at each place, none overlapping."""
    words, found, at = _words(), list[Role](), 0
    while at < len(text):
        for length in range(min(_longest(), len(text) - at), 0, -1):
            if name := words.get(text[at : at + length]):
                found.append(Role(at, at + length, name))
                at += length
                break
        else:
            at += 1
    return found


def read_inputs(text: str, quantities: Sequence[Quantity]) -> Inputs:
    """Read what one utterance says. `text` is the normalised text that the quantities' offsets belong to."""
    roles = find_roles(text)
    reader = _Reading(text, roles)
    for quantity in quantities:
        reader.take(quantity)
    return reader.inputs()


class _Reading:
    """Collects the figures of one utterance, quantity by quantity."""

    def __init__(self, text: str, roles: Sequence[Role]) -> None:
        self._text = text
        self._roles = roles
        self._names = {role.name for role in roles}
        self._areas: list[tuple[Fraction, AreaKind]] = []
        self._sides: dict[str, Fraction] = {}
        self._loose: list[Fraction] = []  # lengths that no word labels
        self._sized: list[Room] = []
        self._alike: int | None = None
        self._values: dict[str, Any] = {}

    def take(self, quantity: Quantity) -> None:
        value = quantity.low if quantity.low is not None else quantity.high
        if quantity.dimension == "size":
            self._take_size(quantity.text)
        if value is None or value <= 0:
            return
        number = exact(str(value))
        handlers = {
            "area": self._take_area,
            "length": self._take_length,
            "rooms": self._take_rooms,
            "percent": self._take_percent,
            "count": self._take_count,
            "volume": self._take_volume,
            "mass": self._take_count,
        }
        if quantity.dimension in handlers:
            handlers[quantity.dimension](quantity, number)
        elif quantity.dimension in ("coats", "floors"):
            self._values["coats" if quantity.dimension == "coats" else "storeys"] = (
                number if quantity.dimension == "coats" else int(number)
            )

    def _take_area(self, quantity: Quantity, number: Fraction) -> None:
        beside = self._beside(quantity)
        if "openings" in beside:
            self._values["openings"] = number
        elif "work" in beside or "wall" in beside:
            self._areas.append((number, "surface"))
        elif "room" in beside or "each" in beside or self._names & {"room", "each"}:
            self._areas.append((number, "floor"))
        else:
            self._areas.append((number, "surface" if "wall" in self._names else "unsaid"))

    def _take_length(self, quantity: Quantity, number: Fraction) -> None:
        beside = self._beside(quantity)
        for side in ("height", "length", "width"):
            if side in beside and side not in self._sides:
                self._sides[side] = number
                return
        if number >= 1:
            self._loose.append(number)

    def _take_rooms(self, quantity: Quantity, number: Fraction) -> None:
        if self._alike is None:
            self._alike = int(number)

    def _take_percent(self, quantity: Quantity, number: Fraction) -> None:
        self._values["loss_pct"] = number

    def _take_count(self, quantity: Quantity, number: Fraction) -> None:
        self._values["held"] = number
        self._values["held_unit"] = quantity.unit

    def _take_volume(self, quantity: Quantity, number: Fraction) -> None:
        if number >= 100:  # a fifth of a cubic metre and more is no can of paint
            self._values["volume_m3"] = number / 1000

    def _take_size(self, text: str) -> None:
        sides = [exact(part) for part in text.split("x") if part.replace(".", "", 1).isdigit()]
        if len(sides) < 2:
            return
        if min(sides[:2]) >= ROOM_SIDE_MM:
            height = sides[2] / 1000 if len(sides) > 2 else None
            self._sized.append(Room(length=sides[0] / 1000, width=sides[1] / 1000, height=height))
        else:
            self._values["piece"] = "x".join(text.split("x")[:2])

    def _beside(self, quantity: Quantity) -> set[str]:
        """Return the roles of the words next to a number: right before it, or right after (门窗10平, 16平的房间)."""
        found = {role.name for role in self._roles if 0 <= quantity.start - role.end <= self._reach(role)}
        if found - {"add"}:
            return found
        return {role.name for role in self._roles if 0 <= role.start - quantity.end <= 1 and role.name != "work"}

    @staticmethod
    def _reach(role: Role) -> int:
        return 0 if role.name == "work" else NEAR

    def inputs(self) -> Inputs:
        rooms = self._rooms()
        areas = tuple(Area(m2, kind, self._count_for(kind)) for m2, kind in self._areas if m2 >= SMALLEST_ROOM_M2)
        values = dict(self._values)
        if "height" in self._sides:
            values["height"] = self._sides["height"]
        for name, given in (("ceiling", True), ("no_ceiling", False)):
            if name in self._names:
                values["ceiling"] = given
        if "no_openings" in self._names:
            values["openings"] = Fraction(0)
        floor = "is_floor" in self._names and not areas
        return Inputs(
            areas=areas, rooms=rooms, is_floor=floor, added="add" in self._names, said=frozenset(values), **values
        )

    def _rooms(self) -> tuple[Room, ...]:
        loose = list(self._loose)
        sides = dict(self._sides)
        for side in ("length", "width", "height"):
            if side not in sides and loose and (side != "height" or len(loose) == 1):
                sides[side] = loose.pop(0)
        if "length" in sides and "width" in sides:
            self._sides |= sides
            return (*self._sized, Room(count=self._alike or 1, **sides))
        return tuple(replace(room, height=room.height or sides.get("height")) for room in self._sized)

    def _count_for(self, kind: AreaKind) -> int:
        """Return how many rooms an area is for: 三间房每间15平 is three, 三室两厅100平 is one house."""
        if self._alike is None or kind != "floor" or len(self._areas) > 1:
            return 1
        return self._alike if "each" in self._names else 1


def to_data(inputs: Inputs) -> dict[str, Any]:
    """Turn inputs into plain data for the session."""
    kept = {
        name: value
        for name, value in asdict(inputs).items()
        if name not in ("said", "added", "is_floor", "held", "held_unit")
    }
    return {name: _plain(value) for name, value in kept.items() if value not in (None, ())}


def from_data(data: Mapping[str, Any]) -> Inputs:
    """Read inputs back from the session; what is not there was not said."""
    values: dict[str, Any] = {name: data[name] for name in ("storeys", "ceiling", "piece") if name in data}
    values |= {name: Fraction(data[name]) for name in ("height", "openings", "coats", "loss_pct") if name in data}
    areas = tuple(Area(Fraction(a["m2"]), a["kind"], a["alike"]) for a in data.get("areas", ()))
    return Inputs(areas=areas, rooms=tuple(_room(r) for r in data.get("rooms", ())), **values)


def _room(data: Mapping[str, Any]) -> Room:
    sides = {
        name: Fraction(data[name]) for name in ("floor", "length", "width", "height") if data.get(name) is not None
    }
    return Room(count=data.get("count", 1), **sides)


def _plain(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value
