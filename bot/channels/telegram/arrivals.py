"""Read of a raw update what the journal must know, and drop what we may not keep before anything is written.

Everything here comes from outside and may have any form: what is not as expected is not there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog_db.journal.records import Arrival

ALLOWED_UPDATES = (
    "message", "edited_message", "callback_query", "inline_query", "chosen_inline_result", "my_chat_member",
    "guest_message",
)  # fmt: skip
GUEST = "guest_message"  # somebody names us in a chat that we are no member of
_STANDS = ("message_id", "date", "chat", "message_thread_id", "is_topic_message")
_MESSAGES = frozenset({"message", "edited_message", "channel_post", "edited_channel_post"})
_HIGHEST_UPDATE = 1 << 40
_HIGHEST_ID = 1 << 53
_COMMAND = re.compile(r"/[A-Za-z0-9_]+(?:@([A-Za-z0-9_]+))?")
_STATUS_STOPS = frozenset({"kicked", "left"})


class NoUpdate(ValueError):  # noqa: N818 - said of what came, which is no failure of ours
    """What came is no update: no object, or without a usable number."""


@dataclass(frozen=True, slots=True)
class BotIdentity:
    """Who we are on the platform (getMe), and whose group is read in full. `hears_all`: privacy mode is off."""

    bot_id: int
    username: str
    staff_chat_id: int | None = None
    hears_all: bool = False
    more_staff: tuple[int, ...] = ()  # further groups of the staff


def read_arrival(update: Any, me: BotIdentity) -> Arrival | None:
    """Read a raw update; None for what may not be kept (group messages that are not addressed to us).

    Raises NoUpdate.
    """
    number = _whole(update.get("update_id"), _HIGHEST_UPDATE) if isinstance(update, dict) else None
    if number is None or number < 0:
        raise NoUpdate
    kind = next((key for key in update if key != "update_id"), "")
    body = _object(update.get(kind))
    chat = _chat(kind, body)
    chat_id = _whole(chat.get("id"), _HIGHEST_ID)
    private = chat.get("type") == "private"
    if chat_id is not None and not private and kind != GUEST and not _is_kept(kind, body, chat_id, me):
        return None
    stopped = _stopped(kind, body, private=private)
    person = _person(kind, body, chat_id, me) if not private else None
    conversation = _conversation(chat_id, person)
    guest = kind == GUEST  # we are no member there: the answer goes to the query, not to the chat
    return Arrival(
        number=number,
        kind=kind[:64],
        content=_content(update, kind, body, me, whole=chat_id is None or private),
        conversation=conversation,
        chat_id=None if guest else chat_id,
        unstops=chat_id is not None and stopped is None and (private or kind == "my_chat_member"),
        stopped=stopped if chat_id is not None else None,
        moved_to=_whole(body.get("migrate_to_chat_id"), _HIGHEST_ID) if kind == "message" and chat_id else None,
        person_id=person,
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _whole(value: Any, most: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < most else None


def _chat(kind: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Find the chat of an update; a pressed button lies in the chat of its message."""
    return _object(_object(body.get("message")).get("chat") if kind == "callback_query" else body.get("chat"))


def _person(kind: str, body: Mapping[str, Any], chat_id: int | None, me: BotIdentity) -> int | None:
    """Return whose talk it is: in a group each person has one of their own, in the staff's group there is one for all."""
    own = kind in {*_MESSAGES, GUEST, "callback_query"} and not _is_service(body, me) and "sender_chat" not in body
    if chat_id is not None and (chat_id == me.staff_chat_id or not own):
        return None
    return _whole(_object(body.get("from") or body.get("user")).get("id"), _HIGHEST_ID)


def _conversation(chat_id: int | None, person: int | None) -> str:
    if chat_id is None:
        return "nobody" if person is None else f"user:{person}"
    return str(chat_id) if person is None else f"{chat_id}:{person}"


def _content(
    update: dict[str, Any], kind: str, body: Mapping[str, Any], me: BotIdentity, *, whole: bool
) -> dict[str, Any]:
    """Return what is kept of an update; of the message under which a button was pressed, which we wrote, only where it stands."""
    if kind == "callback_query" and isinstance(message := body.get("message"), dict):
        return {**update, kind: {**body, "message": {name: message[name] for name in _STANDS if name in message}}}
    return update if whole else _without_others(update, kind, body, me)


def _without_others(update: Mapping[str, Any], kind: str, body: Mapping[str, Any], me: BotIdentity) -> dict[str, Any]:
    """Leave out what others said: of a message that is replied to only its number and author are kept, unless it is ours."""
    replied = _object(body.get("reply_to_message"))
    if kind not in {*_MESSAGES, GUEST} or _object(replied.get("from")).get("id") == me.bot_id:
        return dict(update)
    kept = {name: value for name, value in body.items() if name not in {"reply_to_message", "quote", "external_reply"}}
    frame = {name: replied[name] for name in ("message_id", "date", "chat", "from") if name in replied}
    return {**update, kind: {**kept, "reply_to_message": frame} if frame else kept}


def _stopped(kind: str, body: Mapping[str, Any], *, private: bool) -> str | None:
    """Tell why we may no longer write: blocked by a person, removed from a group."""
    status = _object(body.get("new_chat_member")).get("status")
    if kind != "my_chat_member" or not isinstance(status, str) or status not in _STATUS_STOPS:
        return None
    return "blocked" if private else "removed"


def _is_kept(kind: str, body: Mapping[str, Any], chat_id: int, me: BotIdentity) -> bool:
    """Tell whether an update from a group or channel concerns us."""
    if chat_id == me.staff_chat_id or chat_id in me.more_staff or kind in {"callback_query", "my_chat_member"}:
        return True
    if kind not in _MESSAGES or kind.endswith("channel_post"):
        return False
    return _is_service(body, me) or _is_addressed(body, me)


def _is_service(message: Mapping[str, Any], me: BotIdentity) -> bool:
    if "migrate_to_chat_id" in message or "migrate_from_chat_id" in message or "group_chat_created" in message:
        return True
    joined = message.get("new_chat_members")
    return isinstance(joined, list) and any(_object(user).get("id") == me.bot_id for user in joined)


def _is_addressed(message: Mapping[str, Any], me: BotIdentity) -> bool:
    """Tell whether a group message is a command, a mention or a reply for us; a card of ours that somebody put there is none."""
    if _object(message.get("via_bot")).get("id") == me.bot_id:
        return False
    if _object(_object(message.get("reply_to_message")).get("from")).get("id") == me.bot_id:
        return True
    text = message.get("text") or message.get("caption")
    if not isinstance(text, str):
        return False
    command = _COMMAND.match(text)
    if command:
        return command[1] is None or command[1].lower() == me.username.lower()
    return re.search(rf"(?<![\w@])@{re.escape(me.username)}(?!\w)", text, re.IGNORECASE | re.ASCII) is not None
