"""From what was said to the area to cover: walls from floors, several rooms together, a facade from its storeys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from handlers.calculation.formulas import WALL_PER_FLOOR, Room, Surface, facade_around, facade_of, walls_of
from handlers.calculation.inputs import Inputs


def surface_of(inputs: Inputs, base: str) -> Surface | None:
    """Return the area to cover for a material that goes on walls, floors, ceilings or a facade; None: nothing said.

    An area said of the surface itself is taken as it is; a floor area becomes walls for what goes on walls.
    """
    parts = [_surface_of_area(area.m2 * area.alike, area.kind, inputs, base) for area in inputs.areas]
    for room in inputs.rooms:
        sized = replace(room, height=room.height or inputs.height)
        part = _surface_of_room(sized, inputs, base)
        parts += [part] if part else []
    return _joined(parts) if parts else None


def _surface_of_area(m2: Fraction, kind: str, inputs: Inputs, base: str) -> Surface:
    if base == "facade" and kind != "surface" and (inputs.storeys or kind == "floor"):
        return facade_of(m2, inputs.storeys or 1, inputs.height)
    if kind == "floor" and base == "wall":
        walls = _walls(Room(floor=m2, height=inputs.height), inputs)
        return walls or Surface(m2, "as_said")
    if base == "wall" and inputs.ceiling:  # the ceiling over walls of this area, by the same habit
        floor = m2 / WALL_PER_FLOOR
        return Surface(m2 + floor, "as_said", floor=floor, ceiling=floor)
    return Surface(m2, "floor_is_surface" if kind == "floor" else "as_said", floor=m2 if kind == "floor" else None)


def _surface_of_room(room: Room, inputs: Inputs, base: str) -> Surface | None:
    if base == "facade":
        return facade_around(room, inputs.storeys or 1, room.height) or _floor(room)
    return _walls(room, inputs) if base == "wall" else _floor(room)


def _walls(room: Room, inputs: Inputs) -> Surface | None:
    return walls_of(room, with_ceiling=bool(inputs.ceiling))


def _floor(room: Room) -> Surface | None:
    floor = room.floor_area
    return Surface(floor, "room_floor", floor=floor) if floor is not None else None


def _joined(parts: Sequence[Surface]) -> Surface:
    """Add up several rooms; their floors and ceilings too."""
    first = parts[0]
    if len(parts) == 1:
        return first
    floors = [p.floor for p in parts if p.floor is not None]
    ceilings = [p.ceiling for p in parts if p.ceiling is not None]
    return replace(
        first,
        area=sum((p.area for p in parts), Fraction(0)),
        floor=sum(floors, Fraction(0)) if floors else None,
        ceiling=sum(ceilings, Fraction(0)) if ceilings else None,
    )
