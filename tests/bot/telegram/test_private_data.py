"""Personal data: never in clear in the database or the logs, and gone when the person says so."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.channels.telegram import logs
from bot.channels.telegram.keys import KeyRing
from bot.settings import Secret
from tests.bot.telegram.dialogs import presses_of
from tests.bot.telegram.private_chat import Bot, running_bot

PHONE, IDENTITY = "13912345678", "370783199001011234"
ADDRESS = "柳河村三组王家大院"
NAME = "王桂兰测试"
LATITUDE, LONGITUDE = 36.857123, 118.791456
SEEDS = (PHONE, IDENTITY, ADDRESS, NAME, "36.857", "118.791", "内墙乳胶漆", "寿光")


@pytest.fixture
async def bot(tmp_path: Path, capfd):
    async with running_bot(tmp_path) as running:
        logs.configure(Secret(running.server.token))
        yield running


def clear_text(bot: Bot) -> bytes:
    """Everything that the bot has written to disk, its key file aside."""
    return b"".join(file.read_bytes() for file in bot.folder.iterdir() if file.is_file() and file.name != "key")


def found(seeds: tuple[str, ...], haystack: bytes) -> list[str]:
    return [seed for seed in seeds if seed.encode() in haystack or json.dumps(seed)[1:-1].encode() in haystack]


async def live(bot: Bot) -> None:
    """Tell the bot all there is to tell."""
    aunt = bot.talk(NAME)
    await aunt.start()
    await aunt.wait_for_replies(1)
    for text in (
        f"我叫{NAME}，电话{PHONE}，住{ADDRESS}，想买三百以内的内墙乳胶漆",
        f"身份证{IDENTITY}，送到{ADDRESS}要多少钱",
        "我在山东寿光，附近有店吗",
    ):
        await aunt.send_text(text)
        await bot.settled()
        bot.pass_time(10)
    await aunt.send_contact(f"+86{PHONE}")
    await aunt.send_location(LATITUDE, LONGITUDE)
    await aunt.send_photo(b"GIF89a\x20\x00\x10\x00", caption=f"{ADDRESS}的瓷砖")
    await bot.settled()
    message = next(m for m in reversed(aunt.bot_messages()) if presses_of(m))
    await aunt.press_data(message, presses_of(message)[0]["callback_data"])
    await aunt.send_text(f"人工，打我电话{PHONE}")
    bot.pass_time(10)
    await bot.settled()


async def test_nothing_personal_is_in_clear_on_disk_or_in_the_logs(bot, capfd):
    await live(bot)
    assert found(SEEDS, clear_text(bot)) == []
    out, err = capfd.readouterr()
    assert found((*SEEDS, bot.server.token), (out + err).encode()) == []


async def test_failures_tell_nothing_personal_either(bot, capfd, monkeypatch):
    from tests.assistants import demonstration

    def fail(_: object, question: object, __: object) -> None:
        raise RuntimeError(f"with {question}")

    monkeypatch.setattr(type(demonstration().assistant), "respond", fail)
    aunt = bot.talk(NAME)
    await aunt.ask(f"电话{PHONE}，内墙乳胶漆")
    await bot.settled()
    out, err = capfd.readouterr()
    assert "handler_failed" in out + err
    assert found((*SEEDS, bot.server.token), (out + err).encode()) == []


async def test_after_forget_no_row_of_the_chat_is_left(bot):
    await live(bot)
    aunt = next(chat for chat in bot.server.bot.chats.values() if chat.is_private)
    key = KeyRing(bot.keys).pseudonym(f"{bot.server.bot.me.user_id}:{aunt.chat_id}")
    assert _rows(bot, key), "there was something"
    talk = bot.server.private(next(user for user in bot.server.hub.users.values() if user.user_id == aunt.chat_id))
    await talk.ask("/forget")
    await bot.settled()
    left = _rows(bot, key)
    assert left.keys() <= {"journal_conversations"}
    assert all(not row["session"] and not row["kept"] for rows in left.values() for row in rows)


def _rows(bot: Bot, key: bytes) -> dict[str, list[dict[str, object]]]:
    """Everything of a chat in the tables of the journal."""
    tables = {
        "journal_conversations": "chat", "journal_outgoing": "chat", "journal_messages": "chat", "journal_updates": "conversation",
    }  # fmt: skip
    with closing(sqlite3.connect(bot.database)) as database:
        database.row_factory = sqlite3.Row
        found_rows = {
            table: [dict(row) for row in database.execute(f"SELECT * FROM {table} WHERE {column} = ?", (key,))]  # noqa: S608 - our own names
            for table, column in tables.items()
        }
    return {table: rows for table, rows in found_rows.items() if rows}


async def test_what_was_exported_is_all_that_is_kept(bot):
    await live(bot)
    chat = next(chat for chat in bot.server.bot.chats.values() if chat.is_private)
    talk = bot.server.private(next(user for user in bot.server.hub.users.values() if user.user_id == chat.chat_id))
    await talk.send_text("/export")
    [answer] = await talk.wait_for_replies(1)
    await bot.settled()
    exported = json.loads(bot.server.bot.files[answer.body["document"]["file_id"]].content)
    kept = await bot.conversation(talk)
    assert exported["session"] == kept["session"]
    assert exported["chat"]["shown"] == kept["kept"]["shown"]
    assert str(LATITUDE) not in json.dumps(kept)
