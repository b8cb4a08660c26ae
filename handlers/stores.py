"""Where to see and buy in person: shops of a place, widened to city and province when there is none, with hours and distance."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_db.records import Store
from handlers.choices import asking, handoff_choice, shorten
from handlers.place_matching import Matched, match_place
from handlers.place_names import place_name
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say

SHOWN = 5
KINDS = ("appliance_store", "home_store", "super_store", "partner_store")


def handle(turn: Turn) -> Answer:
    """List the shops of the place said, kept or given by the channel; without a place, ask for it."""
    if not turn.catalogue.stores:
        return Answer("not_found", blocks=(Say(say("stores.none_at_all")),), choices=(handoff_choice(),))
    if store := turn.catalogue.stores.get(turn.meaning.chosen):
        return _one(turn, store)
    selling = [store for store in turn.catalogue.stores.values() if _of_kind(turn, store) and _sells(turn, store)]
    if turn.meaning.place is None:
        return _ask_where(turn, selling)
    matched = match_place(selling, lambda store: (store.adcode,) if store.adcode else (), turn.meaning.place)
    return _nothing(turn, selling) if not matched.found else _listed(turn, matched)


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


def _sells(turn: Turn, store: Store) -> bool:
    """Tell whether a shop sells what was asked for: a shop without categories sells everything."""
    asked = turn.meaning.constraints.categories
    if not asked or not store.categories:
        return True
    sold = turn.catalogue.under(store.categories)
    return any(
        code in sold or set(turn.catalogue.path(code)) & set(store.categories) or turn.catalogue.under((code,)) & sold
        for code in asked
    )


def _listed(turn: Turn, matched: Matched[Store]) -> Answer:
    stores = matched.found[:SHOWN]
    place, wider = place_name(turn, turn.meaning.place), place_name(turn, matched.code)
    key = "stores.widened" if matched.widened else "stores.list"
    blocks: list[Block] = [Say(say(key, place=place, wider=wider, total=len(matched.found)))]
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


def _ask_where(turn: Turn, stores: list[Store]) -> Answer:
    """Ask for the county, offering the places that have shops."""
    places = list(dict.fromkeys(store.adcode for store in stores if store.adcode))
    choices = [
        Choice(
            say("stores.choice.place", place=shorten(str(turn.places.name(code) or code))), Action("stores", (code,))
        )
        for code in places[:5]
    ]
    if len(choices) < 2:
        choices.append(handoff_choice())
    return Answer(
        "clarify",
        blocks=(Say(say("stores.where", total=len(stores))),),
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
