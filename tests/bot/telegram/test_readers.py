"""Whoever has chosen a language, or 长辈模式, is spoken to so everywhere: at the desk, in what is passed on, in alerts."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image

from bot.elders import FACTS, SENTENCE
from bot.languages import ENGLISH, SIMPLIFIED, SPOKEN, TRADITIONAL, Wordings, locale_of_text
from bot.wording import load_wording
from tests.bot.telegram.ambassadors import approve, press, say
from tests.bot.telegram.private_chat import buttons_of, running_bot
from tests.bot.telegram.staff_desk import Office, office

WORDINGS = Wordings(load_wording())
CODES = {SIMPLIFIED: "zh-hans", TRADITIONAL: "zh-hant", ENGLISH: "en"}
CHINESE = re.compile(r"[\u3400-\u9fff]")


async def handed_over(desk: Office, locale: str, *, big: bool = False) -> tuple[list[str], str]:
    """What a person is told from the call for the staff to the end, and what the topic shows."""
    person = desk.server.private(desk.server.user("Ann", language=CODES[locale]))
    if big:
        await person.ask("/big")
    before = len(person.bot_messages())
    await person.send_text("/human")
    await desk.settled()
    topic = desk.topic_of("Ann")
    colleague = desk.at("小陈", topic)
    for line in ("/claim", "Hello", "/close"):
        await colleague.send_text(line)
        await desk.settled()
    told = person.bot_messages()[before:]
    labels = [button["text"] for message in told for button in buttons_of(message)]
    return [message.text for message in told if message.text != "Hello"] + labels, desk.text(topic)


@pytest.mark.parametrize("locale", SPOKEN)
async def test_the_desk_speaks_the_person_s_language_and_the_staff_s_in_their_group(
    tmp_path: Path, locale: str
) -> None:
    async with office(tmp_path) as desk:
        told, topic = await handed_over(desk, locale)
    assert len(told) >= 6
    for text in told:
        own = text.replace("绿选", "").replace("小陈", "").replace("“人工”", "")
        if locale == ENGLISH:
            assert not CHINESE.search(own), text
    if locale != ENGLISH:
        assert locale_of_text("".join(told)) == locale
    assert "归您了" in topic and locale_of_text(topic) == SIMPLIFIED


async def test_the_desk_says_one_idea_a_message_to_whoever_wants_it_so(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        told, _ = await handed_over(desk, SIMPLIFIED, big=True)
    for text in told:
        assert len(text.split("\n")) <= FACTS, text
        assert all(len(part) <= SENTENCE for part in re.split(r"[。！？；\n]", text)), text


@pytest.mark.parametrize("locale", SPOKEN)
async def test_what_an_ambassador_passes_on_is_in_the_ambassador_s_language(tmp_path: Path, locale: str) -> None:
    async with running_bot(tmp_path) as bot:
        shop = bot.server.private(bot.server.user("秀英", language=CODES[locale]))
        await approve(bot, shop)
        if locale == ENGLISH:  # who writes Chinese is answered in Chinese, unless another language was chosen
            name = WORDINGS.first.say(f"language.name.{locale}")
            await press(bot, shop, await say(bot, shop, "/language"), name)
        await say(bot, shop, "有认证的乳胶漆")
        await say(bot, shop, "第一个加到清单")
        passed = await say(bot, shop, "发群里")
        words = WORDINGS.of(locale)
        assert words.say("share.check") in passed.text
        assert words.messages["share.disclosure"].partition("{")[0] in passed.text
        picture = await say(bot, shop, "清单做成图")
        content = bot.server.bot.files[picture.body["photo"][-1]["file_id"]].content
        assert Image.open(io.BytesIO(content)).width == 1080
