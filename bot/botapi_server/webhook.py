"""Push updates to a webhook as the official server does.

After WebhookActor.cpp (10.0): updates of one lane go one after another and the first blocks the rest (`load_updates`,
`send_update`), lanes run in parallel up to max_connections; a failed one is tried again at once, then after 2, 4, 8 …
seconds up to a random 60-120 (`on_update_error`), or after Retry-After (at most 3600); it is dropped when it would
come too late; a 2xx answer may carry a call (`handle`).
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.botapi_server.account import Account, Webhook
from bot.botapi_server.dispatch import dispatch
from bot.botapi_server.errors import ApiError
from bot.botapi_server.hub import CallRecord
from bot.botapi_server.update_queue import QueuedUpdate

RESPONSE_SECONDS = 60
MOST_RETRY_AFTER = 3600
GONE_SECONDS = 23 * 3600
_NO_ANSWER = {"deletewebhook", "setwebhook", "close", "logout"}


@dataclass(slots=True)
class _Lane:
    """Updates that go one after another. `idle`: nobody delivers them and no timer will wake them."""

    waiting: deque[QueuedUpdate] = field(default_factory=deque)
    delay: float = 1.0
    failures: int = 0
    idle: bool = True


class WebhookSender:
    """Deliver the updates of one account while it has a webhook. `run` never ends by itself."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._lanes: dict[tuple[str, int], _Lane] = {}
        self._ready: deque[_Lane] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._running = 0
        self._gone_since: float | None = None
        self._session: aiohttp.ClientSession | None = None
        self.attempts = 0

    async def run(self) -> None:
        """Deliver until cancelled."""
        timeout = aiohttp.ClientTimeout(total=RESPONSE_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as session:
            self._session = session
            self._account.queue.listeners.append(self._take)
            try:
                while True:
                    await self._account.webhook_set.wait()
                    self._account.webhook_set.clear()
                    self._begin()
            finally:
                self._account.queue.listeners.remove(self._take)
                for task in self._tasks:
                    task.cancel()

    def _begin(self) -> None:
        """Start over with everything that waits."""
        self._lanes.clear()
        self._ready.clear()
        for update in list(self._account.queue.waiting.values()):
            self._take(update)

    def _take(self, update: QueuedUpdate) -> None:
        if self._account.webhook is None:
            return
        lane = self._lanes.setdefault(update.lane, _Lane())
        lane.waiting.append(update)
        if lane.idle:
            self._make_ready(lane)

    def _make_ready(self, lane: _Lane) -> None:
        lane.idle = False
        self._ready.append(lane)
        self._start_ready()

    def _start_ready(self) -> None:
        hook = self._account.webhook
        while hook is not None and self._ready and self._running < hook.max_connections:
            self._running += 1
            self._spawn(self._deliver(hook, self._ready.popleft()))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, hook: Webhook, lane: _Lane) -> None:
        """Deliver the first update of a lane, then make room for whoever is next."""
        update = self._first(lane)
        wait = 0.0
        if update is not None:
            self.attempts += 1
            error, retry_after = await self._post(hook, update)
            if error:
                wait = self._failed(hook, update, lane, error, retry_after)
            else:
                self._forget(update, lane)
        self._running -= 1
        if wait:
            self._spawn(self._wake_after(lane, wait))
        elif lane.waiting:
            self._ready.append(lane)
        else:
            lane.idle = True
        self._start_ready()

    def _first(self, lane: _Lane) -> QueuedUpdate | None:
        """Find the first update of a lane that still waits and is not too old."""
        queue = self._account.queue
        while lane.waiting:
            update = lane.waiting[0]
            late = update.expires_at < self._account.hub.clock.now()
            if update.update_id in queue.waiting and not late:
                return update
            queue.dropped += late
            queue.waiting.pop(update.update_id, None)
            lane.waiting.popleft()
        return None

    def _forget(self, update: QueuedUpdate, lane: _Lane) -> None:
        self._account.queue.waiting.pop(update.update_id, None)
        lane.waiting.popleft()
        lane.delay, lane.failures = 1.0, 0

    async def _post(self, hook: Webhook, update: QueuedUpdate) -> tuple[str, int]:
        """Send one update. Return what went wrong and the seconds the receiver asked for."""
        headers = {"Content-Type": "application/json"}
        if hook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = hook.secret_token
        body = json.dumps(update.json(), ensure_ascii=False).encode()
        if self._session is None:
            return "No connection", 0
        try:
            async with self._session.post(hook.url, data=body, headers=headers, allow_redirects=False) as response:
                answer = await response.read()
                if 200 <= response.status <= 299:
                    self._gone_since = None
                    await self._answered(answer)
                    return "", 0
                self._note_gone(response.status)
                asked = response.headers.get("Retry-After", "")
                wait = min(int(asked), MOST_RETRY_AFTER) if asked.isdecimal() else 0
                return f"Wrong response from the webhook: {response.status} {response.reason}", wait
        except (aiohttp.ClientError, TimeoutError, OSError):
            return "Connection refused or closed", 0

    def _note_gone(self, status: int) -> None:
        """Remove the webhook when it has said 410 for 23 hours."""
        now = self._account.hub.clock.now()
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif now > self._gone_since + GONE_SECONDS:
            self._account.webhook = None

    async def _answered(self, answer: bytes) -> None:
        """Carry out the call that came with the answer, if any."""
        try:
            given = json.loads(answer) if answer.strip() else {}
        except ValueError:
            return
        name = given.pop("method", "") if isinstance(given, dict) else ""
        if not name or name.lower() in _NO_ANSWER or name.lower().startswith("get"):
            return
        hub = self._account.hub
        method = hub.schema.method_name(name)
        status = 200
        try:
            if method is not None:
                await dispatch(self._account, method, given, {}, from_form=False)
        except ApiError as error:
            status = error.code
        hub.record(CallRecord(hub.clock.now(), self._account.token, name, given, status))

    def _failed(self, hook: Webhook, update: QueuedUpdate, lane: _Lane, error: str, retry_after: int) -> float:
        """Tell how many seconds to wait before the next attempt; drop the update when that is too late."""
        hub = self._account.hub
        hook.last_error_date = int(hub.clock.now())
        hook.last_error_message = error
        wait: float = retry_after
        if not retry_after and lane.failures:
            lane.delay = min(hub.rng.uniform(60, 120), lane.delay * 2)
            wait = lane.delay
        if hub.clock.now() + wait > update.expires_at:
            self._forget(update, lane)
            self._account.queue.dropped += 1
            return 0.0
        lane.failures += 1
        return wait

    async def _wake_after(self, lane: _Lane, seconds: float) -> None:
        await self._account.hub.clock.sleep(seconds)
        self._ready.append(lane)
        self._start_ready()
