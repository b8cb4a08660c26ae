"""Read an update into what a person did in a chat. Whatever cannot be read is `Unreadable`: nothing here raises.

python-telegram-bot reads the JSON: a newer Bot API does no harm. For the short way of most texts see `plain_texts`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.channels.telegram.outgoing import Json

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
# Kinds of messages that are no text, in the order in which they are asked after: an animation is a document too.
MEDIA = (
    "voice", "audio", "video_note", "animation", "sticker", "photo", "video", "document", "contact", "poll", "dice", "story",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened. `user_id`: None when a chat spoke for itself. `thread_id`: the topic of a forum."""

    chat_id: int
    user_id: int | None
    private: bool
    language: str | None = None
    name: str = ""  # the person's first name, as the person writes it
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a message: what it replies to, the album it belongs to, whether it was passed on from elsewhere.

    `card`: it was put there by way of a bot, nobody typed it.
    """

    reply_to: int | None = None
    reply_to_us: bool = False
    album: str | None = None
    forwarded: bool = False
    reply_user: int | None = None  # who wrote what is replied to
    reply_name: str = ""
    card: bool = False


@dataclass(frozen=True, slots=True)
class File:
    """A file of a message, the largest size of a photo. `size`: bytes, when known."""

    file_id: str
    unique_id: str
    name: str = ""
    mime: str = ""
    size: int | None = None


NOTHING_AROUND = Around()


@dataclass(frozen=True, slots=True)
class Said:
    """A text, or the caption of something."""

    place: Place
    message_id: int
    date: datetime
    text: str
    edited: bool = False
    around: Around = NOTHING_AROUND
    kind: str = "text"  # or one of MEDIA, when `text` is the caption of something
    file: File | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A command: /start ref → ("start", "ref"). `to`: the bot it was addressed to, in small letters."""

    place: Place
    message_id: int
    date: datetime
    name: str
    argument: str
    to: str | None = None
    around: Around = NOTHING_AROUND
    file: File | None = None  # that it is the caption of


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button. `message_id`: None when Telegram no longer shows us its message."""

    place: Place
    query_id: str
    data: str
    message_id: int | None


@dataclass(frozen=True, slots=True)
class Located:
    """A position, WGS 84 degrees. To be made a county at once and never kept."""

    place: Place
    message_id: int
    latitude: float
    longitude: float
    around: Around = NOTHING_AROUND


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a kind that is no text; `kind` is one of MEDIA, or "other"."""

    place: Place
    message_id: int
    kind: str
    edited: bool = False
    around: Around = NOTHING_AROUND
    file: File | None = None


@dataclass(frozen=True, slots=True)
class InlineAsked:
    """What is typed after the bot's name in any chat."""

    query_id: str
    user_id: int
    language: str | None
    text: str
    offset: str = ""


@dataclass(frozen=True, slots=True)
class InlineChosen:
    """A result of an inline query that was sent into a chat."""

    user_id: int
    result_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Other:
    """An update that asks for no answer: who joined, what was pinned. `place`: of a message about the chat itself.

    `joined`: who came into the chat.
    `kind` topic_made: a topic was opened; `text`: its name.
    """

    kind: str
    place: Place | None = None
    joined: tuple[int, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class GuestAsked:
    """A message that names the bot in a chat where it is no member; the answer goes to the query."""

    query_id: str
    place: Place
    text: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What became of a message of ours that asked for it (`outgoing.Report`).

    `state`: sent, failed, unknown. `reason`: in the words of the Bot API, small letters. `numbers`: of the messages it became,
    `thread_id`: of the topic that was opened.
    """

    tag: str
    state: str
    reason: str = ""
    numbers: tuple[int, ...] = ()
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was read of a file that a handler asked for (`fetching.fetch`).

    `state`: read, unreadable, too_big, gone. `found`: JSON values, by the reader. `asked`: what the handler wanted to be told again.
    """

    place: Place
    message_id: int
    reader: str
    state: str
    found: Any = None
    asked: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that cannot be read; `query_id` when it is a pressed button, which wants its acknowledgement."""

    query_id: str | None = None


Event = (
    Said
    | Command
    | Pressed
    | Located
    | Sent
    | InlineAsked
    | InlineChosen
    | GuestAsked
    | Reported
    | Fetched
    | Other
    | Unreadable
)


_MAY_LACK = frozenset({"language", "to", "album"})
_TEXTS = _MAY_LACK | {
    "name", "text", "kind", "argument", "query_id", "data", "offset", "result_id", "file_id", "unique_id", "mime", "reply_name",
}  # fmt: skip
_NUMBERS = frozenset({
    "chat_id", "user_id", "message_id", "thread_id", "reply_to", "reply_user", "size", "latitude", "longitude",
})  # fmt: skip


def read_update(raw: Json) -> Event:
    """Read an update as it came."""
    if "report" in raw:
        return _reported(raw["report"])
    if "fetched" in raw:
        return _fetched(raw)
    try:
        update = Update.de_json(raw, None)
        event = _event(update, raw)
        return event if _is_sound(event) else Unreadable(_query_id(raw))
    except Exception:
        # python-telegram-bot raises half a dozen unrelated types on damaged updates.
        return Unreadable(_query_id(raw))


def _is_sound(value: Any) -> bool:
    """Tell whether texts are texts and numbers numbers: python-telegram-bot takes whatever stands in their place."""
    for name in value.__slots__:
        item = getattr(value, name)
        if name in _TEXTS and not isinstance(item, str) and not (item is None and name in _MAY_LACK):
            return False
        if name in _NUMBERS and item is not None and (isinstance(item, bool) or not isinstance(item, (int, float))):
            return False
        if isinstance(item, (Place, Around, File)) and not _is_sound(item):
            return False
    return True


def _event(update: Update, raw: Json) -> Event:
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    if update.inline_query is not None:
        asked = update.inline_query
        user = asked.from_user
        return InlineAsked(asked.id, user.id, user.language_code, asked.query, asked.offset)
    if update.chosen_inline_result is not None:
        chosen = update.chosen_inline_result
        return InlineChosen(chosen.from_user.id, chosen.result_id, chosen.query)
    guest = update.guest_message
    if guest is not None and guest.guest_query_id:
        return GuestAsked(guest.guest_query_id, _place(guest), guest.text or guest.caption or "")
    message = update.message or update.edited_message
    if message is not None:
        return _message(message, update, edited=update.message is None)
    return Other(next((key for key in raw if key != "update_id"), "empty"))


def _fetched(raw: Json) -> Event:
    """Read what was made of a file; none comes from outside, where numbers are positive (`arrivals`)."""
    told = raw["fetched"]
    if not isinstance(raw.get("update_id"), int) or raw["update_id"] >= 0:
        return Unreadable()
    chat = told["chat"]
    place = Place(chat, chat if chat > 0 else None, private=chat > 0)
    return Fetched(place, told["message_id"], told["reader"], told["state"], told["found"], told["asked"])


def _reported(told: Json) -> Event:
    """Read a report of the journal; none comes from outside: what arrives has a number and another kind."""
    result = told["result"]
    found = result if isinstance(result, list) else [result or {}]
    numbers = tuple(one["message_id"] for one in found if one and "message_id" in one)
    thread = found[0].get("message_thread_id") if found and found[0] else None
    return Reported(told["tag"], told["state"], told["reason"], numbers, thread)


def _pressed(query: CallbackQuery) -> Event:
    message = query.message
    if message is None or query.data is None:
        return Unreadable(query.id)
    user = query.from_user
    thread = getattr(message, "message_thread_id", None) if message.is_accessible else None
    private = message.chat.type == ChatType.PRIVATE
    place = Place(message.chat.id, user.id, private, user.language_code, user.first_name, thread)
    return Pressed(place, query.id, query.data, message.message_id if message.is_accessible else None)


def _message(message: Message, update: Update, *, edited: bool) -> Event:
    place, around = _place(message), _around(message)
    date = (message.edit_date if edited else message.date) or message.date
    text = message.text or message.caption
    kind = next((kind for kind in MEDIA if getattr(message, kind, None)), None)
    if text is not None:
        file = _file(message, kind)
        return worded(place, message.message_id, date, text, edited=edited, around=around, kind=kind, file=file)
    location = message.location
    if location is not None:
        # The position of a live location comes again and again as an edit.
        return (
            Other("moved")
            if edited
            else Located(place, message.message_id, location.latitude, location.longitude, around)
        )
    if kind is None and message.forum_topic_created is not None:
        return Other("topic_made", place, text=message.forum_topic_created.name)
    if kind is None and _is_service(update):
        return Other("service", place, tuple(user.id for user in message.new_chat_members or ()))
    return Sent(place, message.message_id, kind or "other", edited, around, _file(message, kind))


def worded(
    place: Place, number: int, date: datetime, text: str, *, edited: bool = False, around: Around = NOTHING_AROUND,
    kind: str | None = None, file: File | None = None,
) -> Said | Command:  # fmt: skip
    """Tell a command from what is said. `number`: of the message; `kind`: one of MEDIA when the text is a caption."""
    command = None if edited else _COMMAND.fullmatch(text.strip())
    if command:
        to = command[2].lower() if command[2] else None
        return Command(place, number, date, command[1].lower(), (command[3] or "").strip(), to, around, file)
    return Said(place, number, date.astimezone(UTC), text, edited, around, kind or "text", file)


def _place(message: Message) -> Place:
    user = message.from_user
    private = message.chat.type == ChatType.PRIVATE
    thread = message.message_thread_id if message.is_topic_message else None
    if user is None or message.sender_chat is not None:  # an anonymous admin, or a channel: a chat spoke for itself
        return Place(message.chat.id, None, private, thread_id=thread)
    return Place(message.chat.id, user.id, private, user.language_code, user.first_name, thread)


def _around(message: Message) -> Around:
    replied = message.reply_to_message
    by = replied.from_user if replied else None
    return Around(
        replied.message_id if replied else None,
        by is not None and by.is_bot,
        message.media_group_id,
        message.forward_origin is not None,
        by.id if by is not None and not by.is_bot else None,
        by.first_name if by is not None else "",
        message.via_bot is not None,
    )


def _file(message: Message, kind: str | None) -> File | None:
    """Return the file of a message; of a photo the largest of its sizes."""
    found: Any = getattr(message, kind, None) if kind else None
    if kind == "photo" and found:
        found = max(found, key=lambda size: size.width * size.height)
    if getattr(found, "file_id", None) is None:
        return None
    name, mime = getattr(found, "file_name", None) or "", getattr(found, "mime_type", None) or ""
    return File(found.file_id, found.file_unique_id, name, mime, found.file_size)


def _is_service(update: Update) -> bool:
    """Tell a message about the chat itself (somebody joined, a title changed) from one that somebody wrote."""
    from telegram.ext.filters import StatusUpdate

    return bool(StatusUpdate.ALL.check_update(update))


def _query_id(raw: Mapping[str, Any]) -> str | None:
    query = raw.get("callback_query") if isinstance(raw, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) and found else None
