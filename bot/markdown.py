"""Read the little Markdown of guides and stored answers into blocks that every channel can render safely.

Known: headings, paragraphs, bulleted and numbered lists, tables, quotes, **bold**, `code`, [links](https://…). HTML, images and
anything else stay what they are: text. Nothing is escaped here; each renderer escapes what it prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one style; `url` is http(s) only."""

    text: str
    bold: bool = False
    url: str | None = None


Line = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, `level` from 1."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines that belong together."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; `first` is the number of the first item, None for a bulleted list."""

    items: tuple[Line, ...]
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its head and its rows, each as wide as the head."""

    head: tuple[Line, ...]
    rows: tuple[tuple[Line, ...], ...]


Part = Heading | Paragraph | Items | Grid

_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_BULLET = re.compile(r"^\s*[-*+•]\s+(.*)$")
_NUMBERED = re.compile(r"^\s*(\d{1,3})[.、)]\s+(.*)$")
_RULER = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_QUOTE = re.compile(r"^\s*>\s?")
_BREAK = re.compile(r"^\s*([-*_]\s*){3,}$|^\s*```")
_INLINE = re.compile(
    r"\*\*(?P<bold>[^*]+)\*\*|__(?P<under>[^_]+)__|`(?P<code>[^`]+)`"
    r"|!?\[(?P<label>[^\]\[]*)\]\((?P<url>[^\s()]+)\)"
)
_WEB = re.compile(r"^https?://[^\s<>\"']+$", re.IGNORECASE)


def read_line(text: str) -> Line:
    """Read the inline marks of one line. A ** without its partner is dropped."""
    runs: list[Run] = []
    at = 0
    for match in _INLINE.finditer(text):
        runs += [Run(text[at : match.start()].replace("**", "")), _styled(match)]
        at = match.end()
    runs.append(Run(text[at:].replace("**", "")))
    return tuple(run for run in runs if run.text)


def _styled(match: re.Match[str]) -> Run:
    if match["url"] is not None:
        url = match["url"] if _WEB.match(match["url"]) and not match[0].startswith("!") else None
        return Run(match["label"], url=url)
    bold = match["bold"] or match["under"]
    return Run(bold, bold=True) if bold else Run(match["code"])


def read_markdown(source: str) -> tuple[Part, ...]:
    """Read a text into parts, in order. Never fails: what is not known Markdown is a paragraph."""
    lines = [_QUOTE.sub("", line) for line in source.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    return tuple(_parts(lines))


def _parts(lines: list[str]) -> Iterator[Part]:
    at = 0
    while at < len(lines):
        line = lines[at]
        if not line.strip() or _BREAK.match(line):
            at += 1
        elif heading := _HEADING.match(line):
            yield Heading(len(heading[1]), read_line(heading[2]))
            at += 1
        else:
            end = _end(lines, at)
            yield _block(lines[at:end])
            at = end


def _kind(line: str) -> str:
    """Name what a line belongs to; lines of one kind that follow one another are one block."""
    if not line.strip() or _HEADING.match(line) or _BREAK.match(line):
        return "end"
    if _BULLET.match(line):
        return "bullet"
    if _NUMBERED.match(line):
        return "numbered"
    return "table" if line.lstrip().startswith("|") else "text"


def _end(lines: list[str], start: int) -> int:
    kind = _kind(lines[start])
    end = start + 1
    while end < len(lines):
        following = _kind(lines[end])
        goes_on = kind in ("bullet", "numbered") and following == "text" and lines[end][:1].isspace()
        if following != kind and not goes_on:
            break
        end += 1
    return end


def _block(lines: list[str]) -> Part:
    kind = _kind(lines[0])
    if kind == "bullet":
        return Items(tuple(read_line(text) for text in _items(lines, _BULLET, 1)))
    if kind == "numbered":
        first = _NUMBERED.match(lines[0])
        return Items(tuple(read_line(text) for text in _items(lines, _NUMBERED, 2)), int(first[1]) if first else 1)
    if kind == "table" and len(lines) > 1 and _RULER.match(lines[1]):
        head = _cells(lines[0])
        rows = (_cells(line) for line in lines[2:])
        return Grid(head, tuple((row + ((),) * len(head))[: len(head)] for row in rows))
    return Paragraph(tuple(read_line(line.strip()) for line in lines))


def _items(lines: list[str], mark: re.Pattern[str], group: int) -> list[str]:
    items: list[str] = []
    for line in lines:
        match = mark.match(line)
        if match:
            items.append(match[group].strip())
        else:
            items[-1] += line.strip()
    return items


def _cells(line: str) -> tuple[Line, ...]:
    inner = line.strip().removeprefix("|").removesuffix("|")
    return tuple(read_line(cell.strip()) for cell in inner.split("|"))
