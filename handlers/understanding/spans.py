"""The pieces that understanding finds in an utterance. Offsets are those of the normalised text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

ROOM_SIDE_MM = 1500  # a size whose sides both reach this is a room, not a tile

How = Literal["exact", "pinyin", "initials", "mixed", "sound", "shape", "near"]
Tier = Literal["sure", "soft", "ask"]


class Normalised(NamedTuple):
    """The text to work on: NFKC, lower case, Simplified, one sign for each dash and cross.

    `offsets[i]` is the index in `raw` of normalised character i; `len(offsets) == len(text) + 1`.
    """

    text: str
    offsets: tuple[int, ...]
    raw: str
    cut: bool = False  # longer than we read

    def said(self, start: int, end: int) -> str:
        """Return the person's own characters for a normalised span."""
        return self.raw[self.offsets[start] : self.offsets[end]]


class Span(NamedTuple):
    """A word found. kind is the lexicon kind (see locales/README.md); concept is what it stands for.

    `surface` is the lexicon's spelling that matched; `evidence` one letter for each character: = same, p same toneless
    syllable, l near sound, s look-alike. `tier`: sure, soft (read back), ask (only a question back).
    """

    start: int
    end: int
    kind: str
    concept: str
    surface: str
    how: How = "exact"
    tier: Tier = "sure"
    evidence: str = ""
    region: str = ""  # where people say so, when not everywhere


Dimension = Literal[
    "money",
    "area",
    "length",
    "volume",
    "mass",
    "count",
    "rooms",
    "coats",
    "floors",
    "size",
    "grade",
    "stars",
    "power",
    "pipe",
    "time",
    "percent",
    "number",
    "opening",
]
Comparison = Literal["eq", "le", "ge", "range", "about"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount. Canonical units: money CNY, area m², length m, volume l, mass kg, power W, time days, pipe DN mm.

    `low`/`high` are both ends included, None = open. `approximate` is kept for 左右, 来块, 多. `per` is the unit that a price
    is for ("m2", "桶"). `unit` is the unit as said (桶, 平, 公分 …) or None. `text` for size is "800x800" in millimetres
    where a unit or the trade's habit tells, else as said.
    """

    start: int
    end: int
    dimension: Dimension
    low: Decimal | None
    high: Decimal | None
    comparison: Comparison = "eq"
    approximate: bool = False
    unit: str | None = None
    per: str | None = None
    text: str = ""
    rule: str = ""  # the human name of the rule that read it

    @property
    def value(self) -> Decimal | None:
        """Return the single value meant, or None for a range."""
        return self.low if self.low == self.high else None


@dataclass(frozen=True, slots=True)
class PlaceSpan:
    """A place named. `adcodes` holds every reading, most likely first; one = no doubt."""

    start: int
    end: int
    surface: str
    adcodes: tuple[str, ...]
    sure: bool = True  # False: the short name collides with other words and no frame (在, 到, 县 …) supports it


def is_room(quantity: Quantity) -> bool:
    """Tell whether a size is that of a room, not of a piece: 4.5乘6."""
    sides = quantity.text.split("x") if quantity.dimension == "size" else ()
    return len(sides) > 1 and all(
        side.replace(".", "", 1).isdigit() and float(side) >= ROOM_SIDE_MM for side in sides[:2]
    )
