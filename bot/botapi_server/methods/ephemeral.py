"""Ephemeral messages: only one member of a group sees them (Bot API 10.2)."""

from __future__ import annotations

from bot.botapi_server.access import writable_chat
from bot.botapi_server.call import Call
from bot.botapi_server.errors import bad_request
from bot.botapi_server.methods.editing import apply_edit
from bot.botapi_server.outgoing import caption_content, text_content
from bot.botapi_server.state import Chat, Json, Message


def _find(call: Call, what: str) -> tuple[Chat, Message]:
    chat = writable_chat(call.account, call.get("chat_id"))
    message = chat.message(call.get("ephemeral_message_id"))
    if message is None or message.receiver_id != call.get("receiver_user_id"):
        raise bad_request(f"message to {what} not found")
    return chat, message


def edit_text(call: Call) -> bool:
    """Change the text of an ephemeral message."""
    return _edit(call, text_content(call, call.parameters), ("text", "entities", "link_preview_options"))


def edit_caption(call: Call) -> bool:
    """Change the caption of an ephemeral message."""
    return _edit(call, caption_content(call, call.parameters), ("caption", "caption_entities"))


def edit_markup(call: Call) -> bool:
    """Change the keyboard of an ephemeral message."""
    return _edit(call, {}, ())


def _edit(call: Call, content: Json, cleared: tuple[str, ...]) -> bool:
    chat, message = _find(call, "edit")
    apply_edit(call, message, cleared, content, chat)
    return True


def delete(call: Call) -> bool:
    """Take an ephemeral message away."""
    chat, message = _find(call, "delete")
    message.deleted = True
    chat.note("delete", message)
    call.account.touch()
    return True
