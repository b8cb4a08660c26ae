"""Say the conditions in force in words, and carry them through a button."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import compress
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from catalog_db.places import Places
from handlers.session import constraints_from_json, constraints_json
from handlers.turn import Action, Money, Text, Value, say
from handlers.understanding.light import family_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.interpretation import Constraints

# Filters of the answer format, in the order in which they are said.
FILTERS = (
    "certified", "schemes", "stars", "min_stars", "brands", "exclude_brands", "price_min", "price_max", "budget", "water_grade_max",
    "energy_grade_max", "formaldehyde", "scenes", "features", "exclude_features", "color", "exclude_color", "size", "capacity", "attributes",
    "exclude_categories", "origin", "adcode", "batch", "sort", "limit",
)  # fmt: skip


_filters_of = attrgetter(*FILTERS)


def answer_filters(constraints: Constraints) -> dict[str, Any]:
    """Return the constraints as the answer format names them; certified is in force whenever a scheme or stars are."""
    result: dict[str, Any] = {}
    for name in in_force(constraints):
        value = getattr(constraints, name)
        if name == "certified":
            value = True
        elif name == "capacity":
            value = value[0]  # 18L and 18升 are one capacity written twice
        result[name] = (
            {key: list(words) for key, words in value.items()}
            if name == "attributes"
            else list(value)
            if isinstance(value, tuple)
            else value
        )
    return result


def in_force(constraints: Constraints) -> list[str]:
    """Return the names of the filters in force, in their order."""
    names = list(compress(FILTERS, _filters_of(constraints)))
    if not constraints.certified and (constraints.schemes or constraints.stars or constraints.min_stars):
        names.append("certified")
    return names


def conditions(
    constraints: Constraints, catalogue: Catalogue, places: Places, skip: tuple[str, ...] = ()
) -> tuple[Text, ...]:
    """Return the conditions in force as short texts: 300 元以内, 三星, 不要立邦."""
    return tuple(text for name, text in _each(constraints, catalogue, places) if name not in skip)


def condition(name: str, constraints: Constraints, catalogue: Catalogue, places: Places) -> Text:
    """Return one condition in words; of a price range the one end that is meant."""
    if name in ("price_min", "price_max") and getattr(constraints, name) is not None:
        return _worded(name, getattr(constraints, name), catalogue, places)
    return next(
        (text for known, text in _each(constraints, catalogue, places) if known == name), say("condition.other")
    )


def _each(constraints: Constraints, catalogue: Catalogue, places: Places) -> Iterator[tuple[str, Text]]:
    low, high = constraints.price_min, constraints.price_max
    for name in ("uncertified", *FILTERS, "title_words", "series"):
        value = getattr(constraints, name)
        if value in (None, (), False, "") or value == {} or name in ("limit",):
            continue
        if name == "sort" and value == "recommended":
            continue
        if name == "title_words" and set(value) <= set(constraints.features):
            continue  # said with the properties
        if name == "price_max" and low is not None and high is not None:
            continue  # said with the lower end
        if name == "price_min" and low is not None and high is not None:
            yield name, say("condition.price_range", low=number_text(low), high=Money(high))
            continue
        yield name, _worded(name, value, catalogue, places)


def number_text(value: Decimal) -> Value:
    """Return an amount without its unit, for the lower end of a range."""
    return int(value) if value == value.to_integral_value() else value


def _worded(name: str, value: Any, catalogue: Catalogue, places: Places) -> Text:
    """Word one condition; `certified` and the sort orders have sentences of their own."""
    if name == "certified":
        return say("condition.certified")
    if name == "uncertified":
        return say("condition.uncertified")
    if name == "sort":
        return say(f"condition.sort.{value}")
    shown = _SHOWN.get(name)
    return say(f"condition.{name}", value=shown(value, catalogue, places) if shown else _plain(value))


def _plain(value: Any) -> Value:
    return tuple(value) if isinstance(value, tuple) else value


def _brands(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return tuple(catalogue.brands[brand].name if brand in catalogue.brands else brand for brand in value)


def _categories(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return tuple(catalogue.categories[code].name if code in catalogue.categories else code for code in value)


def _schemes(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return tuple(say(f"scheme.{scheme}") for scheme in value)


def _stars(value: Any, catalogue: Catalogue, places: Places) -> Value:
    stars = value if isinstance(value, tuple) else (value,)
    return tuple(say(f"stars.{star}") if star in (1, 2, 3) else say("stars.beyond", count=star) for star in stars)


def _colors(value: Any, catalogue: Catalogue, places: Places) -> Value:
    """Name colours; a family of them by its word: 浅色, not 白、浅、米."""
    ending = next(iter(signs("color_end")), "")
    return family_of(value) or tuple(f"{word}{ending}" if len(word) == 1 else word for word in value)


def _capacities(value: Any, catalogue: Catalogue, places: Places) -> Value:
    """Name capacities, each once: 400G and 400g are one written twice."""
    return tuple({word.casefold(): word for word in reversed(value)}.values())[::-1]


def _money(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return Money(value)


def _place(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return places.name(value) or str(value)


def _attributes(value: Any, catalogue: Catalogue, places: Places) -> Value:
    return tuple(f"{label} {'/'.join(words)}" for label, words in value.items())


_SHOWN: Mapping[str, Callable[[Any, Catalogue, Places], Value]] = {
    "brands": _brands,
    "exclude_brands": _brands,
    "exclude_categories": _categories,
    "schemes": _schemes,
    "stars": _stars,
    "min_stars": _stars,
    "price_min": _money,
    "price_max": _money,
    "budget": _money,
    "adcode": _place,
    "origin": _place,
    "attributes": _attributes,
    "color": _colors,
    "exclude_color": _colors,
    "capacity": _capacities,
}


def search_action(constraints: Constraints) -> Action:
    """Make a button's action that searches for exactly these constraints, whatever the conversation was about."""
    return Action("search", (json.dumps(constraints_json(constraints), ensure_ascii=False, separators=(",", ":")),))


def constraints_of(action: Action) -> Constraints:
    """Read the constraints of such an action. Raises ValueError for anything else."""
    value = json.loads(action.args[0]) if action.args else {}
    if not isinstance(value, dict):
        raise ValueError("a search action carries an object")
    return constraints_from_json(value)
