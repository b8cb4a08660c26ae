"""What may be said of one product, line by line, each read off its own data: certificate, price, grades, services, a reason.

Every line is a Text; nothing here says more than a certificate in force on the day says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog_db.certification import in_force, stars, state
from catalog_db.records import SCHEMES, Certificate, Product, Service
from catalog_db.search.query import ProductQuery
from handlers.turn import Money, Text, say

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

STALE_PRICE_DAYS = 30  # a price seen longer ago is shown with a warning
GREEN = "green_building_material"

# The strongest evidence first; `other` says nothing about being green.
_SCHEME_ORDER = {scheme: rank for rank, scheme in enumerate(SCHEMES)}


def scheme_name(scheme: str) -> Text:
    """Name a certification scheme in plain words."""
    return say(f"scheme.{scheme}")


def by_weight(certificates: Sequence[Certificate], day: date) -> list[Certificate]:
    """Order certificates: those in force first, then by scheme, the highest grade and the longest validity."""
    return sorted(
        certificates,
        key=lambda c: (
            not in_force(c, day),
            _SCHEME_ORDER.get(c.scheme, len(_SCHEME_ORDER)),
            -(c.grade or 0),
            -c.expires_on.toordinal(),
            c.number,
        ),
    )


def certificate_line(certificates: Sequence[Certificate], day: date, schemes: Sequence[str] = ()) -> Text:
    """Say in one line which certificate a product holds on the day, one of the schemes asked for first; without any, that none was found."""
    held = [c for c in by_weight(certificates, day) if in_force(c, day)]
    held = [c for c in held if c.scheme in schemes] or held
    if not held:
        return _not_held(certificates, day)
    first = held[0]
    values: dict[str, Any] = {"scheme": scheme_name(first.scheme), "number": first.number, "until": first.expires_on}
    if first.scheme == GREEN and first.grade:
        return say("fact.certificate.stars", stars=say(f"stars.{first.grade}"), **values)
    return say("fact.certificate.held", **values)


def _not_held(certificates: Sequence[Certificate], day: date) -> Text:
    """Say what became of the weightiest certificate that is not in force; without any, that none was found."""
    if not certificates:
        return say("fact.certificate.none")
    first = by_weight(certificates, day)[0]
    return say(
        f"fact.certificate.{state(first, day)}",
        scheme=scheme_name(first.scheme),
        since=first.issued_on,
        until=first.expires_on,
    )


def price_line(product: Product, day: date) -> Text:
    """Say the price with the day it was seen; an old one with a warning, an unknown one as unknown."""
    if product.price is None:
        return say("fact.price.unknown")
    money = Money(product.price, product.unit)
    if product.price_on is None:
        return say("fact.price.plain", price=money)
    age = (day - product.price_on).days
    if age <= 0:
        return say("fact.price.today", price=money)
    if age > STALE_PRICE_DAYS:
        return say("fact.price.stale", price=money, seen=product.price_on, days=age)
    return say("fact.price.seen", price=money, days=age)


def service_line(services: Sequence[Service]) -> Text | None:
    """Name the services of a product with their fees; None when there is none."""
    if not services:
        return None
    named = tuple(
        say("fact.service.fee", name=s.name, fee=s.fee) if s.fee else say("fact.service.name", name=s.name)
        for s in services
    )
    return say("fact.services", services=named)


def services_of(catalogue: Catalogue, product: Product, adcode: str | None = None) -> list[Service]:
    """Return the services that come with a product: those it names and those of its category, where the place allows."""
    from handlers.answer_parts.place_matching import reaches

    family = set(catalogue.path(product.category))
    named = [s for s in catalogue.services.values() if s.id in product.services]
    general = [
        s
        for s in catalogue.services.values()
        if s.id not in product.services and (not s.categories or family & set(s.categories))
    ]
    return [s for s in (*named, *general) if reaches(s.adcodes, adcode)]


# --- one plain reason

_Maker = Callable[[Product, Sequence[Certificate], date, ProductQuery], Text | None]


def reason(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text:
    """Give one plain reason why a product is shown: what was asked for first, else the strongest fact of its data."""
    for maker in (*_sort_first(query.sort), *_REASONS):
        text = maker(product, certificates, day, query)
        if text is not None:
            return text
    return say("reason.category")


def _sort_first(sort: str) -> tuple[_Maker, ...]:
    maker = _BY_SORT.get(sort)
    return (maker,) if maker else ()


def _asked_feature(
    product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery
) -> Text | None:
    held = tuple(f for f in query.features if f in product.features or f in product.title)
    return say("reason.features", features=held) if held else None


def _asked_scene(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
    held = tuple(s for s in query.scenes if s in product.scenes or s in product.title)
    return say("reason.scenes", scenes=held) if held else None


def _water(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
    return say("reason.water_grade", grade=product.water_grade) if product.water_grade == 1 else None


def _energy(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
    return say("reason.energy_grade", grade=product.energy_grade) if product.energy_grade == 1 else None


def _board(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
    return say("reason.formaldehyde", grade=product.formaldehyde_grade) if product.formaldehyde_grade else None


def _stars(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
    grade = stars(certificates, day)
    return say("reason.stars", stars=say(f"stars.{grade}")) if grade else None


def _column(name: str, key: str) -> _Maker:
    def maker(product: Product, certificates: Sequence[Certificate], day: date, query: ProductQuery) -> Text | None:
        value = getattr(product, name)
        return say(key, value=value) if value else None

    return maker


_rating = _column("rating", "reason.rating")
_sales = _column("sales_30d", "reason.sales")
_saves_water = _column("water_m3_per_year", "reason.water_saving")
_saves_power = _column("power_kwh_per_year", "reason.energy_saving")
_saves_carbon = _column("carbon_kg_per_year", "reason.carbon_saving")

_BY_SORT: Mapping[str, _Maker] = {
    "sales": _sales,
    "rating": _rating,
    "growth": _column("growth_pct", "reason.growth"),
    "water_saving": _saves_water,
    "energy_saving": _saves_power,
    "carbon_saving": _saves_carbon,
}
_REASONS: tuple[_Maker, ...] = (
    _asked_feature,
    _asked_scene,
    _water,
    _energy,
    _board,
    _saves_water,
    _saves_power,
    _sales,
    _rating,
    _stars,  # late: lists show the certificate in a line of its own
)


# --- specification

_GRADES = (("water_grade", "label.water_grade", "value.level"), ("energy_grade", "label.energy_grade", "value.level"))
_PLAIN = ("model", "color", "size", "capacity", "formaldehyde_grade")
_MEASURES = (
    "voc_g_per_l",
    "coverage_m2",
    "service_life_years",
    "water_m3_per_year",
    "power_kwh_per_year",
    "carbon_kg_per_year",
)


def specification(product: Product) -> Iterator[tuple[str, Text, Text]]:
    """Yield (field, label, value) for every known property of a product; attributes under their own names."""
    for name, label, key in _GRADES:
        if (value := getattr(product, name)) is not None:
            yield name, say(label), say(key, grade=value)
    for name in _PLAIN:
        if value := getattr(product, name):
            yield name, say(f"label.{name}"), say("value.plain", value=value)
    if product.features:
        yield "features", say("label.features"), say("value.plain", value=product.features)
    if product.scenes:
        yield "scenes", say("label.scenes"), say("value.plain", value=product.scenes)
    for name in _MEASURES:
        if (value := getattr(product, name)) is not None:
            yield name, say(f"label.{name}"), say(f"value.{name}", value=value)
    for name, value in product.attributes.items():
        yield f"attribute:{name}", say("label.attribute", name=name), say("value.plain", value=value)


def total_price(products: Sequence[Product]) -> Decimal:
    """Add up the prices that are known."""
    return sum((p.price for p in products if p.price is not None), Decimal(0))
