"""News: whom it reaches, when, how it ends; and that a kill -9 sends it to nobody twice and leaves nobody out unsaid."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from benchmarks.broadcast import storm
from bot.__main__ import main
from bot.bootstrap import ZONE, load_demonstration
from bot.channels.telegram.broadcasting import LONGEST, fits
from catalog_db.journal import broadcasts, permissions
from tests.assistants import NOW, demonstration
from tests.bot.telegram.dialogs import press, say
from tests.bot.telegram.private_chat import Bot, buttons_of, labels_of, running_bot

WORDING = demonstration().wording


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


async def reader(bot: Bot, name: str, locale: str = "zh_Hans_CN"):
    """Somebody who allows news."""
    talk = bot.talk(name)
    await say(bot, talk, "你好呀")
    await asyncio.wrap_future(
        bot.service.journal.write(
            lambda books: permissions.allow(books, talk.chat.chat_id, "news", locale, given=True),
            bot.service.clock.now(),
        )
    )
    return talk


async def plan(bot: Bot, text: str, segment: dict | None = None, after: float = 0.0) -> int:
    now = bot.service.clock.now()
    return await asyncio.wrap_future(
        bot.service.journal.write(lambda books: broadcasts.plan(books, text, segment or {}, now + after), now)
    )


async def fates(bot: Bot, number: int) -> broadcasts.Broadcast:
    with bot.service.journal.reading(bot.service.clock.now()) as books:
        return next(one for one in broadcasts.planned(books) if one.id == number)


async def over(bot: Bot, number: int) -> broadcasts.Broadcast:
    for _ in range(200):
        found = await fates(bot, number)
        if found.state == "done" and not found.fates.get("waiting"):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("the broadcast does not end")


async def test_it_reaches_who_allowed_it_once_and_leads_out(bot):
    reads, hant = await reader(bot, "王婶"), await reader(bot, "陳太", "zh_Hant")
    other = bot.talk("李叔")
    await say(bot, other, "你好呀")
    found = await over(bot, await plan(bot, "有证的瓷砖 <到货> 了"))
    assert (found.total, found.fates) == (2, {"sent": 2})
    news = reads.bot_messages()[-1]
    assert news.body["text"] == "有证的瓷砖 <到货> 了"
    assert labels_of(news) == [WORDING.say("news.stop")]
    assert labels_of(hant.bot_messages()[-1]) == ["不再收這類消息"]
    assert "到货" not in other.text()
    await press(bot, reads, news, next(buttons_of(news)))
    again = await over(bot, await plan(bot, "又来一批"))
    assert again.total == 1
    assert "又来一批" not in reads.text()
    assert "又来一批" in hant.text()


async def test_segments_blocked_people_and_cancelling(bot):
    reads, gone = await reader(bot, "王婶"), await reader(bot, "李叔", "en")
    await gone.block()
    await bot.settled()
    assert (await over(bot, await plan(bot, "只给繁体", {"language": "zh_Hant"}))).total == 0
    await over(bot, await plan(bot, "给大家"))
    assert "给大家" in reads.text() and "给大家" not in gone.text()
    later = await plan(bot, "明天的事", after=3600)
    assert await asyncio.wrap_future(
        bot.service.journal.write(lambda books: broadcasts.cancel(books, later), bot.service.clock.now())
    )
    bot.pass_time(3700 - 2 * 3600)
    await asyncio.sleep(1.2)
    assert (await fates(bot, later)).state == "cancelled"
    assert "明天的事" not in reads.text()


async def test_an_operator_schedules_a_seasonal_guide(bot, monkeypatch, tmp_path, capsys):
    """By the command, beside the running bot: it goes at its time and not before, and its button opens the guide of that day."""
    reads = await reader(bot, "王婶")
    hant = await reader(bot, "陳太", "zh_Hant")
    guide = next(one for one in demonstration().catalogue.guides.values() if one.kind != "buying_guide")
    monkeypatch.setenv("LVXUAN_HOME", str(tmp_path))
    monkeypatch.setenv("LVXUAN_DATABASE_URL", bot.service.config.database_url)
    monkeypatch.setenv("LVXUAN_KEY_FILE", str(bot.service.config.key_file))
    monkeypatch.setenv("LVXUAN_TELEGRAM_TOKEN", bot.server.token)
    load_demonstration(bot.service.config.database_url, NOW.date())  # the command looks into the database
    later = datetime.fromtimestamp(bot.service.clock.now(), ZONE) + timedelta(hours=1)
    assert main(["broadcast", "--guide", "nothing", "--at", later.isoformat()]) == 2
    assert "nothing" in capsys.readouterr().err
    assert main(["broadcast", "--guide", guide.id, "--at", later.isoformat(), "--preview"]) == 0
    assert f"[{WORDING.say('news.guide')}] [{WORDING.say('news.stop')}]" in capsys.readouterr().out
    assert main(["broadcast", "--guide", guide.id, "--at", later.isoformat()]) == 0
    await asyncio.sleep(1.2)
    assert guide.title not in reads.text()
    bot.pass_time(3700)
    assert (await over(bot, 1)).fates == {"sent": 2}
    news = reads.bot_messages()[-1]
    assert news.body["text"].startswith(guide.title)
    assert labels_of(news) == [WORDING.say("news.guide"), WORDING.say("news.stop")]
    assert labels_of(hant.bot_messages()[-1])[0] == "看全文"
    told = news.text
    opened = await press(bot, reads, news, next(buttons_of(news)))
    assert opened.text.startswith(told) and "避坑" in opened.text and "避坑" not in told


async def test_nothing_leaves_in_the_quiet_hours(bot):
    reads = await reader(bot, "王婶")
    bot.pass_time(4 * 3600)
    number = await plan(bot, "夜里不发")
    await asyncio.sleep(1.5)
    assert "夜里不发" not in reads.text()
    bot.pass_time(11 * 3600)
    await over(bot, number)
    assert "夜里不发" in reads.text()


def test_segments() -> None:
    known = {"locale": "zh_Hant", "place": "370783", "interests": ["tile"]}
    assert fits({}, {})
    assert fits({"language": "zh_Hant", "place": "370000", "interest": "tile"}, known)
    assert fits({"place": "370700"}, known)
    assert not fits({"place": "410000"}, known)
    assert not fits({"place": "370783"}, {})
    assert not fits({"interest": "paint"}, known)
    assert not fits({"language": "en"}, known)


def test_the_command(tmp_path, monkeypatch, capsys) -> None:
    monkeypatch.setenv("LVXUAN_HOME", str(tmp_path))
    monkeypatch.setenv("LVXUAN_TELEGRAM_TOKEN", "1234567:" + "a" * 35)
    assert main(["broadcast", "--status"]) == 0
    assert WORDING.say("broadcast.none") in capsys.readouterr().out
    assert main(["broadcast", "瓷砖到货", "--preview"]) == 0
    assert "没有发" in capsys.readouterr().out
    assert main(["broadcast", "瓷砖到货", "--at", "2027-01-01T09:00"]) == 0
    assert main(["broadcast", "--status"]) == 0
    assert "1月1日 9:00" in capsys.readouterr().out
    assert main(["broadcast", "--cancel", "1"]) == 0
    assert main(["broadcast", "--cancel", "1"]) == 1
    assert main(["broadcast", ""]) == 2
    assert main(["broadcast", "长" * (LONGEST + 1)]) == 2


async def test_a_kill_sends_to_nobody_twice_and_leaves_nobody_out_unsaid(tmp_path, sqlite_journal_url):
    # With the budgets on it takes longer than the first kill needs, however fast the machine is.
    outcome = await storm(tmp_path, sqlite_journal_url, 120, every=1.5, lifted=False)
    assert outcome.twice == 0
    assert outcome.missed == 0
    assert outcome.reached + outcome.blocked + outcome.unknown >= outcome.people
    assert outcome.kills >= 1
