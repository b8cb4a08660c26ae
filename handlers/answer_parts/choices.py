"""Buttons that several answers offer, and names short enough for them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from catalog_db.records import Product
from handlers.turn import Action, Choice, say

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

ROOM = 14  # characters of a name in a button of at most 20


def shorten(name: str, room: int = ROOM) -> str:
    """Cut a name to fit a button."""
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def short_name(product: Product, catalogue: Catalogue, room: int = ROOM) -> str:
    """Return a name that fits a button: series or brand with what tells the variants apart, else the title's beginning."""
    brand = catalogue.brands.get(product.brand or "")
    head = product.series or (brand.name if brand else "")
    tail = product.capacity or product.model or product.size or ""
    return shorten(f"{head} {tail}".strip() if head and tail else product.title, room)


def product_choice(key: str, action: str, product: Product, catalogue: Catalogue) -> Choice:
    """Make a button about a product: `key` is worded with {name}."""
    return Choice(say(key, name=short_name(product, catalogue)), Action(action, (product.sku,)))


def look_choices(products: Iterable[Product], catalogue: Catalogue, most: int = 2) -> tuple[Choice, ...]:
    """Make buttons that open the cards of products that may be shown."""
    shown = [product for product in products if product.shown][:most]
    return unique(product_choice("offer.look", "show_product", product, catalogue) for product in shown)


def certified_choice(catalogue: Catalogue, code: str) -> Choice:
    """Make the button that lists the certified products of a category."""
    name = shorten(catalogue.categories[code].name, 10)
    return Choice(say("offer.certified", category=name), Action("recommend", (f"categories={code}", "certified=1")))


def category_choice(catalogue: Catalogue, code: str) -> Choice:
    """Make the button that lists the products of a category."""
    return Choice(
        say("offer.category", category=shorten(catalogue.categories[code].name)),
        Action("recommend", (f"categories={code}",)),
    )


def handoff_choice() -> Choice:
    """Make the button that reaches a person."""
    return Choice(say("choice.human"), Action("handoff"))


def asking(key: str) -> Choice:
    """Make the button that asks a question for the person: its label, the message `example.<key>`, is what is said."""
    return Choice(say(f"example.{key}"), Action("example", (f"example.{key}",)))


def unique(choices: Iterable[Choice]) -> tuple[Choice, ...]:
    """Keep the first of the buttons that would be worded alike."""
    seen: dict[str, Choice] = {}
    for choice in choices:
        seen.setdefault(repr(choice.label), choice)
    return tuple(seen.values())
