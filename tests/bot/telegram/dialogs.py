"""Play the talks of tests/bot/golden/talks on Telegram."""

from __future__ import annotations

import re

from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Callback, Json, Message
from tests.bot.telegram.channel import changed
from tests.bot.telegram.private_chat import Bot, buttons_of

PAUSE = 10.0  # seconds between two lines: nothing is taken for the other half of the line before


async def say(bot: Bot, talk: Conversation, line: str) -> Message:
    """Say a line, or press the button of that letter; return the message that answers."""
    bot.pass_time(PAUSE)
    letter = re.fullmatch("[A-Z]", line)
    if letter:
        latest = talk.bot_messages()[-1]
        return await press(bot, talk, latest, choices_of(latest)[ord(line) - ord("A")])
    before = talk.delivered
    await talk.send_text(line)
    for _ in range(400):
        if talk.delivered > before:
            break
        await changed(bot.server, 0.02)
        bot.pass_time(0.2)  # what cannot stand alone waits for its other half
    assert talk.delivered > before, talk.text()
    await bot.settled()
    return talk.bot_messages()[-1]


async def press(bot: Bot, talk: Conversation, message: Message, button: Json) -> Message:
    """Press a button; return the message that shows its answer."""
    edits, delivered = message.edits, talk.delivered
    callback = await _press(talk, message, button)
    await talk.wait_for_answer(callback)
    await talk.wait_until(
        lambda: message.edits > edits or talk.delivered > delivered, what=f"effect of {button['text']}"
    )
    await bot.settled()
    return message if message.edits > edits else talk.bot_messages()[-1]


async def _press(talk: Conversation, message: Message, button: Json) -> Callback:
    talk.chat.note("press", message, who=talk.user.first_name, text=button["text"])
    return await talk.press_data(message, button["callback_data"])


def presses_of(message: Message) -> list[Json]:
    """The buttons that call back."""
    return [button for button in buttons_of(message) if "callback_data" in button]


def choices_of(message: Message) -> list[Json]:
    """The buttons of the answer itself, without those that open an entry of its list."""
    return [button for button in presses_of(message) if not re.fullmatch(r"第\d+个", button["text"])]
