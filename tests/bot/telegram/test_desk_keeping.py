"""What is measured, exported, forgotten and kept no longer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.bot.telegram.staff_desk import Office, office

SECRET = "我住柳河村三组18号，电话13812345678"


async def _one_ticket(desk: Office) -> None:
    aunt = desk.person()
    await aunt.send_text("人工")
    await aunt.send_text(SECRET)
    await desk.settled()
    await desk.at("小陈", desk.topic_of("王婶")).send_text("我来看看")
    await desk.settled()


async def test_figures_as_a_chart_and_a_table_name_nobody(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await _one_ticket(desk)
        await desk.at("老赵").send_text("/stats")
        await desk.at("审计员").send_text("/csv 7")
        await desk.settled()
        shown = [message for message in desk.room.chat.visible() if message.from_bot]
        chart = next(message for message in shown if "photo" in message.body)
        assert "1 张单子" in chart.text and "说要找人：1" in chart.text and "小陈：接了 1" in chart.text
        table = next(message for message in shown if "document" in message.body)
        stored = desk.server.bot.files[table.body["document"]["file_id"]].content or b""
        lines = stored.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("number,opened,reason") and lines[1].startswith("1,2026-11-22T")
        assert "13812345678" not in stored.decode() and "王婶" not in stored.decode()


async def test_what_the_staff_open_again_keeps_its_first_answer_in_the_figures(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await desk.person().send_text("人工")
        await desk.settled()
        staff = desk.at("小陈", desk.topic_of("王婶"))
        for line in ("您好", "/close", "/reopen", "/close"):
            await staff.send_text(line)
            await desk.settled()
        await desk.at("老赵").send_text("/stats")
        await desk.settled()
        shown = next(m.body["caption"] for m in desk.room.chat.visible() if m.from_bot and m.body.get("caption"))
        assert "1 张单子，现在没结束的 0 张" in shown and "先回一句：一半在" in shown


async def test_nothing_personal_lies_in_the_database_in_clear(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        await _one_ticket(desk)
        await desk.at("小陈", desk.topic_of("王婶")).send_text("// 备注：她住三组18号")
        await desk.settled()
    with closing(sqlite3.connect(tmp_path / "journal.db")) as database:
        dump = "\n".join(database.iterdump())
    for word in ("柳河村", "13812345678", "三组18号", "王婶", "小陈", "我来看看"):
        assert word not in dump
        assert word.encode().hex() not in dump.lower()


async def test_forget_takes_the_tickets_and_the_topic_and_leaves_the_counts(tmp_path: Path) -> None:
    async with office(tmp_path, jumping=True) as desk:
        await _one_ticket(desk)
        aunt = desk.server.private(next(u for u in desk.server.hub.users.values() if u.first_name == "王婶"))
        await aunt.send_text("/export")
        await desk.settled()
        file = next(m for m in reversed(aunt.bot_messages()) if "document" in m.body)
        kept = json.loads(desk.server.bot.files[file.body["document"]["file_id"]].content or b"")
        written = kept["tickets"][0]["written"]
        assert [(one["way"], one["text"]) for one in written] == [("in", "人工"), ("in", SECRET), ("out", "我来看看")]
        await aunt.send_text("/forget")
        await desk.settled()
        rows = _counts(tmp_path)
        assert rows == {"desk_people": 0, "desk_items": 0, "desk_posts": 0, "desk_tickets": 1}
        desk.pass_time(61)
        await desk.until(lambda: not desk.topics(), 80)
        before = len(aunt.bot_messages())
        await desk.at("小陈").send_text("/history 1")
        await desk.settled()
        assert len(aunt.bot_messages()) == before
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        assert "乳胶漆" in aunt.bot_messages()[-1].text


def _counts(folder: Path) -> dict[str, int]:
    tables = ("desk_people", "desk_items", "desk_posts", "desk_tickets")
    with closing(sqlite3.connect(folder / "journal.db")) as database:
        return {name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608 - our own names


async def test_texts_are_kept_as_long_as_the_setting_says(tmp_path: Path) -> None:
    async with office(tmp_path, settings={"days": 30}) as desk:
        await _one_ticket(desk)
        await desk.at("小陈", desk.topic_of("王婶")).send_text("/close")
        await desk.settled()
        desk.pass_time(29 * 86_400.0)
        await _kept_house(desk)
        assert _counts(tmp_path)["desk_items"] > 0
        desk.pass_time(2 * 86_400.0)
        await _kept_house(desk)
        assert _counts(tmp_path)["desk_items"] == 0 and _counts(tmp_path)["desk_tickets"] == 1


async def _kept_house(desk: Office) -> None:
    import asyncio

    from bot.channels.telegram.answering import message_of
    from bot.channels.telegram.desk.chores import Keeping

    keeping = next(
        chore
        for chore in desk.service._parts.workers._answering._handler.chores()
        if isinstance(chore, Keeping)  # type: ignore[union-attr]
    )
    work = desk.service.journal.work(
        lambda books: [message_of(one) for one in keeping(books)], desk.server.hub.clock.now()
    )
    await asyncio.wrap_future(work)


async def test_late_tickets_call_the_group_and_rests_end(tmp_path: Path) -> None:
    async with office(tmp_path, jumping=True) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        desk.pass_time(11 * 60)
        await desk.until(lambda: "过了答应的时间" in desk.text(topic), 25)
        group = [m.text for m in desk.room.chat.visible() if m.from_bot and m.topic_id is None]
        assert any("1 张单子过了答应的时间：1" in text for text in group)
        await desk.at("小陈", topic).send_text("/claim")
        await desk.at("小陈", topic).send_text("/snooze 30")
        await desk.settled()
        desk.pass_time(31 * 60)
        await desk.until(lambda: "放一放的时间到了" in desk.text(topic), 25)
        await desk.until(lambda: desk.topic_of("王婶").name.startswith("🟡 小陈"), 25)
