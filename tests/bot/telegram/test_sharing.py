"""Sharing on Telegram: text, picture and sheet, of lists and of single things; nobody's name goes along."""

from __future__ import annotations

import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import zxingcpp
from PIL import Image

from tests.bot.telegram.ambassadors import approve, open_list, press, say
from tests.bot.telegram.private_chat import Bot, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def text(message) -> str:
    return message.body["text"]


def file_of(bot: Bot, message) -> bytes:
    found = message.body.get("photo", [message.body.get("document")])[-1]
    return bot.server.bot.files[found["file_id"]].content


async def test_a_list_of_a_notebook_goes_out_as_text_card_and_sheet_without_the_name(bot: Bot) -> None:
    shop = bot.talk("秀英")
    await approve(bot, shop)
    await say(bot, shop, "帮张大爷看看500以内的马桶")
    await say(bot, shop, "第一个加到张大爷·厕所清单")
    await say(bot, shop, "第二个加到清单")
    passed = await say(bot, shop, "给我来个能发群里的")
    assert text(passed).startswith("厕所清单（2026年11月22日查的）") and "口令" in text(passed)
    assert "张大爷" not in text(passed)
    before = text(shop.bot_messages()[-2])
    assert before.startswith("【张大爷】") and "复制" in before
    shown = await say(bot, shop, "清单")
    picture = await press(bot, shop, shown, "做成图")
    image = Image.open(io.BytesIO(file_of(bot, picture)))
    [found] = zxingcpp.read_barcodes(image)
    payload = parse_qs(urlsplit(found.text).query)["start"][0]
    opened = await open_list(bot, bot.talk("路人"), f"/start {payload}")
    assert text(opened).startswith("厕所清单") and "张大爷" not in text(opened)
    printed = await say(bot, shop, "打印")
    assert file_of(bot, printed).startswith(b"%PDF")


async def test_a_single_product_is_shared_with_todays_facts_and_an_ambassadors_name_only_in_the_link(bot: Bot) -> None:
    shop = bot.talk("秀英")
    ref = await approve(bot, shop)
    await say(bot, shop, "有认证的乳胶漆")
    await say(bot, shop, "第一个")
    passed = await say(bot, shop, "发群里")
    assert "编号" in text(passed) and "口令" not in text(passed) and "的价）" in text(passed)
    link = next(line for line in text(passed).splitlines() if line.startswith("https://t.me/"))
    assert ref in link and "秀英" not in text(passed)
    payload = link.split("start=")[1]
    assert len(payload) <= 64
    stranger = bot.talk("路人")
    await say(bot, stranger, f"/start {payload}")
    assert "编号" in stranger.text()


async def test_with_nothing_to_share_it_says_how(bot: Bot) -> None:
    assert "先存一张清单" in text(await say(bot, bot.talk(), "发群里"))
