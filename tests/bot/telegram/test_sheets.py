"""A catalogue file from an operator: tried, shown, taken over by a tap; from anybody else it is a file like others."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import build
from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.botapi_server.files import keep_file, media_body
from bot.channels.telegram.fetching import READERS
from bot.channels.telegram.service import Service
from bot.channels.telegram.sheets import sheet_reader
from bot.settings import load_settings
from bot.telegram_command import maker
from catalog_db.demonstration.making import make
from tests.assistants import DAY
from tests.bot.telegram.channel import configuration

SHEET = "application/zip"


def catalogue(folder: Path, *, without: str = "") -> bytes:
    """The demonstration catalogue as a zip, some of it left out."""
    make(folder / "made", DAY)
    products = folder / "made" / "products.csv"
    lines = products.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    products.write_text("".join(line for line in lines if not without or without not in line), encoding="utf-8")
    return Path(shutil.make_archive(str(folder / "catalogue"), "zip", folder / "made")).read_bytes()


def workbook(folder: Path, *, without: str) -> bytes:
    """The same as a workbook: a sheet for each table."""
    import csv

    import xlsxwriter

    catalogue(folder, without=without)
    file = folder / "catalogue.xlsx"
    with xlsxwriter.Workbook(str(file), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        for table in sorted((folder / "made").glob("*.csv")):
            sheet = book.add_worksheet(table.stem)
            with table.open(encoding="utf-8-sig", newline="") as lines:
                for number, row in enumerate(csv.reader(lines)):
                    sheet.write_row(number, 0, row)
    return file.read_bytes()


async def send(server: BotApiServer, talk: Conversation, name: str, content: bytes) -> None:
    stored = keep_file(server.bot, "document", name, SHEET, content)
    await talk.send({"document": media_body("document", stored, {})})


async def said(talk: Conversation, words: str) -> str:
    """Wait for the message with these words."""
    await talk.wait_until(lambda: words in talk.text(), what=words, within=60.0)
    return next(message.text for message in reversed(talk.bot_messages()) if words in message.text)


async def _until(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        await asyncio.sleep(0.1)
    pytest.fail("not taken over")


@pytest.mark.parametrize(
    ("operator", "name", "made"),
    [(True, "目录.zip", catalogue), (True, "目录.xlsx", workbook), (False, "目录.zip", catalogue)],
)
async def test_an_operator_tries_and_takes_over_and_nobody_else(
    tmp_path: Path, operator: bool, name: str, made: Any
) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    parts = build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path), DAY)
    before = parts.catalogue.product("YS130104")
    assert before is not None and before.shown
    async with BotApiServer() as server:
        aunt = server.private(server.user("管理员"))
        readers = {**READERS, "sheet": sheet_reader(url, parts.wording, lambda: DAY)}
        config = replace(configuration(server, f"sqlite:///{tmp_path / 'journal.db'}", tmp_path), readers=readers)
        service = Service(config, server.hub.clock)
        await service.start(maker(parts, operators=frozenset({aunt.user.user_id} if operator else ())))
        try:
            await send(server, aunt, name, made(tmp_path, without="YS130104"))
            if not operator:
                await aunt.wait_for_replies(1)
                assert "导" not in aunt.text()
                return
            await said(aunt, "要照这个导进去吗")
            assert parts.catalogue.product("YS130104").shown, "only tried"
            button = next(m for m in aunt.bot_messages() if "要照这个" in m.text)
            await aunt.wait_for_answer(await aunt.press(button, "导入"))
            await aunt.wait_for_answer(await aunt.press(button, "导入"))
            await said(aunt, "导进去了")
            assert aunt.text().count("正在导入") == 1
            # The service takes it over by itself, within seconds and beside its work.
            await _until(lambda: not parts.catalogue.product("YS130104").shown)
            await send(server, aunt, "products.csv", b"sku,title\n1,x\n")
            assert "导不了" in await said(aunt, "导不了")
            await send(server, aunt, "坏.xlsx", b"PK\x03\x04 broken")
            await aunt.wait_until(lambda: aunt.text().count("导不了") == 2, what="the refusal of a broken file")
        finally:
            await service.close()
        assert server.violations == []
