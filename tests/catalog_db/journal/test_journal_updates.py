"""Updates: each once, in order, in one piece (R6 of the study)."""

from __future__ import annotations

import random

import pytest

from catalog_db.journal.opening import open_journal
from catalog_db.journal.records import Claimless, JournalError, Result
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import BOT, START, Bench, handle_all, reply, said

DAY = 86_400.0


def test_an_update_is_handled_once_however_often_it_comes(journal: Journal) -> None:
    assert journal.store([said(5), said(5)], START).result() == 1
    assert journal.store([said(5)], START).result() == 0
    assert [claim.number for claim in handle_all(journal, START)] == [5]
    assert journal.store([said(5)], START + 2 * DAY).result() == 0
    assert handle_all(journal, START + 2 * DAY) == []


def test_shuffled_swapped_and_repeated_updates_have_their_effect_once_and_in_order(
    bench: Bench, journal: Journal
) -> None:
    """R6: 1–5 deliveries each, shuffled across 20 chats and swapped within them, handled between deliveries."""
    rng = random.Random(6)
    numbers = [(1000 + index, index % 20 + 1) for index in range(400)]
    deliveries = [pair for pair in numbers for _ in range(rng.randint(1, 5))]
    rng.shuffle(deliveries)
    journal.store([said(number, chat) for number, chat in deliveries], START).result()
    claims = handle_all(journal, START, reply())
    by_chat: dict[int, list[int]] = {}
    for claim in claims:
        assert claim.chat_id is not None
        assert claim.number is not None
        by_chat.setdefault(claim.chat_id, []).append(claim.number)
    assert by_chat == {chat: [n for n, c in numbers if c == chat] for chat in range(1, 21)}
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(400,)]
    assert bench.rows("SELECT COUNT(*) FROM journal_updates WHERE outcome = 'answered'") == [(400,)]


def test_numbers_that_begin_anew_after_a_week_are_new_and_come_last(journal: Journal) -> None:
    later = START + 7.5 * DAY
    journal.store([said(900_000)], START).result()
    handle_all(journal, START)
    journal.store([said(899_990), said(900_000)], later).result()  # lower, and one that was there before
    journal.store([said(899_995)], later + 1).result()
    assert [claim.number for claim in handle_all(journal, later + 1)] == [899_990, 899_995, 900_000]


def test_a_new_epoch_stays_behind_what_still_waits_of_the_old(journal: Journal) -> None:
    journal.store([said(900_000)], START).result()
    journal.store([said(5)], START + 7 * DAY).result()
    assert [claim.number for claim in handle_all(journal, START + 7 * DAY)] == [900_000, 5]


def test_while_a_conversation_is_claimed_its_next_update_waits_and_others_do_not(journal: Journal) -> None:
    journal.store([said(1, 1), said(2, 1), said(3, 2)], START).result()
    first = journal.claim(10, START).result()
    assert sorted(claim.number or 0 for claim in first) == [1, 3]
    journal.store([said(4, 1)], START).result()
    assert journal.claim(10, START).result() == []
    for claim in first:
        journal.finish(claim, Result("answered"), START).result()
    assert [claim.number for claim in handle_all(journal, START)] == [2, 4]


def test_the_next_update_is_taken_with_the_end_of_the_one_before(bench: Bench, journal: Journal) -> None:
    journal.store([said(1), said(2), said(3)], START).result()
    [first] = journal.claim(10, START).result()
    done = journal.finish(first, Result("answered", session={"n": 1}, outgoing=(reply(),)), START, go_on=True).result()
    second = done.following
    assert second is not None
    assert not done.more
    assert (second.number, second.attempts, second.session) == (2, 1, {"n": 1})
    assert journal.claim(10, START).result() == []
    done = journal.finish(second, Result("answered"), START).result()
    assert (done.more, done.following) == (True, None)
    [third] = journal.claim(10, START).result()
    done = journal.finish(third, Result("answered"), START, go_on=True).result()
    assert (done.more, done.following) == (False, None)


def test_what_was_finished_without_our_being_told_is_not_finished_twice(bench: Bench, journal: Journal) -> None:
    journal.store([said(1), said(2)], START).result()
    [first] = journal.claim(10, START).result()
    result = Result("answered", outgoing=(reply(),))
    journal.finish(first, result, START, go_on=True).result()
    with pytest.raises(Claimless):
        journal.finish(first, result, START, go_on=True).result()
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(1,)]
    assert journal.release_others([]).result() == 1
    assert [claim.number for claim in journal.claim(10, START).result()] == [2]


def test_session_answer_and_mark_are_one_transaction(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()
    result = Result("answered", session={"n": 1}, kept={"k": "v"}, outgoing=(reply(), reply(2)))
    bench.rows("DROP INDEX ix_journal_outgoing_chat")
    bench.rows("ALTER TABLE journal_outgoing RENAME TO elsewhere")
    with pytest.raises(JournalError):
        journal.finish(claim, result, START).result()
    assert bench.rows("SELECT outcome FROM journal_updates") == [(None,)]
    assert bench.rows("SELECT session FROM journal_conversations") == [(None,)]
    bench.rows("ALTER TABLE elsewhere RENAME TO journal_outgoing")
    journal.finish(claim, result, START).result()
    journal.store([said(2)], START + 9).result()
    [claim] = journal.claim(1, START + 9).result()
    assert (claim.session, claim.kept, claim.used_at) == ({"n": 1}, {"k": "v"}, START)
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(2,)]


def test_a_handled_update_keeps_its_number_and_outcome_only(bench: Bench, journal: Journal) -> None:
    journal.store([said(1, 77, "我叫王桂芳")], START).result()
    handle_all(journal, START)
    kept = bench.rows("SELECT number, kind, conversation, content, outcome FROM journal_updates")
    assert kept == [(1, "message", None, None, "answered")]


def test_what_another_instance_took_over_is_not_written_twice(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()
    bench.rows("UPDATE journal_conversations SET claimed_by = 'other'")
    with pytest.raises(Claimless):
        journal.finish(claim, Result("answered", outgoing=(reply(),)), START).result()
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing") == [(0,)]


def test_a_claim_is_free_again_when_its_process_has_ended(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    assert len(journal.claim(1, START).result()) == 1
    journal.close()
    assert [claim.attempts for claim in bench.open().claim(1, START).result()] == [2]


@pytest.mark.parametrize("bench", ["postgresql"], indirect=True)
def test_a_process_that_died_is_found_dead_by_the_others(bench: Bench, journal: Journal) -> None:
    dead, alive = bench.open(), bench.open()
    journal.store([said(1)], START).result()
    assert len(dead.claim(1, START).result()) == 1
    assert dead.acquire("sender").result()
    assert not alive.acquire("sender").result()
    for _ in range(8):  # journal beats too, so it is not taken for dead
        alive.beat().result()
        journal.beat().result()
    assert alive.acquire("sender").result()
    assert [claim.number for claim in alive.claim(1, START).result()] == [1]


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
def test_an_sqlite_journal_serves_one_process(bench: Bench, journal: Journal) -> None:
    with pytest.raises(JournalError) as caught:
        open_journal(bench.url, bench.ring, BOT)
    assert caught.value.key == "journal.taken"


def test_who_waits_is_woken_and_who_goes_on_is_not(journal: Journal) -> None:
    journal.store([said(1)], START).result()
    [claim] = journal.claim(1, START).result()
    journal.finish(claim, Result("waits", kept={"text": "在吗"}, wake_at=START + 3), START).result()
    assert journal.claim(1, START + 2.9).result() == []
    [woken] = journal.claim(1, START + 3).result()
    assert (woken.number, woken.content, woken.kept) == (None, None, {"text": "在吗"})
    journal.finish(woken, Result("woken", kept={}), START + 3).result()
    assert journal.claim(1, START + 60).result() == []
    journal.store([said(2)], START + 70).result()
    [claim] = journal.claim(1, START + 70).result()
    journal.finish(claim, Result("waits", wake_at=START + 73), START + 70).result()
    journal.store([said(3)], START + 71).result()
    assert [claim.number for claim in handle_all(journal, START + 80)] == [3]


def test_content_that_the_key_does_not_open_is_set_aside_and_stops_nobody(bench: Bench, journal: Journal) -> None:
    journal.store([said(1, 1), said(2, 2)], START).result()
    bench.rows("UPDATE journal_updates SET content = :junk WHERE number = 1", junk=b"junk of any kind, long enough")
    assert [claim.number for claim in handle_all(journal, START)] == [2]
    assert bench.rows("SELECT outcome FROM journal_updates WHERE number = 1") == [("unreadable",)]
    journal.store([said(3, 1)], START).result()
    assert [claim.number for claim in handle_all(journal, START)] == [3]


def test_old_rows_go(bench: Bench, journal: Journal) -> None:
    journal.store([said(1)], START).result()
    handle_all(journal, START, reply())
    assert journal.purge(START + 2 * DAY).result() == 0
    assert journal.purge(START + 4 * DAY).result() == 1
    assert bench.rows("SELECT COUNT(*) FROM journal_conversations") == [(1,)]
    journal.purge(START + 200 * DAY).result()
    assert bench.rows("SELECT COUNT(*) FROM journal_conversations") == [(0,)]


def test_what_is_busy_is_told_and_nothing_is_lost(bench: Bench, journal: Journal) -> None:
    """A failing operation among others fails alone."""
    futures = [journal.store([said(number, number)], START) for number in range(1, 30)]
    broken = journal._run(lambda connection: connection.exec_driver_sql("SELECT * FROM nowhere"))
    futures += [journal.store([said(number, number)], START) for number in range(30, 60)]
    with pytest.raises(JournalError):
        broken.result()
    assert [future.result() for future in futures] == [1] * 59
