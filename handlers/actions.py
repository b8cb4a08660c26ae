"""What buttons do: one table from an action's name to what it means. An unknown or stale action never fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from handlers.clarify import MISHEARD
from handlers.context.conditions import constraints_of
from handlers.registry import handler_for
from handlers.session import Topic
from handlers.turn import Action, Answer
from handlers.understanding.interpretation import NOTHING_ASKED, Constraints, Interpretation

if TYPE_CHECKING:
    from handlers.turn import Turn

# Actions that show one thing by its id, and the intent whose handler shows it.
_BY_ID = ("guide", "faq", "ranking", "pavilion", "enterprise", "event", "plan")
_WHOLE = frozenset({"min_stars", "water_grade_max", "energy_grade_max", "limit"})
_AMOUNTS = frozenset({"price_min", "price_max", "budget"})
_PLACE = re.compile(r"\d{6}", re.ASCII)
_AREA = re.compile(r"\d{1,5}(\.\d+)?", re.ASCII)
_SINGLE = frozenset({"origin", "adcode", "batch", "text", "sort"})


def spoken(action: Action) -> str | None:
    """Return the words of an action that stands for something said, None for all others."""
    if action.name == "place" and len(action.args) == 2:
        return action.args[1]
    return action.args[0] if action.name == "answer" and action.args else None


def perform(action: Action, turn: Turn) -> Answer:
    """Do what a button says. What it pointed at may be gone since: then the answer says so."""
    prepare = _TABLE.get(action.name)
    meaning = prepare(action, turn) if prepare else None
    turn.meaning = (
        meaning if meaning is not None else replace(turn.meaning, intent="clarify", rule="a button that is no more")
    )
    answer = handler_for(turn.meaning.intent)(turn)
    turn.session.intent = answer.intent
    if answer.intent in ("detail", "verify", "compare", "savings") and answer.products:
        turn.session.topic.focus = answer.products[:4]
        turn.session.topic.listed = turn.session.topic.listed or answer.products
    elif answer.intent in ("ranking", "plan") and answer.products:
        turn.session.topic = replace(turn.session.topic, listed=answer.products, seen=answer.products, focus=())
    return answer


def _search(action: Action, turn: Turn) -> Interpretation | None:
    try:
        constraints = constraints_of(action)
    except (ValueError, InvalidOperation, TypeError):
        return None
    known = tuple(code for code in constraints.categories if code in turn.catalogue.categories)
    return _recommend(turn, constraints.but(categories=known, adcode=constraints.adcode or turn.session.place))


def _recommend(turn: Turn, constraints: Constraints) -> Interpretation:
    return replace(turn.meaning, intent="recommend", constraints=constraints, rule="a button")


def _listed(action: Action, turn: Turn) -> Interpretation | None:
    """Read filter=value pairs: categories=tile, certified=1, price_max=300."""
    values: dict[str, Any] = {}
    known = {spec.name for spec in fields(Constraints)}
    for pair in action.args:
        name, _, value = pair.partition("=")
        if name not in known or not value:
            continue
        try:
            values[name] = _value(name, value)
        except (ValueError, InvalidOperation):
            return None
    return _recommend(turn, Constraints(**values).but(adcode=values.get("adcode") or turn.session.place))


def _value(name: str, value: str) -> Any:
    if name in _WHOLE:
        return int(value)
    if name in _AMOUNTS:
        return Decimal(value)
    if name == "certified":
        return value in ("1", "true")
    if name == "stars":
        return tuple(int(star) for star in value.split(","))
    if name in _SINGLE:
        return value
    return tuple(value.split(","))


def _more(action: Action, turn: Turn) -> Interpretation | None:
    meaning = _recommend(turn, turn.session.topic.constraints)
    return replace(meaning, cues=frozenset({"ask.more"}))


def _browse(action: Action, turn: Turn) -> Interpretation | None:
    codes = tuple(code for code in action.args if code in turn.catalogue.categories)
    return _recommend(turn, Constraints(categories=codes, adcode=turn.session.place)) if codes else None


def _products(intent: str) -> Callable[[Action, Turn], Interpretation | None]:
    def prepare(action: Action, turn: Turn) -> Interpretation | None:
        skus = tuple(sku for sku in action.args if turn.catalogue.product(sku) is not None)
        return replace(turn.meaning, intent=intent, skus=skus, rule="a button") if skus else None

    return prepare


def _number(action: Action, turn: Turn) -> Interpretation | None:
    return (
        replace(turn.meaning, intent="verify", certificate_numbers=action.args[:1], rule="a button")
        if action.args
        else None
    )


def _one(action: Action, turn: Turn) -> Interpretation | None:
    return replace(turn.meaning, intent=action.name, chosen=action.args[0], rule="a button") if action.args else None


def _stores(action: Action, turn: Turn) -> Interpretation | None:
    said = action.args[0] if action.args else ""
    place = said if _PLACE.fullmatch(said) else turn.session.place
    turn.session.place = place
    return replace(turn.meaning, intent="stores", place=place, rule="a button")


def _services(action: Action, turn: Turn) -> Interpretation | None:
    return replace(turn.meaning, intent="service", skus=action.args[:1], rule="a button")


def _calculate(action: Action, turn: Turn) -> Interpretation | None:
    codes = tuple(code for code in action.args if code in turn.catalogue.categories)
    return replace(turn.meaning, intent="calculate", constraints=Constraints(categories=codes), rule="a button")


def _swap(action: Action, turn: Turn) -> Interpretation | None:
    """Put another product in its place in a plan."""
    if len(action.args) != 2 or action.args[1] not in turn.catalogue.categories:
        return None
    asked = Constraints(categories=action.args[1:])
    return replace(
        turn.meaning,
        intent="plan",
        chosen=action.args[0],
        constraints=asked,
        cues=frozenset({"op.swap"}),
        rule="a button",
    )


def _remember(action: Action, turn: Turn) -> Interpretation | None:
    """Keep the area of the home that an answer offered to remember."""
    if not action.args or not _AREA.fullmatch(action.args[0]):
        return None
    cues = frozenset({"op.remember"})
    return replace(turn.meaning, intent="control", cues=cues, chosen=action.args[0], rule="a button")


def _plain(intent: str) -> Callable[[Action, Turn], Interpretation | None]:
    return lambda action, turn: replace(turn.meaning, intent=intent, rule="a button")


def _undo(action: Action, turn: Turn) -> Interpretation | None:
    """Go back to the list before the last change."""
    session = turn.session
    if not session.undo:
        return None
    session.topic, *session.undo = session.undo
    return _recommend(turn, session.topic.constraints)


def _not_this(action: Action, turn: Turn) -> Interpretation | None:
    """Take back what a word was heard as: the topic that it began is given up, and what was meant is asked."""
    turn.session.topic = turn.session.earlier[0] if turn.session.earlier else Topic()
    return replace(turn.meaning, intent="clarify", constraints=NOTHING_ASKED, rule=MISHEARD)


_TABLE: dict[str, Callable[[Action, Turn], Interpretation | None]] = {
    "search": _search,
    "recommend": _listed,
    "more": _more,
    "browse": _browse,
    "show_product": _products("detail"),
    "verify_product": _products("verify"),
    "compare": _products("compare"),
    "savings": _products("savings"),
    "verify_number": _number,
    "stores": _stores,
    "services": _services,
    "calculate": _calculate,
    "swap": _swap,
    "forget": lambda action, turn: replace(
        turn.meaning, intent="control", cues=frozenset({"op.forget"}), rule="a button"
    ),
    "remember": _remember,
    "handoff": _plain("handoff"),
    "smalltalk": _plain("smalltalk"),
    "undo": _undo,
    "not_this": _not_this,
    **dict.fromkeys(_BY_ID, _one),
}
