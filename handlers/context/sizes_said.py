"""What the sizes and contents said are of a kind: which of several it has, and the attribute that a length tells instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.context.counted import counted
from handlers.context.kind_attributes import width_that_none_has
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from decimal import Decimal

    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading

_MILLIMETRES = 1000  # of a metre


def sized_as_the_kind(new: Constraints, codes: tuple[str, ...], reading: Reading, catalogue: Catalogue) -> Constraints:
    """Return what was said with the sizes and contents that a kind has; a length may tell an attribute of it: 马桶40公分的."""
    if not codes:
        return new
    if new.size:
        kept = _sizes_of_kind(reading, new.size, codes, catalogue)
        of_its_own = bool(kept) and bool(counted(catalogue, Constraints(categories=codes, size=kept)))
        told = {} if of_its_own or new.attributes else _length_as_attribute(reading, codes, catalogue)
        kept = () if told else kept
        new = new.but(size=kept, attributes={**new.attributes, **told})
    if len(new.capacity) > 1:
        new = new.but(capacity=_those_of_kind(catalogue, codes, "capacity", new.capacity))
    return new


def _those_of_kind(
    catalogue: Catalogue, categories: tuple[str, ...], name: str, words: tuple[str, ...]
) -> tuple[str, ...]:
    """Keep of the sizes or capacities that one amount may mean those that the kind has; all when it has none."""
    probes = [Constraints(categories=categories).but(**{name: (word,)}) for word in words]
    kept = [word for word, one in zip(words, probes, strict=True) if counted(catalogue, one)]
    return tuple(kept) or words


def _sizes_of_kind(
    reading: Reading, sizes: tuple[str, ...], codes: tuple[str, ...], catalogue: Catalogue
) -> tuple[str, ...]:
    """Keep of the sizes said those of the kind; a single length that none of it has is no size (门洞一米二), except where sizes are widths."""
    kept = _those_of_kind(catalogue, codes, "size", sizes) if len(sizes) > 1 else sizes
    dimensions = {q.dimension for q in reading.quantities}
    if "length" not in dimensions or "size" in dimensions:
        return kept
    probe = Constraints(categories=codes, size=kept)
    return kept if counted(catalogue, probe) else width_that_none_has(reading, catalogue, codes)


def told_by_length(reading: Reading, constraints: Constraints) -> bool:
    """Tell whether an attribute in force is what a length said: 40公分 of 坑距 400mm."""
    said = {_millimetres(q.value) for q in reading.quantities if q.dimension == "length" and q.value}
    return any(_bare(value) in said for values in constraints.attributes.values() for value in values)


def _millimetres(metres: Decimal) -> str:
    return f"{(metres * _MILLIMETRES).normalize():f}"


def _bare(value: str) -> str:
    return value.lower().replace(" ", "").removesuffix("mm")


def _length_as_attribute(reading: Reading, codes: tuple[str, ...], catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Return the attribute of a kind that is exactly as long as was said, {} without one."""
    lengths = [q for q in reading.quantities if q.dimension == "length" and q.value]
    if len(lengths) != 1 or lengths[0].value is None:
        return {}
    long = _millimetres(lengths[0].value)
    for name, known in catalogue.vocabulary.attributes.items():
        held = tuple(value for value in known if _bare(value) == long)
        if held and counted(catalogue, Constraints(categories=codes, attributes={name: held})):
            return {name: held}
    return {}
