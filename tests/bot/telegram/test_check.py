"""`lvxuan telegram --check` in plain words, against the strict server."""

from __future__ import annotations

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.botapi_server import BotApiServer
from bot.channels.telegram.check import check, introduce
from bot.channels.telegram.transport import AiohttpRequest, BotApi
from bot.settings import Settings, load_settings
from bot.telegram_command import lines
from tests.assistants import demonstration

WORDING = demonstration().wording
WEBHOOK = {
    "telegram_mode": "webhook",
    "telegram_webhook_url": "https://bot.example/hook",
    "telegram_webhook_secret": "s-1",
}


def settings_for(server: BotApiServer, tmp_path, **more: str) -> Settings:
    given = {"home": str(tmp_path), "telegram_api_url": server.url, "telegram_token": server.token, **more}
    return load_settings(given, {}, tmp_path)


@asynccontextmanager
async def calling(settings: Settings) -> AsyncIterator[BotApi]:
    request = AiohttpRequest()
    await request.initialize()
    assert settings.telegram_token is not None
    try:
        yield BotApi(request, settings.telegram_api_url, settings.telegram_token.reveal())
    finally:
        await request.shutdown()


async def checked(server: BotApiServer, tmp_path, **more: str) -> dict[str, str]:
    """Key → level of what is found."""
    settings = settings_for(server, tmp_path, **more)
    async with calling(settings) as api:
        findings = await check(api, settings, WORDING)
    assert all(lines(findings, WORDING))
    return {finding.text.key.removeprefix("telegram.check."): finding.level for finding in findings}


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer() as one:
        one.bot.me.first_name = "绿选"
        yield one
        assert one.violations == []


async def test_a_bot_that_is_set_up_well(server, tmp_path):
    async with calling(settings_for(server, tmp_path)) as api:
        await introduce(api, WORDING)
        count = len(server.calls_of("setMyCommands"))
        await introduce(api, WORDING)
    assert count == 3 and len(server.calls_of("setMyCommands")) == 3, "told once"
    found = await checked(server, tmp_path)
    assert found == dict.fromkeys(("token", "polling", "privacy", "inline", "commands"), "good")


async def test_commands_that_are_not_told_yet(server, tmp_path):
    assert (await checked(server, tmp_path))["commands.other"] == "hint"


async def test_a_wrong_token(server, tmp_path):
    found = await checked(server, tmp_path, telegram_token="700000000:WRONG-TOKEN-WRONG-TOKEN-WRONG-TOKEN")
    assert found == {"token.wrong": "wrong"}


async def test_no_server(server, tmp_path):
    assert await checked(server, tmp_path, telegram_api_url="http://127.0.0.1:9") == {"unreached": "wrong"}


async def test_a_webhook_that_does_not_fit_the_settings(server, tmp_path):
    settings = settings_for(server, tmp_path)
    async with calling(settings) as api:
        await api.call("setWebhook", {"url": f"{server.url}/nobody", "secret_token": "s-1"})
    assert (await checked(server, tmp_path))["polling.but_webhook"] == "hint"
    found = await checked(server, tmp_path, **WEBHOOK)
    assert found["webhook.not_yet"] == "hint"
    found = await checked(server, tmp_path, **WEBHOOK | {"telegram_webhook_url": "http://bot.example:8080/hook"})
    assert found["webhook.https"] == found["webhook.port"] == "wrong"


async def test_a_webhook_without_its_secret(server, tmp_path):
    found = await checked(server, tmp_path, telegram_mode="webhook", telegram_webhook_url="https://bot.example/hook")
    assert found["webhook.incomplete"] == "wrong"


async def test_a_failing_webhook_tells_its_reason(server, tmp_path):
    async with calling(settings_for(server, tmp_path)) as api:
        await api.call("setWebhook", {"url": "http://127.0.0.1:9/hook", "secret_token": "s-1"})
    aunt = server.private(server.user("王婶"))
    await aunt.send_text("在吗")
    for _ in range(100):
        found = await checked(server, tmp_path, **WEBHOOK)
        if "webhook.failing" in found:
            break
        await asyncio.sleep(0.05)
    assert found["webhook.failing"] == "wrong"


async def test_privacy_and_inline_and_groups(tmp_path):
    server = BotApiServer()
    server.bot.me.first_name = "绿选"
    async with server:
        other = server.add_bot(
            "700000009:OTHER-TOKEN-OTHER-TOKEN-OTHER-TOKEN", username="other_bot", inline=False, privacy=False
        )
        found = await checked(server, tmp_path, telegram_token=other.token)
    assert found["privacy.off"] == "wrong"
    assert found["inline.off"] == "hint"


async def test_the_staff_group(server, tmp_path):
    staff = server.group("客服台", [server.user("小陈")], forum=True)
    plain = server.group("普通群", [server.user("小陈")])
    assert (await checked(server, tmp_path, staff_chat_id=str(staff.chat.chat_id)))["staff"] == "good"
    assert (await checked(server, tmp_path, staff_chat_id=str(plain.chat.chat_id)))["staff.no_topics"] == "hint"
    assert (await checked(server, tmp_path, staff_chat_id="-1009999"))["staff.unknown"] == "wrong"


async def _run(tmp_path, *arguments: str, **environment: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "telegram", *arguments,
        env={"LVXUAN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin", **environment},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_the_command_itself(server, tmp_path):
    status, out = await _run(tmp_path, "--check")
    assert status == 1 and "LVXUAN_TELEGRAM_TOKEN" in out and "Traceback" not in out
    environment = {"LVXUAN_TELEGRAM_TOKEN": server.token, "LVXUAN_TELEGRAM_API_URL": server.url}
    status, out = await _run(tmp_path, "--check", **environment)
    assert status == 0 and "✓ 令牌能用：绿选" in out
    assert server.token not in out


async def test_the_bot_without_a_token_says_what_is_missing(tmp_path):
    status, out = await _run(tmp_path)
    assert status == 2 and "LVXUAN_TELEGRAM_TOKEN is missing" in out and "Traceback" not in out


async def test_the_emulation_starts_bot_server_and_page(tmp_path):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "telegram", "--emulate", "--port", "0",
        env={"LVXUAN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = (await asyncio.wait_for(process.stdout.readline(), 60)).decode()
        [url] = re.findall(r"http://127\.0\.0\.1:\d+/", line)
        await _try_out(url)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 10) == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _try_out(url: str) -> None:
    """Ask one question through the door of the page."""
    async with httpx.AsyncClient(base_url=url) as client:
        assert "<html" in (await client.get("/")).text
        world = (await client.get("/_control/world")).json()
        consumer = next(chat for chat in world["chats"] if chat["type"] == "private")
        said = {"chat_id": consumer["id"], "user_id": consumer["id"], "text": "三百以内的乳胶漆有认证吗"}
        assert (await client.post("/_control/say", json=said)).status_code == 200
        for _ in range(200):
            world = (await client.get("/_control/world")).json()
            if "绿色建材认证" in str(world["chats"]):
                break
            await asyncio.sleep(0.1)
        else:
            raise AssertionError("no answer")
        assert world["violations"] == []
