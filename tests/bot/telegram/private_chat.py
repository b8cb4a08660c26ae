"""A private chat end to end: the strict Bot API server, the whole service with its journal, the bundled catalogue."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

from bot.botapi_server import BotApiServer
from bot.botapi_server.clock import Clock
from bot.botapi_server.driving import Conversation
from bot.botapi_server.groups import GroupChat
from bot.botapi_server.state import Json, Message
from bot.channels.exchange import Responder
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.keys import KeyRing, Keys, load_keys
from bot.channels.telegram.service import Service
from bot.channels.telegram.timing import SystemClock
from bot.settings import Secret
from bot.telegram_command import maker
from catalog_db.journal.sealing import Envelopes
from tests.assistants import NOW, demonstration
from tests.bot.telegram.channel import settled
from tests.databases import sqlite_at


class ServerTime(SystemClock):
    """The bot lives in the time of the server, which a test can move."""

    def __init__(self, server: BotApiServer) -> None:
        self._server = server

    def now(self) -> float:
        return self._server.hub.clock.now()


class JumpingTime(ServerTime):
    """Wakes who sleeps when a test has moved the time past the end: chores run as if the time had passed."""

    async def sleep(self, seconds: float) -> None:
        """Wait until the server's time has come."""
        end = self.now() + seconds
        while (left := end - self.now()) > 0:  # noqa: ASYNC110 - time jumps without ringing
            await asyncio.sleep(min(left, 0.1))


@dataclass
class Bot:
    """A running bot on its server."""

    server: BotApiServer
    service: Service
    folder: Path
    staff: GroupChat | None = None

    def talk(self, name: str = "王婶") -> Conversation:
        return self.server.private(self.server.user(name, language="zh-hans"))

    @property
    def keys(self) -> Keys:
        return load_keys(self.folder / "key")

    @property
    def database(self) -> Path:
        return self.folder / "journal.db"

    async def conversation(self, talk: Conversation) -> Json:
        """What the journal keeps of a chat, opened with the key."""
        ring = KeyRing(self.keys)
        key = ring.pseudonym(f"{self.server.bot.me.user_id}:{talk.chat.chat_id}")
        with closing(sqlite3.connect(self.database)) as database:
            row = database.execute("SELECT session, kept FROM journal_conversations WHERE key = ?", (key,)).fetchone()
        if not row or not row[0]:
            return {}
        envelopes = Envelopes(ring, self.server.bot.me.user_id)
        session, kept = (envelopes.open(bytes(row[n]), purpose) for n, purpose in enumerate(("session", "kept")))
        return {"session": session, "kept": kept}

    async def restart(self) -> None:
        """End the process and begin anew with what the journal holds."""
        await self.service.close()
        self.service = Service(self.service.config, ServerTime(self.server))
        await self.service.start(maker(demonstration()))

    def pass_time(self, seconds: float) -> None:
        """Let time jump for everybody."""
        self.server.hub.clock.skew += seconds

    async def settled(self, within: float = 120.0) -> None:
        """Wait until nothing waits any more, neither to be handled nor to be sent. Raises TimeoutError."""
        await settled(self.server, self.service, 2, within)


@asynccontextmanager
async def running_bot(
    folder: Path, staff: Sequence[str] = (), *, lifted: bool = True, assistant: Responder | None = None
) -> AsyncIterator[Bot]:
    """Start server and bot; at the end nothing may be left that breaks the Bot API.

    `staff`: who is in the staff's chat. `lifted`: without the sending budgets. `assistant`: who answers.
    """
    server = BotApiServer(clock=Clock(NOW.timestamp() - time.time()))
    server.bot.me.first_name = "绿选"
    server.bot.poller.brakes = False
    async with server:
        group = server.group("客服", [server.user(name) for name in staff]) if staff else None
        config = Configuration(
            Secret(server.token),
            sqlite_at(folder / "journal.db"),
            folder / "key",
            api_url=server.url,
            budgets_lifted=lifted,
            staff_chat_id=group.chat.chat_id if group else None,
        )
        service = Service(config, ServerTime(server))
        bot = Bot(server, service, folder, group)
        await service.start(maker(demonstration(), assistant=assistant))
        try:
            yield bot
        finally:
            await bot.service.close()
        assert server.violations == []
        assert server.hub.crashes == []
        assert server.hub.not_simulated == []
        assert [call for call in server.calls if "can't parse entities" in call.description] == []


def buttons_of(message: Message) -> Iterator[Json]:
    """Yield the inline buttons under a message."""
    markup = message.body.get("reply_markup") or {}
    for row in markup.get("inline_keyboard", []):
        yield from row


def labels_of(message: Message) -> list[str]:
    return [button["text"] for button in buttons_of(message)]
