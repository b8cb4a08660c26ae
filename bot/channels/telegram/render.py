"""Make messages of an answer: HTML within Telegram's limits, and the buttons that go under them.

An answer is one message where it fits, several where it does not; the borders lie between blocks, then entries, then
lines. A card is at most 1,024 characters, so that it could stand under a picture, and begins with the certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import assert_never

from bot.channels.telegram.rich import (
    Rich,
    Run,
    clean,
    cut,
    entities,
    is_blank,
    join,
    line,
    rich,
    tabled,
    units,
    without_styles,
)
from bot.markdown import Grid, Heading, Items, Line, Paragraph, Part, read_markdown
from bot.plain import is_product, width
from bot.wording import Wording
from handlers.turn import Answer, Block, Card, Entry, Listing, Note, Prose, Say, Table

MESSAGE = 4096  # UTF-16 units after parsing, Bot API: sendMessage
CARD = 1024  # the same for a caption
ENTITIES = 100  # of one message; Telegram drops the rest

_BETWEEN = "\n\n"  # pieces of a message
_NARROW = 30  # columns of a row that a phone shows on one line
# Rows of a card that are kept when it gets too long; the others go, last first.
_KEPT_ROWS = frozenset({"label.certificate", "label.price", "label.where", "label.services"})


def pages(answer: Answer, wording: Wording, heading: Rich = ()) -> list[Rich]:
    """Write an answer and its further answers as one or more messages, none of them empty, each below the heading."""
    answers = (answer, *answer.also)
    pieces: list[Rich] = []
    for number, part in enumerate(answers, 1):
        room = CARD - units(heading) - 1 if heading else CARD
        written = list(_blocks(part, wording, room if len(answers) == 1 else MESSAGE))
        if len(answers) > 1:
            head = rich(wording.say("plain.part", number=number), "b")
            written = [join((head, written[0]), "\n"), *written[1:]] if written else [head]
        pieces += written
    written = pack(pieces, heading) or [rich(wording.say("telegram.nothing"))]
    return [join((heading, page), "\n") for page in written] if heading else written


def pack(pieces: Iterable[Rich], heading: Rich = ()) -> list[Rich]:
    """Fill messages with pieces, a blank line between them; a piece that is too long itself is cut.

    `heading`: what will stand above each of them, and takes its room.
    """
    room, styles = MESSAGE - units(heading) - 1 if heading else MESSAGE, ENTITIES - entities(heading)
    full: list[Rich] = []
    page: list[Rich] = []
    used = styled = 0
    for piece in pieces:
        for part, size, more in _fitting(piece, room, styles):
            if is_blank(part):
                continue
            if page and (used + len(_BETWEEN) + size > room or styled + more > styles):
                full.append(join(page, _BETWEEN))
                page, used, styled = [], 0, 0
            used, styled = used + size + len(_BETWEEN) * bool(page), styled + more
            page.append(part)
    return [*full, join(page, _BETWEEN)] if page else full


def _fitting(piece: Rich, room: int, styles: int) -> Iterator[tuple[Rich, int, int]]:
    """Cut a piece into parts that fit a message; each with its size and its styles."""
    size, more = units(piece), entities(piece)
    if size <= room and more <= styles:
        yield piece, size, more
        return
    rest = piece if more <= styles else without_styles(piece)
    while rest:
        head, rest = cut(rest, room)
        yield head, units(head), entities(head)


def _blocks(answer: Answer, wording: Wording, room: int) -> Iterator[Rich]:
    """Write the blocks in order; a card gets what the others leave of its room."""
    blocks = _joined_notes(answer.blocks)
    written = [None if isinstance(block, Card) else _block(block, wording) for block in blocks]
    for block, piece in zip(blocks, written, strict=True):
        if piece is not None:
            yield piece
        elif isinstance(block, Card):
            left = room - sum(units(piece) + 2 for piece in written if piece)
            yield card(block, wording, max(left, room // 2))


def _joined_notes(blocks: Iterable[Block]) -> list[Block | tuple[Note, ...]]:
    """Put notes that follow one another together: two frames of small print are one too many."""
    joined: list[Block | tuple[Note, ...]] = []
    for notes, group in groupby(blocks, lambda block: isinstance(block, Note)):
        if notes:
            joined.append(tuple(block for block in group if isinstance(block, Note)))
        else:
            joined += group
    return joined


def _block(block: Block | tuple[Note, ...], wording: Wording) -> Rich:
    match block:
        case Say(text):
            return rich(wording.text(text))
        case Note() | tuple():
            return _notes(block if isinstance(block, tuple) else (block,), wording)
        case Listing(entries):
            return join((_entry(entry, wording) for entry in entries), "\n\n" if len(entries) < 12 else "\n")
        case Table():
            return table(block, wording)
        case Prose(title, markdown):
            head = rich(line(wording.written(title)), "b") if title else ()
            return join((head, prose(wording.written(markdown), wording)), "\n")
        case Card():
            return card(block, wording, CARD)
    assert_never(block)


def _notes(notes: Iterable[Note], wording: Wording) -> Rich:
    return rich("\n".join(wording.text(note.text) for note in notes), "blockquote")


def _entry(entry: Entry, wording: Wording) -> Rich:
    title = line(wording.written(entry.title))
    head = f"{entry.number}. {title}" if entry.number is not None else title
    link = None if is_product(entry) else entry.url
    # A reason that only repeats what a line before it says tells nothing on a phone.
    lines = list(dict.fromkeys(clean(wording.text(text)) for text in entry.lines))
    return join((rich(head, "b", link), *(rich(said) for said in lines)), "\n")


def card(block: Card, wording: Wording, room: int) -> Rich:
    """Write a card in at most `room` units: title and rows; less important rows go first, then ends of values."""
    title = rich(line(wording.written(block.title)), "b")
    rows = [(label.key, _row(wording, wording.text(label), wording.text(value))) for label, value in block.rows]
    while units(_card(title, rows)) > room and any(key not in _KEPT_ROWS for key, _ in rows):
        del rows[max(index for index, (key, _) in enumerate(rows) if key not in _KEPT_ROWS)]
    head, rest = cut(_card(title, rows), room - 1)
    return (*head, Run("…")) if rest else head


def _card(title: Rich, rows: Sequence[tuple[str, Rich]]) -> Rich:
    return join((title, join((row for _, row in rows), "\n")), "\n\n")


def _row(wording: Wording, label: str, value: str) -> Rich:
    return (Run(wording.say("plain.label", label=clean(label)), "b"), Run(clean(value)))


def table(block: Table, wording: Wording) -> Rich:
    """Write a comparison for a phone: a sign for each thing, then a row for each difference."""
    signs = wording.say("plain.columns")
    legend = [
        rich(wording.say("plain.column", mark=sign, title=line(wording.written(title))), "b")
        for sign, title in zip(signs, block.columns, strict=False)
    ]
    said = [(wording.text(label), [wording.text(value) for value in values]) for label, values in block.rows]
    rows = join((_table_row(label, values, signs) for label, values in said), "\n")
    cells = [["", *signs[: len(block.columns)]], *([label, *values] for label, values in said)]
    return join((join(legend, "\n"), tabled(rows, cells)), "\n\n")


def _table_row(label: str, values: Sequence[str], signs: str) -> Rich:
    """Write a row on one line where a phone shows it so, else a line for each thing."""
    cells = [f"{sign} {line(value)}" for sign, value in zip(signs, values, strict=False)]
    one = "  ".join(cells)
    head = rich(line(label), "b")
    if width(line(label)) + 2 + width(one) <= _NARROW:
        return (*head, Run(f"  {one}"))
    return (*head, Run("\n" + "\n".join(f"  {cell}" for cell in cells)))


@lru_cache(maxsize=256)  # the same guides and stored answers are shown again and again
def prose(markdown: str, wording: Wording) -> Rich:
    """Write a text of the catalogue."""
    return join((_part(part, wording) for part in read_markdown(clean(markdown))), "\n\n")


def _part(part: Part, wording: Wording) -> Rich:
    match part:
        case Heading(_, runs):
            return tuple(Run(run.text, "b", run.url) for run in _line(runs))
        case Paragraph(lines):
            return join((_line(runs) for runs in lines), "\n")
        case Items(items, first):
            signs = (
                "· " if first is None else f"{number}. " for number in range(first or 1, (first or 1) + len(items))
            )
            return join(((Run(sign), *_line(item)) for sign, item in zip(signs, items, strict=True)), "\n")
        case Grid(head, rows):
            said = join((_grid_row(head, row, wording) for row in rows), "\n")
            return tabled(said, ((_text(cell) for cell in row) for row in (head, *rows)))
    assert_never(part)


def _grid_row(head: Sequence[Line], row: Sequence[Line], wording: Wording) -> Rich:
    """Write a row of a table as its first cell and the labelled others: a phone is too narrow for columns."""
    first = tuple(Run(run.text, "b", run.url) for run in _line(row[0]))
    more = [
        (Run("  "), Run(wording.say("plain.label", label="".join(run.text for run in _line(label)))), *_line(cell))
        for label, cell in zip(head[1:], row[1:], strict=True)
        if cell
    ]
    return join((first, *more), "\n")


def _text(runs: Line) -> str:
    return "".join(run.text for run in runs)


def _line(runs: Line) -> Rich:
    return tuple(Run(clean(run.text), "b" if run.bold else "", run.url) for run in runs)
