"""A part of the private chat: it is asked first, decides with the books, works by itself, and forgets with the person."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.botapi_server import BotApiServer
from bot.channels.telegram.application import AssistantHandler, build_assistant_handler
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.features import Feature
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.outgoing import Chore, Json, Outgoing
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Said
from catalog_db.journal.books import Books
from tests.assistants import demonstration
from tests.bot.telegram.channel import running


@dataclass(frozen=True)
class _Counting:
    """Says how many have waited when somebody is counted, and calls each of them once."""

    every = 0.05

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        line = dict(books.marks(0))
        due = [int(name) for name, called in line.items() if not called]
        for chat_id in due:
            books.mark(0, str(chat_id), True)
        return [Outgoing("sendMessage", {"text": "轮到您了"}, chat_id) for chat_id in due]


class Queue:
    """排队: a number for each who asks."""

    def take(self, talk: Talk, event: Event) -> str | None:
        if not (isinstance(event, Said) and event.text == "排队"):
            return None
        return talk.decide(self._number)

    def _number(self, talk: Talk, books: Books) -> str:
        books.mark(0, str(talk.owner.chat_id), False)
        talk.outgoing.append(Outgoing("sendMessage", {"text": f"您是第{len(books.marks(0))}位"}, talk.owner.chat_id))
        return "queued"

    def chores(self) -> Sequence[Chore]:
        return [_Counting()]

    def export(self, books: Books, chat_id: int) -> Json:
        return {"queue": books.marks(0).get(str(chat_id))}

    def forget(self, books: Books, chat_id: int) -> None:
        books.mark(0, str(chat_id), None)


class _Taking:
    """Takes long before its transaction, until it is let go."""

    every = 0.05

    def __init__(self) -> None:
        self.begun, self.let_go = threading.Event(), threading.Event()

    def ahead(self) -> None:
        self.begun.set()
        self.let_go.wait(20)

    def __call__(self, books: Books) -> Sequence[Outgoing]:
        return ()


class Slow(Queue):
    """A part whose chore takes long."""

    def __init__(self) -> None:
        self.chore = _Taking()

    def chores(self) -> Sequence[Chore]:
        return [self.chore]


def _with(*features: Feature) -> Callable[[BotIdentity, Keys], AssistantHandler]:
    parts = demonstration()
    return lambda me, keys: build_assistant_handler(parts.assistant, parts.wording, keys, me, features)


async def test_a_part_answers_first_decides_calls_and_forgets(tmp_path: Path) -> None:
    async with BotApiServer() as server:
        me = BotIdentity(server.bot.me.user_id, "lvxuan_bot")
        from bot.channels.telegram.keys import load_keys

        handler = _with(Queue())(me, load_keys(tmp_path / "key"))
        url = f"sqlite:///{(tmp_path / 'journal.db').as_posix()}"
        async with running(server, url, tmp_path, handler) as service:
            first, second = (server.private(server.user(name)) for name in ("王婶", "李叔"))
            await first.send_text("排队")
            await first.wait_until(lambda: "轮到您了" in first.text(), what="the call")
            await second.send_text("排队")
            await second.wait_until(lambda: "轮到您了" in second.text(), what="the call")
            assert "您是第1位" in first.text() and "您是第2位" in second.text()
            await asyncio.sleep(0.3)
            assert first.text().count("轮到您了") == 1
            await first.send_text("/export")
            await first.wait_until(lambda: any(m.body.get("document") for m in first.bot_messages()), what="the file")
            await first.send_text("/forget")
            await first.wait_until(lambda: len(first.bot_messages()) >= 4, what="the word that it is done")
            with service.journal.reading(0) as books:
                assert json.dumps(books.marks(0)) == json.dumps({str(second.chat.chat_id): True})
        assert server.violations == []


async def test_what_takes_long_before_a_chore_keeps_nobody_waiting(tmp_path: Path) -> None:
    """While a chore is at it, updates are written, answered and sent: no transaction is open."""
    slow = Slow()
    async with BotApiServer() as server:
        from bot.channels.telegram.keys import load_keys

        handler = _with(slow)(BotIdentity(server.bot.me.user_id, "lvxuan_bot"), load_keys(tmp_path / "key"))
        url = f"sqlite:///{(tmp_path / 'journal.db').as_posix()}"
        async with running(server, url, tmp_path, handler):
            await asyncio.to_thread(slow.chore.begun.wait, 20)
            person = server.private(server.user("王婶"))
            await person.send_text("排队")
            await person.wait_until(lambda: "您是第1位" in person.text(), what="an answer meanwhile")
            assert not slow.chore.let_go.is_set()
            slow.chore.let_go.set()
