"""The morning brief of an ambassador: three lines of what happened the day before, in the morning, unless switched off.

A chore: it runs again and again, and tells each ambassador once a day, within the hours when a message wakes nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.channels.telegram.ambassadors.equipment import Equipment, Json, is_ambassador
from bot.channels.telegram.outgoing import Chore, Outgoing
from bot.channels.telegram.readers import reader_in
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Said
from bot.wording import CHINA, Wording
from catalog_db.journal import ambassadors, lists, touches
from catalog_db.journal.ambassadors import Ambassador
from catalog_db.journal.books import Books
from handlers import kept_list
from handlers.ambassador_words import read_ambassador
from handlers.kept_list import Kept

FROM_HOUR, TO_HOUR = 8, 10  # Asia/Shanghai: earlier and later nobody is told anything
_EVERY = 600.0
_AT_ONCE = 30  # ambassadors told in one go
_LISTS = 3  # of each, looked through for what has changed
OFF, TOLD = "brief_off", "brief_on"  # what is kept of the ambassador: switched off, the day last told


@dataclass(frozen=True, slots=True)
class Brief:
    """A part of the private chat: the switch, and the chore."""

    equipment: Equipment

    def take(self, talk: Talk, event: Event) -> str | None:
        """Switch the brief on or off."""
        phrase = read_ambassador(event.text) if isinstance(event, Said) and not event.edited else None
        if phrase is None or phrase.op not in ("brief_on", "brief_off") or not is_ambassador(talk):
            return None
        off = phrase.op == "brief_off"

        def within(talk: Talk, books: Books) -> str:
            known = ambassadors.find(books, talk.owner.chat_id)
            if known is not None:
                ambassadors.change(books, known, **{OFF: off})
            talk.say("telegram.brief.off" if off else "telegram.brief.on", hour=FROM_HOUR)
            return phrase.op

        return talk.decide(within)

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
        if not FROM_HOUR <= now.hour < TO_HOUR:
            return ()
        today = now.date()
        due = [one for one in ambassadors.everybody(books) if one.state == "approved" and _due(one, today)]
        return [said for one in due[:_AT_ONCE] for said in self._told(books, one, today)]

    def _told(self, books: Books, one: Ambassador, today: date) -> Sequence[Outgoing]:
        """Write three lines; nothing is said when nothing happened."""
        ambassadors.change(books, one, **{TOLD: today.isoformat()})
        since = (today - timedelta(days=1)).isoformat()
        daily = [count for count in touches.by_day(books, one.key, since) if count.day == since]
        people, asked = (sum(c.people for c in daily if c.kind == kind) for kind in ("open", "question"))
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


def _due(one: Ambassador, today: date) -> bool:
    return not one.person.get(OFF) and one.person.get(TOLD) != today.isoformat()
