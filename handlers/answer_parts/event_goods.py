"""讲到的产品都有证吗: what a live stream or a promotion speaks of, held against today's certificates.

Only goods that the catalogue names for it are counted. Where it names none, we say so, and how many of the kinds are certified.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalog_db.records import Event
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import certified_choice, handoff_choice, look_choices, shorten, unique
from handlers.answer_parts.product_facts import certificate_line
from handlers.session import Topic
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Turn, say

MOST = 8
_MOST_CHOICES = 4


def goods_of(turn: Turn, events: Sequence[Event]) -> Answer:
    """Say of the goods of events which are certified on the day."""
    blocks: list[Block] = []
    shown: list[str] = []
    for event in events:
        named = _named(turn, event, len(shown))
        blocks += named
        shown += event.skus[:MOST] if named else ()
    turn.session.start_topic(Topic(listed=tuple(shown), seen=tuple(shown), intent="event"))
    choices = list(look_choices(turn.catalogue.products(shown), turn.catalogue))
    if not shown and len(events) == 1:
        kinds = [code for code in events[0].categories if code in turn.catalogue.categories]
        blocks = [Say(say("event.goods_unnamed", title=events[0].title)), *(_kind(turn, code) for code in kinds)]
        blocks.append(Say(say("event.send_number")))
        choices = [certified_choice(turn.catalogue, code) for code in kinds]
    elif not shown:
        blocks = [Say(say("event.none_names_goods")), Say(say("event.send_number"))]
        choices = [Choice(say("event.choice", title=shorten(e.title, 16)), Action("event", (e.id,))) for e in events]
    return Answer(
        "event",
        blocks=(*blocks, Note(say("verify.source", day=turn.day))),
        choices=(*unique(choices)[:_MOST_CHOICES], handoff_choice()),
        products=tuple(shown),
        events=tuple(event.id for event in events),
    )


def _named(turn: Turn, event: Event, before: int) -> list[Block]:
    """List the goods that the catalogue names for an event; `before`: so many were listed above."""
    products = [product for product in turn.catalogue.products(event.skus) if product.shown]
    if not products:
        return []
    held = turn.catalogue.certificates_of_many(event.skus)
    lines = [
        Entry(product.title, (certificate_line(held.get(product.sku, ()), turn.day),), ("product", product.sku), number)
        for number, product in enumerate(products[:MOST], before + 1)
    ]
    return [Say(say("event.goods_of", title=event.title, total=len(products))), Listing(tuple(lines))]


def _kind(turn: Turn, code: str) -> Say:
    category = turn.catalogue.categories[code]
    found = turn.catalogue.search(ProductQuery(turn.day, categories=(code,), certified=True, limit=1)).total
    if not found:
        return Say(say("event.kind_none", category=category.name))
    return Say(say("event.kind_certified", category=category.name, total=found))
