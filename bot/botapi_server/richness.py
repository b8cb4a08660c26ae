"""What a rich message shows, as lines of text: for transcripts, and for whoever looks for words in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def rich_lines(rich: Json) -> list[str]:
    """Write what a rich message shows as lines; the cells of a row stand between bars."""
    return [line for block in rich["blocks"] for line in block_lines(block)]


def block_lines(block: Json) -> Iterator[str]:
    """Write one block as lines."""
    kind = block["type"]
    if kind == "divider":
        yield "———"
    elif kind == "table":
        yield from _table_lines(block)
    elif kind == "list":
        yield from _list_lines(block)
    else:
        for name in ("summary", "text"):
            if name in block:
                yield from rich_text(block[name]).split("\n")
        for inner in block.get("blocks", []):
            yield from block_lines(inner)


def _table_lines(block: Json) -> Iterator[str]:
    if block.get("caption"):
        yield rich_text(block["caption"])
    for row in block["cells"]:
        yield "| " + " | ".join(rich_text(cell.get("text", "")).replace("\n", " / ") for cell in row) + " |"


def _list_lines(block: Json) -> Iterator[str]:
    for item in block["items"]:
        mark = f"{item['value']}. " if "value" in item else "· "
        for number, line in enumerate(line for inner in item["blocks"] for line in block_lines(inner)):
            yield ("  " if number else mark) + line


def rich_text(text: Any) -> str:
    """Return a RichText without its styles."""
    if isinstance(text, list):
        return "".join(map(rich_text, text))
    if isinstance(text, dict):
        return rich_text(text.get("text", text.get("alternative_text", "")))
    return str(text)
