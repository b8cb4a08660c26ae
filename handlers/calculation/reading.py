"""Read what one utterance gives to a calculation: the words beside a number (`quantity_roles.tsv`) tell what it stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from typing import Any

from handlers.calculation.formulas import Room, exact
from handlers.calculation.inputs import Area, AreaKind, Inputs
from handlers.understanding.amounts import LOT_KG
from handlers.understanding.spans import Quantity, is_room
from handlers.understanding.word_tables import WORDS, rows

NEAR = 4  # characters between a word and its number at most
SMALLEST_M2 = Fraction(1, 2)
WIDEST = 2  # times the smaller end: a range wider than this, or as wide, is none that a sum is made for
SHORTEST_M = 1  # a length below this that no word labels is of a piece, not of a room
MOST_LITRES = 100  # a volume above this is cubic metres of stuff, not what is in a can
ROOMY = frozenset({"room", "each", "one"})  # words that make an area a floor
SIDES = ("height", "length", "width", "perimeter")


@dataclass(frozen=True, slots=True)
class Role:
    """A role word found in the text."""

    start: int
    end: int
    name: str


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


def _larger_end(quantity: Quantity) -> Fraction | None:
    """Return the larger end of a range of areas; 一百多平 is as wide as none that anybody means, so its beginning counts."""
    low, high = quantity.low, quantity.high
    if low is None or high is None or not low < high < low * WIDEST:
        return None
    return exact(str(high))


def read_inputs(text: str, quantities: Sequence[Quantity]) -> Inputs:
    """Read what one utterance says. `text` is the normalised text that the quantities' offsets belong to."""
    reading = _Reading(find_roles(text), any(quantity.dimension == "floors" for quantity in quantities))
    for quantity in quantities:
        reading.take(quantity)
    return reading.inputs()


class _Reading:
    """Collects the figures of one utterance, quantity by quantity."""

    def __init__(self, roles: Sequence[Role], storeyed: bool) -> None:
        self._roles = roles
        self._storeyed = storeyed  # a house is told of: 120平三层楼外墙 is the size of a storey
        self._names = {role.name for role in roles}
        self._areas: list[Area] = []
        self._sides: dict[str, Fraction] = {}
        self._loose: list[Fraction] = []  # lengths that no word labels
        self._of_wall = False  # whether they are the sides of one wall
        self._sized: list[Room] = []
        self._rooms: Quantity | None = None
        self._values: dict[str, Any] = {}

    def take(self, quantity: Quantity) -> None:
        """Take one quantity for what it stands for; what a calculation has no use for is left."""
        if quantity.dimension == "size":
            self._take_size(quantity)
            return
        value = quantity.low if quantity.low is not None else quantity.high
        taker = _TAKERS.get(quantity.dimension)
        if taker is not None and value is not None and value > 0:
            taker(self, quantity, exact(str(value)))

    def take_area(self, quantity: Quantity, number: Fraction) -> None:
        beside = self._beside(quantity)
        if quantity.unit is not None and _words().get(quantity.unit) == "cubic":
            self._values["volume_m3"] = number
        if "openings" in beside:
            self._values["openings"] = number
        elif self._of_one_unit(quantity):
            self._values["coverage"] = number
        elif number >= SMALLEST_M2:
            self._areas.append(Area(number, self._kind(beside), self._alike(quantity, beside), _larger_end(quantity)))

    def _of_one_unit(self, quantity: Quantity) -> bool:
        """Tell whether an area is what one unit covers: 每桶刷80平, but not 一桶够100平."""
        before = [role for role in self._roles if 0 <= quantity.start - role.end <= NEAR]
        return any(role.name == "per_unit" for role in before) and not any(role.name == "suffices" for role in before)

    def _kind(self, beside: set[str]) -> AreaKind:
        if beside & {"work", "wall"} or ("in_all" in beside and "wall" in self._names):
            return "surface"  # 两层楼外墙一共三百平
        if beside & ROOMY or self._names & ROOMY:
            return "floor"
        return "surface" if "wall" in self._names and not self._storeyed else "unsaid"

    def _alike(self, quantity: Quantity, beside: set[str]) -> int:
        """Return how many rooms an area is for: 三间房每间15平 and 三间15平的 are three, 三室两厅100平 is one house."""
        rooms = self._rooms
        if rooms is None or rooms.low is None:
            return 1
        each = "each" in beside or ("each" in self._names and not self._areas)
        next_to_it = 0 <= quantity.start - rooms.end <= 1 and not rooms.text
        return int(rooms.low) if each or next_to_it else 1

    def take_length(self, quantity: Quantity, number: Fraction) -> None:
        named = {_words().get(quantity.text, "")} | self._beside(quantity)
        side = next((side for side in SIDES if side in named and side not in self._sides), None)
        if "perimeter" in named and "height" not in named:
            side = "perimeter"
        if side:
            self._sides[side] = number
        elif number >= SHORTEST_M:
            self._of_wall |= not self._loose and self._of_a_wall(quantity)
            self._loose.append(number)

    def take_rooms(self, quantity: Quantity, number: Fraction) -> None:
        self._rooms = self._rooms or quantity

    def take_percent(self, quantity: Quantity, number: Fraction) -> None:
        self._values["loss_pct"] = number

    def take_coats(self, quantity: Quantity, number: Fraction) -> None:
        self._values["coats"] = number

    def take_floors(self, quantity: Quantity, number: Fraction) -> None:
        """Take how many storeys there are; 一层90平 beside 三层楼 says how large each is."""
        self._values["storeys"] = max(int(number), int(self._values.get("storeys", 0)))

    def take_opening(self, quantity: Quantity, number: Fraction) -> None:
        """Take doors or windows with all others that are told of."""
        self._values["openings"] = self._values.get("openings", Fraction(0)) + number

    def take_count(self, quantity: Quantity, number: Fraction) -> None:
        self._values["held"] = number
        self._values["held_unit"] = quantity.unit

    def take_volume(self, quantity: Quantity, number: Fraction) -> None:
        if number > MOST_LITRES:
            self._values["volume_m3"] = number / 1000
        else:
            self._values["litres"] = number

    def take_mass(self, quantity: Quantity, number: Fraction) -> None:
        if number >= LOT_KG:
            self._values["lot_kg"] = number

    def _take_size(self, quantity: Quantity) -> None:
        text = quantity.text
        sides = [exact(part) for part in text.split("x") if part.replace(".", "", 1).isdigit()]
        if len(sides) < 2:
            return
        if is_room(quantity) and len(sides) == 2 and self._of_a_wall(quantity):
            self._areas.append(Area(sides[0] * sides[1] / 1_000_000, "surface"))
        elif is_room(quantity):
            height = sides[2] / 1000 if len(sides) > 2 else None
            self._sized.append(Room(length=sides[0] / 1000, width=sides[1] / 1000, height=height))
        else:
            self._values["piece"] = "x".join(text.split("x")[:2])

    def _of_a_wall(self, quantity: Quantity) -> bool:
        """Tell whether two sides are of one wall: 一面墙3米乘2.4米, but not 厨房墙砖 of a room of 2米乘3米."""
        beside = [role for role in self._roles if quantity.start - 2 <= role.start and role.end < quantity.end]
        return any(role.name == "wall" for role in beside) and not self._names & ROOMY

    def _beside(self, quantity: Quantity) -> set[str]:
        """Return the roles of the words next to a number: right before it, or right after (门窗10平, 16平的房间)."""
        found = {r.name for r in self._roles if 0 <= quantity.start - r.end <= (0 if r.name == "work" else NEAR)}
        behind = {r.name for r in self._roles if 0 <= r.start - quantity.end <= 1 and r.name != "work"}
        if not found - {"add"}:
            return behind
        if "work" in found and "room" in behind:
            found = (found - {"work"}) | {"room"}  # 刷20平卧室: the room is that big
        walls = any(r.name == "wall" and r.start == quantity.end for r in self._roles)
        return found | {"wall"} if walls else found  # 我家30平墙: of the walls; 80平刷墙: not yet

    def inputs(self) -> Inputs:
        """Return what was read."""
        rooms = self._all_rooms()
        if len(self._areas) == 1 and "one" in self._names and self._rooms and self._rooms.low:
            self._areas = [replace(self._areas[0], alike=int(self._rooms.low))]  # 三间房，一间15平
        values = dict(self._values)
        if "height" in self._sides:
            values["height"] = self._sides["height"]
        for name, given in (("ceiling", True), ("no_ceiling", False)):
            if name in self._names:
                values["ceiling"] = given
        if "no_openings" in self._names:
            values["openings"] = Fraction(0)
        return Inputs(
            areas=tuple(self._areas),
            areas_said=bool(self._areas or rooms),
            rooms=rooms,
            is_floor="is_floor" in self._names and not self._areas,
            added="add" in self._names and "in_all" not in self._names,  # 加上墙面一共25平 is 25
            alike=None if self._areas or rooms or self._rooms is None else int(self._rooms.low or 1),
            each="each" in self._names or "one" in self._names,
            same="same" in self._names,
            said=frozenset(values),
            **values,
        )

    def _all_rooms(self) -> tuple[Room, ...]:
        """Make rooms of the sides, labelled or in the order length, width, height; two upright sides make a wall."""
        sides = dict(self._sides)
        if height := sides.get("height"):
            across = sides.get("perimeter") or (None if "width" in sides or self._loose else sides.get("length"))
            across = across or (None if "length" in sides or self._loose else sides.get("width"))
            if across and ("perimeter" in sides or "wall" in self._names or not self._names & ROOMY):
                self._areas.append(Area(across * height, "surface"))
                del self._sides["height"]  # it is in the area
                return tuple(self._sized)
        loose = list(self._loose)
        if self._of_wall and len(loose) == 2 and not sides:
            self._areas.append(Area(loose[0] * loose[1], "surface"))
            return tuple(self._sized)
        for side in ("length", "width", "height"):
            if side not in sides and loose:
                sides[side] = loose.pop(0)
        self._sides |= {"height": sides["height"]} if "height" in sides else {}
        if "length" in sides and "width" in sides:
            count = int(self._rooms.low) if self._rooms and self._rooms.low and not self._rooms.text else 1
            one = Room(length=sides["length"], width=sides["width"], height=sides.get("height"), count=count)
            self._areas = [area for area in self._areas if area.kind == "surface"]  # 3平，长2米宽1.5米: the same floor
            return (*self._sized, one)
        return tuple(replace(room, height=room.height or sides.get("height")) for room in self._sized)


_TAKERS = {
    "area": _Reading.take_area,
    "length": _Reading.take_length,
    "rooms": _Reading.take_rooms,
    "percent": _Reading.take_percent,
    "coats": _Reading.take_coats,
    "floors": _Reading.take_floors,
    "count": _Reading.take_count,
    "volume": _Reading.take_volume,
    "mass": _Reading.take_mass,
    "opening": _Reading.take_opening,
}
