"""What every part of the desk needs, and the few things that all of them say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from bot.channels.telegram.desk.context import Shelf
from bot.channels.telegram.desk.hours import DeskSettings
from bot.channels.telegram.desk.school import School
from bot.channels.telegram.keyboards import shortened
from bot.channels.telegram.outgoing import Outgoing, Report
from bot.channels.telegram.payloads import Owner, Payloads, next_issue
from bot.channels.telegram.readers import Reader, reader_in
from bot.channels.telegram.rich import clean
from bot.languages import Wordings
from bot.wording import Wording
from catalog_db.journal import desk, desk_posts
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Person, Ticket
from handlers.turn import Action

MARK = "desk"  # chats that have been at the desk
ANYBODY = 0  # whose buttons those in a staff group are: the right to press is asked when they are pressed
REPORTS = "desk"
_STREAMS = 16  # conversations that learn what became of posts: the reports of one come one after the other

Buttons = Sequence[Sequence[tuple[str, Action]]]


@dataclass(frozen=True, slots=True)
class Desk:
    """See the module. `locale`: in which somebody of the staff is spoken to; "": all of them, in the first of `wordings`.

    People who come to the desk are spoken to in their own (`to_person`). `token`: draws what nobody can guess.
    """

    settings: DeskSettings
    wordings: Wordings
    payloads: Payloads
    bot_id: int
    username: str
    zone: tzinfo
    token: Callable[[], str]
    shelf: Shelf
    school: School
    locale: str = ""

    @property
    def wording(self) -> Wording:
        """Return the words of whoever of the staff is spoken to."""
        return self.wordings.of(self.locale) if self.locale else self.wordings.first

    def say(self, key: str, **values: Any) -> str:
        """Word a key for the staff."""
        return clean(self.wording.say(key, **values))

    def to_person(self, books: Books, chat_id: int) -> Addressed:
        """Return the words for a person: in the language of the private chat, in 长辈模式 where it is on."""
        return Addressed(self, reader_in(books, chat_id), chat_id)

    def to(self, locale: str) -> Desk:
        """Return the desk that speaks a language; what stands in a topic for everybody is said in the desk's own."""
        return replace(self, locale=locale)

    @property
    def home(self) -> Desk:
        """Return the desk that speaks its own language."""
        return replace(self, locale="")

    def moment(self, seconds: float) -> datetime:
        """Return a time of the books in the zone of the desk."""
        return datetime.fromtimestamp(seconds, self.zone)

    def markup(self, chat_id: int, user_id: int, buttons: Buttons, now: float) -> dict[str, Any]:
        """Make a keyboard for a chat; in a staff group it is ANYBODY's."""
        owner, issue = Owner(self.bot_id, chat_id, user_id), next_issue(0, self.moment(now))
        rows = [
            [
                {"text": shortened(label), "callback_data": self.payloads.encode(owner, issue, action, [])}
                for label, action in row
            ]
            for row in buttons
        ]
        return {"inline_keyboard": rows}

    def pressed(self, chat_id: int, user_id: int, data: str) -> Action | None:
        """Read a button; None when it is none of ours for this chat."""
        press = self.payloads.decode(Owner(self.bot_id, chat_id, user_id), data)
        return press.action if press else None


def text_message(text: str, markup: Mapping[str, Any] | None = None, thread: int | None = None) -> dict[str, Any]:
    """Return the parameters of a message without styles: what people write is shown as it is."""
    params: dict[str, Any] = {"text": text, "link_preview_options": {"is_disabled": True}}
    if thread is not None:
        params["message_thread_id"] = thread
    return params | ({"reply_markup": dict(markup)} if markup else {})


def reported(post: int) -> Report:
    """Return where the report of a post goes."""
    return Report(f"{REPORTS} {post % _STREAMS}", f"{REPORTS} {post}")


def post_of(tag: str) -> int | None:
    """Return the post that a report speaks of; None when it is for another part."""
    name, _, number = tag.partition(" ")
    return int(number) if name == REPORTS and number.isdigit() else None


@dataclass(frozen=True, slots=True)
class Addressed:
    """How somebody is spoken to who came to the desk."""

    desk: Desk
    reader: Reader
    chat_id: int

    @property
    def wording(self) -> Wording:
        """Return the person's words."""
        return self.reader.wording(self.desk.wordings)

    def say(self, key: str, **values: Any) -> str:
        """Word a key."""
        return clean(self.wording.say(key, **values))

    def tell(self, text: str, buttons: Buttons = (), now: float = 0.0) -> list[Outgoing]:
        """Say something of our own; the buttons stand under the last message."""
        texts = self.reader.texts(text, self.desk.wordings)
        markup = self.desk.markup(self.chat_id, self.chat_id, buttons, now) if buttons else None
        params = [text_message(one, markup if place == len(texts) else None) for place, one in enumerate(texts, 1)]
        return [Outgoing("sendMessage", one, self.chat_id) for one in params]


def tell_topic(books: Books, who: Person, ticket: Ticket, text: str, **body: Any) -> None:
    """Let something of our own be posted in the person's topic; a context or an alarm (with buttons) before what waits there."""
    desk_posts.add(books, who, ticket.id, "desk", "text", {"text": text, **body}, urgency=0 if body else 1)


def dirty(books: Books, who: Person) -> None:
    """Let the topic's title be written anew."""
    desk.change_person(books, who.key, titled=None)
