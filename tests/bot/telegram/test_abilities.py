"""Tables and drafts where the server at hand has them; where it has not, the same is said plainly at once, once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.botapi_server import BotApiServer
from bot.channels.telegram.outgoing import ConversationState, Handled, Json
from bot.channels.telegram.rich import Run, join, rich, tabled, units
from bot.channels.telegram.tabled import rich_message
from tests.bot.telegram.channel import running, until
from tests.bot.telegram.dialogs import press, presses_of, say
from tests.bot.telegram.echo import EchoHandler
from tests.bot.telegram.private_chat import Bot, running_bot
from tests.bot.telegram.test_pictures import NUMBER, code

LIST, COMPARED = "一级水效的坐便器", "1和2哪个好"
OLD = {"code": 404, "description": "Not Found: method not found"}


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with running_bot(tmp_path) as running_one:
        yield running_one


def texts(talk: Any) -> list[str]:
    return [message.text for message in talk.bot_messages()]


async def test_a_comparison_is_a_table_with_its_buttons(bot: Bot) -> None:
    aunt = bot.talk("王婶")
    await say(bot, aunt, LIST)
    answer = await say(bot, aunt, COMPARED)
    [table] = [block for block in answer.body["rich_message"]["blocks"] if block["type"] == "table"]
    assert [cell.get("text", "") for cell in table["cells"][0]] == ["", "甲", "乙"]
    assert answer.reply_markup
    assert bot.server.calls_of("sendRichMessage")


async def test_who_wants_it_plain_gets_no_table(bot: Bot) -> None:
    aunt = bot.talk("王婶")
    await say(bot, aunt, "/big")
    await say(bot, aunt, LIST)
    await say(bot, aunt, COMPARED)
    assert bot.server.calls_of("sendRichMessage") == []


@pytest.mark.parametrize(
    ("refusal", "tried"),
    [
        (OLD, 1),
        ({"code": 501, "description": "Not Implemented"}, 1),
        ({"code": 400, "description": "Bad Request: can't parse rich message"}, 1),
    ],
)
async def test_a_server_without_tables_gets_the_same_plainly_at_once(bot: Bot, refusal: Json, tried: int) -> None:
    bot.server.fault("status", "sendRichMessage", **refusal)
    aunt = bot.talk("王婶")
    await say(bot, aunt, LIST)
    for _ in range(3):
        answer = await say(bot, aunt, COMPARED)
        assert "认证" in answer.body["text"]
        assert "rich_message" not in answer.body
    assert len(bot.server.calls_of("sendRichMessage")) == tried
    said = texts(aunt)
    assert len(said) == 4 and len(set(said)) == 2  # the list, the comparison three times: nothing lost, nothing doubled


async def test_a_person_who_blocks_us_costs_nobody_the_tables(bot: Bot) -> None:
    aunt, uncle = bot.talk("王婶"), bot.talk("李叔")
    for talk in (aunt, uncle):
        await say(bot, talk, LIST)
    bot.server.fault(
        "status", "sendRichMessage", code=403, description="Forbidden: bot was blocked by the user", count=1
    )
    await aunt.send_text(COMPARED)
    await until(lambda: bot.server.calls_of("sendRichMessage"))
    await bot.settled()
    assert "rich_message" in (await say(bot, uncle, COMPARED)).body


async def test_a_call_cut_short_is_told_as_ever(bot: Bot) -> None:
    """Carried out, its answer lost: a reply is repeated once, as a table again."""
    aunt = bot.talk("王婶")
    await say(bot, aunt, LIST)
    bot.server.fault("drop_after", "sendRichMessage", count=1)
    await aunt.send_text(COMPARED)
    await until(lambda: len(bot.server.calls_of("sendRichMessage")) == 2)
    await bot.settled()
    assert sum("rich_message" in message.body for message in aunt.bot_messages()) == 2


class Slow(EchoHandler):
    """Takes longer than a moment for everything."""

    def handle(self, update: Json, conversation: ConversationState, now: Any) -> Handled:
        time.sleep(1.4)
        return super().handle(update, conversation, now)


@pytest.mark.parametrize("old", [False, True])
async def test_an_answer_that_takes_long_shows_a_draft_and_short_ones_none(
    server: BotApiServer, sqlite_journal_url: str, tmp_path: Path, old: bool
) -> None:
    if old:
        server.fault("status", "sendMessageDraft", **OLD)
    async with running(server, sqlite_journal_url, tmp_path, Slow()):
        aunt = server.private(server.user("王婶"))
        for text in ("一", "二"):
            before = aunt.delivered
            await aunt.send_text(text)
            await until(lambda: aunt.delivered > before)  # noqa: B023 - waited for at once
        drafts, typing = server.calls_of("sendMessageDraft"), server.calls_of("sendChatAction")
        assert (len(drafts), len(typing)) == ((1, 2) if old else (2, 0))
        assert all(call.parameters["text"] == "" for call in drafts)
        assert aunt.chat.drafts == {}
    async with running(server, sqlite_journal_url, tmp_path, EchoHandler()):
        before = aunt.delivered
        await aunt.send_text("快")
        await until(lambda: aunt.delivered > before)
    assert len(server.calls_of("sendMessageDraft")) == len(drafts)


async def test_a_photo_that_takes_long_to_read_says_what_is_going_on(bot: Bot) -> None:
    aunt = bot.talk("王婶")
    await say(bot, aunt, "你好呀")
    bot.server.fault("slow", "getFile", seconds=1.6, count=1)
    before = aunt.delivered
    await aunt.send_photo(code(NUMBER))
    await until(lambda: aunt.delivered > before)
    [draft] = bot.server.calls_of("sendMessageDraft")
    assert draft.parameters["text"] == "正在看照片上的码，稍等…"
    before = aunt.delivered
    await aunt.send_photo(code(NUMBER))
    await until(lambda: aunt.delivered > before)
    await asyncio.sleep(0)
    assert len(bot.server.calls_of("sendMessageDraft")) == 1


def test_a_page_that_was_cut_or_is_too_wide_stays_text() -> None:
    rows = [["", "甲"], ["价格", "48 元"]]
    table = tabled(rich("价格 甲 48 元"), rows)
    page = join((rich("比一比", "b"), table, rich("小字", "blockquote")), "\n\n")
    made = rich_message(page)
    assert made is not None
    assert [block["type"] for block in made["blocks"]] == ["paragraph", "table", "blockquote"]
    assert rich_message(rich("没有表")) is None
    assert rich_message((*page[:2], Run("价格", table=table[0].table))) is None
    assert rich_message(tabled(rich("一"), [["一"] * 21])) is None
    assert units(page) == units(tuple(Run(run.text) for run in page))


async def test_a_table_gives_way_to_another_answer_in_its_place(bot: Bot) -> None:
    aunt = bot.talk("王婶")
    await say(bot, aunt, LIST)
    answer = await say(bot, aunt, COMPARED)
    card = await press(bot, aunt, answer, presses_of(answer)[0])
    assert card is answer and "rich_message" not in card.body
    back = next(button for button in presses_of(card) if button["text"] == "返回")
    assert "rich_message" in (await press(bot, aunt, card, back)).body
    assert bot.server.violations == []
