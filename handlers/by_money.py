"""How many of a kind a sum of money buys: of the cheapest, of one in the middle, of what sells best."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.answer_parts.choices import category_choice, look_choices, unique
from handlers.turn import Answer, Entry, Listing, Money, Note, Say, Turn, say
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.records import Product


def handle(turn: Turn) -> Answer | None:
    """Divide the money by the prices; None without a kind or money."""
    money = next((q.value for q in turn.meaning.quantities if q.dimension in ("money", "number") and q.value), None)
    codes = turn.meaning.constraints.categories[:1]
    if money is None or not codes:
        return None
    kind = Constraints(categories=codes, brands=turn.meaning.constraints.brands, adcode=turn.meaning.place)
    total = turn.catalogue.count(kind.query(turn.day))
    picks = [
        _at(turn, kind, sort, offset) for sort, offset in (("price_asc", 0), ("price_asc", total // 2), ("sales", 0))
    ]
    products = list({p.sku: p for p in picks if p is not None and p.price}.values())
    if not products:
        return None
    return Answer(
        "calculate",
        blocks=(
            Say(say("by_money.buys", money=Money(money), kind=turn.catalogue.categories[codes[0]].name)),
            Listing(tuple(_entry(money, product, number) for number, product in enumerate(products, 1))),
            Note(say("detail.sum_terms")),
        ),
        choices=unique((category_choice(turn.catalogue, codes[0]), *look_choices(products, turn.catalogue))),
        categories=codes,
        products=tuple(product.sku for product in products),
    )


def _at(turn: Turn, kind: Constraints, sort: str, offset: int) -> Product | None:
    products = turn.catalogue.found(kind.query(turn.day, sort=sort, limit=1, offset=offset))
    return products[0] if products else None


def _entry(money: Decimal, product: Product, number: int) -> Entry:
    price = product.price or Decimal(1)
    count = int(money // price)
    line = say("by_money.line", price=Money(price, product.unit), count=count, unit=product.unit or say("value.unit"))
    short = say("by_money.short", price=Money(price, product.unit))
    return Entry(product.title, (line if count else short,), ref=("product", product.sku), number=number)
