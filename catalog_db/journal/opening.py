"""Opening the journal: its tables are made, and what nobody alive holds any more is freed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from catalog_db.database import open_database
from catalog_db.journal import instances, keeping
from catalog_db.journal.flights import Flights
from catalog_db.journal.records import JournalError, Sealer
from catalog_db.journal.store import Journal
from catalog_db.journal.writer import Deliver


def open_journal(url: str, sealer: Sealer, bot: int, deliver: Deliver | None = None, pause: float = 0.0) -> Journal:
    """Open the journal of a bot in the database at a URL, and make its tables. `deliver`, `pause`: see `Writer`.

    Raises DatabaseError; JournalError `journal.taken` when another process has an SQLite journal open, `journal.key` when
    the journal was sealed with another key.
    """
    database = open_database(url)
    try:
        lock = _only_one(database.file) if database.file is not None else None
        with database.engine.connect().execution_options(lvxuan_writes=True) as connection, connection.begin():
            keeping.check_seal(connection, sealer)
            if lock is not None:  # nobody else is alive: what others held is free
                for name in connection.execute(text("SELECT name FROM journal_instances")).scalars().all():
                    instances.bury(connection, name)
        flights = Flights(database.file.with_name(f"{database.file.name}.{bot}.calls")) if database.file else None
        journal = Journal(database, sealer, bot, lock, deliver, pause, flights)
        journal.beat().result()
        return journal
    except BaseException:
        database.close()
        raise


def _only_one(file: Path) -> sqlite3.Connection:
    """Take the right to serve an SQLite database; the system takes it back when the process ends, however it ends."""
    path = file.with_name(file.name + ".serving")
    connection = sqlite3.connect(path, timeout=2.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        raise JournalError("journal.taken", database=str(file)) from error
    return connection
