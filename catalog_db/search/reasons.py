"""Why a product stands in a list: machine names with values, each read off its own data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog_db.search.facts import Known
from catalog_db.search.matching import has_color, has_feature, has_scene
from catalog_db.search.query import ProductQuery

Reason = tuple[str, str]

_MEASURED = (
    ("water_saving", "water_m3_per_year"),
    ("energy_saving", "power_kwh_per_year"),
    ("carbon_saving", "carbon_kg_per_year"),
    ("growth", "growth_pct"),
)


SUPERLATIVES = (("cheapest", "price", True), ("best_seller", "sales_30d", False), ("best_rated", "rating", False))


def extreme(values: Iterable[float], lowest: bool) -> float:
    """Return the lowest or the highest of some values, 0 of none."""
    return min(values, default=0.0) if lowest else max(values, default=0.0)


def extremes_of(product: Any, bounds: Mapping[str, float]) -> frozenset[str]:
    """Return the superlatives that hold of a product; `bounds` are the values that they take."""
    if not bounds:
        return frozenset()
    return frozenset(
        name
        for name, column, _ in SUPERLATIVES
        if name in bounds and (value := getattr(product, column)) is not None and float(value) == bounds[name]
    )


def reasons(facts: Known, query: ProductQuery, extremes: frozenset[str] = frozenset()) -> tuple[Reason, ...]:
    """Return the reasons for one hit, the most telling first.

    `extremes` are the superlatives that hold of it among all that match: cheapest, best_seller, best_rated.
    """
    return (*_asked(facts, query), *((name, "") for name in sorted(extremes)), *_own(facts, query))


def _asked(facts: Known, query: ProductQuery) -> Iterator[Reason]:
    for feature in query.features:
        if has_feature(facts, feature):
            yield "feature", feature
    for scene in query.scenes:
        if has_scene(facts, scene):
            yield "scene", scene
    for word in query.color:
        if has_color(facts, word):
            yield "color", facts.product.color or ""
    if query.price_max is not None and facts.product.price is not None:
        yield "within_price", str(query.price_max)
    if query.adcode is not None and facts.product.sells_to:
        yield "sold_there", query.adcode
    if query.origin is not None:
        yield "made_there", facts.product.origin or ""


def _own(facts: Known, query: ProductQuery) -> Iterator[Reason]:
    product = facts.product
    stars = facts.stars(query.day)
    if stars:
        yield "stars", str(stars)
    for scheme in sorted(facts.schemes(query.day)):
        yield "certified", scheme
    if product.water_grade == 1:
        yield "water_grade", "1"
    if product.energy_grade == 1:
        yield "energy_grade", "1"
    if product.formaldehyde_grade:
        yield "formaldehyde", product.formaldehyde_grade
    for name, column in _MEASURED:
        value = getattr(product, column)
        if value is not None and value > 0:
            yield name, f"{value:g}"
    if product.sales_30d:
        yield "sales", str(product.sales_30d)
    if product.rating is not None:
        yield "rating", f"{product.rating:g}"
