"""The enterprise directory: facts only. A place on a list is never told as a certificate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from catalog_db.records import Enterprise, Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import handoff_choice, look_choices, shorten
from handlers.answer_parts.more_of_them import no_more, rest_of, resume
from handlers.answer_parts.place_matching import match_place
from handlers.answer_parts.place_names import full_place_name, place_name
from handlers.answer_parts.product_facts import certificate_line
from handlers.context.spoken_of import OTHERS
from handlers.rules.certificates import ITS_BRANDS, SAME_MAKER
from handlers.rules.continuations import OTHERS_LISTED
from handlers.turn import Action, Answer, Block, Card, Choice, Entry, Listing, Note, Say, Text, Turn, say

_OF_ONE = frozenset({"ask.place", "ask.contact", "ask.sited", "ask.how"})
_OF_SEVERAL = ("ask.count", "ask.which", "ask.have")
SHOWN = 8
PICKS = 3


def handle(turn: Turn) -> Answer:
    """Show the makers named (directly, by brand or by product), else those of a batch, a place and a category."""
    if not turn.catalogue.enterprises:
        return Answer("not_found", blocks=(Say(say("enterprise.none_at_all")),), choices=(handoff_choice(),))
    if maker := turn.catalogue.enterprises.get(turn.meaning.chosen):
        return _one(turn, maker)
    resume(turn)
    named = _named(turn) or _same(turn) or _spoken_of(turn)
    if turn.meaning.rule == SAME_MAKER and (said := _of_one_maker(turn, named)):
        answer = _one(turn, named[0]) if len(named) == 1 else _list(turn, named, said, counted=True)
        return answer.with_(blocks=(Say(said), *answer.blocks)) if len(named) == 1 else answer
    if len(named) == 1:
        return _one(turn, named[0])
    if named:
        return _list(turn, named, say("enterprise.list", total=len(named)), counted=True)
    return _found(turn)


def _named(turn: Turn) -> list[Enterprise]:
    asked = turn.meaning.constraints
    ids = [*turn.meaning.enterprises, *asked.enterprises]
    brands = [*asked.brands, *(p.brand for p in turn.catalogue.products(turn.meaning.skus) if p.brand)]
    ids += [b.enterprise for code in brands if (b := turn.catalogue.brands.get(code)) and b.enterprise]
    return [turn.catalogue.enterprises[i] for i in dict.fromkeys(ids) if i in turn.catalogue.enterprises]


def _of_one_maker(turn: Turn, named: Sequence[Enterprise]) -> Text | None:
    """Say whether what was named side by side belongs to one maker by the directory's record, None where only one was named."""
    brands = [turn.catalogue.brands[code].name for code in turn.meaning.constraints.brands]
    several = len(brands) > 1 or len(named) > 1
    if not (several and named):
        return None
    names = (
        tuple(dict.fromkeys(brands)) if len(brands) > 1 else tuple(maker.short_name or maker.name for maker in named)
    )
    if len(named) == 1:
        return say("enterprise.one_maker", names=names, name=named[0].name)
    return say("enterprise.several_makers", names=names, total=len(named))


def _same(turn: Turn) -> list[Enterprise]:
    """Return the makers just listed when something is asked of one of them and it is not said of which."""
    if turn.meaning.rule not in (OTHERS_LISTED[0], ITS_BRANDS):
        return []
    listed = (turn.catalogue.enterprises.get(str(one)) for one in turn.session.data.get(OTHERS, ()))
    return [maker for maker in listed if maker is not None]


def _spoken_of(turn: Turn) -> list[Enterprise]:
    """Return the maker of the brand that was listed, where one is asked where it is or how to reach it: 他们厂在哪 after 归雁家的窗."""
    asked, topic = turn.meaning.constraints, turn.session.topic
    one = not turn.meaning.cues.isdisjoint(_OF_ONE) and turn.meaning.cues.isdisjoint(_OF_SEVERAL)
    if not one or asked.categories or asked.batch or asked.origin or turn.meaning.places:
        return []
    brands = topic.constraints.brands or [p.brand for p in turn.catalogue.products(topic.focus) if p.brand]
    known = (turn.catalogue.brands.get(code) for code in dict.fromkeys(brands))
    makers = (turn.catalogue.enterprises.get(brand.enterprise or "") for brand in known if brand is not None)
    return [maker for maker in makers if maker is not None]


# --- one maker


def _one(turn: Turn, maker: Enterprise) -> Answer:
    products = _picks(turn, maker)
    total = turn.catalogue.count(_everything(turn, maker, certified=False))
    certified = turn.catalogue.count(_everything(turn, maker, certified=True))
    blocks: list[Block] = [
        Card(maker.name, tuple(_rows(turn, maker, total, certified)), ref=("enterprise", maker.id), url=maker.website)
    ]
    asked = turn.meaning.constraints.batch
    if asked and asked != maker.batch:
        blocks.insert(0, Say(say("enterprise.not_in_batch", name=maker.name, batch=asked)))
    if products:
        blocks += [Say(say("enterprise.picks")), Listing(_product_entries(turn, products))]
    return Answer(
        "enterprise",
        blocks=(*blocks, Note(say("enterprise.facts_only"))),
        choices=look_choices(products, turn.catalogue),
        enterprises=(maker.id,),
        categories=turn.meaning.constraints.categories,
        products=tuple(p.sku for p in products),
    )


def _rows(turn: Turn, maker: Enterprise, total: int, certified: int) -> Iterable[tuple[Text, Text]]:
    if maker.short_name:
        yield say("enterprise.label.short"), say("value.plain", value=maker.short_name)
    if maker.adcode:
        yield say("enterprise.label.place"), say("value.plain", value=full_place_name(turn, maker.adcode))
    brands = tuple(b.name for b in turn.catalogue.brands_of_enterprise(maker.id))
    if brands:
        yield say("enterprise.label.brands"), say("value.plain", value=brands)
    if maker.batch:
        yield say("enterprise.label.batch"), say("enterprise.batch", batch=maker.batch)
    yield say("enterprise.label.products"), say("enterprise.products", total=total, certified=certified)
    issued = turn.catalogue.certificates_of_enterprise(maker.id)
    if issued:
        yield say("enterprise.label.certificates"), say("enterprise.certificates", total=len(issued))
    if maker.phone:
        yield say("enterprise.label.phone"), say("value.plain", value=maker.phone)
    if maker.intro:
        yield say("enterprise.label.intro"), say("value.plain", value=maker.intro)


def _everything(turn: Turn, maker: Enterprise, *, certified: bool) -> ProductQuery:
    return ProductQuery(turn.day, enterprises=(maker.id,), certified=certified, limit=PICKS)


def _picks(turn: Turn, maker: Enterprise) -> list[Product]:
    """Return a few certified products of a maker, the most recommended first."""
    return turn.catalogue.found(_everything(turn, maker, certified=True))


def _product_entries(turn: Turn, products: Sequence[Product]) -> tuple[Entry, ...]:
    held = turn.catalogue.certificates_of_many(p.sku for p in products)
    return tuple(
        Entry(p.title, (certificate_line(held[p.sku], turn.day),), ref=("product", p.sku), number=number)
        for number, p in enumerate(products, 1)
    )


# --- many


def _found(turn: Turn) -> Answer:
    asked = turn.meaning.constraints
    makers = [m for m in turn.catalogue.enterprises.values() if not asked.batch or m.batch == asked.batch]
    starred = bool(asked.stars or asked.min_stars)  # 三星企业: makers have no stars, what they make has
    if asked.categories or starred:
        making = _making(turn)
        makers = [m for m in makers if m.id in making]
    place = asked.origin or asked.adcode or turn.meaning.place
    matched = match_place(makers, lambda m: (m.adcode,) if m.adcode else (), place)
    if not matched.found:
        return _nothing(turn, place)
    values = {"total": len(matched.found), "place": place_name(turn, place)}
    key = "enterprise.list_widened" if matched.widened else "enterprise.list_place" if place else "enterprise.list"
    head = say("enterprise.starred", total=len(matched.found)) if starred and not place else say(key, **values)
    return _list(turn, matched.found, head)


def _making(turn: Turn) -> frozenset[str]:
    """Return the makers that have a product on sale as it is asked for, by the brands the search counts."""
    query = turn.meaning.constraints.but(brands=(), enterprises=(), batch=None, adcode=None, origin=None)
    facets = turn.catalogue.search(query.query(turn.day, limit=1)).facets.get("brand", {})
    brands = (turn.catalogue.brands.get(code) for code in facets)
    return frozenset(b.enterprise for b in brands if b and b.enterprise)


def _list(turn: Turn, makers: Sequence[Enterprise], head: Text, *, counted: bool = False) -> Answer:
    """List makers; `counted`: with how many of their products are certified, where they are held side by side."""
    left, head = rest_of(turn, makers, head)
    if not left:
        return no_more(turn, "enterprise")
    shown = left[:SHOWN]
    return Answer(
        "enterprise",
        blocks=(
            Say(head),
            Listing(tuple(_entry(turn, m, i, counted) for i, m in enumerate(shown, 1))),
            Note(say("enterprise.facts_only")),
        ),
        choices=tuple(
            Choice(say("pavilion.choice_maker", name=shorten(m.short_name or m.name)), Action("enterprise", (m.id,)))
            for m in shown[:6]
        ),
        enterprises=tuple(m.id for m in shown),
        categories=turn.meaning.constraints.categories,
        filters={"batch": turn.meaning.constraints.batch} if turn.meaning.constraints.batch else {},
        total=len(makers),
    )


def _entry(turn: Turn, maker: Enterprise, number: int, counted: bool) -> Entry:
    brands = tuple(b.name for b in turn.catalogue.brands_of_enterprise(maker.id))
    lines: list[Text] = [say("enterprise.line.brands", brands=brands)] if brands else []
    if counted:
        total, certified = (turn.catalogue.count(_everything(turn, maker, certified=only)) for only in (False, True))
        lines.append(say("enterprise.products", total=total, certified=certified))
    if maker.batch:
        lines.append(say("enterprise.line.batch", batch=maker.batch))
    if maker.adcode:
        lines.append(say("enterprise.line.place", place=full_place_name(turn, maker.adcode)))
    if maker.phone:
        lines.append(say("enterprise.line.phone", phone=maker.phone))
    return Entry(maker.name, tuple(lines), ref=("enterprise", maker.id), number=number)


def _nothing(turn: Turn, place: str | None) -> Answer:
    return Answer(
        "not_found",
        blocks=(Say(say("enterprise.nothing", place=place_name(turn, place))),),
        choices=(handoff_choice(),),
        categories=turn.meaning.constraints.categories,
        total=0,
    )
