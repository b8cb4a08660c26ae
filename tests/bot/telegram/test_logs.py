"""R18, of logs: no token, no text, no person."""

from __future__ import annotations

import asyncio
import json
import logging
from pathlib import Path

import pytest
import structlog

from bot.botapi_server import BotApiServer
from bot.channels.telegram import logs
from bot.channels.telegram.service import Service, serve
from bot.settings import Secret
from tests.bot.telegram.channel import configuration, until
from tests.bot.telegram.echo import EchoHandler

TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"


def test_the_token_is_struck_out_whoever_logs_it(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Secret(TOKEN))
    structlog.get_logger("x").warning("odd", url=f"https://api.telegram.org/bot{TOKEN}/getMe")
    logging.getLogger("library").warning("GET https://api.telegram.org/bot%s/getMe", TOKEN)
    try:
        raise ValueError(f"电话 13800138000 {TOKEN}")
    except ValueError:
        logging.getLogger("library").exception("failed")
    written = capsys.readouterr().err
    assert TOKEN not in written
    assert "13800138000" not in written
    assert written.count("[token]") == 2
    assert json.loads(written.splitlines()[0])["event"] == "odd"


async def test_a_day_of_faults_logs_nothing_personal(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    aunt = server.private(server.user("王桂芳"))
    seeds = ["13800138000", "人民路 7 号", "王桂芳", str(aunt.chat.chat_id), server.token]
    stop = asyncio.Event()
    services: list[Service] = []
    config = configuration(server, sqlite_journal_url, tmp_path, budgets_lifted=True)
    serving = asyncio.ensure_future(
        serve(config, lambda me, keys: EchoHandler(), stop=stop, clock=server.hub.clock, started=services.append)
    )
    await until(lambda: services)
    for number, kind in enumerate(("garbage", "drop_before", "drop_after", "html")):
        server.fault(kind, "getUpdates", "sendMessage", count=2)
        await aunt.send_text(f"{'坏' if number % 2 else ''}我叫王桂芳，电话 13800138000，住人民路 7 号")
        await until(lambda: not server.bot.queue.waiting)
    await aunt.block()
    await until(lambda: not server.bot.queue.waiting)
    await asyncio.sleep(0.3)
    stop.set()
    await serving
    found = capfd.readouterr()
    assert "started" in found.err
    assert [seed for seed in seeds if seed in found.err + found.out] == []


async def test_a_service_ends_when_a_part_of_it_does(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    """Better a restart by the supervisor than a bot that is alive and silent."""
    services: list[Service] = []
    config = configuration(server, sqlite_journal_url, tmp_path)
    serving = asyncio.ensure_future(serve(config, lambda me, keys: EchoHandler(), started=services.append))
    await until(lambda: services)
    services[0]._lasting[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(serving, 5)
