"""Why a product stands in a list: machine names with values, each read off its own data."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from catalog_db.search.facts import Known
from catalog_db.search.matching import has_color, has_feature, has_scene
from catalog_db.search.query import ProductQuery

Reason = tuple[str, str]

Giver = Callable[[Known, date], list[Reason]]
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


class Reasoner:
    """Gives the reasons of hits for one query."""

    def __init__(self, query: ProductQuery, own: Sequence[Giver] | None = None) -> None:
        """`own` gives the reasons that stand in the columns; all there are when it is not said."""
        self._query = query
        self._asks = bool(
            query.features
            or query.scenes
            or query.color
            or query.price_max is not None
            or query.adcode is not None
            or query.origin is not None
        )
        self._own = _EVERY if own is None else own

    @property
    def silent(self) -> bool:
        """Tell whether no product has any reason but its superlatives."""
        return not (self._asks or self._own)

    def reasons(self, facts: Known, extremes: frozenset[str] = frozenset()) -> tuple[Reason, ...]:
        """Return the reasons for one hit, the most telling first.

        `extremes` are the superlatives that hold of it among all that match: cheapest, best_seller, best_rated.
        """
        found = [*_asked(facts, self._query)] if self._asks else []
        found += [(name, "") for name in sorted(extremes)]
        for give in self._own:
            found += give(facts, self._query.day)
        return tuple(found)


def givers(known: Container[str]) -> Sequence[Giver]:
    """Return what gives reasons from the columns in which any of the products has something."""
    return [give for column, give in _OWN if column in known]


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


def _certified(facts: Known, day: date) -> list[Reason]:
    stars = facts.stars(day)
    found = [("stars", str(stars))] if stars else []
    return found + [("certified", scheme) for scheme in sorted(facts.schemes(day))]


def _first_grade(column: str) -> Giver:
    return lambda facts, day: [(column, "1")] if getattr(facts.product, column) == 1 else []


def _measured(name: str, column: str) -> Giver:
    def give(facts: Known, day: date) -> list[Reason]:
        value = getattr(facts.product, column)
        return [(name, f"{value:g}")] if value is not None and value > 0 else []

    return give


def _formaldehyde(facts: Known, day: date) -> list[Reason]:
    grade = facts.product.formaldehyde_grade
    return [("formaldehyde", grade)] if grade else []


def _sales(facts: Known, day: date) -> list[Reason]:
    sales = facts.product.sales_30d
    return [("sales", str(sales))] if sales else []


def _rating(facts: Known, day: date) -> list[Reason]:
    rating = facts.product.rating
    return [] if rating is None else [("rating", f"{rating:g}")]


_OWN: tuple[tuple[str, Giver], ...] = (  # by the column that it is read from
    ("evidence", _certified),
    ("water_grade", _first_grade("water_grade")),
    ("energy_grade", _first_grade("energy_grade")),
    ("formaldehyde_grade", _formaldehyde),
    ("water_m3_per_year", _measured("water_saving", "water_m3_per_year")),
    ("power_kwh_per_year", _measured("energy_saving", "power_kwh_per_year")),
    ("carbon_kg_per_year", _measured("carbon_saving", "carbon_kg_per_year")),
    ("growth_pct", _measured("growth", "growth_pct")),
    ("sales_30d", _sales),
    ("rating", _rating),
)
_EVERY = tuple(give for _, give in _OWN)
