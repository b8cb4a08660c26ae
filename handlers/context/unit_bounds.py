"""What a limit in a unit is of a kind where no attribute is named: 350mm以上的马桶, 承35公斤以上的滑轨, 2寸以上的水泵."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.measures import amount_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.spans import Quantity

_MEASURES = frozenset({"length", "mass", "time"})


def limit_of_kind(reading: Reading, catalogue: Catalogue, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the attribute of a kind that the only limit in a unit speaks of, with the values within it; {} where none is.

    What other goods hold is none of these: a rail is for 35 kg, and no sack of it is sold.
    """
    limits = [q for q in reading.quantities if q.dimension in _MEASURES and q.unit and q.low != q.high]
    if len(limits) != 1 or limits[0].approximate or "size" in values or not values.get("categories"):
        return {}
    one, kind = limits[0], Constraints(categories=values["categories"])
    if "capacity" in values and counted(catalogue, kind.but(capacity=values["capacity"])):
        return {}
    told = _told_besides(reading, one, values.get("attributes", {}))
    if told is None:
        return {}
    found = [
        (not exact, name, fit)
        for name, fit, exact in _within(catalogue, one)
        if counted(catalogue, kind.but(attributes={name: fit}))
    ]
    if not found:
        return {}
    _, name, fit = min(found, key=lambda each: each[0])  # the end said is a value of it
    return {"attributes": {**told, name: fit}, **({"capacity": ()} if "capacity" in values else {})}


def _told_besides(
    reading: Reading, limit: Quantity, told: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]] | None:
    """Return the attributes told besides a limit, without the one that it was taken for; None where that one was named."""
    said = reading.text[limit.start : limit.end]
    taken = said in reading.slots.because.get("attributes", "")
    if taken and any(name in reading.text for name in told):
        return None
    return {} if taken else dict(told)


def _within(catalogue: Catalogue, limit: Quantity) -> Iterator[tuple[str, tuple[str, ...], bool]]:
    """Yield the attributes with the values inside a limit, and whether one of them is its end."""
    for name, known in catalogue.vocabulary.attributes.items():
        sizes = {value: size for value in known if (size := amount_of(value, limit.dimension)) is not None}
        fit = tuple(value for value, size in sizes.items() if _inside(size, limit))
        if fit:
            yield name, fit, any(size in (limit.low, limit.high) for size in sizes.values())


def _inside(size: Decimal, limit: Quantity) -> bool:
    return (limit.low is None or size >= limit.low) and (limit.high is None or size <= limit.high)
