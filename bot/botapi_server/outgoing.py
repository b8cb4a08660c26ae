"""A message of the bot on its way into a chat: text and markup read, place and reply checked, flood counted."""

from __future__ import annotations

from typing import Any

from bot.botapi_server.access import find_chat, replied_message, writable_chat, writable_topic
from bot.botapi_server.account import Account
from bot.botapi_server.call import Call
from bot.botapi_server.detection import detect_entities
from bot.botapi_server.errors import bad_request, too_many_requests
from bot.botapi_server.formatting import Entity, EntityError, parse_html, sort_entities, trim
from bot.botapi_server.keyboards import check_markup
from bot.botapi_server.limits import utf16_length
from bot.botapi_server.markdown import parse_markdown
from bot.botapi_server.state import Chat, Json, Message

MOST_TEXT = 4096
MOST_CAPTION = 1024
_PARSERS = {"html": parse_html, "markdownv2": parse_markdown}


def read_text(call: Call, source: Json, name: str, *, most: int) -> tuple[str, list[Entity]]:
    """Read a text with its parse mode or entities; the length counts UTF-16 units after parsing.

    `name` is the parameter: "text" and "message_text" go with `entities`, "caption" with `caption_entities`.
    """
    raw: str = source.get(name) or ""
    mode: str = (source.get("parse_mode") or "").lower()
    given = source.get("caption_entities" if name == "caption" else "entities")
    try:
        text, entities = _parse(call, raw, mode, given)
    except EntityError as error:
        call.violate(name, error.description)
        raise
    text, entities = trim(text, entities)
    if utf16_length(text) > most:
        call.violate(name, f"has {utf16_length(text)} characters after parsing, allowed are {most}")
        raise bad_request("message caption is too long" if name == "caption" else "message is too long")
    return text, detect_entities(text, _named_users(call.account, entities))


def _parse(call: Call, raw: str, mode: str, given: list[Json] | None) -> tuple[str, list[Entity]]:
    if mode and mode not in _PARSERS:
        call.violate("parse_mode", f"{mode} is not simulated" if mode == "markdown" else f"{mode} is unknown")
        raise bad_request("unsupported parse_mode")
    if mode:
        return _PARSERS[mode](raw)
    length = utf16_length(raw)
    kept = []
    for entity in given or []:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > length:
            raise EntityError(f"entity of the type {entity['type']} reaches beyond the text")
        kept.append(dict(entity))
    return raw, sort_entities(kept)


def _named_users(account: Account, entities: list[Entity]) -> list[Entity]:
    """Turn links to a user id into mentions; those of strangers vanish."""
    kept = []
    for entity in entities:
        if "user_id" in entity:
            user = account.hub.users.get(entity.pop("user_id"))
            if user is None:
                continue
            entity["user"] = user.body()
        kept.append(entity)
    return kept


def text_content(call: Call, source: Json, name: str = "text") -> Json:
    """Build the content of a text message."""
    text, entities = read_text(call, source, name, most=MOST_TEXT)
    if not text:
        call.violate(name, "is empty")
        raise bad_request("message text is empty")
    content: Json = {"text": text}
    if entities:
        content["entities"] = entities
    if source.get("link_preview_options"):
        content["link_preview_options"] = source["link_preview_options"]
    return content


def caption_content(call: Call, source: Json) -> Json:
    """Build the caption fields of a media message."""
    text, entities = read_text(call, source, "caption", most=MOST_CAPTION)
    content: Json = {"caption": text} if text else {}
    if text and entities:
        content["caption_entities"] = entities
    if source.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if source.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content


def place_of(call: Call) -> tuple[Chat, int | None, Message | None]:
    """Find where a message goes: the chat, the topic, and the message it replies to."""
    chat = writable_chat(call.account, call.get("chat_id"))
    topic_id = writable_topic(call, chat)
    reply = replied_message(call, chat)
    if topic_id is None and reply is not None and chat.is_forum:
        topic_id = reply.topic_id
    return chat, topic_id, reply


def send(call: Call, content: Json, *, counted: bool = False) -> Json:
    """Send one message with `content`, and return the `Message` object. `counted`: the flood model knows of it."""
    chat, topic_id, reply = place_of(call)
    markup = check_markup(call.get("reply_markup"), chat)
    if not counted:
        wait(call.account, chat)
    message = deliver(call.account, chat, content | options_content(call, reply), topic_id, markup)
    _make_ephemeral(call, message)
    return message.body


def wait(account: Account, chat: Chat, messages: int = 1) -> None:
    """Refuse with 429 when the flood model says so."""
    seconds = account.flood.retry_after(chat.chat_id, messages)
    if seconds:
        raise too_many_requests(seconds)


def options_content(call: Call, reply: Message | None) -> Json:
    """Build the fields that any kind of sent message may have."""
    content: Json = {}
    if reply is not None:
        content["reply_to_message"] = call.account.reply_body(reply)
        quote = (call.get("reply_parameters") or {}).get("quote")
        if quote:
            if quote not in reply.text:
                raise bad_request("QUOTE_TEXT_INVALID")
            content["quote"] = {"text": quote, "position": reply.text.index(quote), "is_manual": True}
    if call.get("protect_content"):
        content["has_protected_content"] = True
    if call.get("message_effect_id"):
        content["effect_id"] = call.get("message_effect_id")
    return content


def deliver(account: Account, chat: Chat, content: Json, topic_id: int | None, markup: Json | None) -> Message:
    """Put a message of the bot into a chat and show its reply keyboard to the person."""
    sender = None if chat.kind == "channel" else account.me
    sender_chat = chat if chat.kind == "channel" else None
    message = account.post(
        chat, content, sender=sender, sender_chat=sender_chat, topic_id=topic_id, reply_markup=markup
    )
    if sender is None:
        message.from_bot = True
        account.delivered[chat.chat_id] = account.delivered.get(chat.chat_id, 0) + 1
    if markup and "keyboard" in markup:
        chat.reply_keyboard = markup
    elif markup and "remove_keyboard" in markup:
        chat.reply_keyboard = None
    chat.drafts.clear()
    chat.actions_over = len(chat.actions)
    return message


def _make_ephemeral(call: Call, message: Message) -> None:
    """Show a message to one member of a group only (Bot API 10.2)."""
    wanted = call.get("ephemeral_message_parameters")
    if not wanted:
        return
    receiver = call.account.hub.users.get(wanted["receiver_user_id"])
    if receiver is None:
        raise bad_request("user not found")
    message.receiver_id = receiver.user_id
    message.body |= {"receiver_user": receiver.body(), "ephemeral_message_id": message.message_id}


def source_message(call: Call, message_id: Any, words: str) -> Message:
    """Find the message that is copied or forwarded."""
    chat = find_chat(call.account, call.get("from_chat_id"))
    message = chat.message(message_id)
    if message is None:
        raise bad_request(words)
    return message
