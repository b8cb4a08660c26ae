"""What an update leads to: the handler is asked, and its answer made ready for the journal. No network, no database.

It depends on nothing but what it is given, so another process can do it as well (`beside`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import structlog

from bot.channels.telegram.outgoing import ConversationState, Handled, Handler, Outgoing
from catalog_db.journal.books import Books
from catalog_db.journal.incoming import Handling
from catalog_db.journal.records import Claim, Message, Result, Told

MOST_ATTEMPTS = 10  # an update that was taken up as often and never finished ends the process: it is skipped

log = structlog.get_logger("telegram.workers")

Seal = Callable[[Claim, Result], Handling | None]
Reading = Callable[[float], AbstractContextManager[Books]]


@dataclass(frozen=True, slots=True)
class Worked(Told):
    """What an update led to. `typing`: to be shown at once; `sealed`: the result for the journal, None: it is decided there."""

    result: Result
    typing: list[Message]
    sealed: Handling | None

    @property
    def says(self) -> bool:
        """Tell whether there is something to send."""
        return bool(self.result.outgoing or (self.sealed and self.sealed.outgoing))


class Answering:
    """Asks the handler of one bot. `seal`: see `Journal.seal`; `reading`: gives a look at the books at a time."""

    def __init__(self, handler: Handler, bot: int, zone: tzinfo, seal: Seal, reading: Reading) -> None:
        self._handler = handler
        self._bot = bot
        self._zone = zone
        self._seal = seal
        self._reading = reading

    def work(self, claim: Claim, now: float) -> Worked:
        """Return what an update leads to, sealed; whatever the handler raises, the update comes to an end."""
        result, typing = _apart(self._answer(claim, now))
        try:
            return Worked(result, typing, self._seal(claim, result))
        except (TypeError, ValueError) as error:  # what the handler gave is no JSON
            result = _failed(claim, error)
            return Worked(result, typing, self._seal(claim, result))

    def apologise(self, claim: Claim, now: float, error: Exception) -> Result:
        """Return what an update that failed leads to."""
        result = _failed(claim, error)
        if claim.content is None:
            return result
        try:
            said = self._handler.apologise(claim.content, self._state(claim, now), self._moment(now))
            return Result(result.outcome, outgoing=tuple(message_of(message) for message in said.outgoing))
        except Exception as further:
            log.error("apology_failed", error=type(further).__name__)
            return result

    def _answer(self, claim: Claim, now: float) -> Result:
        if claim.attempts > MOST_ATTEMPTS:
            log.error("update_skipped", attempts=claim.attempts)
            return Result("poisoned")
        try:
            if claim.content is None:
                return _result(self._handler.wake(self._state(claim, now), self._moment(now)))
            return _result(self._handler.handle(claim.content, self._state(claim, now), self._moment(now)))
        except Exception as error:
            log.error("handler_failed", error=type(error).__name__)
            return self.apologise(claim, now, error)

    def _moment(self, now: float) -> datetime:
        return datetime.fromtimestamp(now, self._zone)

    def _state(self, claim: Claim, now: float) -> ConversationState:
        used = None if claim.used_at is None else self._moment(claim.used_at)
        return ConversationState(
            self._bot, claim.chat_id, claim.session, claim.kept, used, claim.marks, lambda: self._reading(now)
        )


def _failed(claim: Claim, error: Exception) -> Result:
    """Record a failure; what was kept waiting is not waited for again."""
    return Result(f"failed {type(error).__name__}", kept={} if claim.content is None else None)


def _apart(result: Result) -> tuple[Result, list[Message]]:
    """Take typing out of a result: it is shown now or not at all, so the journal need not know of it."""
    typing = [message for message in result.outgoing if message.kind == "typing"]
    if not typing:
        return result, typing
    return replace(result, outgoing=tuple(one for one in result.outgoing if one.kind != "typing")), typing


def _result(handled: Handled) -> Result:
    decide = handled.within
    if decide is not None:
        return Result(handled.outcome, within=lambda books: _apart(_result(decide(books)))[0])
    return Result(
        outcome=handled.outcome,
        session=handled.session_json,
        kept=handled.keep,
        outgoing=tuple(message_of(message) for message in handled.outgoing),
        wake_at=handled.wait_until.timestamp() if handled.wait_until else None,
        supersedes=tuple(handled.supersedes),
        forget=handled.forget,
    )


def message_of(outgoing: Outgoing) -> Message:
    """Turn what a handler says into what the journal keeps."""
    return Message(
        method=outgoing.method,
        params=outgoing.params,
        chat_id=outgoing.chat_id,
        kind=outgoing.kind,
        critical=outgoing.critical,
        replaces=outgoing.replaces,
        remember_as=outgoing.remember_as,
        expires_at=outgoing.expires_at.timestamp() if outgoing.expires_at else None,
        report=(outgoing.report.conversation, outgoing.report.tag) if outgoing.report else None,
    )
