"""What goods named with how many of each come to together: 一桶漆加两袋腻子, 六张生态板多少钱, 两个马桶一个花洒."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers import calculate
from handlers.answer_parts.choices import category_choice, unique
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.calculation.material_usage import usage_of
from handlers.turn import Answer, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.entries import GOODS
from handlers.understanding.interpretation import Constraints
from handlers.understanding.spans import Quantity, is_room
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product
    from handlers.understanding.spans import Span

_BESIDE = 2  # characters between an amount and what it is of: 漆要一桶
_MOST = 6  # kinds in one answer
_SOLD_BY = frozenset({"count", "area", "length", "volume"})
_BY_AREA, _BY_VOLUME, _BY_LENGTH = ({"平方米"}, {"立方米"}, {"米"})
_ONE_OF_EACH = Quantity(0, 0, "count", Decimal(1), Decimal(1), unit="个")  # 各来一个
_OPENINGS = "opening"  # the unit of an area that was made of an opening's sides
_LITRES = Decimal(1000)  # in a cubic metre
_LEAST_OPENING_MM = 500


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
    """Add up what was named; None where an amount has nothing beside it, or is counted otherwise than it is sold.

    An area to be covered with one kind is worked out with what is lost in cutting, where that is known.
    """
    codes = turn.meaning.constraints.categories
    if len(codes) == 1 and _covers(turn, codes[0]) and usage_of(turn.catalogue, codes[0]) is not None:
        return calculate.handle(turn)
    wanted: list[Wanted] = []
    for count, kind in _named(turn):
        one = _wanted(turn, count, kind)
        if one is None:
            return None
        wanted.append(one)
    return _told(turn, wanted[:_MOST]) if wanted else None


def _covers(turn: Turn, code: str) -> bool:
    """Tell whether the only amounts are of a surface: 30平地砖, 三米乘四米铺地板; 方 of what is sold by the 立方米 is none."""
    amounts = [q for q in turn.meaning.quantities if measures(q)]
    cubic = signs("cubic") if turn.catalogue.categories[code].unit in _BY_VOLUME else frozenset()
    sides = len(amounts) > 1 and all(q.dimension == "length" for q in amounts)
    areas = all((q.dimension == "area" and q.unit not in cubic) or is_room(q) for q in amounts)
    return bool(amounts) and (areas or sides)


def _named(turn: Turn) -> list[tuple[Quantity, Constraints]]:
    """Return the amounts with what is asked beside them; one amount said for each holds for all of them."""
    named = [s for s in turn.meaning.spans if s.kind in GOODS]
    goods = [s for s in named if _asked(turn, s)]
    if not goods and len(turn.meaning.constraints.categories) == 1:
        goods = named[-1:]  # 断桥铝窗 where the catalogue calls it otherwise
    amounts = _several_openings([q for q in turn.meaning.quantities if measures(q)])
    asked = turn.meaning.constraints.but(adcode=turn.meaning.place, sort=None, limit=None, size=())
    sold_so = amounts[:1] and (amounts[0].unit == _OPENINGS or amounts[0].dimension != "area")
    if len(amounts) == len(goods) == 1 and (sold_so or _near(amounts[0], goods[0], _BESIDE)):
        return [(amounts[0], asked.but(capacity=()) if amounts[0].dimension == "volume" else asked)]
    if "op.each" in turn.meaning.cues and len(amounts) < 2:
        return [(amounts[0] if amounts else _ONE_OF_EACH, _of(asked, span)) for span in goods]
    pairs: list[tuple[Quantity, Constraints]] = []
    for amount in amounts:
        near = [span for span in goods if _near(amount, span, _BESIDE)]
        span = min(near, key=lambda span: max(span.start - amount.end, amount.start - span.end), default=None)
        if span is not None:
            goods.remove(span)
            pairs.append((amount, _of(asked, span)))
    return pairs if not goods else []


def _several_openings(amounts: list[Quantity]) -> list[Quantity]:
    """Join how many and how large: 两扇窗,一扇1米5乘1米8 is an area of twice 2.7 m²."""
    counts = [q for q in amounts if q.dimension == "count" and q.value]
    openings = [q for q in amounts if _opening(q)]
    if len(openings) != 1 or not counts or len(amounts) > len(counts) + 1 or counts[0].value is None:
        return amounts
    area = (_opening(openings[0]) or Decimal(0)) * max(q.value or Decimal(0) for q in counts)
    return [replace(openings[0], start=counts[0].start, dimension="area", low=area, high=area, unit=_OPENINGS, text="")]


def _near(amount: Quantity, span: Span, most: int) -> bool:
    return 0 <= span.start - amount.end <= most or 0 <= amount.start - span.end <= most


def _asked(turn: Turn, span: Span) -> bool:
    return set(span.concept.split("|")) <= set(turn.catalogue.categories)


def _of(asked: Constraints, span: Span) -> Constraints:
    """Return what holds for one of several kinds: who makes it and whether it is certified, not what describes another."""
    return Constraints(
        categories=(span.concept.split("|")[0],), brands=asked.brands, adcode=asked.adcode, certified=asked.certified
    )


def _wanted(turn: Turn, amount: Quantity, kind: Constraints) -> Wanted | None:
    best, cheapest, dearest = (_first(turn, kind, sort) for sort in ("recommended", "price_asc", "price_desc"))
    if best is None or cheapest is None or dearest is None:
        return None
    count = _as_sold(amount, best)
    if count is None:
        return None
    low, high = (p.price or Decimal(0) for p in (cheapest, dearest))
    return Wanted(count, best, low * count, high * count)


def _first(turn: Turn, kind: Constraints, sort: str) -> Product | None:
    products = turn.catalogue.found(kind.query(turn.day, sort=sort, limit=1))
    return products[0] if products and products[0].price is not None else None


def measures(amount: Quantity) -> bool:
    """Tell whether goods can be sold by an amount: counted, by the area, the length, the volume, or as large as an opening."""
    return _opening(amount) is not None or (amount.dimension in _SOLD_BY and bool(amount.value))


def _as_sold(amount: Quantity, product: Product) -> Decimal | None:
    """Return how many units of goods an amount is; None where it is counted otherwise than they are sold.

    Two bags of what is sold by the bag, 20 m² of tiles, 100 m of pipe, 5 m³ of blocks, a window of 1.5 by 1.2 m.
    """
    unit, value = product.unit or "", amount.value or Decimal(0)
    if unit in _BY_AREA:
        opening = None if product.size else _opening(amount)  # what has a size of its own is sold in pieces
        return opening or (value if amount.dimension == "area" else None)
    if unit in _BY_VOLUME:
        if amount.dimension == "volume":
            return value / _LITRES
        return value if amount.dimension == "area" and amount.unit in signs("cubic") else None
    if unit in _BY_LENGTH:
        return value if amount.dimension == "length" else None
    sold_so = amount.dimension == "count" and (amount.unit == product.unit or amount.unit in signs("any_piece"))
    return value if sold_so else None


def _opening(amount: Quantity) -> Decimal | None:
    """Return the m² of an opening whose two sides were said, each of half a metre at least; None for a piece."""
    sides = [Decimal(s) for s in amount.text.split("x") if s.replace(".", "", 1).isdigit()]
    if amount.dimension != "size" or len(sides) != 2 or min(sides) < _LEAST_OPENING_MM:
        return None
    return sides[0] * sides[1] / 1_000_000


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
