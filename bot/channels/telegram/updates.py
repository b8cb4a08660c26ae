"""Read an update into what a person did in a chat. Whatever cannot be read is `Unreadable`: nothing here raises.

python-telegram-bot reads the JSON: fields and kinds of a newer Bot API do no harm.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.constants import ChatType

from bot.channels.telegram.outgoing import Json

_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
# Kinds of messages that are no text, in the order in which they are asked after: an animation is a document too.
MEDIA = (
    "voice",
    "audio",
    "video_note",
    "animation",
    "sticker",
    "photo",
    "video",
    "document",
    "contact",
    "poll",
    "dice",
    "story",
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened. `user_id`: None when a chat spoke for itself."""

    chat_id: int
    user_id: int | None
    private: bool
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """A text, or the caption of something."""

    place: Place
    message_id: int
    date: datetime
    text: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Command:
    """A command: /start ref → ("start", "ref"). `to`: the bot it was addressed to, in small letters."""

    place: Place
    message_id: int
    date: datetime
    name: str
    argument: str
    to: str | None = None


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


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of a kind that is no text; `kind` is one of MEDIA, or "other"."""

    place: Place
    message_id: int
    kind: str
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """An update that asks for no answer: who joined, what was pinned, an inline query."""

    kind: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that cannot be read; `query_id` when it is a pressed button, which wants its acknowledgement."""

    query_id: str | None = None


Event = Said | Command | Pressed | Located | Sent | Other | Unreadable


def read_update(raw: Json) -> Event:
    """Read an update as it came."""
    try:
        update = Update.de_json(raw, None)
        return _event(update, raw)
    except Exception:
        # python-telegram-bot raises half a dozen unrelated types on damaged updates.
        return Unreadable(_query_id(raw))


def _event(update: Update, raw: Json) -> Event:
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message or update.edited_message
    if message is not None:
        return _message(message, update, edited=update.message is None)
    return Other(next((key for key in raw if key != "update_id"), "empty"))


def _pressed(query: CallbackQuery) -> Event:
    message = query.message
    if message is None or query.data is None:
        return Unreadable(query.id)
    place = Place(
        message.chat.id, query.from_user.id, message.chat.type == ChatType.PRIVATE, query.from_user.language_code
    )
    return Pressed(place, query.id, query.data, message.message_id if message.is_accessible else None)


def _message(message: Message, update: Update, *, edited: bool) -> Event:
    user = message.from_user
    place = Place(
        message.chat.id,
        user.id if user else None,
        message.chat.type == ChatType.PRIVATE,
        user.language_code if user else None,
    )
    date = (message.edit_date if edited else message.date) or message.date
    text = message.text or message.caption
    if text is not None:
        command = None if edited else _COMMAND.fullmatch(text.strip())
        if command:
            to = command[2].lower() if command[2] else None
            return Command(place, message.message_id, date, command[1].lower(), (command[3] or "").strip(), to)
        return Said(place, message.message_id, date.astimezone(UTC), text, edited)
    location = message.location
    if location is not None:
        # The position of a live location comes again and again as an edit.
        return Other("moved") if edited else Located(place, message.message_id, location.latitude, location.longitude)
    kind = next((kind for kind in MEDIA if getattr(message, kind, None)), None)
    if kind is None and _is_service(update):
        return Other("service")
    return Sent(place, message.message_id, kind or "other", edited)


def _is_service(update: Update) -> bool:
    """Tell a message about the chat itself (somebody joined, a title changed) from one that somebody wrote."""
    from telegram.ext.filters import StatusUpdate

    return bool(StatusUpdate.ALL.check_update(update))


def _query_id(raw: Mapping[str, Any]) -> str | None:
    query = raw.get("callback_query") if isinstance(raw, Mapping) else None
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) and found else None
