"""What a calculation knows: areas and what they are of, rooms, coats, loss, openings; kept over the turns of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from typing import Any, Literal

from handlers.calculation.formulas import Room

AreaKind = Literal["surface", "floor", "unsaid"]


@dataclass(frozen=True, slots=True)
class Area:
    """An area said. `alike`: how many rooms of it; `most`: the larger end of a range (八九十平)."""

    m2: Fraction
    kind: AreaKind = "unsaid"
    alike: int = 1
    most: Fraction | None = None


_OF_A_MATERIAL = ("coats", "loss_pct", "coverage", "piece")


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
    coverage: Fraction | None = None  # m² of one unit and one coat: 每桶刷80平
    ceiling: bool | None = None
    piece: str | None = None  # millimetres, "600x600"
    held: Fraction | None = None  # units at hand: 三桶够不够
    held_unit: str | None = None
    litres: Fraction | None = None  # 18升够不够
    volume_m3: Fraction | None = None
    lot_kg: Fraction | None = None  # 两吨水泥: what is to be bought
    alike: int | None = None  # rooms of the same size whose area was not said yet: 两间卧室
    each: bool = False  # 每间12平: of each of those rooms
    same: bool = False  # 两间这样的: so many of the room said before
    is_floor: bool = False  # 那是房间地面的面积: of the area said before
    added: bool = False  # 再加一间: to what was said before
    areas_said: bool = False  # this turn said an area or a room
    said: frozenset[str] = field(default_factory=frozenset)  # names of the fields that this turn said

    def after(self, before: Inputs) -> Inputs:
        """Return what holds now: this turn's figures over those before; an added room stands beside the old ones."""
        merged: dict[str, Any] = {
            name: getattr(self if name in self.said else before, name)
            for name in ("height", "storeys", "openings", "coats", "loss_pct", "coverage", "ceiling", "piece")
        }
        if self.added:
            areas, rooms = before.areas + self.areas, before.rooms + self.rooms
        elif self.areas or self.rooms:
            areas, rooms = self.areas, self.rooms
            if self.each and before.alike and len(areas) == 1 and areas[0].alike == 1:
                areas = (replace(areas[0], alike=before.alike),)
            areas = _of_what_before(areas, before.areas)
        else:
            areas, rooms = before.areas, before.rooms
            if "height" in self.said:  # 层高三米 after a room that was said to be 2.8 high
                rooms = tuple(replace(room, height=self.height) for room in rooms)
            if self.is_floor:
                areas = tuple(replace(area, kind="floor") for area in areas)
            if self.same and self.alike and len(areas) + len(rooms) == 1:  # 两间这样的 after a room of 20 m²
                areas = tuple(replace(area, alike=self.alike) for area in areas)
                rooms = tuple(replace(room, count=self.alike) for room in rooms)
        return replace(self, areas=areas, rooms=rooms, **merged)

    def for_another(self) -> Inputs:
        """Return what holds for another material: coats, loss and coverage said of the one before are not its own."""
        kept: dict[str, Any] = {n: getattr(self, n) if n in self.said else None for n in _OF_A_MATERIAL}
        return replace(self, **kept)

    @property
    def sized(self) -> bool:
        """Tell whether the size of something is known."""
        return bool(self.areas or self.rooms)


def _of_what_before(said: tuple[Area, ...], before: tuple[Area, ...]) -> tuple[Area, ...]:
    """Take a bare area for one of what was measured before: 那要是40平呢 after 我家30平,刷墙 is of a floor again."""
    alone = len(said) == 1 and said[0].kind == "unsaid" and len(before) == 1
    return (replace(said[0], kind=before[0].kind),) if alone else said


def to_data(inputs: Inputs) -> dict[str, Any]:
    """Turn inputs into plain data for the session."""
    kept = {
        name: value
        for name, value in asdict(inputs).items()
        if name
        not in ("said", "areas_said", "added", "is_floor", "held", "held_unit", "litres", "each", "same", "lot_kg")
    }
    return {name: _plain(value) for name, value in kept.items() if value not in (None, ())}


def from_data(data: Mapping[str, Any]) -> Inputs:
    """Read inputs back from the session; what is not there was not said."""
    values: dict[str, Any] = {name: data[name] for name in ("storeys", "ceiling", "piece", "alike") if name in data}
    values |= {
        name: Fraction(data[name]) for name in ("height", "openings", "coats", "loss_pct", "coverage") if name in data
    }
    areas = tuple(
        Area(Fraction(a["m2"]), a["kind"], a["alike"], Fraction(a["most"]) if a.get("most") else None)
        for a in data.get("areas", ())
    )
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
