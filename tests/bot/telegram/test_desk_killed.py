"""A real process, a real kill -9 at every step of a ticket's life: nothing lost, nothing sent twice, nothing to the wrong person.

A call that was cut may have been done. What went to a person is then not repeated: the staff are told, and send it again by a tap
or not. What went to the staff is posted again, and says so.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.botapi_server.groups import GroupChat
from bot.botapi_server.state import Message, Topic, User
from catalog_db.database import Database, open_database
from tests.assistants import demonstration
from tests.bot.telegram.channel import BotProcess, configuration
from tests.bot.telegram.staff_desk import RIGHTS

PERHAPS_TWICE = "可能是重复的"
UNKNOWN = "不知道送到没有"
_KEPT = (
    text("SELECT COUNT(*) FROM journal_updates WHERE outcome IS NULL"),
    text("SELECT COUNT(*) FROM journal_outgoing WHERE state IN ('waiting', 'taken', 'sending')"),
    text("SELECT COUNT(*) FROM desk_items WHERE state IN ('waiting', 'posted')"),
)


@dataclass
class Killed:
    """The desk in a process that is killed again and again."""

    server: BotApiServer
    process: BotProcess
    room: GroupChat
    agent: User
    journal: Database
    kills: int = 0

    async def settled(self, within: float = 60.0) -> None:
        """Wait until nothing waits anywhere and the bot has been silent for a while: it may be just starting, or wait for a topic."""
        deadline = time.monotonic() + within
        calls, quiet = -1, 0
        while quiet < 12:
            assert time.monotonic() < deadline, "\n".join(self.room.transcript()[-40:])
            await asyncio.sleep(0.1)
            busy = bool(self.server.bot.queue.waiting) or self._calls() != calls or self._kept() > 0
            calls, quiet = self._calls(), 0 if busy else quiet + 1

    def _kept(self) -> int:
        """Count what the journal still has to do: updates, calls, what was written and stands in no post."""
        with self.journal.reading() as connection:
            return sum(int(connection.execute(statement).scalar_one()) for statement in _KEPT)

    def _calls(self) -> int:
        return sum(call.method != "getUpdates" for call in self.server.calls)

    async def kill(self) -> None:
        await self.process.kill()
        self.kills += 1
        await self.process.start()

    def topic_of(self, name: str) -> Topic:
        return next(topic for topic in self.room.chat.topics.values() if f"{name} №" in topic.name)

    def posts(self, topic: Topic) -> list[Message]:
        return [one for one in self.room.chat.visible() if one.from_bot and one.topic_id == topic.topic_id]


@asynccontextmanager
async def _desk(folder: Path, url: str) -> AsyncIterator[Killed]:
    server = BotApiServer()
    server.bot.poller.brakes = False
    async with server:
        agent = server.user("小陈")
        room = server.group("客服台", [agent], forum=True, bot_rights=RIGHTS)
        config = configuration(server, url, folder, budgets_lifted=True, staff_chat_id=room.chat.chat_id)
        told = {
            "catalogue": str(demonstration().catalogue.database.file), "folder": str(folder),
            "team": [(agent.user_id, "小陈", "agent")],
        }  # fmt: skip
        process = BotProcess(config, "tests.bot.telegram.desk_process", json.dumps(told))
        await process.start()
        journal = open_database(url)
        try:
            yield Killed(server, process, room, agent, journal)
        finally:
            await process.kill()
            journal.close()
        assert server.violations == [] and server.hub.crashes == []


class Life:
    """One ticket from the first word to the last, step by step. `wait`: how long after each step the process is killed."""

    def __init__(self, desk: Killed, name: str, wait: Callable[[], float]) -> None:
        self.desk, self.name, self.wait = desk, name, wait
        self.person: Conversation = desk.server.private(desk.server.user(name))
        self.asked: list[str] = []
        self.answered: list[str] = []

    async def _step(self, doing: Awaitable[object]) -> None:
        await doing
        await asyncio.sleep(self.wait())
        await self.desk.kill()

    async def play(self) -> None:
        await self._step(self.person.send_text("人工"))
        await self.desk.settled()
        topic = self.desk.topic_of(self.name)
        staff = self.desk.room.member(self.desk.agent, topic=topic)
        for number in range(2):
            self.asked.append(f"{self.name}问{number}。")
            await self._step(self.person.send_text(self.asked[-1]))
        await self._step(self.person.send_photo(b"bag"))
        await self.desk.settled()
        for number in range(2):
            self.answered.append(f"给{self.name}的答{number}。")
            await self._step(staff.send_text(self.answered[-1]))
        await self._step(staff.send_text("// 只给同事"))
        await self._step(staff.send_text("/close"))
        await self.desk.settled()
        self.asked.append(f"{self.name}又来了。")
        await self.person.send_text("人工")
        await self._step(self.person.send_text(self.asked[-1]))
        await self.desk.settled()
        self.answered.append(f"给{self.name}的最后一答。")
        await self._step(staff.send_text(self.answered[-1]))
        await self.desk.settled()

    def judge(self) -> tuple[int, int]:
        """Return how many answers the staff were asked about, and how many posts said that they may be doubled."""
        topic = self.desk.topic_of(self.name)
        posts = self.desk.posts(topic)
        said = "\n".join(one.text for one in posts)
        warned = said.count(PERHAPS_TWICE)
        for line in self.asked:
            assert 1 <= said.count(line) <= 1 + warned, (line, said)
        order = [said.index(line) for line in self.asked]
        assert order == sorted(order)
        assert 1 <= sum("photo" in one.body for one in posts) <= 1 + warned
        got = [one.text for one in self.person.bot_messages()]
        unknown = [line for line in self.answered if f"{UNKNOWN}：“{line[:40]}" in said]
        for line in self.answered:
            assert got.count(line) == 1 or (line in unknown and got.count(line) <= 1), (line, got)
        assert [line for line in got if line in self.answered] == [line for line in self.answered if line in got]
        assert not any("只给同事" in line for line in got)
        others = [line for line in got if "的答" in line and self.name not in line]
        assert others == []
        assert len([one for one in self.desk.room.chat.topics.values() if f"{self.name} №" in one.name]) == 1
        return len(unknown), warned


async def _sweep(desk: Killed, lives: int, waits: Callable[[], float]) -> tuple[int, int]:
    """Play lives one after the other, while a neighbour waits to whom nothing may go."""
    neighbour = desk.server.private(desk.server.user("邻居"))
    await neighbour.send_text("人工")
    await desk.settled()
    heard = len(neighbour.bot_messages())
    unknown = warned = 0
    for number in range(lives):
        life = Life(desk, f"客{number:02d}", waits)
        await life.play()
        one, two = life.judge()
        unknown, warned = unknown + one, warned + two
        assert len(neighbour.bot_messages()) == heard
    print(f"{desk.kills} kills, {lives} tickets: asked about {unknown} answers, {warned} posts that may be doubled")
    return unknown, warned


async def test_a_process_killed_at_every_step_of_a_ticket(tmp_path: Path, sqlite_journal_url: str) -> None:
    chance = random.Random(8)
    async with _desk(tmp_path, sqlite_journal_url) as desk:
        await _sweep(desk, 1, lambda: chance.uniform(0.0, 0.2))


@pytest.mark.long
async def test_a_process_killed_at_every_step_and_every_moment(tmp_path: Path, journal_url: str) -> None:
    """On both databases, with calls that take their time, so that kills cut them."""
    chance = random.Random(88)
    async with _desk(tmp_path, journal_url) as desk:
        desk.server.hub.latency = 0.05
        await _sweep(desk, 12, lambda: chance.uniform(0.0, 0.4))
