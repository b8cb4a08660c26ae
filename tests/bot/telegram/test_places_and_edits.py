"""A pin and words give the same; a changed caption changes its answer; 2, 二, 嗯 and 👍 mean what they mean after a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.assistants import demonstration
from tests.bot.telegram.private_chat import Bot, running_bot

WORDING = demonstration().wording
SHOUGUANG = (36.857, 118.791)  # the seat of 寿光市


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def test_a_pin_and_words_give_the_same_shops(bot: Bot) -> None:
    pinned, told = bot.talk("王婶"), bot.talk("李叔")
    await pinned.send_location(*SHOUGUANG)
    await told.send_text("我在寿光，附近有店吗")
    for talk in (pinned, told):
        await talk.wait_for_replies(1)
    await bot.settled()
    shops = [set(re.findall(r"\d\. (.+)", talk.bot_messages()[-1].body["text"])) for talk in (pinned, told)]
    assert shops[0] == shops[1] and shops[0]
    kept = [await bot.conversation(talk) for talk in (pinned, told)]
    assert {one["session"]["place"] for one in kept} == {"370783"}
    assert "36.857" not in repr(kept)


async def test_a_changed_caption_changes_its_answer(bot: Bot) -> None:
    aunt = bot.talk()
    sent = await aunt.send_photo(b"GIF89a\x20\x00\x10\x00", caption="马桶怎么挑")
    [answer] = await aunt.wait_for_replies(1)
    await bot.settled()
    from bot.botapi_server import incoming

    incoming.change(bot.server.bot, aunt.chat, sent, {"caption": "瓷砖怎么挑"})
    await aunt.wait_until(lambda: "瓷砖" in answer.body["text"], what="the changed answer")
    await bot.settled()
    assert aunt.delivered == 1


@pytest.mark.parametrize("word", ["2", "二", "第二个", "２"])
async def test_a_number_after_a_list_opens_that_entry(bot: Bot, word: str) -> None:
    aunt = bot.talk()
    listed = await aunt.ask("三百以内的乳胶漆")
    await bot.settled()
    bot.pass_time(10)
    second = re.search(r"2\. (.+)", listed.body["text"])
    card = await aunt.ask(word)
    await bot.settled()
    assert second and card.body["text"].startswith(second[1])


@pytest.mark.parametrize("word", ["嗯", "👍", "好", "中", "好的"])
async def test_a_nod_after_a_list_is_a_nod(bot: Bot, word: str) -> None:
    aunt = bot.talk()
    await aunt.ask("三百以内的乳胶漆")
    await bot.settled()
    bot.pass_time(10)
    answer = await aunt.ask(word)
    assert answer.body["text"] == WORDING.say("smalltalk.ok")
