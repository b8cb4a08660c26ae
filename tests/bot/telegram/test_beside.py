"""The process beside ours that works out answers: what it is asked, what it hands back, and how it ends."""

from __future__ import annotations

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from bot.bootstrap import ZONE
from bot.botapi_server import BotApiServer
from bot.channels.telegram.answering import Answering
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.beside import Beside, Opening
from bot.channels.telegram.keys import KeyRing, load_keys
from bot.channels.telegram.outgoing import ConversationState, Handled, Handler, Json, Outgoing
from bot.channels.telegram.rehearsal import Rehearsal
from bot.channels.telegram.service import Service
from bot.settings import Secret
from bot.telegram_command import answering_beside, maker, rehearsed
from catalog_db.journal import texts
from catalog_db.journal.books import Books
from catalog_db.journal.incoming import Handling
from catalog_db.journal.records import Claim
from catalog_db.journal.sealing import Envelopes
from tests.assistants import NOW, demonstration
from tests.bot.telegram.channel import BotProcess, configuration, in_order, numbers, until
from tests.bot.telegram.echo import EchoHandler

QUESTIONS = (
    "马桶推荐一下", "第一个详细说说", "两百以内的防水涂料", "便宜点的", "在吗", "80平的房子要多少乳胶漆", "什么是绿色建材", "谢谢",
)  # fmt: skip
US = BotIdentity(7, "lvxuan_bot")


class WhoHandler(EchoHandler):
    """Says in which process it was asked; 定… decides in the transaction, 查… looks into the books."""

    def _said(self, text: str, conversation: ConversationState) -> Handled:
        handled = super()._said(text, conversation)
        if text.startswith("查") and conversation.books is not None:
            with conversation.books():
                pass
        said = [
            Outgoing(one.method, {"text": f"{os.getpid()} {one.params['text']}"}, one.chat_id)
            for one in handled.outgoing
        ]
        answer = Handled(session_json=handled.session_json, outgoing=said)
        return Handled(within=lambda books: answer) if text.startswith("定") else answer

    def _pressed(self, query: Json) -> Handled:
        params = {"callback_query_id": str(query["id"]), "text": str(os.getpid())}
        return Handled(outgoing=[Outgoing("answerCallbackQuery", params, None, kind="answer_callback")])


class TellingHandler(EchoHandler):
    """Writes down what it is asked."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    def _said(self, text: str, conversation: ConversationState) -> Handled:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")
        return super()._said(text, conversation)


@asynccontextmanager
async def running(server: BotApiServer, url: str, folder: Path) -> AsyncIterator[tuple[Service, Beside]]:
    """Run the channel with a process beside it."""

    def make(me: BotIdentity, keys: object) -> Handler:
        return WhoHandler()

    beside = Beside(lambda: nullcontext(make))
    service = Service(configuration(server, url, folder), server.hub.clock, beside=beside)
    await service.start(make)
    try:
        await until(lambda: beside.ready)
        yield service, beside
    finally:
        await service.close()


def is_there(process: int) -> bool:
    """Tell whether a process runs."""
    try:
        state = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def test_what_is_typed_is_answered_there_and_the_rest_here(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    async with running(server, sqlite_journal_url, tmp_path) as (_, beside):
        talk = server.private(server.user("王婶"))
        for text in ("马桶", "定了", "查一下", "坏的", "水龙头"):
            await talk.send_text(text)
        await until(lambda: len(talk.bot_messages()) == 5)
        said = [str(message.body["text"]) for message in talk.bot_messages()]
    assert said == [
        f"{beside.process} 第 1 句：马桶", f"{os.getpid()} 第 2 句：定了", f"{os.getpid()} 第 3 句：查一下", "没弄成",
        f"{beside.process} 第 4 句：水龙头",
    ]  # fmt: skip


async def test_a_button_is_answered_there(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> None:
    async with running(server, sqlite_journal_url, tmp_path) as (_, beside):
        talk = server.private(server.user("王婶"))
        await talk.send_text("马桶")
        await until(talk.bot_messages)
        pressed = await talk.press_data(talk.bot_messages()[0], "1:any")
        assert (await talk.wait_for_answer(pressed))["text"] == str(beside.process)


async def test_before_it_has_work_it_rehearses_and_nobody_hears_of_it(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "asked"

    def make(me: BotIdentity, keys: object) -> Handler:
        return EchoHandler()

    beside = Beside(lambda: nullcontext(make), (lambda me, keys: TellingHandler(file), ["马桶", "坏的", "水龙头"]))
    service = Service(configuration(server, sqlite_journal_url, tmp_path), server.hub.clock, beside=beside)
    await service.start(make)
    try:
        await until(lambda: beside.ready)
        assert file.read_text("utf-8").split() == ["马桶", "坏的", "水龙头"]
        talk = server.private(server.user("王婶"))
        await talk.send_text("1")
        await until(lambda: numbers(talk) == [1])
        assert talk.bot_messages()[0].body["text"].startswith("第 1 句")
        assert sum(call.method == "sendMessage" for call in server.calls) == 1
    finally:
        await service.close()


def test_a_rehearsal_answers_what_it_asks_and_presses_what_is_offered(tmp_path: Path) -> None:
    parts, keys = demonstration(), load_keys(tmp_path / "key")
    asked = rehearsed(parts.wording)
    handler = maker(parts)(US, keys)
    answers = Rehearsal(handler, Envelopes(KeyRing(keys), US.bot_id), US.bot_id, ZONE, asked).play()
    assert len(asked) + 20 <= answers <= 3 * len(asked)


async def test_a_command_is_answered_here(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> None:
    async with running(server, sqlite_journal_url, tmp_path):
        talk = server.private(server.user("王婶"))
        await talk.send_text("/start")
        await until(talk.bot_messages)
        assert str(talk.bot_messages()[0].body["text"]).startswith(f"{os.getpid()} ")


async def test_when_it_is_killed_everything_is_answered_here(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    async with running(server, sqlite_journal_url, tmp_path) as (_, beside):
        talks = [server.private(server.user(f"顾客{number}")) for number in range(10)]
        for number in range(10):
            for talk in talks:
                await talk.send_text(str(number))
            if number == 4:
                os.kill(beside.process, signal.SIGKILL)
        await until(lambda: all(len(talk.bot_messages()) == 10 for talk in talks))
        assert all(in_order(numbers(talk)) for talk in talks)
        assert str(talks[0].bot_messages()[-1].body["text"]).startswith(f"{os.getpid()} ")


async def test_while_one_answer_takes_long_others_are_answered_here(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    async with running(server, sqlite_journal_url, tmp_path) as (_, beside):
        slow, other = server.private(server.user("慢郎中")), server.private(server.user("王婶"))
        os.kill(beside.process, signal.SIGSTOP)
        await slow.send_text("慢")
        await until(lambda: beside.at_it() > 0.6)
        await other.send_text("马桶")
        await until(other.bot_messages)
        assert str(other.bot_messages()[0].body["text"]).startswith(f"{os.getpid()} ")
        assert slow.bot_messages() == []
        os.kill(beside.process, signal.SIGCONT)
        await until(slow.bot_messages)
        assert str(slow.bot_messages()[0].body["text"]).startswith(f"{beside.process} ")


async def test_it_ends_with_the_service(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> None:
    async with running(server, sqlite_journal_url, tmp_path) as (_, beside):
        assert is_there(beside.process)
    assert not is_there(beside.process)


async def test_it_goes_on_when_it_is_told_to_stop_and_ends_when_the_service_is_killed(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path
) -> None:
    process = BotProcess(configuration(server, sqlite_journal_url, tmp_path))
    await process.start()
    [beside] = process.children
    os.kill(beside, signal.SIGTERM)
    os.kill(beside, signal.SIGINT)
    talk = server.private(server.user("王婶"))
    await talk.send_text("1")
    await until(lambda: numbers(talk) == [1])
    assert is_there(beside)
    await process.kill()
    await until(lambda: not is_there(beside))


async def test_its_answers_are_ours(tmp_path: Path) -> None:
    """Sessions, memory and messages of a talk, the same from there as from here."""
    parts, keys = demonstration(), load_keys(tmp_path / "key")
    envelopes = Envelopes(KeyRing(keys), US.bot_id)
    beside = answering_beside(parts, lambda: nullcontext(maker(parts)))
    assert beside is not None

    def no_books(now: float) -> nullcontext[Books]:
        raise AssertionError("nobody looks into the books here")

    here = Answering(maker(parts)(US, keys), US.bot_id, ZONE, envelopes.handling, no_books)
    await beside.open(Opening(US, keys, ZONE, Secret("7:x")))
    try:
        await until(lambda: beside.ready)
        session: Json | None = None
        kept: Json = {}
        for number, text in enumerate(QUESTIONS, 1):
            claim, now = typed(envelopes, number, text, session, kept), NOW.timestamp() + number
            assert beside.takes(claim)
            ours, theirs = here.work(claim, now), await beside.work(claim, now)
            assert theirs is not None and theirs.sealed is not None and ours.sealed is not None
            assert opened(envelopes, theirs.sealed) == opened(envelopes, ours.sealed)
            assert theirs.typing == ours.typing and theirs.result.outcome == ours.result.outcome
            assert theirs.says == ours.says
            session, kept = dict(ours.result.session or {}), dict(ours.result.kept or {})
    finally:
        await beside.close()


def typed(envelopes: Envelopes, number: int, text: str, session: Json | None, kept: Json) -> Claim:
    """The claim of an update in which somebody types."""
    person = {"id": 9, "is_bot": False, "first_name": "王婶"}
    date = int(NOW.timestamp()) + number
    message = {"message_id": number, "date": date, "chat": {"id": 9, "type": "private"}, "from": person, "text": text}
    key = envelopes.key("9")
    content = {"update_id": number, "message": message}
    texts_of = [None if one is None else texts.write(one) for one in (session, kept)]
    return Claim(key, key, 9, number, content, 1, *texts_of, None, float(date))


def opened(envelopes: Envelopes, handling: Handling) -> Json:
    """What is sealed, in clear."""
    return {
        "session": envelopes.open(handling.session or b"", "session"),
        "kept": envelopes.open(handling.kept or b"", "kept"),
        "outgoing": [
            (envelopes.open(one.content, "outgoing"), one.kind, one.remember_as, one.replaces)
            for one in handling.outgoing
        ],
        "wake_at": handling.wake_at,
        "supersedes": handling.supersedes,
        "outcome": handling.outcome,
    }
