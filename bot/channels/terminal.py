"""The chat in a terminal: history and Chinese editing on a TTY, plain lines without one; buttons by letter."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.channels.exchange import LETTERS, Ideas, Offer, Responder, chosen, go_on, goes_on, ideas_of, offers
from bot.elders import Message
from bot.languages import Wordings
from bot.plain import full_text, width
from bot.wording import Wording
from handlers.session import Session
from handlers.turn import Question

_TOKEN = re.compile(r"[!-~]+|\s|.")  # what is typed in Latin stays whole (18L, a link), Chinese breaks anywhere
_NOT_FIRST = "，。、！？；：）」』》”’…,.!?;:)%"
_WIDEST = 88  # columns; longer lines are hard to read
_HANGING = re.compile(r"^(\s*)((?:\d+\.|·|[A-Z]\.)\s)?")

logger = logging.getLogger(__name__)

Read = Callable[[], str]  # gives the next line; EOFError at the end, KeyboardInterrupt on Ctrl-C


def run_chat(
    assistant: Responder,
    wording: Wording,
    clock: Callable[[], datetime],
    *,
    adcode: str | None = None,
    history: Path | None = None,
    read: Read | None = None,
    out: TextIO | None = None,
) -> int:
    """Talk until the person leaves (Ctrl-C, Ctrl-D, 退出, the end of the input). Returns the exit status.

    `history` is the file of past questions, on a TTY only. `read` and `out` are for tests.
    """
    out = out or sys.stdout
    chat = Chat(assistant, wording, clock, out, adcode)
    try:
        chat.show(wording.say("terminal.welcome"))
        chat.run(read or _reader(wording, history, out))
    except (EOFError, KeyboardInterrupt):
        chat.show("\n" + wording.say("terminal.bye"))
    except BrokenPipeError:
        _drop_output()
    return 0


class Chat:
    """One conversation in the terminal."""

    def __init__(
        self, assistant: Responder, wording: Wording, clock: Callable[[], datetime], out: TextIO, adcode: str | None
    ) -> None:
        self._assistant = assistant
        self._wording = wording
        self._wordings = Wordings(wording)
        self._clock = clock
        self._out = out
        self._adcode = adcode
        self._session = Session()
        self._offered: tuple[Offer, ...] = ()
        self._rest: list[Message] = []  # of the last answer, in 长辈模式

    def run(self, read: Read) -> None:
        """Answer line after line; ends with the reader's EOFError or when the person says so."""
        leave = self._wording.say("terminal.leave").split()
        while True:
            text = read().strip()
            if text.lower() in leave:
                raise EOFError
            if text:
                self.show(self.answer(text))

    def answer(self, text: str) -> str:
        """Answer what was typed; the buttons of the answer stand below it with their letters."""
        offer = chosen(text, self._offered)
        if self._rest and goes_on(text, offer.action if offer else None, self._wording):
            return self._ideas(go_on(self._rest, self._simple))
        question = Question(
            offer.label if offer else text, self._clock(), self._adcode, offer.action if offer else None
        )
        try:
            answer, session = self._assistant.respond(question, self._session)
            ideas = ideas_of(answer, self._simple) if session.simple else None
            written, offered = full_text(answer, self._wording), offers(answer, self._wording)
        except Exception:
            # The conversation goes on as it was before; the log has the reason.
            logger.exception("no answer")
            return self._wording.say("channel.failed")
        self._session, self._offered, self._rest = session, offered, []
        return self._ideas(ideas) if ideas else self._with_choices(written)

    @property
    def _simple(self) -> Wording:
        return self._wordings.of(self._wording.locale, simple=True)

    def _ideas(self, ideas: Ideas) -> str:
        """Write one idea below the other, a blank line between them."""
        self._rest = ideas.rest
        self._offered = tuple(Offer(letter, *way) for letter, way in zip(LETTERS, ideas.ways, strict=False))
        return self._with_choices("\n\n".join("\n".join(lines) for lines in ideas.shown))

    def _with_choices(self, written: str) -> str:
        choices = [self._wording.say("plain.choice", letter=o.letter, label=o.label) for o in self._offered]
        return "\n\n".join(filter(None, [written, "\n".join(choices)]))

    def show(self, text: str) -> None:
        """Print a message, wrapped, with a blank line after it."""
        columns = min(shutil.get_terminal_size().columns, _WIDEST)
        self._out.write("\n".join(wrap(text, columns)) + "\n\n")
        self._out.flush()


def wrap(text: str, columns: int) -> Iterator[str]:
    """Break lines at a width in terminal columns; what follows an indent or a list sign hangs under it."""
    for line in text.split("\n"):
        yield from _wrap_line(line.expandtabs(4), max(columns, 16))


def _wrap_line(line: str, columns: int) -> Iterator[str]:
    match = _HANGING.match(line)
    hang = " " * width(match[0] if match else "")
    row: list[str] = []
    for token in _tokens(line, columns - len(hang) - 2):
        if row and width("".join(row)) + width(token) > columns and "".join(row).strip():
            # A row never starts with a comma or a full stop: the character before it comes along.
            carried = [row.pop()] if token[0] in _NOT_FIRST and len(row) > 1 else []
            yield "".join(row).rstrip()
            row = [hang, *carried]
        row.append(token if row != [hang] else token.lstrip())
    yield "".join(row).rstrip()


def _tokens(line: str, columns: int) -> Iterator[str]:
    """Cut a line into what may not be broken; a Latin stretch longer than a line is broken anyway."""
    for token in _TOKEN.findall(line):
        for start in range(0, len(token), columns):
            yield token[start : start + columns]


def _reader(wording: Wording, history: Path | None, out: TextIO) -> Read:
    if sys.stdin.isatty() and out.isatty():
        return _editor(wording, history)
    return _lines(wording, sys.stdin, out)


def _lines(wording: Wording, source: TextIO, out: TextIO) -> Read:
    """Read plain lines and show each, so that what comes out can be read as a conversation."""
    if hasattr(source, "reconfigure"):
        source.reconfigure(errors="replace")  # a line that is not UTF-8 must not end the talk

    def read() -> str:
        line = source.readline()
        if not line:
            raise EOFError
        out.write(wording.say("terminal.prompt") + line.rstrip("\n") + "\n\n")
        return line

    return read


def _editor(wording: Wording, history: Path | None) -> Read:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    kept = FileHistory(str(_private(history))) if history else InMemoryHistory()
    session: PromptSession[str] = PromptSession(history=kept)
    return lambda: session.prompt(wording.say("terminal.prompt"))


def _private(file: Path) -> Path:
    """Make the history file readable by its owner only: it holds what a person asked."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600, exist_ok=True)
    return file


def _drop_output() -> None:
    """Let the interpreter end quietly when nobody reads any more (lvxuan chat | head)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
