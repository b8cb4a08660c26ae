"""Notebooks for neighbours: opened by word or button, never mixed, named on every answer, erased for good."""

from __future__ import annotations

import json
import random
from contextlib import suppress
from pathlib import Path

import pytest

from bot.channels.telegram.render import pages
from bot.channels.telegram.rich import rich
from catalog_db.journal import desk_staff, notebooks
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW, demonstration
from tests.bot.telegram.ambassadors import approve, press, say, write
from tests.bot.telegram.private_chat import Bot, buttons_of, labels_of, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path, staff=("小刘", "老周")) as running:
        yield running


def text(message) -> str:
    return message.body["text"]


async def test_a_question_with_a_neighbours_name_opens_the_notebook_and_is_answered_in_it(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    answer = await say(bot, shop, "帮张大爷看看500以内的马桶")
    assert text(answer).splitlines()[0] == "【张大爷】"
    assert "500 元" in text(answer)
    kept = await bot.conversation(shop)
    assert kept["session"]["topic"]["constraints"]["price_max"] == "500"
    own = await say(bot, shop, "回到我自己")
    assert "【" not in text(own)
    assert (await bot.conversation(shop))["session"]["topic"]["constraints"] == {}
    other = await say(bot, shop, "帮李婶查一下：乳胶漆")
    assert text(other).startswith("【李婶】\n")
    again = await say(bot, shop, "换到张大爷")
    assert text(again).startswith("【张大爷】\n") and "500以内的马桶" in text(again), "where it was left"
    more = await say(bot, shop, "第一个有证吗")
    assert text(more).startswith("【张大爷】\n") and "漆" not in text(more)


async def test_who_is_no_ambassador_gets_the_answer_and_no_notebook(bot: Bot) -> None:
    aunt = bot.talk()
    answer = await say(bot, aunt, "帮张大爷看看500以内的马桶")
    assert not text(answer).startswith("【") and "坐便器" in text(answer)
    hint = await say(bot, aunt, "给李婶开个本子")
    assert "/join" in text(hint)
    assert await write(bot, lambda books: notebooks.everything(books, aunt.chat.chat_id)) == []


async def test_renamed_closed_and_erased(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    assert text(await say(bot, shop, "改名叫张老汉")).startswith("【张老汉】")
    assert text(await say(bot, shop, "再便宜点")).startswith("【张老汉】")
    assert "【" not in text(await say(bot, shop, "合上"))
    listed = await say(bot, shop, "我的本子")
    assert "张老汉" in text(listed) and "您自己" in text(listed)
    assert text(await press(bot, shop, listed, "换到张老汉")).startswith("【张老汉】\n")
    sure = await say(bot, shop, "擦掉")
    assert labels_of(sure) == ["擦掉张老汉的本子", "留着"]
    erased = await press(bot, shop, sure, "擦掉张老汉")
    assert "【" not in text(erased) and "擦干净" in text(erased)
    kept = await bot.conversation(shop)
    assert "马桶" not in json.dumps(kept, ensure_ascii=False)
    left = await write(bot, lambda books: notebooks.everything(books, shop.chat.chat_id))
    assert "马桶" not in str(left) and "张老汉" not in str(left)


async def test_a_button_of_one_notebook_does_nothing_in_another(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    first = await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "帮李婶看看有认证的瓷砖")
    before = await bot.conversation(shop)
    seen, edits = shop.delivered, first.edits
    for button in [button for button in buttons_of(first) if "callback_data" in button]:
        callback = await shop.press_data(first, button["callback_data"])
        assert "没有动" in (await shop.wait_for_answer(callback))["text"]
        await bot.settled()
        said = shop.bot_messages()[-1]
        assert text(said).startswith("【李婶】\n") and "张大爷" in text(said)
    assert first.edits == edits and shop.delivered > seen
    assert (await bot.conversation(shop))["session"] == before["session"]
    back = await press(bot, shop, said, "换到张大爷")
    assert text(back).startswith("【张大爷】\n")
    shown = await press(bot, shop, first, "第1个")
    assert text(first).startswith("【张大爷】\n") or text(shown).startswith("【张大爷】\n")


async def test_an_erased_notebooks_buttons_open_nothing_in_a_new_one_of_the_same_name(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    old = await say(bot, shop, "帮张大爷看看500以内的马桶")
    sure = await say(bot, shop, "擦掉张大爷的本子")
    await press(bot, shop, sure, "擦掉")
    await say(bot, shop, "帮张大爷看看瓷砖")
    before = await bot.conversation(shop)
    callback = await shop.press(old, "第1个")
    assert (await shop.wait_for_answer(callback))["text"]
    await bot.settled()
    assert (await bot.conversation(shop))["session"] == before["session"]


QUESTIONS = (
    "500以内的马桶", "有认证的瓷砖", "三星的乳胶漆", "再便宜点", "第二个有证吗", "还有吗", "水泥多少钱", "换个牌子",
    "不要白色的", "最便宜的", "第一个", "200以内的花洒", "只要有证的", "智能马桶哪个省水", "1和2哪个好", "怎么挑地板",
)  # fmt: skip


async def test_two_notebooks_over_two_hundred_turns_are_two_conversations(bot: Bot) -> None:
    """Each answer is, word for word, what a conversation of that neighbour alone gives; so is the state at the end."""
    bot.server.fault(
        "status", "sendRichMessage", code=404, description="Not Found: method not found"
    )  # words, no tables
    shop, chance = bot.talk("秀英"), random.Random(7)
    await approve(bot, shop)
    parts = demonstration()
    alone = {name: Session() for name in ("张大爷", "李婶")}
    open_, wrong, switched = "", [], 0
    for number in range(200):
        name, question = chance.choice(list(alone)), chance.choice(QUESTIONS)
        answer, alone[name] = parts.assistant.respond(Question(question, NOW), alone[name])
        said = question
        if name != open_:
            switched += 1
            if chance.random() < 0.5:
                await say(bot, shop, f"换到{name}")
            else:
                said = f"帮{name}看看：{question}" if open_ else f"帮{name}看看{question}"
        open_ = name
        await say(bot, shop, said)
        # The desk offers a person below an answer that did not help, in a message of its own.
        offer = f"【{name}】\n{parts.wording.say('desk.offer.misses')}"
        message = [one for one in shop.bot_messages() if text(one) != offer][-1]
        wanted = ["".join(run.text for run in page) for page in pages(answer, parts.wording, rich(f"【{name}】", "b"))]
        if text(message).strip() != wanted[-1].strip():
            wrong.append((number, name, question, text(message)[:80], wanted[-1][:80]))
    assert wrong == []
    assert switched > 80
    for name, session in alone.items():
        await say(bot, shop, f"换到{name}")
        kept = (await bot.conversation(shop))["session"]
        fresh = session.to_json()
        assert {k: v for k, v in kept.items() if k != "questions"} == {
            k: v for k, v in fresh.items() if k != "questions"
        }


async def test_notebooks_survive_a_restart_and_end_with_forget(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "帮李婶看看瓷砖")
    await bot.restart()
    assert text(await say(bot, shop, "便宜点的")).startswith("【李婶】\n")
    assert "马桶" in text(await say(bot, shop, "换到张大爷"))
    await shop.send_text("/export")
    file = await shop.wait_until(lambda: [m for m in shop.bot_messages() if m.body.get("document")], what="the file")
    exported = bot.server.bot.files[file[0].body["document"]["file_id"]].content.decode()
    assert "李婶" in exported and "瓷砖" in exported and "兰考县张庄村" in exported
    await say(bot, shop, "/forget")
    assert await write(bot, lambda books: notebooks.everything(books, shop.chat.chat_id)) == []
    with bot.service.journal.reading(0) as books:
        assert books.marks(shop.chat.chat_id) == {}


async def test_nothing_of_a_notebook_stands_in_clear(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "回到我自己")
    await bot.service.close()
    written = b"".join(file.read_bytes() for file in bot.folder.glob("journal.db*"))
    with suppress(Exception):
        await bot.restart()
    assert [word for word in ("张大爷", "马桶", "张秀英", "张庄") if word.encode() in written] == []


async def test_joining_is_asked_approved_suspended_and_left(bot: Bot) -> None:
    assert bot.staff is not None
    liu = bot.staff.member(next(u for u in bot.server.hub.users.values() if u.first_name == "小刘"))
    await write(bot, lambda books: desk_staff.appoint(books, liu.user.user_id, "小刘", "agent", None))
    shop = bot.talk("秀英")
    assert "30 天" in text(await say(bot, shop, "我想当推广员")), "the rule is said before"
    await say(bot, shop, "/join 张秀英 兰考县张庄村")
    [asked] = await liu.wait_for_replies(1)
    assert "张秀英" in text(asked) and "张庄村" in text(asked)
    await say(bot, shop, "/join 张秀英 兰考县张庄村")
    await bot.settled()
    assert liu.replies() == [], "asked once"
    assert "推广员" not in text(await say(bot, shop, "推广员菜单")) or "能干这些" not in shop.text()
    await liu.press(asked, "通过")
    welcome = (await shop.wait_for_replies(len(shop.replies()) and 1))[0]
    assert "村推广员" in text(welcome) and "30 天" in text(welcome)
    await liu.wait_for_edit(asked)
    assert "小刘" in text(asked) and labels_of(asked) == ["暂停"]
    assert text(await say(bot, shop, "帮张大爷看看马桶")).startswith("【张大爷】")
    await liu.press(asked, "暂停")
    await shop.wait_until(lambda: "暂停了" in shop.text(), what="the word")
    await bot.settled()
    assert not text(await say(bot, shop, "帮王婶看看瓷砖")).startswith("【王婶】")
    assert "【" not in text(await say(bot, shop, "合上")), "what is open can be closed"
    await liu.press(asked, "通过")
    await bot.settled()
    sure = await say(bot, shop, "不当推广员了")
    assert "不当了" in text(await press(bot, shop, sure, "不当了"))
    assert "能干这些" not in text(await say(bot, shop, "推广员菜单"))


async def test_while_nobody_has_been_appointed_nobody_decides_and_is_told_why(bot: Bot) -> None:
    assert bot.staff is not None
    liu, zhou = (
        bot.staff.member(next(u for u in bot.server.hub.users.values() if u.first_name == name))
        for name in ("小刘", "老周")
    )
    shop = bot.talk("秀英")
    await say(bot, shop, "/join 张秀英 张庄村")
    [asked] = await liu.wait_for_replies(1)
    assert "staff appoint" in (await liu.wait_for_answer(await liu.press(asked, "通过")))["text"]
    await write(bot, lambda books: desk_staff.appoint(books, liu.user.user_id, "小刘", "auditor", None))
    for one in (liu, zhou):
        assert "任命过" in (await one.wait_for_answer(await one.press(asked, "通过")))["text"]
    await bot.settled()
    assert "您现在是村推广员" not in shop.text()
    await write(bot, lambda books: desk_staff.appoint(books, zhou.user.user_id, "老周", "agent", None))
    await zhou.press(asked, "通过")
    await shop.wait_until(lambda: "您现在是村推广员" in shop.text(), what="the word")


async def test_a_staff_button_works_for_nobody_else(bot: Bot) -> None:
    assert bot.staff is not None
    liu = bot.staff.member(next(u for u in bot.server.hub.users.values() if u.first_name == "小刘"))
    shop = bot.talk("秀英")
    await say(bot, shop, "/join 张秀英 张庄村")
    [asked] = await liu.wait_for_replies(1)
    data = next(buttons_of(asked))["callback_data"]
    hello = await say(bot, shop, "/start")
    callback = await shop.press_data(hello, data)
    await shop.wait_for_answer(callback)
    await bot.settled()
    assert "能干这些" not in text(await say(bot, shop, "推广员菜单"))
