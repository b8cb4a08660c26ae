"""Say the conditions in force in words, and carry them through a button."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from catalog_db.places import Places
from handlers.session import constraints_from_json, constraints_json
from handlers.turn import Action, Money, Text, Value, say

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.interpretation import Constraints

# Filters of the answer format, in the order in which they are said.
FILTERS = (
    "certified", "schemes", "stars", "min_stars", "brands", "exclude_brands", "price_min", "price_max", "budget", "water_grade_max",
    "energy_grade_max", "formaldehyde", "scenes", "features", "exclude_features", "color", "exclude_color", "size", "capacity", "attributes",
    "exclude_categories", "origin", "adcode", "batch", "sort", "limit",
)  # fmt: skip


def answer_filters(constraints: Constraints) -> dict[str, Any]:
    """Return the constraints as the answer format names them; certified is in force whenever a scheme or stars are."""
    result: dict[str, Any] = {}
    for name in FILTERS:
        value = getattr(constraints, name)
        if value in (None, (), False, "") or value == {}:
            continue
        result[name] = {key: list(words) for key, words in value.items()} if name == "attributes" else list(value) if isinstance(value, tuple) else value
    if constraints.schemes or constraints.stars or constraints.min_stars:
        result["certified"] = True
    return result


def conditions(constraints: Constraints, catalogue: Catalogue, places: Places, skip: tuple[str, ...] = ()) -> tuple[Text, ...]:
    """Return the conditions in force as short texts: 300 元以内, 三星, 不要立邦."""
    return tuple(text for name, text in _each(constraints, catalogue, places) if name not in skip)


def condition(name: str, constraints: Constraints, catalogue: Catalogue, places: Places) -> Text:
    """Return one condition in words."""
    return next((text for known, text in _each(constraints, catalogue, places) if known == name), say("condition.other"))


def _each(constraints: Constraints, catalogue: Catalogue, places: Places) -> Iterator[tuple[str, Text]]:
    for name in (*FILTERS, "title_words", "series"):
        value = getattr(constraints, name)
        if value in (None, (), False, "") or value == {} or name in ("limit",):
            continue
        if name == "sort" and value == "recommended":
            continue
        yield name, _worded(name, value, catalogue, places)


def _worded(name: str, value: Any, catalogue: Catalogue, places: Places) -> Text:
    key = f"condition.{name}"
    if name == "certified":
        return say(key)
    if name in ("brands", "exclude_brands"):
        return say(key, value=tuple(catalogue.brands[b].name if b in catalogue.brands else b for b in value))
    if name == "exclude_categories":
        return say(key, value=tuple(catalogue.categories[c].name if c in catalogue.categories else c for c in value))
    if name == "schemes":
        return say(key, value=tuple(say(f"scheme.{scheme}") for scheme in value))
    if name == "stars":
        return say(key, value=tuple(say(f"stars.{star}") if star in (1, 2, 3) else str(star) for star in value))
    if name == "min_stars":
        return say(key, value=say(f"stars.{value}") if value in (1, 2, 3) else str(value))
    if name in ("price_min", "price_max", "budget"):
        return say(key, value=Money(value))
    if name in ("adcode", "origin"):
        return say(key, value=places.name(value) or value)
    if name == "attributes":
        return say(key, value=tuple(f"{label} {'/'.join(words)}" for label, words in value.items()))
    if name == "sort":
        return say(f"condition.sort.{value}")
    return say(key, value=_plain(value))


def _plain(value: Any) -> Value:
    return tuple(value) if isinstance(value, tuple) else value


def search_action(constraints: Constraints) -> Action:
    """Make a button's action that searches for exactly these constraints, whatever the conversation was about."""
    return Action("search", (json.dumps(constraints_json(constraints), ensure_ascii=False, separators=(",", ":")),))


def constraints_of(action: Action) -> Constraints:
    """Read the constraints of such an action. Raises ValueError for anything else."""
    value = json.loads(action.args[0]) if action.args else {}
    if not isinstance(value, dict):
        raise ValueError("a search action carries an object")
    return constraints_from_json(value)
