"""What is bought along with a kind: one of each of the kinds that the catalogue says go with it (瓷砖还要配什么)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.answer_parts.choices import asking, category_choice, handoff_choice, unique
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.session import Topic
from handlers.turn import Answer, Entry, Listing, Note, Say, Turn, say
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.records import Product

_MOST = 5


def handle(turn: Turn) -> Answer:
    """Show the first product of each kind that goes with what is looked for; say so where the catalogue tells of none."""
    code = next(iter(turn.meaning.constraints.categories), "")
    category = turn.catalogue.categories.get(code)
    if category is None:
        return Answer("clarify", blocks=(Say(say("clarify.what")),), choices=(asking("capability"), handoff_choice()))
    picks = {one: product for one in _kinds(turn, code)[:_MOST] if (product := _first(turn, one))}
    if not picks:
        return Answer(
            "clarify",
            blocks=(Say(say("goes_with.none", name=category.name)),),
            choices=(category_choice(turn.catalogue, code), handoff_choice()),
            categories=(code,),
        )
    skus = tuple(product.sku for product in picks.values())
    running = Constraints(categories=tuple(picks), adcode=turn.meaning.place)
    turn.session.start_topic(Topic(running, listed=skus, seen=skus, intent="recommend"))
    return Answer(
        "recommend",
        blocks=(
            Say(say("goes_with.of", name=category.name)),
            Listing(tuple(_entry(turn, one, product, n) for n, (one, product) in enumerate(picks.items(), 1))),
            Note(say("goes_with.ask")),
        ),
        choices=unique((*(category_choice(turn.catalogue, one) for one in picks), handoff_choice())),
        categories=tuple(picks),
        total=len(skus),
        products=skus,
    )


def _kinds(turn: Turn, code: str) -> tuple[str, ...]:
    """Return the kinds that go with a kind, else with the nearest one above it that says so."""
    said = (turn.catalogue.categories[step].related for step in reversed(turn.catalogue.path(code)))
    return tuple(one for one in next(filter(None, said), ()) if one in turn.catalogue.categories)


def _first(turn: Turn, code: str) -> Product | None:
    """Return the product of a kind that a list would begin with, where one can be had there."""
    kind = Constraints(categories=(code,), adcode=turn.meaning.place)
    return next(iter(turn.catalogue.found(kind.query(turn.day, limit=1))), None)


def _entry(turn: Turn, code: str, product: Product, number: int) -> Entry:
    certificates = turn.catalogue.certificates_of(product.sku)
    lines = (
        say("value.plain", value=turn.catalogue.categories[code].name),
        certificate_line(certificates, turn.day),
        price_line(product, turn.day),
    )
    return Entry(product.title, lines, ref=("product", product.sku), number=number)
