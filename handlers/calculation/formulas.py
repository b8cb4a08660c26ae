"""How much is needed: the formulas of the answer format, in exact arithmetic, without a catalogue or a conversation.

    amount = ceil((area − openings) × coats ÷ coverage × (1 + loss))

Areas are m², lengths m, coverage m² for one unit and one coat, loss in percent. Every figure that is a habit of the trade
and no given stands here by name, and the answer repeats it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

WALL_PER_FLOOR = Fraction(5, 2)  # wall area of a room for each m² of its floor, without the ceiling (answer format)
STANDARD_HEIGHT_M = Fraction(14, 5)  # the room height behind WALL_PER_FLOOR: 2.8 m
SMALL_ROOM_M2 = 10  # the walls of a smaller room are a third more and upwards than WALL_PER_FLOOR says
STOREY_HEIGHT_M = Fraction(3)  # a storey seen from outside, slab included
SLOPE = Fraction(1, 10**9)  # what decimals written as floats may be off by

Number = int | float | Fraction


def exact(value: Number | str) -> Fraction:
    """Make a fraction of a number as people write it: 5.3 is 53/10, not the nearest binary float."""
    return value if isinstance(value, Fraction) else Fraction(str(value))


@dataclass(frozen=True, slots=True)
class Surface:
    """The area to cover, and how it was reached: `basis` names the rule, the rest are its figures."""

    area: Fraction
    basis: str  # as_said, floor_times, floor_is_surface, room_walls, room_floor, facade, facade_sides (floor: the way around)
    floor: Fraction | None = None
    factor: Fraction | None = None
    ceiling: Fraction | None = None
    height: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What was said about a room: its floor, or its sides, and perhaps its height. `count` rooms are alike."""

    floor: Fraction | None = None
    length: Fraction | None = None
    width: Fraction | None = None
    height: Fraction | None = None
    count: int = 1

    @property
    def floor_area(self) -> Fraction | None:
        """Return the floor of all the rooms together."""
        one = self.floor
        if one is None and self.length is not None and self.width is not None:
            one = self.length * self.width
        return None if one is None else one * self.count


def walls_of(room: Room, *, with_ceiling: bool = False) -> Surface | None:
    """Return the walls of a room: 2 × (length + width) × height where given, else floor × 2.5.

    A height without sides scales the 2.5, which stands for rooms of 2.8 m. None when nothing was said of its size.
    """
    floor = room.floor_area
    if floor is None:
        return None
    ceiling = floor if with_ceiling else None
    if room.length is not None and room.width is not None and room.height is not None:
        area = 2 * (room.length + room.width) * room.height * room.count
        return Surface(area + (ceiling or 0), "room_walls", floor=floor, ceiling=ceiling, height=room.height)
    factor = WALL_PER_FLOOR * (room.height / STANDARD_HEIGHT_M if room.height else 1)
    return Surface(floor * factor + (ceiling or 0), "floor_times", floor, factor, ceiling, room.height)


def walls_if_square(surface: Surface) -> Fraction | None:
    """Return the walls (m²) of a room about as wide as long, where only a small floor was said; None where that tells no more."""
    if surface.basis != "floor_times" or surface.floor is None or surface.floor > SMALL_ROOM_M2:
        return None
    side = exact(round(math.sqrt(float(surface.floor)), 2))
    return 4 * side * (surface.height or STANDARD_HEIGHT_M)


def facade_of(floor: Fraction, storeys: int, height: Fraction | None = None) -> Surface:
    """Return the outer walls of a house of nearly square plan: 4 × √floor × storey height × storeys."""
    storey = height or STOREY_HEIGHT_M
    side = exact(round(math.sqrt(float(floor)), 2))
    return Surface(4 * side * storey * storeys, "facade", floor=floor, factor=Fraction(storeys), height=storey)


def facade_around(room: Room, storeys: int, height: Fraction | None = None) -> Surface | None:
    """Return the outer walls of a house whose length and width were said: 2 × (length + width) × storey height × storeys."""
    if room.length is None or room.width is None:
        return None
    storey = height or STOREY_HEIGHT_M
    around = 2 * (room.length + room.width)
    return Surface(
        around * storey * storeys * room.count, "facade_sides", floor=around, factor=Fraction(storeys), height=storey
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """The figures of a material: coverage of one unit and one coat (m²), coats, loss (percent)."""

    coverage: Fraction
    coats: Fraction = Fraction(1)
    loss_pct: Fraction = Fraction(0)


def units_needed(area: Fraction, recipe: Recipe, openings: Fraction = Fraction(0)) -> int:
    """Return how many whole units to buy; nothing to cover needs nothing."""
    net = max(area - openings, Fraction(0))
    return math.ceil(net * recipe.coats / recipe.coverage * (1 + recipe.loss_pct / 100) - SLOPE)


def area_covered(units: Number, recipe: Recipe, *, with_loss: bool = True) -> Fraction:
    """Return the m² that so many units cover with all coats, what is lost taken off."""
    loss = 1 + recipe.loss_pct / 100 if with_loss else Fraction(1)
    return exact(units) * recipe.coverage / recipe.coats / loss


def pieces_needed(area: Fraction, piece_m2: Fraction, loss_pct: Fraction, openings: Fraction = Fraction(0)) -> int:
    """Return how many whole pieces of a size cover the area, cut-offs included."""
    return units_needed(area, Recipe(piece_m2, Fraction(1), loss_pct), openings)


def piece_area(size: str) -> Fraction | None:
    """Return the m² of a piece from a size in millimetres ("600x600", "910x125x18"); None when it is no area."""
    sides = [exact(part) for part in size.split("x")[:2] if part.replace(".", "", 1).isdigit()]
    if len(sides) != 2 or min(sides) <= 0:
        return None
    return sides[0] * sides[1] / 1_000_000


def bags_in_volume(cubic_metres: Fraction, kg_per_m3: Fraction, bag_kg: Fraction) -> int:
    """Return how many whole bags a volume takes."""
    return math.ceil(cubic_metres * kg_per_m3 / bag_kg - SLOPE)


def plain(value: Fraction, digits: int = 2) -> int | float:
    """Return the figure for people and JSON: an int when whole, else rounded."""
    rounded = round(float(value), digits)
    return int(rounded) if rounded == int(rounded) else rounded
