"""A program that outlives a kill: its work runs in a child process, and when that is killed, in another one at once.

What takes a second or two at every start, loading code and words, is done before by the parent and shared with each child. The
parent holds no connection and no thread when it makes a child: nothing of that survives a fork.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import structlog

_STOPPING = (signal.SIGTERM, signal.SIGINT)
_SHORT_LIFE = 1.0  # seconds; a child that lives no longer is followed only after a pause
PAUSES = (0.0, 0.5, 1.0, 2.0, 5.0)  # seconds; the first after a long life, each further one after one more short life

log = structlog.get_logger("keeper")


def keep(
    work: Callable[[], int], rehearse: Callable[[], None] = lambda: None, pauses: tuple[float, ...] = PAUSES
) -> int:
    """Run `work` in a child until it ends by itself; return its exit status. While something kills it, another child goes on.

    In the child `keep` returns what `work` does, and raises what it raises: there the program goes on as if there were no
    parent. SIGTERM and SIGINT reach the child, which then ends by itself. A child whose parent is killed gets SIGTERM. Where the
    system cannot fork, `work` runs here. `rehearse`: done by the parent once, when a child was killed and the next one works:
    what children further on find done. `pauses`: seconds before the next child, longer with each life that was short.
    """
    if not hasattr(os, "fork"):
        return work()
    gc.collect()
    gc.freeze()  # a child looks through what it shares with us no more, so that the pages stay shared
    keeper = _Keeper(rehearse, pauses)
    status = keeper.run()
    return work() if status is None else status


class _Keeper:
    """Makes children, one after the other."""

    def __init__(self, rehearse: Callable[[], None], pauses: tuple[float, ...]) -> None:
        self._rehearse: Callable[[], None] | None = rehearse
        self._pauses = pauses
        self._killed = 0
        self._child = 0
        self._stopping = False
        self._alive, self._held = os.pipe()  # only the parent holds the writing end: it closes when the parent ends

    def run(self) -> int | None:
        """Return the exit status of the last child; None in a child."""
        before = [signal.signal(number, self._stop) for number in _STOPPING]
        status = self._run()
        for number, handler in zip(_STOPPING, before, strict=True):
            signal.signal(number, handler)
        if status is None:
            os.close(self._held)
            threading.Thread(target=self._end_with_the_parent, name="keeper", daemon=True).start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        return status

    def _run(self) -> int | None:
        short = 0
        while not self._stopping:
            began = time.monotonic()
            ended = self._lived()
            if ended is None or not os.WIFSIGNALED(ended):
                return None if ended is None else os.waitstatus_to_exitcode(ended)
            self._killed += 1
            short = min(short + 1, len(self._pauses) - 1) if time.monotonic() - began < _SHORT_LIFE else 0
            if not self._stopping:
                log.error("killed", signal=os.WTERMSIG(ended), again_in=self._pauses[short])
                time.sleep(self._pauses[short])
        return 0

    def _lived(self) -> int | None:
        """Make a child and wait until it has ended; return how it did. None in the child."""
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        for thread in threading.enumerate():
            if thread is not threading.main_thread():
                thread.join()
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)  # none may come while we do not know yet whom to tell
        self._child = os.fork()
        if not self._child:
            return None
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        if self._killed and self._rehearse is not None:
            try:
                self._rehearse()
            except Exception as error:  # the children can do without
                log.warning("not_rehearsed", error=type(error).__name__)
            self._rehearse = None
        _, status = os.waitpid(self._child, 0)
        self._child = 0
        return status

    def _end_with_the_parent(self) -> None:
        os.read(self._alive, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True
        if self._child:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGTERM)
