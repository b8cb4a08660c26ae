"""What a person has us remember of their home: floor area and budget. Kept only when asked for; said wherever it is used."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from handlers.calculation.formulas import exact, plain
from handlers.calculation.reading import read_inputs
from handlers.turn import Action, Answer, Choice, Money, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.session import Session

HOUSEHOLD = "household"  # session.data: {"area": m², "budget": CNY}, both text
_SMALLEST_HOME = 20  # m²: less is a room


def remember(turn: Turn) -> Answer:
    """Keep what was said of the home, and say what is kept and how it is forgotten; with nothing to keep, say what can be."""
    said = told_of(turn)
    if said:
        turn.session.data[HOUSEHOLD] = {**turn.session.data.get(HOUSEHOLD, {}), **said}
    told = told_lines(turn.session.data.get(HOUSEHOLD, {}) if said else {})
    if turn.meaning.places and turn.session.place:
        told.append(say("control.memory.place", place=turn.places.full_name(turn.session.place) or turn.session.place))
    if not told:
        return Answer("smalltalk", blocks=(Say(say("control.remember_what")),))
    forget = Choice(say("choice.forget"), Action("forget"))
    return Answer("smalltalk", blocks=(Say(say("control.remembered", what=tuple(told))),), choices=(forget,))


def told_of(turn: Turn) -> dict[str, str]:
    """Return what was said of the home: `area` in m², `budget` in CNY, as text."""
    found: dict[str, str] = {"area": turn.meaning.chosen} if turn.meaning.chosen else {}
    areas = read_inputs(turn.meaning.text, turn.meaning.quantities).areas
    if areas:
        found["area"] = str(plain(max(area.m2 for area in areas)))
    money = [q for q in turn.meaning.quantities if q.dimension == "money"]
    if money and (amount := money[0].high or money[0].low):
        found["budget"] = f"{amount:f}"
    return found


def told_lines(kept: Mapping[str, Any]) -> list[Text]:
    """Return what is kept of a home, as sentences."""
    lines = [say("control.memory.area", area=str(kept["area"]))] if "area" in kept else []
    return [
        *lines,
        *([say("control.memory.budget", budget=Money(Decimal(kept["budget"])))] if "budget" in kept else []),
    ]


def floor_kept(session: Session) -> Fraction | None:
    """Return the floor area that we were asked to remember, in m²."""
    area = (session.data.get(HOUSEHOLD) or {}).get("area")
    return exact(area) if area else None


def offer_to_remember(turn: Turn, floor: Fraction | None) -> tuple[Choice, ...]:
    """Offer to remember the area of the own home that was just said; nothing is kept before that is pressed."""
    if floor is None or floor < _SMALLEST_HOME or floor == floor_kept(turn.session):
        return ()
    if not any(sign in turn.meaning.text for sign in signs("own_home")):
        return ()
    area = str(plain(floor))
    return (Choice(say("offer.remember_area", area=area), Action("remember", (area,))),)
