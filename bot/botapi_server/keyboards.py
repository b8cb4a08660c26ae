"""Keyboards under messages, checked as the official server and Telegram's servers check them.

After `get_inline_keyboard_button` and `get_keyboard_button` (Client.cpp:9560-9760); BUTTON_… are Telegram's words.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.botapi_server.errors import bad_request
from bot.botapi_server.state import Chat, Json

# telegram.constants.InlineKeyboardMarkupLimit of python-telegram-bot; not in the official documentation.
MOST_BUTTONS = 100
_INLINE_KINDS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay", "disabled",
)  # fmt: skip
_SCHEMES = {"http", "https", "tg", "ton", "tonsite"}
# A link without a scheme counts as http.


def check_markup(markup: Json | None, chat: Chat | None) -> Json | None:
    """Check a keyboard that matches the schema. Return what is stored: None for an empty inline keyboard."""
    if not markup:
        return None
    if "inline_keyboard" in markup:
        rows = [row for row in markup["inline_keyboard"] if row]
        if sum(len(row) for row in rows) > MOST_BUTTONS:
            raise bad_request("reply markup is too long")
        for row in rows:
            for button in row:
                _check_inline(button, chat)
        return {**markup, "inline_keyboard": rows} if rows else None
    if "keyboard" in markup:
        for row in markup["keyboard"]:
            for button in row:
                _check_reply(button, chat)
    return markup


def _check_inline(button: Json, chat: Chat | None) -> None:
    kinds = [kind for kind in _INLINE_KINDS if kind in button]
    if not kinds:
        raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if not button["text"].strip():
        raise bad_request("can't parse inline keyboard button: text must be non-empty")
    if len(kinds) > 1:
        raise bad_request("BUTTON_TYPE_INVALID")
    if "url" in button and not is_link(button["url"]):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    if "web_app" in button:
        _check_web_app(button["web_app"]["url"], "inline keyboard button", chat)


def _check_reply(button: Any, chat: Chat | None) -> None:
    if isinstance(button, str):
        return
    private = chat is not None and chat.is_private
    if not button["text"].strip():
        raise bad_request("can't parse keyboard button: text must be non-empty")
    if button.get("request_contact") and not private:
        raise bad_request("phone number can be requested in private chats only")
    if button.get("request_location") and not private:
        raise bad_request("location can be requested in private chats only")
    if "web_app" in button:
        _check_web_app(button["web_app"]["url"], "keyboard button", chat)


def _check_web_app(url: str, what: str, chat: Chat | None) -> None:
    if not url.startswith("https://"):
        raise bad_request(f"{what} Web App URL '{url}' is invalid: Only HTTPS links are allowed")
    if chat is not None and not chat.is_private:
        raise bad_request("BUTTON_TYPE_INVALID")


def is_link(url: str) -> bool:
    """Tell whether Telegram takes this as the target of a link button."""
    parts = urlsplit(url if "://" in url or url.startswith("tg:") else f"http://{url}")
    if parts.scheme not in _SCHEMES:
        return False
    if parts.scheme in {"http", "https"}:
        host = parts.hostname or ""
        return "." in host or host == "localhost"
    return bool(parts.netloc or parts.path)
