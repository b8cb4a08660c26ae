"""The morning brief: three lines, once a day, in the morning only, switched off by a word."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram.ambassadors.brief import Brief
from bot.channels.telegram.ambassadors.equipment import Equipment
from bot.channels.telegram.application import links_of, payloads_of
from bot.channels.telegram.arrivals import BotIdentity
from bot.languages import Wordings
from bot.wording import CHINA
from catalog_db.journal.books import Books
from handlers.alerts import Quiet
from tests.assistants import demonstration
from tests.bot.telegram.ambassadors import approve, say, write
from tests.bot.telegram.private_chat import Bot, running_bot


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def told(bot: Bot, hour: int, days: int = 1, **options: Any) -> list[str]:
    """What the chore says at an hour of a day after."""
    parts, me = demonstration(), BotIdentity(bot.server.bot.me.user_id, "lvxuan_bot")
    links, wordings = links_of(bot.keys, me.bot_id), Wordings(parts.wording)
    equipment = Equipment(payloads_of(bot.keys), links, wordings, parts.catalogue, me, **options)
    [chore] = Brief(equipment).chores()
    day = datetime.fromtimestamp(bot.server.hub.clock.now(), CHINA) + timedelta(days=days)
    moment = day.replace(hour=hour, minute=30).timestamp()

    def run(books: Books) -> list[str]:
        said = chore(Books(books.connection, books.bot, moment, books.sealer))
        return [str(one.params["text"]) for one in said]

    return await write(bot, run)


async def test_three_lines_once_in_the_morning_and_never_at_night(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    link = next(line for line in (await say(bot, shop, "我的链接")).body["text"].splitlines() if "start=" in line)
    await say(bot, aunt, f"/start {link.split('start=')[1]}")
    await say(bot, aunt, "500以内的马桶")
    assert await told(bot, 6) == [] and await told(bot, 22) == []
    [brief] = await told(bot, 8)
    assert len(brief.splitlines()) == 3 and "1 人" in brief
    assert "邻居" not in brief and "马桶" not in brief
    assert await told(bot, 9) == [], "once a day"


async def test_nothing_is_said_when_nothing_happened_or_it_is_switched_off(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    assert await told(bot, 8) == []
    link = next(line for line in (await say(bot, shop, "我的链接")).body["text"].splitlines() if "start=" in line)
    await say(bot, aunt, f"/start {link.split('start=')[1]}")
    assert "关着" in (await say(bot, shop, "早上别发了")).body["text"]
    bot.pass_time(24 * 3600)
    assert await told(bot, 8) == []
    assert "早上" in (await say(bot, shop, "早报打开")).body["text"]


async def test_the_hour_is_the_operators_then_ones_own_and_never_a_quiet_one(bot: Bot) -> None:
    shop, aunt = bot.talk("秀英"), bot.talk("邻居")
    await approve(bot, shop)
    link = next(line for line in (await say(bot, shop, "我的链接")).body["text"].splitlines() if "start=" in line)
    await say(bot, aunt, f"/start {link.split('start=')[1]}")
    assert await told(bot, 8, brief_hour=10) == [] and await told(bot, 12, brief_hour=10) == []
    night = Quiet(time(20), time(11))
    assert await told(bot, 10, brief_hour=10, quiet=night) == []
    assert "挑一个整点" in (await say(bot, shop, "/brief 23")).body["text"]
    assert "11 点以后" in (await say(bot, shop, "早报改到11点")).body["text"]
    assert await told(bot, 10, brief_hour=10) == []
    assert len(await told(bot, 11, brief_hour=10, quiet=night)) == 1
