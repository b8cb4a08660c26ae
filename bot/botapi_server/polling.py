"""getUpdates: confirmation, long poll, brakes and the quarrel of two pollers.

After `process_get_updates_query`, `do_get_updates`, `abort_long_poll`, `fail_query_conflict` (Client.cpp:15700-15723,
16225-16430). Waiting is measured by the event loop, so that a client's own timeouts fit.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.errors import ApiError
from bot.botapi_server.update_queue import UpdateQueue

MOST_SECONDS = 50
# JsonUpdates stops adding updates there.
MOST_BYTES = 4 * 1024 * 1024
_OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_BY_SET_WEBHOOK = "Conflict: terminated by setWebhook request"


@dataclass(slots=True)
class Poller:
    """The poll of one bot. `brakes` false lifts the rules for clients that poll in a hurry."""

    queue: UpdateQueue
    brakes: bool = True
    polls: int = 0
    # Set while somebody waits for updates, for tests that must not begin earlier.
    attended: asyncio.Event = field(default_factory=asyncio.Event)
    _waiting: asyncio.Future[str] | None = None
    _last_offset: int | None = None
    _last_start: float = -10.0
    _next_conflict_at: float = 0.0

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Any]:
        """Answer one getUpdates call. Raise 409 when another one or setWebhook ends it."""
        self.polls += 1
        limit, seconds = self._brake(offset, limit, min(seconds, MOST_SECONDS))
        self.queue.confirm(offset)
        found = self._take(offset, limit)
        if found or seconds <= 0:
            return found
        await self.abort(_OTHER_POLLER)
        return await self._wait(offset, limit, seconds)

    def _brake(self, offset: int, limit: int, seconds: float) -> tuple[int, float]:
        now = asyncio.get_running_loop().time()
        if self.brakes and offset == self._last_offset:
            if seconds < 3 and now < self._last_start + 3:
                seconds = 3
            if now < self._last_start + 0.5:
                limit = 1
        self._last_offset, self._last_start = offset, now
        return limit, seconds

    def _take(self, offset: int, limit: int) -> list[Any]:
        size = 0
        bodies: list[Any] = []
        for update in self.queue.take(limit):
            body = update.json()
            if len(bodies) >= 16:  # measuring few updates is not worth the time
                size = size or len(json.dumps(bodies))
                size += len(json.dumps(body))
                if size > MOST_BYTES:
                    break
            bodies.append(body)
        return bodies

    async def _wait(self, offset: int, limit: int, seconds: float) -> list[Any]:
        loop = asyncio.get_running_loop()
        ended: asyncio.Future[str] = loop.create_future()
        self._waiting = ended
        self.attended.set()
        deadline = loop.time() + seconds
        try:
            while not (found := self._take(offset, limit)) and (left := deadline - loop.time()) > 0:
                added = asyncio.ensure_future(self.queue.added.wait())
                waited: set[asyncio.Future[Any]] = {added, ended}
                await asyncio.wait(waited, timeout=left, return_when=asyncio.FIRST_COMPLETED)
                added.cancel()
                if ended.done():
                    raise await self._conflict(ended.result())
            return found
        finally:
            if self._waiting is ended:
                self._waiting = None
                self.attended.clear()

    async def abort(self, words: str = _BY_SET_WEBHOOK) -> None:
        """End the poll that waits, if any."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(words)
            self._waiting = None
            self.attended.clear()

    async def _conflict(self, words: str) -> ApiError:
        """The first conflict is told at once, those that follow within 3 s only after 3 s."""
        now = asyncio.get_running_loop().time()
        if now < self._next_conflict_at:
            await asyncio.sleep(3)
        else:
            self._next_conflict_at = now + 3
        return ApiError(409, words)
