"""Photos: codes in them are read and checked; printed text is not, and we say so. A photo without words gets a menu.

What is shown with a code is what today's catalogue knows of it; no address of others is opened.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.channels.telegram import commands
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.desk.feature import hold
from bot.channels.telegram.fetching import fetch
from bot.channels.telegram.keyboards import shortened
from bot.channels.telegram.outgoing import Chore, Json
from bot.channels.telegram.payloads import Payloads, next_issue
from bot.channels.telegram.talk import Talk
from bot.channels.telegram.updates import Command, Event, Fetched, File, Place, Pressed, Said, Sent
from catalog_db.journal.books import Books
from handlers.turn import Action

READER = "codes"
MOST_BYTES = 10 * 1024 * 1024  # Bot API: photos are no larger
MENU = ("certificate", "what", "complain")
QUIET_SECONDS = 30.0  # photos within these of one another, and those of an album, get one menu
_MARK = "media"  # [when the last menu was sent, the album of the last photo]
_BARCODE = re.compile(r"\d{8}|\d{12,14}", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./_-]{4,38}[A-Za-z0-9]", re.ASCII)
_OURS = re.compile(r"https?://(?:t(?:elegram)?\.me)/([A-Za-z0-9_]+)\?start=([A-Za-z0-9_-]{1,64})", re.IGNORECASE)
_MOST_CODES = 2  # of one picture that are answered
_MOST_TOKENS = 6


@dataclass(frozen=True, slots=True)
class Pictures:
    """A `features.Feature`."""

    links: DeepLinks
    payloads: Payloads
    username: str

    def take(self, talk: Talk, event: Event) -> str | None:
        """Take photos, what was read of them, and the buttons of their menu."""
        if isinstance(event, Fetched) and event.reader == READER:
            return self._fetched(talk, event)
        if isinstance(event, Pressed):
            return self._pressed(talk, event)
        if not isinstance(event, (Said, Sent)) or event.edited or not _is_picture(event.kind, event.file):
            return None
        assert event.file is not None  # noqa: S101 - for the type checker: `_is_picture` has seen it
        worded = isinstance(event, Said) and bool(event.text.strip())
        asked = {"album": event.around.album, "worded": worded}
        draft = talk.wording.say("picture.reading")
        chat_id = talk.owner.chat_id
        talk.outgoing.append(fetch(event.file, READER, chat_id, event.message_id, MOST_BYTES, draft=draft, **asked))
        if worded:
            return None  # its words are answered as all others are; what a code in it says comes after
        talk.typing()
        kind, number = event.kind, event.message_id
        return talk.decide(lambda copy, books: _held(copy, books, number, kind))

    def chores(self) -> Sequence[Chore]:
        """Return nothing."""
        return ()

    def export(self, books: Books, chat_id: int) -> Json:
        """Return nothing more: marks are exported with the chat."""
        return {}

    def forget(self, books: Books, chat_id: int) -> None:
        """Do nothing more: marks go with the chat."""

    # ---- what was read

    def _fetched(self, talk: Talk, event: Fetched) -> str:
        codes = [str(code) for code in event.found or ()][:_MOST_CODES] if event.state == "read" else []
        if codes:
            return "+".join([self._code(talk, code) for code in codes])
        if event.asked.get("worded"):
            return "picture_without_code"
        return talk.decide(lambda copy, books: self._menu(copy, books, event))

    def _code(self, talk: Talk, code: str) -> str:
        """Answer one code: a link of ours, a number, an address, a barcode of a shop, anything else."""
        ours = _OURS.search(code)
        if ours and ours[1].lower() == self.username.lower():
            return self._link(talk, ours[2])
        known = self._known(talk, code)
        if known is not None:
            return known
        if _BARCODE.fullmatch(code):
            talk.say("picture.barcode", number=code)
            return "picture_barcode"
        address = urlsplit(code) if code.lower().startswith(("http://", "https://")) else None
        if address is not None:
            talk.say("picture.address", host=(address.hostname or "")[:60])
            return "picture_address"
        if _TOKEN.fullmatch(code) and any(char.isdigit() for char in code):
            talk.show(talk.do(Action("verify_number", (code,))))
            return "picture_number"
        talk.say("picture.other")
        return "picture_other"

    def _link(self, talk: Talk, payload: str) -> str:
        """Open a link of ours as if it had been tapped."""
        tapped = Command(_place(talk), 0, talk.now, "start", payload)
        taken = (feature.take(talk, tapped) for feature in talk.parts.features)
        outcome = next((outcome for outcome in taken if outcome is not None), None)
        return outcome or commands.command(talk, tapped, self.links)

    def _known(self, talk: Talk, code: str) -> str | None:
        """Show the certificate whose number stands in a code; None when no number that we know does."""
        words = [code, *_TOKEN.findall(unquote(code))][:_MOST_TOKENS]
        parts = [part for word in words for part in re.split(r"[/=]", word) if part]
        for number in dict.fromkeys((*words, *parts)):
            if not any(char.isdigit() for char in number):
                continue
            reply = talk.do(Action("verify_number", (number,)))
            if reply.answer.certificates:
                talk.show(reply)
                return "picture_certificate"
        return None

    # ---- the menu

    def _menu(self, talk: Talk, books: Books, event: Fetched) -> str:
        """Say what we cannot do with a photo, once for an album or a burst."""
        chat_id = talk.owner.chat_id
        at, album = books.marks(chat_id).get(_MARK) or [0.0, None]
        own = event.asked.get("album")
        quiet = books.now - at < QUIET_SECONDS or (own is not None and own == album)
        books.mark(chat_id, _MARK, [at if quiet else books.now, own])
        if quiet:
            return "picture_of_a_burst"
        key = "picture.menu" if event.state == "read" else f"picture.menu.{event.state}"
        talk.say(key, self._keyboard(talk))
        return "picture_menu"

    def _keyboard(self, talk: Talk) -> dict[str, Any]:
        talk.memory.issue = issue = next_issue(talk.memory.issue, talk.now)
        spare: list[Action] = []
        buttons = [
            {
                "text": shortened(talk.wording.say(f"picture.button.{name}")),
                "callback_data": self.payloads.encode(talk.owner, issue, Action("picture", (name,)), spare),
            }
            for name in MENU
        ]
        return {"inline_keyboard": [buttons]}

    def _pressed(self, talk: Talk, event: Pressed) -> str | None:
        press = self.payloads.decode(talk.owner, event.data)
        action = press.action if press else None
        if action is None or action.name != "picture" or action.args[0] not in MENU:
            return None
        talk.acknowledge(event.query_id)
        if action.args[0] == "complain":
            return self._complain(talk)
        talk.say(f"picture.how.{action.args[0]}")
        return f"picture_{action.args[0]}"

    def _complain(self, talk: Talk) -> str:
        """Reach a person: what was sent before goes along."""
        reply = talk.do(Action("handoff"))
        taken = talk.parts.handoff.answered(talk, reply, []) if talk.parts.handoff else None
        if taken is None:
            talk.show(reply)
        return taken or "picture_complain"


def _held(talk: Talk, books: Books, message_id: int, kind: str) -> str:
    """Keep which photo that was: it goes along when a person of the staff is asked for."""
    hold(books, talk.owner.chat_id, message_id, kind)
    return "picture_looked_at"


def _is_picture(kind: str, file: File | None) -> bool:
    return file is not None and (kind == "photo" or (kind == "document" and file.mime.startswith("image/")))


def _place(talk: Talk) -> Place:
    return Place(talk.owner.chat_id, talk.owner.user_id, private=True)
