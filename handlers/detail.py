"""One product in full: what was asked about it first, then its card, the certificates before everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from catalog_db.records import Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import (
    asking,
    certified_choice,
    handoff_choice,
    look_choices,
    product_choice,
    short_name,
    unique,
)
from handlers.answer_parts.list_remarks import by_the_piece
from handlers.answer_parts.place_matching import reaches
from handlers.answer_parts.place_names import full_place_name, place_name
from handlers.answer_parts.product_facts import price_line, service_line, services_of, specification
from handlers.certification.verdicts import line_of, verdicts_of
from handlers.context.in_question import products_in_question
from handlers.purchase import counts_of, note_wanted, reckoned, said_counts, together
from handlers.rules.counts import IN_ALL, SUMS
from handlers.rules.lists import BARGAIN, TAKES_IT
from handlers.turn import Answer, Block, Card, Choice, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

MOST = 4
VARIANTS = 10
# What may be asked of one product: cue → fields of `specification`.
ASPECTS = {
    "aspect.water_grade": ("water_grade",),
    "aspect.energy_grade": ("energy_grade",),
    "aspect.color": ("color",),
    "aspect.size": ("size",),
    "aspect.capacity": ("capacity",),
    "aspect.model": ("model",),
    "aspect.formaldehyde": ("formaldehyde_grade",),
    "aspect.voc": ("voc_g_per_l",),
    "aspect.features": ("features",),
    "aspect.scenes": ("scenes",),
    "aspect.coverage": ("coverage_m2",),
    "aspect.life": ("service_life_years",),
}


def handle(turn: Turn) -> Answer:
    """Show the product meant; several are listed; a series is shown with all its variants."""
    products = products_in_question(turn)
    if not products:
        listed = turn.catalogue.products(turn.session.topic.listed)
        choices = look_choices(listed, turn.catalogue, most=MOST) if turn.meaning.rule == TAKES_IT else _ways_on(turn)
        return Answer("clarify", blocks=(Say(say("detail.which")),), choices=choices)
    if "aspect.variants" in turn.meaning.cues or ("ask.variants" in turn.meaning.cues and len(products) > 1):
        return _variants(turn, products)
    if len(products) == 1:
        note_wanted(turn, products)
        return _one(turn, products[0])
    return (
        reckoned(turn, products) if said_counts(turn) or turn.meaning.rule in SUMS else _several(turn, products[:MOST])
    )


def _ways_on(turn: Turn) -> tuple[Choice, ...]:
    codes = [
        c
        for c in turn.catalogue.children()
        if turn.catalogue.count(ProductQuery(turn.day, categories=(c,), certified=True))
    ]
    return (*(certified_choice(turn.catalogue, c) for c in codes[:3]), handoff_choice(), asking("capability"))


# --- one product


def _one(turn: Turn, product: Product) -> Answer:
    verdicts = verdicts_of(turn.catalogue, product, turn.day)
    answers = [*(Say(text) for text in _asked(turn, product)), *by_the_piece(turn, (product,))]
    card = Card(
        product.title,
        tuple(_rows(turn, product)),
        ref=("product", product.sku),
        image_url=product.image_url,
        url=product.url,
    )
    notes: list[Block] = [] if product.shown else [Say(say("detail.off_sale", title=product.title))]
    return Answer(
        "detail",
        blocks=(*notes, *answers, card, Note(say("verify.source", day=turn.day))),
        choices=_after(turn, product),
        categories=(product.category,),
        products=(product.sku,),
        certificates=tuple(v.certificate.number for v in verdicts if v.certificate and v.status != "not_covered"),
    )


def _rows(turn: Turn, product: Product) -> Iterator[tuple[Text, Text]]:
    """Yield the rows of a card: certificates, specification, price, where, services."""
    for verdict in verdicts_of(turn.catalogue, product, turn.day):
        yield say("label.certificate"), line_of(verdict, turn.catalogue, turn.day)
    yield say("label.price"), price_line(product, turn.day)
    if product.list_price and product.price and product.list_price > product.price:
        yield say("label.list_price"), say("value.plain", value=Money(product.list_price, product.unit))
    brand = turn.catalogue.brands.get(product.brand or "")
    if brand:
        yield say("label.brand"), say("value.plain", value=brand.name)
    for _, label, value in specification(product):
        yield label, value
    yield say("label.where"), _where(turn, product)
    services = service_line(services_of(turn.catalogue, product, turn.meaning.place))
    yield say("label.services"), services or say("fact.services_unknown")
    if product.rating is not None:
        key = "value.rating" if product.reviews else "value.rating_alone"
        yield say("label.rating"), say(key, value=product.rating, reviews=product.reviews or 0)


def _where(turn: Turn, product: Product) -> Text:
    """Say whether it can be had at the place in question, and whether a shop is there."""
    place = turn.meaning.place
    if not product.shown:
        return say("detail.where.off_sale")
    if place and not reaches(product.sells_to, place):
        return say("detail.where.not_here", place=place_name(turn, place))
    if place and any(s.adcode and reaches((s.adcode,), place) for s in turn.catalogue.stores.values()):
        return say("detail.where.shop", place=place_name(turn, place))
    return say("detail.where.some") if product.sells_to else say("detail.where.everywhere")


def _asked(turn: Turn, product: Product) -> Iterator[Text]:
    """Yield the answers to what was asked about the product, unknown ones said as unknown."""
    cues = turn.meaning.cues
    known = {name: (label, value) for name, label, value in specification(product)}
    if "ask.price" in cues or turn.meaning.rule == IN_ALL:
        yield say("detail.price", name=product.title, price=price_line(product, turn.day))
    yield from _together(turn, product)
    if turn.meaning.rule == BARGAIN:
        yield say("detail.bargain")
    if turn.meaning.rule == TAKES_IT:
        yield say("detail.taken")
    wanted = [name for cue, names in ASPECTS.items() if cue in cues for name in names]
    wanted += [f"attribute:{name}" for name in product.attributes if _named(name, turn)]
    if "aspect.coverage" in cues:  # 能刷多大面积 asks for no size
        wanted = [name for name in wanted if name != "size"]
    for name in dict.fromkeys(wanted):
        if name in known:
            yield say("detail.aspect", label=known[name][0], value=known[name][1])
        else:
            yield say("detail.aspect_unknown", label=say(f"label.{name}"))
    for cue in ("aspect.weight", "aspect.warranty", "aspect.thickness"):
        if cue in cues and not any(name.startswith("attribute:") for name in wanted):
            yield say("detail.aspect_unknown", label=say(f"label.{cue.removeprefix('aspect.')}"))
    yield from (told(turn, product) for cue, told in _TOLD.items() if cue in cues)


def _named(attribute: str, turn: Turn) -> bool:
    """Tell whether an attribute is asked for: by its name, or 功率 by 多少瓦."""
    cues = turn.meaning.cues
    asked = "aspect.power" in cues and any(sign in attribute for sign in signs("power"))
    asked = asked or ("ask.grade" in cues and attribute.endswith(tuple(signs("grade_name"))))
    return asked or attribute.lower() in turn.meaning.text


def _link(turn: Turn, product: Product) -> Text:
    return say("detail.link", url=product.url) if product.url else say("detail.no_link")


def _stock(turn: Turn, product: Product) -> Text:
    """Say that it is sold; what a shop has at hand no catalogue knows."""
    return say("detail.stock") if product.shown else say("detail.where.off_sale")


def _together(turn: Turn, product: Product) -> Iterator[Text]:
    """Say what several of it come to (买三个多少钱)."""
    count = counts_of(turn, (product,))[0]
    asked = bool(said_counts(turn)) or turn.meaning.rule in SUMS or "ask.price" in turn.meaning.cues
    if asked and count > 1 and (line := together(product, count)) is not None:
        yield line


def _view(turn: Turn, product: Product) -> Text:
    """Point to the view in one's own room, or give the size to measure with."""
    if product.ar_url:
        return say("detail.ar", url=product.ar_url)
    return say("detail.no_ar", size=product.size) if product.size else say("detail.no_ar_no_size")


def _origin(turn: Turn, product: Product) -> Text:
    brand = turn.catalogue.brands.get(product.brand or "")
    maker = turn.catalogue.enterprises.get(brand.enterprise or "") if brand else None
    if product.origin:
        return say(
            "detail.origin",
            place=full_place_name(turn, product.origin),
            maker=maker.name if maker else say("value.unknown"),
        )
    return say("detail.maker", maker=maker.name) if maker else say("detail.aspect_unknown", label=say("label.origin"))


_TOLD: dict[str, Callable[[Turn, Product], Text]] = {
    "ask.stock": _stock,
    "ask.link": _link,
    "ask.ar": _view,
    "aspect.origin": _origin,
}


def _after(turn: Turn, product: Product) -> tuple[Choice, ...]:
    choices = [product_choice("offer.verify", "verify_product", product, turn.catalogue)]
    if turn.catalogue.count(
        ProductQuery(turn.day, categories=(product.category,), certified=True, exclude_skus=(product.sku,))
    ):
        choices.append(certified_choice(turn.catalogue, product.category))
    if turn.catalogue.stores:
        choices.append(asking("stores"))
    if turn.catalogue.services:
        choices.append(product_choice("offer.services", "services", product, turn.catalogue))
    return unique(choices)


# --- several products, or the variants of one


def _several(turn: Turn, products: Sequence[Product], head: Text | None = None) -> Answer:
    entries = tuple(_entry(turn, p, i) for i, p in enumerate(products, 1))
    return Answer(
        "detail",
        blocks=(
            *((Say(say("detail.bargain")),) if turn.meaning.rule == BARGAIN else ()),
            *((Say(say("detail.stock")),) if "ask.stock" in turn.meaning.cues else ()),
            *_unknown_of_all(turn, products),
            Say(head or say("detail.several", total=len(products))),
            Listing(entries),
            Note(say("verify.source", day=turn.day)),
        ),
        choices=look_choices(products, turn.catalogue, most=4),
        categories=tuple(dict.fromkeys(p.category for p in products)),
        products=tuple(p.sku for p in products),
        total=len(products),
    )


def _entry(turn: Turn, product: Product, number: int) -> Entry:
    lines = [line_of(v, turn.catalogue, turn.day) for v in verdicts_of(turn.catalogue, product, turn.day)]
    lines.append(price_line(product, turn.day))
    lines += _asked_facts(turn, product)
    if not product.shown:
        lines.append(say("detail.where.off_sale"))
    return Entry(product.title, tuple(lines), ref=("product", product.sku), number=number)


def _unknown_of_all(turn: Turn, products: Sequence[Product]) -> Iterator[Say]:
    """Yield that what was asked stands in the catalogue of none of these products."""
    known = {name for product in products for name, _, _ in specification(product)}
    told = any(name.startswith("attribute:") and name[10:].lower() in turn.meaning.text for name in known)
    for cue, names in ASPECTS.items():
        if cue in turn.meaning.cues and known.isdisjoint(names) and not told:
            yield Say(say("detail.unknown_of_all", label=say(f"label.{names[0]}")))


def _asked_facts(turn: Turn, product: Product) -> list[Text]:
    wanted = {name for cue, names in ASPECTS.items() if cue in turn.meaning.cues for name in names}
    wanted |= {f"attribute:{name}" for name in product.attributes if _named(name, turn)}
    links = [_link(turn, product)] if "ask.link" in turn.meaning.cues else []
    return links + [
        say("detail.aspect", label=label, value=value)
        for name, label, value in specification(product)
        if name in wanted
    ]


def _variants(turn: Turn, products: Sequence[Product]) -> Answer:
    """Show the variants of a product: what is sold of the same brand and series in its category."""
    first = products[0]
    if not (first.brand and first.series):
        return _several(turn, products) if len(products) > 1 else _one(turn, first)
    query = ProductQuery(
        turn.day,
        brands=(first.brand,),
        series=(first.series,),
        categories=(first.category,),
        sort="price_asc",
        limit=VARIANTS,
    )
    found = turn.catalogue.found(query)
    family = list({p.sku: p for p in (first, *found)}.values())
    others = [p for p in products if p not in family]
    if others:  # several makers call something so: those of one maker stand together
        return _several(
            turn,
            [*family, *others],
            say("detail.variants_of_several", name=first.series, total=len(family) + len(others)),
        )
    return _several(turn, family, say("detail.variants", name=short_name(first, turn.catalogue), total=len(family)))
