"""Pictures of the ten talks on the chat page, to be looked at: LVXUAN_PICTURES=folder ./run test --long <this file>."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests.bot.telegram.dialogs import say
from tests.bot.telegram.private_chat import running_bot
from tests.bot.transcripts import lines_of, talks
from tests.browser import ARGUMENTS, chromium_path

FOLDER = os.environ.get("LVXUAN_PICTURES", "")
pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(chromium_path() is None, reason="chromium is not installed"),
]


@pytest.mark.parametrize("talk", talks())
async def test_a_talk_is_shown_on_the_page_whole_and_within_its_width(tmp_path, talk):
    """Each message of the talk stands on the page with all of its buttons, and nothing sticks out of a phone."""
    folder = Path(FOLDER) if FOLDER else tmp_path
    async with running_bot(tmp_path) as bot, async_playwright() as driver:
        aunt = bot.talk()
        for line in lines_of(talk):
            await say(bot, aunt, line)
        browser = await driver.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        page = await browser.new_page(viewport={"width": 420, "height": 900})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        await page.goto(bot.server.url)
        pane = page.locator("#pane-consumer")
        await pane.locator(".message, .bubble").last.wait_for()
        sizes = await pane.locator(".messages").evaluate("box => [box.scrollWidth, box.clientWidth, box.scrollHeight]")
        shown = await pane.locator(".messages").inner_text()
        buttons = [button["text"] for message in aunt.bot_messages() for row in _rows(message) for button in row]
        await page.set_viewport_size({"width": 420, "height": min(6000, sizes[2] + 260)})
        await page.screenshot(path=folder / f"{talk}.png")
        await browser.close()
    assert wrong == []
    assert sizes[0] <= sizes[1], "something sticks out"
    assert [text for text in buttons if text not in shown] == []


def _rows(message):
    return (message.body.get("reply_markup") or {}).get("inline_keyboard", [])
