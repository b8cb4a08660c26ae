"""The whole of a bot's world as JSON, for the chat page and for scripts."""

from __future__ import annotations

from typing import Any

from bot.botapi_server.account import Account
from bot.botapi_server.state import Chat, Json, Message

# A chat action is shown for five seconds (Bot API, sendChatAction), a draft for thirty.
_ACTION_SECONDS = 5
_DRAFT_SECONDS = 30
_MOST_MESSAGES = 300


def world(account: Account) -> Json:
    """Describe the bot, its people and its chats."""
    hub = account.hub
    return {
        "changes": account.changes,
        "bot": account.me_body(),
        "commands": account.commands.get(("default", "zh")) or account.commands.get(("default", ""), []),
        "users": [user.body() for user in hub.users.values()],
        "chats": [chat_view(account, chat) for chat in account.chats.values()],
        "violations": [str(violation) for violation in hub.violations[-20:]],
        "pending": len(account.queue.waiting),
    }


def chat_view(account: Account, chat: Chat) -> Json:
    """Describe one chat as people see it."""
    now = account.hub.clock.now()
    doing = [(action, topic) for action, topic, at in chat.actions[chat.actions_over :] if now - at < _ACTION_SECONDS]
    body = chat.body() | {
        "started": chat.started or not chat.is_private,
        "blocked": chat.blocked,
        "members": [member.body() for member in chat.members.values() if member.present],
        "topics": [
            {"id": topic.topic_id, "name": topic.name, "closed": topic.closed} for topic in chat.topics.values()
        ],
        "messages": [message_view(message) for message in chat.visible()[-_MOST_MESSAGES:]],
        "pinned": chat.pinned[-1:],
        "reply_keyboard": chat.reply_keyboard,
        "drafts": [draft for draft in chat.drafts.values() if now - draft["at"] < _DRAFT_SECONDS],
    }
    if doing:
        body["action"] = {"name": doing[-1][0], "topic": doing[-1][1]}
    return body


def message_view(message: Message) -> Json:
    """Describe one message with what only people see."""
    return message.body | {
        "from_bot": message.from_bot,
        "receiver_id": message.receiver_id,
        "asks_reply": bool(message.reply_markup and message.reply_markup.get("force_reply")),
        "seen_reactions": [reaction for given in message.reactions.values() for reaction in given],
    }


def calls(account: Account, method: str | None, most: int) -> list[dict[str, Any]]:
    """List the newest calls, of one method or all."""
    chosen = [call for call in account.hub.calls if method is None or call.method == method]
    return [
        {"at": call.at, "method": call.method, "parameters": call.parameters, "status": call.status,
         "description": call.description, "fault": call.fault}
        for call in chosen[-most:]
    ]  # fmt: skip
