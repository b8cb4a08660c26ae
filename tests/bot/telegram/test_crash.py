"""R1: kill -9 while people talk. Nothing is lost, nothing out of order, at most one double for each kill and sender."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from tests.bot.telegram.channel import BotProcess, configuration, free_port, in_order, numbers, until


async def talk_all(talks: list[Conversation], messages: int, seconds: float) -> None:
    """Each person types `messages` numbers within `seconds`."""

    async def talk(person: Conversation) -> None:
        for number in range(messages):
            await person.send_text(str(number))
            await asyncio.sleep(seconds / messages)

    await asyncio.gather(*(talk(person) for person in talks))


async def storm(
    server: BotApiServer, processes: list[BotProcess], *, people: int, messages: int, kills: int, pause: float
) -> tuple[int, int, int]:
    """Talk and kill; return how many messages were lost, doubled, and how many chats were out of order."""
    for process in processes:
        await process.start()
    talks = [server.private(server.user(f"顾客{number}")) for number in range(people)]
    talking = asyncio.ensure_future(talk_all(talks, messages, kills * (pause + 1.5)))
    rng = random.Random(1)
    for _ in range(kills):
        await asyncio.sleep(pause)
        victim = rng.choice(processes)
        await victim.kill()
        await victim.start()
    await talking
    await until(lambda: all(len(set(numbers(person))) == messages for person in talks), within=60)
    await asyncio.sleep(0.5)
    for process in processes:
        await process.stop()
    found = [numbers(person) for person in talks]
    lost = sum(messages - len(set(one)) for one in found)
    doubled = sum(len(one) - len(set(one)) for one in found)
    disordered = sum(not in_order(one) for one in found)
    print(
        f"{people * messages} updates, {kills} kills: lost {lost}, doubled {doubled}, chats out of order {disordered}"
    )
    return lost, doubled, disordered


def processes_of(server: BotApiServer, url: str, folder: Path, mode: str, count: int) -> list[BotProcess]:
    """Make replicas; with a webhook the first address is the one Telegram knows."""
    port = free_port()
    options = {"port": port} if mode == "webhook" else {}
    config = configuration(server, url, folder, mode=mode, budgets_lifted=True, **options)
    return [BotProcess(config) for _ in range(count)]


@pytest.mark.parametrize("mode", ["polling", pytest.param("webhook", marks=pytest.mark.long)])
async def test_the_one_process_on_sqlite_is_killed(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, mode: str
) -> None:
    processes = processes_of(server, sqlite_journal_url, tmp_path, mode, 1)
    lost, doubled, disordered = await storm(server, processes, people=10, messages=15, kills=2, pause=0.7)
    assert (lost, disordered) == (0, 0)
    assert doubled <= 2 * 10  # a kill can leave one message under way in each chat


async def test_one_of_two_replicas_on_postgresql_is_killed(
    server: BotApiServer, postgresql_journal_url: str, tmp_path: Path
) -> None:
    processes = processes_of(server, postgresql_journal_url, tmp_path, "polling", 2)
    lost, doubled, disordered = await storm(server, processes, people=10, messages=15, kills=2, pause=0.7)
    assert (lost, disordered) == (0, 0)
    assert doubled <= 2 * 10


@pytest.mark.long
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_ten_thousand_updates_and_many_kills_on_sqlite(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, mode: str
) -> None:
    processes = processes_of(server, sqlite_journal_url, tmp_path, mode, 1)
    lost, doubled, disordered = await storm(server, processes, people=200, messages=50, kills=40, pause=1.5)
    assert (lost, disordered) == (0, 0)
    assert doubled <= 40 * 20


@pytest.mark.long
async def test_ten_thousand_updates_and_many_kills_on_postgresql(
    server: BotApiServer, postgresql_journal_url: str, tmp_path: Path
) -> None:
    processes = processes_of(server, postgresql_journal_url, tmp_path, "polling", 2)
    lost, doubled, disordered = await storm(server, processes, people=200, messages=50, kills=40, pause=0.7)
    assert (lost, disordered) == (0, 0)
    assert doubled <= 40 * 20


async def test_a_stop_is_graceful(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> None:
    """SIGTERM while answers are under way: nothing doubled or lost; the next process goes on at once."""
    [process] = processes_of(server, sqlite_journal_url, tmp_path, "polling", 1)
    server.hub.latency = 0.05
    await process.start()
    talks = [server.private(server.user(f"顾客{number}")) for number in range(20)]
    talking = asyncio.ensure_future(talk_all(talks, 10, 4.0))
    await asyncio.sleep(1.5)
    await process.stop()
    await process.start()
    await talking
    await until(lambda: all(len(numbers(person)) >= 10 for person in talks))
    await process.stop()
    assert [numbers(person) for person in talks] == [list(range(10))] * 20
