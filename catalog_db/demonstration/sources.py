"""Reading the sources: tab-separated tables, the lines of goods, and cells that are relative to the day."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

try:  # libyaml is ten times as fast, and not everywhere
    from yaml import CSafeLoader as Loader
except ImportError:  # pragma: no cover
    from yaml import SafeLoader as Loader  # type: ignore[assignment] # the same interface, in Python

SOURCES = Path(__file__).parent / "sources"
SHANGHAI = timezone(timedelta(hours=8))  # no summer time since 1991
Row = dict[str, str]

_RELATIVE = re.compile(r"@([+-]?\d+)(?: (\d\d):(\d\d))?")


@dataclass(frozen=True, slots=True)
class Line:
    """What is sold in one category: how many, by whom, in which variants.

    `axes`: the first goes round product by product, each further one is drawn; a choice is merged into the product.
    """

    category: str
    sku: str  # four digits follow
    count: int
    nouns: tuple[str, ...]
    title: str  # a format string over the product's values
    axes: tuple[tuple[Mapping[str, Any], ...], ...]
    features: tuple[str, ...]
    scenes: tuple[str, ...]
    unit: str
    sales: int  # usual sales in 30 days
    brands: tuple[str, ...]
    services: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    reach: str = "country"  # or region: heavy goods that do not travel
    ar: bool = False


def read_yaml(path: Path) -> Any:
    """Read a YAML file of the sources."""
    return yaml.load(path.read_text("utf-8"), Loader=Loader)  # either loader is a safe one


def read_table(name: str, today: date | None = None) -> list[Row]:
    """Read `sources/name.tsv`; cells such as `@-20` or `@+1 19:30` become the date or time that far from today."""
    with (SOURCES / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if today is None:
        return rows
    return [{column: settle(cell, today) for column, cell in row.items()} for row in rows]


def settle(text: str, today: date) -> str:
    """Replace each `@days` by that date and each `@days hh:mm` by that moment in Shanghai."""

    def moment(match: re.Match[str]) -> str:
        day = today + timedelta(days=int(match[1]))
        if match[2] is None:
            return day.isoformat()
        return datetime.combine(day, time(int(match[2]), int(match[3])), SHANGHAI).isoformat()

    return _RELATIVE.sub(moment, text)


def read_lines(brands: Sequence[Row]) -> Iterator[Line]:
    """Read `sources/lines`: without brands of its own a line is sold by all of the trade that its file is named after."""
    for path in sorted((SOURCES / "lines").glob("*.yaml")):
        of_trade = [brand["id"] for brand in brands if brand["trade"] == path.stem]
        for category, block in read_yaml(path).items():
            yield _line(category, {"brands": of_trade, **block})


def _line(category: str, block: Mapping[str, Any]) -> Line:
    lists = ("nouns", "features", "scenes", "brands", "services", "schemes", "colors")
    values: dict[str, Any] = {
        name: tuple(value) if name in lists else value for name, value in block.items() if name != "axes"
    }
    return Line(category=category, axes=tuple(tuple(axis) for axis in block["axes"]), **values)
