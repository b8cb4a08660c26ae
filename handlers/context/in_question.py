"""What a question is about when it does not say so: the products and categories that the conversation is at."""

from __future__ import annotations

from catalog_db.records import Product
from handlers.turn import Turn


def products_in_question(turn: Turn) -> list[Product]:
    """Return the products meant; without any, and with no category named, the one that was looked at last."""
    if turn.meaning.skus:
        return turn.catalogue.products(turn.meaning.skus)
    if turn.meaning.constraints.categories:
        return []
    return turn.catalogue.products(turn.session.topic.focus[:1])


def categories_in_question(turn: Turn) -> tuple[str, ...]:
    """Return the categories of the products meant, else those named, else of what was looked at last."""
    named = turn.meaning.constraints.categories
    if turn.meaning.skus or not named:
        return tuple(dict.fromkeys(p.category for p in products_in_question(turn))) or named
    return named
