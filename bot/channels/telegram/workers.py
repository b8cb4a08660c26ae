"""Workers: take conversations that are due, let the handler answer, write what it led to in one piece.

Updates of one conversation are handled one after the other; different conversations in threads at the same time.
"""

from __future__ import annotations

import asyncio
import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import tzinfo

import structlog

from bot.channels.telegram.abilities import DRAFT, DRAFT_AFTER_SECONDS
from bot.channels.telegram.answering import Answering, Worked
from bot.channels.telegram.beside import Beside
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.outgoing import Handler
from bot.channels.telegram.timing import Backoff, Bell, Clock, done
from catalog_db.journal.records import Claim, Claimless, JournalError, Message, Result
from catalog_db.journal.store import Journal

THREADS = 2  # one that takes long does not stop the others; more only get into each other's way
# Python computes one thing at a time: two answers side by side would both take twice as long. One waits for the other, but not
# for one that takes long.
_PATIENCE_SECONDS = 0.03
_IN_HAND = 48  # conversations at the same time: most of them wait for the journal, which writes many together
_LATE_SECONDS = 0.3  # an update that waits longer for its answer is one that others should make room for
_MOST_DRAFT = (1 << 31) - 1  # its number is not zero
_LOOK_SECONDS = 0.3  # at least so often: another instance may have stored, or a wait is over

log = structlog.get_logger("telegram.workers")


class Workers:
    """The workers of one process. `answered` is called when there is something to send, `type_` with what shows typing.

    `beside`: another process that answers, opened.
    """

    def __init__(
        self, journal: Journal, handler: Handler, clock: Clock, zone: tzinfo, metrics: Metrics,
        answered: Callable[[], None], type_: Callable[[Message], None], threads: int = THREADS, beside: Beside | None = None,
    ) -> None:  # fmt: skip
        self._journal = journal
        self._answering = Answering(handler, journal.bot, zone, journal.seal, journal.reading)
        self._beside = beside
        self._clock = clock
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
        showing = asyncio.get_running_loop().call_later(DRAFT_AFTER_SECONDS, self._show_working, claim)
        try:
            worked = await self._worked(claim)
        finally:
            showing.cancel()
        for message in worked.typing:
            self._type(message)
        try:
            result = await self._written(claim, worked)
        except Claimless:
            self._metrics.handled.labels("lost claim").inc()
            self.notify()
            return None
        self._metrics.handled.labels(result.outcome).inc()
        if claim.stored_at is not None:
            self._metrics.answer_seconds.observe(max(0.0, self._clock.now() - claim.stored_at))
        if result.more:
            self.notify()
        if result.outgoing or worked.says:
            self._answered()
        return result.following

    def _show_working(self, claim: Claim) -> None:
        """Show a person who asked something that the answer takes its time."""
        if claim.chat_id is not None and claim.chat_id > 0 and claim.number is not None and claim.number > 0:
            params = {"draft_id": claim.number % _MOST_DRAFT + 1, "text": ""}  # empty: the platform's own words for it
            self._type(Message(DRAFT, params, claim.chat_id, "typing"))

    async def _worked(self, claim: Claim) -> Worked:
        """Return what an update leads to, by the process beside ours where that can tell it."""
        if self._beside is not None and self._beside.takes(claim):
            worked = await self._beside.work(claim, self._clock.now())
            if worked is not None:
                return worked
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._worked_here, claim)

    async def _written(self, claim: Claim, worked: Worked) -> Result:
        """Wait until it is written and return it as it was decided; it is not worked out again while the database is away."""
        result, sealed, on = worked.result, worked.sealed, not self._stopping
        backoff = Backoff(0.2, 5.0)
        while True:
            try:
                return await done(self._journal.finish(claim, result, self._clock.now(), sealed, go_on=on))
            except JournalError:
                self._in_doubt, on = True, False  # it may be written, and the next update be ours
                self._metrics.store_errors.labels("workers").inc()
                await self._clock.sleep(backoff.next())
            except Claimless:
                raise
            except Exception as error:  # what decides within the transaction failed: the update still comes to an end
                if result.within is None:
                    raise
                log.error("decision_failed", error=type(error).__name__)
                result, sealed, on = await self._apologised(claim, error), None, False

    async def _apologised(self, claim: Claim, error: Exception) -> Result:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, self._answering.apologise, claim, self._clock.now(), error)

    # ---- in a thread

    def _worked_here(self, claim: Claim) -> Worked:
        in_turn = self._turn.acquire(timeout=_PATIENCE_SECONDS)
        try:
            return self._answering.work(claim, self._clock.now())
        finally:
            if in_turn:
                self._turn.release()
