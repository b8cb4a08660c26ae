"""Telling people what they asked to be told, a message each, never in the quiet hours: a chore."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from datetime import time as clock

from bot.bootstrap import ZONE
from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.payloads import Owner, Payloads, next_issue
from bot.channels.telegram.readers import NOBODY, Reader, reader_in
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.languages import Wordings
from catalog_db.catalog import Catalogue
from catalog_db.journal import permissions
from catalog_db.journal.books import Books
from catalog_db.journal.permissions import Watch
from handlers.alerts import QUIET_FROM, QUIET_TO, Told, is_quiet, look
from handlers.turn import Action, Text

_AT_ONCE = 50  # watches looked at in one transaction
KINDS = ("product", "category", "event")


def first_look(kind: str, target: str, catalogue: Catalogue, now: datetime) -> Told | None:
    """Return what somebody knows who begins to watch now; None for a kind that nobody can watch."""
    return look(kind, target, None, catalogue, now) if kind in KINDS else None


def described(one: Watch, catalogue: Catalogue) -> str:
    """Name what is watched, as the catalogue does."""
    if one.kind == "product":
        product = catalogue.product(one.target)
        return product.title if product else one.target
    if one.kind == "category":
        category = catalogue.categories.get(one.target)
        return category.name if category else one.target
    event = catalogue.events.get(one.target)
    return event.title if event else one.target


@dataclass(frozen=True, slots=True)
class WatchChore:
    """Holds watches against today's catalogue, each once for every state of it and every day, or when its time has come."""

    catalogue: Catalogue
    wordings: Wordings
    payloads: Payloads
    bot_id: int
    quiet: tuple[clock, clock] = (QUIET_FROM, QUIET_TO)
    every: float = 2.0

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Tell what is to be told; what people know now is written in the same transaction."""
        now = datetime.fromtimestamp(books.now, ZONE)
        if is_quiet(now, *self.quiet):
            return ()
        self.catalogue.refresh(time.monotonic())
        seen = f"{self.catalogue.revision} {now.date()}"
        said: list[Outgoing] = []
        for one in permissions.due(books, seen, _AT_ONCE):
            looked = look(one.kind, one.target, one.told, self.catalogue, now)
            reader = reader_in(books, one.chat_id) if looked.texts else NOBODY
            said += [message for text in looked.texts for message in self._messages(one, reader, text, now)]
            if looked.over:
                permissions.unwatch(books, one.chat_id, one.id)
            else:
                due_at = looked.due_at.timestamp() if looked.due_at else None
                permissions.looked(books, one, looked.told, seen, due_at)
        return said

    def _messages(self, one: Watch, reader: Reader, text: Text, now: datetime) -> list[Outgoing]:
        """Word one change; whoever has gone from the books since is told in the language of that day."""
        wording = replace(reader, locale=reader.locale or one.locale).wording(self.wordings)
        ways = [
            (wording.say("alerts.stop_one"), Action("watch.stop", (str(one.id),))),
            (wording.say("alerts.stop_all"), Action("watch.stop_all")),
        ]
        owner = Owner(self.bot_id, one.chat_id, one.chat_id)
        markup = keyboard(self.payloads, owner, next_issue(0, now), ways)
        texts = reader.texts(wording.text(text), self.wordings)
        params = [message(rich(said), markup if at == len(texts) else None) for at, said in enumerate(texts, 1)]
        return [Outgoing("sendMessage", each, one.chat_id, "bulk") for each in params]
