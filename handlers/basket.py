"""What goods named with how many of each come to together: 一桶漆加两袋腻子, 六张生态板多少钱, 两个马桶一个花洒."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.choices import category_choice, unique
from handlers.product_facts import certificate_line, price_line
from handlers.turn import Answer, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product
    from handlers.understanding.spans import Quantity, Span

_BESIDE = 2  # characters between an amount and what it is of: 漆要一桶
_MOST = 6  # kinds in one answer
_BY_AREA = frozenset({"平方米"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """So much of a kind: the product that is reckoned with, and the cheapest and the dearest."""

    count: Decimal
    product: Product
    low: Decimal
    high: Decimal

    @property
    def price(self) -> Decimal:
        return (self.product.price or Decimal(0)) * self.count


def handle(turn: Turn) -> Answer | None:
    """Add up what was named; None where an amount has nothing beside it, or is counted otherwise than it is sold."""
    wanted: list[Wanted] = []
    for count, code in _named(turn):
        one = _wanted(turn, count, code)
        if one is None:
            return None
        wanted.append(one)
    return _told(turn, wanted[:_MOST]) if wanted else None


def _named(turn: Turn) -> list[tuple[Quantity, str]]:
    """Return the amounts with the kinds beside them; one amount said for each holds for all of them."""
    goods = [s for s in turn.meaning.spans if s.kind == "category" and _asked(turn, s)]
    amounts = [q for q in turn.meaning.quantities if q.dimension in ("count", "area") and q.value]
    if "op.each" in turn.meaning.cues and len(amounts) == 1:
        return [(amounts[0], _code(span)) for span in goods]
    pairs: list[tuple[Quantity, str]] = []
    for amount in amounts:
        span = next((s for s in goods if 0 <= s.start - amount.end <= _BESIDE), None) or next(
            (s for s in reversed(goods) if 0 <= amount.start - s.end <= _BESIDE), None
        )
        if span is not None:
            goods.remove(span)
            pairs.append((amount, _code(span)))
    return pairs if not goods else []


def _asked(turn: Turn, span: Span) -> bool:
    return set(span.concept.split("|")) <= set(turn.catalogue.categories)


def _code(span: Span) -> str:
    return span.concept.split("|")[0]


def _wanted(turn: Turn, amount: Quantity, code: str) -> Wanted | None:
    asked = turn.meaning.constraints
    kind = Constraints(categories=(code,), brands=asked.brands, adcode=turn.meaning.place, certified=asked.certified)
    found = [_first(turn, kind, sort) for sort in ("recommended", "price_asc", "price_desc")]
    best, cheapest, dearest = found
    if best is None or cheapest is None or dearest is None or amount.value is None:
        return None
    if not _sold_so(amount, best):
        return None
    low, high = (p.price or Decimal(0) for p in (cheapest, dearest))
    return Wanted(amount.value, best, low * amount.value, high * amount.value)


def _first(turn: Turn, kind: Constraints, sort: str) -> Product | None:
    hits = turn.catalogue.search(kind.query(turn.day, sort=sort, limit=1)).hits
    products = turn.catalogue.products([hit.sku for hit in hits])
    return products[0] if products and products[0].price is not None else None


def _sold_so(amount: Quantity, product: Product) -> bool:
    """Tell whether an amount is counted as the goods are sold: two bags of what is sold by the bag, 20 m² of tiles."""
    if product.unit in _BY_AREA:
        return amount.dimension == "area"
    return amount.dimension == "count" and (amount.unit == product.unit or amount.unit in signs("any_piece"))


def _told(turn: Turn, wanted: Sequence[Wanted]) -> Answer:
    total = sum((one.price for one in wanted), Decimal(0))
    low, high = (sum((getattr(one, name) for one in wanted), Decimal(0)) for name in ("low", "high"))
    codes = tuple(dict.fromkeys(one.product.category for one in wanted))
    return Answer(
        "calculate",
        blocks=(
            Say(say("basket.total", total=Money(total))),
            Listing(tuple(_entry(turn, number, one) for number, one in enumerate(wanted, 1))),
            Say(say("basket.range", low=Money(low), high=Money(high))),
            Note(say("detail.sum_terms")),
        ),
        choices=unique(category_choice(turn.catalogue, code) for code in codes),
        categories=codes,
        products=tuple(one.product.sku for one in wanted),
        quantities=tuple(
            {"category": one.product.category, "amount": float(one.count), "unit": one.product.unit or ""}
            for one in wanted
        ),
    )


def _entry(turn: Turn, number: int, one: Wanted) -> Entry:
    product = one.product
    lines: tuple[Text, ...] = (
        certificate_line(turn.catalogue.certificates_of(product.sku), turn.day),
        price_line(product, turn.day),
        say("detail.together", count=one.count, unit=product.unit or say("value.unit"), total=Money(one.price)),
    )
    return Entry(product.title, lines, ref=("product", product.sku), number=number)
