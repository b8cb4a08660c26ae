"""May the bot do this here? Chat, topic, reply and rights, checked in the official order with the official words.

After `check_chat_access`, `check_chat`, `check_message_topic` (Client.cpp:8124-8290) and the error names of Telegram's
servers as `fail_query_with_error` words them (Client.cpp:71-205).
"""

from __future__ import annotations

from typing import Any

from bot.botapi_server.account import Account
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request, forbidden, migrated
from bot.botapi_server.state import GENERAL_TOPIC, Chat, Message, Topic

_NAMES = {"group": "group", "supergroup": "supergroup", "channel": "channel"}


def find_chat(account: Account, chat_id: Any) -> Chat:
    """Find a chat by id or @username, or refuse with "chat not found"."""
    if chat_id is None or chat_id == "":
        raise bad_request("chat_id is empty")
    if isinstance(chat_id, str):
        named = [chat for chat in account.chats.values() if chat.username and f"@{chat.username}" == chat_id]
        if not named or named[0].is_private:
            raise bad_request("chat not found")
        return named[0]
    chat = account.chats.get(chat_id)
    if chat is None:
        if any(chat_id in other.members for other in account.chats.values()):
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")
    return chat


def readable_chat(account: Account, chat_id: Any) -> Chat:
    """Find a chat the bot can still see."""
    chat = find_chat(account, chat_id)
    if chat.kind in {"supergroup", "channel"}:
        _check_member(account, chat)
    return chat


def writable_chat(account: Account, chat_id: Any) -> Chat:
    """Find a chat the bot may write to, or refuse as the official server does."""
    chat = find_chat(account, chat_id)
    if chat.user is not None:
        if chat.user.deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat
    if chat.migrated_to is not None:
        raise migrated(chat.migrated_to)
    if chat.deleted:
        raise forbidden(f"the {_NAMES[chat.kind]} chat was deleted")
    _check_member(account, chat)
    member = account.chat_member(chat)
    if chat.kind == "channel" and not member.can("can_post_messages") and member.status != "creator":
        raise bad_request("need administrator rights in the channel chat")
    if member.status == "restricted" and member.permissions.get("can_send_messages") is False:
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _check_member(account: Account, chat: Chat) -> None:
    member = account.chat_member(chat)
    if member.status == "kicked":
        raise forbidden(f"bot was kicked from the {_NAMES[chat.kind]} chat")
    if not member.present:
        raise forbidden(f"bot is not a member of the {_NAMES[chat.kind]} chat")


def require_right(account: Account, chat: Chat, right: str, words: str = "not enough rights") -> None:
    """Refuse unless the bot is an administrator with `right`."""
    if not account.chat_member(chat).can(right):
        raise bad_request(words)


def writable_topic(call: Call, chat: Chat) -> int | None:
    """Resolve `message_thread_id`. The General topic may not be named (Client.cpp:8277)."""
    topic_id: int | None = call.get("message_thread_id") or None
    if topic_id is None or not (chat.is_forum or chat.is_private):
        return None
    topic = chat.topics.get(topic_id)
    if topic is None or topic_id == GENERAL_TOPIC:
        raise bad_request("message thread not found")
    if topic.closed and not call.account.chat_member(chat).can("can_manage_topics"):
        raise bad_request("TOPIC_CLOSED")
    return topic_id


def manageable_topic(call: Call) -> tuple[Chat, Topic]:
    """Find the topic that a topic method speaks of."""
    chat = forum_chat(call)
    topic = chat.topics.get(call.get("message_thread_id"))
    if topic is None or topic.topic_id == GENERAL_TOPIC:
        raise bad_request("message thread not found")
    return chat, topic


def forum_chat(call: Call) -> Chat:
    """Find a forum whose topics the bot may manage."""
    chat = writable_chat(call.account, call.get("chat_id"))
    if chat.is_private and call.account.flags.get("has_topics_enabled"):
        return chat
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    require_right(call.account, chat, "can_manage_topics", "not enough rights to create a topic")
    return chat


def replied_message(call: Call, chat: Chat) -> Message | None:
    """Resolve `reply_parameters` (Client.cpp:8516)."""
    reply = call.get("reply_parameters")
    if not reply or "message_id" not in reply:
        return None
    other = find_chat(call.account, reply["chat_id"]) if "chat_id" in reply else chat
    message = other.message(reply["message_id"])
    if message is not None:
        return message
    if reply.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def own_message(call: Call, what: str) -> tuple[Chat, Message]:
    """Find the message a call names, or refuse with "message to `what` not found"."""
    chat = writable_chat(call.account, call.get("chat_id"))
    message = chat.message(call.get("message_id"))
    if message is None:
        raise bad_request(f"message to {what} not found")
    return chat, message
