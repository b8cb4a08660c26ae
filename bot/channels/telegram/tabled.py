"""Pages with tables as Telegram's rich messages (Bot API 10.1 and later): the same words, the tables as tables.

A page stays what it is, text that every server takes; what is made here goes beside it (`rich_message` among the parameters), and the
sender decides which of them it uses (`abilities`).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bot.channels.telegram.rich import Rich, Run, Tabled, plain

COLUMNS = 20  # of a table; "Rich Message Limits"
BLOCKS = 400  # with the rows of tables; 500 are allowed

Json = dict[str, Any]


def rich_message(page: Rich) -> Json | None:
    """Return a page as blocks; None when there is no table in it, or one that is not whole or too large."""
    if not any(run.table for run in page):
        return None
    blocks: list[Json] = []
    tables = 0
    for table, group in groupby(page, lambda run: run.table):
        runs = tuple(group)
        if table is None:
            blocks += _paragraphs(runs)
        elif plain(runs).strip("\n") != table.text.strip("\n") or max(map(len, table.rows)) > COLUMNS:
            return None
        else:
            tables += len(table.rows)
            blocks.append(_table(table))
    return {"blocks": blocks} if len(blocks) + tables <= BLOCKS else None


def _table(table: Tabled) -> Json:
    head, *rows = table.rows
    cells = [[_cell(text, head=True) for text in head]]
    cells += [[_cell(text, head=not at) for at, text in enumerate(row)] for row in rows]
    return {"type": "table", "cells": cells, "is_bordered": True, "is_striped": True, "is_compact": True}


def _cell(text: str, *, head: bool) -> Json:
    cell: Json = {"align": "left", "valign": "top"}
    if text:
        cell["text"] = text
    return cell | ({"is_header": True} if head else {})


def _paragraphs(runs: Rich) -> Iterator[Json]:
    """Yield the paragraphs of text: what a blank line parts, and small print as a quotation."""
    for quoted, group in groupby(runs, lambda run: run.style == "blockquote"):
        for paragraph in _parted(tuple(group)):
            text: Json = {"type": "paragraph", "text": [_styled(run) for run in paragraph]}
            yield {"type": "blockquote", "blocks": [text]} if quoted else text


def _parted(runs: Rich) -> Iterator[Rich]:
    paragraph: list[Run] = []
    for run in runs:
        first, *further = run.text.split("\n\n")
        paragraph.append(Run(first, run.style, run.url))
        for text in further:
            yield from _stripped(paragraph)
            paragraph = [Run(text, run.style, run.url)]
    yield from _stripped(paragraph)


def _stripped(paragraph: list[Run]) -> Iterator[Rich]:
    """Yield a paragraph without line breaks at its ends; nothing when there is nothing in it."""
    whole = plain(tuple(paragraph))
    if not whole.strip():
        return
    drop, most = len(whole) - len(whole.lstrip("\n")), len(whole.rstrip("\n"))
    kept: list[Run] = []
    at = 0
    for run in paragraph:
        text = run.text[max(0, drop - at) : max(0, most - at)]
        at += len(run.text)
        if text:
            kept.append(Run(text, run.style, run.url))
    yield tuple(kept)


def _styled(run: Run) -> Any:
    text: Any = run.text
    if run.style in ("b", "code"):
        text = {"type": "bold" if run.style == "b" else "code", "text": text}
    return {"type": "url", "text": text, "url": run.url} if run.url else text
