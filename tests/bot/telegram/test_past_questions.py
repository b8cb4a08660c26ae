"""What is asked in Telegram is noted masked and without the person, so that words can be taught."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta

from bot.bootstrap import noting_behind
from bot.past_questions import NotesBehind
from bot.teaching import list_misses
from catalog_db.database import open_database
from catalog_db.past_questions import KEPT_DAYS, PastQuestion, PastQuestions
from tests.assistants import DAY, demonstration
from tests.bot.telegram.private_chat import running_bot


async def test_a_miss_in_telegram_is_listed_masked_and_without_the_person(tmp_path):
    parts = demonstration()
    url = f"sqlite:///{(tmp_path / 'notes.db').as_posix()}"
    with noting_behind(parts, url) as assistant:
        async with running_bot(tmp_path, assistant=assistant) as bot:
            talk = bot.talk("王婶")
            await talk.send_text("囫囵冲天炮有卖的吗，电话13812345678")
            await bot.settled()
            await talk.send_text("四百以内的外墙漆")
            await bot.settled()
    database = open_database(url)
    lines = "\n".join(list_misses(database, parts.wording, DAY, 30))
    recent = PastQuestions(database).recent()
    database.close()
    assert "囫囵冲天炮" in lines
    assert {question.intent for question in recent} >= {"recommend"}
    with closing(sqlite3.connect(tmp_path / "notes.db")) as raw:
        dump = "\n".join(raw.iterdump())
    assert "13812345678" not in dump
    assert "王婶" not in dump


def test_notes_are_written_behind_and_old_ones_go(tmp_path):
    database = open_database(f"sqlite:///{(tmp_path / 'notes.db').as_posix()}")
    kept = PastQuestions(database)
    notes = NotesBehind(kept)
    old = DAY - timedelta(days=KEPT_DAYS + 1)
    notes.note([PastQuestion(old, "旧的", "recommend"), PastQuestion(DAY, "新的", "recommend")])
    notes.forget_before(DAY - timedelta(days=KEPT_DAYS))
    notes.close()
    assert [question.text for question in kept.recent()] == ["新的"]
    assert kept.misses(date(2026, 1, 1)) == []
    database.close()
