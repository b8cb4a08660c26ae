"""The control door, as a program in another language would use it."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import Any

import aiohttp
import pytest

from bot.botapi_server import BotApiServer
from bot.botapi_server.scene import set_scene


async def door(server: BotApiServer, verb: str, **body: Any) -> Any:
    async with aiohttp.ClientSession() as session, session.post(f"{server.url}/_control/{verb}", json=body) as response:
        return await response.json()


async def look(server: BotApiServer, what: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"{server.url}/_control/{what}") as response:
        return await response.json()


async def test_a_whole_talk_from_outside(server: BotApiServer, api: Any) -> None:
    user = await door(server, "user", name="王婶")
    chat = await door(server, "private", user_id=user["id"])
    who = {"chat_id": chat["id"], "user_id": user["id"]}
    said = await door(server, "say", **who, text="乳胶漆")
    await door(server, "say", **who, edit=said["message_id"], text="内墙乳胶漆")
    await door(server, "say", **who, location={"latitude": 33.6, "longitude": 115.2})
    await door(server, "say", **who, contact="+8613800138000")
    await door(server, "say", **who, photo=base64.b64encode(b"GIF89a\x08\x00\x08\x00").decode(), caption="墙")
    keyboard = {"inline_keyboard": [[{"text": "看", "callback_data": "a"}]]}
    sent = (await api("sendMessage", chat_id=chat["id"], text="好", reply_markup=keyboard))["result"]
    assert await door(server, "press", **who, message_id=sent["message_id"], label="看", wait=0.05) == {"answer": None}
    kinds = [sorted(set(update) - {"update_id"})[0] for update in (await api("getUpdates"))["result"]]
    assert kinds == ["message", "edited_message", "message", "message", "message", "callback_query"]
    [seen] = [c for c in (await look(server, "world"))["chats"] if c["id"] == chat["id"]]
    assert [m.get("text", m.get("caption")) for m in seen["messages"]] == ["内墙乳胶漆", None, None, "墙", "好"]
    assert (await look(server, "findings"))["delivered"] == {str(chat["id"]): 1}
    assert [call["method"] for call in await look(server, "calls?method=sendMessage")] == ["sendMessage"]


async def test_weather_from_outside(server: BotApiServer, api: Any) -> None:
    await door(server, "fault", kind="status", methods=["getMe"], code=429, retry_after=2, count=1)
    assert (await api("getMe"))["parameters"] == {"retry_after": 2}
    assert (await api("getMe"))["ok"]
    assert (await look(server, "findings"))["faults"] == {"status": 1}
    assert await door(server, "flood", on=True, chat_burst=1) == {"on": True, "refused": 0}
    before = server.hub.clock.now()
    assert (await door(server, "clock", skew=3600))["now"] > before + 3599


async def test_mistakes_are_named(server: BotApiServer) -> None:
    assert "error" in await door(server, "say", chat_id=1, user_id=2, text="a")
    assert "earthquake" in (await door(server, "fault", kind="earthquake"))["error"]


async def test_strangers_are_refused_in_a_group(server: BotApiServer) -> None:
    group = server.group("村", [server.user("王婶")])
    stranger = server.user("路人")
    answer = await door(server, "say", chat_id=group.chat.chat_id, user_id=stranger.user_id, text="a")
    assert "no member" in answer["error"]


@pytest.mark.parametrize(
    ("headers", "data"),
    [
        ({"Content-Type": "text/plain"}, "{}"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, "a=b"),
        ({"Content-Type": "application/json", "Host": "evil.example"}, "{}"),
    ],
)
async def test_web_pages_elsewhere_cannot_reach_in(server: BotApiServer, headers: dict[str, str], data: str) -> None:
    url = f"{server.url}/_control/flood"
    async with aiohttp.ClientSession() as session, session.post(url, data=data, headers=headers) as response:
        assert response.status == 403


async def test_the_scene(server: BotApiServer) -> None:
    ids = set_scene(server)
    chats = {chat["id"]: chat for chat in (await look(server, "world"))["chats"]}
    assert chats[ids["consumer"]]["type"] == "private"
    assert not chats[ids["consumer"]]["started"]
    assert chats[ids["staff"]]["is_forum"]
    assert len(chats[ids["group"]]["members"]) == 4


async def test_it_runs_by_itself() -> None:
    """As a process of its own, for benchmarks and other programs; it ends when told to."""
    arguments = ["-m", "bot.botapi_server", "--latency", "0.01", "--flood"]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    told = json.loads(await process.stdout.readline())
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{told['url']}/bot{told['token']}/getMe") as response:
            assert (await response.json())["result"]["is_bot"]
        async with session.post(
            f"{told['url']}/_control/inject", json={"update": {"update_id": 0, "poll": 7}}
        ) as response:
            first = (await response.json())["update_id"]
        async with session.get(f"{told['url']}/bot{told['token']}/getUpdates") as response:
            assert (await response.json())["result"] == [{"update_id": first, "poll": 7}]
    process.terminate()
    assert await process.wait() == 0
