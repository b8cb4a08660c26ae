"""A position becomes a county at once; coordinates are neither kept nor shown."""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Located
from catalog_db.places import Places, load_places
from handlers.turn import Action, Answer, Choice, Say, say

# The county nearest by its seat and townships may not be the one that one stands in: near a border we ask.
DOUBT_KM = 3.0
DOUBT_SHARE = 1.3
_CHOICES = 3


def located(talk: Talk, event: Located) -> str:
    """Answer for the county of a position."""
    places = load_places()
    counties = near(places, event.latitude, event.longitude)
    question = _question(talk)
    if not counties:
        talk.say("telegram.location.abroad")
        return "location_abroad"
    if len(counties) == 1:
        talk.say("telegram.location.here", place=places.full_name(counties[0]) or counties[0])
        talk.show(talk.do(Action("place", (counties[0], question))))
        return "located"
    choices = tuple(
        Choice(say("choice.place", place=places.full_name(code) or code), Action("place", (code, question)))
        for code in counties
    )
    reply = talk.ask("").saying(Answer("clarify", (Say(say("telegram.location.which")),), choices))
    reply.after = talk.session.copy()
    reply.after.offered = tuple((talk.wording.text(choice.label), choice.action) for choice in choices)
    talk.show(reply)
    return "location_doubtful"


def near(places: Places, latitude: float, longitude: float) -> Sequence[str]:
    """Return the counties that a position may lie in, the nearest first; none outside of China."""
    found = places.nearest(latitude, longitude, _CHOICES)
    if not found:
        return ()
    least = found[0][1]
    return tuple(code for code, km in found if km <= max(least + DOUBT_KM, least * DOUBT_SHARE) or km == least)


def _question(talk: Talk) -> str:
    """Return what to answer for the place: the last question when we asked where, the pavilion after one, else the shops around.

    In the words that the assistant understands, whatever the person reads.
    """
    latest = talk.memory.latest
    if latest is not None and latest.intent == "clarify" and latest.asked.texts:
        return latest.asked.texts[-1]
    about = "example.pavilion" if latest is not None and latest.intent == "pavilion" else "example.stores"
    return talk.parts.wordings.first.say(about)
