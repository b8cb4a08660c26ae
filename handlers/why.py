"""为什么排第一: by which rule a list is ordered, with the values of its first entries. No place is for sale."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers import ranking
from handlers.context.conditions import conditions
from handlers.ranking import OPENED
from handlers.recommend import entries
from handlers.turn import Action, Answer, Choice, Entry, Listing, Say, Turn, say

if TYPE_CHECKING:
    from catalog_db.records import Product


def handle(turn: Turn) -> Answer:
    """State the rule of the last list and the values that put its first entries where they are."""
    if "ask.why_price" in turn.meaning.cues:
        return _price(turn)
    opened = turn.catalogue.rankings.get(str(turn.session.data.get(OPENED, "")))
    if turn.session.intent == "ranking" and opened is not None:
        shown = ranking.opened(turn, opened.id)
        return shown.with_(blocks=(Say(say("why.unpaid")), *shown.blocks))
    topic = turn.session.topic
    products = turn.catalogue.products(list(topic.listed[:3]))
    blocks: list[Say | Listing] = [Say(say("why.unpaid"))]
    if not products:
        return Answer(intent="faq", blocks=(*blocks, Say(say("why.general"))))
    sort = topic.constraints.sort or "recommended"
    blocks.append(Say(say(f"why.sort.{sort}")))
    said = conditions(topic.constraints, turn.catalogue, turn.places, skip=("sort", "limit"))
    if said:
        blocks.append(Say(say("why.filtered", conditions=said)))
    places = entries(turn, products, topic.constraints)
    if sort == "recommended":
        places = tuple(_by_values(entry, product) for entry, product in zip(places, products, strict=True))
    blocks.append(Listing(places))
    return Answer(
        intent="detail",
        blocks=tuple(blocks),
        choices=(
            Choice(say("choice.by_price"), Action("recommend", _again(turn, "price_asc"))),
            Choice(say("choice.by_sales"), Action("recommend", _again(turn, "sales"))),
        ),
        categories=topic.constraints.categories,
        products=tuple(product.sku for product in products),
    )


def _by_values(entry: Entry, product: Product) -> Entry:
    """Say of an entry what its place comes from instead of one reason for it: how many were sold, and the buyers' rating."""
    told = [say("reason.sales", value=product.sales_30d)] if product.sales_30d else []
    told += [say("reason.rating", value=product.rating)] if product.rating else []
    return replace(entry, lines=(*entry.lines[:2], *told)) if told else entry


def _price(turn: Turn) -> Answer:
    """Say that no reason for a price is known, and what the price stands beside: what the catalogue has of these products."""
    topic = turn.session.topic
    skus = turn.meaning.skus or topic.focus[:1] or topic.listed[:3]
    products = turn.catalogue.products(list(skus[:3]))
    return Answer(
        intent="detail",
        blocks=(Say(say("why.price")), Listing(entries(turn, products, topic.constraints))),
        choices=(Choice(say("choice.by_price"), Action("recommend", _again(turn, "price_asc"))),),
        categories=tuple(dict.fromkeys(product.category for product in products)),
        products=tuple(product.sku for product in products),
    )


def _again(turn: Turn, sort: str) -> tuple[str, ...]:
    categories = turn.session.topic.constraints.categories
    return (*((f"categories={','.join(categories)}",) if categories else ()), f"sort={sort}")
