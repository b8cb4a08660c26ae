"""The composition of the channel: journal, intake, workers, sender and web server of one process, run until it is stopped.

asyncio.run(serve(configuration(settings), lambda me, keys: MyHandler(...)))
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import structlog

from bot.channels.telegram import logs
from bot.channels.telegram.answering import message_of
from bot.channels.telegram.arrivals import ALLOWED_UPDATES, BotIdentity
from bot.channels.telegram.beside import Beside, MakeHandler, Opening
from bot.channels.telegram.budgets import Budgets
from bot.channels.telegram.configuration import Configuration
from bot.channels.telegram.fetching import Fetcher
from bot.channels.telegram.garbage import leave_alone_what_stays
from bot.channels.telegram.ingest import Intake, Polling
from bot.channels.telegram.keys import KeyRing, load_keys
from bot.channels.telegram.listening import Listener
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.outgoing import Ahead, Chore, Outgoing
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.timing import Backoff, Clock, SystemClock, before, done, end
from bot.channels.telegram.transport import AiohttpRequest, ApiRefusal, BotApi, NotSent, Unclear
from bot.channels.telegram.webhook import Webhook, make_application
from bot.channels.telegram.workers import Workers
from catalog_db.journal.books import Books
from catalog_db.journal.opening import open_journal
from catalog_db.journal.records import CHORES, JournalError, Message, Roleless
from catalog_db.journal.store import Journal

BEAT_SECONDS = 1.0
_COUNT_SECONDS = 5.0
_PURGE_SECONDS = 600.0
_STALE_SECONDS = 90.0  # without a successful poll or an answer of the journal: not ready
_SWITCH_SECONDS = 0.0005  # of Python's threads: who receives, stores and sends waits this long for who answers
_COMMIT_PAUSE = 0.006  # seconds between two transactions of the journal, in which more comes together
_DRAIN_SECONDS = 0.6  # for calls and answers under way when the service stops

log = structlog.get_logger("telegram.service")


class ServiceError(Exception):
    """The service cannot start; the message names the setting."""


async def serve(
    config: Configuration, make_handler: MakeHandler, *, clock: Clock | None = None, stop: asyncio.Event | None = None,
    started: Callable[[Service], None] | None = None, beside: Beside | None = None,
) -> None:  # fmt: skip
    """Run the channel until SIGINT, SIGTERM or `stop`. `started` is called with the running service.

    `beside`: the process that works out answers, which ends with this one; None: it is done here.
    Raises ServiceError, KeyFileError, JournalError, DatabaseError when it cannot start.
    """
    logs.configure(config.token)
    sys.setswitchinterval(_SWITCH_SECONDS)
    stop = stop or asyncio.Event()
    _stop_on_signals(stop)
    service = Service(config, clock or SystemClock(), beside=beside)
    try:
        if not await before(stop, service.start(make_handler)):
            return
        leave_alone_what_stays()
        if started is not None:
            started(service)
        await service.run_until(stop)
    finally:
        await service.close()


def _stop_on_signals(stop: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError, RuntimeError, ValueError):  # not everywhere, and in the main thread only
            asyncio.get_running_loop().add_signal_handler(number, stop.set)


@dataclass(slots=True)
class _Parts:
    """What is there while the service runs."""

    journal: Journal
    intake: Intake
    workers: Workers
    sender: Sender
    listener: Listener | None


@dataclass(slots=True)
class Service:
    """One running process of the channel."""

    config: Configuration
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    identity: BotIdentity | None = None
    beside: Beside | None = None
    _request: AiohttpRequest = field(default_factory=AiohttpRequest)
    _parts: _Parts | None = None
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _lasting: list[asyncio.Task[None]] = field(default_factory=list)  # those of them that never end by themselves
    _answered_at: float = 0.0  # when the journal last did
    _started_at: float = 0.0

    @property
    def api(self) -> BotApi:
        """The calls of our bot."""
        return BotApi(self._request, self.config.api_url, self.config.token.reveal())

    @property
    def port(self) -> int | None:
        """The port that is listened on."""
        return self._parts.listener.port if self._parts and self._parts.listener else None

    @property
    def journal(self) -> Journal:
        """The journal. Raises RuntimeError before `start`."""
        return self._running().journal

    async def send(self, messages: Sequence[Outgoing]) -> int:
        """Let messages be sent that answer no update; return how many will be. Raises JournalError: none of them."""
        rows = [message_of(message) for message in messages]
        sent = await done(self._running().journal.add(rows, self.clock.now()))
        self._running().sender.notify()
        return sent

    def _running(self) -> _Parts:
        if self._parts is None:
            raise RuntimeError("the service is not started")
        return self._parts

    async def start(self, make_handler: MakeHandler) -> None:
        """Learn who we are, open the journal, begin to work."""
        keys = load_keys(self.config.key_file)
        await self._request.initialize()
        self.identity = me = await self._identify()
        deliver = asyncio.get_running_loop().call_soon_threadsafe
        journal = await asyncio.to_thread(
            open_journal, self.config.database_url, KeyRing(keys), me.bot_id, deliver, _COMMIT_PAUSE
        )
        budgets = Budgets(lifted=self.config.budgets_lifted)
        sender = Sender(self.api, journal, self.clock, self.metrics, budgets)
        handler = make_handler(me, keys)
        if self.beside is not None:
            await self.beside.open(Opening(me, keys, self.config.zone, self.config.token))
        workers = Workers(
            journal, handler, self.clock, self.config.zone, self.metrics, sender.notify, sender.type_,
            self.config.threads, self.beside,
        )  # fmt: skip
        sender.reported, sender.behind = workers.notify, workers.behind
        fetcher = Fetcher(self.api, journal, self.clock, self.config.readers, workers.notify)
        sender.fetch = fetcher.carry_out
        intake = Intake(journal, me, self.clock, self.metrics, workers)
        self._parts = _Parts(journal, intake, workers, sender, None)
        self._parts.listener = self._listener(intake)
        self._started_at = self._answered_at = self.clock.now()
        work = [sender.run(), workers.run(), self._beat(), self._keep_house()]
        work += [self._do_again_and_again(chore) for chore in handler.chores()]
        if self._parts.listener:
            work.append(self._parts.listener.run())
        self._lasting = [asyncio.ensure_future(item) for item in work]
        self._tasks = [*self._lasting, asyncio.ensure_future(self._receive(intake))]
        log.info("started", mode=self.config.mode, port=self.port)

    async def _identify(self) -> BotIdentity:
        """Ask who we are; while the Bot API is away, ask again. Raises ServiceError when it knows no such token."""
        backoff = Backoff(0.5, 15.0)
        while True:
            try:
                me = await self.api.call("getMe", {}, seconds=10.0)
                hears_all = bool(me.get("can_read_all_group_messages"))
                return BotIdentity(
                    int(me["id"]),
                    str(me["username"]),
                    self.config.staff_chat_id,
                    hears_all,
                    tuple(self.config.more_staff),
                )
            except ApiRefusal as refusal:
                if refusal.code in (401, 404) and refusal.description:
                    raise ServiceError("LVXUAN_TELEGRAM_TOKEN: the Bot API knows no bot with this token") from None
                log.warning("no_getme", code=refusal.code)
            except (NotSent, Unclear, KeyError, TypeError, ValueError) as error:
                log.warning("no_getme", error=type(error).__name__)
            await self.clock.sleep(backoff.next())

    def _listener(self, intake: Intake) -> Listener | None:
        address = self.config.listen
        if address is None:
            return None
        webhook = None
        if self.config.mode == "webhook" and self.config.webhook_secret is not None:
            webhook = Webhook(intake, self.config.webhook_secret.reveal(), self.metrics)
        path = urlsplit(self.config.webhook_url).path or "/"
        try:
            return Listener(make_application(self.health, self.metrics, webhook, path), address)
        except OSError as error:
            if webhook is None:  # polling works without; two on one machine need not agree on ports
                log.warning("not_listening", port=address.port, error=type(error).__name__)
                return None
            raise ServiceError(
                f"LVXUAN_TELEGRAM_WEBHOOK_LISTEN: {address.host}:{address.port} cannot be listened on ({error.strerror})"
            ) from error

    async def _receive(self, intake: Intake) -> None:
        """Receive by polling, or tell Telegram where to push."""
        if self.config.mode == "webhook":
            secret = self.config.webhook_secret.reveal() if self.config.webhook_secret else ""
            await self._insist("setWebhook", {
                "url": self.config.webhook_url, "secret_token": secret, "allowed_updates": list(ALLOWED_UPDATES),
                "max_connections": 40,
            })  # fmt: skip
            return
        await self._insist("deleteWebhook", {})
        journal = self._running().journal
        await Polling(self.api, journal, intake, self.clock, self.metrics, self.config.poll_seconds).run()

    async def _insist(self, method: str, params: dict[str, Any]) -> None:
        """Make a call until it is done."""
        backoff = Backoff(0.5, 30.0)
        while True:
            try:
                await self.api.call(method, params)
            except (ApiRefusal, NotSent, Unclear) as error:
                self.metrics.trouble.labels(method).set(1)
                log.warning("call_failed", method=method, error=type(error).__name__)
                wait = getattr(error, "retry_after", None) or backoff.next()
                await self.clock.sleep(wait)
            else:
                self.metrics.trouble.labels(method).set(0)
                return

    async def _beat(self) -> None:
        while True:
            try:
                dead = await done(self._running().journal.beat())
                self._answered_at = self.clock.now()
                if dead:
                    log.warning("instance_ended", count=len(dead))
                    self._running().workers.notify()
            except JournalError:
                self.metrics.store_errors.labels("beat").inc()
            await self.clock.sleep(BEAT_SECONDS)

    async def _keep_house(self) -> None:
        purged_at = 0.0
        while True:
            now = self.clock.now()
            try:
                counts = await done(self._running().journal.count())
                for name in ("updates_waiting", "outgoing_waiting"):
                    self.metrics.waiting.labels(name).set(counts[name])
                for name in ("oldest_update", "oldest_outgoing"):
                    self.metrics.waiting.labels(f"{name}_seconds").set(
                        max(0.0, now - counts[name]) if counts[name] else 0
                    )
                if now - purged_at > _PURGE_SECONDS:
                    await done(self._running().journal.purge(now))
                    purged_at = now
            except JournalError:
                self.metrics.store_errors.labels("house").inc()
            await self.clock.sleep(_COUNT_SECONDS)

    async def _do_again_and_again(self, chore: Chore) -> None:
        def said(books: Books) -> list[Message]:
            return [message_of(message) for message in chore(books)]

        while True:
            try:
                journal = self._running().journal
                ours = await done(journal.acquire(CHORES))
                if ours and isinstance(chore, Ahead):
                    await asyncio.to_thread(chore.ahead)
                sent = await done(journal.work(said, self.clock.now())) if ours else 0
                if sent:
                    self._running().sender.notify()
            except (JournalError, Roleless):
                self.metrics.store_errors.labels("chores").inc()
            except Exception as error:  # one part's mistake must not end the service
                log.error("chore_failed", chore=type(chore).__name__, error=type(error).__name__)
            await self.clock.sleep(chore.every)

    def health(self) -> dict[str, Any]:
        """Tell whether updates are taken and answered."""
        now = self.clock.now()
        polled = self.metrics.last_poll() or self._started_at
        journal = now - self._answered_at < _STALE_SECONDS / 9
        receiving = self.config.mode == "webhook" or now - polled < _STALE_SECONDS
        working = not any(task.done() for task in self._lasting)
        return {
            "ready": journal and receiving and working,
            "journal": journal,
            "receiving": receiving,
            "working": working,
        }

    async def run_until(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set, or a part ends that must not: then raise what ended it."""
        stopping = asyncio.ensure_future(stop.wait())
        waiting: set[asyncio.Future[Any]] = {stopping, *self._tasks}
        try:
            while not stopping.done():
                done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
                for task in done - {stopping}:
                    task.result()
        finally:
            stopping.cancel()

    async def close(self) -> None:
        """Stop in under two seconds: take nothing new, let what is under way end, give back the rest."""
        parts = self._parts
        if parts is not None:
            if parts.listener is not None:
                parts.listener.stop()
            await asyncio.gather(*(_quietly(end(task)) for task in self._tasks))
            await asyncio.gather(parts.workers.stop(_DRAIN_SECONDS), parts.sender.stop(_DRAIN_SECONDS))
            await asyncio.to_thread(parts.journal.close)
            self._parts = None
        if self.beside is not None:
            await self.beside.close()
        await self._request.shutdown()
        log.info("stopped")


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    with suppress(Exception):
        await work
