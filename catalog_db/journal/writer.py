"""One door for everything that is written: small operations that wait together are committed together.

An operation is a function of a connection. It must have no effect but on the database, for it may run twice: when one of a
group fails, each is run again alone, and only the culprit's caller learns of it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from catalog_db.journal.records import JournalError

T = TypeVar("T")
Operation = Callable[[Connection], T]

MOST_TOGETHER = 64
MOST_WAITING = 5000  # more mean that the database does not answer: new ones are refused at once


class Writer:
    """Runs operations in threads of its own: one for SQLite, which has one writer, some for PostgreSQL."""

    def __init__(self, engine: Engine, threads: int, prepare: Callable[[Connection], None]) -> None:
        self._engine = engine
        self._prepare = prepare
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
        while (first := self._waiting.get()) is not None:
            group = [item for item in (first, *self._more()) if item[1].set_running_or_notify_cancel()]
            try:
                connection = connection or self._connect()
                _run_group(connection, group)
            except Exception as error:  # the connection is lost, or another program holds the database
                _give_up(group, error)
                _drop(connection)
                connection = None
        _drop(connection)

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


def _run_group(connection: Connection, group: list[tuple[Operation[Any], Future[Any]]]) -> None:
    """Run all in one transaction; when one fails, each in its own. Raises when the database does not answer."""
    transaction = connection.begin()
    try:
        with transaction:
            results = [operation(connection) for operation, _ in group]
    except Exception:
        if connection.invalidated:
            raise
        for operation, future in group:
            _run_alone(connection, operation, future)
        return
    for (_, future), result in zip(group, results, strict=True):
        future.set_result(result)


def _run_alone(connection: Connection, operation: Operation[Any], future: Future[Any]) -> None:
    transaction = connection.begin()
    try:
        with transaction:
            result = operation(connection)
    except DBAPIError as error:
        future.set_exception(_busy(error))
        if connection.invalidated:
            raise
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)


def _give_up(group: list[tuple[Operation[Any], Future[Any]]], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(_busy(error))


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
