"""/stats and /csv: what was asked, how soon it was answered, what people said of it. Counts only, no names of people, no words."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

from PIL import Image, ImageDraw, ImageFont

from bot.channels.telegram.desk.parts import Desk
from bot.channels.telegram.uploads import upload
from catalog_db.journal import desk_figures
from catalog_db.journal.books import Books
from catalog_db.journal.desk_figures import Figures
from catalog_db.places import load_places

DAYS = 30
_MISSES, _WORD = 8, 24  # words shown that meant nothing, characters of each
_WIDTH, _HEIGHT, _MARGIN = 900, 420, 40
_LETTERS = 26  # pixels: a phone shows the picture at a third of its width
_INK, _BAR, _LINE = (40, 40, 40), (46, 125, 50), (200, 200, 200)
_COLUMNS = (
    "number", "opened", "reason", "state", "due", "first_answer", "minutes_to_first_answer", "closed", "closed_by", "rating",
    "priority", "tags", "place",
)  # fmt: skip


def figures(parts: Desk, books: Books, days: int) -> Figures:
    """Return the figures of the last days, by local days."""
    offset = parts.moment(books.now).utcoffset() or timedelta(0)
    return desk_figures.figures(books, days, offset.total_seconds())


def worded(parts: Desk, found: Figures, days: int) -> str:
    """Word the figures; solved is only what people said was."""
    lines = [parts.say("desk.stats.head", days=days, opened=found.opened, open=found.open_now)]
    if found.first_answer is not None:
        lines.append(
            parts.say(
                "desk.stats.first", minutes=round(found.first_answer, 1), answered=found.answered, in_time=found.in_time
            )
        )
    lines.append(parts.say("desk.stats.solved", solved=found.solved, unsolved=found.unsolved, unsaid=found.unsaid))
    lines += [
        parts.say("desk.stats.reason", reason=parts.say(f"desk.reason.{reason}"), count=count)
        for reason, count in found.reasons.items()
    ]
    lines += [parts.say("desk.stats.work", name=name, count=count) for name, count in found.workload.items()]
    lines += [parts.say("desk.stats.tag", tag=tag, count=count) for tag, count in found.tags.items()]
    lines += [
        parts.say("desk.stats.judged", name=name, good=good, total=total)
        for name, (good, total) in found.judged.items()
    ]
    places = load_places()
    lines += [
        parts.say("desk.stats.fake", place=places.full_name(place) or place, count=count)
        for place, count in found.fakes.items()
    ]
    lines += [
        parts.say("desk.stats.missed", word=miss.word[:_WORD], count=miss.count)
        for miss in parts.school.misses(days, _MISSES)
    ]
    return "\n".join(lines)


def chart(found: Figures, days: int, now: datetime) -> dict[str, str]:
    """Draw the tickets of each day as bars, with the day of the month under every fifth and the number above."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(_LETTERS)
    today = int((now.timestamp() + (now.utcoffset() or timedelta(0)).total_seconds()) // 86_400)
    numbers = range(today - days + 1, today + 1)
    most = max(1, *found.days.values()) if found.days else 1
    step = (_WIDTH - 2 * _MARGIN) / days
    floor = _HEIGHT - _MARGIN
    draw.line((_MARGIN, floor, _WIDTH - _MARGIN, floor), fill=_LINE, width=2)
    for place, number in enumerate(numbers):
        count = found.days.get(number, 0)
        left = _MARGIN + place * step
        top = floor - (floor - _MARGIN) * count / most
        if count:
            draw.rectangle((left + 2, top, left + step - 2, floor), fill=_BAR)
            draw.text((left + step / 2, top - 4), str(count), fill=_INK, anchor="mb", font=font)
        if place % 5 == 0:
            day = datetime.fromtimestamp(number * 86_400, UTC)
            draw.text((left + step / 2, floor + 6), f"{day.month}/{day.day}", fill=_INK, anchor="mt", font=font)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return upload("stats.png", out.getvalue())


def table(parts: Desk, books: Books, days: int) -> dict[str, str]:
    """Write a line for each ticket: numbers, times and reasons."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in desk_figures.rows(books, days):
        times = [one.opened_at, one.due_at, one.answered_at, one.closed_at]
        opened, due, answered, closed = (parts.moment(at).isoformat(timespec="seconds") if at else "" for at in times)
        minutes = f"{(one.answered_at - one.opened_at) / 60:.1f}" if one.answered_at else ""
        writer.writerow([
            one.id, opened, one.reason, one.state, due, answered, minutes, closed, one.closed_by or "",
            "" if one.rating is None else one.rating, one.priority, one.tags, one.place or "",
        ])  # fmt: skip
    return upload("tickets.csv", ("﻿" + out.getvalue()).encode())
