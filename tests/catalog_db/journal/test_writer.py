"""What comes while the writer rests is committed together; what comes alone waits for nothing."""

from __future__ import annotations

import threading

from sqlalchemy import event, text

from catalog_db.database import open_database
from catalog_db.journal.writer import Writer


def test_what_comes_within_the_pause_is_one_transaction(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/one.db")
    commits, rests, go_on = [], [], threading.Event()
    event.listen(database.engine, "commit", commits.append)

    def rest(seconds):
        rests.append(seconds)
        go_on.wait(30)

    writer = Writer(database.engine, 1, lambda connection: None, pause=3600, rest=rest)
    write = text("INSERT INTO journal_instances (name, beat) VALUES (:name, 1)")
    assert writer.submit(lambda connection: connection.execute(write, {"name": "0"}).rowcount).result(30) == 1
    assert (len(commits), rests) == (1, []), "the first waits for nothing"
    further = [
        writer.submit(lambda connection, name=name: connection.execute(write, {"name": str(name)}).rowcount)
        for name in range(1, 11)
    ]
    assert not any(one.done() for one in further)
    go_on.set()
    assert [one.result(30) for one in further] == [1] * 10
    assert (len(commits), len(rests)) == (2, 1)
    writer.close()
    database.close()
