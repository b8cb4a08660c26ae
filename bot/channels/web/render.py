"""Make HTML of answers in two steps: an answer becomes a view (JSON values, all worded), a template makes HTML of views.

The view is what a conversation keeps of a turn, so an old turn is shown by today's templates. Escaping is Jinja's alone:
nothing here is marked as safe.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.exchange import Ideas, offers, opener
from bot.markdown import Grid, Heading, Items, Line, Paragraph, Part, read_markdown
from bot.plain import is_product, one_line
from bot.wording import Wording
from handlers.turn import Action, Answer, Block, Card, Entry, Listing, Note, Prose, Say, Table, Text

View = dict[str, Any]
VERSION = 1  # of the view; a kept turn of another version cannot be shown any more

_HERE = Path(__file__).resolve().parent
_WEB = re.compile(r"^https?://", re.IGNORECASE)
# What a line is for, by the beginning of its key: the page sets these apart. The first that fits counts.
_ROLES = (
    ("fact.certificate.stars", "certified"),
    ("fact.certificate.held", "certified"),
    ("fact.certificate", "uncertified"),
    ("verdict.valid", "certified"),
    ("verdict.", "uncertified"),
    ("fact.price", "price"),
    ("reason.", "reason"),
)


def answer_view(answer: Answer, wording: Wording) -> View:
    """Word an answer and its further answers for the page.

    `presses` is everything that can be pressed, with what it does: first the buttons of all parts, then titles of
    entries. The `choices` of a part point into it.
    """
    answers = (answer, *answer.also)
    presses = [_press(offer.label, offer.action) for offer in offers(answer, wording)]
    free = {press["label"]: index for index, press in enumerate(presses)}  # a label stands under one part only
    parts = []
    for number, part in enumerate(answers, 1):
        labels = [wording.text(choice.label) for choice in part.choices]
        parts.append(
            {
                "title": wording.say("web.part", number=number) if len(answers) > 1 else None,
                "blocks": [_block(block, wording, presses) for block in part.blocks],
                "choices": [free.pop(label) for label in labels if label in free],
            }
        )
    return {"version": VERSION, "parts": parts, "presses": presses}


def ideas_view(ideas: Ideas) -> View:
    """Word an answer for 长辈模式: each idea a box of its own in large letters; `rest` is kept until it is wanted."""
    blocks = [{"kind": "idea", "lines": list(lines)} for lines in ideas.shown]
    part = {"title": None, "blocks": blocks, "choices": list(range(len(ideas.ways)))}
    presses = [_press(label, action) for label, action in ideas.ways]
    return {"version": VERSION, "parts": [part], "presses": presses, "rest": [list(lines) for lines in ideas.rest]}


def message_view(message: str) -> View:
    """Make the view of a plain sentence of the channel's own."""
    part = {"title": None, "blocks": [{"kind": "say", "text": message}], "choices": []}
    return {"version": VERSION, "parts": [part], "presses": []}


def _press(label: str, action: Action) -> View:
    return {"label": label, "action": [action.name, *action.args]}


def _block(block: Block, wording: Wording, presses: list[View]) -> View:
    """Word one block; the titles in it that can be pressed are added to `presses`."""
    match block:
        case Say(text):
            return {"kind": "say", "text": wording.text(text)}
        case Note(text):
            return {"kind": "note", "text": wording.text(text)}
        case Listing(entries):
            return {"kind": "list", "entries": [_entry(entry, wording, presses) for entry in entries]}
        case Card():
            return _card(block, wording)
        case Table():
            return _table(block, wording)
        case Prose(title, markdown):
            parts = [_part(part) for part in read_markdown(markdown)]
            return {"kind": "prose", "title": one_line(title) if title else None, "parts": parts}
    assert_never(block)


def _entry(entry: Entry, wording: Wording, presses: list[View]) -> View:
    title, action = one_line(entry.title), opener(entry)
    if action:
        presses.append(_press(title, action))
    return {
        "title": title,
        "number": entry.number,
        "lines": [_line(line, wording) for line in entry.lines],
        "url": None if is_product(entry) else _web(entry.url),
        "press": len(presses) - 1 if action else None,
    }


def _card(card: Card, wording: Wording) -> View:
    rows = [{"label": wording.text(label), **_line(value, wording)} for label, value in card.rows]
    return {"kind": "card", "title": one_line(card.title), "rows": rows, "url": _web(card.url)}


def _table(table: Table, wording: Wording) -> View:
    signs = wording.say("plain.columns")
    columns = [{"mark": sign, "title": one_line(title)} for sign, title in zip(signs, table.columns, strict=False)]
    return {"kind": "table", "columns": columns, "rows": [_row(*row, wording) for row in table.rows]}


def _row(label: Text, values: tuple[Text, ...], wording: Wording) -> View:
    return {"label": wording.text(label), "values": [_line(value, wording) for value in values]}


def _line(text: Text, wording: Wording) -> View:
    role = next((role for start, role in _ROLES if text.key.startswith(start)), "")
    return {"text": wording.text(text), "role": role}


def _web(url: str | None) -> str | None:
    """Keep a web address; anything else (javascript:, data:) is no link."""
    return url if url and _WEB.match(url) else None


def _part(part: Part) -> View:
    match part:
        case Heading(_, line):
            return {"kind": "heading", "line": _runs(line)}
        case Paragraph(lines):
            return {"kind": "paragraph", "lines": [_runs(line) for line in lines]}
        case Items(items, first):
            return {"kind": "items", "items": [_runs(item) for item in items], "first": first}
        case Grid(head, rows):
            return {"kind": "grid", "head": [_runs(c) for c in head], "rows": [[_runs(c) for c in r] for r in rows]}
    assert_never(part)


def _runs(line: Line) -> list[View]:
    return [{"text": run.text, "bold": run.bold, "url": run.url} for run in line]


class Pages:
    """The templates of the chat page, with the wording at hand as `say`."""

    def __init__(self, wording: Wording, *, demonstration: bool) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            say=wording.say,
            language=wording.locale.replace("_", "-"),
            demonstration=demonstration,
            examples=wording.say("web.examples").splitlines(),
        )

    def html(self, template: str, **values: Any) -> str:
        """Fill a template."""
        return self._environment.get_template(template).render(values)

    def talk(self, turns: Mapping[int, Mapping[str, Any]]) -> str:
        """Make the page of a conversation; turns kept by another version of this program are left out."""
        shown = {number: turn for number, turn in turns.items() if turn.get("version") == VERSION}
        return self.html("chat.html", turns=shown)

    def turn(self, number: int, turn: Mapping[str, Any]) -> str:
        """Make the HTML of one turn alone."""
        return self.html("turn.html", number=number, turn=turn)
