"""The clock of the channel, which a test may move by hand."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Coroutine
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    """Tells and waits."""

    def now(self) -> float:
        """Tell the time in seconds since 1970."""

    async def sleep(self, seconds: float) -> None:
        """Wait for `seconds` of this clock."""


class SystemClock:
    """The real one."""

    def now(self) -> float:
        """Tell the time in seconds since 1970."""
        return time.time()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class Bell:
    """Wakes one waiter. Lighter than `asyncio.Event` with a timeout, for it rings with every message."""

    def __init__(self) -> None:
        self._rung = False
        self._waiter: asyncio.Future[None] | None = None

    def ring(self) -> None:
        """Wake who waits, or who waits next."""
        self._rung = True
        if self._waiter is not None:
            _end(self._waiter)

    async def wait(self, clock: Clock, seconds: float) -> bool:
        """Wait until it rings, at most `seconds`; tell whether it did."""
        if not self._rung:
            self._waiter = waiter = asyncio.get_running_loop().create_future()
            sleeping = asyncio.ensure_future(clock.sleep(seconds))
            sleeping.add_done_callback(lambda _: _end(waiter))
            try:
                await waiter
            finally:
                self._waiter = None
                sleeping.cancel()
        rang, self._rung = self._rung, False
        return rang


class Pace:
    """Tells when something is due again: by the clock, and by what was waited since, for a clock may be set back or stand still."""

    def __init__(self) -> None:
        self._at = -math.inf
        self._waited = 0.0

    def is_due(self, now: float, seconds: float) -> bool:
        """Tell whether `seconds` have gone by since it was done, or since there is none."""
        return not 0 <= now - self._at < seconds or self._waited >= seconds

    def done(self, now: float) -> None:
        """Note that it is done now."""
        self._at, self._waited = now, 0.0

    def waited(self, seconds: float) -> None:
        """Note that so many seconds were waited."""
        self._waited += seconds


def _end(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)


async def done(future: Future[T]) -> T:
    """Wait for a future of the journal, whose results are delivered in the thread of this event loop."""
    waiter = asyncio.get_running_loop().create_future()

    def arrived(_: Future[T]) -> None:
        if not waiter.done():
            waiter.set_result(None)

    future.add_done_callback(arrived)
    await waiter
    return future.result()


class Backoff:
    """Waits that double, from `first` up to `most` seconds, until `reset`."""

    def __init__(self, first: float, most: float) -> None:
        self._first, self._most = first, most
        self._next = first

    def reset(self) -> None:
        """Begin anew with the shortest wait."""
        self._next = self._first

    def next(self) -> float:
        """Return how long to wait now."""
        wait, self._next = self._next, min(self._next * 2, self._most)
        return wait


async def end(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it has ended."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def before(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Do something that may wait for long, unless `stop` comes first; tell whether it is done."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not working.done():
        await end(working)
        return False
    working.result()
    return True
