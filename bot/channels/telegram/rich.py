"""Text with styles, kept apart from its HTML: it is measured, joined and cut as text, and written as HTML last.

So nothing is ever cut inside a tag, whatever is in the text is escaped, and lengths are counted as Telegram counts them:
after parsing, in UTF-16 units.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from bot.plain import utf16_length

Style = Literal["", "b", "code", "blockquote"]

# Signs that turn the direction of what follows, and could make a number or a name read as another.
_TURNING = dict.fromkeys(map(ord, "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_UNSAID = frozenset({"Cc", "Cs", "Co", "Cn"})
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tabled:
    """The cells of a table, the first row its head, and the text that says the same where no table can be shown."""

    rows: tuple[tuple[str, ...], ...]
    text: str


class Run(NamedTuple):
    """A stretch of one style. `table`: what all the stretches of one table have in common."""

    text: str
    style: Style = ""
    url: str | None = None
    table: Tabled | None = None


Rich = tuple[Run, ...]


def clean(text: str) -> str:
    """Return text that Telegram takes as it is: no control characters but line breaks, no halves of characters."""
    if text.replace("\n", "").isprintable():  # nearly always, and then nothing below finds anything
        return text
    shown = text.replace("\r\n", "\n").replace("\u2028", "\n").replace("\u2029", "\n").translate(_TURNING)
    return "".join(char if char == "\n" or unicodedata.category(char) not in _UNSAID else " " for char in shown)


def line(text: str) -> str:
    """Return text for one line."""
    return " ".join(clean(text).split())


def rich(text: str, style: Style = "", url: str | None = None) -> Rich:
    """Make rich text of plain text; `url` is http(s) or nothing."""
    return (Run(clean(text), style, url if url and _URL.fullmatch(url) else None),) if text else ()


def is_blank(text: Rich) -> bool:
    """Tell whether there is nothing to be seen."""
    return all(not run.text or run.text.isspace() for run in text)


def join(parts: Iterable[Rich], between: str) -> Rich:
    """Join what is not empty."""
    joined: list[Run] = []
    gap = Run(between)
    for part in parts:
        if not is_blank(part):
            if joined:
                joined.append(gap)
            joined += part
    return tuple(joined)


def units(text: Rich) -> int:
    """Count UTF-16 units."""
    return utf16_length(plain(text))


def entities(text: Rich) -> int:
    """Count the entities that the text will have; addresses in plain text become entities by themselves."""
    found = 0
    for run in text:
        if run.style or run.url:
            found += bool(run.style) + bool(run.url)
        elif "://" in run.text:
            found += len(_URL.findall(run.text))
    return found


def tabled(text: Rich, rows: Iterable[Iterable[str]]) -> Rich:
    """Mark a text as what says the same as a table."""
    table = Tabled(tuple(tuple(map(line, row)) for row in rows), plain(text))
    return tuple(Run(run.text, run.style, run.url, table) for run in text)


def plain(text: Rich) -> str:
    """Return the text alone."""
    return "".join([run.text for run in text])


def without_styles(text: Rich) -> Rich:
    """Return the text without styles; links lose their address."""
    return (Run(plain(text)),) if text else ()


def to_html(text: Rich) -> str:
    """Write Telegram's HTML."""
    return "".join([_html(run) if run.style or run.url else _escaped(run.text) for run in text])


def _html(run: Run) -> str:
    said = _escaped(run.text)
    if run.style:
        said = f"<{run.style}>{said}</{run.style}>"
    return f'<a href="{html.escape(run.url)}">{said}</a>' if run.url else said


def _escaped(text: str) -> str:
    return html.escape(text, quote=False) if "&" in text or "<" in text or ">" in text else text


def cut(text: Rich, room: int) -> tuple[Rich, Rich]:
    """Cut so that the head has at most `room` units: at a line break, else after a sentence, else anywhere."""
    if units(text) <= room:
        return text, ()
    at = _place(plain(text), room)
    head: list[Run] = []
    for index, run in enumerate(text):
        if at < len(run.text):
            tail = (Run(run.text[at:].lstrip("\n"), run.style, run.url), *text[index + 1 :])
            return (*head, Run(run.text[:at], run.style, run.url)), tuple(run for run in tail if run.text)
        head.append(run)
        at -= len(run.text)
    return tuple(head), ()


def _place(text: str, room: int) -> int:
    """Return where to cut: an index into the text, at least 1."""
    left, end = room, len(text)
    for index, char in enumerate(text):
        left -= 2 if char > "\uffff" else 1
        if left < 0:
            end = index
            break
    for mark in ("\n\n", "\n", "。"):
        found = text.rfind(mark, end // 2, end)
        if found > 0:
            return found + (mark == "。")
    return max(end, 1)
