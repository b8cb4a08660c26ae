"""The queue of updates of one bot: random first id, filter at creation, expiry, confirmation.

After the official server 10.0: `add_update_impl` (Client.cpp:16967), the life times beside each `add_update` call
(17056-17353), `do_get_updates` (16321) and the webhook queue ids of WebhookActor.cpp.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.clock import Clock

# "All update types except chat_member, message_reaction, and message_reaction_count" (Bot API, getUpdates).
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
DAY = 86_400
LIFE_SECONDS = {
    "callback_query": 150, "inline_query": 30, "chosen_inline_result": 600, "shipping_query": 150,
    "pre_checkout_query": 150, "guest_message": 30,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """One update. Those of one `lane` reach a webhook one after another, lanes run in parallel."""

    update_id: int
    kind: str
    body: dict[str, Any]
    expires_at: float
    lane: tuple[str, int]
    # Sent as it is instead of the update, for tests of damaged ones.
    raw: Any = None

    def json(self) -> Any:
        """Build the `Update` object."""
        if self.raw is None:
            return {"update_id": self.update_id, self.kind: self.body}
        if isinstance(self.raw, dict) and "update_id" in self.raw:
            return self.raw | {"update_id": self.update_id}
        return self.raw


@dataclass(slots=True)
class UpdateQueue:
    """What waits for the bot, oldest first. Listeners are called whenever something was added."""

    clock: Clock
    rng: random.Random
    kinds: frozenset[str]
    waiting: dict[int, QueuedUpdate] = field(default_factory=dict)
    allowed: frozenset[str] = frozenset()
    next_id: int = 0
    added: asyncio.Event = field(default_factory=asyncio.Event)
    listeners: list[Callable[[QueuedUpdate], None]] = field(default_factory=list)
    dropped: int = 0

    def __post_init__(self) -> None:
        """Begin at a random id, as Telegram does after a week without updates."""
        self.next_id = self.rng.randrange(10_000_000, 900_000_000)
        self.allowed = self.kinds - NOT_BY_DEFAULT

    def allow(self, names: Iterable[str]) -> None:
        """Set which kinds are made from now on. An empty list restores the default (Client.cpp, same name)."""
        chosen = frozenset(name for name in names if name in self.kinds)
        self.allowed = chosen or self.kinds - NOT_BY_DEFAULT

    def add(self, kind: str, body: dict[str, Any], lane: tuple[str, int], born: float | None = None) -> int | None:
        """Queue an update. `born`: Unix time its life is counted from. None when the bot did not ask for the kind."""
        if kind not in self.allowed:
            return None
        update_id = self.next_id
        self.next_id += 1
        expires_at = (self.clock.now() if born is None else born) + LIFE_SECONDS.get(kind, DAY)
        self.waiting[update_id] = update = QueuedUpdate(update_id, kind, body, expires_at, lane)
        self._notify(update)
        return update_id

    def inject(self, raw: Any, lane: tuple[str, int] = ("raw", 0)) -> int:
        """Queue any JSON value as an update. An update_id in it is replaced by the next of the queue."""
        update_id = self.next_id
        self.next_id += 1
        update = QueuedUpdate(update_id, "raw", {}, self.clock.now() + DAY, lane, raw)
        self.waiting[update_id] = update
        self._notify(update)
        return update_id

    def put_back(self, update: QueuedUpdate) -> None:
        """Queue an update once more under its old id: for tests of repeated delivery."""
        self.waiting[update.update_id] = update
        self.waiting = dict(sorted(self.waiting.items()))
        self._notify(update)

    def _notify(self, update: QueuedUpdate) -> None:
        self.added.set()
        self.added = asyncio.Event()
        for listener in self.listeners:
            listener(update)

    def expire(self) -> None:
        """Forget what is too old."""
        now = self.clock.now()
        for update_id in [key for key, update in self.waiting.items() if update.expires_at < now]:
            del self.waiting[update_id]
            self.dropped += 1

    def confirm(self, offset: int) -> None:
        """Forget what lies before `offset`; a negative one keeps only that many of the newest."""
        if offset < 0:
            for update_id in list(self.waiting)[:offset]:
                del self.waiting[update_id]
            return
        while self.waiting and (oldest := next(iter(self.waiting))) < offset:
            del self.waiting[oldest]

    def take(self, limit: int) -> list[QueuedUpdate]:
        """Show the oldest updates without forgetting them."""
        self.expire()
        return [update for update, _ in zip(self.waiting.values(), range(limit), strict=False)]
