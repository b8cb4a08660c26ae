"""How a place is called in an answer: as the person said it, else by its name, else 您那儿."""

from __future__ import annotations

from handlers.turn import Text, Turn, say


def place_name(turn: Turn, code: str | None) -> str | Text:
    """Name a place by its code."""
    if code is None:
        return say("place.here")
    for place in turn.meaning.places:
        if code in place.adcodes[:1]:
            return place.surface
    return turn.places.name(code) or say("place.here")


def full_place_name(turn: Turn, code: str) -> str | Text:
    """Name a place with the city and province that it lies in."""
    return turn.places.full_name(code) or place_name(turn, code)
