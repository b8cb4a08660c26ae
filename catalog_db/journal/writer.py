"""One door for everything that is written: small operations that wait together are committed together.

An operation is a function of a connection. It must have no effect but on the database, for it may run twice: when one of a
group fails, each is run again alone, and only the culprit's caller learns of it.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from catalog_db.journal.records import JournalError

T = TypeVar("T")
Operation = Callable[[Connection], T]

Deliver = Callable[[Callable[[], None]], object]  # e.g. loop.call_soon_threadsafe

MOST_TOGETHER = 64
MOST_WAITING = 5000  # more mean that the database does not answer: new ones are refused at once


class Writer:
    """Runs operations in threads of its own: one for SQLite, which has one writer, some for PostgreSQL.

    `deliver` calls what sets the results of a group, in whatever thread the futures are waited for: an event loop is then
    woken once for a group, not for each of it. `pause`: seconds from the end of one transaction to the beginning of the next, in
    which more comes together; what comes later than that waits for nothing. A commit costs as much as ten small operations.
    """

    def __init__(
        self, engine: Engine, threads: int, prepare: Callable[[Connection], None], deliver: Deliver | None = None,
        pause: float = 0.0, rest: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self._engine = engine
        self._prepare = prepare
        self._deliver = deliver or _at_once
        self._pause = pause
        self._rest = rest
        self._waiting: queue.SimpleQueue[tuple[Operation[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, name=f"journal-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, operation: Operation[T]) -> Future[T]:
        """Run an operation soon. The future raises JournalError when the database does not take it."""
        future: Future[T] = Future()
        if self._waiting.qsize() >= MOST_WAITING:
            future.set_exception(JournalError("journal.busy", reason="too much waits"))
        else:
            self._waiting.put((operation, future))
        return future

    def close(self, within: float = 5.0) -> None:
        """Finish what waits and end the threads; one that hangs in the database is left behind."""
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(within)

    def _run(self) -> None:
        connection: Connection | None = None
        rested_at = 0.0
        while (first := self._waiting.get()) is not None:
            if (left := rested_at - time.monotonic()) > 0:
                self._rest(left)
            group = [item for item in (first, *self._more()) if item[1].set_running_or_notify_cancel()]
            try:
                connection = connection or self._connect()
                outcomes = _run_group(connection, group)
            except Exception as error:  # the connection is lost, or another program holds the database
                outcomes = [_busy(error)] * len(group)
                _drop(connection)
                connection = None
            rested_at = time.monotonic() + self._pause
            self._hand_out(group, outcomes)
        _drop(connection)

    def _hand_out(self, group: list[tuple[Operation[Any], Future[Any]]], outcomes: list[Any]) -> None:
        def set_all() -> None:
            for (_, future), outcome in zip(group, outcomes, strict=True):
                if isinstance(outcome, Exception):
                    future.set_exception(outcome)
                else:
                    future.set_result(outcome)

        try:
            self._deliver(set_all)
        except RuntimeError:  # the event loop is closed: nobody waits there any more
            set_all()

    def _connect(self) -> Connection:
        connection = self._engine.connect().execution_options(lvxuan_writes=True)
        self._prepare(connection)
        return connection

    def _more(self) -> list[tuple[Operation[Any], Future[Any]]]:
        found: list[tuple[Operation[Any], Future[Any]]] = []
        while len(found) < MOST_TOGETHER - 1:
            try:
                item = self._waiting.get_nowait()
            except queue.Empty:
                break
            if item is None:
                self._waiting.put(None)  # the end comes after what came before it
                break
            found.append(item)
        return found


def _run_group(connection: Connection, group: list[tuple[Operation[Any], Future[Any]]]) -> list[Any]:
    """Run all in one transaction; when one fails, each in its own. Returns results and errors.

    Raises when the database does not answer.
    """
    transaction = connection.begin()
    try:
        with transaction:
            return [operation(connection) for operation, _ in group]
    except Exception:
        if connection.invalidated:
            raise
    return [_run_alone(connection, operation) for operation, _ in group]


def _run_alone(connection: Connection, operation: Operation[Any]) -> Any:
    if connection.invalidated:  # lost by the one before
        return JournalError("journal.busy", reason="connection lost")
    transaction = connection.begin()
    try:
        with transaction:
            return operation(connection)
    except DBAPIError as error:
        return _busy(error)
    except Exception as error:
        return error


def _at_once(call: Callable[[], None]) -> None:
    call()


def _busy(error: Exception) -> JournalError:
    busy = JournalError("journal.busy", reason=type(getattr(error, "orig", None) or error).__name__)
    busy.__cause__ = error
    return busy


def _drop(connection: Connection | None) -> None:
    """Close a connection whatever its state."""
    if connection is not None:
        with suppress(SQLAlchemyError):
            connection.invalidate()
            connection.close()
