"""Spans of time that people name: 今晚, 明天, 周末, 下周 … Weeks run Monday to Sunday; 今晚 is 18:00–24:00."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime, timedelta

EVENING_HOUR = 18


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` to before `end`; `name` is the cue it was named by."""

    name: str
    start: datetime
    end: datetime

    def touches(self, starts_at: datetime | None, ends_at: datetime | None) -> bool:
        """Tell whether something running from … to … (None: open) is on in the window; touching counts."""
        return (starts_at is None or starts_at <= self.end) and (ends_at is None or ends_at >= self.start)


def window_of(cues: Set[str], now: datetime) -> Window | None:
    """Return the window named by the cues (`when.tonight`, `when.weekend` …), the narrowest first; None: none was named."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - timedelta(days=today.weekday())
    day, week = timedelta(days=1), timedelta(days=7)
    spans = {
        "when.tonight": (today + timedelta(hours=EVENING_HOUR), today + day),
        "when.now": (now, now),
        "when.today": (today, today + day),
        "when.tomorrow": (today + day, today + 2 * day),
        "when.day_after": (today + 2 * day, today + 3 * day),
        "when.next_weekend": (monday + week + 5 * day, monday + 2 * week),
        "when.weekend": (monday + 5 * day, monday + week),
        "when.next_week": (monday + week, monday + 2 * week),
        "when.this_week": (monday, monday + week),
        "when.next_month": _month(today, 1),
        "when.this_month": _month(today, 0),
    }
    instant = timedelta(microseconds=1)
    for name, (start, end) in spans.items():
        if name in cues:
            return Window(name, start, end if end == start else end - instant)
    return None


def _month(today: datetime, ahead: int) -> tuple[datetime, datetime]:
    first = today.replace(day=1)
    for _ in range(ahead):
        first = (first + timedelta(days=32)).replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1)
