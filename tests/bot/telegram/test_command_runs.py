"""`lvxuan telegram` as whoever installs it runs it: a token, the address of a Bot API server, and nothing else; stopped by SIGTERM."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time

import pytest

from bot.botapi_server import BotApiServer
from tests.bot.telegram.channel import HOOK_SECRET, free_port, until


@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_it_serves_whichever_server_the_settings_name(server: BotApiServer, tmp_path, mode: str) -> None:
    port = free_port()
    environment = {
        "LVXUAN_HOME": str(tmp_path), "PATH": os.defpath, "LVXUAN_TELEGRAM_TOKEN": server.token,
        "LVXUAN_TELEGRAM_API_URL": server.url, "LVXUAN_TELEGRAM_MODE": mode,
        "LVXUAN_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/hook", "LVXUAN_TELEGRAM_WEBHOOK_SECRET": HOOK_SECRET,
        "LVXUAN_TELEGRAM_WEBHOOK_LISTEN": f"127.0.0.1:{port}",
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "telegram", env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        aunt = server.private(server.user("王婶"))
        await aunt.send_text("三百以内的乳胶漆有认证吗")
        await until(aunt.bot_messages, within=60)
        assert "绿色建材认证" in aunt.bot_messages()[0].text
        assert (server.bot.poller.polls > 0) == (mode == "polling")
        await until(lambda: server.calls_of("setMyCommands"), within=60)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        out, _ = await asyncio.wait_for(process.communicate(), 30)
        print(f"stopped within {time.monotonic() - began:.1f} s")
        assert process.returncode == 0, out.decode()
        assert server.token not in out.decode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
