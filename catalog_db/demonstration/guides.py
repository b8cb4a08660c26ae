"""The guides: copied as they are written, with the season in which they are shown put into days."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from catalog_db.demonstration.sources import SOURCES

_SEASON = re.compile(r"^season: (\d\d)-(\d\d)\.\.(\d\d)-(\d\d)$", re.MULTILINE)


def write_guides(folder: Path, today: date) -> None:
    """Write every guide of the sources into the folder."""
    folder.mkdir(exist_ok=True)
    for path in sorted((SOURCES / "guides").glob("*.md")):
        (folder / path.name).write_text(date_season(path.read_text("utf-8"), today), "utf-8", newline="\n")


def date_season(text: str, today: date) -> str:
    """Put `season: 11-01..03-15` into `from` and `until`: the season that is on, else the next one."""

    def days(match: re.Match[str]) -> str:
        month, day, last_month, last_day = map(int, match.groups())
        until = date(today.year, last_month, last_day)
        if until < today:
            until = until.replace(year=today.year + 1)
        begin = date(until.year, month, day)
        if begin > until:
            begin = begin.replace(year=until.year - 1)
        return f"from: {begin}\nuntil: {until}"

    return _SEASON.sub(days, text, count=1)
