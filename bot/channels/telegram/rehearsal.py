"""What a process answers before it has work, so that the first person to ask waits no longer than the second.

Code, words and tables are made ready by the first question that needs them. Here somebody who does not exist asks, and presses what is
offered: nothing of it is sent, noted or kept.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from bot.channels.telegram.answering import Answering, Worked
from bot.channels.telegram.outgoing import Handler
from catalog_db.journal import texts
from catalog_db.journal.books import Books
from catalog_db.journal.records import Claim, Json
from catalog_db.journal.sealing import Envelopes

_NOBODY = 1  # the number of no person's chat
_CHAT = {"id": _NOBODY, "type": "private"}
_PRESSED = 2  # buttons of each answer
_BETWEEN_SECONDS = 10.0  # nobody asks so fast that it is too much


class _Here(BaseException):  # no Exception: no handler may take it for a failure of its own
    """There are no books here."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Who answers, and what is asked, in this order."""

    handler: Handler
    envelopes: Envelopes
    bot_id: int
    zone: tzinfo
    asked: Sequence[str]

    def play(self) -> int:
        """Ask everything; return how many answers there were."""
        answering = Answering(self.handler, self.bot_id, self.zone, self.envelopes.handling, _no_books)
        claim = Claim(b"", b"", _NOBODY, 0, None, 1, None, None, None, time.time())
        answers = 0
        for text in self.asked:
            claim = self._next(claim, {"message": _message(claim, text)})
            worked = _worked(answering, claim)
            answers += worked is not None
            if worked is None or worked.result.session is None or worked.result.kept is None:
                continue
            session, kept = texts.write(worked.result.session), texts.write(worked.result.kept)
            claim = replace(claim, session_text=session, kept_text=kept)
            for data in list(_offered(worked))[:_PRESSED]:
                claim = self._next(claim, {"callback_query": _press(claim, data)})
                answers += _worked(answering, claim) is not None
        return answers

    @staticmethod
    def _next(claim: Claim, content: Json) -> Claim:
        number, at = (claim.number or 0) + 1, (claim.stored_at or 0.0) + _BETWEEN_SECONDS
        return replace(claim, number=number, content={"update_id": number, **content}, stored_at=at)


def _worked(answering: Answering, claim: Claim) -> Worked | None:
    """Answer; None: it would be decided with the books."""
    try:
        worked = answering.work(claim, claim.stored_at or 0.0)
    except _Here:
        return None
    return None if worked.result.within else worked


def _no_books(_: float) -> AbstractContextManager[Books]:
    raise _Here


def _offered(worked: Worked) -> Iterator[str]:
    """Give what the buttons under an answer call back."""
    for message in worked.result.outgoing:
        for row in message.params.get("reply_markup", {}).get("inline_keyboard", ()):
            yield from (button["callback_data"] for button in row if "callback_data" in button)


def _message(claim: Claim, text: str) -> Mapping[str, Any]:
    person = {"id": _NOBODY, "is_bot": False, "first_name": "-"}
    place = {"message_id": (claim.number or 0) + 1, "date": int(claim.stored_at or 0), "chat": _CHAT}
    return {**place, "from": person, "text": text}


def _press(claim: Claim, data: str) -> Mapping[str, Any]:
    pressed = _message(claim, "-")
    return {"id": "1", "from": pressed["from"], "chat_instance": "1", "message": pressed, "data": data}
