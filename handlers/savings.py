"""What is saved in use: water, power, money and carbon, from the catalogue's yearly figures × count × years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from catalog_db.records import Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import asking, handoff_choice, look_choices, product_choice, shorten
from handlers.calculation.formulas import exact, plain
from handlers.context.in_question import products_in_question
from handlers.turn import Action, Answer, Block, Choice, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

WATER_CNY_PER_M3 = Fraction(4)
POWER_CNY_PER_KWH = Fraction(56, 100)
DAYS_A_YEAR = 365
MOST_FOR_MEDIAN = 2000  # products whose figures a median is taken over
COLUMNS = {"water_m3": "water_m3_per_year", "power_kwh": "power_kwh_per_year", "carbon_kg": "carbon_kg_per_year"}
SORTS = {"water_m3": "water_saving", "power_kwh": "energy_saving", "carbon_kg": "carbon_saving"}
MEASURES = ("water_m3", "power_kwh", "money_cny", "carbon_kg")


@dataclass(frozen=True, slots=True)
class Basis:
    """What is counted on: yearly figures and price of a product, or the medians over a category. `over`: how many products."""

    name: str
    yearly: Mapping[str, Fraction]
    over: int
    sku: str | None = None
    category: str | None = None
    price: Fraction | None = None  # of one, in the middle for a category


def handle(turn: Turn) -> Answer:
    """Multiply the yearly figures; without any say that there are none, never a guess."""
    basis = _basis(turn)
    if basis is None:
        return Answer("clarify", blocks=(Say(say("savings.of_what")),), choices=_products_with_figures(turn))
    count, years = _count(turn), _years(turn)
    amounts = dict(_amounts(basis, count, years))
    wanted = [m for m in _asked(turn) if m in amounts] or ([] if _asked_for_one(turn) else list(amounts))
    _remember(turn, basis, count, years)
    if not wanted:
        return _no_figure(turn, basis)
    return _told(turn, basis, {m: amounts[m] for m in wanted}, count, years)


# --- what is meant


def _basis(turn: Turn) -> Basis | None:
    """Return the product meant, else the category named, else what the conversation was counting."""
    kept = turn.session.data.get("savings") or {}
    going_on = turn.session.intent == "savings" and bool(kept)
    products = turn.catalogue.products(turn.meaning.skus) if going_on else products_in_question(turn)
    if products:
        return _of_product(products[0])
    if turn.meaning.constraints.categories:
        return _of_category(turn, turn.meaning.constraints.categories)
    product = turn.catalogue.product(kept.get("sku") or "")
    if product is not None:
        return _of_product(product)
    return _of_category(turn, (kept["category"],)) if kept.get("category") in turn.catalogue.categories else None


def _products_with_figures(turn: Turn) -> tuple[Choice, ...]:
    """Offer the products that save most, where the catalogue has figures."""
    products = [p for p in turn.catalogue.products(_foremost_savers(turn.catalogue, turn.day)) if _of_product(p).yearly]
    return (
        *(product_choice("offer.savings", "savings", p, turn.catalogue) for p in products),
        asking("capability"),
        handoff_choice(),
    )


_FOREMOST: WeakKeyDictionary[Catalogue, tuple[int, date, tuple[str, ...]]] = WeakKeyDictionary()


def _foremost_savers(catalogue: Catalogue, day: date) -> tuple[str, ...]:
    """Return what saves most water and most energy of all; looked for once a day and revision, among every product there is."""
    known = _FOREMOST.get(catalogue)
    if known is None or known[:2] != (catalogue.revision, day):
        skus: list[str] = []
        for sort in ("water_saving", "energy_saving"):
            skus += [hit.sku for hit in catalogue.search(ProductQuery(day, sort=sort, limit=1)).hits]
        known = _FOREMOST[catalogue] = (catalogue.revision, day, tuple(dict.fromkeys(skus)))
    return known[2]


def _of_product(product: Product) -> Basis:
    yearly = {m: exact(str(v)) for m, column in COLUMNS.items() if (v := getattr(product, column)) is not None}
    price = exact(str(product.price)) if product.price is not None else None
    return Basis(product.title, yearly, 1, sku=product.sku, category=product.category, price=price)


def _of_category(turn: Turn, codes: Sequence[str]) -> Basis:
    query = turn.meaning.constraints.but(categories=tuple(codes), sort=None).query(turn.day, limit=MOST_FOR_MEDIAN)
    products = turn.catalogue.products(turn.catalogue.skus(query))
    figures = {m: [v for p in products if (v := getattr(p, column)) is not None] for m, column in COLUMNS.items()}
    yearly = {m: exact(str(median(values))) for m, values in figures.items() if values}
    over = max((len(values) for values in figures.values()), default=0)
    prices = [p.price for p in products if p.price is not None and _of_product(p).yearly]
    price = exact(str(median(prices))) if prices else None
    return Basis(turn.catalogue.categories[codes[0]].name, yearly, over, category=codes[0], price=price)


def _asked_for_one(turn: Turn) -> bool:
    return bool(_asked(turn))


def _asked(turn: Turn) -> list[str]:
    """Return the measures asked for (money counts whatever is saved); those of the turn before when none is said."""
    said = [m for m in MEASURES if f"savings.{m}" in turn.meaning.cues]
    return said or list((turn.session.data.get("savings") or {}).get("measures", ()))


def _kept(turn: Turn) -> Mapping[str, Any]:
    """Return what the turn before counted, where it is still about that: 用五年呢 after ten of a lamp."""
    kept = turn.session.data.get("savings") or {}
    return kept if not turn.meaning.skus or turn.meaning.skus == (kept.get("sku"),) else {}


def _count(turn: Turn) -> Fraction:
    counts = [
        q.value for q in turn.meaning.quantities if q.dimension == "count" and q.value and q.unit not in signs("people")
    ]
    kept = _kept(turn).get("count", "1") if turn.session.intent == "savings" else "1"
    return exact(str(counts[0])) if counts else Fraction(kept)


def _years(turn: Turn) -> Fraction:
    """Return the years said; a month is a twelfth. One without any."""
    days = [q.value for q in turn.meaning.quantities if q.dimension == "time" and q.value]
    kept = _kept(turn).get("years", "1") if turn.session.intent == "savings" else "1"
    if not days:
        return Fraction(kept)
    years = exact(str(days[0])) / DAYS_A_YEAR
    return Fraction(round(years * 12), 12) if years >= Fraction(1, 13) else years


def _remember(turn: Turn, basis: Basis, count: Fraction, years: Fraction) -> None:
    turn.session.data["savings"] = {
        "sku": basis.sku,
        "category": basis.category,
        "count": str(count),
        "years": str(years),
        "measures": _asked(turn),
    }


# --- what is told


def _amounts(basis: Basis, count: Fraction, years: Fraction) -> Iterator[tuple[str, Fraction]]:
    for measure, yearly in basis.yearly.items():
        yield measure, yearly * count * years
    if "water_m3" in basis.yearly or "power_kwh" in basis.yearly:
        water = basis.yearly.get("water_m3", Fraction(0)) * WATER_CNY_PER_M3
        power = basis.yearly.get("power_kwh", Fraction(0)) * POWER_CNY_PER_KWH
        yield "money_cny", (water + power) * count * years


def _told(turn: Turn, basis: Basis, amounts: Mapping[str, Fraction], count: Fraction, years: Fraction) -> Answer:
    lines = tuple(say(f"savings.saved.{m}", amount=plain(amounts[m])) for m in MEASURES if m in amounts)
    key = ("savings.product" if basis.sku else "savings.median") + ("_many" if count != 1 else "")
    head = say(key, name=basis.name, over=basis.over, lines=lines, count=plain(count), years=_span(years))
    blocks: list[Block] = [Say(head)]
    blocks += _paid_back(turn, basis)
    if "money_cny" in amounts:
        blocks.append(Note(say("savings.tariffs", water=plain(WATER_CNY_PER_M3), power=plain(POWER_CNY_PER_KWH))))
    blocks.append(Note(say("savings.source")))
    return Answer(
        "savings",
        blocks=tuple(blocks),
        choices=look_choices(turn.catalogue.products((basis.sku,)), turn.catalogue)
        if basis.sku
        else _most_saving(turn, basis, amounts),
        categories=(basis.category,) if basis.category else (),
        products=(basis.sku,) if basis.sku and _is_shown(turn, basis.sku) else (),
        savings=tuple(_data(m, amounts[m], years, count) for m in MEASURES if m in amounts),
    )


def _paid_back(turn: Turn, basis: Basis) -> Iterator[Block]:
    """Yield in how many years the money saved makes up for the price, where that was asked."""
    yearly = dict(_amounts(basis, Fraction(1), Fraction(1))).get("money_cny")
    if "savings.payback" not in turn.meaning.cues or not yearly or basis.price is None:
        return
    key = "savings.paid_back" if basis.sku else "savings.paid_back_median"
    price = Money(Decimal(basis.price.numerator) / Decimal(basis.price.denominator))
    yield Say(say(key, price=price, years=plain(basis.price / yearly, 1)))


def _most_saving(turn: Turn, basis: Basis, amounts: Mapping[str, Fraction]) -> tuple[Choice, ...]:
    """Offer the list of a category, what saves most first."""
    sort = next((sort for measure, sort in SORTS.items() if measure in amounts or measure in basis.yearly), None)
    if sort is None or basis.category is None:
        return ()
    name = shorten(basis.name, 10)
    return (
        Choice(
            say("offer.most_saving", category=name),
            Action("recommend", (f"categories={basis.category}", f"sort={sort}")),
        ),
    )


def _is_shown(turn: Turn, sku: str) -> bool:
    product = turn.catalogue.product(sku)
    return product is not None and product.shown


def _span(years: Fraction) -> Text:
    if years.denominator == 1:
        return say("savings.years", years=plain(years))
    months = years * 12
    return (
        say("savings.months", months=plain(months))
        if months.denominator == 1
        else say("savings.days", days=plain(years * DAYS_A_YEAR))
    )


def _data(measure: str, amount: Fraction, years: Fraction, count: Fraction) -> Mapping[str, Any]:
    return {"measure": measure, "amount": plain(amount), "years": plain(years, 4), "count": plain(count)}


def _no_figure(turn: Turn, basis: Basis) -> Answer:
    """Say that the catalogue has no such figure for it: no number is better than a guess."""
    return Answer(
        "savings",
        blocks=(Say(say("savings.none", name=basis.name)), Note(say("savings.why_none"))),
        choices=(
            *look_choices(turn.catalogue.products((basis.sku,) if basis.sku else ()), turn.catalogue),
            handoff_choice(),
        ),
        categories=(basis.category,) if basis.category else (),
        products=(basis.sku,) if basis.sku and _is_shown(turn, basis.sku) else (),
    )
