"""Ambassadors on the strict Bot API server: how a test makes one, and looks at what the books keep."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import TypeVar

from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Message
from catalog_db.journal import ambassadors
from catalog_db.journal.books import Books
from tests.bot.telegram.private_chat import Bot

T = TypeVar("T")


async def write(bot: Bot, operation: Callable[[Books], T]) -> T:
    """Do something with the books, as an operator does."""
    now = bot.server.hub.clock.now()
    return await asyncio.wrap_future(bot.service.journal.write(operation, now))


async def approve(bot: Bot, talk: Conversation, name: str = "张秀英", village: str = "兰考县张庄村") -> str:
    """Make somebody an ambassador; return the short name in links."""
    ref = f"ref{talk.chat.chat_id}"[-8:]

    def made(books: Books) -> str:
        one = ambassadors.ask(books, talk.chat.chat_id, ref, name, village)
        return ambassadors.decide(books, one, "approved").ref

    return await write(bot, made)


async def say(bot: Bot, talk: Conversation, text: str) -> Message:
    """Say something ten seconds after whatever was said before; return the message that answers."""
    bot.pass_time(10)
    before = talk.delivered
    await talk.send_text(text)
    await talk.wait_until(lambda: talk.delivered > before, what=f"answer to {text}")
    await bot.settled()
    return talk.bot_messages()[-1]


async def open_list(bot: Bot, talk: Conversation, text: str) -> Message:
    """Open a list by code or link; return the message with the list: a word about who shared it may stand below."""
    await say(bot, talk, text)
    return next(m for m in reversed(talk.bot_messages()) if re.search(r"共 \d+ 条", m.body.get("text", "")))


async def press(bot: Bot, talk: Conversation, message: Message, label: str) -> Message:
    """Press a button; return the latest message then."""
    bot.pass_time(10)
    callback = await talk.press(message, label)
    await talk.wait_for_answer(callback)
    await bot.settled()
    return talk.bot_messages()[-1]
