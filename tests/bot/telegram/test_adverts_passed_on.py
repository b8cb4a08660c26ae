"""Adverts that are passed on to the private chat: checked piece by piece, however they come."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.botapi_server.state import Message
from tests.assistants import demonstration
from tests.bot.telegram.private_chat import Bot, running_bot
from tests.handlers.test_adverts import adverts

HEAD = demonstration().wording.say("advert.head")


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def elsewhere(bot: Bot, text: str) -> Message:
    """A message in a group that we are not in."""
    seller = bot.server.user("卖家")
    group = bot.server.group("集市", [seller])
    group.kick_bot()
    return await group.member(seller).send_text(text)


@pytest.mark.parametrize("way", ["forwarded", "hidden", "pasted"])
async def test_every_number_and_claim_is_named(bot: Bot, way: str) -> None:
    aunt = bot.talk()
    for advert in adverts()[:4]:
        if way == "pasted":
            await aunt.send_text(advert.text)
        else:
            await aunt.forward(await elsewhere(bot, advert.text), hidden_name="" if way == "forwarded" else "老板")
        [answer] = await aunt.wait_for_replies(1)
        await bot.settled()
        bot.pass_time(10)
        said = answer.body["text"]
        assert said.startswith(HEAD)
        assert all(part in said for part in (*advert.numbers, *advert.claims))


async def test_a_number_is_pressed_and_a_question_about_it_goes_on(bot: Bot) -> None:
    aunt = bot.talk()
    wrong = next(advert for advert in adverts() if "DEMO-LJ-25-1901O2" in advert.numbers)
    answer = await aunt.ask(wrong.text)
    await bot.settled()
    near = next(
        button for row in answer.body["reply_markup"]["inline_keyboard"] for button in row if "DEMO" in button["text"]
    )
    await aunt.wait_for_answer(await aunt.press(answer, near["text"]))
    await aunt.wait_until(lambda: "发证" in aunt.bot_messages()[-1].text, what="the certificate")


async def test_what_is_forwarded_and_is_a_question_is_answered(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.forward(await elsewhere(bot, "三百以内的乳胶漆有认证吗"))
    [answer] = await aunt.wait_for_replies(1)
    assert "乳胶漆" in answer.body["text"] and HEAD not in answer.body["text"]
