"""Faults and floods on command."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.botapi_server import BotApiServer, ManualClock
from bot.botapi_server.driving import Conversation


@pytest.fixture
def aunt(server: BotApiServer) -> Conversation:
    return server.private(server.user("王婶"))


async def raw(server: BotApiServer, chat_id: int, *, seconds: float = 5.0) -> tuple[int, str, str]:
    """Send a message and return status, body and Retry-After as they are."""
    timeout = aiohttp.ClientTimeout(total=seconds)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        url = f"{server.url}/bot{server.token}/sendMessage"
        async with session.post(url, json={"chat_id": chat_id, "text": "甲"}) as response:
            return response.status, await response.text(), response.headers.get("Retry-After", "")


async def test_too_many_requests(server: BotApiServer, aunt: Conversation) -> None:
    server.fault("status", "sendMessage", code=429, retry_after=7, count=1)
    status, body, header = await raw(server, aunt.chat.chat_id)
    assert (status, header) == (429, "7")
    assert '"parameters":{"retry_after":7}' in body
    assert aunt.bot_messages() == []
    assert (await raw(server, aunt.chat.chat_id))[0] == 200


@pytest.mark.parametrize(
    ("kind", "options", "status", "starts", "applied"),
    [
        ("status", {"code": 500}, 500, '{"ok":false', 0),
        ("status", {"code": 401}, 401, '{"ok":false', 0),
        ("html", {"code": 502}, 502, "<html>", 0),
        ("truncated", {}, 200, '{"ok":true', 1),
        ("empty", {}, 200, "{}", 1),
        ("garbage", {}, 200, "\x00", 1),
        ("slow", {"seconds": 0.05}, 200, '{"ok":true', 1),
    ],
)
async def test_spoilt_answers(
    server: BotApiServer, aunt: Conversation, kind: str, options: Any, status: int, starts: str, applied: int
) -> None:
    server.fault(kind, "sendMessage", **options)
    found = await raw(server, aunt.chat.chat_id)
    assert found[0] == status
    assert found[1].startswith(starts)
    assert len(aunt.bot_messages()) == applied


@pytest.mark.parametrize(("kind", "applied"), [("drop_before", 0), ("drop_after", 1)])
async def test_cut_connections(server: BotApiServer, aunt: Conversation, kind: str, applied: int) -> None:
    server.fault(kind, count=1)
    with pytest.raises(aiohttp.ClientError):
        await raw(server, aunt.chat.chat_id)
    assert len(aunt.bot_messages()) == applied
    assert [call.status for call in server.calls] == [0]


async def test_a_hang(server: BotApiServer, aunt: Conversation) -> None:
    server.fault("hang", "sendMessage", seconds=30)
    with pytest.raises(asyncio.TimeoutError):
        await raw(server, aunt.chat.chat_id, seconds=0.1)
    assert aunt.bot_messages() == []


async def test_a_share_of_calls_is_the_same_every_time() -> None:
    async def pattern() -> list[int]:
        async with BotApiServer(seed=7) as server:
            aunt = server.private(server.user("王婶"))
            server.fault("status", probability=0.3, code=500)
            return [(await raw(server, aunt.chat.chat_id))[0] for _ in range(30)]

    first = await pattern()
    assert first == await pattern()
    assert 3 <= first.count(500) <= 16


async def test_faults_know_methods_chats_and_an_end(server: BotApiServer, aunt: Conversation) -> None:
    other = server.private(server.user("李师傅"))
    server.fault("status", "editMessageText")
    server.fault("status", chat_id=other.chat.chat_id)
    assert (await raw(server, aunt.chat.chat_id))[0] == 200
    assert (await raw(server, other.chat.chat_id))[0] == 500
    server.clear_faults()
    assert (await raw(server, other.chat.chat_id))[0] == 200


async def test_an_unknown_fault_is_named(server: BotApiServer) -> None:
    with pytest.raises(ValueError, match="earthquake"):
        server.fault("earthquake")


async def test_private_chats_take_one_a_second_after_a_burst(timed: BotApiServer, clock: ManualClock) -> None:
    aunt, mason = timed.private(timed.user("王婶")), timed.private(timed.user("李师傅"))
    timed.bot.flood.on = True
    assert [(await raw(timed, aunt.chat.chat_id))[0] for _ in range(4)] == [200, 200, 200, 429]
    assert (await raw(timed, mason.chat.chat_id))[0] == 200
    clock.advance(1)
    assert [(await raw(timed, aunt.chat.chat_id))[0] for _ in range(2)] == [200, 429]
    assert timed.bot.flood.refused == 2


async def test_groups_take_twenty_a_minute(timed: BotApiServer, clock: ManualClock) -> None:
    group = timed.group("村")
    timed.bot.flood.on = True
    answers = [await raw(timed, group.chat.chat_id) for _ in range(21)]
    assert [answer[0] for answer in answers] == [200] * 20 + [429]
    assert answers[-1][2] == "60"
    clock.advance(60)
    assert (await raw(timed, group.chat.chat_id))[0] == 200


async def test_all_together_take_thirty_a_second(timed: BotApiServer, clock: ManualClock) -> None:
    chats = [timed.private(timed.user(f"顾客{number}")) for number in range(31)]
    timed.bot.flood.on = True
    assert [(await raw(timed, chat.chat.chat_id))[0] for chat in chats] == [200] * 30 + [429]
    clock.advance(1)
    assert (await raw(timed, chats[-1].chat.chat_id))[0] == 200
