"""Permissions by purpose, what is remembered, what is watched; everything in the export, nothing left after /forget."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Message
from bot.channels.telegram.keys import KeyRing
from catalog_db.journal import permissions
from catalog_db.journal.permissions import PURPOSES
from tests.assistants import demonstration
from tests.bot.telegram.dialogs import press, say
from tests.bot.telegram.private_chat import Bot, buttons_of, labels_of, running_bot

WORDING = demonstration().wording
PERSONAL = ("journal_conversations", "journal_readers", "journal_watches", "journal_messages", "journal_outgoing")


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def tap(bot: Bot, talk: Conversation, message: Message, words: str) -> Message:
    return await press(bot, talk, message, next(b for b in buttons_of(message) if words in b["text"]))


async def profile(bot: Bot, talk: Conversation) -> dict:
    with bot.service.journal.reading(0) as books:
        return permissions.profile(books, talk.chat.chat_id)


async def test_each_permission_is_one_tap_and_one_tap_takes_it_back(bot):
    aunt = bot.talk()
    await say(bot, aunt, "马桶")
    for purpose in PURPOSES:
        name = WORDING.say(f"permissions.name.{purpose}")
        mine = await say(bot, aunt, "/mine")
        others = set(labels_of(mine)) - {name}
        await tap(bot, aunt, mine, name)
        assert set((await profile(bot, aunt))["consents"]) == {purpose}
        assert set(labels_of(mine)) == others | {WORDING.say("permissions.given", name=name)}
        bot.pass_time(61)
        await tap(bot, aunt, mine, name)
        assert not (await profile(bot, aunt))["consents"]
        bot.pass_time(61)


async def test_what_do_you_remember_lists_everything_and_forget_erases_it(bot):
    aunt = bot.talk()
    mine = await say(bot, aunt, "你记得我啥")
    await tap(bot, aunt, mine, WORDING.say("permissions.name.memory"))
    for line in ("我在寿光，有卖瓷砖的店吗", "卫生间翻新预算五千", "刷墙要几桶漆，客厅30平"):
        await say(bot, aunt, line)
    listed = (await say(bot, aunt, "你记得我啥")).body["text"]
    assert "寿光" in listed and "30 平方米" in listed and "5000 元" in listed
    await say(bot, aunt, "忘掉")
    after = (await say(bot, aunt, "你记得我啥")).body["text"]
    assert "寿光" not in after and "平方米" not in after and "5000" not in after


async def test_without_permission_county_and_household_do_not_outlast_the_day(bot):
    kept, not_kept = bot.talk("王婶"), bot.talk("李叔")
    mine = await say(bot, kept, "/mine")
    await tap(bot, kept, mine, WORDING.say("permissions.name.location"))
    for aunt in (kept, not_kept):
        await say(bot, aunt, "我在寿光，有卖瓷砖的店吗")
        assert (await bot.conversation(aunt))["session"]["place"] == "370783"
    bot.pass_time(7 * 3600)
    for aunt in (kept, not_kept):
        await say(bot, aunt, "你好呀")
    assert (await bot.conversation(kept))["session"]["place"] == "370783"
    assert (await bot.conversation(not_kept))["session"]["place"] is None
    assert (await bot.conversation(not_kept))["kept"]["household"] == {}


async def test_with_personalisation_off_two_people_see_the_same_list(bot):
    first, second = bot.talk("王婶"), bot.talk("李叔")
    await say(bot, first, "我在寿光，有卖瓷砖的店吗")
    for aunt in (first, second):
        mine = await say(bot, aunt, "/mine")
        await tap(bot, aunt, mine, WORDING.say("permissions.neutral.off"))
    lists = [(await say(bot, aunt, "有认证的瓷砖")).body["text"] for aunt in (first, second)]
    assert lists[0] == lists[1]


async def test_a_price_is_watched_after_a_yes_and_told_once_with_its_way_out(bot, monkeypatch):
    aunt = bot.talk()
    await say(bot, aunt, "有认证的内墙乳胶漆")
    card = await say(bot, aunt, "第一个")
    asked = await tap(bot, aunt, card, WORDING.say("alerts.watch.product"))
    assert asked.body["text"] == WORDING.say("alerts.ask")
    done = await tap(bot, aunt, asked, WORDING.say("alerts.agree"))
    assert "盯着了" in done.body["text"]
    with bot.service.journal.reading(0) as books:
        [watch] = list(permissions.watched(books, aunt.chat.chat_id))
    dearer = {**watch.told, "price": "99999"}
    await asyncio.wrap_future(
        bot.service.journal.write(lambda books: permissions.looked(books, watch, dearer, "before", None), 0)
    )
    await aunt.wait_until(lambda: "降价了" in aunt.text(), what="the alert")
    told = aunt.bot_messages()[-1]
    assert labels_of(told) == [WORDING.say("alerts.stop_one"), WORDING.say("alerts.stop_all")]
    await asyncio.sleep(2.5)
    assert aunt.text().count("降价了") == 1
    await tap(bot, aunt, told, WORDING.say("alerts.stop_one"))
    with bot.service.journal.reading(0) as books:
        assert not list(permissions.watched(books, aunt.chat.chat_id))


async def test_nothing_is_told_at_night_and_everything_in_the_morning(bot):
    aunt = bot.talk()
    await say(bot, aunt, "有认证的内墙乳胶漆")
    await say(bot, aunt, "第一个")
    asked = await say(bot, aunt, "降价告诉我")
    await tap(bot, aunt, asked, WORDING.say("alerts.agree"))
    with bot.service.journal.reading(0) as books:
        [watch] = list(permissions.watched(books, aunt.chat.chat_id))
    bot.pass_time(4 * 3600)
    dearer = {**watch.told, "price": "99999"}
    await asyncio.wrap_future(
        bot.service.journal.write(lambda books: permissions.looked(books, watch, dearer, "before", None), 0)
    )
    await asyncio.sleep(2.5)
    assert "降价了" not in aunt.text()
    bot.pass_time(11 * 3600)
    await aunt.wait_until(lambda: "降价了" in aunt.text(), what="the alert in the morning")


async def test_whoever_refuses_is_not_watched_for_and_asks_on(bot):
    aunt = bot.talk()
    await say(bot, aunt, "有认证的内墙乳胶漆")
    asked = await say(bot, aunt, "有新款告诉我")
    refused = await tap(bot, aunt, asked, WORDING.say("alerts.refuse"))
    assert refused.body["text"] == WORDING.say("alerts.refused")
    with bot.service.journal.reading(0) as books:
        assert not list(permissions.watched(books, aunt.chat.chat_id))
    assert "内墙乳胶漆" in (await say(bot, aunt, "内墙乳胶漆")).body["text"]


async def test_the_export_has_all_of_it_and_forgetting_leaves_no_row(bot):
    aunt = bot.talk()
    key = KeyRing(bot.keys).pseudonym(f"{bot.server.bot.me.user_id}:{aunt.chat.chat_id}")
    mine = await say(bot, aunt, "/mine")
    for purpose in PURPOSES:
        await tap(bot, aunt, mine, WORDING.say(f"permissions.name.{purpose}"))
    for line in ("我在寿光，有卖瓷砖的店吗", "刷墙要几桶漆，客厅30平", "有认证的内墙乳胶漆", "第一个", "降价告诉我"):
        await say(bot, aunt, line)
    await say(bot, aunt, "/export")
    document = next(m.body["document"] for m in reversed(aunt.bot_messages()) if m.body.get("document"))
    exported = json.loads(bot.server.bot.files[document["file_id"]].content)
    with bot.service.journal.reading(0) as books:
        [watch] = list(permissions.watched(books, aunt.chat.chat_id))
    assert exported["watched"] == [{"kind": watch.kind, "target": watch.target, "told": watch.told}]
    assert set(exported["marks"]["profile"]["consents"]) == set(PURPOSES)
    assert exported["session"]["place"] == "370783"
    assert exported["chat"]["household"]["area"] == "30"
    assert held(bot, key) >= {"journal_conversations", "journal_readers", "journal_watches"}
    await say(bot, aunt, "/forget")
    await bot.settled()
    # The word that it is done was sent, and the newest message may be numbered for an edit: nothing else is left.
    assert held(bot, key) <= {"journal_messages"}


def held(bot: Bot, key: bytes) -> set[str]:
    """The tables of a dump of the whole database in which the person's pseudonym stands."""
    with closing(sqlite3.connect(bot.database)) as database:
        dump = "\n".join(database.iterdump())
    lines = (line for line in dump.split("\n") if line.startswith("INSERT") and key.hex().upper() in line.upper())
    return {line.split('"')[1] for line in lines} & {*PERSONAL, *tables_of(dump)}


def tables_of(dump: str) -> set[str]:
    return {line.split('"')[1] for line in dump.split("\n") if line.startswith("INSERT")} - {"journal_updates"}
