"""What goods come to together: 五十袋呢 after a list, 各来两个, 第一个来两桶, and 一共多少钱 of all that was wanted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from handlers.answer_parts.choices import look_choices
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.rules.continuations import PROPERTY
from handlers.rules.counts import IN_ALL, OF_EACH, SO_MANY
from handlers.rules.lists import BARGAIN
from handlers.turn import Answer, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product

WANTED = "wanted"  # session.data: sku → how many of it were wanted, as text
_MOST = 8  # entries that are reckoned in one answer
_ONE = Decimal(1)


def said_counts(turn: Turn) -> list[Decimal]:
    """Return the numbers of goods said; 两个 that only points at two of a list, or takes either, is none."""
    taking = turn.meaning.rule in (OF_EACH, SO_MANY)
    pointing = not taking and turn.meaning.cues & {"ref.both", "ref.first", "ref.these"}
    units = signs("goods_unit") if pointing else {*signs("goods_unit"), *signs("thing_unit")}
    counts = [
        q.value for q in turn.meaning.quantities if q.dimension == "count" and q.value and (q.unit or "") in units
    ]
    if turn.meaning.rule == PROPERTY:
        return []  # 一张多大 counts none
    if counts or turn.meaning.rule != SO_MANY:
        return counts
    return [q.value for q in turn.meaning.quantities if q.dimension == "length" and q.value]  # 要一百米 of pipes


def counts_of(turn: Turn, products: Sequence[Product]) -> list[Decimal]:
    """Return how many of each product: as said one by one or once for all, else as wanted before, else one."""
    said = said_counts(turn)
    surface = [q.value for q in turn.meaning.quantities if q.dimension == "area" and q.value]
    if len(surface) == 1 and products and all((p.unit or "") in signs("surface_unit") for p in products):
        said = [surface[0] * (said[0] if len(said) == 1 else _ONE)]  # 3平两樘 of windows sold by the square metre
    lengths = [q.value for q in turn.meaning.quantities if q.dimension == "length" and q.value]
    if not said and len(lengths) == 1 and products and all((p.unit or "") in signs("length_unit") for p in products):
        said = lengths  # 第一个买十米多少钱 of pipes
    if len(said) == len(products):
        return said
    if said:
        return [said[0]] * len(products)
    wanted: Mapping[str, str] = turn.session.data.get(WANTED) or {}
    return [Decimal(wanted.get(product.sku, "1")) for product in products]


def note_wanted(turn: Turn, products: Sequence[Product]) -> None:
    """Note how many of the products pointed at were wanted, for 一共多少钱."""
    if not said_counts(turn):
        return
    wanted = dict(turn.session.data.get(WANTED) or {})
    for product, count in zip(products, counts_of(turn, products), strict=True):
        wanted.pop(product.sku, None)
        wanted[product.sku] = str(count)
    turn.session.data[WANTED] = dict(list(wanted.items())[-_MOST:])


def together(product: Product, count: Decimal) -> Text | None:
    """Say what so many of a product come to, None without a price."""
    if product.price is None:
        return None
    unit = product.unit or say("value.unit")
    return say("detail.together", count=count, unit=unit, total=Money(product.price * count))


def reckoned(turn: Turn, products: Sequence[Product]) -> Answer:
    """Show several products with what so many of each come to; the sum where all of them are wanted, not one of them."""
    shown = products[:_MOST]
    counts = counts_of(turn, shown)
    all_of_them = turn.meaning.rule in (OF_EACH, IN_ALL) or (turn.meaning.rule != SO_MANY and _pointed(turn))
    if all_of_them:
        note_wanted(turn, shown)
    entries = tuple(_entry(turn, *pair) for pair in enumerate(zip(shown, counts, strict=True), 1))
    return Answer(
        "detail",
        blocks=(
            *((Say(say("detail.bargain")),) if turn.meaning.rule == BARGAIN else ()),
            *(Say(text) for text in (_sum(shown, counts) if all_of_them else _choice(shown, counts))),
            Listing(entries),
            Note(say("detail.sum_terms")),
        ),
        choices=look_choices(shown, turn.catalogue, most=4),
        categories=tuple(dict.fromkeys(p.category for p in shown)),
        products=tuple(p.sku for p in shown),
        total=len(shown),
    )


def _pointed(turn: Turn) -> bool:
    """Tell whether the products were pointed at one by one: 第一个两桶,第三个一桶."""
    return bool(turn.meaning.cues & {"ref.ordinal", "ref.pair", "ref.last", "ref.both", "ref.these", "ref.first"})


def _sum(products: Sequence[Product], counts: Sequence[Decimal]) -> Iterator[Text]:
    priced = [p.price * count for p, count in zip(products, counts, strict=True) if p.price is not None]
    if priced:
        yield say("detail.sum", kinds=len(priced), total=Money(sum(priced, Decimal(0))))
    if lacking := len(products) - len(priced):
        yield say("detail.sum_unpriced", total=lacking)


def _choice(products: Sequence[Product], counts: Sequence[Decimal]) -> Iterator[Text]:
    units = {product.unit for product in products}
    unit = next(iter(units)) if len(units) == 1 else None
    yield say("detail.sum_of_one", count=counts[0], unit=unit or say("value.unit"))


def _entry(turn: Turn, number: int, pair: tuple[Product, Decimal]) -> Entry:
    product, count = pair
    lines = [certificate_line(turn.catalogue.certificates_of(product.sku), turn.day), price_line(product, turn.day)]
    if (line := together(product, count)) is not None and count != _ONE:
        lines.append(line)
    return Entry(product.title, tuple(lines), ref=("product", product.sku), number=number)
