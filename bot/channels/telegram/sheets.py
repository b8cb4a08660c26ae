"""A catalogue that an operator sends as a file: tried first, its report shown, taken over by a tap.

Who is an operator is a setting (LVXUAN_OPERATORS); everybody else's files are answered like all that we cannot read.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.channels.telegram.fetching import MOST_BYTES, Reader, fetch
from bot.channels.telegram.keyboards import shortened
from bot.channels.telegram.outgoing import Chore, Json
from bot.channels.telegram.payloads import Payloads, next_issue
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Event, Fetched, File, Pressed, Said, Sent
from bot.wording import Wording
from catalog_db.catalog import open_catalogue
from catalog_db.database import open_database
from catalog_db.errors import CatalogueError
from catalog_db.journal.books import Books
from catalog_db.loading import reasons
from catalog_db.loading.importing import load
from handlers.turn import Action

READER = "sheet"
_ENDINGS = (".xlsx", ".csv", ".zip")
_MARK = "sheet"  # the file that waits for the tap: id, unique id, name, size
_UNSAID = frozenset({"import.report", "import.dry_run"})  # of the command: a path on the machine, a word of its own
_SHOWN = 8  # rows with a problem that are named


@dataclass(frozen=True, slots=True)
class Sheets:
    """A `features.Feature`."""

    operators: frozenset[int]
    payloads: Payloads

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take an operator's sheets, what came of them, and the tap that takes one over."""
        if talk.owner.user_id not in self.operators:
            return None
        if isinstance(event, Fetched) and event.reader == READER:
            return self._fetched(talk, event)
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        file = event.file if isinstance(event, (Said, Sent)) and event.kind == "document" and not event.edited else None
        if file is None or not file.name.lower().endswith(_ENDINGS):
            return None
        return self._tried(talk, file, event.message_id)  # type: ignore[union-attr]  # a document is a message

    def chores(self) -> Sequence[Chore]:
        """Return nothing."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return nothing more: marks are exported with the chat."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Do nothing more: marks go with the chat."""

    def _tried(self, talk: Talk, file: File, message_id: int) -> str:
        talk.say("sheet.trying", name=file.name)
        draft = talk.wording.say("sheet.working")
        talk.outgoing.append(fetch(file, READER, talk.owner.chat_id, message_id, draft=draft, load=False))
        kept = [file.file_id, file.unique_id, file.name, file.size, message_id]
        return talk.decide(lambda copy, books: _keep(copy, books, kept, "sheet_trying"))

    def _fetched(self, talk: Talk, event: Fetched) -> str:
        if event.state != "read":
            talk.say(f"sheet.{event.state}")
            return "sheet_unread"
        lines, loaded = "\n".join(event.found["lines"]), bool(event.asked.get("load"))
        if not event.found["ok"]:
            talk.say("sheet.refused", lines=lines)
            return "sheet_refused"
        talk.say("sheet.loaded" if loaded else "sheet.tried", None if loaded else self._keyboard(talk), lines=lines)
        return "sheet_loaded" if loaded else "sheet_tried"

    def _keyboard(self, talk: Talk) -> dict[str, Any]:
        talk.memory.issue = issue = next_issue(talk.memory.issue, talk.now)
        buttons = [
            {
                "text": shortened(talk.wording.say(f"sheet.button.{name}")),
                "callback_data": self.payloads.encode(talk.owner, issue, Action("sheet", (name,)), []),
            }
            for name in ("load", "leave")
        ]
        return {"inline_keyboard": [buttons]}

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        press = self.payloads.decode(talk.owner, event.data)
        if press is None or press.action is None or press.action.name != "sheet":
            return None
        talk.acknowledge(event.query_id)
        wanted = press.action.args[0]
        return talk.decide(lambda copy, books: self._decided(copy, books, wanted))

    def _decided(self, talk: Talk, books: Books, wanted: str) -> str:
        """Take the file over that was tried last, once however often it is tapped."""
        chat_id = talk.owner.chat_id
        kept = books.marks(chat_id).get(_MARK)
        books.mark(chat_id, _MARK, None)
        if kept is None:
            return "sheet_twice"
        if wanted != "load":
            talk.say("sheet.left")
            return "sheet_left"
        file = File(kept[0], kept[1], kept[2], size=kept[3])
        talk.say("sheet.loading", name=file.name)
        draft = talk.wording.say("sheet.working")
        talk.outgoing.append(fetch(file, READER, chat_id, kept[4], MOST_BYTES, draft=draft, load=True))
        return "sheet_loading"


def _keep(talk: Talk, books: Books, kept: list[Any], outcome: str) -> str:
    books.mark(talk.owner.chat_id, _MARK, kept)
    return outcome


def sheet_reader(url: str, wording: Wording, today: Callable[[], date]) -> Reader:
    """Return what tries a catalogue file, or with `load` takes it over; gives whether it could be, and lines to read."""

    def read(content: bytes, params: Mapping[str, Any]) -> Json:
        with tempfile.TemporaryDirectory(prefix="lvxuan-sheet-") as folder:
            source = _written(Path(folder), str(params["name"]), content)
            database = open_database(url)
            try:
                report = load(source, database, today=today(), dry_run=not params["asked"]["load"])
            except CatalogueError as error:
                values = {name: Path(str(value)).name for name, value in error.values.items()}
                return {"ok": False, "lines": [reasons.word(error.key, values)]}
            finally:
                database.close()
            if not report.dry_run:
                open_catalogue(url).close()  # builds the search index, so that the first question need not wait
        lines = [wording.say(key, **values) for key, values in report.lines() if key not in _UNSAID]
        lines += [
            wording.say("sheet.row", file=one.file, line=one.line, column=one.column, reason=one.reason)
            for one in report.entries[:_SHOWN]
        ]
        return {"ok": True, "lines": lines}

    return read


def _written(folder: Path, name: str, content: bytes) -> Path:
    """Write the file where the import finds it; a single CSV is a folder with one file. Of the name only the last part counts."""
    plain = Path(name.replace("\\", "/")).name or "catalogue"
    if plain.lower().endswith(".csv"):
        (folder / "catalogue").mkdir()
        (folder / "catalogue" / plain.lower()).write_bytes(content)
        return folder / "catalogue"
    (folder / plain).write_bytes(content)
    return folder / plain
