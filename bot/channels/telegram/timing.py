"""The clock of the channel, which a test may move by hand."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import Future
from contextlib import suppress
from typing import Protocol, TypeVar

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


async def wait_for(event: asyncio.Event, clock: Clock, seconds: float) -> bool:
    """Wait for an event, at most `seconds`; clear it, and tell whether it came."""
    if not event.is_set():
        waiting = [asyncio.ensure_future(event.wait()), asyncio.ensure_future(clock.sleep(seconds))]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()
    came = event.is_set()
    event.clear()
    return came


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
