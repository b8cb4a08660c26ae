"""寿光市有 5 人收藏 (B16): told from five people of the county on, of those alone who agreed; four are never told of."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.botapi_server.driving import Conversation
from bot.channels.telegram.keys import KeyRing
from catalog_db.journal import neighbours
from tests.assistants import demonstration
from tests.bot.telegram.ambassadors import press, say, write
from tests.bot.telegram.private_chat import Bot, labels_of, running_bot

WORDING = demonstration().wording
AGREE = WORDING.say("neighbours.count_me")
HERE, ELSEWHERE = "我在寿光，有卖瓷砖的店吗", "我在兰考，有卖瓷砖的店吗"


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def rows(bot: Bot) -> list[tuple]:
    with closing(sqlite3.connect(bot.database)) as database:
        return database.execute("SELECT mark, county, item FROM journal_neighbours").fetchall()


async def keeps(bot: Bot, name: str, where: str = HERE, *, agrees: bool = True) -> Conversation:
    """Somebody who says where they live and keeps the first toilet; `agrees`: to be counted."""
    talk = bot.talk(name)
    await say(bot, talk, where)
    await say(bot, talk, "500以内的马桶")
    saved = await say(bot, talk, "第一个加到清单")
    assert AGREE in labels_of(saved)
    if agrees:
        assert "不记名" in (await press(bot, talk, saved, AGREE)).body["text"]
    return talk


async def seen(bot: Bot, talk: Conversation, where: str = HERE) -> tuple[str, str]:
    """The list and the card, as somebody reads them."""
    await say(bot, talk, where)
    listed = await say(bot, talk, "500以内的马桶")
    return listed.body["text"], (await say(bot, talk, "第一个")).body["text"]


async def test_five_neighbours_are_told_of_and_four_are_not(bot: Bot) -> None:
    people = [await keeps(bot, name) for name in ("甲婶", "乙婶", "丙叔", "丁叔")]
    await keeps(bot, "不肯的", agrees=False)
    await keeps(bot, "外县的", ELSEWHERE)
    reader = bot.talk("看的")
    for text in await seen(bot, reader):
        assert "收藏" not in text, "four, one who did not agree, and one of another county"
    people.append(await keeps(bot, "戊婶"))
    for text in await seen(bot, reader):
        assert text.count("寿光市有 5 人收藏") == 1
    for text in await seen(bot, reader, ELSEWHERE):
        assert "收藏" not in text, "neighbours are those of one's own county"
    # Nothing tells a row's person, nor that two rows are of one.
    ring = KeyRing(bot.keys)
    keys = {ring.pseudonym(f"{bot.server.bot.me.user_id}:{one.chat.chat_id}") for one in people}
    assert len(rows(bot)) == 6 and not keys & {mark for mark, *_ in rows(bot)}


@pytest.mark.parametrize("way", ["/mine", "清单去掉第一个", "/forget", "清单删掉"])
async def test_whoever_leaves_counts_no_more(bot: Bot, way: str) -> None:
    people = [await keeps(bot, name) for name in ("甲婶", "乙婶", "丙叔", "丁叔", "戊婶")]
    assert len(rows(bot)) == 5
    done = await say(bot, people[0], way)
    if way == "/mine":
        await press(
            bot, people[0], done, WORDING.say("permissions.given", name=WORDING.say("permissions.name.neighbours"))
        )
    elif way == "清单删掉":
        await press(bot, people[0], done, labels_of(done)[0])
    assert len(rows(bot)) == 4
    for text in await seen(bot, bot.talk("看的")):
        assert "收藏" not in text


async def test_what_is_kept_for_somebody_else_does_not_count_and_a_permission_counts_what_is_kept(bot: Bot) -> None:
    aunt = await keeps(bot, "甲婶", agrees=False)
    assert rows(bot) == []
    mine = await say(bot, aunt, "/mine")
    await press(bot, aunt, mine, WORDING.say("permissions.name.neighbours"))
    assert [(county, len(item) > 0) for _, county, item in rows(bot)] == [("370783", True)]
    exported = await write(bot, lambda books: neighbours.count(books, "370783", [rows(bot)[0][2]]))
    assert exported == {}, "one is never told of, whoever asks"
    await say(bot, aunt, "/export")
    files = [m.body["document"]["file_id"] for m in aunt.bot_messages() if m.body.get("document")]
    told = json.loads(bot.server.bot.files[files[-1]].content)
    assert told["counted_among_neighbours"] == [rows(bot)[0][2]]
    assert told["marks"]["profile"]["county"] == "370783"
