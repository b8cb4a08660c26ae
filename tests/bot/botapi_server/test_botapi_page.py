"""The chat page in a real browser: three windows, every way to speak, nothing from outside, nothing read as HTML."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.botapi_server import BotApiServer
from bot.botapi_server.scene import set_scene

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "看参数", "callback_data": "more", "style": "primary"}, {"text": "提醒我", "callback_data": "alert"}],
        [{"text": "证书号", "copy_text": {"text": "CGP-2024-1"}}, {"text": "官网", "url": "https://example.org/x"}],
        [{"text": "从链接开始", "url": "https://t.me/lvxuan_bot?start=p_12"}],
    ]
}
KEYS = {"keyboard": [[{"text": "找产品"}, {"text": "发我的位置", "request_location": True}]], "resize_keyboard": True}


class Echo:
    """A bot of a few lines over plain HTTP, so that the page has somebody to talk to."""

    def __init__(self, server: BotApiServer, staff_chat: int) -> None:
        self._server = server
        self._staff_chat = staff_chat

    async def run(self) -> None:
        offset = 0
        async with aiohttp.ClientSession() as self._session:
            while True:
                for update in await self.call("getUpdates", offset=offset, timeout=30):
                    offset = update["update_id"] + 1
                    await self.answer(update)

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self._server.url}/bot{self._server.token}/{method}"
        async with self._session.post(url, json=parameters) as response:
            return (await response.json()).get("result")

    async def answer(self, update: dict[str, Any]) -> None:
        if "callback_query" in update:
            await self.pressed(update["callback_query"])
        elif "inline_query" in update:
            result = {
                "type": "article",
                "id": "1",
                "title": "净味漆",
                "description": "¥268",
                "input_message_content": {"message_text": "净味漆有认证"},
            }
            await self.call("answerInlineQuery", inline_query_id=update["inline_query"]["id"], results=[result])
        elif "message" in update and update["message"]["chat"]["type"] == "private":
            await self.said(update["message"])

    async def said(self, message: dict[str, Any]) -> None:
        chat_id = message["chat"]["id"]
        if "location" in message:
            await self.call("sendMessage", chat_id=chat_id, text="收到位置", reply_markup={"remove_keyboard": True})
        elif message.get("text", "").startswith("/start"):
            await self.call(
                "sendMessage",
                chat_id=chat_id,
                text=f"<b>您好</b> {message['text'][6:]}",
                parse_mode="HTML",
                reply_markup=KEYS,
            )
        elif message.get("text") == "转人工":
            topic = await self.call("createForumTopic", chat_id=self._staff_chat, name="王婶")
            await self.call(
                "sendMessage", chat_id=self._staff_chat, message_thread_id=topic["message_thread_id"], text="王婶找您"
            )
        else:
            await self.call("sendMessage", chat_id=chat_id, text=message.get("text", "图"), reply_markup=KEYBOARD)

    async def pressed(self, query: dict[str, Any]) -> None:
        alert = query["data"] == "alert"
        await self.call(
            "answerCallbackQuery", callback_query_id=query["id"], text="明天提醒您" if alert else "好", show_alert=alert
        )
        if not alert:
            place = query["message"]
            await self.call(
                "editMessageText",
                chat_id=place["chat"]["id"],
                message_id=place["message_id"],
                text="参数：15 kg",
                reply_markup=KEYBOARD,
            )


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as driver:
        flags = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
        chromium = await driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        await chromium.close()


@pytest.fixture
async def scene(server: BotApiServer) -> AsyncIterator[dict[str, int]]:
    ids = set_scene(server)
    bot = asyncio.ensure_future(Echo(server, ids["staff"]).run())
    yield ids
    bot.cancel()


async def opened(browser: Browser, server: BotApiServer, width: int, height: int = 780) -> tuple[Page, list[str]]:
    """Open the page; the list fills with whatever is wrong: errors, and requests to anywhere else."""
    page = await browser.new_page(viewport={"width": width, "height": height})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request", lambda request: None if request.url.startswith((server.url, "data:")) else wrong.append(request.url)
    )
    await page.goto(server.url)
    return page, wrong


async def type_in(page: Page, pane: str, text: str) -> None:
    field = page.locator(f"#pane-{pane} textarea")
    await field.fill(text)
    await field.press("Enter")


async def test_a_consumer_can_do_everything(server: BotApiServer, scene: dict[str, int], browser: Browser) -> None:
    page, wrong = await opened(browser, server, 1360)
    pane = page.locator("#pane-consumer")
    await pane.get_by_role("button", name="开始", exact=True).click()
    await expect(pane.locator(".text strong")).to_have_text("您好")
    await type_in(page, "consumer", "乳胶漆")
    await pane.get_by_role("button", name="看参数").click()
    await expect(pane.locator(".bot .text").last).to_have_text("参数：15 kg")
    await expect(page.locator("#toast")).to_have_text("好")
    await pane.get_by_role("button", name="提醒我").click()
    await expect(page.locator("#alert p")).to_have_text("明天提醒您")
    await page.get_by_role("button", name="知道了").click()
    await pane.get_by_role("button", name="证书号").click()
    await expect(page.locator("#toast")).to_contain_text("CGP-2024-1")
    await pane.get_by_role("button", name="官网").click()
    await expect(page.locator("#toast")).to_contain_text("https://example.org/x")
    await pane.get_by_role("button", name="从链接开始").click()
    await expect(pane.locator(".bot .text").last).to_have_text("您好 p_12")
    await pane.get_by_role("button", name="发我的位置").click()
    await page.get_by_role("button", name="发出去").click()
    await expect(pane.locator(".bot .text").last).to_have_text("收到位置")
    await expect(pane.locator(".keys")).to_be_hidden()
    await pane.locator("input[type=file]").set_input_files(
        {"name": "墙.gif", "mimeType": "image/gif", "buffer": b"GIF89a\x08\x00\x08\x00"}
    )
    await expect(pane.locator(".mine img")).to_have_count(1)
    assert server.violations == []
    assert wrong == []


async def test_people_edit_reply_and_block(server: BotApiServer, scene: dict[str, int], browser: Browser) -> None:
    page, _ = await opened(browser, server, 1360)
    pane = page.locator("#pane-consumer")
    await type_in(page, "consumer", "乳胶")
    await pane.locator(".mine .tools").click()
    await pane.get_by_role("button", name="修改").click()
    await type_in(page, "consumer", "乳胶漆")
    await expect(pane.locator(".mine .text")).to_have_text("乳胶漆")
    await pane.locator(".bot .tools").last.click()
    await pane.get_by_role("button", name="回复", exact=True).last.click()
    await type_in(page, "consumer", "这个呢")
    await expect(pane.locator(".mine .quote")).to_have_count(1)
    await pane.get_by_role("button", name="屏蔽机器人").click()
    await expect(pane.get_by_role("button", name="取消屏蔽")).to_be_visible()
    assert server.bot.chats[scene["consumer"]].blocked


async def test_the_group_and_the_staff(server: BotApiServer, scene: dict[str, int], browser: Browser) -> None:
    page, _ = await opened(browser, server, 1360)
    await page.locator("#pane-group select").select_option(label="李师傅")
    await type_in(page, "group", "谁家装过防水")
    await page.locator("#pane-group textarea").fill("@lvxuan_bot 漆")
    await page.locator("#pane-group .results").get_by_role("button", name="净味漆").click()
    await expect(page.locator("#pane-group .message .text")).to_have_text(["谁家装过防水", "净味漆有认证"])
    await type_in(page, "consumer", "转人工")
    staff = page.locator("#pane-staff")
    await staff.get_by_role("button", name="王婶", exact=True).click()
    await type_in(page, "staff", "您好")
    await expect(staff.locator(".message .text")).to_have_text(["王婶找您", "您好"])
    topic = next(iter(server.bot.chats[scene["staff"]].topics))
    assert server.bot.chats[scene["staff"]].visible()[-1].topic_id == topic


async def test_a_phone_shows_one_window_at_a_time(
    server: BotApiServer, scene: dict[str, int], browser: Browser
) -> None:
    page, wrong = await opened(browser, server, 360, 640)
    await type_in(page, "consumer", "很长很长的一句话，" * 12 + "https://example.org/" + "a" * 80)
    await expect(page.locator("#pane-consumer .bot")).to_be_visible()
    for role, name in (("consumer", "顾客"), ("group", "村里的群"), ("staff", "客服台")):
        await page.get_by_role("tab", name=name).click()
        assert await page.locator(".pane:visible").count() == 1
        await expect(page.locator(f"#pane-{role}")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    assert wrong == []


async def test_nothing_is_read_as_html(server: BotApiServer, scene: dict[str, int], browser: Browser) -> None:
    page, wrong = await opened(browser, server, 1360)
    nasty = '<img src=x onerror="document.title=1"><script>document.title=2</script> javascript:alert(1)'
    await type_in(page, "consumer", nasty)
    await expect(page.locator("#pane-consumer .bot .text")).to_have_text(nasty)
    assert await page.locator("#pane-consumer .messages img, #pane-consumer .messages script").count() == 0
    assert "绿选" in await page.title()
    assert wrong == []
