"""接龙: who wants what of a list; names only with consent and for its owner alone; CSV and XLSX."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from catalog_db.journal import lists, wants
from tests.bot.telegram.ambassadors import approve, press, say, write
from tests.bot.telegram.private_chat import Bot, labels_of, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def text(message) -> str:
    return message.body["text"]


async def test_who_wants_what_is_counted_named_with_consent_and_exported(bot: Bot) -> None:
    shop, first, second = bot.talk("秀英"), bot.talk("王婶"), bot.talk("李叔")
    await approve(bot, shop)
    await say(bot, shop, "500以内的马桶")
    await say(bot, shop, "第一个加到清单")
    await say(bot, shop, "第二个加到清单")
    [kept] = await write(bot, lambda books: lists.of_person(books, shop.chat.chat_id))
    for who, label in ((first, "要2份，留名"), (second, "要3份，不留名")):
        opened = await say(bot, who, f"口令 {kept.code}")
        # the word about the ambassador stands below the list
        shown = next(m for m in reversed(who.bot_messages()) if "我要" in labels_of(m))
        which = await press(bot, who, shown, "我要")
        asked = await press(bot, who, which, "1.")
        assert "王婶" in text(asked) or "李叔" in text(asked), "it says which name would be told"
        noted = await press(bot, who, asked, label)
        assert "记下了" in text(noted)
        assert opened is not None
    told = await say(bot, shop, "谁要了")
    said = next(m for m in reversed(shop.bot_messages()) if "5 份" in m.body.get("text", ""))
    assert "2 人" in text(said) and "王婶" in text(said) and "李叔" not in shop.text()
    files = [bot.server.bot.files[m.body["document"]["file_id"]] for m in shop.bot_messages() if m.body.get("document")]
    table = files[0].content.decode("utf-8-sig")
    assert "王婶" in table and "李叔" not in table
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(files[1].content)).get_sheet_by_index(0).to_python()
    assert len(sheet) == 3 and sheet[1][1] == 2 and told is not None
    noted = first.bot_messages()[-1]
    await press(bot, first, noted, "不要了")
    await say(bot, second, "/forget")
    assert await write(bot, lambda books: wants.of_list(books, kept.id)) == []


async def test_a_stranger_cannot_ask_who_wants_what(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("王婶")
    await say(bot, shop, "500以内的马桶")
    await say(bot, shop, "第一个加到清单")
    [kept] = await write(bot, lambda books: lists.of_person(books, shop.chat.chat_id))
    await say(bot, aunt, f"口令 {kept.code}")
    assert "还没有清单" in text(await say(bot, aunt, "谁要了"))
