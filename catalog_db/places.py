"""The provinces, cities, counties and townships of China: names, codes, what lies within what, and how near.

Data in `locales/places`. Provinces, cities and counties are loaded with `Places.load`; townships and positions when first asked for.
"""

from __future__ import annotations

import gzip
import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import Literal, NamedTuple

from catalog_db.records import ALL_OF_CHINA
from catalog_db.search.adcodes import stem, within

FOLDER = Path(__file__).resolve().parent.parent / "locales" / "places"

Level = Literal["country", "province", "city", "county"]

LONGEST_NAME = 15  # characters of the longest name of a division

_ABOVE = {"0000": "none", "00": "0000", "": "00"}
_EARTH_RADIUS_KM = 6371.0
_FARTHEST_KM = 100.0
_KM_PER_DEGREE = 111.2  # of latitude


class Division(NamedTuple):
    """A province, city or county. `use`: when its short name (for `chain`: even the full one) is enough, see divisions.tsv."""

    adcode: str
    name: str
    short: str
    use: str


class PlaceName(NamedTuple):
    """A name and the divisions that bear it, most likely first: provinces, cities, then counties by code."""

    surface: str
    adcodes: tuple[str, ...]
    use: str
    full: bool


class Places:
    """Everything about codes of places. Read only."""

    def __init__(self, divisions: Iterable[Division], folder: Path = FOLDER) -> None:
        self._folder = folder
        self._divisions = {division.adcode: division for division in divisions}

    @classmethod
    def load(cls, folder: Path = FOLDER) -> Places:
        """Read the divisions of a folder. Raises OSError when the file is missing."""
        lines = (folder / "divisions.tsv").read_text(encoding="utf-8").splitlines()
        return cls([Division._make(line.split("\t")) for line in lines if line[:1].isdigit()], folder)

    def __contains__(self, adcode: object) -> bool:
        """Tell whether a code is a province, city or county that we know."""
        return adcode in self._divisions

    def name(self, adcode: str) -> str | None:
        """Return the name with its 省, 市, 县 …, None for an unknown code (all of China has none either)."""
        division = self._divisions.get(adcode)
        return division.name if division else None

    def full_name(self, adcode: str) -> str | None:
        """Return the name with those of everything above it: 江苏省南通市如皋市."""
        if adcode not in self._divisions:
            return None
        above = [self.name(code) or "" for code in self.widen(adcode)[:-1]]
        return "".join(reversed(above))

    def level(self, adcode: str) -> Level:
        """Return the level of a code, by its form."""
        if adcode == ALL_OF_CHINA:
            return "country"
        return {2: "province", 4: "city"}.get(len(stem(adcode)), "county")  # type: ignore[return-value]  # three forms

    def parent(self, adcode: str) -> str | None:
        """Return the next larger place: county → city (or province, where it stands directly under one) → province → 100000."""
        if adcode == ALL_OF_CHINA:
            return None
        candidates = (adcode[:4] + "00", adcode[:2] + "0000")
        return next(
            (code for code in candidates if code != adcode and code in self._divisions and within(adcode, code)),
            ALL_OF_CHINA,
        )

    def covers(self, region: str, place: str) -> bool:
        """Tell whether a code stands for a place: itself or something under it."""
        return within(place, region)

    def widen(self, adcode: str) -> list[str]:
        """Return the code and everything above it: 370783 → 370783, 370700, 370000, 100000."""
        codes = [adcode]
        while (above := self.parent(codes[-1])) is not None:
            codes.append(above)
        return codes

    def under(self, adcode: str) -> list[str]:
        """Return the codes of everything under a code, itself excluded."""
        return [code for code in self._divisions if code != adcode and within(code, adcode)]

    @cached_property
    def _names(self) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, str]]:
        """Return full name → codes, short name → codes (likeliest first), and the use of those that are not enough alone."""
        full: dict[str, list[str]] = {}
        short: dict[str, list[str]] = {}
        uses: dict[str, str] = {}
        for level in ("0000", "00", ""):  # provinces, cities, counties
            for adcode, name, said, use in self._divisions.values():
                if not adcode.endswith(level) or adcode.endswith(_ABOVE[level]):
                    continue
                full.setdefault(name, []).append(adcode)
                if use == "chain":
                    uses[name] = use
                if said and not (use == "never" and said in short and said not in uses):
                    short.setdefault(said, []).append(adcode)
                    if use:
                        uses[said] = use
        return full, short, uses

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """Return the first two characters of every name."""
        full, short, _ = self._names
        return frozenset([name[:2] for name in full] + [name[:2] for name in short])

    def named(self, surface: str) -> PlaceName | None:
        """Return the divisions that bear a name; what is both a full name and a short one is taken as full."""
        full, short, uses = self._names
        codes = full.get(surface)
        if codes:
            return PlaceName(surface, tuple(codes), uses.get(surface, ""), True)
        said = short.get(surface)
        return PlaceName(surface, _readings(said, surface in uses), uses.get(surface, ""), False) if said else None

    def resolve(self, name: str, near: str | None = None) -> tuple[str, ...]:
        """Return every code that a name may stand for, most likely first; empty when it is none.

        Full and short names, chains of them (山东寿光) and townships (which give their county). `near`: the asker's code,
        whose neighbourhood comes first.
        """
        known = self.named(name)
        codes = known.adcodes if known else self.township(name) or self._chain(name)
        return self.nearest_first(codes, near)

    def _chain(self, name: str) -> tuple[str, ...]:
        for cut in range(len(name) - 2, 1, -1):
            above = self.named(name[:cut])
            if above:
                below = self.resolve(name[cut:])
                codes = tuple(code for code in below if any(within(code, region) for region in above.adcodes))
                if codes:
                    return codes
        return ()

    def nearest_first(self, codes: Iterable[str], near: str | None) -> tuple[str, ...]:
        """Return codes with those of the same county, city, province as `near` first, otherwise in the same order."""
        if near is None:
            return tuple(codes)
        regions = [region for region in self.widen(near) if region != ALL_OF_CHINA]
        return tuple(
            sorted(codes, key=lambda code: next((i for i, region in enumerate(regions) if within(code, region)), 9))
        )

    @cached_property
    def _townships(self) -> tuple[str, array[int]]:
        """Return the sorted table and where each of its lines begins: a hundredth of the memory that a dict takes."""
        with gzip.open(self._folder / "townships.tsv.gz", "rt", encoding="utf-8") as file:
            lines = [line for line in file if not line.startswith(("#", "name\t"))]
        starts = array("I", accumulate(map(len, lines), initial=0))
        table = "".join(lines)
        starts.pop()
        return table, starts

    def township(self, name: str) -> tuple[str, ...]:
        """Return the counties that have a township of this name (with its 镇, 乡, 街道); empty when there is none."""
        table, starts = self._townships
        wanted = name + "\t"
        line = bisect_left(starts, wanted, key=lambda start: table[start : table.index("\t", start) + 1])
        if line == len(starts) or not table.startswith(wanted, starts[line]):
            return ()
        end = table.index("\n", starts[line])
        return tuple(table[starts[line] + len(wanted) : end].split(" "))

    @cached_property
    def _positions(self) -> tuple[tuple[float, float, str], ...]:
        """Return latitude, longitude and county of every point that we know, by latitude. No file: no points."""
        path = self._folder / "positions.tsv.gz"
        if not path.exists():
            return ()
        with gzip.open(path, "rt", encoding="utf-8") as file:
            return tuple(_points(file))

    def nearest(self, latitude: float, longitude: float, limit: int = 5) -> list[tuple[str, float]]:
        """Return the counties nearest to a position (WGS 84 degrees) with the distance in km, nearest first.

        The distance is that to the nearest point known in the county (its seat or a township). Empty when nothing is
        within 100 km: the position is not in China.
        """
        best: dict[str, float] = {}
        for lat, lon, code in self._positions:
            if abs(lat - latitude) * _KM_PER_DEGREE > _FARTHEST_KM:
                continue
            km = distance_km(latitude, longitude, lat, lon)
            if km <= min(_FARTHEST_KM, best.get(code, _FARTHEST_KM)):
                best[code] = km
        return sorted(best.items(), key=lambda found: found[1])[:limit]


def distance_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the distance of two positions along the ground in km (WGS 84 degrees)."""
    a, b = math.radians(latitude), math.radians(to_latitude)
    across = math.sin(math.radians(to_longitude - longitude) / 2) ** 2
    half = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * across
    return 2 * _EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def _points(lines: Iterable[str]) -> Iterator[tuple[float, float, str]]:
    for line in lines:
        if line[:1].isdigit():
            code, latitude, longitude = line.rstrip("\n").split("\t")
            yield float(latitude), float(longitude), code


def _readings(codes: list[str], doubtful: bool) -> tuple[str, ...]:
    """Return what a short name may stand for: not a county in a city of that name; 西安 is the city, not the district of another."""
    if len(codes) == 1:
        return tuple(codes)
    cities = [code for code in codes if code.endswith("00")]
    if cities and not doubtful:
        return tuple(cities)
    return tuple(code for code in codes if not any(code != other and within(code, other) for other in codes))


@cache
def load_places() -> Places:
    """Return the places of the bundled data, loaded once."""
    return Places.load()
