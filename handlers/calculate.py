"""How much is needed, in whole units, with every assumption said and changeable by saying so (刷三遍, 层高三米, 不算顶)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from catalog_db.records import Product
from catalog_db.search.query import ProductQuery
from catalog_db.sizes import normalise as normalise_size
from handlers.calculation_inputs import Inputs, from_data, to_data
from handlers.calculation_reading import read_inputs
from handlers.calculation_surfaces import surface_of
from handlers.choices import asking, category_choice, handoff_choice, look_choices, unique
from handlers.in_question import products_in_question
from handlers.material_usage import Usage, bag_of, usage_of, volume_usages
from handlers.quantity_formulas import (
    Recipe,
    Surface,
    area_covered,
    bags_in_volume,
    piece_area,
    pieces_needed,
    plain,
    units_needed,
)
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Money, Note, Say, Text, Turn, say

FLOOR_WORDS = frozenset({"floor", "ceiling"})
UPRIGHT = frozenset({"wall", "facade"})
KEPT = "calculation"  # what the session keeps under


@dataclass(frozen=True, slots=True)
class Sum:
    """One calculation, done: what is bought, for which surface, by which figures."""

    usage: Usage
    recipe: Recipe
    surface: Surface
    inputs: Inputs

    @property
    def openings(self) -> Fraction:
        return self.inputs.openings or Fraction(0)

    @property
    def amount(self) -> int:
        return units_needed(self.surface.area, self.recipe, self.openings)


def handle(turn: Turn) -> Answer:
    """Work out how much is needed, going on with the calculation of the conversation; what is missing is asked for."""
    kept = turn.session.data.get(KEPT) or {}
    goes_on = turn.session.intent == "calculate"
    inputs = read_inputs(turn.meaning.text, turn.meaning.quantities)
    if goes_on:
        inputs = inputs.after(from_data(kept))
    products = (turn.catalogue.products(turn.meaning.skus) if goes_on else products_in_question(turn))[:1]
    code = _category(turn, products, kept if goes_on else {}, inputs)
    if code is None:
        return _which_material(turn, inputs)
    product = products[0] if products else _kept_product(turn, kept, code) if goes_on else None
    if inputs.volume_m3 is not None and (answer := _by_volume(turn, code, product, inputs)):
        return answer
    usage = _usage(turn, code, product)
    if usage is None:
        return _no_way(turn, code)
    _remember(turn, inputs, code, product)
    return _by_area(turn, usage, inputs)


# --- what is meant


def _category(turn: Turn, products: Sequence[Product], kept: Mapping[str, Any], inputs: Inputs) -> str | None:
    """Return the category to calculate for: of the product, else named, else the one we were at.

    门窗扣8平 names doors and windows for their openings: then we stay where we were.
    """
    if products:
        return products[0].category
    known = next((code for code in turn.catalogue.categories if code == kept.get("category")), None)
    if known and "openings" in inputs.said and not inputs.areas_said:
        return known
    named = [c for c in turn.meaning.constraints.categories if c in turn.catalogue.categories]
    return named[0] if named else known


def _kept_product(turn: Turn, kept: Mapping[str, Any], code: str) -> Product | None:
    product = turn.catalogue.product(kept.get("sku") or "")
    return product if product is not None and product.category == code else None


def _remember(turn: Turn, inputs: Inputs, code: str, product: Product | None) -> None:
    turn.session.data[KEPT] = {**to_data(inputs), "category": code, "sku": product.sku if product else None}


def _usage(turn: Turn, code: str, product: Product | None) -> Usage | None:
    """Return how much is taken; for a broad category without figures of its own, those of a narrower one (油漆 → 乳胶漆)."""
    usage = usage_of(turn.catalogue, code, product)
    if usage is not None and (product is not None or usage.coverage_from != "usual"):
        return usage
    below = [
        u for c in turn.catalogue.under((code,)) if (u := usage_of(turn.catalogue, c)) and u.coverage_from == "category"
    ]
    below.sort(
        key=lambda u: (
            usage is not None and u.base != usage.base,
            list(turn.catalogue.categories).index(u.category.code),
        )
    )
    return below[0] if below else usage


# --- by area


def _by_area(turn: Turn, usage: Usage, inputs: Inputs) -> Answer:
    recipe = Recipe(
        usage.recipe.coverage,
        inputs.coats or usage.recipe.coats,
        inputs.loss_pct if inputs.loss_pct is not None else usage.recipe.loss_pct,
    )
    surface = surface_of(inputs, usage.base)
    if surface is None:
        return _without_area(turn, usage, recipe, inputs)
    done = Sum(usage, recipe, surface, inputs)
    pieces = _pieces(done)
    blocks: list[Block] = [
        Say(text) for text in (*_result(done), *_enough(turn, done), *_piece_text(pieces), *_cost(turn, done))
    ]
    blocks += [
        Note(say("calculate.assumptions", lines=tuple(assumptions(done)))),
        Note(say("calculate.change" if recipe.coats != 1 else "calculate.change_laid")),
    ]
    elements = [_element(done, done.amount, usage.unit or "")]
    elements += [_element(done, count, unit) for count, unit, _ in pieces]
    return _answer(turn, usage, blocks, elements, _changes(done))


def _result(done: Sum) -> Iterator[Text]:
    net = done.surface.area - done.openings
    key = "calculate.result" if done.recipe.coats != 1 else "calculate.result_once"
    yield say(
        key,
        name=_name(done.usage),
        area=plain(net),
        coats=plain(done.recipe.coats),
        amount=done.amount,
        unit=done.usage.unit or say("value.unit"),
    )


def _name(usage: Usage) -> str:
    return usage.product.title if usage.product else usage.category.name


def _element(done: Sum, amount: int, unit: str) -> Mapping[str, Any]:
    return {
        "category": done.usage.category.code,
        "amount": amount,
        "unit": unit,
        "area_m2": plain(done.surface.area - done.openings),
        "coats": plain(done.recipe.coats),
        "loss_pct": plain(done.recipe.loss_pct),
    }


def _pieces(done: Sum) -> tuple[tuple[int, str, str], ...]:
    """Return (count, what a piece is called, size) where the size of a piece is known; sheets are pieces already."""
    size = done.inputs.piece or done.usage.piece
    area = piece_area(normalise_size(size)) if size else None
    if not size or not area or not done.usage.piece_unit or done.usage.unit == done.usage.piece_unit:
        return ()
    count = pieces_needed(done.surface.area, area, done.recipe.loss_pct, done.openings)
    return ((count, done.usage.piece_unit, normalise_size(size)),)


def _piece_text(pieces: Sequence[tuple[int, str, str]]) -> Iterator[Text]:
    for count, unit, size in pieces:
        yield say("calculate.pieces", count=count, unit=unit, size=size)


def _enough(turn: Turn, done: Sum) -> Iterator[Text]:
    """Say whether what is at hand suffices, when that was asked."""
    held = _held(done.usage, done.inputs)
    if held is None or "calc.enough" not in turn.meaning.cues:
        return
    values = {"held": plain(held, 1), "amount": done.amount, "unit": done.usage.unit or say("value.unit")}
    if held >= done.amount:
        yield say("calculate.enough", **values)
    else:
        yield say("calculate.short", missing=done.amount - math.floor(held), **values)


def _held(usage: Usage, inputs: Inputs) -> Fraction | None:
    """Return the units at hand: as counted, or by the litres said and what a litre covers."""
    if inputs.litres is not None and usage.coverage_per_litre:
        return inputs.litres * usage.coverage_per_litre / usage.recipe.coverage
    return inputs.held if inputs.held_unit in (None, usage.unit) else None


def _cost(turn: Turn, done: Sum) -> Iterator[Text]:
    """Say what it comes to: by the product's price, else, when asked, from the cheapest to the dearest of the category."""
    product = done.usage.product
    if product is None and "ask.price" in turn.meaning.cues and not _pieces(done):
        yield from _cost_range(turn, done)
    if product and product.price is not None:
        yield say(
            "calculate.cost",
            amount=done.amount,
            price=Money(product.price, product.unit),
            cost=Money(product.price * Decimal(done.amount)),
        )


def _cost_range(turn: Turn, done: Sum) -> Iterator[Text]:
    prices = []
    for sort in ("price_asc", "price_desc"):
        query = ProductQuery(
            turn.day, categories=(done.usage.category.code,), adcode=turn.meaning.place, sort=sort, limit=1
        )
        found = turn.catalogue.products(hit.sku for hit in turn.catalogue.search(query).hits)
        prices += [p.price for p in found if p.price is not None]
    if len(prices) == 2:
        low, high = (Money(price * done.amount) for price in prices)
        unit = done.usage.unit
        yield say(
            "calculate.cost_range",
            low_price=Money(prices[0], unit),
            high_price=Money(prices[1], unit),
            low=low,
            high=high,
        )


def assumptions(done: Sum) -> Iterator[Text]:
    """Yield every figure that the result rests on, and where it comes from; what changes nothing is left out."""
    usage, recipe = done.usage, done.recipe
    unit = usage.unit or say("value.unit")
    yield _about_surface(done.surface)
    if done.openings:
        yield say("calculate.openings", area=plain(done.openings))
    elif usage.base in UPRIGHT:
        yield say("calculate.no_openings")
    if recipe.coverage != 1:
        yield say(f"calculate.coverage.{usage.coverage_from}", unit=unit, coverage=plain(recipe.coverage))
    if usage.pack:
        yield say("calculate.pack", unit=unit, pack=_contents(usage))
    if recipe.coats != 1:
        yield say(f"calculate.coats.{'said' if done.inputs.coats else usage.coats_from}", coats=plain(recipe.coats))
    yield say(
        f"calculate.loss.{'said' if done.inputs.loss_pct is not None else usage.loss_from}", loss=plain(recipe.loss_pct)
    )


def _contents(usage: Usage) -> Text:
    amount, measure = usage.pack or ("", "kg")
    return say("value.litres", value=amount) if measure == "l" else say("value.kilograms", value=amount)


def _about_surface(surface: Surface) -> Text:
    values: dict[str, Any] = {"area": plain(surface.area)}
    if surface.floor is not None:
        values["floor"] = plain(surface.floor)
    if surface.factor is not None:
        values["factor"] = plain(surface.factor)
    if surface.height is not None:
        values["height"] = plain(surface.height)
    top = "_ceiling" if surface.ceiling is not None else ""
    tall = "_tall" if surface.basis == "floor_times" and surface.height is not None else ""
    return say(f"calculate.surface.{surface.basis}{tall}{top}", **values)


def _changes(done: Sum) -> tuple[Choice, ...]:
    """Offer what is changed most: a coat more, the ceiling too, doors and windows taken off."""
    keys = []
    if done.recipe.coats != 1:
        keys.append("three_coats" if done.recipe.coats != 3 else "two_coats")
    if done.surface.basis in ("floor_times", "room_walls"):
        keys.append("with_ceiling" if done.surface.ceiling is None else "without_ceiling")
    if done.surface.basis == "as_said" and done.usage.base == "wall":
        keys.append("is_floor")
    if not done.openings and done.usage.base in UPRIGHT:
        keys.append("openings")
    if done.recipe.coats == 1 and done.inputs.loss_pct is None:
        keys.append("loss_10")
    return tuple(asking(key) for key in keys)


def _answer(
    turn: Turn, usage: Usage, blocks: Sequence[Block], elements: Sequence[Mapping[str, Any]], changes: Sequence[Choice]
) -> Answer:
    product = usage.product
    looks = (
        look_choices((product,), turn.catalogue) if product else (category_choice(turn.catalogue, usage.category.code),)
    )
    return Answer(
        "calculate",
        blocks=tuple(blocks),
        choices=unique((*changes, *looks)),
        categories=(usage.category.code,),
        products=(product.sku,) if product and product.shown else (),
        quantities=tuple(elements),
    )


# --- what one unit covers; what is missing


def _without_area(turn: Turn, usage: Usage, recipe: Recipe, inputs: Inputs) -> Answer:
    """Say what the units named cover (一桶能刷多少平), else ask for the area."""
    at_hand = _held(usage, inputs)
    if not turn.meaning.cues & {"ask.coverage", "aspect.coverage", "calc.enough"} and at_hand is None:
        return _which_area(turn, usage)
    held = at_hand or Fraction(1)
    once = area_covered(held, Recipe(recipe.coverage), with_loss=False)
    full = area_covered(held, recipe)
    values = {
        "name": _name(usage),
        "held": plain(held, 1),
        "unit": usage.unit or say("value.unit"),
        "once": plain(once, 1),
    }
    key = "calculate.covers" if recipe.coats != 1 else "calculate.covers_once"
    text = say(
        key,
        **values,
        coats=plain(recipe.coats),
        all_coats=plain(once / recipe.coats, 1),
        full=plain(full, 1),
        loss=plain(recipe.loss_pct),
    )
    notes: list[Block] = [
        Say(text),
        Note(say(f"calculate.coverage.{usage.coverage_from}", unit=values["unit"], coverage=plain(recipe.coverage))),
    ]
    if usage.pack:
        notes.append(Note(say("calculate.pack", unit=values["unit"], pack=_contents(usage))))
    element = {
        "category": usage.category.code,
        "amount": plain(held),
        "unit": usage.unit or "",
        "area_m2": plain(full, 1),
        "coats": plain(recipe.coats),
        "loss_pct": plain(recipe.loss_pct),
    }
    return _answer(turn, usage, [*notes, Say(say("calculate.tell_area"))], [element], ())


def _which_area(turn: Turn, usage: Usage) -> Answer:
    """Ask for the missing area, with a few to press."""
    turn.session.asked = "area"
    return Answer(
        "clarify",
        blocks=(
            Say(
                say(
                    "calculate.which_area" if usage.base not in FLOOR_WORDS else "calculate.which_floor",
                    name=_name(usage),
                )
            ),
        ),
        choices=tuple(asking(key) for key in ("area_20", "area_50", "area_100")),
        categories=(usage.category.code,),
    )


def _which_material(turn: Turn, inputs: Inputs) -> Answer:
    """Ask for the material, offering categories that can be worked out."""
    turn.session.data[KEPT] = to_data(inputs)
    codes = [
        c
        for c in turn.catalogue.categories
        if usage_of(turn.catalogue, c) is not None and not turn.catalogue.children(c)
    ]
    choices = [
        Choice(say("offer.calculate", category=turn.catalogue.categories[c].name), Action("calculate", (c,)))
        for c in codes[:5]
    ]
    return Answer("clarify", blocks=(Say(say("calculate.which_material")),), choices=(*choices, handoff_choice()))


def _no_way(turn: Turn, code: str) -> Answer:
    """Say that there is no reliable figure for this kind."""
    return Answer(
        "calculate",
        blocks=(Say(say("calculate.no_figure", category=turn.catalogue.categories[code].name)),),
        choices=(category_choice(turn.catalogue, code), handoff_choice()),
        categories=(code,),
    )


# --- by volume


def _by_volume(turn: Turn, code: str, product: Product | None, inputs: Inputs) -> Answer | None:
    """Say how many bags a cubic metre takes, for each use; None where the trade has no figure."""
    volume = inputs.volume_m3 or Fraction(1)
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
