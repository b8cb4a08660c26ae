"""What is bought by the cubic metre or the tonne, in bags: concrete of two cubic metres, two tonnes of cement."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

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
    """Say how many bags a weight is, or what so many bags weigh, and what they come to; None where neither was said or none has a weight."""
    category = turn.catalogue.categories[code]
    unit = (product.unit if product else None) or category.unit or ""
    counted = inputs.held if _only_packs(turn, inputs, unit) else None
    if inputs.lot_kg is None and counted is None:
        return None
    query = _query(turn, code)
    packed = [product] if product is not None else turn.catalogue.found(query)
    bags = Counter(bag for one in packed if (bag := bag_of(one)))
    if not bags:
        return None
    bag = max(bags, key=lambda kg: (bags[kg], kg))
    count = math.ceil(inputs.lot_kg / bag if inputs.lot_kg is not None else counted or 0)
    name = product.title if product else _name(category.name, query)
    key, weight = ("weight", inputs.lot_kg) if inputs.lot_kg is not None else ("packs", bag * count)
    values: dict[str, Any] = {"name": name, "weight": _weight(weight), "bag": plain(bag), "bags": count, "unit": unit}
    blocks: list[Block] = [Say(say(f"calculate.{key}", **values))]
    if product is not None:
        prices = (product.price, product.price) if product.price is not None else None
    else:
        alike = tuple(dict.fromkeys(one.capacity for one in packed if one.capacity and bag_of(one) == bag))
        prices = price_range(turn.catalogue, replace(query, capacity=alike))
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


def _only_packs(turn: Turn, inputs: Inputs, unit: str) -> bool:
    """Tell whether so many packs of a kind are all that is said: 20袋呢 after a tonne of cement, not 3袋够不够 of a floor."""
    cues = turn.meaning.cues
    alike = inputs.held_unit == unit or {inputs.held_unit, unit} <= signs("bag_unit")
    plainly = not inputs.sized or ("ask.price" in cues and not inputs.areas_said)  # 15袋多少钱 after a floor's sum
    return bool(inputs.held) and alike and plainly and not cues & {"calc.enough", "ask.coverage", "aspect.coverage"}


def _weight(kilograms: Fraction) -> Text:
    if kilograms >= _TONNE:
        return say("value.tonnes", value=plain(kilograms / _TONNE))
    return say("value.kilograms", value=plain(kilograms))


def _name(kind: str, query: ProductQuery) -> str:
    """Return what a kind is called with the values asked for: 42.5 水泥."""
    return " ".join([*(value for several in query.attributes.values() for value in several), kind])


def _query(turn: Turn, code: str) -> ProductQuery:
    """Return what asks for the goods meant: those of the kind that have what was asked for before, where there are any."""
    plainly = ProductQuery(turn.day, categories=(code,), adcode=turn.meaning.place, limit=_LOOKED_AT)
    running = turn.session.topic.constraints
    wanted = turn.meaning.constraints.attributes or (running.attributes if running.categories == (code,) else {})
    narrowed = replace(plainly, attributes=wanted)
    return narrowed if wanted and turn.catalogue.count(narrowed) else plainly


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
