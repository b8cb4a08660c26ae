"""Telling people what they asked to be told, a message each, never in the quiet hours: a chore."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.channels.telegram.news import NewsChore
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.readers import NOBODY, Reader, reader_in
from catalog_db.catalog import Catalogue
from catalog_db.journal import permissions
from catalog_db.journal.books import Books
from catalog_db.journal.permissions import Watch
from handlers.alerts import Quiet, Told, look
from handlers.certification.overclaims import title_within_bounds
from handlers.turn import Action, Text

_AT_ONCE = 50  # watches looked at in one transaction
KINDS = ("product", "category", "event")


def first_look(kind: str, target: str, catalogue: Catalogue, now: datetime, quiet: Quiet) -> Told | None:
    """Return what somebody knows who begins to watch now; None for a kind that nobody can watch."""
    return look(kind, target, None, catalogue, now, quiet) if kind in KINDS else None


def described(one: Watch, catalogue: Catalogue) -> str:
    """Name what is watched, as the catalogue does."""
    if one.kind == "product":
        product = catalogue.product(one.target)
        return title_within_bounds(product.title) if product else one.target
    if one.kind == "category":
        category = catalogue.categories.get(one.target)
        return category.name if category else one.target
    event = catalogue.events.get(one.target)
    return event.title if event else one.target


@dataclass(frozen=True, slots=True)
class WatchChore(NewsChore):
    """Holds watches against today's catalogue, each once for every state of it and every day, or when its time has come."""

    catalogue: Catalogue
    every: float = 2.0

    def told(self, books: Books, now: datetime) -> Sequence[Outgoing]:
        """Tell what has changed; what people know now is written in the same transaction."""
        seen = f"{self.catalogue.revision} {now.date()}"
        said: list[Outgoing] = []
        for one in permissions.due(books, seen, _AT_ONCE):
            looked = look(one.kind, one.target, one.told, self.catalogue, now, self.news.quiet)
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
        wording = replace(reader, locale=reader.locale or one.locale).wording(self.news.wordings)
        ways = [
            (wording.say("alerts.stop_one"), Action("watch.stop", (str(one.id),))),
            (wording.say("alerts.stop_all"), Action("watch.stop_all")),
        ]
        return self.news.sent(one.chat_id, reader.texts(wording.text(text), self.news.wordings), ways, now)
