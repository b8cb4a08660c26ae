"""Where to see and buy in person: shops of a place, widened to city and province when there is none, with hours and distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from catalog_db.records import Store
from handlers.answer_parts.choices import asking, handoff_choice, shorten
from handlers.answer_parts.more_of_them import no_more, rest_of, resume
from handlers.answer_parts.place_matching import Matched, match_place
from handlers.answer_parts.place_names import place_name
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say

SHOWN = 5
KINDS = ("appliance_store", "home_store", "super_store", "partner_store")


def handle(turn: Turn) -> Answer:
    """List the shops of the place said, kept or given by the channel; without a place, ask for it."""
    if not turn.catalogue.stores:
        return Answer("not_found", blocks=(Say(say("stores.none_at_all")),), choices=(handoff_choice(),))
    if store := turn.catalogue.stores.get(turn.meaning.chosen):
        return _one(turn, store)
    resume(turn)
    stores = [store for store in turn.catalogue.stores.values() if _of_kind(turn, store)]
    asked = turn.meaning.constraints.categories
    if not asked and (running := turn.session.topic.constraints.categories):
        return _of_the_topic(turn, stores, running)
    selling = [store for store in stores if _sells(turn, store, asked)]
    if turn.meaning.place is None:
        return _ask_where(turn, selling)
    matched = _near(selling, turn.meaning.place)
    return _listed(turn, matched) if matched.found else _nothing(turn, selling)


def _of_the_topic(turn: Turn, stores: list[Store], running: tuple[str, ...]) -> Answer:
    """Show the shops that sell what is being talked about; where none near does, all of them, and say so."""
    selling = [store for store in stores if _sells(turn, store, running)]
    if turn.meaning.place is None:
        return _ask_where(turn, selling or stores, running if selling else ())
    matched, every = _near(selling, turn.meaning.place), _near(stores, turn.meaning.place)
    if matched.found and (every.widened or not matched.widened):
        return _listed(turn, matched, running)
    if not every.found:
        return _nothing(turn, stores)
    answer = _listed(turn, every)
    return answer.with_(blocks=(*answer.blocks, Note(say("stores.none_marked", what=_names(turn, running)))))


def _nearest_first(turn: Turn, matched: Matched[Store]) -> Matched[Store]:
    """Return the shops found with those first whose town was said: 项店镇 of a county with several."""
    said = [place.surface for place in turn.meaning.places]
    found = sorted(matched.found, key=lambda store: not any(name in (store.address or "") for name in said))
    return replace(matched, found=tuple(found))


def _near(stores: Sequence[Store], place: str) -> Matched[Store]:
    return match_place(stores, lambda store: (store.adcode,) if store.adcode else (), place)


def _names(turn: Turn, codes: Sequence[str]) -> Text:
    return say("list.names", names=tuple(turn.catalogue.categories[code].name for code in codes))


def _one(turn: Turn, store: Store) -> Answer:
    """Show the shop of the last list that was asked about."""
    return Answer(
        "stores",
        blocks=(Listing((_entry(turn, store, 1),)), Note(say("stores.call_first"))),
        choices=_next(turn),
        filters={"adcode": store.adcode} if store.adcode else {},
        total=1,
        stores=(store.id,),
    )


def _of_kind(turn: Turn, store: Store) -> bool:
    asked = [kind for kind in KINDS if f"store.{kind}" in turn.meaning.cues]
    return not asked or store.kind in asked


def _sells(turn: Turn, store: Store, asked: tuple[str, ...]) -> bool:
    """Tell whether a shop sells some kinds: a shop without categories sells everything."""
    if not asked or not store.categories:
        return True
    sold = turn.catalogue.under(store.categories)
    return any(
        code in sold or set(turn.catalogue.path(code)) & set(store.categories) or turn.catalogue.under((code,)) & sold
        for code in asked
    )


def _listed(turn: Turn, matched: Matched[Store], running: tuple[str, ...] = ()) -> Answer:
    place, wider = place_name(turn, turn.meaning.place), place_name(turn, matched.code)
    key = "stores.widened" if matched.widened else "stores.list"
    matched = _nearest_first(turn, matched)
    left, head = rest_of(turn, matched.found, say(key, place=place, wider=wider, total=len(matched.found)))
    if not left:
        return no_more(turn, "stores")
    stores = left[:SHOWN]
    blocks: list[Block] = [Say(head)]
    if running:
        blocks.append(Note(say("stores.only_selling", what=_names(turn, running))))
    if "ask.hours" in turn.meaning.cues:
        blocks.append(Note(say("stores.hours_first", hours=_hours(stores))))
    blocks.append(Listing(tuple(_entry(turn, store, number) for number, store in enumerate(stores, 1))))
    blocks.append(Note(say("stores.call_first")))
    return Answer(
        "stores",
        blocks=tuple(blocks),
        choices=_next(turn),
        categories=turn.meaning.constraints.categories,
        filters={"adcode": turn.meaning.place},
        total=len(matched.found),
        stores=tuple(store.id for store in stores),
    )


def _hours(stores: Sequence[Store]) -> tuple[str | Text, ...]:
    known = tuple(dict.fromkeys(store.hours for store in stores if store.hours))
    return known or (say("stores.hours_unknown"),)


def _entry(turn: Turn, store: Store, number: int) -> Entry:
    lines: list[Text] = [say("stores.kind", kind=say(f"store_kind.{store.kind}"))] if store.kind in KINDS else []
    if store.address:
        lines.append(say("stores.address", address=store.address))
    lines.append(say("stores.hours", hours=store.hours) if store.hours else say("stores.hours_unknown"))
    if store.phone:
        lines.append(say("stores.phone", phone=store.phone))
    lines.append(_what_it_sells(turn, store))
    return Entry(store.name, tuple(lines), ref=("store", store.id), number=number)


def _what_it_sells(turn: Turn, store: Store) -> Text:
    names = tuple(turn.catalogue.categories[c].name for c in store.categories if c in turn.catalogue.categories)
    return say("stores.sells", categories=names) if names else say("stores.sells_all")


def _next(turn: Turn) -> tuple[Choice, ...]:
    if turn.catalogue.services:
        return (asking("delivery"),)
    return ()


def _ask_where(turn: Turn, stores: list[Store], running: tuple[str, ...] = ()) -> Answer:
    """Ask for the county, offering the places that have shops."""
    places = list(dict.fromkeys(store.adcode for store in stores if store.adcode and turn.places.name(store.adcode)))
    choices = [
        Choice(say("stores.choice.place", place=shorten(str(turn.places.name(code)))), Action("stores", (code,)))
        for code in places[:5]
    ]
    if len(choices) < 2:
        choices.append(handoff_choice())
    where = say("stores.where", total=len(stores))
    if running:
        where = say("stores.where_selling", total=len(stores), what=_names(turn, running))
    return Answer(
        "clarify",
        blocks=(Say(where),),
        choices=tuple(choices) if len(choices) > 1 else (*choices, asking("how_to_check")),
        categories=turn.meaning.constraints.categories,
    )


def _nothing(turn: Turn, selling: list[Store]) -> Answer:
    """Say that there is no shop as far as the province, and who can help."""
    key = "stores.none_selling" if turn.meaning.constraints.categories else "stores.none_here"
    return Answer(
        "stores",
        blocks=(Say(say(key, place=place_name(turn, turn.meaning.place))),),
        choices=(*_next(turn), handoff_choice()),
        categories=turn.meaning.constraints.categories,
        filters={"adcode": turn.meaning.place},
        total=0,
    )
