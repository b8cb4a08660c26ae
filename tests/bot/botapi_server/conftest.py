"""A running server that is itself held to the schema, and raw calls to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.botapi_server import BotApiServer, ManualClock
from bot.botapi_server.update_queue import QueuedUpdate

Api = Callable[..., Awaitable[dict[str, Any]]]


async def running(server: BotApiServer) -> AsyncIterator[BotApiServer]:
    """Start, and afterwards check everything the server has sent against the schema."""
    schema = server.hub.schema
    problems: list[Any] = []

    def check(update: QueuedUpdate) -> None:
        problems.extend(schema.value_problems("Update", update.json()))

    server.bot.me.first_name = "绿选"
    server.bot.queue.listeners.append(check)
    async with server:
        yield server
    for chat in server.bot.chats.values():
        for message in chat.messages.values():
            problems.extend(schema.value_problems("Message", message.body))
    assert problems == []
    assert server.hub.crashes == []


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async for one in running(BotApiServer()):
        yield one


@pytest.fixture
async def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def timed(clock: ManualClock) -> AsyncIterator[BotApiServer]:
    """A server whose clock the test moves."""
    async for one in running(BotApiServer(clock=clock)):
        yield one


def caller(server: BotApiServer, session: aiohttp.ClientSession) -> Api:
    """Call a method with a JSON body and return the answer as it came."""

    async def call(method: str, **parameters: Any) -> dict[str, Any]:
        async with session.post(f"{server.url}/bot{server.token}/{method}", json=parameters) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] or body["error_code"] == response.status
            return body

    return call


@pytest.fixture
async def api(server: BotApiServer) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield caller(server, session)


@pytest.fixture
async def timed_api(timed: BotApiServer) -> AsyncIterator[Api]:
    async with aiohttp.ClientSession() as session:
        yield caller(timed, session)
