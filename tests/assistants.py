"""The assistant over the demonstration catalogue of a fixed day, made once for a test session."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from bot.bootstrap import ZONE, Parts, build, load_demonstration
from bot.settings import load_settings

DAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)


@cache
def demonstration() -> Parts:
    """Return the parts over the demonstration catalogue, made for 2026-11-22."""
    folder = Path(mkdtemp(prefix="lvxuan-test-"))
    url = f"sqlite:///{folder / 'catalogue.db'}"
    load_demonstration(url, DAY)
    return build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), DAY)
