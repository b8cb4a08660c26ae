"""Updates into the journal, and polling: nothing is acknowledged before it is stored.

Polling goes on whatever the Bot API answers: it waits as long as it is told to or a little longer each time, at most 30 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import structlog

from bot.channels.telegram.arrivals import ALLOWED_UPDATES, BotIdentity, NoUpdate, read_arrival
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.timing import Backoff, Clock, done
from bot.channels.telegram.transport import ApiRefusal, BotApi, NotSent, Unclear
from bot.channels.telegram.workers import Workers
from catalog_db.journal.records import POLLER, Arrival, JournalError
from catalog_db.journal.store import Journal

POLL_SECONDS = 25
_ANSWER_SECONDS = 10  # more than the long poll before it counts as hanging
_MOST_WAIT = 30.0
_REFUSED = {401: "token", 404: "token", 409: "conflict", 429: "flood"}

log = structlog.get_logger("telegram.ingest")


class Intake:
    """The one way into the journal; what is new goes on to the workers."""

    def __init__(self, journal: Journal, me: BotIdentity, clock: Clock, metrics: Metrics, workers: Workers) -> None:
        self._journal = journal
        self._me = me
        self._clock = clock
        self._metrics = metrics
        self._workers = workers

    async def store(self, updates: Sequence[Any]) -> None:
        """Store raw updates, each once, without those we may not keep. Raises JournalError: store them again."""
        arrivals = [arrival for update in updates if (arrival := self._read(update)) is not None]
        if not arrivals:
            return
        room = self._workers.promise(len(arrivals))
        storing = self._journal.store_and_claim(arrivals, room, self._clock.now())
        storing.add_done_callback(
            partial(self._workers.arrived, promised=room)
        )  # also when nobody waits for it any more
        new, _ = await done(storing)
        self._metrics.updates.labels("stored").inc(new)
        self._metrics.updates.labels("repeated").inc(len(arrivals) - new)

    def _read(self, update: Any) -> Arrival | None:
        try:
            arrival = read_arrival(update, self._me)
        except NoUpdate:
            self._metrics.updates.labels("garbage").inc()
            return None
        except Exception as error:  # one that we fail to read must not stand in the way of all that come after it
            log.error("update_not_read", error=type(error).__name__)
            self._metrics.updates.labels("garbage").inc()
            return None
        if arrival is None:
            self._metrics.updates.labels("dropped").inc()
        return arrival


class Polling:
    """Long polling by one instance. `run` ends only when it is cancelled."""

    def __init__(
        self,
        api: BotApi,
        journal: Journal,
        intake: Intake,
        clock: Clock,
        metrics: Metrics,
        seconds: float = POLL_SECONDS,
    ) -> None:
        self._api = api
        self._journal = journal
        self._intake = intake
        self._clock = clock
        self._metrics = metrics
        self._seconds = seconds
        self._offset = 0
        self._backoff = Backoff(0.5, _MOST_WAIT)

    async def run(self) -> None:
        """Poll for ever, while it is our turn."""
        while True:
            try:
                if await done(self._journal.acquire(POLLER)):
                    await self._poll()
                else:
                    await self._clock.sleep(1.0)
            except JournalError:
                self._metrics.store_errors.labels("polling").inc()
                await self._clock.sleep(self._backoff.next())
            except Exception as error:  # whatever it is, polling must not end
                log.error("polling_failed", error=type(error).__name__)
                await self._clock.sleep(self._backoff.next())

    async def _poll(self) -> None:
        wait = 0.0
        try:
            found = await self._ask()
        except ApiRefusal as refusal:
            wait = self._refused(refusal)
        except (NotSent, Unclear) as error:
            self._note(type(error).__name__.lower())
            wait = self._backoff.next()
        else:
            self._backoff.reset()
            self._note("ok")
            await self._take(found)
        if wait:
            await self._clock.sleep(wait)

    async def _ask(self) -> list[Any]:
        params: dict[str, Any] = {"timeout": int(self._seconds), "allowed_updates": list(ALLOWED_UPDATES)}
        if self._offset:
            params["offset"] = self._offset
        found = await self._api.call("getUpdates", params, self._seconds + _ANSWER_SECONDS)
        if not isinstance(found, list):
            raise Unclear("getUpdates without a list")
        return found

    async def _take(self, found: list[Any]) -> None:
        """Store what came, however long that takes, and only then confirm it with the next call."""
        if not found:
            # Everything is confirmed. Numbers may begin anew below ours after a quiet week, so none is named.
            self._offset = 0
            return
        await self._intake.store(found)
        numbers = [update.get("update_id") for update in found if isinstance(update, dict)]
        known = [number for number in numbers if isinstance(number, int)]
        if known:
            self._offset = max(known) + 1
        else:
            await self._clock.sleep(self._backoff.next())

    def _refused(self, refusal: ApiRefusal) -> float:
        self._note(_REFUSED.get(refusal.code, "refused"))
        if refusal.retry_after is not None:
            return refusal.retry_after
        return self._backoff.next()

    def _note(self, result: str) -> None:
        self._metrics.polls.labels(result).inc()
        if result == "ok":
            self._metrics.polled_at.set(self._clock.now())
        self._metrics.trouble.labels("polling").set(result != "ok")
        if result != "ok":
            log.warning("poll", result=result)
