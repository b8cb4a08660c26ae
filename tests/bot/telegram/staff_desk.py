"""A support desk end to end: the strict Bot API server with a staff forum, the whole service, people and staff who talk."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.bootstrap import Parts
from bot.botapi_server import BotApiServer
from bot.botapi_server.clock import Clock
from bot.botapi_server.driving import Conversation
from bot.botapi_server.groups import GroupChat
from bot.botapi_server.state import Message, Topic, User
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.desk.hours import DeskSettings
from bot.channels.telegram.service import Service
from bot.settings import Secret
from bot.telegram_command import maker
from catalog_db.journal import desk_staff
from tests.assistants import NOW, demonstration
from tests.bot.telegram.channel import FastClock, settled
from tests.bot.telegram.private_chat import JumpingTime, ServerTime
from tests.databases import sqlite_at

RIGHTS = ("can_manage_chat", "can_manage_topics", "can_delete_messages", "can_pin_messages")
BY_DAY = NOW.replace(hour=10)


def _said(message: Message) -> bool:
    return not any(key.startswith("forum_topic") for key in message.body)


@dataclass
class Office:
    """The running desk."""

    server: BotApiServer
    folder: Path
    url: str
    rooms: list[GroupChat]
    staff: dict[str, User]
    service: Service
    settings: DeskSettings
    options: dict[str, Any] = field(default_factory=dict)
    parts: Parts | None = None  # of a catalogue of its own, where it is changed
    jumping: bool = False  # chores wake when the time is moved

    @property
    def room(self) -> GroupChat:
        return self.rooms[0]

    def person(self, name: str = "王婶") -> Conversation:
        return self.server.private(self.server.user(name))

    def topics(self) -> list[Topic]:
        return [topic for room in self.rooms for topic in room.chat.topics.values()]

    def topic_of(self, name: str) -> Topic:
        return next(topic for topic in self.topics() if f"{name} №" in topic.name)

    def at(self, who: str, topic: Topic | None = None, room: GroupChat | None = None) -> Conversation:
        """Somebody of the staff in a topic."""
        return (room or self.room).member(self.staff[who], topic=topic)

    def posts(self, topic: Topic, room: GroupChat | None = None) -> list[Message]:
        """What the bot has posted in a topic."""
        visible = (room or self.room).chat.visible()
        return [
            message for message in visible if message.from_bot and message.topic_id == topic.topic_id and _said(message)
        ]

    def text(self, topic: Topic) -> str:
        return "\n".join(message.text for message in self.posts(topic))

    def pass_time(self, seconds: float) -> None:
        self.server.hub.clock.skew += seconds

    async def settled(self, within: float = 30.0) -> None:
        """Wait until nothing waits any more."""
        await settled(self.server, self.service, 3, within)

    async def until(self, condition: Callable[[], Any], within: float = 15.0) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, "waited in vain:\n" + "\n".join(self.room.transcript()[-40:])
            await asyncio.sleep(0.01)

    async def appoint(self, name: str, role: str) -> None:
        """Let one more work here."""
        user = self.staff.setdefault(name, self.server.user(name))
        for room in self.rooms:
            room.join(user)
        done = self.service.journal.write(
            lambda books: desk_staff.appoint(books, user.user_id, name, role, None), self.server.hub.clock.now()
        )
        await asyncio.wrap_future(done)

    async def restart(self) -> None:
        await self.service.close()
        self.service = await _started(self)

    async def kill(self) -> None:
        """End as kill -9 does: nothing is finished, written or given back; then a new process begins."""
        await _killed(self.service)
        self.service = await _started(self)


async def _killed(service: Service) -> None:
    parts = service._parts
    assert parts is not None
    tasks = [*service._tasks, *parts.workers._tasks, *parts.sender._tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    writer = parts.journal._writer
    while not writer._waiting.empty():  # what was not committed is lost with the process
        writer._waiting.get_nowait()
    parts.workers._pool.shutdown(wait=False, cancel_futures=True)
    writer.close()
    parts.journal._database.close()
    if parts.journal._lock is not None:
        parts.journal._lock.close()
    service._parts = None
    await service._request.shutdown()


async def _started(office: Office) -> Service:
    rooms = office.settings.rooms
    config = Configuration(
        Secret(office.server.token), office.url, office.folder / "key", api_url=office.server.url, poll_seconds=2,
        staff_chat_id=rooms[0] if rooms else None, more_staff=rooms[1:], **{"budgets_lifted": True, **office.options},
    )  # fmt: skip
    clock = office.server.hub.clock
    service = Service(
        config,
        clock if isinstance(clock, FastClock) else (JumpingTime if office.jumping else ServerTime)(office.server),
    )
    await service.start(maker(office.parts or demonstration(), office.settings))
    return service


@asynccontextmanager
async def office(
    folder: Path, url: str | None = None, *, rooms: int = 1, rights: tuple[str, ...] | None = RIGHTS, at: Any = BY_DAY,
    clock: Clock | None = None, settings: dict[str, Any] | None = None, parts: Parts | None = None, jumping: bool = False, **options: Any,
) -> AsyncIterator[Office]:  # fmt: skip
    """Open the desk; at the end nothing may be left that breaks the Bot API."""
    server = BotApiServer(clock=clock or Clock(at.timestamp() - time.time()))
    server.bot.me.first_name = "绿选"
    server.bot.poller.brakes = False
    async with server:
        names = ("老赵", "小陈", "小刘", "审计员", "路人")
        staff = {name: server.user(name) for name in names}
        groups = [
            server.group(f"客服台{number}", list(staff.values()), forum=True, bot_rights=rights)
            for number in range(rooms)
        ]
        set_up = DeskSettings(
            tuple(group.chat.chat_id for group in groups),
            unlimited=options.get("budgets_lifted", True),
            **(settings or {}),
        )
        url = url or sqlite_at(folder / "journal.db")
        made = Office(server, folder, url, groups, staff, None, set_up, options, parts, jumping)  # type: ignore[arg-type]
        made.service = await _started(made)
        for name, role in (("老赵", "lead"), ("小陈", "agent"), ("小刘", "agent"), ("审计员", "auditor")):
            number = staff[name].user_id
            await asyncio.wrap_future(
                made.service.journal.write(
                    lambda books, number=number, name=name, role=role: desk_staff.appoint(
                        books, number, name, role, None
                    ),
                    0,
                )
            )
        try:
            yield made
        finally:
            await made.service.close()
        assert server.violations == []
        assert server.hub.crashes == []
        assert server.hub.not_simulated == []
