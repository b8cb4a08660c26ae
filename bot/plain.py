"""Write an answer as plain text, as every channel without layout shows it, and as the JSON of the answer format, version 1.

No Markdown and no HTML: titles and texts of the catalogue are text and nothing else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, assert_never

from bot.markdown import Grid, Heading, Items, Line, Paragraph, Part, read_markdown
from bot.wording import Wording
from handlers.turn import Answer, Block, Card, Entry, Listing, Note, Prose, Say, Table

LIMIT = 4096  # UTF-16 units of one message: Telegram's limit and the answer format's
_NARROW = 34  # columns of a comparison row that still fits a phone

# The fields of an answer that are lists of ids or facts: left out of the JSON when empty.
_LISTS = (
    "relaxed",
    "unknown",
    "guides",
    "faqs",
    "stores",
    "pavilions",
    "enterprises",
    "certificates",
    "rankings",
    "services",
    "events",
    "plans",
    "regions",
    "verdicts",
    "quantities",
    "savings",
)


def utf16_length(text: str) -> int:
    """Count UTF-16 units, as Telegram and the answer format do."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(4096)
def width(text: str) -> int:
    """Count the columns of a terminal or of a monospaced line: a Chinese character takes two, a combining mark none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def one_line(text: str) -> str:
    """Make a catalogue text fit one line: no control characters, no line breaks."""
    return " ".join("".join(" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in text).split())


def plain_text(answer: Answer, wording: Wording, limit: int = LIMIT) -> str:
    """Write the blocks of one answer (without `also` and choices), at most `limit` UTF-16 units, cut between blocks."""
    return fit([plain_block(block, wording) for block in answer.blocks], wording, limit)


def full_text(answer: Answer, wording: Wording) -> str:
    """Write an answer with its further answers, numbered when there are several. Not cut as a whole."""
    answers = (answer, *answer.also)
    if len(answers) == 1:
        return plain_text(answer, wording)
    return "\n\n".join(
        wording.say("plain.part", number=number) + "\n" + plain_text(part, wording)
        for number, part in enumerate(answers, 1)
    )


def fit(pieces: Iterable[str], wording: Wording, limit: int = LIMIT) -> str:
    """Join pieces with blank lines; when they are too long, keep what fits whole and say that there is more."""
    whole = "\n\n".join(piece for piece in pieces if piece.strip())
    if utf16_length(whole) <= limit:
        return whole
    note = wording.say("plain.cut")
    room = limit - utf16_length(note) - 2
    return _head(whole, room).rstrip() + "\n\n" + note


def _head(text: str, room: int) -> str:
    """Cut at the last blank line, line or sentence that leaves at least half of the room used."""
    units = 0
    end = len(text)
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > room:
            end = index
            break
    for mark in ("\n\n", "\n", "。"):
        at = text.rfind(mark, end // 2, end)
        if at >= 0:
            return text[: at + (mark == "。")]
    return text[:end]


def plain_block(block: Block, wording: Wording) -> str:
    """Write one block."""
    match block:
        case Say(text) | Note(text):
            return wording.text(text)
        case Listing(entries):
            return "\n".join(line for entry in entries for line in _entry_lines(entry, wording))
        case Card():
            rows = (_row(wording.text(label), wording.text(value), wording) for label, value in block.rows)
            link = [f"  {block.url}"] if block.url else []
            return "\n".join([one_line(block.title), *(f"  {row}" for row in rows), *link])
        case Table():
            return _table(block, wording)
        case Prose(title, markdown):
            head = [wording.say("plain.heading", text=one_line(title))] if title else []
            return "\n".join([*head, plain_markdown(markdown, wording)])
    assert_never(block)


def is_product(entry: Entry) -> bool:
    """Tell whether an entry is a product: its address stands on its card, five links in a list are noise."""
    return entry.ref is not None and entry.ref[0] == "product"


def _entry_lines(entry: Entry, wording: Wording) -> Iterator[str]:
    title = one_line(entry.title)
    yield f"{entry.number}. {title}" if entry.number is not None else title
    for line in entry.lines:
        yield f"   {wording.text(line)}"
    if entry.url and not is_product(entry):
        yield f"   {entry.url}"


def _row(label: str, value: str, wording: Wording) -> str:
    return wording.say("plain.row", label=label, value=value)


def _table(table: Table, wording: Wording) -> str:
    """Write a comparison for a phone: the things with a sign each, then row by row."""
    signs = wording.say("plain.columns")
    legend = [
        wording.say("plain.column", mark=mark, title=one_line(title))
        for mark, title in zip(signs, table.columns, strict=False)
    ]
    rows = [_table_row(wording.text(label), [wording.text(v) for v in values], signs) for label, values in table.rows]
    # The blank line keeps what is said of all things apart from the name of the last one.
    return "\n".join(legend) + "\n\n" + "\n".join(rows)


def _table_row(label: str, values: list[str], signs: str) -> str:
    cells = [f"{sign} {value}" for sign, value in zip(signs, values, strict=False)]
    line = "  ".join([label, *cells])
    return line if width(line) <= _NARROW else "\n".join([label, *(f"  {cell}" for cell in cells)])


def plain_markdown(source: str, wording: Wording) -> str:
    """Write Markdown as plain text: marks gone, list signs and link addresses kept."""
    return "\n\n".join(filter(None, (_part(part, wording) for part in read_markdown(source))))


def _part(part: Part, wording: Wording) -> str:
    match part:
        case Heading(_, line):
            return wording.say("plain.heading", text=_line(line, wording))
        case Paragraph(lines):
            return "\n".join(_line(line, wording) for line in lines)
        case Items(items, first):
            signs = ("·" if first is None else f"{number}." for number in range(first or 1, (first or 1) + len(items)))
            return "\n".join(f"{sign} {_line(item, wording)}" for sign, item in zip(signs, items, strict=True))
        case Grid(head, rows):
            labels = [_line(cell, wording) for cell in head]
            return "\n".join(_grid_row(labels, [_line(cell, wording) for cell in row], wording) for row in rows)
    assert_never(part)


def _grid_row(labels: list[str], cells: list[str], wording: Wording) -> str:
    more = [_row(label, cell, wording) for label, cell in zip(labels[1:], cells[1:], strict=False) if cell]
    return "\n".join([f"· {cells[0]}", *(f"  {row}" for row in more)])


def _line(line: Line, wording: Wording) -> str:
    return "".join(
        wording.say("plain.link", text=run.text, url=run.url) if run.url and run.url != run.text else run.text
        for run in line
    )


def answer_json(question_id: Any, answer: Answer, wording: Wording, elapsed_ms: float) -> dict[str, Any]:
    """Make the answer of the answer format, version 1, ready for json.dumps."""
    return {"id": question_id, **_fields(answer, wording), "elapsed_ms": round(elapsed_ms, 3)}


def _fields(answer: Answer, wording: Wording) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "intent": answer.intent,
        "categories": list(answer.categories),
        "filters": plain_value(answer.filters),
        "products": list(answer.products),
        "text": plain_text(answer, wording),
        "choices": [wording.text(choice.label) for choice in answer.choices],
    }
    fields |= {name: plain_value(value) for name in ("total", "cost") if (value := getattr(answer, name)) is not None}
    fields |= {name: plain_value(value) for name in _LISTS if (value := getattr(answer, name))}
    if answer.also:
        fields["also"] = [_fields(further, wording) for further in answer.also]
    return fields


def plain_value(value: Any) -> Any:
    """Make a value fit for JSON: tuples to lists, decimals to numbers (whole ones to integers), dates to ISO 8601."""
    match value:
        case Mapping():
            return {key: plain_value(item) for key, item in value.items()}
        case tuple() | list():
            return [plain_value(item) for item in value]
        case set() | frozenset():
            return sorted(plain_value(item) for item in value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() | date():
            return value.isoformat()
    return value
