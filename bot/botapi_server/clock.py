"""The server's clock: real, shifted, or moved by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time


class Clock:
    """The real clock, optionally shifted. `skew` is in seconds and may be changed at any time."""

    def __init__(self, skew: float = 0.0) -> None:
        self.skew = skew

    def now(self) -> float:
        """Tell the Unix time in seconds."""
        return time.time() + self.skew

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""
        await asyncio.sleep(seconds)


class ManualClock(Clock):
    """Stand still until `advance` is called; who sleeps wakes in the order of the hours."""

    def __init__(self, start: float = 1_795_000_000.0) -> None:
        super().__init__()
        self._now = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    def now(self) -> float:
        """Tell the Unix time in seconds."""
        return self._now + self.skew

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has moved the clock by `seconds`."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + seconds, next(self._order), woken))
        await woken

    def advance(self, seconds: float) -> None:
        """Move the clock forward and wake everybody whose hour has come."""
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            woken = heapq.heappop(self._sleepers)[2]
            if not woken.done():
                woken.set_result(None)
