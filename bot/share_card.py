"""The share card: a picture 1080 pixels wide that a phone shows without zooming, with a QR code that survives being sent on."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import segno
from PIL import Image, ImageDraw

from bot.shared import Shared
from bot.typeface import drawable, font_of

WIDTH = 1080
MOST_BYTES = 300_000
MOST_ENTRIES = 6  # a picture is not scrolled through: the rest is behind the code

_MARGIN = 56
_QR = 336
_GREEN, _INK, _GREY, _RED, _PAPER, _LINE = "#1f7a4d", "#1b1f1d", "#5b635f", "#b3261e", "#ffffff", "#dfe5e1"
_QUALITIES = (72, 60, 48, 36)
_NEVER_FIRST = frozenset("，。；：、！？）】》”’,.;:!?)%元")
_ORPHAN = 2  # characters: fewer on the last line look like a mistake
_SHORT = 3  # characters of a word that goes to the next line whole
_TIGHTER = (0.92, 0.84)  # of the width, tried against an orphan
# What stays whole on its line: a date, a word or a figure (18L, DEMO-GBM-25-0001); else each character by itself.
_TOKEN = re.compile(r"\d{1,4}年\d{1,2}月\d{1,2}日|[!-~]+|.")


@dataclass(frozen=True, slots=True)
class _Style:
    size: int
    color: str
    bold: bool = False
    gap: int = 12  # below the line, pixels


_TITLE = _Style(54, _PAPER, bold=True)
_SUB = _Style(34, "#d5efe1")
_NAME = _Style(42, _INK, bold=True, gap=14)
_FACT = _Style(37, _GREY, gap=13)
_HOLDS = _Style(37, _GREEN, bold=True, gap=13)
_WARN = _Style(37, _RED, bold=True, gap=13)
_CODE = _Style(72, _INK, bold=True, gap=24)
_SMALL = _Style(33, _GREY)
_BETWEEN = _Style(14, _GREY)  # entries


def card(shared: Shared, more: str = "", brand: str = "") -> bytes:
    """Draw a card; return a JPEG of less than MOST_BYTES. `more`: what is said when entries are left out."""
    rows = list(_rows(shared, more))
    head = [(line, style) for style, text in ((_SUB, brand), (_TITLE, shared.head)) for line in wrap(text, style)]
    head_height = _MARGIN + sum(_height(style) for _, style in head) + 24
    foot_width = WIDTH - 3 * _MARGIN - _QR
    foot = [(line, style) for style, text in _foot(shared) for line in wrap(text, style, foot_width)]
    foot_height = max(_QR, sum(_height(style) for _, style in foot)) + 2 * _MARGIN
    height = head_height + _MARGIN + sum(_height(style) for _, style in rows) + foot_height
    image = Image.new("RGB", (WIDTH, height), _PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, WIDTH, head_height), fill=_GREEN)
    _write(draw, head, _MARGIN, _MARGIN - 16)
    below = _write(draw, rows, _MARGIN, head_height + _MARGIN - 12)
    draw.line((_MARGIN, below + 12, WIDTH - _MARGIN, below + 12), fill=_LINE, width=3)
    _write(draw, foot, _MARGIN, below + _MARGIN)
    if shared.link:
        image.paste(qr(shared.link), (WIDTH - _MARGIN - _QR, below + _MARGIN))
    return _jpeg(image)


def qr(link: str, size: int = _QR) -> Image.Image:
    """Draw a QR code with its quiet zone, `size` pixels wide: modules of whole pixels, medium correction."""
    code = segno.make(
        link, error="m", micro=False, mask=3
    )  # choosing the best of eight masks costs more than drawing the text
    modules = code.symbol_size(border=3)[0]
    scale = max(1, size // modules)
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=scale, border=3)
    image = Image.open(drawn).convert("RGB")
    canvas = Image.new("RGB", (size, size), _PAPER)
    canvas.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return canvas


def _rows(shared: Shared, more: str) -> Iterator[tuple[str, _Style]]:
    for text in shared.changed[:MOST_ENTRIES]:
        yield from ((line, _WARN) for line in wrap(text, _WARN))
    for title, entry in zip(shared.titles, shared.entries[:MOST_ENTRIES], strict=False):
        yield from ((line, _NAME) for line in wrap(title, _NAME))
        for place, text in enumerate(entry.lines):
            style = _HOLDS if place == 0 and entry.holds else _FACT
            yield from ((line, style) for line in wrap(text, style))
        yield "", _BETWEEN
    if len(shared.entries) > MOST_ENTRIES and more:
        yield from ((line, _FACT) for line in wrap(more, _FACT))
    for text in shared.totals:
        yield from ((line, _NAME) for line in wrap(text, _NAME))


def _foot(shared: Shared) -> Iterator[tuple[_Style, str]]:
    if shared.code:
        yield _CODE, shared.code
    yield _SMALL, shared.code_line
    yield _SMALL, shared.check
    if shared.disclosure:
        yield _SMALL, shared.disclosure


def wrap(text: str, style: _Style, width: int = WIDTH - 2 * _MARGIN) -> list[str]:
    """Break a text into lines that fit and that the font can draw; dates, words and figures stay whole, no line begins with a comma."""
    tokens = _TOKEN.findall(drawable(text.replace("\n", " ")))
    lines = _broken(tokens, style, width)
    if len(lines) > 1 and len(lines[-1]) <= _ORPHAN:
        tighter = (_broken(tokens, style, int(width * part)) for part in _TIGHTER)
        lines = next((tried for tried in tighter if len(tried) == len(lines) and len(tried[-1]) > _ORPHAN), lines)
    return lines


def _broken(tokens: Sequence[str], style: _Style, width: int) -> list[str]:
    lines, line, used = [], "", 0.0
    for token in tokens:
        wide = _width(style.size, token)
        if line and used + wide > width and token not in _NEVER_FIRST:
            kept, tail = _parted(line)
            lines.append(kept)
            line = tail + token if tail else token.lstrip()
            used = sum(_width(style.size, one) for one in _TOKEN.findall(line))
        else:
            line, used = line + token, used + wide
    return [*lines, line.rstrip()] if line.strip() else lines


def _parted(line: str) -> tuple[str, str]:
    """Return what of a full line stays and what goes to the next one: a short word behind a space is not torn (无可|视频闪)."""
    kept, _, tail = line.rstrip().rpartition(" ")
    return (kept.rstrip(), tail) if kept and not line.endswith(" ") and len(tail) <= _SHORT else (line.rstrip(), "")


def _width(size: int, token: str) -> float:
    """Return how wide a token is drawn. Nearly all are single Chinese characters: square."""
    return size if len(token) == 1 and ord(token) > 0x2E80 else font_of(size).getlength(token)


def _height(style: _Style) -> int:
    return style.size + style.gap


def _write(draw: ImageDraw.ImageDraw, rows: Sequence[tuple[str, _Style]], left: int, top: int) -> int:
    for text, style in rows:
        width: Literal[0, 1] = 1 if style.bold else 0
        draw.text(
            (left, top), text, font=font_of(style.size), fill=style.color, stroke_width=width, stroke_fill=style.color
        )
        top += _height(style)
    return top


def _jpeg(image: Image.Image) -> bytes:
    content = b""
    for quality in _QUALITIES:
        drawn = io.BytesIO()
        image.save(drawn, "JPEG", quality=quality)
        content = drawn.getvalue()
        if len(content) < MOST_BYTES:
            break
    return content
