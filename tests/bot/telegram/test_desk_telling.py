"""Told once, to who asked for it: a question that can be answered now; a certificate that we named and that holds no more."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.bootstrap import build
from bot.botapi_server.driving import Conversation
from bot.settings import load_settings
from catalog_db import tables
from catalog_db.certification import in_force
from catalog_db.changes import put_alias, put_faq
from catalog_db.database import Database
from catalog_db.journal import desk_telling
from catalog_db.records import Faq
from tests.assistants import DAY, demonstration
from tests.bot.telegram.staff_desk import BY_DAY, Office, office

WORD = "呱呱粉"
QUESTION = f"{WORD}多少钱"
TOLD = "现在能答了"


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    """A desk on a catalogue of its own, for it is changed here."""
    shutil.copy(str(demonstration().catalogue.database.file), tmp_path / "catalogue.db")
    url = f"sqlite:///{(tmp_path / 'catalogue.db').as_posix()}"
    settings = load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path)
    async with office(tmp_path, parts=build(settings, DAY), jumping=True) as opened:
        yield opened


def _database(at: Office) -> Database:
    assert at.parts is not None
    return at.parts.catalogue.database


async def _wished(at: Office, person: Conversation, text: str = QUESTION) -> None:
    await person.send_text(text)
    await at.settled()
    await person.wait_for_answer(await person.press(person.bot_messages()[-1], "能答了告诉我"))
    await at.settled()
    assert "告诉您一次" in person.bot_messages()[-1].text


async def _looked_again(at: Office) -> None:
    """Let the chores that tell run some times."""
    for _ in range(3):
        at.pass_time(6)
        await asyncio.sleep(1.2)
    await at.settled()


async def test_who_asked_and_agreed_is_told_once_when_it_can_be_answered(at: Office) -> None:
    aunt, uncle = at.person("王婶"), at.person("李叔")
    await _wished(at, aunt)
    await uncle.send_text(QUESTION)  # who has not agreed is not told
    await at.settled()
    await _looked_again(at)
    assert TOLD not in aunt.text()
    put_alias(_database(at), "category", "cement", WORD)
    await at.until(lambda: TOLD in aunt.text())
    await _looked_again(at)
    put_alias(_database(at), "category", "cement", "另一个词")
    await _looked_again(at)
    assert aunt.text().count(TOLD) == 1 and TOLD not in uncle.text()
    told = next(message for message in aunt.bot_messages() if TOLD in message.text)
    assert f"“{QUESTION}”" in told.text
    await aunt.wait_for_answer(await aunt.press(told, "看答案"))
    await at.settled()
    assert "水泥" in aunt.bot_messages()[-1].text


async def test_who_takes_it_back_or_is_forgotten_is_not_told(at: Office) -> None:
    aunt, uncle = at.person("王婶"), at.person("李叔")
    for person in (aunt, uncle):
        await _wished(at, person)
    await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "不用告诉我"))
    await uncle.send_text("/forget")
    await at.settled()
    put_alias(_database(at), "category", "cement", WORD)
    await _looked_again(at)
    assert TOLD not in aunt.text() + uncle.text()


async def test_nobody_is_told_at_night_and_everybody_in_the_morning(at: Office) -> None:
    aunt = at.person()
    await _wished(at, aunt)
    at.pass_time(12 * 3600)  # ten in the evening
    put_alias(_database(at), "category", "cement", WORD)
    await _looked_again(at)
    assert TOLD not in aunt.text()
    at.pass_time(11 * 3600)
    await at.until(lambda: TOLD in aunt.text())


async def test_nobody_is_told_twice_when_the_process_is_killed(at: Office) -> None:
    people = [at.person(f"人{number}") for number in range(6)]
    for person in people:
        await _wished(at, person)
    put_alias(_database(at), "category", "cement", WORD)
    for _ in range(4):
        at.pass_time(6)
        await asyncio.sleep(0.4)
        await at.kill()
    await _looked_again(at)
    counts = [person.text().count(TOLD) for person in people]
    assert max(counts) <= 1  # whatever was cut is not sent again
    assert sum(counts) + _in_doubt(at) >= len(people)  # whoever was not told was under way when a process ended


def _in_doubt(at: Office) -> int:
    """Count the calls whose end nobody knows."""
    with closing(sqlite3.connect(at.folder / "journal.db")) as database:
        [[count]] = database.execute("SELECT COUNT(*) FROM journal_outgoing WHERE state = 'unknown'")
    return int(count)


async def test_an_approved_answer_of_the_staff_is_told_to_who_waited(at: Office) -> None:
    question = "呱呱机怎么保养才能多用几年不会坏"
    aunt = at.person()
    await _wished(at, aunt, question)
    put_faq(_database(at), Faq("desk-test", question, "先铲掉起皮的地方。"))
    await at.until(lambda: TOLD in aunt.text())


# ---- a certificate that was named


def _certified(at: Office) -> tuple[str, str]:
    """Return a product with one certificate in force, and its number."""
    assert at.parts is not None
    catalogue = at.parts.catalogue
    for number, sku in _numbers(at):
        evidence = [one for one in catalogue.certificates_of(sku) if in_force(one, BY_DAY.date())]
        if [one.number for one in evidence] == [number]:
            return sku, number
    raise LookupError


def _numbers(at: Office) -> list[tuple[str, str]]:
    with _database(at).reading() as connection:
        rows = connection.execute(tables.certificates.select().where(tables.certificates.c.status == "valid")).all()
    return [(row.number, sku) for row in rows for sku in row.skus or ()]


def _decide(at: Office, number: str, status: str) -> None:
    """Let the body that issued a certificate suspend or revoke it."""
    with _database(at).writing() as connection:
        mine = tables.certificates.c.number == number
        connection.execute(update(tables.certificates).where(mine).values(status=status))
        connection.execute(
            update(tables.catalogue).values(
                revision=tables.catalogue.c.revision + 1, bulk_revision=tables.catalogue.c.revision + 1
            )
        )


async def _heard(at: Office, person: Conversation, number: str) -> None:
    await person.send_text(f"{number}有效吗")
    await at.settled()


@pytest.mark.parametrize(("status", "said"), [("revoked", "后来被撤销了"), ("suspended", "现在被暂停了")])
async def test_who_was_told_of_a_certificate_and_agreed_hears_once_that_it_was_withdrawn(
    at: Office, status: str, said: str
) -> None:
    _, number = _certified(at)
    aunt, uncle = at.person("王婶"), at.person("李叔")
    for person in (aunt, uncle):
        await _heard(at, person, number)
    await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "撤证告诉我"))
    await at.settled()
    await _looked_again(at)
    assert said not in aunt.text()
    _decide(at, number, status)
    await at.until(lambda: said in aunt.text())
    _decide(at, number, "suspended" if status == "revoked" else "revoked")
    await _looked_again(at)
    assert aunt.text().count("更正：") == 1 and number in aunt.text()
    assert "更正" not in uncle.text()


async def test_once_agreed_every_later_answer_counts_and_taking_it_back_ends_it(at: Office) -> None:
    _sku, number = _certified(at)
    aunt = at.person()
    others = [one for one, _ in _numbers(at) if one != number]
    await _heard(at, aunt, others[0])
    await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "撤证告诉我"))
    await at.settled()
    await _heard(at, aunt, number)
    with at.service.journal.reading(0) as books:
        assert number in {one.certificate for one in desk_telling.given_of(books, aunt.user.user_id)}
    _decide(at, number, "revoked")
    await at.until(lambda: "更正" in aunt.text())
    correction = next(message for message in aunt.bot_messages() if "更正" in message.text)
    await aunt.wait_for_answer(await aunt.press(correction, "以后不用告诉我"))
    await at.settled()
    _decide(at, others[0], "revoked")
    await _looked_again(at)
    assert aunt.text().count("更正") == 1
    with at.service.journal.reading(0) as books:
        assert desk_telling.given_of(books, aunt.user.user_id) == []


async def test_a_certificate_that_ran_out_as_we_had_said_needs_no_correction(at: Office) -> None:
    _, number = _certified(at)
    aunt = at.person()
    await _heard(at, aunt, number)
    await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "撤证告诉我"))
    await at.settled()
    assert at.parts is not None
    one = at.parts.catalogue.certificate(number)
    assert one is not None
    ends = replace(one).expires_on
    at.pass_time(((ends - BY_DAY.date()).days + 2) * 86_400.0)
    await _looked_again(at)
    assert "更正" not in aunt.text()
