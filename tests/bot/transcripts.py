"""Golden transcripts: a talk is a file of lines that a person says; each channel writes what it showed.

A line of one capital letter presses that button of the last answer. Lines that start with # are for the reader.
"""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import httpx

from bot.channels.exchange import Responder
from bot.channels.terminal import run_chat
from bot.channels.web.application import create_app
from bot.wording import Wording
from catalog_db.conversations import MemoryConversations
from tests.bot.script import NOW
from tests.bot.site import serving

GOLDEN = Path(__file__).parent / "golden"


def talks() -> list[str]:
    return sorted(file.stem for file in (GOLDEN / "talks").glob("*.txt"))


def lines_of(talk: str) -> list[str]:
    lines = (GOLDEN / "talks" / f"{talk}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def in_the_terminal(assistant: Responder, wording: Wording, lines: list[str]) -> str:
    """What the terminal prints, with what was said."""
    said = iter(lines)
    out = io.StringIO()

    def read() -> str:
        line = next(said, None)
        if line is None:
            raise EOFError
        out.write(f"{wording.say('terminal.prompt')}{line}\n\n")
        return line

    run_chat(assistant, wording, lambda: NOW, read=read, out=out)
    return out.getvalue()


def on_the_page(assistant: Responder, wording: Wording, lines: list[str]) -> str:
    """What the chat page shows, as text: titles and buttons in brackets."""
    app = create_app(lambda: assistant, MemoryConversations(), wording, lambda: NOW)
    shown = []
    with serving(app) as url, httpx.Client(base_url=url) as client:
        for number, line in enumerate(lines, 1):
            letter = re.fullmatch("[A-Z]", line)
            fields = {"press": f"{number - 1}-{ord(line) - ord('A')}"} if letter else {"text": line}
            shown.append(as_text(client.post("/turn", data=fields).text))
    return "\n\n".join(shown) + "\n"


class _Reader(HTMLParser):
    """Writes a page as text: a block is a line, a button stands in brackets, what is unseen is left out."""

    BLOCKS = frozenset(
        {
            *("article", "section", "div", "form", "p", "h1", "h2", "h3", "h4"),
            *("li", "ol", "ul", "dl", "dt", "dd", "tr"),
        }
    )

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.unseen = 0
        self.marks: list[str] = []

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if self.unseen or named.get("class") == "unseen":
            self.unseen += tag not in ("br", "img")
        if tag in self.BLOCKS or tag == "br":
            self.pieces.append("\n")
        self.pieces.append({"button": "[", "td": " | ", "th": " | ", "strong": "", "li": "• "}.get(tag, ""))
        if tag == "p" and named.get("class") == "question":
            self.pieces.append("> ")
        if tag == "a":
            self.marks.append(f" <{named['href']}>")

    def handle_endtag(self, tag):
        if self.unseen:
            self.unseen -= 1
            return
        if tag == "a":
            self.pieces.append(self.marks.pop())
        self.pieces.append("]" if tag == "button" else "\n" if tag in self.BLOCKS else "")
        if tag in ("span", "button"):
            self.pieces.append(" ")

    def handle_data(self, data):
        if not self.unseen:
            self.pieces.append(re.sub(r"\s*\n\s*", "\n", data))


def as_text(page: str) -> str:
    reader = _Reader()
    reader.feed(page)
    lines = [" ".join(line.split()) for line in "".join(reader.pieces).split("\n")]
    return "\n".join(line for line in lines if line and line != "•")
