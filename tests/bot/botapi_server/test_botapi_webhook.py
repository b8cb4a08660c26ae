"""Pushed updates as WebhookActor.cpp pushes them: order, patience, secrets, expiry."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.botapi_server import BotApiServer, ManualClock


class Receiver:
    """A bot's webhook: notes what arrives and answers as told. `answer(update)` gives a response or waits."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.changed = asyncio.Event()
        self.answer: Callable[[dict[str, Any]], Any] = lambda update: web.Response()
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.seen.append(update)
        self.headers.append(dict(request.headers))
        self.changed.set()
        self.changed = asyncio.Event()
        found = self.answer(update)
        response: web.Response = await found if asyncio.iscoroutine(found) else found
        return response

    async def wait(self, count: int) -> None:
        while len(self.seen) < count:
            await asyncio.wait_for(self.changed.wait(), 5)

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.seen]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    one = Receiver()
    app = web.Application()
    app.router.add_post("/hook", one.handle)
    async with TestServer(app) as listening:
        one.url = str(listening.make_url("/hook"))
        yield one


async def settled(server: BotApiServer) -> None:
    """Give deliveries under way time to end and be noted."""
    for _ in range(50):
        await asyncio.sleep(0.005)


async def test_updates_arrive_with_the_secret(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    await api("setWebhook", url=receiver.url, secret_token="S-1_x")
    await server.private(server.user("王婶")).send_text("甲")
    await receiver.wait(1)
    assert receiver.texts() == ["甲"]
    assert receiver.headers[0]["X-Telegram-Bot-Api-Secret-Token"] == "S-1_x"
    assert receiver.headers[0]["Content-Type"] == "application/json"
    await settled(server)
    assert (await api("getWebhookInfo"))["result"]["pending_update_count"] == 0


async def test_what_waited_before_is_delivered(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    await server.private(server.user("王婶")).send_text("早")
    await api("setWebhook", url=receiver.url)
    await receiver.wait(1)
    assert receiver.texts() == ["早"]


async def test_pending_updates_can_be_dropped(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    await server.private(server.user("王婶")).send_text("早")
    await api("setWebhook", url=receiver.url, drop_pending_updates=True)
    await settled(server)
    assert receiver.seen == []


async def test_a_chat_waits_for_its_first_update_others_do_not(
    server: BotApiServer, api: Any, receiver: Receiver
) -> None:
    """WebhookActor.cpp `load_updates`: one queue per chat, the first blocks the rest."""
    gate = asyncio.Event()

    async def slow(update: dict[str, Any]) -> web.Response:
        if update["message"]["text"] == "甲一":
            await gate.wait()
        return web.Response()

    receiver.answer = slow
    await api("setWebhook", url=receiver.url)
    first, second = server.private(server.user("甲")), server.private(server.user("乙"))
    await first.send_text("甲一")
    await first.send_text("甲二")
    await second.send_text("乙一")
    await second.send_text("乙二")
    await receiver.wait(3)
    assert sorted(receiver.texts()) == ["乙一", "乙二", "甲一"]
    gate.set()
    await receiver.wait(4)
    assert receiver.texts()[-1] == "甲二"


async def test_callbacks_have_a_lane_of_their_own(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    gate = asyncio.Event()

    async def slow(update: dict[str, Any]) -> web.Response:
        if "message" in update:
            await gate.wait()
        return web.Response()

    receiver.answer = slow
    aunt = server.private(server.user("王婶"))
    await api(
        "sendMessage",
        chat_id=aunt.chat.chat_id,
        text="a",
        reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "c"}]]},
    )
    await api("setWebhook", url=receiver.url)
    await aunt.send_text("甲")
    await aunt.press(aunt.bot_messages()[0], "b")
    await receiver.wait(2)
    gate.set()
    assert "callback_query" in receiver.seen[1]


async def test_retries_back_off(timed: BotApiServer, timed_api: Any, clock: ManualClock, receiver: Receiver) -> None:
    """WebhookActor.cpp `on_update_error`: at once, then after 2, 4, 8 … seconds."""
    receiver.answer = lambda update: web.Response(status=500)
    await timed_api("setWebhook", url=receiver.url)
    await timed.private(timed.user("王婶")).send_text("甲")
    await receiver.wait(2)
    waits = []
    for _ in range(3):
        await settled(timed)
        before, waited = len(receiver.seen), 0
        while len(receiver.seen) == before:
            clock.advance(1)
            waited += 1
            await asyncio.sleep(0.02)
        waits.append(waited)
    assert waits == [2, 4, 8]
    info = (await timed_api("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"
    assert info["pending_update_count"] == 1


async def test_retry_after_is_obeyed(
    timed: BotApiServer, timed_api: Any, clock: ManualClock, receiver: Receiver
) -> None:
    receiver.answer = lambda update: web.Response(status=503, headers={"Retry-After": "30"})
    await timed_api("setWebhook", url=receiver.url)
    await timed.private(timed.user("王婶")).send_text("甲")
    await receiver.wait(1)
    await settled(timed)
    clock.advance(29)
    await settled(timed)
    assert len(receiver.seen) == 1
    clock.advance(1)
    await receiver.wait(2)


async def test_too_late_is_dropped(timed: BotApiServer, timed_api: Any, clock: ManualClock, receiver: Receiver) -> None:
    receiver.answer = lambda update: web.Response(status=503, headers={"Retry-After": "3600"})
    user = timed.user("王婶")
    await timed_api("setWebhook", url=receiver.url)
    await timed.inline(user).query("漆")
    await receiver.wait(1)
    await settled(timed)
    assert timed.bot.queue.dropped == 1
    assert timed.bot.queue.waiting == {}


async def test_a_call_in_the_answer_is_carried_out(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    """WebhookActor.cpp `handle`; get… and the webhook methods are ignored there."""

    def answer(update: dict[str, Any]) -> web.Response:
        chat_id = update["message"]["chat"]["id"]
        method = "sendMessage" if update["message"]["text"] == "甲" else "deleteWebhook"
        return web.Response(
            text=json.dumps({"method": method, "chat_id": chat_id, "text": "收到"}), content_type="application/json"
        )

    receiver.answer = answer
    await api("setWebhook", url=receiver.url)
    aunt = server.private(server.user("王婶"))
    await aunt.send_text("甲")
    assert (await aunt.wait_for_replies(1))[0].text == "收到"
    await aunt.send_text("乙")
    await receiver.wait(2)
    await settled(server)
    assert (await api("getWebhookInfo"))["result"]["url"] == receiver.url


async def test_gone_for_23_hours_removes_the_webhook(
    timed: BotApiServer, timed_api: Any, clock: ManualClock, receiver: Receiver
) -> None:
    receiver.answer = lambda update: web.Response(status=410)
    await timed_api("setWebhook", url=receiver.url)
    aunt = timed.private(timed.user("王婶"))
    await aunt.send_text("甲")
    await receiver.wait(2)
    await settled(timed)
    clock.advance(23 * 3600 + 60)
    await receiver.wait(3)
    await settled(timed)
    assert (await timed_api("getWebhookInfo"))["result"]["url"] == ""


async def test_connections_are_limited(server: BotApiServer, api: Any, receiver: Receiver) -> None:
    gate = asyncio.Event()
    running = 0
    most = 0

    async def slow(_: dict[str, Any]) -> web.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await gate.wait()
        running -= 1
        return web.Response()

    receiver.answer = slow
    await api("setWebhook", url=receiver.url, max_connections=3)
    for number in range(8):
        await server.private(server.user(f"顾客{number}")).send_text("甲")
    await receiver.wait(3)
    await settled(server)
    assert most == 3
    gate.set()
    await receiver.wait(8)
    assert most == 3


async def test_only_loopback_is_reached(server: BotApiServer, api: Any) -> None:
    answer = await api("setWebhook", url="https://example.org/hook")
    assert "loopback" in answer["description"]
    assert server.bot.webhook is None
