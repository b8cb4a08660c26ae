"""News to everybody who allowed it: handed to the sender a few at a time, behind every reply, never in the quiet hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.telegram.news import News
from bot.channels.telegram.outgoing import Json, Outgoing
from catalog_db.journal import broadcasts
from catalog_db.journal.books import Books
from handlers.turn import Action

MOST_WAITING = (
    200  # messages of a broadcast that wait for the sender at a time: so few stand in the way of what comes later
)
LONGEST = 3500  # UTF-16 units


def fits(segment: Json, profile: Json) -> bool:
    """Tell whether somebody is meant: `language` is the locale, `place` a division's code (with all below), `interest` a kind."""
    place = str(profile.get("place") or "")
    wanted = str(segment.get("place") or "").rstrip("0")
    return (
        segment.get("language") in (None, profile.get("locale"))
        and (not wanted or place.startswith(wanted))
        and (not segment.get("interest") or segment["interest"] in profile.get("interests", ()))
    )


@dataclass(frozen=True, slots=True)
class BroadcastChore:
    """Hands over what is due."""

    news: News
    every: float = 0.5

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Write messages for the next people, and how far it is, in one transaction."""
        now = self.news.now(books)
        if now is None:
            return ()
        due = broadcasts.hand_over(books, MOST_WAITING, fits)
        return () if due is None else [self._message(due, reader, now) for reader in due.readers]

    def _message(self, due: broadcasts.Due, reader: broadcasts.Reader, now: datetime) -> Outgoing:
        wordings = self.news.wordings
        wording = wordings.of(reader.profile.get("locale") or wordings.first.locale)
        ways = [(wording.say("news.stop"), Action("news.stop"))]
        if due.guide:
            ways.insert(0, (wording.say("news.guide"), Action("news.guide", (due.guide,))))
        [params] = self.news.messages(reader.chat_id, [due.text], ways, now)
        # Nobody knows what became of a call that was cut: news is then not repeated, but counted as unknown.
        return Outgoing(
            "sendMessage", params, reader.chat_id, "bulk", critical=False, remember_as=broadcasts.name_of(due.number)
        )
