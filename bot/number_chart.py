"""A chart of counts by day, as a picture for the chat: two columns for each day, how many came and how many of them asked."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.share_card import WIDTH
from bot.typeface import font_of

_HEIGHT, _TOP, _BELOW, _SIDE = 760, 210, 120, 50
_GREEN, _AMBER, _INK, _GREY = "#1f7a4d", "#d08a1c", "#1b1f1d", "#5b635f"
_COLOURS = (_GREEN, _AMBER)
_KEY = 34  # pixels: text and square of the key above the columns


@dataclass(frozen=True, slots=True)
class Day:
    """A day: what stands below it, below that (a month where one begins, else nothing), and how many of each kind."""

    label: str
    below: str
    counts: tuple[int, int]


def chart(title: str, kinds: tuple[str, str], days: Sequence[Day]) -> bytes:
    """Draw the columns of each day with their counts above; `kinds`: what is counted. Return a JPEG."""
    image = Image.new("RGB", (WIDTH, _HEIGHT), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.text((_SIDE, 40), title, font=font_of(46), fill=_INK)
    left = _SIDE
    for kind, colour in zip(kinds, _COLOURS, strict=True):
        draw.rectangle((left, 124, left + _KEY, 124 + _KEY), fill=colour)
        draw.text((left + _KEY + 14, 120), kind, font=font_of(_KEY), fill=_INK)
        left += _KEY * 3 + int(font_of(_KEY).getlength(kind))
    highest, step = max((max(day.counts) for day in days), default=0) or 1, (WIDTH - 2 * _SIDE) / max(len(days), 1)
    floor = _HEIGHT - _BELOW
    draw.line((_SIDE, floor, WIDTH - _SIDE, floor), fill=_GREY, width=2)
    for number, day in enumerate(days):
        start, middle = _SIDE + number * step, _SIDE + (number + 0.5) * step
        for place, (count, colour) in enumerate(zip(day.counts, _COLOURS, strict=True)):
            _column(draw, start + step * (0.12 + 0.39 * place), step * 0.36, floor, count / highest, count, colour)
        draw.text((middle, floor + 44), day.label, font=font_of(32), fill=_INK, anchor="ms")
        draw.text((middle, floor + 90), day.below, font=font_of(28), fill=_GREY, anchor="ms")
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()


def _column(
    draw: ImageDraw.ImageDraw, left: float, wide: float, floor: int, part: float, count: int, colour: str
) -> None:
    """Draw one column, `part` of the full height; nothing where nothing was counted."""
    if not count:
        return
    top = floor - (floor - _TOP - 40) * part
    draw.rectangle((left, top, left + wide, floor), fill=colour)
    size = 30 if count < 100 else 22
    draw.text((left + wide / 2, top - 6), str(count), font=font_of(size), fill=_INK, anchor="ms")
