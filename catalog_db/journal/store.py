"""The journal as its channel uses it. Every method returns a future, for everything is written by the `Writer`.

journal = open_journal(url, sealer, bot=bot_id)  # opening.py
journal.store(arrivals, now).result()
for claim in journal.claim(10, now).result(): journal.finish(claim, result, now).result()
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection

from catalog_db.database import Database
from catalog_db.errors import DatabaseError
from catalog_db.journal import chats, incoming, instances, keeping, outgoing
from catalog_db.journal.books import Books
from catalog_db.journal.flights import Flights
from catalog_db.journal.records import (
    CHORES,
    SENDER,
    Arrival,
    Claim,
    JournalError,
    Letter,
    Message,
    Result,
    Roleless,
    Sealer,
)
from catalog_db.journal.reports import Ended
from catalog_db.journal.sealing import Envelopes
from catalog_db.journal.statements import Row
from catalog_db.journal.writer import Deliver, Writer

T = TypeVar("T")

_POSTGRES_THREADS = 4
_BUSY_MS = 5000  # how long SQLite waits for another writer before the caller is told


class Journal:
    """The journal of one bot in one process, which is one instance among others on PostgreSQL and the only one on SQLite.

    Futures raise JournalError while the database does not answer: nothing was written, and the call may be repeated.
    """

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        bot: int,
        lock: sqlite3.Connection | None,
        deliver: Deliver | None = None,
        pause: float = 0.0,
        flights: Flights | None = None,
    ) -> None:
        self.bot = bot
        self.flights = flights or Flights()  # of calls under way: kept where no other process can be the sender
        self.instance = secrets.token_hex(8)
        self._database = database
        self._lock = lock
        self._sealer = sealer
        self._envelopes = Envelopes(sealer, bot)
        self._neighbours = instances.Neighbours()
        threads = 1 if database.engine.dialect.name == "sqlite" else _POSTGRES_THREADS
        self._writer = Writer(database.engine, threads, _prepare, deliver, pause)

    # ---- updates

    def store(self, arrivals: Sequence[Arrival], now: float) -> Future[int]:
        """Store updates, each once; gives how many were new."""
        rows = [self._envelopes.arrival(arrival) for arrival in arrivals]
        return self._run(lambda connection: self._stored(connection, arrivals, rows, now))

    def _stored(
        self, connection: Connection, arrivals: Sequence[Arrival], rows: Sequence[incoming.StoredArrival], now: float
    ) -> int:
        """Store updates, and let the talks of a chat that moved go on in the new one before anybody takes one up."""
        new = incoming.store(connection, self.bot, rows, now)
        for one in arrivals:
            if one.chat_id and one.moved_to:
                self._follow(connection, one.chat_id, one.moved_to)
        return new

    def _follow(self, connection: Connection, old: int, new: int) -> None:
        """Let the talks of persons in a chat that moved go on in the new one."""
        for key, sealed in chats.named(connection, self._envelopes.key(str(new))):
            try:
                chat, _, person = self._envelopes.read_name(sealed).partition(":")
            except ValueError:  # sealed with a key that is gone
                continue
            if chat == str(old):
                name = f"{new}:{person}"
                chats.rename(connection, key, self._envelopes.key(name), self._envelopes.name(name))

    def store_and_claim(self, arrivals: Sequence[Arrival], most: int, now: float) -> Future[tuple[int, list[Claim]]]:
        """Store updates and take what is due in the same transaction: see `store` and `claim`."""
        rows = [self._envelopes.arrival(arrival) for arrival in arrivals]

        def both(connection: Connection) -> tuple[int, list[Claim]]:
            new = self._stored(connection, arrivals, rows, now)
            return new, self._claim(connection, most, now) if most else []

        return self._run(both)

    def claim(self, most: int, now: float) -> Future[list[Claim]]:
        """Take conversations that are due. One whose content cannot be opened is recorded as failed and not given."""
        return self._run(lambda connection: self._claim(connection, most, now))

    def _claim(self, connection: Connection, most: int, now: float) -> list[Claim]:
        found = incoming.claim(connection, self.bot, self.instance, most, now)
        return [claim for row, first in found if (claim := self._opened(connection, row, first, now)) is not None]

    def _opened(self, connection: Connection, row: Row, first: Row | None, now: float) -> Claim | None:
        """Open what was claimed; what cannot be opened is recorded as failed."""
        try:
            return self._envelopes.claim(row, first)
        except ValueError:
            self._set_aside(connection, bytes(row["key"]), first["number"] if first else None, now)
            return None

    def _set_aside(self, connection: Connection, key: bytes, number: int | None, now: float) -> None:
        handling = incoming.Handling(key, None, None, number, "unreadable", None, None, (), None, (), forget=False)
        incoming.finish(connection, self.bot, self.instance, handling, now)

    def seal(self, claim: Claim, result: Result) -> incoming.Handling | None:
        """Seal a result for `finish`, in any thread; None: it is decided later. Raises TypeError, ValueError: it is no JSON."""
        return None if result.within else self._envelopes.handling(claim, result)

    def finish(
        self, claim: Claim, result: Result, now: float, sealed: incoming.Handling | None = None, *, go_on: bool = False
    ) -> Future[Result]:
        """Write what an update led to, in one piece; gives it, decided. Raises Claimless when the conversation is taken.

        `sealed`: by `seal`, when that was called. `go_on`: take the next update of the conversation in the same transaction
        (`following` of what it gives), so that a conversation in which much comes costs one commit an update.
        """
        decide = result.within
        if decide is None:
            handling = sealed or self._envelopes.handling(claim, result)

            def finishing(connection: Connection) -> Result:
                return self._finished(connection, claim, handling, result, now, go_on=go_on)
        else:

            def finishing(connection: Connection) -> Result:
                incoming.hold(connection, self.instance, claim.conversation)
                decided = decide(Books(connection, self.bot, now, self._sealer))
                handling = self._envelopes.handling(claim, decided)
                return self._finished(connection, claim, handling, decided, now, go_on=go_on)

        return self._run(finishing)

    def _finished(
        self,
        connection: Connection,
        claim: Claim,
        handling: incoming.Handling,
        result: Result,
        now: float,
        *,
        go_on: bool,
    ) -> Result:
        if not incoming.finish(connection, self.bot, self.instance, handling, now):
            return result
        # Whoever is not told of this transaction finishes once more: only a number shows that it was done (`incoming.finish`).
        found = None
        if go_on and claim.number is not None:
            found = incoming.go_on(connection, self.bot, self.instance, claim.conversation)
        following = self._opened(connection, *found, now) if found else None
        return replace(result, more=following is None, following=following)

    def release_others(self, in_hand: Collection[bytes]) -> Future[int]:
        """Give back claims of ours that we do not know of. To be called after a `claim` that failed."""
        return self._run(lambda connection: incoming.release_others(connection, self.instance, in_hand))

    # ---- outgoing messages

    def add(self, messages: Sequence[Message], now: float) -> Future[int]:
        """Let messages be sent that answer no update; gives how many will be."""
        rows = [self._envelopes.message(message) for message in messages]
        return self._run(lambda connection: outgoing.add(connection, self.bot, rows, now))

    def take(
        self, most: int, *, bulk: bool, at_once: Callable[[Sequence[Letter]], list[Letter]] | None = None
    ) -> Future[list[Letter]]:
        """Take waiting messages, oldest first. Raises Roleless.

        `at_once`: which of those taken are sent without waiting for anything. They are marked in the same transaction (`marked`);
        called in the writer's thread, perhaps twice.
        """

        def taking(connection: Connection) -> list[Letter]:
            letters = []
            for row in outgoing.take(connection, self.bot, self.instance, most, bulk=bulk):
                try:
                    letters.append(self._envelopes.letter(row))
                except ValueError:
                    outgoing.give_up(connection, self.bot, None, row["id"], "failed", "unreadable", 0.0)
            first = at_once(letters) if at_once and letters else ()
            marked = outgoing.mark_taken(connection, [(one.id, one.chat, one.replaces) for one in first])
            for letter in first:
                letter.marked, letter.message_id = True, marked[letter.id]
            return letters

        return self._run(taking)

    def return_others(self, known: Collection[int]) -> Future[int]:
        """Let taken messages wait again that we do not know of. To be called after a `take` that failed."""
        return self._run(lambda connection: outgoing.return_others(connection, self.bot, known))

    def mark(self, letters: Sequence[Letter]) -> Future[dict[int, int | None]]:
        """Mark messages before they are sent: id → platform number of the replaced message. Raises Roleless."""
        rows = [(letter.id, letter.chat, letter.replaces) for letter in letters]
        return self._run(lambda connection: outgoing.mark(connection, self.bot, self.instance, rows))

    def sent(self, letter: Letter, message_id: int | None, now: float, result: Any = None) -> Future[None]:
        """Record that a message arrived. `result`: of the call, for its report."""
        return self._run(
            lambda connection: outgoing.sent(
                connection,
                self.bot,
                _ended(letter),
                letter.id,
                letter.chat,
                letter.remember_as,
                result,
                message_id,
                now,
            )
        )

    def again(self, letter: Letter, not_before: float, repeats: int, reason: str) -> Future[None]:
        """Keep a message for another attempt."""
        return self._run(lambda connection: outgoing.again(connection, letter.id, not_before, repeats, reason))

    def give_up(self, letter: Letter, state: str, reason: str, now: float) -> Future[None]:
        """Record that a message has failed, or that its outcome is `unknown`."""
        return self._run(
            lambda connection: outgoing.give_up(connection, self.bot, _ended(letter), letter.id, state, reason, now)
        )

    # ---- books

    def write(self, operation: Callable[[Books], T], now: float) -> Future[T]:
        """Run an operation on the books in a transaction. It may run twice, and has no effect but on the books."""
        return self._run(lambda connection: operation(Books(connection, self.bot, now, self._sealer)))

    def work(self, chore: Callable[[Books], Sequence[Message]], now: float) -> Future[int]:
        """Do a chore: what it says is sent, in the same transaction; gives how many messages. Raises Roleless."""

        def working(connection: Connection) -> int:
            if not instances.holds(connection, self.bot, CHORES, self.instance):
                raise Roleless
            messages = chore(Books(connection, self.bot, now, self._sealer))
            return outgoing.add(connection, self.bot, [self._envelopes.message(one) for one in messages], now)

        return self._run(working)

    @contextmanager
    def reading(self, now: float) -> Iterator[Books]:
        """Look at the books beside the writer, in the calling thread. Raises JournalError when the database does not answer."""
        try:
            with self._database.reading() as connection:
                yield Books(connection, self.bot, now, self._sealer)
        except DatabaseError as error:
            raise JournalError("journal.busy", reason=type(error).__name__) from error

    # ---- chats

    def stop(self, chat_id: int, reason: str, now: float) -> Future[None]:
        """Write to a chat no more until somebody there writes to us."""
        key, address = self._envelopes.key(str(chat_id)), self._envelopes.address(chat_id)
        return self._run(lambda connection: chats.stop(connection, self.bot, key, address, reason, now))

    def move(self, chat_id: int, new_id: int) -> Future[None]:
        """Go on in the chat that another one became."""
        old, new = self._envelopes.key(str(chat_id)), self._envelopes.key(str(new_id))
        address = self._envelopes.address(new_id) or b""

        def moving(connection: Connection) -> None:
            chats.move(connection, old, new, address)
            self._follow(connection, chat_id, new_id)

        return self._run(moving)

    # ---- instances

    def beat(self) -> Future[list[str]]:
        """Show that we are alive, and free what the dead held; gives their names. Call it regularly."""

        def beating(connection: Connection) -> dict[str, int]:
            return instances.beat(connection, self.instance)

        result: Future[list[str]] = Future()

        def judged(found: Future[dict[str, int]]) -> None:
            error = found.exception()
            if error is not None:
                result.set_exception(error)
                return
            dead = self._neighbours.dead(found.result())
            for name in dead:
                self._run(partial(instances.bury, name=name))
            result.set_result(dead)

        self._run(beating).add_done_callback(judged)
        return result

    def acquire(self, role: str, now: float = 0.0) -> Future[bool]:
        """Ask for a role (SENDER, POLLER); gives whether it is ours. A new sender takes over what the last one left."""
        taken: list[bool] = []

        def acquiring(connection: Connection) -> bool:
            taken[:] = [instances.acquire(connection, self.bot, role, self.instance)]
            if not taken[0]:
                return instances.holds(connection, self.bot, role, self.instance)
            if role == SENDER:
                outgoing.adopt(connection, self.bot, now, self.flights)
            return True

        def told(future: Future[bool]) -> None:
            if role == SENDER and future.exception() is None and taken[0]:
                self.flights.begin_anew()  # the journal knows now of the calls of an earlier process

        future = self._run(acquiring)
        future.add_done_callback(told)
        return future

    # ---- housekeeping

    def purge(self, now: float) -> Future[int]:
        """Delete what is old."""
        return self._run(lambda connection: keeping.purge(connection, now))

    def count(self) -> Future[dict[str, float]]:
        """Count what waits. Also the question whether the database answers."""
        return self._run(keeping.count)

    def reseal(self, sealer: Sealer) -> Future[int]:
        """Seal everything with the newest key of `sealer`. No instance may run meanwhile."""
        return self._run(lambda connection: keeping.reseal(connection, sealer))

    def close(self) -> None:
        """Give back claims and roles, write what waits, end."""
        with suppress(JournalError):
            self._run(lambda connection: instances.bury(connection, self.instance))
        self._writer.close()
        self.flights.close()
        self._database.close()
        if self._lock is not None:
            self._lock.close()

    def _run(self, operation: Callable[[Connection], T]) -> Future[T]:
        return self._writer.submit(operation)


def _ended(letter: Letter) -> Ended | None:
    return Ended(letter.id, letter.stored_at, letter.report) if letter.report else None


def _prepare(connection: Connection) -> None:
    """Let what is committed survive a power cut, whatever the server's setting, and what is deleted be overwritten."""
    statements = ["SET synchronous_commit = on"]
    if connection.dialect.name == "sqlite":
        statements = [
            "PRAGMA synchronous = FULL", "PRAGMA cache_size = -4000", "PRAGMA secure_delete = ON", f"PRAGMA busy_timeout = {_BUSY_MS}",
        ]  # fmt: skip
    with closing(connection.connection.cursor()) as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.connection.commit()
