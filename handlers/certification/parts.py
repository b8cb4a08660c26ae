"""What every answer about certificates shares: the schemes asked about, the source, the numbers and goods shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import certified_choice
from handlers.answer_parts.price_range import price_range
from handlers.answer_parts.product_facts import GREEN, price_line
from handlers.certification.verdicts import Verdict
from handlers.turn import Answer, Choice, Entry, Listing, Money, Note, Say, Turn, say

SHOWN = 5  # products of a brand or a certificate that are listed


def schemes_asked(turn: Turn) -> tuple[str, ...]:
    """Return the schemes asked about; stars belong to the green building material certification."""
    asked = turn.meaning.constraints
    if asked.schemes:
        return asked.schemes
    return (GREEN,) if asked.stars or asked.min_stars else ()


def trust_note(turn: Turn) -> Note:
    """Say where this comes from, of which day, and how to check it officially."""
    return Note(say("verify.source", day=turn.day))


def shown_numbers(verdicts: Iterable[Verdict]) -> tuple[str, ...]:
    """Return the numbers of the products' own certificates; one that does not name the product is not shown as its."""
    own = (v.certificate.number for v in verdicts if v.certificate and v.status != "not_covered")
    return tuple(dict.fromkeys(own))


def certified_if_any(turn: Turn, code: str) -> tuple[Choice, ...]:
    """Offer the certified products of a category where there are some."""
    query = ProductQuery(turn.day, categories=(code,), certified=True)
    return (certified_choice(turn.catalogue, code),) if turn.catalogue.count(query) else ()


def categories_of(turn: Turn, skus: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p.category for p in turn.catalogue.products(skus)))


def with_prices(turn: Turn, answer: Answer, of_all: ProductQuery | None = None) -> Answer:
    """Say the prices of what was checked where they were asked as well: 多少钱,有认证吗. `of_all` finds what they range over."""
    if "ask.price" not in turn.meaning.cues or not answer.products:
        return answer
    blocks = [
        Listing(tuple(_priced(turn, entry) for entry in block.entries)) if isinstance(block, Listing) else block
        for block in answer.blocks
    ]
    ends = price_range(turn.catalogue, of_all) if of_all else None
    if ends:
        low, high = map(Money, ends)
        alike = low == high
        blocks.insert(0, Say(say("verify.price", low=low) if alike else say("verify.prices", low=low, high=high)))
    return answer.with_(blocks=tuple(blocks))


def _priced(turn: Turn, entry: Entry) -> Entry:
    """Return an entry with the price of its product as its last line."""
    sku = entry.ref[1] if entry.ref and entry.ref[0] == "product" else ""
    product = turn.catalogue.product(sku) if sku else None
    return replace(entry, lines=(*entry.lines, price_line(product, turn.day))) if product else entry
