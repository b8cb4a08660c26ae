"""Commands, the menu, deletion, the file with everything, places."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.channels.telegram import commands
from bot.channels.telegram.location import near
from bot.wording import load_wording
from catalog_db.places import load_places
from tests.assistants import demonstration
from tests.bot.telegram.private_chat import labels_of, running_bot

WORDING = demonstration().wording
SHOUGUANG = (36.857, 118.791)  # the seat of 寿光市, 370783


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


@pytest.mark.parametrize("name", commands.COMMANDS)
async def test_every_command_answers(bot, name):
    aunt = bot.talk()
    await aunt.send_text(f"/{name}")
    [answer] = await aunt.wait_for_replies(1)
    assert answer.body.get("text") or answer.body.get("document")


async def test_an_unknown_command_points_to_help(bot):
    aunt = bot.talk()
    answer = await aunt.ask("/推销")
    assert answer.body["text"]
    answer = await aunt.ask("/sell now")
    assert "/help" in answer.body["text"]


async def test_privacy_says_what_is_kept_and_how_to_delete_it(bot):
    aunt = bot.talk()
    answer = await aunt.ask("/privacy")
    for word in ("留什么", "给谁看", "怎么删", "/forget", "/export", "加密", "坐标不存"):
        assert word in answer.body["text"]


async def test_the_menu_has_six_and_every_one_of_them_answers(bot):
    aunt = bot.talk()
    await aunt.start()
    await aunt.wait_for_replies(1)
    labels = [WORDING.say(f"telegram.menu.{name}") for name in commands.MENU]
    keys = [key["text"] for row in aunt.chat.reply_keyboard["keyboard"] for key in row]
    assert keys == labels and len(keys) == 6
    intents = []
    for label in labels:
        answer = await aunt.ask(label)
        intents.append(answer.body["text"].splitlines()[0])
        bot.pass_time(10)
    assert len(set(intents)) == 6, "each leads somewhere of its own"
    assert not any("没看懂" in said for said in intents)


async def test_forget_leaves_nothing(bot):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，想买三百以内的内墙乳胶漆")
    await bot.settled()
    assert (await bot.conversation(aunt))["session"]["place"] == "370783"
    answer = await aunt.ask("/forget")
    assert answer.body["text"] == WORDING.say("telegram.forgotten")
    await bot.settled()
    assert await bot.conversation(aunt) == {}
    bot.pass_time(10)
    again = await aunt.ask("你记得我啥")
    assert "寿光" not in again.body["text"]


@pytest.mark.parametrize("words", ["删除我的数据", "忘掉我"])
async def test_forgetting_works_in_words_too(bot, words):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，想买内墙乳胶漆")
    answer = await aunt.ask(words)
    assert answer.body["text"] == WORDING.say("telegram.forgotten")
    await bot.settled()
    assert await bot.conversation(aunt) == {}


async def test_forgetting_by_button(bot):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，想买内墙乳胶漆")
    remembered = await aunt.ask("你记得我啥")
    pressed = await aunt.press(remembered, WORDING.say("choice.forget"))
    await aunt.wait_for_answer(pressed)
    [answer] = await aunt.wait_for_replies(1)
    assert answer.body["text"] == WORDING.say("telegram.forgotten")
    await bot.settled()
    assert await bot.conversation(aunt) == {}


async def test_an_old_button_never_forgets(bot):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，想买内墙乳胶漆")
    remembered = await aunt.ask("你记得我啥")
    await aunt.ask("/forget")
    await aunt.ask("我在河南兰考，想买瓷砖")
    pressed = await aunt.press(remembered, WORDING.say("choice.forget"))
    assert (await aunt.wait_for_answer(pressed))["text"] == WORDING.say("telegram.press.old")
    await bot.settled()
    assert (await bot.conversation(aunt))["session"]["place"] == "410225"


async def test_export_gives_everything_as_a_file(bot):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，想买三百以内的内墙乳胶漆")
    await aunt.send_text("/export")
    [answer] = await aunt.wait_for_replies(1)
    document = answer.body["document"]
    assert document["file_name"] == WORDING.say("telegram.export.file")
    stored = bot.server.bot.files[document["file_id"]].content
    kept = json.loads(stored)
    assert kept["session"]["place"] == "370783"
    assert "三百以内的内墙乳胶漆" in json.dumps(kept, ensure_ascii=False)


async def test_commands_are_described_in_chinese_and_english(bot):
    for language, pattern in (("zh", r"[\u4e00-\u9fff]"), ("en", r"[A-Za-z]")):
        for item in commands.descriptions(load_wording(commands.LANGUAGES[language])):
            assert re.fullmatch(r"[a-z0-9_]{1,32}", item["command"])
            assert 1 <= len(item["description"]) <= 256
            assert re.search(pattern, item["description"])


# ---- places


async def test_a_position_becomes_a_county_and_coordinates_are_not_kept(bot):
    aunt = bot.talk()
    await aunt.send_location(*SHOUGUANG)
    here, shops = await aunt.wait_for_replies(2)
    assert "山东省潍坊市寿光市" in here.body["text"]
    assert "寿光市有" in shops.body["text"]
    await bot.settled()
    kept = await bot.conversation(aunt)
    assert kept["session"]["place"] == "370783"
    assert "36.85" not in json.dumps(kept) and "118.79" not in json.dumps(kept)


async def test_button_and_words_give_the_same(bot):
    by_words, by_button = bot.talk("李师傅"), bot.talk("王婶")
    await by_button.start()
    await by_button.wait_for_replies(1)
    await by_button.press_key(WORDING.say("telegram.menu.stores"), latitude=SHOUGUANG[0], longitude=SHOUGUANG[1])
    _, shared = await by_button.wait_for_replies(2)
    typed = await by_words.ask("寿光附近有店吗")
    assert shared.body["text"].splitlines()[1:] == typed.body["text"].splitlines()[1:]


async def test_near_a_border_we_ask_and_the_button_answers(bot):
    aunt = bot.talk()
    latitude, longitude = _between_two()
    await aunt.send_location(latitude, longitude)
    [asked] = await aunt.wait_for_replies(1)
    labels = labels_of(asked)
    assert len(labels) >= 2
    assert asked.body["text"] == WORDING.say("telegram.location.which")
    await aunt.press(asked, labels[1])
    await aunt.wait_for_edit(asked)
    await bot.settled()
    place = (await bot.conversation(aunt))["session"]["place"]
    assert load_places().full_name(place) == labels[1]


def _between_two() -> tuple[float, float]:
    """A position that is as far from one county as from another: on the way between two of Shandong."""
    places = load_places()
    for step in range(400):
        latitude, longitude = SHOUGUANG[0] - step * 0.002, SHOUGUANG[1]
        if len(near(places, latitude, longitude)) >= 2:
            return latitude, longitude
    raise AssertionError("no border found")


async def test_outside_of_the_country_we_say_so(bot):
    aunt = bot.talk()
    await aunt.send_location(48.85, 2.35)
    [answer] = await aunt.wait_for_replies(1)
    assert answer.body["text"] == WORDING.say("telegram.location.abroad")


async def test_a_position_answers_the_question_that_was_waiting_for_it(bot):
    aunt = bot.talk()
    await aunt.ask("附近哪里能买瓷砖")
    await aunt.send_location(*SHOUGUANG)
    _, answer = await aunt.wait_for_replies(2)
    assert "寿光" in answer.body["text"]
