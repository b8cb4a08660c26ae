"""How much power something takes: watts × hours, with the hours said or a usual figure that is told; never a guess of the watts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from handlers.answer_parts.choices import category_choice, handoff_choice, look_choices, unique
from handlers.calculation.formulas import exact, plain
from handlers.savings import DAYS_A_YEAR, POWER_CNY_PER_KWH
from handlers.turn import Answer, Note, Say, Text, Turn, say
from handlers.understanding.measures import watts_in
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product

_LIT = Fraction(5)  # hours a lamp is on a day, usually
_DAY = 24
_MOST_LISTED = 3  # products of a list whose power is told


def handle(turn: Turn) -> Answer:
    """Work out the kilowatt hours of an hour, a day and a year; say what is lacking where the watts are not known."""
    topic = turn.session.topic
    skus = turn.meaning.skus[:1] or (() if "categories" in turn.meaning.because else topic.focus[:1] or topic.listed)
    products = turn.catalogue.products(skus[:_MOST_LISTED])
    if len(products) > 1 and not _said(turn):
        return _each(turn, products)
    codes = turn.meaning.constraints.categories or tuple(product.category for product in products)
    watts = _said(turn) or (_of(products[0]) if products else None)
    looks = look_choices(products, turn.catalogue) if products else ()
    choices = unique((*looks, *(category_choice(turn.catalogue, code) for code in codes[:1]), handoff_choice()))
    name = products[0].title if products else turn.catalogue.categories[codes[0]].name if codes else ""
    if watts is None:
        return Answer("clarify", blocks=(Say(say("power_use.watts")),), choices=choices, categories=codes)
    hours, key = _hours(turn, codes)
    return Answer(
        "calculate",
        blocks=(*(Say(text) for text in _told(watts, hours, name)), Note(say(key, hours=plain(hours or Fraction(1))))),
        choices=choices,
        categories=codes,
        products=tuple(product.sku for product in products if product.shown),
    )


def _each(turn: Turn, products: Sequence[Product]) -> Answer:
    """Work out the power of each product that was listed, where none was chosen."""
    told = [(product, watts) for product in products if (watts := _of(product)) is not None]
    codes = tuple(dict.fromkeys(product.category for product in products))
    looks = look_choices(products, turn.catalogue)
    if not told:
        return Answer("clarify", blocks=(Say(say("power_use.watts")),), choices=looks, categories=codes)
    hours, key = _hours(turn, codes)
    lines = (text for product, watts in told for text in _told(watts, hours, product.title))
    return Answer(
        "calculate",
        blocks=(*(Say(text) for text in lines), Note(say(key, hours=plain(hours or Fraction(1))))),
        choices=looks,
        categories=codes,
        products=tuple(product.sku for product, _ in told),
    )


def _told(watts: Fraction, hours: Fraction | None, name: str) -> Iterator[Text]:
    hourly = watts / 1000
    yield say("power_use.hour", name=name, watts=plain(watts), power=plain(hourly, 3))
    if hours is not None:
        yearly = hourly * hours * DAYS_A_YEAR
        money = yearly * POWER_CNY_PER_KWH
        day = plain(hourly * hours, 2)
        yield say("power_use.year", hours=plain(hours), day=day, year=plain(yearly, 1), money=plain(money, 1))


def _said(turn: Turn) -> Fraction | None:
    """Return the watts said in the question."""
    said = [q.value for q in turn.meaning.quantities if q.dimension == "power" and q.value]
    values = (value for name in turn.meaning.constraints.attributes.values() for value in name)
    return exact(str(said[0])) if said else _first(values)


def _of(product: Product) -> Fraction | None:
    """Return the watts of a product: of an attribute, else of its title."""
    return _first((*product.attributes.values(), product.title))


def _first(texts: Iterable[str]) -> Fraction | None:
    return next((exact(str(watts)) for text in texts if (watts := watts_in(text))), None)


def _hours(turn: Turn, codes: tuple[str, ...]) -> tuple[Fraction | None, str]:
    """Return the hours a day and how they are told: said, usual for a lamp, or not known."""
    said = [q.value for q in turn.meaning.quantities if q.dimension == "time" and q.value and q.value < 1]
    if said:
        return Fraction(round(float(said[0]) * _DAY)), "power_use.hours_said"
    names = "".join(turn.catalogue.categories[step].name for code in codes[:1] for step in turn.catalogue.path(code))
    lamp = any(sign in names for sign in signs("lamp"))
    return (_LIT, "power_use.hours_lamp") if lamp else (None, "power_use.hours_unknown")
