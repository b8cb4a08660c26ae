"""Rich messages: blocks of paragraphs, lists, quotations and tables, checked against the official limits.

The limits are those of "Rich Message Limits" (core.telegram.org/bots/api#rich-message-formatting-options).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.botapi_server.call import Call
from bot.botapi_server.errors import NotSimulatedError, bad_request
from bot.botapi_server.limits import utf16_length
from bot.botapi_server.richness import block_lines
from bot.botapi_server.state import Json

MOST_CHARACTERS = 32768
MOST_BLOCKS = 500
MOST_DEPTH = 16
MOST_COLUMNS = 20
_SIMULATED = frozenset({
    "paragraph", "heading", "preformatted", "footer", "divider", "list", "blockquote", "expandable_blockquote", "table",
    "details",
})  # fmt: skip
_ALIGNMENTS = {"align": frozenset({"left", "center", "right"}), "valign": frozenset({"top", "middle", "bottom"})}


def rich_content(call: Call, source: Json, *, draft: bool = False) -> Json:
    """Build the content of a rich message. Only `blocks` is simulated, without media and buttons in them."""
    given: Json = source["rich_message"]
    if sum(name in given for name in ("blocks", "html", "markdown")) != 1:
        call.violate("rich_message", "has not exactly one of blocks, html and markdown")
        raise bad_request("exactly one of the fields must be specified")
    if "blocks" not in given:
        raise _not_simulated(call, "html" if "html" in given else "markdown")
    _check(call, given["blocks"], draft=draft)
    content: Json = {"blocks": given["blocks"]}
    if given.get("is_rtl"):
        content["is_rtl"] = True
    return {"rich_message": content}


def _check(call: Call, blocks: list[Json], *, draft: bool) -> None:
    for block in _all_blocks(blocks):
        kind = block.get("type")
        if kind == "thinking" and draft:
            continue
        if kind not in _SIMULATED:
            raise _not_simulated(call, str(kind))
        if kind == "table":
            _check_table(call, block)
    lines = [line for block in blocks for line in block_lines(block)]
    counted = {
        "characters": (sum(map(utf16_length, lines)), MOST_CHARACTERS),
        "blocks": (sum(map(_weight, _all_blocks(blocks))), MOST_BLOCKS),
        "levels": (max(map(_depth, blocks), default=0), MOST_DEPTH),
    }
    for what, (count, most) in counted.items():
        if count > most:
            call.violate("rich_message.blocks", f"has {count} {what}, allowed are {most}")
            raise bad_request("RICH_MESSAGE_TOO_LONG")
    if not any(line.strip(" |") for line in lines):
        call.violate("rich_message.blocks", "is empty")
        raise bad_request("message text is empty")


def _check_table(call: Call, table: Json) -> None:
    width = max((sum(cell.get("colspan", 1) for cell in row) for row in table["cells"]), default=0)
    if not 0 < width <= MOST_COLUMNS:
        call.violate("rich_message.blocks", f"has a table of {width} columns, allowed are 1 to {MOST_COLUMNS}")
        raise bad_request("RICH_MESSAGE_TABLE_INVALID")
    for row in table["cells"]:
        for cell in row:
            for name, allowed in _ALIGNMENTS.items():
                if cell[name] not in allowed:
                    call.violate("rich_message.blocks", f"{name} {cell[name]} is unknown")
                    raise bad_request("RICH_MESSAGE_TABLE_INVALID")


def _not_simulated(call: Call, what: str) -> NotSimulatedError:
    call.account.hub.not_simulated.append(f"{call.method} rich_message {what}")
    return NotSimulatedError(f"{call.method} with {what}")


def _all_blocks(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _all_blocks(_within(block))


def _within(block: Json) -> list[Json]:
    """Return the blocks inside a block."""
    return [*block.get("blocks", []), *(inner for item in block.get("items", []) for inner in item["blocks"])]


def _weight(block: Json) -> int:
    """Count a block with the rows of a table and the items of a list."""
    return 1 + len(block.get("cells", [])) + len(block.get("items", []))


def _depth(value: Any) -> int:
    if isinstance(value, list):
        return max(map(_depth, value), default=0)
    if not isinstance(value, dict):
        return 0
    return 1 + max((_depth(value.get(name)) for name in ("blocks", "items", "text")), default=0)
