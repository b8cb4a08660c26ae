"""What is sent to Telegram: the parameters of a message and of the answer to a pressed button, and plain messages in parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.channels.telegram.abilities import RICH
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.rich import Rich, rich, to_html
from bot.channels.telegram.tabled import rich_message
from bot.elders import MESSAGES, messages_of
from bot.wording import Wording
from handlers.turn import Answer

CALLBACK_SECONDS = 150  # Telegram forgets a pressed button after that


def parted(answer: Answer, wording: Wording) -> tuple[list[list[str]], list[list[str]]]:
    """Write an answer for 长辈模式: what is sent at once, and the rest."""
    messages = [list(message) for message in messages_of(answer, wording)] or [[wording.say("telegram.nothing")]]
    return messages[:MESSAGES], messages[MESSAGES:]


def lines(message: Sequence[str]) -> Rich:
    """Return the lines of a plain message as its text."""
    return rich("\n".join(message))


def message(page: Rich, markup: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the parameters of a message with this text."""
    params: dict[str, Any] = {
        "text": to_html(page),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }
    tables = rich_message(page)
    if tables is not None:
        params[RICH] = tables
    return params | ({"reply_markup": dict(markup)} if markup else {})


def acknowledgement(params: Mapping[str, Any], now: datetime) -> Outgoing:
    """Return the answer to a pressed button."""
    expires = now + timedelta(seconds=CALLBACK_SECONDS)
    return Outgoing("answerCallbackQuery", params, None, "answer_callback", False, expires_at=expires)
