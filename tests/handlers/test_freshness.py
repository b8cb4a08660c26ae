"""An assistant that goes on running answers from what was imported meanwhile."""

from __future__ import annotations

import csv
import time
from datetime import datetime
from pathlib import Path

from bot.bootstrap import ZONE, build, load_demonstration
from bot.importing import run_export, run_import
from bot.settings import load_settings
from catalog_db.catalog import REFRESH_SECONDS
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import DAY

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)


def test_what_is_imported_is_found_by_a_running_assistant(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    load_demonstration(url, DAY)
    settings = load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path)
    assistant = build(settings, DAY).assistant
    question = Question("NEW0001多少钱", NOW)
    assert not assistant.respond(question, Session())[0].products
    source = tmp_path / "more"
    assert run_export(source, url) == 0
    with (source / "products.csv").open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file))
    with (source / "products.csv").open("a", encoding="utf-8", newline="") as file:
        new = {"sku": "NEW0001", "title": "新来的坐便器 白色", "category": "toilet", "price": "688"}
        csv.DictWriter(file, header).writerow(new)
    assert run_import(source, url, DAY, dry_run=False) == 0
    time.sleep(REFRESH_SECONDS)
    assert assistant.respond(question, Session())[0].products == ("NEW0001",)
