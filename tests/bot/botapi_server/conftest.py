"""A running server, and raw calls to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.botapi_server import BotApiServer

Api = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as running:
        yield running


@pytest.fixture
async def api(server: BotApiServer) -> AsyncIterator[Api]:
    """Call a method with a JSON body and return the answer as it came."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **parameters: Any) -> dict[str, Any]:
            async with session.post(f"{server.url}/bot{server.token}/{method}", json=parameters) as response:
                body: dict[str, Any] = await response.json()
                assert body["ok"] or body["error_code"] == response.status
                return body

        yield call
