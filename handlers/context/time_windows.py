"""Spans of time that people name: 今晚, 明天, 周末, 下周三, 28号 … Weeks run Monday to Sunday; 今晚 is 18:00–24:00.

The words are data (`time_words.tsv`): a word and what it names, or a pattern of a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from handlers.understanding.numbers import parse_number
from handlers.understanding.word_tables import WORDS, rows

EVENING_HOUR = 18
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
INSTANT = timedelta(microseconds=1)
PAST = "past"
EVENING = "evening"  # of the day named beside it, else of today


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to `end`, both included; `name` is what named it."""

    name: str
    start: datetime
    end: datetime

    def touches(self, starts_at: datetime | None, ends_at: datetime | None) -> bool:
        """Tell whether something running from … to … (None: open) is on in the window; touching counts."""
        return (starts_at is None or starts_at <= self.end) and (ends_at is None or ends_at >= self.start)

    def a_year_before(self) -> Window:
        """Return the same days a year before: 九月那个活动, asked in November, is over."""
        return Window(self.name, _year_before(self.start), _year_before(self.end))


def _year_before(moment: datetime) -> datetime:
    last = moment.month == 2 and moment.day == 29
    return moment.replace(year=moment.year - 1, day=28 if last else moment.day)


@cache
def _words() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Read the words, the longest first, each as a pattern."""
    table = [(word, name) for word, name, *_ in rows(WORDS / "time_words.tsv")]
    table.sort(key=lambda row: (row[1] in ("date", "month"), -len(row[0])))
    return tuple((re.compile(word), name) for word, name in table)


def _named(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield what a text names, a longer word hiding the shorter ones in it."""
    for pattern, name in _words():
        if match := pattern.search(text):
            yield name, match
            text = text[: match.start()] + " " * len(match[0]) + text[match.end() :]


def names_the_past(text: str) -> bool:
    """Tell whether something over is asked for (上周的, 以前的)."""
    return any(name == PAST for name, _ in _named(text))


def window_of(text: str, now: datetime) -> Window | None:
    """Return the span of time that a text names, None when it names none; 后天晚上 is the evening of that day."""
    named = list(_named(text))
    spans = (_span(name, match, now) for name, match in named if name not in (PAST, EVENING))
    window = next((span for span in spans if span is not None), None)
    if all(name != EVENING for name, _ in named):
        return window
    if window is None:
        return _window("tonight", now)
    evening = window.start.replace(hour=EVENING_HOUR, minute=0, second=0, microsecond=0)
    one_day = window.start < evening and window.end - window.start < DAY
    return Window(window.name, evening, window.end) if one_day else window


def _span(name: str, match: re.Match[str], now: datetime) -> Window | None:
    if name == "month":
        return Window("month", *_calendar_month(_number(match["month"]), now))
    if name == "date":
        day = _dated(match, now)
        return None if day is None else Window("day", day, day + DAY - INSTANT)
    return _window(name, now)


def _dated(match: re.Match[str], now: datetime) -> datetime | None:
    """Return the next such day of the calendar; None for one that does not exist (2月30号)."""
    month = _number(match["month"]) if match["month"] else now.month
    year = now.year + (month < now.month)
    try:
        return now.replace(year=year, month=month, day=_number(match["day"]), hour=0, minute=0, second=0, microsecond=0)
    except ValueError:
        return None


def _number(said: str) -> int:
    """Return a number of a date, in digits or not: 9, 九, 二十八."""
    return int(parse_number(said) or 0)


def _window(name: str, now: datetime) -> Window:
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    kind, _, number = name.partition(" ")
    if kind in ("weekday", "this_weekday", "next_weekday"):
        day = monday + timedelta(days=int(number))
        if kind == "next_weekday" or (kind == "weekday" and day < today):
            day += WEEK
        return Window("day", day, day + DAY - INSTANT)
    if kind == "campaign":
        return Window(kind, *_each_year(number, today))
    spans = {
        "tonight": (today + timedelta(hours=EVENING_HOUR), today + DAY),
        "now": (now, now + INSTANT),
        "today": (today, today + DAY),
        "tomorrow": (today + DAY, today + 2 * DAY),
        "day_after": (today + 2 * DAY, today + 3 * DAY),
        "weekend": (monday + 5 * DAY, monday + WEEK),
        "next_weekend": (monday + WEEK + 5 * DAY, monday + 2 * WEEK),
        "this_week": (monday, monday + WEEK),
        "next_week": (monday + WEEK, monday + 2 * WEEK),
        "this_month": _month(today, 0),
        "next_month": _month(today, 1),
    }
    start, end = spans[name]
    return Window(name, start, end - INSTANT)


def _each_year(days: str, today: datetime) -> tuple[datetime, datetime]:
    """Return the days of something that comes every year, 06-01..06-20: this year's, or the next year's when they are over."""
    first, last = (
        today.replace(month=int(month), day=int(day)) for month, day in (one.split("-") for one in days.split(".."))
    )
    if last < today:
        first, last = first.replace(year=first.year + 1), last.replace(year=last.year + 1)
    return first, last + DAY - INSTANT


def _calendar_month(month: int, now: datetime) -> tuple[datetime, datetime]:
    """Return a month by its number: this year's, or the next year's when it is over."""
    first = now.replace(
        year=now.year + (month < now.month), month=month, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    return first, _month(first, 0)[1] - INSTANT


def _month(today: datetime, ahead: int) -> tuple[datetime, datetime]:
    first = today.replace(day=1)
    for _ in range(ahead):
        first = (first + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
