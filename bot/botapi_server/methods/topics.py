"""Forum topics. What the bot does to a topic comes back to it as a service message (Client.cpp:17410-17447)."""

from __future__ import annotations

from typing import Any

from bot.botapi_server import incoming
from bot.botapi_server.access import forum_chat, manageable_topic
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.state import GENERAL_TOPIC, Chat, Json, Topic

_COLORS = frozenset({7_322_096, 16_766_590, 13_338_331, 9_367_192, 16_749_490, 16_478_047})


def create_forum_topic(call: Call) -> Json:
    """Open a topic; its id is that of the service message."""
    chat = forum_chat(call)
    color = call.get("icon_color", 7_322_096)
    if color not in _COLORS:
        call.violate("icon_color", f"is {color}, one of six is allowed")
        raise bad_request("wrong icon color specified")
    created: Json = {"name": call.get("name"), "icon_color": color}
    if call.get("icon_custom_emoji_id"):
        created["icon_custom_emoji_id"] = call.get("icon_custom_emoji_id")
    message = incoming.open_topic(call.account, chat, call.account.me, created)
    return created | {"message_thread_id": message.message_id}


def edit_forum_topic(call: Call) -> bool:
    """Rename a topic or change its icon."""
    chat, topic = manageable_topic(call)
    edited: Json = {}
    if call.get("name") and call.get("name") != topic.name:
        topic.name = edited["name"] = call.get("name")
    icon = call.get("icon_custom_emoji_id")
    if icon is not None and icon != (topic.icon_custom_emoji_id or ""):
        topic.icon_custom_emoji_id = edited["icon_custom_emoji_id"] = icon
    if not edited:
        raise bad_request("TOPIC_NOT_MODIFIED")
    incoming.announce(call.account, chat, {"forum_topic_edited": edited}, topic.topic_id)
    return True


def set_closed(*, closed: bool) -> Any:
    """Build closeForumTopic or reopenForumTopic."""

    def method(call: Call) -> bool:
        chat, topic = manageable_topic(call)
        return _close(call, chat, topic, closed=closed)

    return method


def _close(call: Call, chat: Chat, topic: Topic, *, closed: bool) -> bool:
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    key = "forum_topic_closed" if closed else "forum_topic_reopened"
    incoming.announce(call.account, chat, {key: {}}, None if topic.topic_id == GENERAL_TOPIC else topic.topic_id)
    return True


def delete_forum_topic(call: Call) -> bool:
    """Delete a topic and everything in it."""
    chat, topic = manageable_topic(call)
    incoming.drop_topic(call.account, chat, topic)
    return True


def unpin_topic(call: Call) -> bool:
    """Unpin everything in a topic."""
    chat, topic = manageable_topic(call)
    chat.pinned = [number for number in chat.pinned if chat.messages[number].topic_id != topic.topic_id]
    return True


def _general(chat: Chat) -> Topic:
    return chat.topics.setdefault(GENERAL_TOPIC, Topic(GENERAL_TOPIC, "General"))


def edit_general_topic(call: Call) -> bool:
    """Rename the General topic."""
    chat = forum_chat(call)
    topic = _general(chat)
    if topic.name == call.get("name"):
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.name = call.get("name")
    incoming.announce(call.account, chat, {"forum_topic_edited": {"name": topic.name}})
    return True


def set_general_closed(*, closed: bool) -> Any:
    """Build closeGeneralForumTopic or reopenGeneralForumTopic."""

    def method(call: Call) -> bool:
        chat = forum_chat(call)
        return _close(call, chat, _general(chat), closed=closed)

    return method


def set_general_hidden(*, hidden: bool) -> Any:
    """Build hideGeneralForumTopic or unhideGeneralForumTopic."""

    def method(call: Call) -> bool:
        chat = forum_chat(call)
        topic = _general(chat)
        if topic.hidden == hidden:
            raise bad_request("TOPIC_NOT_MODIFIED")
        topic.hidden = topic.closed = hidden
        key = "general_forum_topic_hidden" if hidden else "general_forum_topic_unhidden"
        incoming.announce(call.account, chat, {key: {}})
        return True

    return method


def get_icon_stickers(_: Call) -> list[Json]:
    """There are no icon stickers here."""
    return []
