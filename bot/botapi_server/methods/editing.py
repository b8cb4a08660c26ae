"""Methods that change or delete messages, pin them and react to them."""

from __future__ import annotations

from typing import Any

from bot.botapi_server import incoming
from bot.botapi_server.access import own_message, require_right, writable_chat
from bot.botapi_server.call import Call
from bot.botapi_server.errors import ApiError, bad_request
from bot.botapi_server.files import media_body, take_file
from bot.botapi_server.keyboards import check_markup
from bot.botapi_server.methods.rich import rich_content
from bot.botapi_server.outgoing import caption_content, text_content
from bot.botapi_server.state import Chat, Json, Message

_NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
_TEXT = ("text", "entities", "link_preview_options", "rich_message")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")
_MEDIA = ("photo", "document", "video", "audio", "animation")
_TWO_DAYS = 48 * 3600


def _editable(call: Call) -> tuple[Chat | None, Message]:
    """Find the message to edit: the bot's own, by chat and number or by inline id."""
    inline_id = call.get("inline_message_id")
    if inline_id is not None:
        found = call.account.inline_messages.get(inline_id)
        if found is None:
            raise bad_request("MESSAGE_ID_INVALID")
        return None, found
    if call.get("message_id") is None:
        raise bad_request("message identifier is not specified")
    chat, message = own_message(call, "edit")
    # "Only messages without reply_markup or with inline keyboards" can be edited (Bot API, editMessageText).
    other_keyboard = bool(message.reply_markup) and "inline_keyboard" not in (message.reply_markup or {})
    if not message.from_bot or "forward_origin" in message.body or other_keyboard:
        raise bad_request("message can't be edited")
    return chat, message


def apply_edit(call: Call, message: Message, cleared: tuple[str, ...], content: Json, chat: Chat | None) -> Any:
    """Replace fields and keyboard. The keyboard goes when the call brings none."""
    markup = check_markup(call.get("reply_markup"), chat)
    changed = {key: value for key, value in message.body.items() if key not in {*cleared, "reply_markup", "edit_date"}}
    changed |= content
    if markup:
        changed["reply_markup"] = markup
    before = {key: value for key, value in message.body.items() if key != "edit_date"}
    if changed == before:
        raise ApiError(400, _NOT_MODIFIED)
    message.body = changed | {"edit_date": call.account.now()}
    message.reply_markup = markup
    message.edits += 1
    if chat is not None:
        chat.note("edit", message)
    call.account.touch()
    return True if call.get("inline_message_id") is not None else message.body


def edit_message_text(call: Call) -> Any:
    """Change a text message."""
    chat, message = _editable(call)
    if not {"text", "rich_message"} & message.body.keys():
        raise bad_request("there is no text in the message to edit")
    read = rich_content if call.get("rich_message") else text_content
    return apply_edit(call, message, _TEXT, read(call, call.parameters), chat)


def edit_message_caption(call: Call) -> Any:
    """Change a caption."""
    chat, message = _editable(call)
    if not any(key in message.body for key in (*_MEDIA, "voice")):
        raise bad_request("there is no caption in the message to edit")
    return apply_edit(call, message, _CAPTION, caption_content(call, call.parameters), chat)


def edit_message_media(call: Call) -> Any:
    """Change the file of a message, and its caption with it."""
    chat, message = _editable(call)
    item: Json = call.get("media")
    kind: str = item["type"]
    if kind not in _MEDIA:
        raise bad_request("can't use the media of the specified type")
    content = {kind: media_body(kind, take_file(call, item["media"], kind), item)} | caption_content(call, item)
    return apply_edit(call, message, (*_TEXT, *_CAPTION, *_MEDIA, "has_media_spoiler"), content, chat)


def edit_message_reply_markup(call: Call) -> Any:
    """Change only the keyboard."""
    chat, message = _editable(call)
    return apply_edit(call, message, (), {}, chat)


def delete_message(call: Call) -> bool:
    """Delete a message: the bot's own, or anybody's in private chats and with the right to."""
    chat, message = own_message(call, "delete")
    if not _deletable(call, chat, message):
        raise bad_request("message can't be deleted")
    _remove(chat, message)
    call.account.touch()
    return True


def _remove(chat: Chat, message: Message) -> None:
    message.deleted = True
    chat.note("delete", message)


def _deletable(call: Call, chat: Chat, message: Message) -> bool:
    right = call.account.chat_member(chat).can("can_delete_messages")
    young = call.account.now() - message.body["date"] <= _TWO_DAYS
    return right or (young and (chat.is_private or message.from_bot))


def delete_messages(call: Call) -> bool:
    """Delete several messages; those that are not there are skipped."""
    chat = writable_chat(call.account, call.get("chat_id"))
    for message_id in call.get("message_ids"):
        message = chat.message(message_id)
        if message is not None and _deletable(call, chat, message):
            _remove(chat, message)
    call.account.touch()
    return True


def pin_chat_message(call: Call) -> bool:
    """Pin a message; a service message tells so."""
    chat, message = own_message(call, "pin")
    if not chat.is_private:
        require_right(call.account, chat, "can_pin_messages", "not enough rights to manage pinned messages in the chat")
    if message.message_id not in chat.pinned:
        chat.pinned.append(message.message_id)
        content = {"pinned_message": call.account.reply_body(message)}
        incoming.announce(call.account, chat, content, message.topic_id)
    return True


def unpin_chat_message(call: Call) -> bool:
    """Unpin one message, or the newest."""
    chat = writable_chat(call.account, call.get("chat_id"))
    wanted = call.get("message_id", chat.pinned[-1] if chat.pinned else None)
    if wanted not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(wanted)
    return True


def unpin_all_chat_messages(call: Call) -> bool:
    """Unpin everything."""
    writable_chat(call.account, call.get("chat_id")).pinned.clear()
    return True


def set_message_reaction(call: Call) -> bool:
    """Set or take away the bot's reaction; a bot may set one."""
    _, message = own_message(call, "react")
    wanted: list[Json] = call.get("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    if any(reaction["type"] == "paid" for reaction in wanted):
        raise bad_request("REACTION_INVALID")
    message.reactions[call.account.me.user_id] = wanted
    call.account.touch()
    return True
