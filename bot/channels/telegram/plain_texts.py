"""The short way for what most updates are: a text that a person types into a private chat, with nothing around it.

python-telegram-bot looks for two hundred fields that such a message lacks, which takes as long as half of its answer. Whatever has
one field more than is known here, or one of another type, goes the long way (`updates.read_update`), which reads the same of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.channels.telegram.outgoing import Json
from bot.channels.telegram.updates import Command, Place, Said, worded

_UPDATE = {"update_id", "message"}
_MESSAGE = frozenset({"message_id", "from", "chat", "date", "text", "entities", "link_preview_options"})
_LATEST = 1 << 33  # seconds since 1970 that a clock may show


def read_plain_text(raw: Json) -> Said | Command | None:
    """Read an update when it is such a text; None when it is not, or nearly."""
    message = raw.get("message")
    if raw.keys() != _UPDATE or type(message) is not dict or not message.keys() <= _MESSAGE:
        return None
    text, number, date = message.get("text"), message.get("message_id"), message.get("date")
    if type(text) is not str or type(number) is not int or type(date) is not int or not 0 < date < _LATEST:
        return None
    place = _place(message.get("from"), message.get("chat"))
    return worded(place, number, datetime.fromtimestamp(date, UTC), text) if place is not None else None


def _place(user: Any, chat: Any) -> Place | None:
    if not isinstance(user, Mapping) or not isinstance(chat, Mapping) or chat.get("type") != "private":
        return None
    number, person, bot = chat.get("id"), user.get("id"), user.get("is_bot")
    name, language = user.get("first_name"), user.get("language_code")
    if type(number) is not int or type(person) is not int or type(name) is not str or type(bot) is not bool:
        return None
    return Place(number, person, True, language, name) if language is None or type(language) is str else None
