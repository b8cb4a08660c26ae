"""What a person allows: /mine lists all that is remembered, each permission is one tap, and one tap takes it back.

Also what is watched for a person (降价告诉我), which needs its own permission, and the way out of news.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from bot.channels.telegram import commands
from bot.channels.telegram.ambassadors.neighbours import settle as settle_neighbours
from bot.channels.telegram.broadcasting import BroadcastChore
from bot.channels.telegram.buttons import buttons
from bot.channels.telegram.keyboards import shortened
from bot.channels.telegram.news import News
from bot.channels.telegram.outgoing import Chore, Json, Outgoing
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.settling import forbid, settle
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Located, Pressed, Said
from bot.channels.telegram.watching import WatchChore, described, first_look
from bot.elders import CHOICES
from bot.wording import Wording, number
from catalog_db.catalog import Catalogue
from catalog_db.journal import neighbours, permissions, touches
from catalog_db.journal.books import Books
from catalog_db.journal.permissions import MOST_WATCHES, PROFILE, PURPOSES, allows
from catalog_db.places import load_places
from handlers.context.household import HOUSEHOLD
from handlers.context.spoken_of import OTHERS
from handlers.session import Topic
from handlers.turn import Action, Answer, Listing, Money

CALCULATION, PLAN = "calculation", "plan_picks"  # the session's names for sums and sets
_OFFERED = 4  # events to choose from
REST = timedelta(hours=6)  # without permission, county and household are forgotten after such a pause


def offers_watching(wording: Wording, answer: Answer) -> Sequence[tuple[str, Action]]:
    """Return the button under what can be watched: one product, the certified ones of one kind, one event to come."""
    if answer.intent == "detail" and len(answer.products) == 1:
        return ((wording.say("alerts.watch.product"), Action("watch.ask", ("product", answer.products[0]))),)
    if answer.intent == "event" and len(answer.events) == 1 and _is_coming(answer):
        return ((wording.say("alerts.watch.event"), Action("watch.ask", ("event", answer.events[0]))),)
    if answer.intent == "recommend" and len(answer.categories) == 1 and answer.filters.get("certified"):
        return ((wording.say("alerts.watch.category"), Action("watch.ask", ("category", answer.categories[0]))),)
    return ()


def _is_coming(answer: Answer) -> bool:
    """Tell whether what an answer lists has not begun: nobody can be reminded of what is on already."""
    entries = (entry for block in answer.blocks if isinstance(block, Listing) for entry in block.entries)
    return any(line.key == "event.coming" for entry in entries for line in entry.lines)


@dataclass(frozen=True, slots=True)
class Permissions:
    """A `features.Feature`. `keep_up`: takes over a newer catalogue."""

    news: News
    catalogue: Catalogue
    keep_up: Callable[[], None]

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take /mine and our buttons; for all others only see to it that what is not allowed is not kept."""
        if isinstance(event, (Said, Command, Pressed, Located)):
            hold_to(talk)
        if isinstance(event, Command) and event.name == "mine":
            return self._show(talk)
        if isinstance(event, Said) and not event.edited:
            typed = talk.memory.own_action(event.text)  # the label of our button
            return self._wanted(talk, *typed.args) if typed is not None and typed.name == "watch.ask" else None
        return self._pressed(talk, event) if isinstance(event, Pressed) else None

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        press = self.news.payloads.decode(talk.owner, event.data)
        shown = talk.memory.find(press.issue) if press else None
        action = press.action if press else None
        if press is not None and press.kept is not None and shown is not None and press.kept < len(shown.spare):
            action = shown.spare[press.kept]
        run = _PRESSES.get(action.name) if action else None
        if run is None or action is None:
            return None
        return run(self, talk, event, action.args)

    def wishes(self) -> Mapping[str, Callable[[Talk], str]]:
        """Return what is done when it is asked for in words."""
        return {"control.memory": self._show, "control.watch": self._watch_topic, "control.unwatch": self._unwatch_all}

    def chores(self) -> Sequence[Chore]:
        """Return what tells of changes, and what hands news to the sender."""
        return (
            WatchChore(self.news, self.keep_up, self.catalogue),
            BroadcastChore(self.news),
        )

    def export(self, books: Books, chat_id: int) -> Json:
        """Return what is watched; what is allowed stands among the marks."""
        watched = [
            {"kind": one.kind, "target": one.target, "told": one.told} for one in permissions.watched(books, chat_id)
        ]
        return {"watched": watched} if watched else {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Delete all of it."""
        permissions.forget(books, chat_id)

    # ---- what is remembered, and what may be

    def _show(self, talk: Talk) -> str:
        return talk.decide(lambda talk, books: self._listed(talk, books, None))

    def _listed(self, talk: Talk, books: Books, message_id: int | None, page: int = 0) -> str:
        """Show what is remembered. `page`: of the ways, of which 长辈模式 shows a few at a time."""
        given = permissions.profile(books, talk.owner.chat_id)
        watched = list(permissions.watched(books, talk.owner.chat_id))
        lines = [talk.wording.say("permissions.what"), *self._lines(talk, watched)]
        ways = self._ways(talk.wording, given, linked=touches.MARK in books.marks(talk.owner.chat_id))
        if talk.session.simple:
            further = ("mine.more", (str((page + 1) % math.ceil(len(ways) / _AT_A_TIME)),))
            ways = [*ways[page * _AT_A_TIME :][:_AT_A_TIME], (talk.wording.say("permissions.more"), Action(*further))]
        markup = buttons(self.news.payloads, talk, ways)
        talk.memory.mine = talk.memory.issue
        text = rich("\n".join(lines))
        if message_id is None:
            talk.tell(text, markup)
        else:
            params = message(text, markup) | {"message_id": message_id}
            talk.outgoing.append(Outgoing("editMessageText", params, talk.owner.chat_id))
        return "mine"

    def _lines(self, talk: Talk, watched: Sequence[permissions.Watch]) -> list[str]:
        say, household = talk.wording.say, {**talk.session.data.get(HOUSEHOLD, {}), **talk.memory.household}
        lines = [say("permissions.chat", count=len(talk.session.questions))] if talk.session.questions else []
        if talk.session.place:
            place = load_places().full_name(talk.session.place) or talk.session.place
            lines.append(say("permissions.place", place=place))
        if "area" in household:
            lines.append(say("permissions.area", area=str(household["area"])))
        if "budget" in household:
            lines.append(say("permissions.budget", budget=Money(Decimal(household["budget"]))))
        if watched:
            lines.append(say("permissions.watching", names=tuple(described(one, self.catalogue) for one in watched)))
        return lines or [say("permissions.nothing")]

    def _ways(self, wording: Wording, given: Json, *, linked: bool) -> list[tuple[str, Action]]:
        """Return a button for each purpose. `linked`: the person counts as helped by an ambassador."""
        ways = []
        for purpose in PURPOSES:
            name = wording.say(f"permissions.name.{purpose}")
            on = allows(given, purpose) or (purpose == "ambassador" and linked)
            label = wording.say("permissions.given" if on else "permissions.open", name=name)
            ways.append((label, Action("allow", (purpose, "0" if on else "1"))))
        neutral = "on" if given.get("neutral") else "off"
        ways.append((wording.say(f"permissions.neutral.{neutral}"), Action("neutral", (neutral,))))
        return [*ways, (wording.say("choice.forget"), Action("mine.forget"))]

    def _allow(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        purpose, given = args[0], args[1] == "1"
        talk.acknowledge(event.query_id, "permissions.changed")

        def within(talk: Talk, books: Books) -> str:
            permissions.allow(books, talk.owner.chat_id, purpose, talk.wording.locale, given=given)
            if not given:
                _drop(talk, purpose)
            if purpose == "ambassador" and not given:
                touches.leave(books, talk.owner.chat_id, secrets.token_bytes(16))
            if purpose == neighbours.PURPOSE:
                settle_neighbours(talk, books)
            self._listed(talk, books, event.message_id, PURPOSES.index(purpose) // _AT_A_TIME)
            return f"allow_{purpose}_{args[1]}"

        return talk.decide(within) if purpose in PURPOSES else "allow_unknown"

    def _neutral(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id, "permissions.changed")

        def within(talk: Talk, books: Books) -> str:
            given = permissions.profile(books, talk.owner.chat_id) | {"neutral": args[0] == "off"}
            permissions.keep(books, talk.owner.chat_id, given)
            if given["neutral"]:
                talk.session.place = None
            self._listed(talk, books, event.message_id, len(PURPOSES) // _AT_A_TIME)
            return f"neutral_{args[0]}"

        return talk.decide(within)

    def _more(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        page = int(args[0]) % (len(PURPOSES) // _AT_A_TIME + 1)
        return talk.decide(lambda talk, books: self._listed(talk, books, event.message_id, page))

    def _forget(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        press = self.news.payloads.decode(talk.owner, event.data)
        if press is None or press.issue != talk.memory.mine:  # an old list: nobody means today's by it
            talk.acknowledge(event.query_id, "telegram.press.old", alert=True)
            return "press_old"
        talk.acknowledge(event.query_id)
        return commands.forget(talk)

    # ---- what is watched

    def _ask(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        return self._wanted(talk, args[0], args[1])

    def _wanted(self, talk: Talk, kind: str, target: str) -> str:
        """Watch it, or first ask for the permission."""
        if allows(talk.marks.get(PROFILE) or {}, "alerts"):
            return self._watch(talk, kind, target)
        agree = (talk.wording.say("alerts.agree"), Action("watch.yes", (kind, target)))
        refuse = (talk.wording.say("alerts.refuse"), Action("watch.no"))
        talk.say("alerts.ask", buttons(self.news.payloads, talk, [agree, refuse]))
        return "watch_asked"

    def _agreed(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        return self._watch(talk, args[0], args[1], agreed=True)

    def _refused(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        talk.say("alerts.refused")
        return "watch_refused"

    def _watch(self, talk: Talk, kind: str, target: str, *, agreed: bool = False) -> str:
        looked = first_look(kind, target, self.catalogue, talk.now, self.news.quiet)
        if looked is None or looked.over:
            talk.say("alerts.gone")
            return "watch_gone"
        due_at = looked.due_at.timestamp() if looked.due_at else None

        def within(talk: Talk, books: Books) -> str:
            chat_id, locale = talk.owner.chat_id, talk.wording.locale
            if agreed:
                permissions.allow(books, chat_id, "alerts", locale, given=True)
            fate = permissions.watch(books, chat_id, kind, target, looked.told, locale, due_at)
            name = described(permissions.Watch(0, chat_id, kind, target, None, locale), self.catalogue)
            talk.say(f"alerts.{_FATES[fate]}", name=name, most=MOST_WATCHES)
            return f"watch_{fate}"

        return talk.decide(within)

    def _watch_topic(self, talk: Talk) -> str:
        """Watch what is being talked about: the product, else the kind."""
        topic = talk.session.topic
        coming = self._coming(talk)
        if coming:
            return self._wanted(talk, "event", coming[0]) if len(coming) == 1 else self._which_event(talk, coming)
        if topic.focus:
            return self._wanted(talk, "product", topic.focus[0])
        if topic.constraints.categories:
            return self._wanted(talk, "category", topic.constraints.categories[0])
        talk.say("alerts.which")
        return "watch_which"

    def _coming(self, talk: Talk) -> list[str]:
        """Return the events of the last answer that have not begun; none when it spoke of something else."""
        listed = talk.session.data.get(OTHERS, ()) if talk.session.intent == "event" else ()
        found = (self.catalogue.events.get(str(one)) for one in listed)
        return [event.id for event in found if event and event.starts_at and event.starts_at > talk.now][:_OFFERED]

    def _which_event(self, talk: Talk, coming: Sequence[str]) -> str:
        ways = [(self.catalogue.events[one].title, Action("watch.ask", ("event", one))) for one in coming]
        talk.say("alerts.which_event", buttons(self.news.payloads, talk, [(shortened(t), a) for t, a in ways]))
        return "watch_which"

    def _unwatch_all(self, talk: Talk) -> str:
        return forbid(talk, "alerts", "alerts.stopped_all", "unwatch_all")

    def _stop_all(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        return self._unwatch_all(talk)

    def _stop_one(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        chat_id, number = talk.owner.chat_id, int(args[0])
        return settle(
            talk, lambda books: permissions.unwatch(books, chat_id, number), "alerts.stopped_one", "unwatch_one"
        )

    def _stop_news(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        talk.acknowledge(event.query_id)
        return forbid(talk, "news", "news.stopped", "news_stopped")

    def _open_guide(self, talk: Talk, event: Pressed, args: Sequence[str]) -> str:
        """Open the guide that news spoke of, below it: the way out of the news stays where it was."""
        talk.acknowledge(event.query_id)
        talk.show(talk.do(Action("guide", tuple(args))))
        return "news_guide"


_AT_A_TIME = CHOICES - 1  # ways in 长辈模式, beside the way to the others
_FATES = {"new": "new_watch", "known": "known", "full": "full"}
_PRESSES: dict[str, Callable[[Permissions, Talk, Pressed, Sequence[str]], str]] = {
    "allow": Permissions._allow,
    "neutral": Permissions._neutral,
    "mine.forget": Permissions._forget,
    "mine.more": Permissions._more,
    "watch.ask": Permissions._ask,
    "watch.yes": Permissions._agreed,
    "watch.no": Permissions._refused,
    "watch.stop": Permissions._stop_one,
    "watch.stop_all": Permissions._stop_all,
    "news.stop": Permissions._stop_news,
    "news.guide": Permissions._open_guide,
}


def hold_to(talk: Talk) -> None:
    """Forget what may not be kept, and note of the household what may."""
    given: Mapping[str, Any] = talk.marks.get(PROFILE) or {}
    used = talk.conversation.used_at if talk.conversation else None
    rested = used is not None and talk.now - used > REST
    if given.get("neutral") or (rested and not allows(dict(given), "location")):
        talk.session.place = None
        talk.session.topic.constraints = talk.session.topic.constraints.but(adcode=None)
    if allows(dict(given), "memory"):
        talk.memory.household |= _household(talk)
        return
    talk.memory.household = {}
    if rested:
        talk.session.data.pop(HOUSEHOLD, None)
        talk.session.data.pop(CALCULATION, None)
        talk.session.topic = Topic()


def _household(talk: Talk) -> Json:
    """Return area and budget as they were said last; what we were asked to remember stands above that."""
    found: Json = {}
    picks = talk.session.data.get(PLAN) or {}
    budget = picks.get("budget") or talk.session.topic.constraints.budget
    if budget is not None:
        found["budget"] = str(budget)
    kept = talk.session.data.get(CALCULATION) or {}
    areas = [Fraction(area["m2"]) for area in kept.get("areas", ())]
    areas += [Fraction(room["floor"]) * room.get("count", 1) for room in kept.get("rooms", ()) if room.get("floor")]
    if areas:
        found["area"] = number(Decimal(float(sum(areas))))
    return found | dict(talk.session.data.get(HOUSEHOLD) or {})


def _drop(talk: Talk, purpose: str) -> None:
    """Forget at once what was kept by a permission that is taken back."""
    if purpose == "location":
        talk.session.place = None
        talk.session.topic.constraints = talk.session.topic.constraints.but(adcode=None)
    elif purpose == "memory":
        talk.memory.household = {}
        talk.session.data.pop(HOUSEHOLD, None)
