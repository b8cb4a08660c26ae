"""No call of the whole suite may break the Bot API: what watches over it sees every server and every such call."""

from __future__ import annotations

import aiohttp

from bot.botapi_server import BotApiServer
from tests.bot.telegram.conftest import broken


async def test_a_call_that_breaks_the_bot_api_is_seen_on_whichever_server(servers: list[BotApiServer]) -> None:
    async with BotApiServer() as another, aiohttp.ClientSession() as session:
        assert another in servers
        talk = another.private(another.user("王婶"))
        await talk.send_text("在吗")
        markup = {"inline_keyboard": [[{"text": "看", "callback_data": "看" * 22}]]}  # 66 bytes
        params = {"chat_id": talk.chat.chat_id, "text": "看", "reply_markup": markup}
        await session.post(f"{another.url}/bot{another.token}/sendMessage", json=params)
        assert len(broken(servers)) == 1 and "66 bytes" in broken(servers)[0]
        another.violations.clear()  # else this test would fail, which is what it is about
