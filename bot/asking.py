"""`lvxuan ask`: one question or a batch of them, answered as JSON lines or as text."""

from __future__ import annotations

import json
import re
import sys
import time
import traceback
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from bot.bootstrap import ZONE, Parts
from bot.channels.exchange import offers
from bot.plain import answer_json, full_text
from handlers.session import Session
from handlers.turn import Question

if TYPE_CHECKING:
    from handlers.turn import Answer

_ADCODE = re.compile(r"\d{6}", re.ASCII)


class AskError(ValueError):
    """An argument of `lvxuan ask` cannot be read; `key` is worded for the person, with the value."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def read_now(text: str | None, today: str | None) -> datetime:
    """Return the moment asked about: --now, --today at 00:00, or the present, in Asia/Shanghai. Raises AskError."""
    try:
        if text:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).astimezone(ZONE)
        if today:
            return datetime.combine(date.fromisoformat(today), datetime.min.time(), ZONE)
    except ValueError:
        raise AskError("ask.bad_time", value=text or today or "") from None
    return datetime.now(ZONE)


class Asker:
    """Answers questions one after the other, each conversation with its own session."""

    def __init__(self, parts: Parts, moment: datetime) -> None:
        self._parts = parts
        self._moment = moment
        self._sessions: dict[str, Session] = {}

    def ask(self, text: str, conversation: str | None = None, adcode: str | None = None) -> tuple[Answer, float]:
        """Return the answer and the milliseconds spent on it."""
        started = time.perf_counter()
        session = self._sessions.get(conversation, Session()) if conversation is not None else Session()
        answer, session = self._parts.assistant.respond(Question(text, self._moment, adcode), session)
        if conversation is not None:
            self._sessions[conversation] = session
        return answer, (time.perf_counter() - started) * 1000

    def line(self, raw: str) -> tuple[dict[str, Any], bool]:
        """Answer one line of a batch; the second value tells whether it could be read."""
        try:
            question = json.loads(raw)
        except (ValueError, RecursionError):
            return {"id": None, "error": "not JSON"}, False
        if not isinstance(question, dict) or not isinstance(question.get("text"), str):
            key = question.get("id") if isinstance(question, dict) else None
            return {"id": key, "error": "no text that is a string"}, False
        conversation, adcode = question.get("conversation"), question.get("adcode")
        place = adcode if isinstance(adcode, str) and _ADCODE.fullmatch(adcode) else None
        text = question["text"].encode("utf-8", "replace").decode("utf-8")
        try:
            answer, spent = self.ask(text, str(conversation) if conversation is not None else None, place)
        except Exception:  # a fault of ours costs one answer, and not those of all lines after it
            traceback.print_exc()
            return {"id": question.get("id"), "error": "no answer"}, False
        return answer_json(question.get("id"), answer, self._parts.wording, round(spent, 3)), True


def ask_one(parts: Parts, text: str, moment: datetime, *, as_json: bool, explain: bool, out: TextIO) -> int:
    """Answer one question on `out`."""
    answer, spent = Asker(parts, moment).ask(text)
    if as_json:
        out.write(json.dumps(answer_json(None, answer, parts.wording, round(spent, 3)), ensure_ascii=False) + "\n")
        return 0
    if explain:
        for part in (answer, *answer.also):
            out.write("\n".join(parts.wording.text(step) for step in part.trace) + "\n\n")
    out.write(full_text(answer, parts.wording) + "\n")
    choices = [
        parts.wording.say("plain.choice", letter=offer.letter, label=offer.label)
        for offer in offers(answer, parts.wording)
    ]
    if choices:
        out.write("\n" + "\n".join(choices) + "\n")
    return 0


def ask_batch(parts: Parts, lines: Iterable[str], moment: datetime, out: TextIO) -> int:
    """Answer a batch, a line for a line, flushed as it is made. Returns 1 when some lines could not be read."""
    asker = Asker(parts, moment)
    status = 0
    for raw in lines:
        if not raw.strip():
            continue
        answer, readable = asker.line(raw)
        status |= not readable
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return int(status)


def read_lines(file: str) -> Iterator[str]:
    """Yield the lines of a file, or of the standard input for "-"; bytes that are no UTF-8 are replaced."""
    if file == "-":
        yield from sys.stdin
        return
    with Path(file).open(encoding="utf-8", errors="replace", newline="\n") as source:
        yield from source
