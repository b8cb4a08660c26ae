"""What people do, and which updates the bot gets of it."""

from __future__ import annotations

from bot.botapi_server.account import Account
from bot.botapi_server.detection import detect_entities
from bot.botapi_server.state import Callback, Chat, Json, Member, Message, Topic, User

# The account behind which anonymous administrators speak (Bot API, Message.from).
ANONYMOUS = User(1_087_968_824, "Group", username="GroupAnonymousBot", is_bot=True)
_SERVICE = ("forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden", "new_chat_members", "left_chat_member", "pinned_message", "forum_topic_created", "migrate_to_chat_id", "migrate_from_chat_id", "group_chat_created", "new_chat_title")  # fmt: skip


def text_fields(text: str) -> Json:
    """Build the content of a plain text as a person sends it."""
    content: Json = {"text": text}
    entities = detect_entities(text, [])
    if entities:
        content["entities"] = entities
    return content


def speak(
    account: Account,
    chat: Chat,
    user: User,
    content: Json,
    *,
    topic_id: int | None = None,
    reply_to: Message | None = None,
    anonymous: bool = False,
) -> Message:
    """Let a person send something; the bot gets an update when it may see it."""
    if chat.is_private:
        if chat.blocked:
            raise PermissionError(f"{user.first_name} has blocked the bot: unblock first")
        chat.started = True
    fields = dict(content)
    if reply_to is not None:
        fields["reply_to_message"] = account.reply_body(reply_to)
    in_channel = chat.kind == "channel"
    message = account.post(
        chat,
        fields,
        sender=None if in_channel else ANONYMOUS if anonymous else user,
        sender_chat=chat if in_channel or anonymous else None,
        topic_id=topic_id,
    )
    tell(account, chat, message, "channel_post" if in_channel else "message")
    return message


def tell(account: Account, chat: Chat, message: Message, kind: str) -> int | None:
    """Queue a message update unless privacy mode hides it. An edit lives from its edit date."""
    if not sees(account, chat, message):
        return None
    born = message.body.get("edit_date", message.body["date"])
    return account.add_update(kind, dict(message.body), ("chat", chat.chat_id), born)


def sees(account: Account, chat: Chat, message: Message) -> bool:
    """Tell whether the bot sees a message (features#privacy-mode)."""
    if chat.is_private or chat.kind == "channel":
        return chat.is_private or account.chat_member(chat).present
    member = account.chat_member(chat)
    if not member.present:
        return False
    if account.flags["can_read_all_group_messages"] or member.status in {"administrator", "creator"}:
        return True
    body = message.body
    if any(key in body for key in _SERVICE) or body.get("via_bot", {}).get("id") == account.me.user_id:
        return True
    replied = body.get("reply_to_message")
    if replied and "forum_topic_created" not in replied and replied.get("from", {}).get("id") == account.me.user_id:
        return True
    return _is_command_for(account, chat, message)


def _is_command_for(account: Account, chat: Chat, message: Message) -> bool:
    for entity in message.body.get("entities", []):
        if entity["type"] == "bot_command":
            start = entity["offset"]
            command = message.text.encode("utf-16-le")[start * 2 : (start + entity["length"]) * 2].decode("utf-16-le")
            _, at, name = command.partition("@")
            if at:
                return name.lower() == (account.me.username or "").lower()
            return any(other.from_bot for other in chat.visible())
    return False


def announce(account: Account, chat: Chat, content: Json, topic_id: int | None = None) -> Message:
    """Post a service message about what the bot itself did; the bot is told of it (Client.cpp:17410-17447)."""
    sender_chat = chat if chat.kind == "channel" else None
    sender = None if sender_chat else account.me
    message = account.post(chat, content, sender=sender, sender_chat=sender_chat, topic_id=topic_id)
    tell(account, chat, message, "channel_post" if sender_chat else "message")
    return message


def open_topic(account: Account, chat: Chat, user: User, created: Json) -> Message:
    """Open a forum topic; the bot is told whoever did it."""
    message = account.post(chat, {"forum_topic_created": created}, sender=user, opens_topic=True)
    topic_id = message.message_id
    topic = Topic(topic_id, created["name"], created["icon_color"], created.get("icon_custom_emoji_id"))
    chat.topics[topic_id] = topic
    tell(account, chat, message, "message")
    return message


def drop_topic(account: Account, chat: Chat, topic: Topic) -> None:
    """Delete a topic and its messages; nobody is told."""
    chat.topics.pop(topic.topic_id, None)
    for message in chat.visible():
        message.deleted = message.topic_id == topic.topic_id
    account.touch()


def change(account: Account, chat: Chat, message: Message, content: Json) -> Message:
    """Let a person edit what was sent."""
    kept = {key: value for key, value in message.body.items() if key not in {"text", "entities", "caption"}}
    message.body = kept | content | {"edit_date": account.now()}
    chat.note("edit", message)
    tell(account, chat, message, "edited_channel_post" if chat.kind == "channel" else "edited_message")
    return message


def press(account: Account, chat: Chat | None, user: User, message: Message, data: str) -> Callback:
    """Let a person press an inline button that carries `data`."""
    hub = account.hub
    callback = Callback(str(hub.rng.getrandbits(63)), user, hub.clock.now(), message, chat)
    account.callbacks[callback.query_id] = callback
    place = chat.chat_id if chat is not None else user.user_id
    body: Json = {"id": callback.query_id, "from": user.body(), "chat_instance": str(place), "data": data}
    if message.inline_message_id is not None:
        body["inline_message_id"] = message.inline_message_id
    elif message.deleted:
        body["message"] = {"chat": message.body["chat"], "message_id": message.message_id, "date": 0}
    else:
        body["message"] = dict(message.body)
    account.add_update("callback_query", body, ("callback", user.user_id))
    return callback


def change_member(account: Account, chat: Chat, actor: User, old: Json, member: Member) -> None:
    """Tell the bot that somebody's standing in a chat changed: its own, or that of others."""
    body: Json = {
        "chat": chat.body(),
        "from": actor.body(),
        "date": account.now(),
        "old_chat_member": old,
        "new_chat_member": member.body(),
    }
    own = member.user.user_id == account.me.user_id
    if own or account.chat_member(chat).status == "administrator":
        account.add_update("my_chat_member" if own else "chat_member", body, ("chat", chat.chat_id))


def react(account: Account, chat: Chat, user: User, message: Message, emoji: list[str]) -> None:
    """Let a person react to a message; an administrator bot that asked for it is told."""
    old = message.reactions.get(user.user_id, [])
    new: list[Json] = [{"type": "emoji", "emoji": sign} for sign in emoji]
    message.reactions[user.user_id] = new
    body = {
        "chat": chat.body(), "message_id": message.message_id, "user": user.body(), "date": account.now(),
        "old_reaction": old, "new_reaction": new,
    }  # fmt: skip
    if chat.is_private or account.chat_member(chat).status == "administrator":
        account.add_update("message_reaction", body, ("chat", chat.chat_id))
    account.touch()
