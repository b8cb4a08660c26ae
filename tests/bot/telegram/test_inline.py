"""Inline mode: certified cards in any chat, in pages, complete without their link; the link opens today's truth."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import ZONE
from bot.botapi_server.state import InlineAsk
from bot.channels.telegram.inline import PAGE, _cache_seconds
from catalog_db.certification import in_force
from tests.assistants import DAY, demonstration
from tests.bot.telegram.private_chat import Bot, running_bot

PARTS = demonstration()
WORDING = PARTS.wording


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def ask(bot: Bot, text: str, offset: str = "", user: Any = None) -> InlineAsk:
    inline = bot.server.inline(user or bot.server.user("王婶"))
    asked = await inline.query(text, offset=offset)
    await inline.wait_for_results(asked)
    return asked


def text_of(result: dict[str, Any]) -> str:
    return re.sub("<[^>]+>", "", result["input_message_content"]["message_text"])


def certified(titles: set[str]) -> bool:
    """Tell whether each of these products has a certificate in force on the day."""
    found = {row.title: row for row in _all_products()}
    return all(any(in_force(c, DAY) for c in PARTS.catalogue.certificates_of(found[title].sku)) for title in titles)


def _all_products() -> list[Any]:
    from catalog_db.search.query import ProductQuery

    hits = PARTS.catalogue.search(ProductQuery(DAY, limit=5000)).hits
    return PARTS.catalogue.products(hit.sku for hit in hits)


@pytest.mark.parametrize(
    "text", ["瓷砖", "cizhuan", "ci zhuan", "慈砖", "洋灰", "rujiaoqi", "三百以内的乳胶漆", "三星的瓷砖", "屋顶漏", ""]
)
async def test_what_is_typed_gives_certified_cards(bot: Bot, text: str) -> None:
    answer = (await ask(bot, text)).answer or {}
    results = answer["results"]
    assert 1 <= len(results) <= PAGE <= 50
    assert certified({result["title"] for result in results})
    for result in results:
        said = text_of(result)
        assert result["title"] in said
        assert re.search(r"编号 DEMO-\S+，到 \d{4}年", said)
        assert re.search(r"元/\S+（\d{4}年\d+月\d+日的价）|价格没标明", said)
        assert "认e云" in said and "http" not in said
        [[button]] = result["reply_markup"]["inline_keyboard"]
        assert button["url"].startswith("https://t.me/lvxuan_bot?start=")
    assert answer["is_personal"] is True  # in the asker's language
    assert answer["button"]["start_parameter"] == "inline"


async def test_pinyin_and_characters_give_the_same_cards_in_the_same_order(bot: Bot) -> None:
    written, typed = [(await ask(bot, text)).answer or {} for text in ("瓷砖", "cizhuan")]
    assert [r["id"] for r in written["results"]] == [r["id"] for r in typed["results"]]


async def test_pages_follow_one_another_without_repeats_and_end(bot: Bot) -> None:
    seen: list[str] = []
    offset, pages = "", 0
    while True:
        answer = (await ask(bot, "", offset)).answer or {}
        seen += [result["id"] for result in answer["results"]]
        offset, pages = answer["next_offset"], pages + 1
        if not offset:
            break
    assert pages > 2
    assert len(seen) == len(set(seen))
    from catalog_db.search.query import ProductQuery

    assert len(seen) == PARTS.catalogue.count(ProductQuery(DAY, certified=True))


@pytest.mark.parametrize("text", ["量子翻译器", "asdfgh", "？？", "今天赶集吗", "一百块以内的断桥铝窗"])
async def test_nothing_found_offers_other_words(bot: Bot, text: str) -> None:
    answer = (await ask(bot, text)).answer or {}
    [result] = answer["results"]
    assert result["title"] == WORDING.say("inline.other_words", text=text)
    assert answer["next_offset"] == ""
    assert ((await ask(bot, text, "20")).answer or {})["results"] == []


async def test_what_is_named_by_number_is_shown_whatever_its_state(bot: Bot) -> None:
    lapsed = next(p for p in _all_products() if _states(p) == {"expired"})
    number = PARTS.catalogue.certificates_of(lapsed.sku)[0].number
    answer = (await ask(bot, number)).answer or {}
    said = next(text_of(result) for result in answer["results"] if result["title"] == lapsed.title)
    assert "已过期" in said and "现在没有认证" in said and "到 20" not in said


def _states(product: Any) -> set[str]:
    from catalog_db.certification import state

    return {state(c, DAY) for c in PARTS.catalogue.certificates_of(product.sku)}


async def test_whoever_has_told_a_county_gets_cards_of_there_and_they_are_nobody_else_s(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    await bot.server.private(aunt).ask("我在寿光")
    await bot.settled()
    answer = (await ask(bot, "瓷砖", user=aunt)).answer or {}
    assert answer["is_personal"] is True
    from catalog_db.search.query import ProductQuery

    here = PARTS.catalogue.search(ProductQuery(DAY, certified=True, adcode="370783", limit=500)).hits
    titles = {product.title for product in PARTS.catalogue.products(hit.sku for hit in here)}
    assert {result["title"] for result in answer["results"]} <= titles


async def test_a_card_in_another_chat_opens_today_s_truth(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("外村", [aunt, uncle])
    inline = bot.server.inline(aunt)
    asked = await inline.query("有证的乳胶漆")
    first = (await inline.wait_for_results(asked))[0]
    await inline.choose(asked, first, group.chat)
    private = bot.server.private(uncle)
    bot.pass_time(4 * 366 * 86400)  # every certificate of today has lapsed by then
    await private.start(first["reply_markup"]["inline_keyboard"][0][0]["url"].partition("start=")[2])
    await private.wait_for_replies(2)
    await bot.settled()
    card = private.bot_messages()[-1].body["text"]
    assert first["title"] in card and "过期了" in card
    assert "在有效期内。" not in card
    assert group.delivered == 0, "our own card in a group is nothing that was said to us"


async def test_a_card_put_into_our_own_chat_is_no_question(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    private, inline = bot.server.private(aunt), bot.server.inline(aunt)
    asked = await inline.query("瓷砖")
    first = (await inline.wait_for_results(asked))[0]
    await inline.choose(asked, first, private.chat)
    await bot.settled()
    assert [m for m in private.bot_messages() if m.from_bot and "via_bot" not in m.body] == []


async def test_a_card_of_ours_that_is_passed_on_to_us_is_checked(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group, inline = bot.server.group("外村", [aunt, uncle]), bot.server.inline(aunt)
    asked = await inline.query("有证的瓷砖")
    message = await inline.choose(asked, (await inline.wait_for_results(asked))[0], group.chat)
    private = bot.server.private(uncle)
    await private.forward(message)
    [answer] = await private.wait_for_replies(1)
    assert answer.body["text"].startswith(WORDING.say("advert.head"))
    assert message.text.splitlines()[0] in answer.body["text"]


@pytest.mark.parametrize("offset", ["x", "-1", "٣", "9" * 40, " "])
async def test_a_forged_offset_does_no_harm(bot: Bot, offset: str) -> None:
    answer = (await ask(bot, "瓷砖", offset)).answer or {}
    assert len(answer["results"]) <= PAGE


def test_an_answer_is_kept_by_telegram_no_longer_than_the_day() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=ZONE)
    assert _cache_seconds(midnight - timedelta(seconds=100)) == 100
    assert _cache_seconds(midnight) == 300
