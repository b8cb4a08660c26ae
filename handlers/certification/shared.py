"""Whether variants share one certificate (双玻跟三玻共用一张证吗): each is told of by itself, and which numbers they have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog_db.certification import state
from catalog_db.records import Certificate, Product
from handlers.answer_parts.product_facts import GREEN, by_weight
from handlers.certification.parts import schemes_asked
from handlers.turn import Text, Turn, say
from handlers.understanding.variants import holds

_OF_EACH = 2  # goods of each value that are told of where a kind alone was named
MOST = 6  # products told of side by side


def sharing(turn: Turn) -> tuple[Product, ...]:
    """Return what is to be told of side by side: the variants named, else some goods of each value said."""
    products = turn.catalogue.products(turn.meaning.skus)
    values = _values(turn)
    if products:
        if len(apart := _one_of_each(turn, products)) > 1:
            return apart  # 岩棉板和挤塑板是一张证吗
        first = products[0]
        products = [one for one in products if (one.brand, one.category) == (first.brand, first.category)]
        so = [one for one in products if any(holds(one, name, (word,)) for name, word in values)]
        return tuple(so if len(so) > 1 else products)[:MOST]
    asked = turn.meaning.constraints
    found: dict[str, Product] = {}
    for name, word in values:
        color, attributes = ((word,), {}) if name == "color" else ((), {name: (word,)})
        plain = asked.but(attributes=attributes, color=color, capacity=(), certified=False, schemes=())
        found |= {one.sku: one for one in turn.catalogue.found(plain.query(turn.day, limit=_OF_EACH))}
    return tuple(found.values())[:MOST]


def _one_of_each(turn: Turn, products: Sequence[Product]) -> tuple[Product, ...]:
    """Return the first product of each kind, or of each series, where several are named."""
    asked = turn.meaning.constraints
    first: dict[str, Product] = {}
    for one in products:
        kind = next((code for code in asked.categories if one.category in turn.catalogue.under((code,))), "")
        name = kind if len(asked.categories) > 1 else one.series or ""
        if name and (len(asked.categories) > 1 or (len(asked.series) > 1 and name in asked.series)):
            first.setdefault(name, one)
    return tuple(first.values())[:MOST]


def _values(turn: Turn) -> list[tuple[str, str]]:
    """Return the values said that tell variants apart, each with its name."""
    asked = turn.meaning.constraints
    values = [(name, word) for name, words in asked.attributes.items() for word in words]
    return [*values, *(("color", word) for word in asked.color)]


def said_of_sharing(turn: Turn, products: Sequence[Product]) -> Text:
    """Say whether one certificate in force names all of them; that each certificate counts for what it names in any case."""
    if not turn.meaning.skus:
        return say("verify.shared.kind")
    schemes = schemes_asked(turn) or (GREEN,)
    held = turn.catalogue.certificates_of_many(one.sku for one in products)
    in_force = [_in_force(turn, held, one, schemes) for one in products]
    common = set.intersection(*in_force) if len(products) > 1 else set()
    if common:
        return say("verify.shared.same", number=min(common))
    if not all(in_force):
        return say("verify.shared.lacking")
    return say("verify.shared.apart" if len(products) > 1 else "verify.shared.kind")


def _in_force(
    turn: Turn, held: Mapping[str, Sequence[Certificate]], product: Product, schemes: Sequence[str]
) -> set[str]:
    certificates = by_weight(held[product.sku], turn.day)
    return {one.number for one in certificates if one.scheme in schemes and state(one, turn.day) == "valid"}
