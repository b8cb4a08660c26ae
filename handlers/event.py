"""Live streams, promotions, launches and fairs: what is on or comes, in a span of time; ended ones only when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from catalog_db.certification import certified
from catalog_db.records import ALL_OF_CHINA, Event
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import handoff_choice, look_choices, shorten
from handlers.answer_parts.event_goods import goods_of
from handlers.answer_parts.more_of_them import no_more, rest_of, resume
from handlers.answer_parts.place_matching import reaches, touches
from handlers.context.spoken_of import OTHERS
from handlers.context.time_windows import Window, names_the_past, window_of
from handlers.rules.answers import MORE_OTHERS, WHEN
from handlers.rules.continuations import GOODS, OTHERS_LISTED
from handlers.turn import Action, Answer, Choice, Entry, Listing, Note, Say, Text, Turn, say
from handlers.understanding.passage import is_han
from handlers.understanding.word_tables import signs

SHOWN = 5
KINDS = ("live", "promotion", "launch", "fair")
KEPT = "event_kinds"  # what the session keeps under
ELSEWHEN = frozenset({"what goes on at another time", "what goes on at another place", *MORE_OTHERS})
SAME = frozenset({WHEN, OTHERS_LISTED[1]})  # asked of the events just listed
SHORTEST_NAME = 3  # characters of a title that must be said to name the event


def handle(turn: Turn) -> Answer:
    """List the events that fit kind, category, place and time; one that was named and is over is said to be over."""
    known = [turn.catalogue.events.get(str(one)) for one in turn.session.data.get(OTHERS, ())]
    listed = [event for event in known if event is not None][:SHOWN]
    if turn.meaning.rule == GOODS:
        return goods_of(turn, listed)
    if listed and turn.meaning.rule in SAME and not turn.meaning.chosen and turn.session.intent == "event":
        return _listed(turn, [e for e in listed if _is_named(turn.meaning.text, e)] or listed, None)
    if event := turn.catalogue.events.get(turn.meaning.chosen):
        return _listed(turn, [event], None)
    resume(turn)
    kinds = _kinds(turn)
    turn.session.data[KEPT] = kinds
    fitting = [e for e in turn.catalogue.events.values() if _fits(turn, e, kinds)]
    named = [e for e in turn.catalogue.events.values() if _is_named(turn.meaning.text, e) and _of_brands(turn, e)]
    window = window_of(turn.meaning.text, turn.question.now)
    titled = [e for e in fitting if _names_a_brand(turn, e)]
    live = _in_time(turn, named or titled or fitting, window)
    if not live and not named and kinds != _said_kinds(turn):  # nothing of the kind asked for before: what else is on
        live = _in_time(turn, [e for e in turn.catalogue.events.values() if _fits(turn, e, ())], window)
    if gone := _gone(turn, named, live, window):
        return _over(turn, gone)
    if not live or (not named and not kinds and "event.unlisted" in turn.meaning.cues):
        return _nothing(turn, fitting, window)
    return _listed(turn, live, window)


def _gone(turn: Turn, named: Sequence[Event], live: Sequence[Event], window: Window | None) -> Sequence[Event]:
    """Return what was asked for and is over: by its name, by a word of its own, by the month that it was in."""
    if live and all(_ended(event, turn.question.now) for event in live):  # 上个月的活动 comes no more
        return live
    if named:
        return () if live else named
    return _over_by_a_word(turn) or (() if live else _gone_by(turn, window))


def _fits(turn: Turn, event: Event, kinds: Sequence[str]) -> bool:
    return (
        (not kinds or event.kind in kinds)
        and reaches(event.adcodes, turn.meaning.place)
        and _about(turn, event, turn.meaning.constraints.categories)
        and _of_brands(turn, event)
    )


def _of_brands(turn: Turn, event: Event) -> bool:
    """Tell whether an event may be of the brands named: by its title, its goods, else by a kind that they make."""
    brands = [turn.catalogue.brands[one] for one in turn.meaning.constraints.brands if one in turn.catalogue.brands]
    if not brands:
        return True
    ids = {brand.id for brand in brands}
    others = [one.name for one in turn.catalogue.brands.values() if one.id not in ids]
    if any(name in event.title for brand in brands for name in (brand.name, *brand.aliases)):
        return True
    if any(name in event.title for name in others):
        return False
    if event.skus:
        return any(product.brand in ids for product in turn.catalogue.products(event.skus))
    return not event.categories or any(
        turn.catalogue.count(ProductQuery(turn.day, brands=(one,), categories=event.categories)) for one in ids
    )


def _names_a_brand(turn: Turn, event: Event) -> bool:
    """Tell whether the title of an event names a brand that was asked for: 日昼新款发布会."""
    named = (turn.catalogue.brands[one].name for one in turn.meaning.constraints.brands if one in turn.catalogue.brands)
    return any(name in event.title for name in named)


def _kinds(turn: Turn) -> list[str]:
    """Return the kinds asked for; where only another time or place was said (后天晚上呢), those asked for before."""
    kinds = _said_kinds(turn)
    if turn.session.intent == "event" and turn.meaning.rule in ELSEWHEN:
        return kinds or list(turn.session.data.get(KEPT, ()))
    return kinds


def _said_kinds(turn: Turn) -> list[str]:
    return [kind for kind in KINDS if f"event.{kind}" in turn.meaning.cues]


def _gone_by(turn: Turn, window: Window | None) -> list[Event]:
    """Return the events that were on in the days named the last time that they came: 九月那个活动还有吗 in November."""
    if window is None or window.start <= turn.question.now:
        return []
    before = window.a_year_before()
    kinds = _said_kinds(turn)
    return [
        event
        for event in turn.catalogue.events.values()
        if _fits(turn, event, kinds)
        and _ended(event, turn.question.now)
        and before.touches(event.starts_at, event.ends_at)
    ]


def _about(turn: Turn, event: Event, codes: Sequence[str]) -> bool:
    """Tell whether an event is about these categories: one without categories is about everything."""
    if not codes or not event.categories:
        return True
    asked = turn.catalogue.under(codes) | {step for code in codes for step in turn.catalogue.path(code)}
    return bool(asked & set(event.categories))


def _is_named(text: str, event: Event) -> bool:
    """Tell whether a telling part of the title was said: three characters that stand together."""
    title = event.title.lower()
    parts = (title[i : i + SHORTEST_NAME] for i in range(len(title) - SHORTEST_NAME + 1))
    return any(part in text for part in parts)


def _over_by_a_word(turn: Turn) -> list[Event]:
    """Return what is over and was named by a word of its own: 重阳那场灯具优惠."""
    events = turn.catalogue.events.values()
    ended = [event for event in events if _ended(event, turn.question.now)]
    titles = [event.title.lower() for event in events] if ended else []
    common = {*signs("event_word"), *_names_of_goods(turn), *(place.surface for place in turn.meaning.places)}
    return [
        event
        for event in ended
        if any(
            word in turn.meaning.text and sum(word in title for title in titles) == 1
            for word in _own_words(event.title.lower(), common)
        )
    ]


def _names_of_goods(turn: Turn) -> Iterator[str]:
    for category in turn.catalogue.categories.values():
        yield from (category.name.lower(), *(name.lower() for name in category.synonyms))


def _own_words(title: str, common: Iterable[str]) -> Iterator[str]:
    """Yield what a title says besides common words, two Chinese characters at a time."""
    for word in sorted(common, key=len, reverse=True):
        title = title.replace(word, " ") if word else title
    yield from (a + b for a, b in pairwise(title) if is_han(a) and is_han(b))


def _in_time(turn: Turn, events: Sequence[Event], window: Window | None) -> list[Event]:
    now = turn.question.now
    past_asked = names_the_past(turn.meaning.text)
    chosen = [
        e for e in events if (window is None or window.touches(e.starts_at, e.ends_at)) and past_asked == _ended(e, now)
    ]
    begins = window.start if window else now
    return sorted(
        chosen,
        key=lambda e: (not _local(turn, e), e.ends_at is None, (e.starts_at or now) < begins, e.starts_at or now, e.id),
    )


def _local(turn: Turn, event: Event) -> bool:
    """Tell whether an event is in the place that was said, not everywhere."""
    place = turn.meaning.place
    return bool(turn.meaning.places and place) and any(
        c != ALL_OF_CHINA and touches(c, place or c) for c in event.adcodes
    )


def _ended(event: Event, now: datetime) -> bool:
    return event.ends_at is not None and event.ends_at < now


def _listed(turn: Turn, events: Sequence[Event], window: Window | None) -> Answer:
    head = say("event.list", total=len(events))
    if window:
        head = say(f"event.in.{window.name}", total=len(events), first=window.start.date(), last=window.end.date())
    left, head = rest_of(turn, events, head)
    if not left:
        return no_more(turn, "event")
    shown = left[:SHOWN]
    return Answer(
        "event",
        blocks=(Say(head), Listing(tuple(_entry(turn, e, i) for i, e in enumerate(shown, 1)))),
        choices=_choices(turn, shown),
        categories=turn.meaning.constraints.categories,
        events=tuple(e.id for e in shown),
        total=len(events),
    )


def _entry(turn: Turn, event: Event, number: int | None) -> Entry:
    lines: list[Text] = [_when(event, turn.question.now)]
    names = tuple(turn.catalogue.categories[c].name for c in event.categories if c in turn.catalogue.categories)
    if names:
        lines.append(say("event.about", categories=names))
    if event.description:
        lines.append(say("event.description", description=event.description))
    if event.skus:
        lines.append(_certified_goods(turn, event))
    return Entry(event.title, tuple(lines), ref=("event", event.id), number=number, url=event.url)


def _when(event: Event, now: datetime) -> Text:
    if event.starts_at is None:
        return say("event.undated")
    if _ended(event, now):
        return say("event.ended", start=event.starts_at, end=event.ends_at or now)
    if event.ends_at is None:
        return say("event.open", start=event.starts_at)
    key = "event.running" if event.starts_at <= now else "event.coming"
    return say(key, start=event.starts_at, end=event.ends_at)


def _certified_goods(turn: Turn, event: Event) -> Text:
    """Say how many of the goods of an event are certified on the day."""
    held = turn.catalogue.certificates_of_many(event.skus)
    count = sum(certified(certificates, turn.day) for certificates in held.values())
    return say("event.goods", total=len(event.skus), certified=count)


def _choices(turn: Turn, events: Sequence[Event]) -> tuple[Choice, ...]:
    if len(events) == 1:
        return look_choices(turn.catalogue.products(events[0].skus), turn.catalogue)
    return tuple(Choice(say("event.choice", title=shorten(e.title, 16)), Action("event", (e.id,))) for e in events[:4])


def _over(turn: Turn, named: Sequence[Event]) -> Answer:
    """Say that what was named is over (or not in the span asked for), with its dates."""
    upcoming = _in_time(turn, list(turn.catalogue.events.values()), None)
    return Answer(
        "event",
        blocks=(
            Say(say("event.over")),
            Listing(tuple(_entry(turn, e, None) for e in named[:SHOWN])),
            Note(say("event.no_old_offers")),
        ),
        choices=_choices(turn, upcoming) if len(upcoming) > 1 else (handoff_choice(),),
        categories=turn.meaning.constraints.categories,
        events=tuple(e.id for e in named[:SHOWN]),
        total=len(named),
    )


def _nothing(turn: Turn, fitting: Sequence[Event], window: Window | None) -> Answer:
    upcoming = _in_time(turn, fitting, None) or _in_time(turn, list(turn.catalogue.events.values()), None)
    key = "event.none_in_time" if window else "event.none"
    choices = tuple(
        Choice(say("event.choice", title=shorten(e.title, 16)), Action("event", (e.id,))) for e in upcoming[:4]
    )
    return Answer(
        "event",
        blocks=(Say(say(key)), *((Say(say("event.but_later")),) if upcoming else ())),
        choices=choices or (handoff_choice(),),
        categories=turn.meaning.constraints.categories,
        total=0,
    )
