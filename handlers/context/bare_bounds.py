"""What a bound without a unit is of a kind: the grade of a cement (42.5以上的水泥), the thickness of a board (12到18的板), else a price."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Quantity

_FIGURE = re.compile(r"(\d+(?:\.\d+)?)(?:mm)?")


def bound_of_kind(reading: Reading, catalogue: Catalogue, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the only bound or range without a unit speaks of, {} where a price it stays."""
    bare = [q for q in reading.quantities if _bare(q)]
    if len(bare) != 1 or not values.get("categories") or "size" in values or "budget" in values:
        return {}
    one, kind = bare[0], Constraints(categories=values["categories"])
    price = {name: end for name, end in (("price_min", one.low), ("price_max", one.high)) if end is not None}
    for name, fit in _within(catalogue, one):
        held = counted(catalogue, kind.but(attributes={name: fit}))
        if held and _is_measure(one, fit, held, counted(catalogue, kind.but(**price)), counted(catalogue, kind)):
            no_price = {end: None for end in price if end in values}
            return {"attributes": {**values.get("attributes", {}), name: fit}, **no_price}
    return {}


def _bare(quantity: Quantity) -> bool:
    """Tell whether an amount is a bound or a range of a figure alone."""
    figure = quantity.dimension in ("money", "number") and quantity.unit is None and quantity.per is None
    return figure and quantity.low != quantity.high and not quantity.approximate


def _within(catalogue: Catalogue, bound: Quantity) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the attributes that are a thickness or a strength, with their values inside a bound."""
    for name, known in catalogue.vocabulary.attributes.items():
        if any(sign in name for role in ("measured_strength", "measured_thickness") for sign in signs(role)):
            fit = tuple(value for value in known if _inside(_figure(value), bound))
            if fit:
                yield name, fit


def _is_measure(bound: Quantity, fit: tuple[str, ...], held: int, cost: int, total: int) -> bool:
    """Tell a measure from a price: the end said is a value of the kind and no price that tells goods apart; of a range, more goods hold it."""
    ends = [end for end in (bound.low, bound.high) if end is not None]
    if len(ends) > 1:
        return held > cost
    exact = any(_figure(value) == ends[0] for value in fit)
    return exact and (ends[0] != ends[0].to_integral_value() or cost in (0, total))


def _inside(figure: Decimal | None, bound: Quantity) -> bool:
    return (
        figure is not None
        and (bound.low is None or figure >= bound.low)
        and (bound.high is None or figure <= bound.high)
    )


def _figure(value: str) -> Decimal | None:
    match = _FIGURE.fullmatch(value.lower().replace(" ", ""))
    return Decimal(match[1]) if match else None
