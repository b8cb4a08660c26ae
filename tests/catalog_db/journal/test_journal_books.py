"""Decisions inside the transaction, marks of a chat, chores."""

from __future__ import annotations

import pytest

from catalog_db.journal.books import Books
from catalog_db.journal.records import CHORES, Message, Result, Roleless
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import START, Bench, handle_all, reply, said


def test_what_is_decided_within_is_written_with_what_it_wrote(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()

    def decide(books: Books) -> Result:
        books.mark(2, "desk", {"ticket": 7})
        return Result("decided", session={"n": 2}, outgoing=(reply(2, "找到您了"),))

    decided = journal.finish(claim, Result("open", within=decide), START).result()
    assert (decided.outcome, len(decided.outgoing)) == ("decided", 1)
    assert bench.rows("SELECT outcome FROM journal_updates") == [("decided",)]
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(1,)]
    journal.store([said(2, 2)], START).result()
    [marked] = journal.claim(1, START).result()
    assert marked.marks == {"desk": {"ticket": 7}}


def test_a_decision_that_fails_writes_nothing(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()

    def decide(books: Books) -> Result:
        books.mark(2, "desk", 1)
        raise LookupError("no ticket")

    with pytest.raises(LookupError):
        journal.finish(claim, Result("open", within=decide), START).result()
    assert bench.rows("SELECT outcome FROM journal_updates") == [(None,)]
    with journal.reading(START) as books:
        assert books.marks(2) == {}


def test_a_mark_stays_when_its_chat_is_answered_and_goes_when_it_is_taken_away(journal: Journal) -> None:
    journal.store([said(1)], START).result()
    journal.write(lambda books: books.mark(1, "a", "x"), START).result()
    journal.write(lambda books: books.mark(1, "b", 2), START).result()
    handle_all(journal, START)
    with journal.reading(START) as books:
        assert books.marks(1) == {"a": "x", "b": 2}
    journal.write(lambda books: books.mark(1, "a", None), START).result()
    with journal.reading(START) as books:
        assert books.marks(1) == {"b": 2}


def test_marks_are_sealed_and_forgotten_with_the_chat(bench: Bench, journal: Journal) -> None:
    journal.write(lambda books: books.mark(1, "name", "王桂芳"), START).result()
    [(sealed,)] = bench.rows("SELECT marks FROM journal_conversations")
    assert "王桂芳".encode() not in bytes(sealed)
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()
    journal.finish(claim, Result("forgotten", forget=True), START).result()
    assert bench.rows("SELECT COUNT(*) FROM journal_conversations WHERE marks IS NOT NULL") == [(0,)]


def test_a_chore_is_done_by_who_has_the_role_and_what_it_says_is_sent(bench: Bench, journal: Journal) -> None:
    def remind(books: Books) -> list[Message]:
        books.mark(1, "reminded", books.now)
        return [reply(1, "该换滤芯了")]

    with pytest.raises(Roleless):
        journal.work(remind, START).result()
    assert journal.acquire(CHORES).result()
    assert journal.work(remind, START).result() == 1
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(1,)]
    with journal.reading(START) as books:
        assert books.marks(1) == {"reminded": START}
