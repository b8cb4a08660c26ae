"""R4: polling comes back from whatever the Bot API answers, and nothing of a poll is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.botapi_server import BotApiServer
from bot.channels.telegram.service import Service, ServiceError
from tests.bot.telegram.channel import FastClock, numbers, running, until


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """A strict server whose clock runs ten times too fast, as the bot's does."""
    async with BotApiServer(clock=FastClock(10)) as started:
        started.bot.poller.brakes = False
        yield started
    assert started.violations == []


@pytest.fixture
async def service(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(server, sqlite_journal_url, tmp_path, budgets_lifted=True, poll_seconds=1) as started:
        yield started


def trouble(service: Service) -> float:
    return service.metrics.registry.get_sample_value("lvxuan_telegram_trouble", {"what": "polling"}) or 0.0


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("status", {"code": 401}),
        ("status", {"code": 404}),
        ("status", {"code": 409}),
        ("status", {"code": 429, "retry_after": 4}),
        ("garbage", {}),
        ("empty", {}),
        pytest.param("status", {"code": 500}, marks=pytest.mark.long),
        pytest.param("html", {"code": 502}, marks=pytest.mark.long),
        pytest.param("truncated", {}, marks=pytest.mark.long),
        pytest.param("drop_before", {}, marks=pytest.mark.long),
        pytest.param("drop_after", {}, marks=pytest.mark.long),
    ],
)
async def test_polling_goes_on_after_the_fault(server: BotApiServer, service: Service, kind: str, options: Any) -> None:
    aunt = server.private(server.user("王婶"))
    server.fault(kind, "getUpdates", **options)
    await until(lambda: trouble(service) == 1.0)
    for number in range(5):
        await aunt.send_text(str(number))
    began = server.hub.clock.now()
    polls = server.bot.poller.polls + len(server.calls_of("getUpdates"))
    await asyncio.sleep(0.5)
    assert len(server.calls_of("getUpdates")) + server.bot.poller.polls - polls < 40, "no loop without a pause"
    server.clear_faults()
    await until(lambda: numbers(aunt) == [0, 1, 2, 3, 4])
    assert server.hub.clock.now() - began < 65
    await until(lambda: trouble(service) == 0.0)


async def test_polling_goes_on_after_a_hang(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.ingest._ANSWER_SECONDS", 0.3)
    async with running(server, sqlite_journal_url, tmp_path, budgets_lifted=True, poll_seconds=1) as service:
        aunt = server.private(server.user("王婶"))
        server.fault("hang", "getUpdates", count=1, seconds=60)
        await until(lambda: trouble(service) == 1.0)
        await aunt.ask("1")


async def test_another_poller_disturbs_and_nothing_more(server: BotApiServer, service: Service) -> None:
    """409 in earnest: somebody else polls with our token for a while."""
    import aiohttp

    aunt = server.private(server.user("王婶"))
    async with aiohttp.ClientSession() as session:
        for _ in range(3):
            async with session.get(f"{server.url}/bot{server.token}/getUpdates?timeout=1&offset=0") as answer:
                await answer.read()
            await asyncio.sleep(0.1)
    for number in range(5):
        await aunt.send_text(str(number))
    await until(lambda: numbers(aunt) == [0, 1, 2, 3, 4])


async def test_updates_that_come_twice_are_answered_once(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    seen: list[Any] = []
    server.bot.queue.listeners.append(seen.append)
    for number in range(3):
        await aunt.send_text(str(number))
    await until(lambda: numbers(aunt) == [0, 1, 2])
    for update in list(seen) * 3:
        server.bot.queue.put_back(update)
    await aunt.send_text("3")
    await until(lambda: numbers(aunt)[-1] == 3)
    assert numbers(aunt) == [0, 1, 2, 3]


async def test_numbers_that_begin_anew_are_polled(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    await aunt.ask("1")
    await asyncio.sleep(1.2)  # a poll that found nothing: everything is confirmed
    server.bot.queue.next_id -= 5_000_000
    assert (await aunt.ask("2")).body["text"].endswith("2")


@pytest.mark.parametrize("seconds", [1.5, pytest.param(30, marks=pytest.mark.long)])
async def test_updates_wait_at_telegram_while_the_journal_is_locked(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R2 of SQLite: another program holds the database; nothing is confirmed, nothing lost, then all is answered."""
    monkeypatch.setattr("catalog_db.journal.store._BUSY_MS", 400)
    async with running(server, sqlite_journal_url, tmp_path, budgets_lifted=True, poll_seconds=1):
        await _locked(server, sqlite_journal_url, seconds)


async def _locked(server: BotApiServer, sqlite_journal_url: str, seconds: float) -> None:
    import sqlite3

    aunt = server.private(server.user("王婶"))
    await aunt.ask("0")
    other = sqlite3.connect(sqlite_journal_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(1, 5):
        await aunt.send_text(str(number))
    await asyncio.sleep(seconds)
    assert numbers(aunt) == [0]
    assert len(server.bot.queue.waiting) == 4
    other.execute("ROLLBACK")
    other.close()
    await until(lambda: numbers(aunt) == [0, 1, 2, 3, 4])


async def test_a_wrong_token_is_named_at_the_start(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    from dataclasses import replace

    from bot.settings import Secret
    from tests.bot.telegram.channel import configuration
    from tests.bot.telegram.echo import EchoHandler

    config = replace(configuration(server, sqlite_journal_url, tmp_path), token=Secret("1234:wrong"))
    service = Service(config, server.hub.clock)
    with pytest.raises(ServiceError, match="LVXUAN_TELEGRAM_TOKEN"):
        await service.start(lambda me, keys: EchoHandler())
    await service.close()
