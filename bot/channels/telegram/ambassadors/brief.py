"""The morning brief of an ambassador: three lines of what happened the day before, in the morning, unless switched off.

A chore: it runs again and again, and tells each ambassador once a day, within the hours when a message wakes nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, Labelled, is_ambassador
from bot.channels.telegram.outgoing import Chore, Outgoing
from bot.channels.telegram.readers import reader_in
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Pressed, Said
from bot.wording import CHINA, Wording
from catalog_db.journal import ambassadors, lists, touches
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from handlers import kept_list
from handlers.kept_list import Kept
from handlers.phrases.ambassadors import read_ambassador
from handlers.phrases.lists import amount
from handlers.turn import Action

HOURS = 2  # so long after the hour somebody is still told
_EVERY = 600.0
_AT_ONCE = 30  # ambassadors told in one go
_LISTS = 3  # of each, looked through for what has changed
OFF, TOLD, HOUR = (
    "brief_off",
    "brief_on",
    "brief_hour",
)  # kept of the ambassador: switched off, the day last told, an hour of their own
_SWITCHES = {"brief_on": False, "brief_off": True}
_ARGUMENTS = {"on": "brief_on", "off": "brief_off", "开": "brief_on", "关": "brief_off"}


@dataclass(frozen=True, slots=True)
class Brief:
    """A part of the private chat: the switch, and the chore."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Tell when the brief comes, switch it on or off, move it to another hour."""
        if not is_ambassador(talk):
            return None
        if isinstance(event, Pressed):
            action = self.equipment.action(talk, event, "brief")
            if action is None:
                return None
            talk.acknowledge(event.query_id)
            return self._do(talk, action.name, "")
        if isinstance(event, Command) and event.name == "brief":
            said = event.argument.strip().lower()
            return self._do(talk, _ARGUMENTS.get(said, "brief_hour" if said else "brief"), said)
        phrase = read_ambassador(event.text) if isinstance(event, Said) and not event.edited else None
        if phrase is None or not phrase.op.startswith("brief"):
            return None
        return self._do(talk, phrase.op, phrase.get("which"))

    def _do(self, talk: Talk, op: str, said: str) -> str:
        return talk.decide(lambda talk, books: self._done(talk, books, op, said))

    def _done(self, talk: Talk, books: Books, op: str, said: str) -> str:
        known = ambassadors.find(books, talk.owner.chat_id)
        if known is None:
            talk.say("telegram.join.gone")
            return "brief_refused"
        if op in _SWITCHES:
            known = ambassadors.change(books, known, **{OFF: _SWITCHES[op]})
        elif op == "brief_hour":
            hour = amount(said.removesuffix("点"))
            if hour is None or hour > 23 or self._quiet(hour):
                talk.say(
                    "telegram.brief.which_hour",
                    opens=_clock(self.equipment.quiet.ends),
                    closes=_clock(self.equipment.quiet.begins),
                )
                return "brief_which_hour"
            known = ambassadors.change(books, known, **{HOUR: hour, OFF: False})
        off = bool(known.person.get(OFF))
        label, to = ("telegram.brief.do.on", "brief_on") if off else ("telegram.brief.do.off", "brief_off")
        row: list[Labelled] = [(talk.wording.say(label), Action(to))]
        hour_ = hour_of(known, self.equipment)
        talk.say("telegram.brief.off" if off else "telegram.brief.on", self.equipment.markup(talk, [row]), hour=hour_)
        return op

    def _quiet(self, hour: int) -> bool:
        return self.equipment.quiet.holds(datetime(2000, 1, 1, hour, tzinfo=CHINA))

    def chores(self) -> Sequence[Chore]:
        """Tell in the morning."""
        return (_Morning(self.equipment),)

    def export(self, books: Books, chat_id: int) -> Json:
        """`Joining` gives it."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """`Joining` does it."""


@dataclass(frozen=True, slots=True)
class _Morning:
    equipment: Equipment

    @property
    def every(self) -> float:
        return _EVERY

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        now = datetime.fromtimestamp(books.now, CHINA)
        if self.equipment.quiet.holds(now):
            return ()
        due = [one for one in ambassadors.everybody(books) if one.state == "approved" and self._due(one, now)]
        return [said for one in due[:_AT_ONCE] for said in self._told(books, one, now.date())]

    def _due(self, one: Ambassador, now: datetime) -> bool:
        told = one.person.get(TOLD) == now.date().isoformat()
        return not one.person.get(OFF) and not told and 0 <= now.hour - hour_of(one, self.equipment) < HOURS

    def _told(self, books: Books, one: Ambassador, today: date) -> Sequence[Outgoing]:
        """Write three lines; nothing is said when nothing happened."""
        ambassadors.change(books, one, **{TOLD: today.isoformat()})
        since = (today - timedelta(days=1)).isoformat()
        counted = {count.kind: count.people for count in touches.by_day(books, one.key, since) if count.day == since}
        people, asked = counted.get("open", 0), counted.get("question", 0)
        reader = reader_in(books, one.chat_id)
        wording = reader.wording(self.equipment.wordings)
        changed = self._changed(books, one, today, wording)
        if not (people or asked or changed):
            return ()
        say = wording.say
        lines = (
            say("telegram.brief.people", people=people, asked=asked),
            say("telegram.brief.changed", changed=changed[0], more=len(changed) - 1) if len(changed) > 1
            else say("telegram.brief.one_changed", changed=changed[0]) if changed else say("telegram.brief.nothing_changed"),
            say("telegram.brief.switch"),
        )  # fmt: skip
        said = [message(rich(text), None) for text in reader.texts("\n".join(lines), self.equipment.wordings)]
        return [Outgoing("sendMessage", params, one.chat_id, "bulk", critical=False) for params in said]

    def _changed(self, books: Books, one: Ambassador, today: date, wording: Wording) -> list[str]:
        """Say what is not as it was when it was put on the ambassador's own lists."""
        found: list[str] = []
        words: Callable[..., str] = wording.text
        for kept in lists.of_person(books, one.chat_id, 0)[:_LISTS]:
            items = tuple(Kept.from_json(item) for item in kept.items)
            goods = kept_list.goods_of(self.equipment.catalogue, items)
            found += [words(text) for text in kept_list.changes(items, self.equipment.catalogue, goods, today)]
        return list(dict.fromkeys(found))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def hour_of(one: Ambassador, equipment: Equipment) -> int:
    """Return the hour of somebody's brief: the one they chose, else the operators'; where that has become quiet, the first that is not."""
    hour = int(one.person.get(HOUR) or equipment.brief_hour)
    day = datetime(2000, 1, 1, tzinfo=CHINA)
    open_ = (later for later in range(hour, hour + 24) if not equipment.quiet.holds(day.replace(hour=later % 24)))
    return next(open_, hour) % 24
