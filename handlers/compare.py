"""Two to four products, brands or categories side by side, in the order named: what differs, and which to take for which need."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from catalog_db.certification import stars
from catalog_db.records import Product
from handlers.answer_parts.choices import asking, handoff_choice, look_choices, short_name
from handlers.answer_parts.compared_groups import beside_lacking, compare_groups, compare_sorts
from handlers.answer_parts.compared_sorts import one_concept, sorts_named
from handlers.answer_parts.product_facts import certificate_line, services_of, specification
from handlers.turn import Answer, Block, Money, Note, Say, Table, Text, Turn, say
from handlers.understanding.interpretation import Constraints

MOST = 4
UNSAID = "value.unknown"


def handle(turn: Turn) -> Answer:
    """Compare the products meant, else the brands, else the categories; fewer than two of anything is asked back."""
    products = turn.catalogue.products(turn.meaning.skus[:MOST])
    if len(products) >= 2:
        return _products(turn, products)
    asked = turn.meaning.constraints
    if len(asked.brands) >= 2 or len(asked.categories) >= 2:
        return compare_groups(turn)
    if (sorts := sorts_named(turn)) and asked.categories:
        return _sorts(turn, sorts)
    lacking = turn.meaning.absent or tuple(filter(None, (turn.meaning.because.get("wider"),)))
    if lacking and asked.categories:
        return beside_lacking(turn, lacking)
    return Answer("clarify", blocks=(Say(say("compare.with_what")),), choices=(asking("capability"), handoff_choice()))


def _sorts(turn: Turn, sorts: Mapping[str, Constraints]) -> Answer:
    """Compare sorts of one kind of which there are goods; say which are not told apart, or not here."""
    there = {word: one for word, one in sorts.items() if turn.catalogue.count(one.query(turn.day))}
    if len(there) > 1:
        return compare_sorts(turn, there)
    if one_concept(turn, sorts):
        return beside_lacking(turn, tuple(sorts), together=True)
    return beside_lacking(turn, tuple(word for word in sorts if word not in there))


def _products(turn: Turn, products: Sequence[Product]) -> Answer:
    rows = tuple((label, values) for label, values in _rows(turn, products) if _differ(values))
    verdict = tuple(_verdict(turn, products))
    blocks: list[Block] = [Say(text) for text in verdict] or [Say(say("compare.no_winner"))]
    blocks.append(Table(tuple(_column(p) for p in products), rows) if rows else Say(say("compare.same")))
    return Answer(
        "compare",
        blocks=(*blocks, Note(say("compare.source", day=turn.day))),
        choices=look_choices(products, turn.catalogue, most=4),
        categories=tuple(dict.fromkeys(p.category for p in products)),
        products=tuple(p.sku for p in products),
        certificates=tuple(c.number for p in products for c in turn.catalogue.certificates_of(p.sku)),
    )


def _column(product: Product) -> str:
    return product.title


def _rows(turn: Turn, products: Sequence[Product]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    """Yield every row that a product has something for: certificate, price, specification, services, what others say."""
    yield (
        say("label.certificate"),
        tuple(certificate_line(turn.catalogue.certificates_of(p.sku), turn.day) for p in products),
    )
    yield say("label.price"), tuple(_price(p) for p in products)
    yield from _specifications(products)
    yield say("label.services"), tuple(_services(turn, p) for p in products)
    yield say("label.sales"), tuple(_known(p.sales_30d, "value.sales_30d") for p in products)
    yield say("label.rating"), tuple(_known(p.rating, "value.plain") for p in products)
    yield say("label.sale"), tuple(say("value.on_sale" if p.shown else "value.off_sale") for p in products)


def _specifications(products: Sequence[Product]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    known = [{name: (label, value) for name, label, value in specification(p)} for p in products]
    names = dict.fromkeys(name for one in known for name in one)
    for name in names:
        label = next(one[name][0] for one in known if name in one)
        yield label, tuple(one[name][1] if name in one else say(UNSAID) for one in known)


def _price(product: Product) -> Text:
    return say("value.plain", value=Money(product.price, product.unit)) if product.price is not None else say(UNSAID)


def _services(turn: Turn, product: Product) -> Text:
    names = tuple(s.name for s in services_of(turn.catalogue, product, turn.meaning.place))
    return say("value.plain", value=names) if names else say(UNSAID)


def _known(value: Any, key: str) -> Text:
    return say(key, value=value) if value is not None else say(UNSAID)


def _differ(values: Sequence[Text]) -> bool:
    return len({repr(_unordered(v)) for v in values}) > 1


def _unordered(value: Text) -> Text:
    """Return a value of which several things are named in one order: the same services are no difference."""
    names = value.values.get("value")
    return say(value.key, value=tuple(sorted(names, key=repr))) if isinstance(names, tuple) else value


# --- a verdict for each need, from the data

_Figure = Callable[[Turn, Product], Any]
# need → (figure, whether more is better); the first rows matter most
_NEEDS: tuple[tuple[str, _Figure, bool], ...] = (
    ("stars", lambda turn, p: stars(turn.catalogue.certificates_of(p.sku), turn.day) or 0, True),
    ("price", lambda turn, p: p.price, False),
    ("water_grade", lambda turn, p: p.water_grade, False),
    ("energy_grade", lambda turn, p: p.energy_grade, False),
    ("water_saving", lambda turn, p: p.water_m3_per_year, True),
    ("energy_saving", lambda turn, p: p.power_kwh_per_year, True),
    ("rating", lambda turn, p: p.rating, True),
    ("sales", lambda turn, p: p.sales_30d, True),
)


def _verdict(turn: Turn, products: Sequence[Product]) -> Iterator[Text]:
    """Yield for each product the needs that it serves best; where two are equal or a figure is missing, nothing."""
    needs: dict[str, list[Text]] = {}
    for need, figure, more in _NEEDS:
        figures = [figure(turn, p) for p in products]
        if any(f is None for f in figures):
            continue
        best = max(figures) if more else min(figures)
        if figures.count(best) == 1:
            needs.setdefault(products[figures.index(best)].sku, []).append(say(f"compare.need.{need}"))
    for product in products:
        if product.sku in needs:
            yield say("compare.winner", name=_winner(turn, products, product), needs=tuple(needs[product.sku]))


def _winner(turn: Turn, products: Sequence[Product], winner: Product) -> str | Text:
    """Name the winner; where short names are alike, by its place in the comparison."""
    names = [short_name(p, turn.catalogue) for p in products]
    name = short_name(winner, turn.catalogue)
    return name if names.count(name) == 1 else say("compare.nth", number=products.index(winner) + 1)
