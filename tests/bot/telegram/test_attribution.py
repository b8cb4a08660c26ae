"""Whom people came through: said to both sides, counted once, with reasons; an ambassador sees totals and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.ambassador_command import done
from bot.channels.telegram.application import links_of
from catalog_db.journal import lists, points, touches
from catalog_db.journal.point_rules import Rules
from handlers.turn import Action
from tests.assistants import demonstration
from tests.bot.telegram.ambassadors import approve, press, say, write
from tests.bot.telegram.private_chat import Bot, labels_of, running_bot

RULES = Rules()


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def text(message) -> str:
    return message.body["text"]


async def link_of(bot: Bot, shop) -> str:
    told = await say(bot, shop, "我的链接")
    return next(line for line in text(told).splitlines() if "start=" in line).split("start=")[1]


async def test_both_sides_are_told_and_a_question_and_a_list_count_once(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    payload = await link_of(bot, shop)
    assert "30 天" in text(shop.bot_messages()[-1]) and len(payload) <= 64
    told = await say(bot, aunt, f"/start {payload}")
    assert "村推广员" in text(told) and "30 天" in text(told) and "看不到" in text(told)
    for question in ("500以内的马桶", "有认证的瓷砖"):
        await say(bot, aunt, question)
    await say(bot, aunt, "第一个加到清单")
    await say(bot, aunt, "第二个加到清单")
    account = await say(bot, shop, "我这月多少分")
    assert text(account).startswith("现在 0 分"), "it is pending for a day"
    bot.pass_time(25 * 3600)
    assert await write(bot, lambda books: points.settle(books, RULES)) == 3
    account = await say(bot, shop, "积分账")
    assert text(account).startswith("现在 3 分")
    assert "您帮的人问了第一句" in text(account) and "您帮的人存了清单" in text(account)
    assert "邻居" not in shop.text() and "马桶" not in shop.text() and "瓷砖" not in shop.text()


async def test_a_list_opened_by_its_code_counts_for_its_owner_and_a_second_ambassador_gets_the_reason(bot: Bot) -> None:
    first, second, aunt = bot.talk("秀英"), bot.talk("桂芳"), bot.talk("邻居")
    await approve(bot, first)
    await approve(bot, second, "李桂芳", "李庄村")
    await say(bot, first, "500以内的马桶")
    await say(bot, first, "第一个加到清单")
    [kept] = await write(bot, lambda books: lists.of_person(books, first.chat.chat_id))
    assert "村推广员" in text(await say(bot, aunt, f"口令 {kept.code}"))
    other = await link_of(bot, second)
    assert "村推广员分享的" not in text(await say(bot, aunt, f"/start {other}"))
    account = await say(bot, second, "为啥李嫂那单没算我")
    assert "先来的那位" in text(account)
    assert "第1条申诉" in labels_of(account)
    assert "申诉记下了" in text(await press(bot, second, account, "第1条申诉"))
    assert "不用申诉" in text(await say(bot, second, "申诉第一条")), "the newest line is the appeal itself"


async def test_ones_own_link_is_worth_nothing_and_says_so(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    payload = await link_of(bot, shop)
    assert "点自己的不算" in text(await say(bot, shop, f"/start {payload}"))
    assert "点的是自己的链接" in text(await say(bot, shop, "我的积分"))


async def test_numbers_count_people_and_come_with_a_chart(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    payload = await link_of(bot, shop)
    for _ in range(3):
        await say(bot, aunt, f"/start {payload}")
    await say(bot, aunt, "500以内的马桶")
    await say(bot, shop, "我的数")
    told = next(m for m in reversed(shop.bot_messages()) if "最近 30 天" in m.body.get("text", ""))
    assert "打开 3 次，来了 1 人；1 人问过" in text(told)
    assert "2026年11月22日：来了 1 人，问过 1 人，存清单 0 人，找人工 0 人" in text(told)
    assert shop.bot_messages()[-1].body["photo"]


async def test_forged_and_foreign_links_join_nobody(bot: Bot) -> None:
    aunt = bot.talk("邻居")
    links = links_of(bot.keys, bot.server.bot.me.user_id + 1)
    forged = links.encode(Action("ambassador.open", ("ref00001",)))
    assert "村推广员" not in text(await say(bot, aunt, f"/start {forged}"))
    unknown = links_of(bot.keys, bot.server.bot.me.user_id).encode(Action("ambassador.open", ("nobody01",)))
    await say(bot, aunt, f"/start {unknown}")
    assert await write(bot, points.lines) == []


async def test_what_is_kept_is_exported_and_forgotten(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    payload = await link_of(bot, shop)
    await say(bot, aunt, f"/start {payload}")
    await aunt.send_text("/export")
    file = await aunt.wait_until(lambda: [m for m in aunt.bot_messages() if m.body.get("document")], what="the file")
    exported = json.loads(bot.server.bot.files[file[0].body["document"]["file_id"]].content)
    assert exported["came_through_an_ambassador"]
    await say(bot, aunt, "/forget")
    await say(bot, aunt, "500以内的马桶")
    assert [line.kind for line in await write(bot, points.lines)] == ["opened"], "who was forgotten counts for nobody"


async def test_the_operators_command(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    ref = await approve(bot, shop)
    await say(bot, aunt, f"/start {await link_of(bot, shop)}")
    await say(bot, aunt, "500以内的马桶")
    wording = demonstration().wording

    async def run(action: str, which: str = "") -> tuple[list[str], int]:
        return await write(bot, lambda books: done(books, action, which, wording, RULES))

    lines, status = await run("list")
    assert status == 0 and ref in lines[0] and "张秀英" in lines[0]
    assert (await run("prove"))[1] == 0
    ledger, _ = await run("ledger")
    assert len(ledger) == 3 and "张秀英" not in "".join(ledger)
    number = next(line.split(",")[0] for line in ledger if ",question," in line)
    assert (await run("reverse", number))[1] == 0 and (await run("reverse", number))[1] == 1
    assert (await run("suspend", ref))[1] == 0 and (await run("suspend", ref))[1] == 1
    assert (await run("prove"))[1] == 0
    await bot.settled()
    assert "暂停" in shop.text()
    assert (await run("approve", ref))[1] == 0


async def test_one_tap_takes_it_back_for_good_and_one_tap_allows_it_again(bot: Bot) -> None:
    """/mine shows that the person counts as helped; taken back, nothing is kept of it, and no later link counts either."""
    shop, other, aunt = bot.talk("秀英"), bot.talk("桂芳"), bot.talk("邻居")
    await approve(bot, shop)
    await approve(bot, other, "桂芳", "兰考县堌阳村")
    first, second = await link_of(bot, shop), await link_of(bot, other)
    await say(bot, aunt, f"/start {first}")
    name = demonstration().wording.say("permissions.name.ambassador")
    given = demonstration().wording.say("permissions.given", name=name)
    mine = await say(bot, aunt, "/mine")
    assert given in labels_of(mine)
    await press(bot, aunt, mine, given)
    assert name in labels_of(mine)
    key = aunt.chat.chat_id
    assert await write(bot, lambda books: touches.touch_of(books, RULES, books.key(key))) is None
    await say(bot, aunt, f"/start {second}")
    await say(bot, aunt, "500以内的马桶")
    assert await write(bot, lambda books: touches.touch_of(books, RULES, books.key(key))) is None
    bot.pass_time(61)
    mine = await say(bot, aunt, "/mine")
    await press(bot, aunt, mine, name)
    await say(bot, aunt, f"/start {second}")
    held = await write(bot, lambda books: touches.touch_of(books, RULES, books.key(key)))
    assert held is not None and held.ambassador == await write(bot, lambda books: books.key(other.chat.chat_id))
