"""Where the asker is, or where the product is made: the role of a place in an utterance."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from catalog_db.places import load_places
from handlers.understanding.spans import PlaceSpan
from handlers.understanding.word_tables import expression

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.filled import Slots
    from handlers.understanding.reading import Reader, Reading


_OF_GOODS = ("categories", "variety", "kind_apart", "wider")
_MOST_OPTIONS = 5
_BEHIND = 3  # characters between a place and what says that it is made there


def asked_place(reading: Reading, session: Session, reader: Reader) -> tuple[str | None, str | None]:
    """Return (place where it should be had, place where it should be made), None where not said.

    An ambiguous place is taken by the one the conversation is in, else by its likeliest reading.
    """
    if not (reading.places or session.place):
        return None, None
    had: str | None = None
    made: str | None = None
    unclear = place_options(reading, session)
    for place in reading.places:
        if (not place.sure and len(place.adcodes) > 1) or place.adcodes[: len(unclear)] == unclear != ():
            continue
        code = _nearest(place.adcodes, session.place)
        if _made_there(reading, place):
            made = code
        else:
            had = code
    here = had or session.place
    if made is None and here and reading.has("place.own_province"):
        made = here[:2] + "0000"
    elif made is None and here and reading.has("place.own_place"):
        made = here
    return had, made


def _made_there(reading: Reading, place: PlaceSpan) -> bool:
    """Tell whether a place is where the goods are made: 福建产的, 产自福建."""
    behind = any(cue.start <= place.end + _BEHIND and cue.end >= place.end for cue in reading.cues.of("place.origin"))
    return behind or any(0 <= place.start - cue.end <= 1 for cue in reading.cues.of("place.made_in"))


def place_options(reading: Reading, session: Session) -> tuple[str, ...]:
    """Return the readings of a place that only the asker can tell apart: 朝阳 is a city and two districts.

    A province, a place around all the others, and one in the province of the conversation need no question.
    """
    for place in reading.places:
        codes = place.adcodes
        if len(codes) < 2 or not place.sure or any(code.endswith("0000") for code in codes):
            continue
        if session.place and any(code[:2] == session.place[:2] for code in codes):
            continue
        outer = [code for code in codes if code.endswith("00")]
        if any(all(other[:4] == code[:4] for other in codes) for code in outer):
            continue
        return codes[:_MOST_OPTIONS]
    return ()


def _nearest(adcodes: tuple[str, ...], here: str | None) -> str:
    if here is not None:
        for size in (4, 2):
            for code in adcodes:
                if code[:size] == here[:size]:
                    return code
    return adcodes[0]


def with_place_answered(reading: Reading) -> Reading:
    """Read an unknown word as a place when a place was asked for: 安吉的 alone could be anything, as an answer it is 安吉."""
    if reading.places or not reading.residue:
        return reading
    word = reading.residue[0]
    codes = load_places().resolve(word)
    if not codes:
        return reading
    start = reading.text.find(word)
    place = PlaceSpan(start, start + len(word), word, codes)
    return replace(reading, places=(place,), residue=reading.residue[1:])


def placed(reading: Reading, intent: str, catalogue: Catalogue) -> Reading:
    """Read the places that are named as those we know something of, and for shops those in the addresses of ours as well."""
    if reading.places:
        return with_known_place(reading, intent, catalogue)
    return with_place_of_a_shop(reading, catalogue) if intent == "stores" else reading


def with_known_place(reading: Reading, intent: str, catalogue: Catalogue) -> Reading:
    """Read a place that several bear as the only one of them where there is something of what is asked for: 开平 with one shop."""
    if not any(len(place.adcodes) > 1 for place in reading.places):
        return reading
    own: set[str | None] = set()
    if intent == "stores":
        own = {store.adcode for store in catalogue.stores.values()}
    elif intent == "pavilion":
        own = {pavilion.adcode for pavilion in catalogue.pavilions.values()}
    elif intent == "enterprise":
        own = {maker.adcode for maker in catalogue.enterprises.values()}
    places = tuple(_only_known(place, own) for place in reading.places)
    return reading if places == reading.places else replace(reading, places=places)


def with_place_of_a_shop(reading: Reading, catalogue: Catalogue) -> Reading:
    """Read the town or county of a shop of ours as a place, whatever else its name means: 水头有店吗 asks for no tap."""
    text = reading.text
    for store in catalogue.stores.values():
        name = next((name for name in _names_in(store.address or "") if name in text), "") if store.adcode else ""
        if name and store.adcode:
            start = text.find(name)
            place = PlaceSpan(start, start + len(name), name, (store.adcode,))
            return replace(reading, places=(place,), slots=_without_goods_in(reading, place))
    return reading


@lru_cache(maxsize=20_000)
def _names_in(address: str) -> tuple[str, ...]:
    """Return what the places of an address are called, the narrowest first and without 镇 and the like."""
    units = expression("address_unit").findall(address)
    return tuple(unit for unit in reversed(units) if len(unit) > 1)


def _without_goods_in(reading: Reading, place: PlaceSpan) -> Slots:
    """Return the slots without the goods that the name of a place was read as."""
    slots = reading.slots
    inside = [span for span in slots.goods if place.start <= span.start and span.end <= place.end]
    if not inside or len(inside) < len(slots.goods):
        return slots
    values = {name: value for name, value in slots.values.items() if name not in _OF_GOODS}
    return replace(slots, values=values, goods=[])


def _only_known(place: PlaceSpan, own: Container[str | None]) -> PlaceSpan:
    known = tuple(code for code in place.adcodes if code in own)
    return replace(place, adcodes=known) if len(known) == 1 else place
