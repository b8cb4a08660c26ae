"""Cards for a search while typing: certified products that fit the words, each with its certificate and price of the day.

A product or certificate named by number is shown whatever its state; the card says the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING

from catalog_db.records import Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.product_facts import certificate_line
from handlers.session import Session
from handlers.turn import Money, Question, Text, say
from handlers.understanding.interpretation import Constraints, Interpretation

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.dialogue import Dialogue

# What limits a list but says nothing of what is looked for.
_NO_SUBJECT = frozenset({"adcode", "limit", "sort", "certified", "text"})


@dataclass(frozen=True, slots=True)
class FoundCard:
    """A product with what is true of it on the day."""

    product: Product
    certificate: Text
    price: Text


@dataclass(frozen=True, slots=True)
class FoundCards:
    """A page of cards. `total`: how many there are on all pages."""

    cards: tuple[FoundCard, ...] = ()
    total: int = 0


def find_cards(dialogue: Dialogue, question: Question, offset: int, most: int) -> FoundCards:
    """Find the cards for what is being typed; nothing typed gives the certified products in the usual order."""
    catalogue, day = dialogue.catalogue, question.now.date()
    if not question.text.strip():
        return _searched(catalogue, Constraints(certified=True, adcode=question.adcode).query(day), offset, most)
    meaning = dialogue.understand(question, Session(place=question.adcode))
    named = _named(catalogue, meaning)
    if named:
        page = named[offset : offset + most]
        return FoundCards(_cards(catalogue, catalogue.products(page), day), len(named))
    constraints = meaning.constraints
    if not _has_subject(constraints):
        return FoundCards()
    certified = not (constraints.schemes or constraints.stars or constraints.min_stars)
    query = constraints.but(certified=certified or constraints.certified, limit=None).query(day)
    return _searched(catalogue, query, offset, most)


def _named(catalogue: Catalogue, meaning: Interpretation) -> list[str]:
    """Return the products that were named, and those of the certificates that were."""
    certificates = [catalogue.certificate(number) for number in meaning.certificate_numbers]
    covered = [sku for certificate in certificates if certificate for sku in certificate.skus]
    return list(dict.fromkeys((*meaning.skus, *covered)))


def _has_subject(constraints: Constraints) -> bool:
    return any(
        getattr(constraints, spec.name) not in (None, (), {}, False, "")
        for spec in fields(constraints)
        if spec.name not in _NO_SUBJECT
    )


def _searched(catalogue: Catalogue, query: ProductQuery, offset: int, most: int) -> FoundCards:
    found = catalogue.search(replace(query, offset=offset, limit=most))
    products = catalogue.products(hit.sku for hit in found.hits)
    return FoundCards(_cards(catalogue, products, query.day), found.total)


def _price(product: Product) -> Text:
    """Say the price with the day it was seen: a card is read later, when 今天 is another day."""
    if product.price is None:
        return say("fact.price.unknown")
    money = Money(product.price, product.unit)
    return (
        say("inline.price", price=money, day=product.price_on)
        if product.price_on
        else say("fact.price.plain", price=money)
    )


def _cards(catalogue: Catalogue, products: Sequence[Product], day: date) -> tuple[FoundCard, ...]:
    held = catalogue.certificates_of_many(product.sku for product in products)
    return tuple(FoundCard(product, certificate_line(held[product.sku], day), _price(product)) for product in products)
