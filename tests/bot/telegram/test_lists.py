"""Lists on Telegram: kept by everybody, opened by button, link and spoken code, as they are today, naming no neighbour to others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.telegram.application import links_of
from catalog_db.journal import lists
from handlers.turn import Action
from tests.bot.telegram.ambassadors import approve, open_list, press, say, write
from tests.bot.telegram.private_chat import Bot, labels_of, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def text(message) -> str:
    return message.body["text"]


async def kept(bot: Bot, talk, notebook: int | None = None) -> list[lists.KeptList]:
    return await write(bot, lambda books: lists.of_person(books, talk.chat.chat_id, notebook))


async def test_everybody_keeps_products_guides_and_calculations(bot: Bot) -> None:
    aunt = bot.talk()
    await say(bot, aunt, "500以内的马桶")
    saved = await say(bot, aunt, "第二个加到清单")
    assert "存好了" in text(saved)
    first = await say(bot, aunt, "第一个")
    assert "存到清单" in labels_of(first)
    await press(bot, aunt, first, "存到清单")
    done = await say(bot, aunt, "我想刷墙，120平")
    await press(bot, aunt, done, "存到清单")
    guide = await say(bot, aunt, "怎么挑马桶")
    await press(bot, aunt, guide, "存到清单")
    await bot.restart()
    shown = await say(bot, aunt, "我的清单")
    assert "共 4 条" in text(shown) and "120 平方米" in text(shown), "the calculation with what it assumed"
    assert "损耗" in text(shown)
    changed = await say(bot, aunt, "清单第一个要2个")
    assert "要 2 个" in text(changed) and "一共" in text(changed)
    assert "备注：送到村口" in text(await say(bot, aunt, "清单第一个备注：送到村口"))
    moved = await say(bot, aunt, "清单第一个放到最后")
    assert text(moved).index("备注：送到村口") > text(moved).index("120 平方米")
    assert "共 3 条" in text(await say(bot, aunt, "清单去掉第二个"))
    assert "厨房" in text(await say(bot, aunt, "清单改名叫王姐·厨房清单"))
    assert [one.name for one in await kept(bot, aunt)] == ["王姐·厨房清单"]


async def test_a_note_that_claims_too_much_is_stopped_with_a_reason_and_a_way_out(bot: Bot) -> None:
    aunt = bot.talk()
    await say(bot, aunt, "500以内的马桶")
    await say(bot, aunt, "第一个加到清单")
    stopped = await say(bot, aunt, "清单第一个备注：国家推荐，零甲醛")
    assert "国家推荐" in text(stopped) and "零甲醛" in text(stopped) and "可以这样写" in text(stopped)
    [one] = await kept(bot, aunt)
    assert one.items[0]["note"] == ""
    assert "不能这么写" in text(await say(bot, aunt, "清单改名叫零甲醛清单"))


async def test_a_stranger_opens_a_list_by_code_and_by_link_and_reads_no_neighbours_name(bot: Bot) -> None:
    shop, stranger = bot.talk("秀英"), bot.talk("路人")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "第一个加到张大爷·厕所清单")
    await say(bot, shop, "清单第一个备注：张大爷家二楼")
    told = await say(bot, shop, "清单口令")
    [one] = await kept(bot, shop)
    assert f"{one.code[:3]} {one.code[3:]}" in text(told)
    opened = await open_list(bot, stranger, f"口令 {one.code.lower()}")
    assert "厕所清单" in text(opened) and "张大爷" not in text(opened) and "二楼" not in text(opened)
    assert "存成我的清单" in labels_of(opened) and "删掉清单" not in labels_of(opened)
    payload = links_of(bot.keys, bot.server.bot.me.user_id).encode(Action("list.open", (one.id,)))
    assert payload is not None and len(payload) <= 64
    linked = await open_list(bot, bot.talk("另一个路人"), f"/start {payload}")
    assert "厕所清单" in text(linked) and "张大爷" not in text(linked)
    mine = await press(bot, stranger, opened, "存成我的清单")
    assert "存成您自己的" in text(mine)
    assert "在有效期内" in text(await say(bot, stranger, "第一个有证吗")), "a list begins with what is certified"
    assert "张大爷" not in stranger.text()
    own = await say(bot, shop, f"口令 {one.code}")
    assert "张大爷·厕所清单" in text(own) and "二楼" in text(own), "to its owner it opens in full"


async def test_an_old_code_opens_todays_truth(bot: Bot) -> None:
    aunt, stranger = bot.talk(), bot.talk("路人")
    await say(bot, aunt, "有认证的乳胶漆")
    await say(bot, aunt, "第一个加到清单")
    [one] = await kept(bot, aunt)
    item = dict(one.items[0])
    item["told"] = {**item["told"], "price": "1.00"}
    await write(bot, lambda books: lists.keep(books, replace(one, items=(item,))))
    opened = await say(bot, stranger, f"口令 {one.code}")
    lines = [line for line in text(opened).splitlines() if line]
    assert lines[1] == "先说变了的：" and "从 1 元" in lines[2]


async def test_five_wrong_codes_a_minute_and_no_more(bot: Bot) -> None:
    aunt, guesser = bot.talk(), bot.talk("猜的人")
    await say(bot, aunt, "500以内的马桶")
    await say(bot, aunt, "第一个加到清单")
    [one] = await kept(bot, aunt)
    wrong = [code for code in ("22222F", "33333F", "44444F", "55555F", "66666F", "77777F") if code != one.code]
    for number, code in enumerate(wrong[:5]):
        before = guesser.delivered
        await guesser.send_text(f"口令 {code}" if number % 2 else f"口令{code}")
        await guesser.wait_until(lambda before=before: guesser.delivered > before, what="a word")
    before = guesser.delivered
    await guesser.send_text(f"口令 {one.code}")
    await guesser.wait_until(lambda: guesser.delivered > before, what="a word")
    assert "歇一分钟" in text(guesser.bot_messages()[-1])
    assert "坐便器" not in guesser.text()
    bot.pass_time(61)
    assert "清单" in text(await say(bot, guesser, f"口令 {one.code}"))


async def test_lists_of_notebooks_stay_in_them_and_go_with_them(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "第一个加到清单")
    await say(bot, shop, "帮李婶看看乳胶漆")
    assert "还没有清单" in text(await say(bot, shop, "我的清单"))
    await say(bot, shop, "第一个加到清单")
    await say(bot, shop, "回到我自己")
    assert "还没有清单" in text(await say(bot, shop, "我的清单"))
    assert len(await kept(bot, shop)) == 2
    sure = await say(bot, shop, "擦掉张大爷的本子")
    await press(bot, shop, sure, "擦掉")
    assert len(await kept(bot, shop)) == 1


async def test_the_way_back_to_a_list_from_one_of_its_products(bot: Bot) -> None:
    aunt = bot.talk()
    await say(bot, aunt, "500以内的马桶")
    await say(bot, aunt, "第一个加到清单")
    shown = await say(bot, aunt, "清单")
    await press(bot, aunt, shown, "第1个")
    assert "返回" in labels_of(shown)
    await press(bot, aunt, shown, "返回")
    assert "口令" in text(shown)


async def test_deleted_exported_and_forgotten(bot: Bot) -> None:
    aunt = bot.talk()
    await say(bot, aunt, "500以内的马桶")
    await say(bot, aunt, "第一个加到厨房清单")
    await say(bot, aunt, "第二个加到客厅清单")
    shown = await say(bot, aunt, "看看厨房清单")
    sure = await press(bot, aunt, shown, "删掉清单")
    await press(bot, aunt, sure, "删掉“厨房清单”")
    [left] = await kept(bot, aunt)
    assert left.name == "客厅清单"
    await aunt.send_text("/export")
    file = await aunt.wait_until(lambda: [m for m in aunt.bot_messages() if m.body.get("document")], what="the file")
    exported = json.loads(bot.server.bot.files[file[0].body["document"]["file_id"]].content)
    assert exported["lists"][0]["code"] == left.code
    assert b"\xe5\xae\xa2\xe5\x8e\x85" not in bot.database.read_bytes(), "客厅 stands nowhere in clear"
    await say(bot, aunt, "/forget")
    assert await kept(bot, aunt) == []
    assert "没有这个口令" in text(await say(bot, bot.talk("路人"), f"口令 {left.code}"))
