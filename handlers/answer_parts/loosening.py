"""When nothing matches: which condition is in the way, and how many would match without it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from handlers.understanding.interpretation import NOTHING_ASKED, Constraints

if TYPE_CHECKING:
    from datetime import date

    from catalog_db.catalog import Catalogue

# May be loosened in the open, the least important first; everything else only by the person's own tap.
DROPPABLE = ("size", "capacity", "attributes", "color", "features", "scenes", "title_words", "series", "water_grade_max", "energy_grade_max", "origin", "batch", "brands")  # fmt: skip
HARD = ("certified", "uncertified", "schemes", "stars", "min_stars", "formaldehyde", "price_min", "price_max", "budget", "exclude_brands", "exclude_features", "exclude_color", "exclude_categories", "adcode")  # fmt: skip
_OF_PARTS = ("attributes", "features")  # one of them may go and the others stay
_STEPS = (Decimal("1.25"), Decimal("1.5"), Decimal(2))


@dataclass(frozen=True, slots=True)
class Looser:
    """A looser search: which conditions change, what is then asked, and how many match."""

    names: tuple[str, ...]
    constraints: Constraints
    count: int


def loosenings(constraints: Constraints, catalogue: Catalogue, day: date) -> list[Looser]:
    """Return every way to change one condition that shows something: a wider price first, then each condition dropped."""
    candidates: list[tuple[tuple[str, ...], Constraints]] = []
    for name in (*DROPPABLE, *HARD):
        if not getattr(constraints, name):
            continue
        candidates += [((name,), changed) for changed in _changes(constraints, name)]
    found: list[Looser] = []
    counts = _counts([changed for _, changed in candidates], catalogue, day)
    for (names, changed), count in zip(candidates, counts, strict=True):
        if count and not any(looser.names == names for looser in found):
            found.append(Looser(names, changed, count))
    return found or _pairs(constraints, catalogue, day)


def _pairs(constraints: Constraints, catalogue: Catalogue, day: date) -> list[Looser]:
    """Return ways to drop two conditions at once, for when no single one is enough."""
    present = [name for name in (*DROPPABLE, *HARD) if getattr(constraints, name)]
    pairs = [(one, other) for index, one in enumerate(present) for other in present[index + 1 :]]
    dropped = [_without(_without(constraints, one), other) for one, other in pairs]
    counts = _counts(dropped, catalogue, day)
    return [Looser(pair, changed, count) for pair, changed, count in zip(pairs, dropped, counts, strict=True) if count]


def open_relaxation(
    constraints: Constraints, catalogue: Catalogue, day: date, kept: Collection[str] = ()
) -> Looser | None:
    """Return the search without the fewest droppable conditions that shows something, None when only hard ones are in the way.

    `kept` are conditions that may not go this time: a brand that was just asked for.
    """
    dropped = constraints
    names: list[str] = []
    present = [
        name
        for name in DROPPABLE
        if getattr(constraints, name) and name not in kept and not _is_the_question(name, constraints)
    ]
    for name in present:
        for fewer in (*_parts_less(constraints, name), _without(constraints, name)):
            if count := catalogue.count(fewer.query(day)):
                return Looser((name,), fewer, count)
    for name in present:
        names.append(name)
        dropped = _without(dropped, name)
        count = catalogue.count(dropped.query(day))
        if count:
            return _with_what_fits(Looser(tuple(names), dropped, count), constraints, catalogue, day)
    return None


def _with_what_fits(looser: Looser, asked: Constraints, catalogue: Catalogue, day: date) -> Looser:
    """Take back in what was dropped in vain, the weightiest first: 12 mm stays where only 防潮 and 卫生间 find nothing."""
    for name in reversed(looser.names):
        kept = looser.constraints.but(**{name: getattr(asked, name)})
        if count := catalogue.count(kept.query(day)):
            looser = Looser(tuple(one for one in looser.names if one != name), kept, count)
            continue
        for fewer in _parts_less(kept, name):
            if count := catalogue.count(fewer.query(day)):
                looser = Looser(looser.names, fewer, count)
                break
    return looser


def _parts_less(constraints: Constraints, name: str) -> list[Constraints]:
    """Return the constraints with one attribute or feature less, that said last first: 暖光 stays where only 7 瓦 finds nothing."""
    value: Any = getattr(constraints, name)
    if name not in _OF_PARTS or len(value) < 2:
        return []
    parts = [{k: v for k, v in value.items() if k != one} if name == "attributes" else tuple(o for o in value if o != one) for one in reversed(value)]  # fmt: skip
    return [constraints.but(**{name: part}) for part in parts]


def said_anew(constraints: Constraints, because: Mapping[str, str]) -> tuple[str, ...]:
    """Return the droppable conditions that this turn said, () where no older one stands beside them."""
    present = [name for name in DROPPABLE if getattr(constraints, name)]
    newly = tuple(name for name in present if name in because)
    return newly if len(newly) < len(present) else ()


def given_up(asked: Constraints, kept: Constraints) -> Constraints:
    """Return what was asked for without the attributes and features that are still in force: what a list does not satisfy."""
    left = {k: v for k, v in asked.attributes.items() if k not in kept.attributes}
    return asked.but(attributes=left, features=tuple(one for one in asked.features if one not in kept.features))


def _is_the_question(name: str, constraints: Constraints) -> bool:
    """Keep a brand that is all that was asked for, and a kind that the catalogue has no category for."""
    if name == "brands":
        return not constraints.categories
    return name in ("title_words", "series")


def _changes(constraints: Constraints, name: str) -> list[Constraints]:
    """Return the constraints with one condition changed: prices and grades by steps, anything else dropped."""
    value: Any = getattr(constraints, name)
    if name == "price_max":
        return [constraints.but(price_max=_rounded(value * step)) for step in _STEPS] + [
            constraints.but(price_max=None)
        ]
    if name == "min_stars" and value > 1:
        return [constraints.but(min_stars=value - 1)]
    if name == "stars" and value:
        lower = tuple(star for star in (min(value) - 1,) if star in (1, 2, 3))
        return ([constraints.but(stars=lower)] if lower else []) + [constraints.but(stars=())]
    return [_without(constraints, name)]


def _rounded(value: Decimal) -> Decimal:
    """Round a widened limit to what one would say: 247.5 → 250."""
    step = Decimal(10) if value < 1000 else Decimal(100)
    return (value / step).to_integral_value(rounding="ROUND_CEILING") * step


def _without(constraints: Constraints, name: str) -> Constraints:
    empty = NOTHING_ASKED
    return replace(constraints, **{name: getattr(empty, name)})


def _counts(changed: list[Constraints], catalogue: Catalogue, day: date) -> list[int]:
    if not changed:
        return []
    first, *_ = changed
    return catalogue.count_many(first.query(day), [constraints.query(day) for constraints in changed])
