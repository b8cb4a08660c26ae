"""How much is needed, in whole units, with every assumption said and changeable by saying so (刷三遍, 层高三米, 不算顶)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from catalog_db.records import Product
from handlers import not_found
from handlers.answer_parts.choices import asking, category_choice, handoff_choice, look_choices, shorten, unique
from handlers.calculation.by_bulk import by_layer, by_volume, by_weight, laid_thick
from handlers.calculation.by_surface import without_formula
from handlers.calculation.costs import cost_of
from handlers.calculation.formulas import (
    Recipe,
    area_covered,
    plain,
    walls_if_square,
)
from handlers.calculation.inputs import Area, Inputs, from_data, to_data
from handlers.calculation.material_usage import Usage, usage_of
from handlers.calculation.piece_sizes import asks_pieces, kind_of_the_piece, piece_meant
from handlers.calculation.ranges import amount_said, area_said, larger_end_said, pieces_said, upper_end
from handlers.calculation.reading import read_inputs
from handlers.calculation.running_sums import sum_goes_on
from handlers.calculation.sums import (
    UPRIGHT,
    Sum,
    assumptions,
    contents_text,
    element,
    held_units,
    litres_held,
    name_of,
    pieces_of,
)
from handlers.calculation.surfaces import surface_of
from handlers.context.household import floor_kept, offer_to_remember
from handlers.context.in_question import products_in_question
from handlers.rules.answers import SUM
from handlers.turn import Action, Answer, Block, Choice, Note, Say, Text, Turn, say
from handlers.understanding.openings import as_openings, find_openings, may_tell
from handlers.understanding.spans import Quantity
from handlers.understanding.word_tables import signs

FLOOR_WORDS = frozenset({"floor", "ceiling"})


def handle(turn: Turn) -> Answer:
    """Work out how much is needed, going on with the calculation of the conversation; what is missing is asked for."""
    kept = turn.session.data.get(SUM) or {}
    said = () if "op.repeat" in turn.meaning.cues else turn.meaning.quantities  # 再说一遍 tells of no coat
    inputs = read_inputs(turn.meaning.text, _with_openings(turn, kept, said))
    goes_on = sum_goes_on(turn, kept, inputs)
    if goes_on:
        inputs = inputs.after(from_data(kept))
    products = _fit_for_work(
        turn, turn.catalogue.products(turn.meaning.skus) if goes_on else products_in_question(turn)
    )[:1]
    code = _category(turn, products, kept if goes_on else {}, inputs) or kind_of_the_piece(turn)
    if (code is None and turn.meaning.absent) or (not products and _lacks_the_kind(turn)):
        return not_found.handle(turn)
    if code is None:
        return _which_material(turn, inputs)
    if goes_on and not _same_work(turn, code, kept.get("category")):
        inputs = inputs.for_another()
    if "piece" not in inputs.said and (piece := piece_meant(turn, code)):
        inputs = replace(inputs, piece=piece)  # 换600的呢 after 800
    product = products[0] if products else _kept_product(turn, kept, code) if goes_on else None
    bulk = (work(turn, code, product, inputs) for work in (by_volume, by_weight, by_layer))
    if answer := next(filter(None, bulk), None):
        _remember(turn, inputs, code, product)
        return answer
    usage = _usage(turn, code, product)
    if usage is None:
        return without_formula(turn, code, inputs)
    home = None if inputs.sized or inputs.held or inputs.litres or _of_a_room(turn) else floor_kept(turn.session)
    _remember(turn, inputs, code, product)  # without the home: a room that is named next is none
    if home is not None:
        inputs = replace(inputs, areas=(Area(home, "floor"),))
    answer = _by_area(turn, usage, inputs)
    if home is None:
        return answer
    return answer.with_(blocks=(*answer.blocks, Note(say("calculate.of_your_home", area=plain(home)))))


def _lacks_the_kind(turn: Turn) -> bool:
    """Tell whether a narrow kind was named that none of the wide one here is, and note it: no sum for 自流平 by what tile glue covers."""
    said = turn.meaning.because.get("narrow_said")
    if not said:
        return False
    asked = turn.meaning.constraints.but(
        scenes=(), size=(), price_min=None, price_max=None, limit=None, certified=False
    )
    if turn.catalogue.count(asked.query(turn.day)):
        return False
    turn.meaning.absent = (said,)
    return True


def _of_a_room(turn: Turn) -> bool:
    """Tell whether a room was named or what a unit covers is asked: neither is about the whole home."""
    rooms = set(turn.meaning.constraints.scenes) & signs("room")
    return bool(rooms) or bool(turn.meaning.cues & {"ask.coverage", "aspect.coverage", "calc.enough"})


def _with_openings(turn: Turn, kept: Mapping[str, Any], said: Sequence[Quantity]) -> Sequence[Quantity]:
    """Return the amounts said, with doors and windows as what is taken off the running sum: 有两扇窗1.5乘1.2 after paint."""
    if turn.session.intent != "calculate" or not kept or not may_tell(turn.meaning.text, said):
        return said
    if kept.get("category") in turn.catalogue.under(turn.meaning.constraints.categories):
        return said  # it is the windows that are reckoned
    return as_openings(said, find_openings(turn.meaning.text, said))


# --- what is meant


def _fit_for_work(turn: Turn, products: list[Product]) -> list[Product]:
    """Leave out what the work named does not take: 我想刷墙 is of paint, though a toilet was looked at."""
    kinds = turn.meaning.constraints.categories
    if not turn.meaning.symptoms or not kinds:
        return products
    return [product for product in products if product.category in turn.catalogue.under(kinds)]


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
    if "openings" in inputs.said and len(named) > 1:
        named = [c for c in named if c not in _openings(turn, inputs)] or named
    if known and named and known in turn.catalogue.under(named):
        return known  # 用600的砖, of the floor tiles that we were at
    return named[0] if named else known


def _same_work(turn: Turn, code: str, before: str | None) -> bool:
    """Tell whether a kind is worked as the one before is: itself, a kind of it, or one sold beside it in the same unit."""
    if before is None or before not in turn.catalogue.categories:
        return True
    nested = code in turn.catalogue.under((before,)) or before in turn.catalogue.under((code,))
    one, other = turn.catalogue.categories[code], turn.catalogue.categories[before]
    return nested or (one.parent == other.parent and one.unit == other.unit)


def _openings(turn: Turn, inputs: Inputs) -> set[str]:
    """Return the categories named beside the area that is taken off: 扣掉10平门窗, 门窗扣8平."""
    off = [q for q in turn.meaning.quantities if q.dimension == "area" and q.value == inputs.openings]
    beside = (
        span
        for span in turn.meaning.spans
        if span.kind == "category" and any(0 <= span.start - q.end <= 1 or 0 <= q.start - span.end <= 2 for q in off)
    )
    return {code for span in beside for code in span.concept.split("|")}


def _kept_product(turn: Turn, kept: Mapping[str, Any], code: str) -> Product | None:
    product = turn.catalogue.product(kept.get("sku") or "")
    return product if product is not None and product.category == code else None


def _remember(turn: Turn, inputs: Inputs, code: str, product: Product | None) -> None:
    turn.session.data[SUM] = {**to_data(inputs), "category": code, "sku": product.sku if product else None}


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
        inputs.coverage or usage.recipe.coverage,
        inputs.coats or usage.recipe.coats,
        inputs.loss_pct if inputs.loss_pct is not None else usage.recipe.loss_pct,
    )
    surface = surface_of(inputs, usage.base)
    unit_asked = bool(turn.meaning.cues & {"ask.coverage", "aspect.coverage"}) and not inputs.areas_said
    unit_asked = unit_asked and "coverage" not in inputs.said  # 一桶能刷70平的话呢 changes the sum
    if surface is None or unit_asked:  # 一桶能刷多大 after a sum is about one
        return _without_area(turn, usage, recipe, inputs)
    done = Sum(usage, recipe, surface, inputs)
    most = upper_end(done)
    pieces, more = pieces_of(done), pieces_of(most) if most else ()
    said = (_result(done, most), *_enough(turn, most or done), *pieces_said(pieces, more), *cost_of(turn, done, most))
    blocks: list[Block] = [Say(text) for text in said]
    if usage.unit not in signs("box") and any(sign in turn.meaning.text for sign in signs("box")):
        blocks.append(Note(say("calculate.boxes", amount=done.amount, unit=usage.unit or say("value.unit"))))
    if not pieces and usage.unit in signs("surface_unit") and asks_pieces(turn.meaning.text):
        blocks.append(Note(say("calculate.piece_size")))
    if "height" in inputs.said and surface.height is None:
        blocks.append(Note(say("calculate.height_unused")))
    around = walls_if_square(surface) if len(inputs.areas) + len(inputs.rooms) == 1 else None
    if around is not None and surface.floor is not None:
        blocks.append(Note(say("calculate.small_room", floor=plain(surface.floor), walls=plain(around, 0))))
    blocks += [
        Note(say("calculate.assumptions", lines=(*assumptions(done), *larger_end_said(most)))),
        Note(say("calculate.change" if recipe.coats != 1 else "calculate.change_laid")),
    ]
    elements = [element(done, done.amount, usage.unit or "")]
    elements += [element(done, count, unit) for count, unit, _ in pieces]
    if most is not None:
        elements += [element(most, most.amount, usage.unit or ""), *(element(most, n, unit) for n, unit, _ in more)]
    changes = (*_changes(done), *offer_to_remember(turn, _home_floor(inputs)))
    return _answer(turn, usage, blocks, elements, changes)


def _home_floor(inputs: Inputs) -> Fraction | None:
    """Return the area of one home, where a single one was said and no surface was meant by it."""
    areas = inputs.areas if not inputs.rooms and len(inputs.areas) == 1 else ()
    return next((area.m2 for area in areas if area.kind != "surface" and area.alike == 1), None)


def _result(done: Sum, most: Sum | None) -> Text:
    key = "calculate.result" if done.recipe.coats != 1 or done.inputs.coats else "calculate.result_once"  # 就刷一遍
    return say(
        key,
        name=name_of(done.usage),
        area=area_said(done, most),
        coats=plain(done.recipe.coats),
        amount=amount_said(done, most),
        unit=done.usage.unit or say("value.unit"),
    )


def _enough(turn: Turn, done: Sum) -> Iterator[Text]:
    """Say whether what is at hand suffices, when that was asked."""
    held = held_units(done.usage, done.inputs)
    if held is None or "calc.enough" not in turn.meaning.cues:
        return
    unit = done.usage.unit or say("value.unit")
    litres = litres_held(done.usage, done.inputs)
    have = say("value.litres", value=plain(litres)) if litres else say("value.counted", value=plain(held, 1), unit=unit)
    if held >= done.amount:
        yield say("calculate.enough", have=have, amount=done.amount, unit=unit)
    else:
        missing = done.amount - math.floor(held)
        yield say("calculate.short", have=have, amount=done.amount, unit=unit, missing=missing)


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
    at_hand = held_units(usage, inputs)
    if not turn.meaning.cues & {"ask.coverage", "aspect.coverage", "calc.enough"} and at_hand is None:
        return _which_area(turn, usage)
    held = at_hand or Fraction(1)
    once = area_covered(held, Recipe(recipe.coverage), with_loss=False)
    full = area_covered(held, recipe)
    unit = usage.unit or say("value.unit")
    values: dict[str, Any] = {"name": name_of(usage), "held": _said_held(usage, inputs, held), "once": plain(once, 1)}
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
        Note(say(f"calculate.coverage.{_source(usage, inputs)}", unit=unit, coverage=plain(recipe.coverage))),
    ]
    if usage.pack:
        notes.append(Note(say("calculate.pack", unit=unit, pack=contents_text(usage))))
    element = {
        "category": usage.category.code,
        "amount": plain(held),
        "unit": usage.unit or "",
        "area_m2": plain(full, 1),
        "coats": plain(recipe.coats),
        "loss_pct": plain(recipe.loss_pct),
    }
    return _answer(turn, usage, [*notes, Say(say("calculate.tell_area"))], [element], ())


def _source(usage: Usage, inputs: Inputs) -> str:
    """Return where the figure of what a unit covers comes from."""
    return "said" if inputs.coverage is not None else usage.coverage_from


def _said_held(usage: Usage, inputs: Inputs, held: Fraction) -> Text:
    """Say how much is at hand as it was said: 18 升, never 3.6 桶."""
    litres = litres_held(usage, inputs)
    if litres is not None:
        return say("value.litres", value=plain(litres))
    return say("value.counted", value=plain(held, 1), unit=usage.unit or say("value.unit"))


def _which_area(turn: Turn, usage: Usage) -> Answer:
    """Ask for the missing area, with a few to press."""
    turn.session.asked = "area"
    key = "calculate.which_area" if usage.base not in FLOOR_WORDS else "calculate.which_floor"
    key = "calculate.which_layer" if laid_thick(turn, usage.category.code) else key
    return Answer(
        "clarify",
        blocks=(Say(say(key, name=name_of(usage))),),
        choices=tuple(asking(key) for key in ("area_20", "area_50", "area_100")),
        categories=(usage.category.code,),
    )


def _which_material(turn: Turn, inputs: Inputs) -> Answer:
    """Ask for the material, offering categories that can be worked out."""
    turn.session.data[SUM] = to_data(inputs)
    leaves = [c for c in turn.catalogue.categories if not turn.catalogue.children(c)]
    able = [(c, turn.catalogue.categories[c].name) for c in leaves if usage_of(turn.catalogue, c) is not None]
    choices = [Choice(say("offer.calculate", category=shorten(n)), Action("calculate", (c,))) for c, n in able[:4]]
    choices = choices or [asking("capability")]
    return Answer("clarify", blocks=(Say(say("calculate.which_material")),), choices=(*choices, handoff_choice()))
