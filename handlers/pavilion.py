"""Local pavilions (makers and products of one region) and the pilot regions of the campaign."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_db.records import ALL_OF_CHINA, Pavilion, PilotRegion
from handlers.answer_parts.choices import handoff_choice, look_choices, shorten
from handlers.answer_parts.place_matching import match_place, touches
from handlers.answer_parts.place_names import place_name
from handlers.answer_parts.product_facts import certificate_line
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say

SHOWN = 6
PICKS = 3


def handle(turn: Turn) -> Answer:
    """Answer about pilot regions when they are asked for, else show the pavilion of the place; without a place, all."""
    if pavilion := turn.catalogue.pavilions.get(turn.meaning.chosen):
        return _shown(turn, (pavilion,), widened=False)
    if "ask.pilot" in turn.meaning.cues:
        return _pilot(turn)
    if "ask.other_pavilions" in turn.meaning.cues and turn.catalogue.pavilions:
        return _shown(turn, tuple(turn.catalogue.pavilions.values()), widened=False)
    named = _named(turn)
    return _shown(turn, named, widened=False) if named else _of_place(turn)


def _named(turn: Turn) -> tuple[Pavilion, ...]:
    """Return the pavilions whose name was said."""
    text = turn.meaning.text
    return tuple(p for p in turn.catalogue.pavilions.values() if _bare(p.name) in text)


def _bare(name: str) -> str:
    """Return a name without what stands in brackets."""
    return name.split("（", 1)[0].split("(", 1)[0].strip().lower()


def _of_place(turn: Turn) -> Answer:
    everything = tuple(turn.catalogue.pavilions.values())
    if not everything:
        return Answer("not_found", blocks=(Say(say("pavilion.none_at_all")),), choices=(handoff_choice(),))
    matched = match_place(everything, lambda pavilion: (pavilion.adcode,), turn.meaning.place)
    if not matched.found:
        return _nothing(turn, everything)
    return _shown(turn, matched.found, widened=matched.widened)


def _shown(turn: Turn, pavilions: Sequence[Pavilion], *, widened: bool) -> Answer:
    shown = pavilions[:SHOWN]
    one = shown[0] if len(shown) == 1 else None
    place = place_name(turn, turn.meaning.place)
    head = say("pavilion.widened", place=place) if widened else say("pavilion.list", total=len(pavilions))
    blocks: list[Block] = [Say(head)] if widened or one is None else []
    blocks.append(Listing(tuple(_entry(turn, p, None if one else i) for i, p in enumerate(shown, 1))))
    products = _products(turn, one) if one else ()
    if products:
        blocks += [Say(say("pavilion.products")), Listing(_product_entries(turn, products))]
    return Answer(
        "pavilion",
        blocks=tuple(blocks),
        choices=_choices(turn, shown, products),
        pavilions=tuple(p.id for p in shown),
        enterprises=tuple(dict.fromkeys(e for p in shown for e in p.enterprises if e in turn.catalogue.enterprises)),
        products=products,
        regions=tuple(r.adcode for r in _regions_for(turn, shown)),
        total=len(pavilions),
    )


def _entry(turn: Turn, pavilion: Pavilion, number: int | None) -> Entry:
    makers = tuple(turn.catalogue.enterprises[e].name for e in pavilion.enterprises if e in turn.catalogue.enterprises)
    lines: list[Text] = [say("pavilion.intro", intro=pavilion.intro)] if pavilion.intro else []
    if makers:
        lines.append(say("pavilion.makers", total=len(makers), makers=makers[:SHOWN]))
    if pavilion.opened_on:
        lines.append(say("pavilion.opened", opened=pavilion.opened_on))
    return Entry(pavilion.name, tuple(lines), ref=("pavilion", pavilion.id), number=number, url=pavilion.url)


def _products(turn: Turn, pavilion: Pavilion) -> tuple[str, ...]:
    """Return a few products of a pavilion: those it names, else the best known of its makers."""
    named = [p.sku for p in turn.catalogue.products(pavilion.skus) if p.shown]
    if not named and pavilion.enterprises:
        query = turn.meaning.constraints.but(enterprises=pavilion.enterprises, certified=True, adcode=None, origin=None)
        named = [hit.sku for hit in turn.catalogue.search(query.query(turn.day, limit=PICKS)).hits]
    return tuple(named[:PICKS])


def _product_entries(turn: Turn, skus: Sequence[str]) -> tuple[Entry, ...]:
    held = turn.catalogue.certificates_of_many(skus)
    return tuple(
        Entry(p.title, (certificate_line(held[p.sku], turn.day),), ref=("product", p.sku), number=number)
        for number, p in enumerate(turn.catalogue.products(skus), 1)
    )


def _choices(turn: Turn, shown: Sequence[Pavilion], skus: Sequence[str]) -> tuple[Choice, ...]:
    if len(shown) > 1:
        return tuple(
            Choice(say("pavilion.choice", name=shorten(_bare(p.name))), Action("pavilion", (p.id,))) for p in shown
        )
    makers = [turn.catalogue.enterprises[e] for e in shown[0].enterprises[:3] if e in turn.catalogue.enterprises]
    named = [
        Choice(say("pavilion.choice_maker", name=shorten(m.short_name or m.name)), Action("enterprise", (m.id,)))
        for m in makers
    ]
    return (*named, *look_choices(turn.catalogue.products(skus), turn.catalogue))


def _regions_for(turn: Turn, shown: Sequence[Pavilion]) -> list[PilotRegion]:
    return [r for r in turn.catalogue.pilot_regions.values() if any(touches(r.adcode, p.adcode) for p in shown)]


def _nothing(turn: Turn, everything: Sequence[Pavilion]) -> Answer:
    choices = [
        Choice(say("pavilion.choice", name=shorten(_bare(p.name))), Action("pavilion", (p.id,))) for p in everything[:5]
    ]
    return Answer(
        "pavilion",
        blocks=(Say(say("pavilion.none_here", place=place_name(turn, turn.meaning.place))),),
        choices=tuple(choices),
        total=0,
    )


# --- pilot regions


def _pilot(turn: Turn) -> Answer:
    """Say whether a place is a pilot region, with batch and date; without a place, list them."""
    regions = tuple(turn.catalogue.pilot_regions.values())
    place = turn.meaning.place
    if not regions:
        return Answer("pavilion", blocks=(Say(say("pavilion.pilot_unknown")), _nationwide(regions)), total=0)
    if place is None or "ask.pilot_list" in turn.meaning.cues:
        return _pilot_list(turn, regions)
    hits = [r for r in regions if touches(r.adcode, place)]
    hits = [r for r in hits if r.adcode != ALL_OF_CHINA] or hits
    said = [Say(_pilot_text(turn, r, place)) for r in hits] or [
        Say(say("pavilion.pilot_no", place=place_name(turn, place)))
    ]
    pavilions = tuple(p for p in turn.catalogue.pavilions.values() if touches(p.adcode, place))
    return Answer(
        "pavilion",
        blocks=(*said, _nationwide(regions)),
        choices=tuple(
            Choice(say("pavilion.choice", name=shorten(_bare(p.name))), Action("pavilion", (p.id,)))
            for p in pavilions[:3]
        ),
        regions=tuple(r.adcode for r in hits),
        total=len(hits),
    )


def _nationwide(regions: Sequence[PilotRegion]) -> Note:
    """Say what holds for the whole country: the catalogue's own note, else that the campaign is nationwide since 2024."""
    country = next((r for r in regions if r.adcode == ALL_OF_CHINA), None)
    return Note(say("pavilion.note", note=country.note) if country and country.note else say("pavilion.nationwide"))


def _pilot_text(turn: Turn, region: PilotRegion, place: str) -> Text:
    return say(
        "pavilion.pilot_yes", place=place_name(turn, place), region=_region_name(turn, region), facts=_facts(region)
    )


def _facts(region: PilotRegion) -> tuple[str | Text, ...]:
    facts: list[str | Text] = [region.batch] if region.batch else []
    if region.started_on:
        facts.append(say("pavilion.started", started=region.started_on))
    return tuple(facts) or (say("pavilion.batch_unknown"),)


def _region_name(turn: Turn, region: PilotRegion) -> str | Text:
    return say("place.china") if region.adcode == ALL_OF_CHINA else turn.places.name(region.adcode) or region.adcode


def _pilot_list(turn: Turn, regions: Sequence[PilotRegion]) -> Answer:
    shown = [r for r in regions if r.adcode != ALL_OF_CHINA]
    lines = tuple(say("pavilion.pilot_line", region=_region_name(turn, r), facts=_facts(r)) for r in shown)
    return Answer(
        "pavilion",
        blocks=(
            Say(say("pavilion.pilot_list", total=len(shown))),
            *(Say(line) for line in lines),
            _nationwide(regions),
        ),
        regions=tuple(r.adcode for r in shown),
        total=len(shown),
    )
