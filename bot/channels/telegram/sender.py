"""The sender: one of all instances sends for a bot. It marks a message before the call and writes down what became of it.

In each chat one message after the other; between chats at the same time, as the budgets allow.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

import structlog

from bot.channels.telegram.abilities import DRAFT, DRAFT_AFTER_SECONDS, UNKNOWN, Abilities
from bot.channels.telegram.budgets import Budgets
from bot.channels.telegram.called import make_plain, method_for, params_for, why_not
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.timing import Backoff, Bell, Clock, Pace, done
from bot.channels.telegram.transport import ApiRefusal, BotApi, NotSent
from bot.channels.telegram.verdicts import FLOOD, Verdict, judge
from catalog_db.journal.records import SENDER, JournalError, Letter, Message, Roleless
from catalog_db.journal.store import Journal

MOST_CALLS = 16  # at the same time: so many may be doubled when the process is killed
_SLOW_CALL = 2.0  # a call that takes longer no longer counts: what hangs must not stop the others
_MOST_SLOW_CALLS = 100
_MOST_CALLS_FOR_TYPING = 6  # typing is dropped when much is under way: what it announces comes first
_TYPING_SECONDS = 5.0  # it is shown for as long
_DRAFT_LASTS_SECONDS = 20.0  # Telegram shows one for thirty
_MOST_TAKEN = 200  # from the journal at once
_MOST_BULK = 200  # in memory
# Bulk goes a few at a time: five times a second while nothing else waits; one in a second while updates wait for their answers, so
# that it comes to an end whatever happens.
_BULK_SECONDS = 0.2
_BULK_BEHIND_SECONDS = 1.0
_LOOK_SECONDS = 0.3  # at least so often: another instance may have written something
_SHORTEST_WAIT = 0.005
_TIDY_SECONDS = 60.0
_NOTHING = ""  # the name of no message: what replaces it is sent as a new one

log = structlog.get_logger("telegram.sender")


class Sender:
    """Sends what waits in the journal. `run` ends only when it is cancelled."""

    def __init__(
        self, api: BotApi, journal: Journal, clock: Clock, metrics: Metrics, budgets: Budgets | None = None,
    ) -> None:  # fmt: skip
        self._api = api
        self._journal = journal
        self._clock = clock
        self._metrics = metrics
        self._budgets = budgets or Budgets()
        self.reported: Callable[[], None] = lambda: None  # called when a report may be there
        self.behind: Callable[[], bool] = lambda: (
            False
        )  # whether updates wait for their answers longer than they should
        self.fetch: Callable[[Letter], Awaitable[None]] = _nothing  # carries out what is no call but a file to be read
        self._lanes = Lanes(self._budgets)
        self._abilities = Abilities()
        self._wake = Bell()
        self._tasks: set[asyncio.Task[None]] = set()
        self._calls: dict[int, float] = {}  # which message → since when it is under way
        self._known: set[int] = set()  # what was taken and is not settled
        self._in_doubt = False  # whether something may have been taken that we were not told of
        self._paused_until = 0.0
        self._token_backoff = Backoff(2.0, 30.0)
        self._looking, self._looking_for_bulk, self._sending_bulk = self._paces = (Pace(), Pace(), Pace())
        self._tidied_at = 0.0
        self._fresh = True
        self._stopping = False

    def notify(self) -> None:
        """Say that the journal holds something new."""
        self._fresh = True
        self._wake.ring()

    def type_(self, message: Message) -> None:
        """Show typing at once, beside everything else; when much is under way, or anything goes wrong, not at all."""
        if len(self._tasks) < _MOST_CALLS_FOR_TYPING and self._clock.now() >= self._paused_until:
            self._spawn(self._show_typing(message))

    async def _show_typing(self, message: Message) -> None:
        try:
            if message.method != DRAFT or not await self._drafted(message):
                params = {"action": "typing"} if message.method == DRAFT else message.params
                await self._api.call("sendChatAction", {"chat_id": message.chat_id, **params}, _TYPING_SECONDS)
        except Exception as error:
            log.debug("typing_failed", error=type(error).__name__)

    async def _drafted(self, message: Message) -> bool:
        """Show a draft; tell whether the server can."""
        if self._abilities.drafts:
            try:
                await self._api.call(DRAFT, {"chat_id": message.chat_id, **message.params}, _TYPING_SECONDS)
            except ApiRefusal as refusal:
                self._abilities.drafts = refusal.code not in UNKNOWN
                return False
        return self._abilities.drafts

    async def _fetched(self, letter: Letter) -> None:
        """Let a file be fetched and read; what takes long shows that it goes on."""
        showing = asyncio.ensure_future(self._show_on(letter)) if letter.params.get("draft") else None
        try:
            await self.fetch(letter)
        finally:
            if showing is not None:
                showing.cancel()

    async def _show_on(self, letter: Letter) -> None:
        params = {"draft_id": letter.id, "text": letter.params["draft"]}
        await self._clock.sleep(DRAFT_AFTER_SECONDS)
        while True:
            self.type_(Message(DRAFT, params, letter.chat_id, "typing"))
            await self._clock.sleep(_DRAFT_LASTS_SECONDS)

    async def run(self) -> None:
        """Send for ever, while it is our turn."""
        backoff = Backoff(0.2, 5.0)
        ours = False
        while True:
            try:
                if not ours:
                    ours = await done(self._journal.acquire(SENDER, self._clock.now()))
                if ours:
                    await self._round()
                else:
                    await self._clock.sleep(1.0)
                backoff.reset()
            except Roleless:
                ours = False
                self._lanes = Lanes(self._budgets)  # whoever sends now has taken it over
                self._known.clear()
            except JournalError:
                self._in_doubt = True
                self._metrics.store_errors.labels("sender").inc()
                await self._clock.sleep(backoff.next())

    async def stop(self, within: float) -> None:
        """Let calls end that are under way, at most `within` seconds; what is not called yet waits in the journal."""
        self._stopping = True
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within)
        for task in self._tasks:
            task.cancel()

    async def _round(self) -> None:
        now = self._clock.now()
        if self._fresh or self._looking.is_due(now, _LOOK_SECONDS):
            await self._load()
        now = self._clock.now()
        room = self._room(now)
        wait = _LOOK_SECONDS
        if now < self._paused_until:
            wait = min(wait, self._paused_until - now)
        elif room > 0:
            letters = self._lanes.take(now, room, self._bulk_room(now))
            if letters:
                self._calls.update((letter.id, _counted_from(letter, now)) for letter in letters)
                self._spawn(self._launch(letters))
            wait = min(wait, max(_SHORTEST_WAIT, self._lanes.next_at(now)))
            if self._lanes.bulk_waiting:
                wait = min(wait, _BULK_SECONDS)
        if not self._fresh and not await self._wake.wait(self._clock, wait):
            for pace in self._paces:
                pace.waited(wait)
        if now - self._tidied_at > _TIDY_SECONDS:
            self._tidied_at = now
            self._budgets.tidy(now)

    def _bulk_room(self, now: float) -> int | None:
        """Tell how much bulk may go now: none but at its time, one when updates wait, None: as the budgets allow."""
        behind = self.behind()
        if not self._sending_bulk.is_due(now, _BULK_BEHIND_SECONDS if behind else _BULK_SECONDS):
            return 0
        self._sending_bulk.done(now)
        return 1 if behind else None

    def _room(self, now: float) -> int:
        """Tell how many more calls may be under way."""
        young = sum(began + _SLOW_CALL > now for began in self._calls.values())
        return min(MOST_CALLS - young, _MOST_SLOW_CALLS - len(self._calls))

    async def _load(self) -> None:
        if self._in_doubt:
            await done(self._journal.return_others(self._known))
            self._in_doubt = False
        self._fresh = False
        now = self._clock.now()
        self._looking.done(now)
        most = 0 if self._stopping or now < self._paused_until else self._room(now)
        taking = self._journal.take(_MOST_TAKEN, bulk=False, at_once=lambda some: self._lanes.at_once(some, most, now))
        letters = await done(taking)
        self._fresh = self._fresh or len(letters) == _MOST_TAKEN
        self._hold(letters, now)
        if self._lanes.bulk_waiting < _MOST_BULK // 2 and self._looking_for_bulk.is_due(now, _LOOK_SECONDS):
            self._looking_for_bulk.done(now)
            self._hold(await done(self._journal.take(_MOST_BULK, bulk=True)), now)

    def _hold(self, letters: list[Letter], now: float) -> None:
        for letter in letters:
            self._known.add(letter.id)
            if letter.marked:
                letter.attempts += 1
                self._calls[letter.id] = _counted_from(letter, now)
                self._lanes.begin(letter, now)
                self._spawn(self._send(letter))
            else:
                self._lanes.add(letter, now)

    # ---- one message

    async def _launch(self, letters: list[Letter]) -> None:
        """Mark messages as being sent, then send each."""
        try:
            marked = await done(self._journal.mark(letters))
        except (JournalError, Roleless):
            # Not marked, so not sent. Still ours by the journal: they are taken again after the next start or by `adopt`.
            self._metrics.store_errors.labels("sender").inc()
            await self._back(letters)
            return
        for letter in letters:
            if letter.id not in marked:  # superseded, or its chat was stopped
                self._known.discard(letter.id)
                self._done(letter)
                continue
            letter.message_id = marked[letter.id]
            letter.attempts += 1
            self._spawn(self._send(letter))

    async def _back(self, letters: list[Letter]) -> None:
        await self._clock.sleep(0.5)
        for letter in letters:
            self._lanes.add(letter, self._clock.now(), first=True)
            self._done(letter)

    def _done(self, letter: Letter) -> None:
        self._calls.pop(letter.id, None)
        self._lanes.release(letter, self._clock.now())
        self._wake.ring()

    async def _send(self, letter: Letter) -> None:
        try:
            verdict, result = await self._call(letter)
            self._lanes.called(letter, self._clock.now())
            await self._settle(letter, verdict, result)
            self._journal.flights.forget(letter.key)
        finally:
            self._done(letter)

    async def _call(self, letter: Letter) -> tuple[Verdict, Any]:
        if self._stopping:
            return Verdict("again", "stopping"), None
        hopeless = why_not(letter, self._clock.now())
        if hopeless:
            return Verdict("failed", hopeless), None
        method, flights = method_for(letter) or letter.method, self._journal.flights
        try:
            if letter.kind == "fetch":
                flights.leave(letter.key)
                await self._fetched(letter)
                return Verdict("sent"), None
            method, params = self._abilities.call(letter, method, params_for(letter), self._clock.now())
            result = await self._api.call(method, params, leaves=lambda: flights.leave(letter.key))
            flights.land(letter.key, _number_in(result))
            return Verdict("sent"), result
        except Exception as error:
            if isinstance(error, (ApiRefusal, NotSent)):
                flights.refuse(letter.key)
            verdict = judge(letter, error, self._clock.now())
            if verdict.fate == "poorer" and isinstance(error, ApiRefusal):
                self._abilities.refused(letter, error, self._clock.now())
            return verdict, None

    async def _settle(self, letter: Letter, verdict: Verdict, result: Any) -> None:
        """Write down what became of a message; again and again while the database is away."""
        self._metrics.sent.labels(letter.kind, verdict.fate).inc()
        now = self._clock.now()
        if verdict.fate == "sent":
            self._token_backoff.reset()
            self._metrics.trouble.labels("token").set(0)
            self._metrics.delivery_seconds.observe(max(0.0, now - letter.stored_at))
            number = _number_in(result) or letter.message_id
            await self._written(lambda: self._journal.sent(letter, number, now, result))
            self._tell(letter)
            self._known.discard(letter.id)
            return
        log.info("not_sent", method=letter.method, kind=letter.kind, fate=verdict.fate, reason=verdict.reason)
        if verdict.fate in ("failed", "unknown"):
            await self._give_up(letter, verdict.fate, verdict.reason)
        elif verdict.fate == "stopped":
            await self._stop_chat(letter, verdict)
        else:
            await self._try_again(letter, verdict)

    def _tell(self, letter: Letter) -> None:
        if letter.report is not None:
            self.reported()

    async def _give_up(self, letter: Letter, state: str, reason: str) -> None:
        await self._written(lambda: self._journal.give_up(letter, state, reason, self._clock.now()))
        self._tell(letter)
        self._known.discard(letter.id)

    async def _stop_chat(self, letter: Letter, verdict: Verdict) -> None:
        chat_id = letter.chat_id
        await self._give_up(letter, "failed", verdict.reason)
        if chat_id is not None and letter.kind != "answer_callback":
            await self._written(lambda: self._journal.stop(chat_id, verdict.reason, self._clock.now()))
            self.reported()
            self._known.difference_update(one.id for one in self._lanes.drop_waiting(letter.chat or b""))

    async def _try_again(self, letter: Letter, verdict: Verdict) -> None:
        wait = self._prepare_again(letter, verdict)
        if wait is None:
            await self._give_up(letter, "failed", verdict.reason)
            return
        now = self._clock.now()
        if verdict.fate == "moved" and letter.chat_id is not None and verdict.moved_to is not None:
            old, new = letter.chat_id, verdict.moved_to
            await self._written(lambda: self._journal.move(old, new))
            letter.params["chat_id"] = new
        if verdict.reason == FLOOD and letter.chat is not None:
            self._lanes.hold(letter.chat, now, now + wait)
        letter.repeats += verdict.unclear
        letter.not_before = now + wait
        await self._written(lambda: self._journal.again(letter, letter.not_before, letter.repeats, verdict.reason))
        self._lanes.add(letter, now, first=True)

    def _prepare_again(self, letter: Letter, verdict: Verdict) -> float | None:
        """Change a message as the refusal asks for; return the seconds to wait, or None when nothing helps."""
        if verdict.fate == "token":
            self._metrics.trouble.labels("token").set(1)
            wait = self._token_backoff.next()
            self._paused_until = self._clock.now() + wait
            return wait
        if verdict.fate == "anew":
            if letter.method != "editMessageText" or letter.replaces == _NOTHING:
                return None
            letter.params.pop("message_id", None)
            letter.message_id, letter.replaces = None, _NOTHING
        elif verdict.fate == "plain":
            if "parse_mode" not in letter.params:
                return None
            make_plain(letter.params)
        return verdict.wait

    async def _written(self, write: Callable[[], Future[None]]) -> None:
        backoff = Backoff(0.2, 5.0)
        while True:
            try:
                await done(write())
            except JournalError:
                self._metrics.store_errors.labels("sender").inc()
                await self._clock.sleep(backoff.next())
            else:
                return

    def _spawn(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _number_in(result: Any) -> int | None:
    """Return the number of the message that a call made."""
    number = result.get("message_id") if isinstance(result, dict) else None
    return number if isinstance(number, int) else None


def _counted_from(letter: Letter, now: float) -> float:
    """Tell from when on a call counts among the few; a button may be acknowledged twice, so that it never does."""
    return -math.inf if letter.kind == "answer_callback" else now


async def _nothing(letter: Letter) -> None:
    """Fetch nothing: this process reads no files."""
