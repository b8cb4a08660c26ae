"""A calculation done: what is bought for which surface, by which figures, and everything that it rests on in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from catalog_db.sizes import normalise as normalise_size
from handlers.calculation.formulas import Recipe, Surface, piece_area, pieces_needed, plain, units_needed
from handlers.calculation.inputs import Inputs
from handlers.calculation.material_usage import Usage
from handlers.turn import Text, say
from handlers.understanding.word_tables import signs

UPRIGHT = frozenset({"wall", "facade"})  # bases with doors and windows in them


@dataclass(frozen=True, slots=True)
class Sum:
    """One calculation, done: what is bought, for which surface, by which figures."""

    usage: Usage
    recipe: Recipe
    surface: Surface
    inputs: Inputs

    @property
    def openings(self) -> Fraction:
        """Return what is taken off: what was said for the walls before is none of a floor's, and never more than there is."""
        off = self.inputs.openings or Fraction(0)
        if self.usage.base not in UPRIGHT and "openings" not in self.inputs.said:
            return Fraction(0)
        return min(off, self.surface.area)

    @property
    def amount(self) -> int:
        return units_needed(self.surface.area, self.recipe, self.openings)


def name_of(usage: Usage) -> str:
    return usage.product.title if usage.product else usage.category.name


def element(done: Sum, amount: int, unit: str) -> Mapping[str, Any]:
    return {
        "category": done.usage.category.code,
        "amount": amount,
        "unit": unit,
        "area_m2": plain(done.surface.area - done.openings),
        "coats": plain(done.recipe.coats),
        "loss_pct": plain(done.recipe.loss_pct),
    }


def pieces_of(done: Sum) -> tuple[tuple[int, str, str], ...]:
    """Return (count, what a piece is called, size) where the size of a piece is known; sheets are pieces already."""
    size = done.inputs.piece or done.usage.piece
    area = piece_area(normalise_size(size)) if size else None
    if not size or not area or not done.usage.piece_unit or done.usage.unit == done.usage.piece_unit:
        return ()
    count = pieces_needed(done.surface.area, area, done.recipe.loss_pct, done.openings)
    return ((count, done.usage.piece_unit, normalise_size(size)),)


def litres_held(usage: Usage, inputs: Inputs) -> Fraction | None:
    """Return the litres at hand; those of 两桶竹里5L are what one tin of that product holds."""
    of_a_tin = usage.product is not None and inputs.held and inputs.held_unit == usage.unit
    return None if of_a_tin else inputs.litres


def held_units(usage: Usage, inputs: Inputs) -> Fraction | None:
    """Return the units at hand: as counted, or by the litres said and what a litre covers; by pieces of a size where these are counted."""
    piece = piece_area(normalise_size(inputs.piece)) if inputs.piece else None
    if inputs.held and piece and inputs.held_unit in signs("piece_unit") and usage.unit in signs("surface_unit"):
        return inputs.held * piece  # 一百块800的砖
    litres = litres_held(usage, inputs)
    if litres is not None and usage.coverage_per_litre:
        return litres * usage.coverage_per_litre / usage.recipe.coverage
    return inputs.held if inputs.held_unit in (None, usage.unit) else None


def assumptions(done: Sum) -> Iterator[Text]:
    """Yield every figure that the result rests on, and where it comes from; what changes nothing is left out."""
    usage, recipe = done.usage, done.recipe
    unit = usage.unit or say("value.unit")
    yield _about_surface(done.surface)
    if done.openings:
        yield say("calculate.openings", area=plain(done.openings))
    elif usage.base in UPRIGHT:
        yield say("calculate.no_openings")
    said = done.inputs.coverage is not None
    if recipe.coverage != 1 or said:
        once = "" if recipe.coats != 1 else "_laid"
        source = "said" if said else usage.coverage_from
        yield say(f"calculate.coverage.{source}{once}", unit=unit, coverage=plain(recipe.coverage))
    if usage.pack and not said:
        yield say("calculate.pack", unit=unit, pack=contents_text(usage))
    if recipe.coats != 1:
        yield say(f"calculate.coats.{'said' if done.inputs.coats else usage.coats_from}", coats=plain(recipe.coats))
    yield say(
        f"calculate.loss.{'said' if done.inputs.loss_pct is not None else usage.loss_from}", loss=plain(recipe.loss_pct)
    )


def contents_text(usage: Usage) -> Text:
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
