"""The private chat, through the strict server, the journal and the sender, on the bundled catalogue."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from tests.assistants import demonstration
from tests.bot.telegram.private_chat import Bot, buttons_of, labels_of, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def words(key: str, **values: object) -> str:
    return demonstration().wording.say(key, **values)


def sends(bot: Bot) -> list[str]:
    """The methods that put messages into chats, in order."""
    return [
        call.method for call in bot.server.calls if call.method in ("sendMessage", "editMessageText", "deleteMessage")
    ]


async def test_start_says_three_lines_and_the_first_question_is_answered_at_once(bot):
    aunt = bot.talk()
    await aunt.start()
    [hello] = await aunt.wait_for_replies(1)
    assert len(hello.body["text"].splitlines()) == 3
    assert "/privacy" in hello.body["text"] and "/forget" in hello.body["text"]
    answer = await aunt.ask("三百以内的乳胶漆有认证吗")
    assert "绿色建材认证" in answer.body["text"]
    assert aunt.delivered == 2, "no form in between"


async def test_paging_filters_and_details_edit_the_message_and_add_none(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    first = answer.body["text"]
    for label in ("还有吗", "第2个", "返回", "只看有认证的"):
        pressed = await aunt.press(answer, label)
        assert await aunt.wait_for_answer(pressed) == {}
        await aunt.wait_for_edit(answer)
        assert answer.body["text"] != first
    assert aunt.delivered == 1
    assert "sendMessage" not in sends(bot)[1:]


async def test_back_shows_the_list_again(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    first, labels = answer.body["text"], labels_of(answer)
    for label in ("第1个", "返回"):
        await aunt.press(answer, label)
        await aunt.wait_for_edit(answer)
    assert answer.body["text"] == first
    assert labels_of(answer) == labels


async def test_a_double_tap_has_one_effect(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    data = next(button["callback_data"] for button in buttons_of(answer) if button["text"] == "还有吗")
    presses = [await aunt.press_data(answer, data) for _ in range(3)]
    for pressed in presses:
        assert await aunt.wait_for_answer(pressed) == {}
    await bot.settled()
    assert answer.edits == 1
    assert "前面看过 5 款" in answer.body["text"]


async def test_a_double_tap_on_a_button_that_answers_below_gives_one_message(bot):
    aunt = bot.talk()
    answer = await aunt.ask("你能做什么")
    for _ in range(3):
        pressed = await aunt.press(answer, "证书怎么查")
        await aunt.wait_for_answer(pressed)
    await bot.settled()
    assert aunt.delivered == 2


async def test_more_under_an_older_list_goes_on_with_that_list(bot):
    aunt = bot.talk()
    paint = await aunt.ask("内墙乳胶漆")
    await aunt.ask("马桶多少钱")
    await aunt.press(paint, "还有吗")
    await aunt.wait_for_edit(paint)
    assert "内墙乳胶漆" in paint.body["text"].splitlines()[0]


async def test_the_text_of_a_button_works_as_pressing_it(bot):
    aunt = bot.talk()
    await aunt.ask("内墙乳胶漆")
    pressed = await aunt.ask("第2个")
    typed = bot.talk("李师傅")
    listed = await typed.ask("内墙乳胶漆")
    await typed.press(listed, "第2个")
    await typed.wait_for_edit(listed)
    assert pressed.body["text"] == listed.body["text"]
    await aunt.ask("内墙乳胶漆")
    more = await aunt.ask("还有吗")
    assert "前面看过 5 款" in more.body["text"]


async def test_a_year_old_button_is_answered_politely_from_todays_catalogue(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    for text in ("瓷砖", "马桶", "防水涂料", "水泥", "水龙头", "地板", "灯"):
        await aunt.ask(text)
        bot.pass_time(10)
    bot.pass_time(365 * 86400)
    pressed = await aunt.press(answer, "第1个")
    assert (await aunt.wait_for_answer(pressed))["text"] == words("telegram.press.today")
    await aunt.wait_for_edit(answer)
    assert "认证：" in answer.body["text"]


async def test_an_old_button_of_the_moment_offers_what_works(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    await aunt.send_text("/forget")
    await aunt.wait_for_replies(1)
    pressed = await aunt.press(answer, "还有吗")
    assert (await aunt.wait_for_answer(pressed))["text"] == words("telegram.press.old")
    [hint] = await aunt.wait_for_replies(1)
    assert hint.body["text"] == words("telegram.press.old.next")
    assert answer.edits == 0


@pytest.mark.parametrize("texts", [("在吗", "有没有三百以内的乳胶漆"), ("我家", "想刷墙"), ("问一下", "马桶怎么挑")])
async def test_what_cannot_stand_alone_waits_for_the_rest(bot, texts):
    aunt = bot.talk()
    for text in texts:
        await aunt.send_text(text)
        await asyncio.sleep(0.1)
    await aunt.wait_for_replies(1)
    bot.pass_time(10)
    await bot.settled()
    assert aunt.delivered == 1


async def test_an_answer_that_comes_at_once_is_not_announced(bot):
    """What is shown together with the answer would go on showing behind it."""
    aunt = bot.talk()
    await aunt.ask("马桶推荐一下")
    await bot.settled()
    assert [call for call in bot.server.calls if call.method == "sendChatAction"] == []


async def test_what_waits_in_vain_is_answered_after_three_seconds(bot):
    aunt = bot.talk()
    await aunt.send_text("在吗")
    typing = await aunt.wait_until(
        lambda: [call for call in bot.server.calls if call.method == "sendChatAction"], what="the typing indicator"
    )
    assert typing and aunt.delivered == 0
    bot.pass_time(3)
    [answer] = await aunt.wait_for_replies(1)
    assert answer.body["text"].startswith("您好")


async def test_three_messages_in_a_row_give_one_answer(bot):
    aunt = bot.talk()
    for text in ("我家", "想刷墙", "100平"):
        await aunt.send_text(text)
        await asyncio.sleep(0.2)
    [answer] = await aunt.wait_for_replies(1)
    await aunt.wait_until(lambda: "要买" in answer.body["text"], what="the amount")
    await bot.settled()
    assert aunt.delivered == 1


async def test_later_it_is_a_message_of_its_own(bot):
    aunt = bot.talk()
    await aunt.ask("想刷墙")
    bot.pass_time(7)
    second = await aunt.ask("100平")
    assert "要买" in second.body["text"]


async def test_a_question_of_its_own_never_replaces_the_answer_before(bot):
    aunt = bot.talk()
    await aunt.ask("想刷墙")
    await aunt.ask("马桶怎么挑")
    assert aunt.delivered == 2


async def test_an_edited_message_edits_its_answer(bot):
    aunt = bot.talk()
    asked = await aunt.send_text("乳胶漆")
    [answer] = await aunt.wait_for_replies(1)
    await aunt.edit(asked, "防水涂料")
    await aunt.wait_for_edit(answer)
    assert "防水" in answer.body["text"]
    assert aunt.delivered == 1
    more = await aunt.ask("还有吗")
    assert "防水" in more.body["text"], "the talk goes on from the new question"


async def test_an_edit_of_an_older_message_leaves_the_talk_where_it_is(bot):
    aunt = bot.talk()
    asked = await aunt.send_text("乳胶漆")
    [answer] = await aunt.wait_for_replies(1)
    await aunt.ask("马桶多少钱")
    await aunt.edit(asked, "防水涂料")
    await aunt.wait_for_edit(answer)
    assert "防水" in answer.body["text"]
    more = await aunt.ask("还有吗")
    assert "坐便器" in more.body["text"]


async def test_an_edit_of_a_waiting_message_is_what_is_answered(bot):
    aunt = bot.talk()
    asked = await aunt.send_text("我加")
    await asyncio.sleep(0.3)
    await aunt.edit(asked, "马桶怎么挑")
    await bot.settled()
    bot.pass_time(4)
    [answer] = await aunt.wait_for_replies(1)
    assert "坑距" in answer.body["text"]


async def test_an_edit_of_one_of_two_messages_edits_their_one_answer(bot):
    aunt = bot.talk()
    first = await aunt.send_text("我家")
    await asyncio.sleep(0.2)
    second = await aunt.send_text("想刷墙")
    [answer] = await aunt.wait_for_replies(1)
    await aunt.edit(second, "想铺地板")
    await aunt.wait_for_edit(answer)
    assert "地板" in answer.body["text"]
    await aunt.edit(first, "我妈家")
    await bot.settled()
    assert aunt.delivered == 1


async def test_a_button_of_a_message_that_telegram_no_longer_shows_us(bot):
    aunt = bot.talk()
    answer = await aunt.ask("内墙乳胶漆")
    data = next(button["callback_data"] for button in buttons_of(answer) if button["text"] == "第1个")
    chat = {"id": aunt.chat.chat_id, "type": "private", "first_name": "王婶"}
    query = {"id": "77", "from": aunt.user.body(), "chat_instance": "1", "data": data}
    query["message"] = {"chat": chat, "message_id": answer.message_id, "date": 0}
    bot.server.bot.queue.inject({"update_id": 10**9, "callback_query": query})
    [card] = await aunt.wait_for_replies(1)
    assert "认证：" in card.body["text"]


async def test_an_edit_that_changes_nothing_is_left_alone(bot):
    aunt = bot.talk()
    asked = await aunt.send_text("乳胶漆")
    [answer] = await aunt.wait_for_replies(1)
    await aunt.edit(asked, "乳胶漆")
    await bot.settled()
    assert answer.edits == 0 and aunt.delivered == 1


@pytest.mark.parametrize("kind", ["voice", "photo", "sticker", "video", "document", "video_note", "audio", "animation"])
async def test_what_is_no_text_is_answered_in_one_line_with_a_way_on(bot, kind):
    aunt = bot.talk()
    await aunt.send_file(kind, b"GIF89a\x20\x00\x10\x00")
    [answer] = await aunt.wait_for_replies(1)
    assert "\n" not in answer.body["text"]
    assert ("打" in answer.body["text"] and "字" in answer.body["text"]) or "打出来" in answer.body["text"]


async def test_a_contact_is_neither_kept_nor_ignored(bot):
    aunt = bot.talk()
    await aunt.send_contact("+8613812345678")
    [answer] = await aunt.wait_for_replies(1)
    assert answer.body["text"] == words("telegram.media.contact")
    await bot.settled()
    assert b"13812345678" not in bot.database.read_bytes()


async def test_the_caption_of_a_photo_is_a_question(bot):
    aunt = bot.talk()
    await aunt.send_photo(b"GIF89a\x20\x00\x10\x00", caption="马桶怎么挑")
    [answer] = await aunt.wait_for_replies(1)
    assert "坑距" in answer.body["text"]


async def test_whoever_asks_too_fast_hears_it_once_and_is_answered_later(bot):
    aunt = bot.talk()
    for _ in range(60):
        await aunt.send_text("瓷砖")
    await bot.settled()
    texts = [message.body["text"] for message in aunt.replies()]
    assert texts.count(words("telegram.slow_down")) == 1
    assert len(texts) < 50
    bot.pass_time(60)
    answer = await aunt.ask("马桶怎么挑")
    assert "坑距" in answer.body["text"]


async def test_a_failure_inside_is_said(bot, monkeypatch):
    aunt = bot.talk()

    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(type(demonstration().assistant), "respond", fail)
    answer = await aunt.ask("瓷砖")
    assert answer.body["text"] == words("channel.failed")


async def test_the_numbers_of_certificates_and_addresses_of_shops_can_be_copied(bot):
    aunt = bot.talk()
    answer = await aunt.ask("有认证的内墙乳胶漆")
    await aunt.press(answer, "第1个")
    await aunt.wait_for_edit(answer)
    copied = [button["copy_text"]["text"] for button in buttons_of(answer) if "copy_text" in button]
    assert copied and all(text in answer.body["text"] or "t.me" in text for text in copied)
    shops = await aunt.ask("寿光有店吗")
    [address] = [button["copy_text"]["text"] for button in buttons_of(shops) if "copy_text" in button]
    assert address in shops.body["text"]


async def test_a_talk_survives_a_restart(tmp_path):
    async with running_bot(tmp_path) as bot:
        aunt = bot.talk()
        answer = await aunt.ask("内墙乳胶漆")
        await bot.restart()
        await aunt.press(answer, "第2个")
        await aunt.wait_for_edit(answer)
        assert "认证：" in answer.body["text"]


async def test_everything_kept_is_sealed(bot):
    aunt = bot.talk()
    await aunt.ask("我在山东寿光，电话13812345678，想买内墙乳胶漆")
    await bot.settled()
    stored = b"".join(file.read_bytes() for file in bot.folder.glob("journal.db*"))
    for seed in ("13812345678", "乳胶漆", "寿光", "370783"):
        assert seed.encode() not in stored
        assert json.dumps(seed).encode() not in stored
