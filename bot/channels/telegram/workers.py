"""Workers: take conversations that are due, let the handler answer, write what it led to in one piece.

Updates of one conversation are handled one after the other; different conversations in threads at the same time.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TypeVar

import structlog

from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.outgoing import ConversationState, Handled, Handler, Outgoing
from bot.channels.telegram.timing import Backoff, Bell, Clock, done
from catalog_db.journal.incoming import Handling
from catalog_db.journal.records import Claim, Claimless, JournalError, Message, Result
from catalog_db.journal.store import Journal

T = TypeVar("T")

THREADS = 2  # one that takes long does not stop the others; more only get into each other's way
# Python computes one thing at a time: two answers side by side would both take twice as long. One waits for the other, but not
# for one that takes long.
_PATIENCE_SECONDS = 0.03
MOST_ATTEMPTS = 10  # an update that was taken up as often and never finished ends the process: it is skipped
_IN_HAND = 48  # conversations at the same time: most of them wait for the journal, which writes many together
_LATE_SECONDS = 0.3  # an update that waits longer for its answer is one that others should make room for
_LOOK_SECONDS = 0.3  # at least so often: another instance may have stored, or a wait is over

log = structlog.get_logger("telegram.workers")


class Workers:
    """The workers of one process. `answered` is called when there is something to send, `type_` with what shows typing."""

    def __init__(
        self, journal: Journal, handler: Handler, clock: Clock, zone: tzinfo, metrics: Metrics,
        answered: Callable[[], None], type_: Callable[[Message], None], threads: int = THREADS,
    ) -> None:  # fmt: skip
        self._journal = journal
        self._handler = handler
        self._clock = clock
        self._zone = zone
        self._metrics = metrics
        self._answered = answered
        self._type = type_
        self._pool = ThreadPoolExecutor(threads, "answers")
        self._turn = threading.Lock()
        self._most = max(threads, _IN_HAND)
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: dict[bytes, float] = {}  # since when its first update waits
        self._in_doubt = False  # whether a claim may have been made that we were not told of
        self._stopping = False
        self._promised = 0  # places for what is claimed while it is stored
        self._full = False  # whether the last claim was as large as it could be: more may be due
        self._wake = Bell()

    def notify(self) -> None:
        """Say that something may be due."""
        self._wake.ring()

    def behind(self) -> bool:
        """Tell whether updates wait for their answers longer than they should."""
        return self._full or min(self._in_hand.values(), default=math.inf) < self._clock.now() - _LATE_SECONDS

    async def run(self) -> None:
        """Handle what is due until cancelled."""
        backoff = Backoff(0.2, 5.0)
        while True:
            try:
                if not await self._claim():
                    await self._wake.wait(self._clock, _LOOK_SECONDS)
                backoff.reset()
            except JournalError:
                self._in_doubt = True
                self._metrics.store_errors.labels("workers").inc()
                await self._clock.sleep(backoff.next())

    async def stop(self, within: float) -> None:
        """Let what is being handled end, at most `within` seconds; what does not is handled after the next start."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in self._tasks:
            task.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def promise(self, most: int) -> int:
        """Keep places for claims that are made while updates are stored; return how many. `arrived` fills them."""
        closed = self._in_doubt or self._stopping
        room = 0 if closed else max(0, min(most, self._most - len(self._tasks) - self._promised))
        self._promised += room
        return room

    def arrived(self, stored: Future[tuple[int, list[Claim]]], promised: int) -> None:
        """Begin with what was claimed while updates were stored. Called when that has ended, however it did."""
        self._promised -= promised
        if stored.exception() is not None:
            self._in_doubt = self._in_doubt or promised > 0
            self.notify()
        elif not self._stopping:
            new, claims = stored.result()
            self._begin(claims)
            if new > len(claims) or self._in_doubt:
                self.notify()

    async def _claim(self) -> bool:
        """Take what is due; tell whether more may be."""
        room = self._most - len(self._tasks) - self._promised
        self._full = room <= 0
        if self._full:
            return False
        if self._in_doubt:
            if self._promised:  # what comes of them must be known first
                return False
            self._in_doubt = False
            await done(self._journal.release_others(self._in_hand))
        claims = await done(self._journal.claim(room, self._clock.now()))
        self._begin(claims)
        return len(claims) == room

    def _begin(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            self._in_hand[claim.conversation] = math.inf
            task = asyncio.ensure_future(self._work(claim))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _work(self, claim: Claim) -> None:
        following: Claim | None = claim
        try:
            while following is not None:
                self._in_hand[claim.conversation] = following.stored_at or self._clock.now()
                following = await self._handle(following)
        finally:
            self._in_hand.pop(claim.conversation, None)
            if self._full:
                self.notify()

    async def _handle(self, claim: Claim) -> Claim | None:
        """Handle an update; return the next of its conversation, when it was taken along."""
        loop = asyncio.get_running_loop()
        result, typing, sealed = await loop.run_in_executor(self._pool, self._worked, claim)
        for message in typing:
            self._type(message)
        try:
            finishing = self._journal.finish(claim, result, self._clock.now(), sealed, go_on=not self._stopping)
            result = await self._written(claim, result, finishing)
        except Claimless:
            self._metrics.handled.labels("lost claim").inc()
            self.notify()
            return None
        self._metrics.handled.labels(result.outcome).inc()
        if claim.stored_at is not None:
            self._metrics.answer_seconds.observe(max(0.0, self._clock.now() - claim.stored_at))
        if result.more:
            self.notify()
        if result.outgoing:
            self._answered()
        return result.following

    async def _written(self, claim: Claim, result: Result, finishing: Future[Result]) -> Result:
        """Wait until the result is written and return it as it was decided; the answer is not worked out again while the database is away."""
        backoff = Backoff(0.2, 5.0)
        while True:
            try:
                return await done(finishing)
            except JournalError:
                self._in_doubt = True  # it may be written, and the next update be ours
                self._metrics.store_errors.labels("workers").inc()
                await self._clock.sleep(backoff.next())
                finishing = self._journal.finish(claim, result, self._clock.now())
            except Claimless:
                raise
            except Exception as error:  # what decides within the transaction failed: the update still comes to an end
                if result.within is None:
                    raise
                log.error("decision_failed", error=type(error).__name__)
                result = await self._apologised(claim, error)
                finishing = self._journal.finish(claim, result, self._clock.now())

    async def _apologised(self, claim: Claim, error: Exception) -> Result:
        now = datetime.fromtimestamp(self._clock.now(), self._zone)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._apology, claim, self._state(claim), now, error)

    # ---- in a thread

    def _worked(self, claim: Claim) -> tuple[Result, list[Message], Handling | None]:
        """Return the answer, what shows typing, and the answer sealed."""
        in_turn = self._turn.acquire(timeout=_PATIENCE_SECONDS)
        try:
            result, typing = _apart(self._answer(claim))
            try:
                return result, typing, self._journal.seal(claim, result)
            except (TypeError, ValueError) as error:  # what the handler gave is no JSON
                result = _failed(claim, error)
                return result, typing, self._journal.seal(claim, result)
        finally:
            if in_turn:
                self._turn.release()

    def _answer(self, claim: Claim) -> Result:
        """Let the handler answer; whatever it raises, the update comes to an end."""
        now = datetime.fromtimestamp(self._clock.now(), self._zone)
        state = self._state(claim)
        if claim.attempts > MOST_ATTEMPTS:
            log.error("update_skipped", attempts=claim.attempts)
            return Result("poisoned")
        try:
            if claim.content is None:
                return _result(self._handler.wake(state, now))
            return _result(self._handler.handle(claim.content, state, now))
        except Exception as error:
            log.error("handler_failed", error=type(error).__name__)
            return self._apology(claim, state, now, error)

    def _apology(self, claim: Claim, state: ConversationState, now: datetime, error: Exception) -> Result:
        result = _failed(claim, error)
        if claim.content is None:
            return result
        try:
            said = self._handler.apologise(claim.content, state, now)
            return Result(result.outcome, outgoing=tuple(message_of(message) for message in said.outgoing))
        except Exception as further:
            log.error("apology_failed", error=type(further).__name__)
            return result

    def _state(self, claim: Claim) -> ConversationState:
        used = None if claim.used_at is None else datetime.fromtimestamp(claim.used_at, self._zone)
        return ConversationState(
            self._journal.bot, claim.chat_id, claim.session, claim.kept, used, claim.marks,
            lambda: self._journal.reading(self._clock.now()),
        )  # fmt: skip


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
