"""The goods of the demonstration shops, made from the lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from catalog_db.demonstration.chance import between, fraction, pick, pick_some
from catalog_db.demonstration.sources import Line, Row

COLUMNS = (
    *("sku", "title", "category", "brand", "series", "model", "price", "price_on", "list_price", "unit", "status"),
    *("sales_30d", "rating", "reviews", "growth_pct", "origin", "sells_to", "scenes", "features", "color", "size"),
    *("capacity", "water_grade", "energy_grade", "formaldehyde_grade", "voc_g_per_l", "coverage_m2"),
    *("service_life_years", "carbon_kg_per_year", "water_m3_per_year", "power_kwh_per_year", "services", "url"),
    *("image_url", "ar_url"),
)
_FOR_THE_TITLE = {"price", "price_factor", "water_text", "energy_text", "size_text", "nouns", "features"}
_KG_CARBON_PER_KWH = 0.57  # the usual round figure for China's grid; demonstration data only


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes the goods: brands by id, where each enterprise is, and the regions as lists of provinces."""

    brands: Mapping[str, Row]
    homes: Mapping[str, str]
    regions: Sequence[Sequence[str]]

    def around(self, home: str) -> list[str]:
        """List the provinces of every region that the home's province belongs to."""
        province = f"{home[:2]}0000"
        return sorted({code for region in self.regions if province in region for code in region})


def make_products(lines: Sequence[Line], makers: Makers, today: date) -> list[Row]:
    """Make every product row, in order of sku."""
    made = [_product(line, number, makers, today) for line in lines for number in range(line.count)]
    return sorted(made, key=lambda row: row["sku"])


def _product(line: Line, number: int, makers: Makers, today: date) -> Row:
    sku = f"{line.sku}{number + 1:02d}"
    brand = makers.brands[line.brands[number % len(line.brands)]]
    round_of = number // len(line.brands)
    values = _values(line, sku, number % len(line.brands) + round_of)
    series = brand["series"].split("|")[round_of // len(line.axes[0]) % 2]
    home = makers.homes.get(brand["enterprise"], "")
    features = pick_some(values.get("features", line.features), 2 + int(fraction(sku, "many") * 2), sku, "features")
    row = {
        "sku": sku,
        "category": line.category,
        "brand": brand["id"],
        "series": series,
        "model": f"{_initials(brand)}-{sku[2:]}",
        "origin": home,
        "sells_to": "|".join(makers.around(home)) if line.reach == "region" else "",
        "scenes": "|".join(pick_some(line.scenes, 2, sku, "scenes")),
        "features": "|".join(features),
        "color": pick(line.colors, sku, "color") if line.colors else "",
        "unit": line.unit,
        "services": "|".join(line.services if fraction(sku, "services") < 0.8 else line.services[:1]),
        "url": f"https://example.org/goods/{sku}",
        "ar_url": f"https://example.org/ar/{sku}" if line.ar and fraction(sku, "ar") < 0.5 else "",
        **{name: str(value) for name, value in values.items() if name not in _FOR_THE_TITLE},
    }
    row |= _money(values, sku, today) | _echo(line, sku) | _carbon(row)
    row["status"] = "off_sale" if fraction(sku, "status") < 0.02 else ""
    row["title"] = _title(line, row, values, brand["name"], features)
    return row


def _values(line: Line, sku: str, turn: int) -> dict[str, Any]:
    """Choose from each axis and settle ranges; price factors multiply."""
    chosen: dict[str, Any] = {}
    factor = 1.0
    for at, axis in enumerate(line.axes):
        choice = axis[turn % len(axis)] if at == 0 else pick(axis, sku, str(at))
        factor *= choice.get("price_factor", 1.0)
        chosen |= choice
    for name, value in chosen.items():
        if isinstance(value, list) and name not in {"nouns", "features"}:
            drawn = between(value[0], value[1], sku, name)
            chosen[name] = drawn if name == "price" else round(drawn)
    chosen["price"] *= factor
    return chosen


def _money(values: Mapping[str, Any], sku: str, today: date) -> Row:
    """Price as shops write it, the day it was seen (a few long ago), and for every third a list price."""
    price = _shop_price(values["price"])
    days_ago = int(between(0, 6, sku, "seen"))
    if fraction(sku, "stale") < 0.04:
        days_ago = int(between(60, 200, sku, "seen"))
    listed = _shop_price(values["price"] * between(1.12, 1.3, sku, "listed")) if fraction(sku, "sale") < 0.33 else None
    return {
        "price": f"{price:g}",
        "price_on": (today - timedelta(days=days_ago)).isoformat(),
        "list_price": f"{listed:g}" if listed else "",
    }


def _shop_price(amount: float) -> float:
    if amount < 20:
        return round(amount, 1)
    if amount < 100:
        return float(round(amount))
    return float(round(amount / 10) * 10 - 1)


def _echo(line: Line, sku: str) -> Row:
    """What buyers left: sales, rating, reviews, growth; now and then unknown."""
    sales = round(line.sales * between(0.15, 1.0, sku, "sales") ** 2 * 2.2)
    known = fraction(sku, "known") < 0.95
    return {
        "sales_30d": str(sales),
        "rating": f"{between(4.4, 5.0, sku, 'rating'):.1f}" if known else "",
        "reviews": str(round(sales * between(1.5, 9, sku, "reviews"))) if known else "",
        "growth_pct": str(round(between(-25, 90, sku, "growth"))) if fraction(sku, "trend") < 0.7 else "",
    }


def _carbon(row: Mapping[str, str]) -> Row:
    power = row.get("power_kwh_per_year")
    return {"carbon_kg_per_year": str(round(float(power) * _KG_CARBON_PER_KWH))} if power else {}


def _initials(brand: Row) -> str:
    """Two letters of the brand's Latin name, for model numbers."""
    latin = brand["aliases"].split("|")[0]
    return latin[0] + latin[len(latin) // 2]


def _title(line: Line, row: Row, values: Mapping[str, Any], brand: str, features: Sequence[str]) -> str:
    words = defaultdict(
        str,
        {
            **{name: str(value) for name, value in values.items()},
            **row,
            "brand": brand,
            "feature": features[0],
            "noun": pick(values.get("nouns", line.nouns), row["sku"], "noun"),
            "more": f" {features[1]}",
        },
    )
    return " ".join(line.title.format_map(words).split())
