"""What everything has in common that is told without having been asked for just now: whose words, which buttons, the quiet hours."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.bootstrap import ZONE
from bot.channels.telegram.buttons import keyboard
from bot.channels.telegram.outgoing import Json, Outgoing
from bot.channels.telegram.payloads import Owner, Payloads, next_issue
from bot.channels.telegram.requests import message
from bot.channels.telegram.rich import rich
from bot.languages import Wordings
from catalog_db.journal.books import Books
from handlers.alerts import NIGHT, Quiet
from handlers.turn import Action


@dataclass(frozen=True, slots=True)
class News:
    """See the module. `quiet`: the hours in which nobody is disturbed."""

    wordings: Wordings
    payloads: Payloads
    bot_id: int
    quiet: Quiet = NIGHT

    def now(self, books: Books) -> datetime | None:
        """Return the present where people live; None in the quiet hours."""
        now = datetime.fromtimestamp(books.now, ZONE)
        return None if self.quiet.holds(now) else now

    def messages(
        self, chat_id: int, texts: Sequence[str], ways: Sequence[tuple[str, Action]], now: datetime
    ) -> list[Json]:  # fmt: skip
        """Make the messages of one piece of news; the ways out stand under the last."""
        owner = Owner(self.bot_id, chat_id, chat_id)
        markup = keyboard(self.payloads, owner, next_issue(0, now), ways)
        return [message(rich(text), markup if at == len(texts) else None) for at, text in enumerate(texts, 1)]

    def sent(
        self, chat_id: int, texts: Sequence[str], ways: Sequence[tuple[str, Action]], now: datetime
    ) -> list[Outgoing]:  # fmt: skip
        """Send one piece of news behind every reply."""
        return [Outgoing("sendMessage", params, chat_id, "bulk") for params in self.messages(chat_id, texts, ways, now)]


@dataclass(frozen=True, slots=True)
class NewsChore(ABC):
    """A `Chore` that tells what the catalogue has become, never in the quiet hours.

    `keep_up` takes over a newer catalogue: before the transaction, for meanwhile nobody else writes.
    """

    news: News
    keep_up: Callable[[], None]

    def ahead(self) -> None:
        """Take over what was taught or imported meanwhile."""
        self.keep_up()

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        """Tell what is to be told; that it was told is written in the same transaction."""
        now = self.news.now(books)
        return () if now is None else self.told(books, now)

    @abstractmethod
    def told(self, books: Books, now: datetime) -> Sequence[Outgoing]:
        """Return the messages, at an hour in which they may be sent."""
