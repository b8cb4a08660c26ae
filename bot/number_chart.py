"""A chart of counts by day, as a picture for the chat."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from bot.share_card import WIDTH, font_of

_HEIGHT, _TOP, _BELOW, _SIDE = 620, 130, 80, 50
_GREEN, _INK, _GREY = "#1f7a4d", "#1b1f1d", "#8a938e"


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: what stands below it, and how high it is."""

    label: str
    count: int


def chart(title: str, bars: Sequence[Bar]) -> bytes:
    """Draw a column for each day with its count above it; return a JPEG."""
    image = Image.new("RGB", (WIDTH, _HEIGHT), "#ffffff")
    draw = ImageDraw.Draw(image)
    draw.text((_SIDE, 36), title, font=font_of(44), fill=_INK)
    highest, step = max((bar.count for bar in bars), default=0) or 1, (WIDTH - 2 * _SIDE) / max(len(bars), 1)
    floor = _HEIGHT - _BELOW
    draw.line((_SIDE, floor, WIDTH - _SIDE, floor), fill=_GREY, width=2)
    for number, bar in enumerate(bars):
        left, middle = _SIDE + number * step, _SIDE + (number + 0.5) * step
        top = floor - (floor - _TOP - 40) * bar.count / highest
        if bar.count:
            draw.rectangle((left + step * 0.18, top, left + step * 0.82, floor), fill=_GREEN)
            draw.text((middle, top - 6), str(bar.count), font=font_of(30), fill=_INK, anchor="ms")
        draw.text((middle, floor + 34), bar.label, font=font_of(24), fill=_GREY, anchor="ms")
    drawn = io.BytesIO()
    image.save(drawn, "JPEG", quality=85)
    return drawn.getvalue()
