"""What of a letter goes into its call: method and parameters, and whether the call is worth making."""

from __future__ import annotations

import html
import re
from typing import Any

from catalog_db.journal.records import Letter

_CALLBACK_SECONDS = 150.0  # a pressed button is answered within these or not at all
_TO_A_CHAT = ("send", "forward", "copy")
_TAG = re.compile(r"<[^>]+>")


def why_not(letter: Letter, now: float) -> str:
    """Tell why a message need not be tried; empty: it may arrive."""
    expires_at = letter.expires_at
    if expires_at is None and letter.kind == "answer_callback":
        expires_at = letter.stored_at + _CALLBACK_SECONDS
    if expires_at is not None and now > expires_at:
        return "expired"
    method = method_for(letter)
    if method is None:
        return "nothing to edit"
    nowhere = letter.chat_id is None and "chat_id" not in letter.params
    return "no chat" if nowhere and method.startswith(_TO_A_CHAT) else ""


def method_for(letter: Letter) -> str | None:
    """Tell which method to call: an edit of a message that never arrived becomes a new message, where it can."""
    if letter.replaces is None or letter.message_id is not None:
        return letter.method
    return "sendMessage" if letter.method == "editMessageText" else None


def params_for(letter: Letter) -> dict[str, Any]:
    """Return what the call is made with: where it goes, and which message it changes."""
    params = dict(letter.params)
    if letter.chat_id is not None and letter.kind != "answer_callback":
        params.setdefault("chat_id", letter.chat_id)
    if letter.message_id is not None:
        params["message_id"] = letter.message_id
    return params


def make_plain(params: dict[str, Any]) -> None:
    """Take the markup out of a text that the Bot API cannot read."""
    del params["parse_mode"]
    for name in ("text", "caption"):
        if name in params:
            params[name] = html.unescape(_TAG.sub("", params[name]))
