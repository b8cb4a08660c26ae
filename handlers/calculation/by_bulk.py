"""What is bought by the cubic metre or the tonne, in bags: concrete of two cubic metres, two tonnes of cement."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import category_choice
from handlers.answer_parts.price_range import price_range
from handlers.calculation.formulas import bags_in_volume, exact, plain
from handlers.calculation.material_usage import VolumeUsage, bag_of, volume_usages
from handlers.calculation.surfaces import surface_of
from handlers.turn import Answer, Block, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.records import Product
    from handlers.calculation.inputs import Inputs
    from handlers.understanding.spans import Quantity

_TONNE = 1000  # kg
_AS_SAID = "as_said"  # an area is what it is, not a floor with walls around it
_THICKEST_M = Decimal("0.2")  # of a layer
_LOOKED_AT = 60  # products of a kind that tell how it is packed


def by_volume(turn: Turn, code: str, product: Product | None, inputs: Inputs) -> Answer | None:
    """Say how many bags a cubic metre takes, for each use; None where no volume was said or the trade has no figure."""
    volume = inputs.volume_m3
    if volume is None:
        return None
    category = turn.catalogue.categories[code]
    lines, elements = [], []
    for use in volume_usages(turn.catalogue, code):
        bag = bag_of(product) or use.bag_kg
        bags = bags_in_volume(volume, use.kg_per_m3, bag)
        unit = (product.unit if product else None) or category.unit or ""
        lines.append(
            say(
                "calculate.volume_line",
                what=use.what,
                kg=plain(use.kg_per_m3 * volume),
                bag=plain(bag),
                bags=bags,
                unit=unit,
            )
        )
        elements.append({"category": code, "amount": bags, "unit": unit, "area_m2": None, "coats": 1, "loss_pct": 0})
    if not lines:
        return None
    return Answer(
        "calculate",
        blocks=(
            Say(say("calculate.volume", name=category.name, volume=plain(volume))),
            Listing((Entry(category.name, tuple(lines)),)),
            Note(say("calculate.volume_note")),
        ),
        choices=(category_choice(turn.catalogue, code),),
        categories=(code,),
        quantities=tuple(elements),
    )


def by_layer(turn: Turn, code: str, product: Product | None, inputs: Inputs) -> Answer | None:
    """Say how many bags a layer over an area takes, by the thickness said or a usual one; None for what is sold by what it covers."""
    surface = surface_of(inputs, _AS_SAID)
    if surface is None or (product and product.coverage_m2) or not laid_thick(turn, code):
        return None
    thickness = next((q.value for q in turn.meaning.quantities if _is_thickness(q)), None)
    category = turn.catalogue.categories[code]
    unit = (product.unit if product else None) or category.unit or ""
    lines, elements = [], []
    for use in _meant(turn, code):
        layer = exact(str(thickness)) if thickness else use.layer_mm / 1000
        volume, bag = surface.area * layer, bag_of(product) or use.bag_kg
        bags = bags_in_volume(volume, use.kg_per_m3, bag)
        values = {"kg": plain(use.kg_per_m3 * volume), "bag": plain(bag), "bags": bags, "unit": unit}
        lines.append(say("calculate.layer_line", what=use.what, cm=plain(layer * 100), volume=plain(volume), **values))
        elements.append(
            {
                "category": code,
                "amount": bags,
                "unit": unit,
                "area_m2": plain(surface.area),
                "coats": 1,
                "loss_pct": 0,
            }
        )
    if not lines:
        return None
    return Answer(
        "calculate",
        blocks=(
            Say(say("calculate.layer", name=category.name, area=plain(surface.area))),
            Listing((Entry(category.name, tuple(lines)),)),
            Note(say("calculate.layer_said" if thickness else "calculate.layer_assumed")),
            Note(say("calculate.volume_note")),
        ),
        choices=(category_choice(turn.catalogue, code),),
        categories=(code,),
        quantities=tuple(elements),
    )


def laid_thick(turn: Turn, code: str) -> bool:
    """Tell whether it is the thickness that tells how much of a kind an area takes: mortar, not putty."""
    chain = (turn.catalogue.categories[step] for step in turn.catalogue.path(code))
    known = any(category.coverage_m2 for category in chain)
    return not known and any(volume_usages(turn.catalogue, code))


def _is_thickness(quantity: Quantity) -> bool:
    return quantity.dimension == "length" and quantity.value is not None and quantity.value <= _THICKEST_M


def _meant(turn: Turn, code: str) -> list[VolumeUsage]:
    """Return the uses that the question names, else all of the kind: 自流平 of the mortars."""
    uses = list(volume_usages(turn.catalogue, code))
    said = [use for use in uses if use.what in turn.meaning.text]
    if not said and any(sign in turn.meaning.text for sign in signs("plastering")):
        said = [use for use in uses if any(sign in use.what for sign in signs("plaster"))]
    return said or [use for use in uses if use.what in turn.catalogue.categories[code].name] or uses


def by_weight(turn: Turn, code: str, product: Product | None, inputs: Inputs) -> Answer | None:
    """Say how many bags a weight is and what they come to; None where none was said or the kind is not sold by weight."""
    weight = inputs.lot_kg
    if weight is None:
        return None
    packed = [product] if product is not None else _packed(turn, code)
    bags = Counter(bag for one in packed if (bag := bag_of(one)))
    if not bags:
        return None
    bag = max(bags, key=lambda kg: (bags[kg], kg))
    count = math.ceil(weight / bag)
    category = turn.catalogue.categories[code]
    unit = (product.unit if product else None) or category.unit or ""
    name = product.title if product else category.name
    said = (
        say("value.tonnes", value=plain(weight / _TONNE))
        if weight >= _TONNE
        else say("value.kilograms", value=plain(weight))
    )
    blocks: list[Block] = [Say(say("calculate.weight", name=name, weight=said, bag=plain(bag), bags=count, unit=unit))]
    if product is not None:
        prices = (product.price, product.price) if product.price is not None else None
    else:
        alike = tuple(dict.fromkeys(one.capacity for one in packed if one.capacity and bag_of(one) == bag))
        prices = price_range(turn.catalogue, replace(_query(turn, code), capacity=alike))
    if prices is not None:
        blocks.append(Say(_cost(*prices, count, unit)))
    if product is None:
        blocks.append(Note(say("calculate.weight_note", bag=plain(bag), unit=unit)))
    return Answer(
        "calculate",
        blocks=tuple(blocks),
        choices=(category_choice(turn.catalogue, code),),
        categories=(code,),
        products=(product.sku,) if product and product.shown else (),
        quantities=({"category": code, "amount": count, "unit": unit, "area_m2": None, "coats": 1, "loss_pct": 0},),
    )


def _packed(turn: Turn, code: str) -> list[Product]:
    return turn.catalogue.found(_query(turn, code))


def _query(turn: Turn, code: str) -> ProductQuery:
    return ProductQuery(turn.day, categories=(code,), adcode=turn.meaning.place, limit=_LOOKED_AT)


def _cost(low: Decimal, high: Decimal, count: int, unit: str) -> Text:
    if low == high:
        return say("calculate.cost", amount=count, price=Money(low, unit), cost=Money(low * count))
    return say(
        "calculate.weight_cost",
        low_price=Money(low, unit),
        high_price=Money(high, unit),
        low=Money(low * count),
        high=Money(high * count),
    )
