"""R2: the database goes away and comes back, in the middle of everything; nothing is lost, nothing out of order."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.botapi_server import BotApiServer
from bot.channels.telegram.service import Service
from tests.bot.telegram.channel import free_port, in_order, numbers, running, until
from tests.postgres import MISSING, _binaries, _owner


def cut_connections(url: str) -> None:
    """Cut every connection to a database, as a restart of its server does."""
    import psycopg

    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def settled(service: Service) -> None:
    while True:
        counts = await asyncio.wrap_future(service.journal.count())
        if not counts["outgoing_waiting"] and not counts["updates_waiting"]:
            return
        await asyncio.sleep(0.05)


async def test_cut_connections_lose_nothing(server: BotApiServer, postgresql_journal_url: str, tmp_path: Path) -> None:
    people = [server.private(server.user(f"顾客{number}")) for number in range(15)]
    async with running(server, postgresql_journal_url, tmp_path, budgets_lifted=True) as service:
        for number in range(12):
            for person in people:
                await person.send_text(str(number))
            if number % 2:
                await asyncio.to_thread(cut_connections, postgresql_journal_url)
            await asyncio.sleep(0.1)
        await until(lambda: all(len(set(numbers(person))) == 12 for person in people), within=30)
        await settled(service)
    assert all(in_order(numbers(person)) for person in people)
    assert sum(len(numbers(person)) - 12 for person in people) == 0, "an answer of the Bot API is never asked for twice"


class OwnServer:
    """A PostgreSQL of one's own, to be restarted."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lvxuan-pg-"))
        binaries = _binaries()
        if binaries is None:
            pytest.skip(MISSING)
        self._bin = binaries
        self._user = _owner(self.folder)
        self._run("initdb", "-D", self._data, "-U", "lvxuan", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        self.start()

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://lvxuan@/postgres?host={self.folder}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-D", self._data, "-o", options, "-w", "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop at once, as a crash does."""
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self.folder, timeout=120)


@pytest.fixture
def own_server() -> Iterator[OwnServer]:
    one = OwnServer()
    yield one
    one.stop()
    shutil.rmtree(one.folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.parametrize("mode", ["polling", "webhook"])
async def test_restarts_in_the_stream_and_half_a_minute_without_a_database(
    server: BotApiServer, own_server: OwnServer, tmp_path: Path, mode: str
) -> None:
    people = [server.private(server.user(f"顾客{number}")) for number in range(20)]
    options = {"mode": mode, "port": free_port()} if mode == "webhook" else {}
    async with running(server, own_server.url, tmp_path, budgets_lifted=True, **options) as service:
        for number in range(60):
            for person in people:
                await person.send_text(str(number))
            if number % 10 == 5:
                await asyncio.to_thread(own_server.stop)
                await asyncio.sleep(30 if number == 55 else 0)
                await asyncio.to_thread(own_server.start)
            await asyncio.sleep(0.1)
        await until(lambda: all(len(set(numbers(person))) == 60 for person in people), within=120)
        await settled(service)
    assert all(in_order(numbers(person)) for person in people)
    doubled = sum(len(numbers(person)) - 60 for person in people)
    print(f"1200 updates, 6 restarts, 30 s without a database ({mode}): lost 0, doubled {doubled}")
    assert doubled <= 6 * 20
