"""Outgoing messages: marked before they are sent, given up or repeated, stopped, moved, forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram.keys import KeyRing, make_keys
from catalog_db.journal import flights
from catalog_db.journal.opening import open_journal
from catalog_db.journal.records import SENDER, JournalError, Letter, Result, Roleless
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import BOT, START, Bench, handle_all, reply, said


@pytest.fixture
def sender(journal: Journal) -> Journal:
    """The journal in the hands of the sender."""
    assert journal.acquire(SENDER).result()
    return journal


def take(journal: Journal, *, bulk: bool = False) -> list[Letter]:
    return journal.take(100, bulk=bulk).result()


def states(bench: Bench) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in bench.rows("SELECT state, reason FROM journal_outgoing ORDER BY id")]


def test_messages_are_taken_once_in_order_bulk_apart(sender: Journal) -> None:
    sender.add([reply(1, "甲", kind="bulk"), reply(1, "乙"), reply(2, "丙")], START).result()
    assert [letter.params["text"] for letter in take(sender)] == ["乙", "丙"]
    assert take(sender) == []
    assert [letter.params["text"] for letter in take(sender, bulk=True)] == ["甲"]


def test_what_is_sent_leaves_its_number_only(bench: Bench, sender: Journal) -> None:
    sender.add([reply(1, "一", remember_as="a")], START).result()
    [letter] = take(sender)
    assert sender.mark([letter]).result() == {letter.id: None}
    sender.sent(letter, 4711, START).result()
    assert states(bench) == []
    sender.add([reply(1, "二", replaces="a"), reply(2, "三", replaces="a")], START).result()
    letters = take(sender)
    assert list(sender.mark(letters).result().values()) == [4711, None]


def test_only_the_sender_takes_and_marks(journal: Journal) -> None:
    journal.add([reply()], START).result()
    with pytest.raises(Roleless):
        take(journal)
    journal.acquire(SENDER).result()
    [letter] = take(journal)
    journal._run(lambda connection: connection.exec_driver_sql("DELETE FROM journal_roles") and None).result()
    with pytest.raises(Roleless):
        journal.mark([letter]).result()


def test_what_waits_for_nothing_is_marked_where_it_is_taken(bench: Bench, sender: Journal) -> None:
    sender.add([reply(1, "一", remember_as="a")], START).result()
    [first] = take(sender)
    sender.mark([first]).result()
    sender.sent(first, 4711, START).result()
    sender.add([reply(1, "二", replaces="a"), reply(1, "三"), reply(2, "四")], START).result()
    letters = sender.take(100, bulk=False, at_once=lambda some: [some[0], some[2]]).result()
    assert [(one.params["text"], one.marked) for one in letters] == [("二", True), ("三", False), ("四", True)]
    assert letters[0].message_id == 4711
    assert [state for state, _ in states(bench)] == ["sending", "taken", "sending"]


def test_what_was_marked_and_nobody_was_told_of_was_not_sent_and_waits_again(bench: Bench, sender: Journal) -> None:
    sender.add([reply(1, "一"), reply(2, "二"), reply(3, "三")], START).result()
    told, *_ = sender.take(100, bulk=False, at_once=lambda some: some[:2]).result()
    assert sender.return_others([told.id]).result() == 2
    assert [state for state, _ in states(bench)] == ["sending", "waiting", "waiting"]
    assert [one.params["text"] for one in take(sender)] == ["二", "三"]


def test_after_a_crash_what_somebody_wants_to_know_of_is_reported_and_not_repeated(
    bench: Bench, sender: Journal
) -> None:
    """A part that asked what becomes of a message decides itself: nobody gets the same answer of a person twice."""
    sender.add([reply(1, "客服的话", report=("desk", "desk 1"))], START).result()
    letters = take(sender)
    sender.mark(letters).result()
    sender.flights.leave(letters[0].key)
    sender.close()
    second = bench.open()
    second.acquire(SENDER).result()
    assert states(bench) == [("unknown", "sender ended")]
    assert take(second) == []


def test_after_a_crash_critical_ones_are_repeated_once_and_others_recorded(bench: Bench, sender: Journal) -> None:
    sender.add([reply(1, "重要"), reply(2, "广告", critical=False), reply(3, "还没发")], START).result()
    letters = take(sender)
    sender.mark(letters[:2]).result()
    for letter in letters[:2]:
        sender.flights.leave(letter.key)
    sender.close()
    second = bench.open()
    second.acquire(SENDER).result()
    assert states(bench) == [("waiting", "sender ended"), ("unknown", "sender ended"), ("waiting", None)]
    again = take(second)
    assert [(letter.params["text"], letter.repeats) for letter in again] == [("重要", 1), ("还没发", 0)]
    second.mark(again).result()
    second.flights.leave(again[0].key)
    second.flights.leave(again[1].key)
    second.close()
    third = bench.open()
    third.acquire(SENDER).result()
    assert [state for state, _ in states(bench)] == ["unknown", "unknown", "waiting"]
    assert [letter.repeats for letter in take(third)] == [1]
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing WHERE state = 'unknown' AND content IS NOT NULL") == [(0,)]


def test_what_a_killed_sender_noted_of_its_calls_is_believed(bench: Bench, sender: Journal) -> None:
    """What never left is sent, what arrived is not sent again: only a call whose answer nobody saw stays unknown."""
    texts = ("还没走", "到了", "没收", "半路")
    sender.add(
        [reply(at, text, critical=False, remember_as="news") for at, text in enumerate(texts, 1)], START
    ).result()
    letters = take(sender)
    sender.mark(letters).result()
    for letter in letters[1:]:
        sender.flights.leave(letter.key)
    sender.flights.land(letters[1].key, 77)
    sender.flights.refuse(letters[2].key)
    sender.close()
    second = bench.open()
    second.acquire(SENDER).result()
    kept = second.flights.of(letters[3].key)
    if not bench.url.startswith("sqlite"):  # another machine may have sent: nothing is known of its calls
        assert [state for state, _ in states(bench)] == ["unknown"] * 4
        return
    assert [state for state, _ in states(bench)] == ["waiting", "waiting", "unknown"]
    assert [letter.params["text"] for letter in take(second)] == ["还没走", "没收"]
    assert bench.rows("SELECT message FROM journal_messages") == [(77,)]
    assert kept is None


def test_calls_of_an_earlier_run_of_the_machine_tell_nothing(
    bench: Bench, sender: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not bench.url.startswith("sqlite"):
        pytest.skip("calls are noted beside an SQLite database only")
    sender.add([reply(1, "断电", critical=False)], START).result()
    sender.mark(take(sender)).result()
    sender.close()
    monkeypatch.setattr(flights, "_boot", lambda: b"another-run")
    second = bench.open()
    second.acquire(SENDER).result()
    assert states(bench) == [("unknown", "sender ended")]


def test_a_number_that_comes_again_is_another_message(tmp_path: Path) -> None:
    calls = flights.Flights(tmp_path / "calls")
    calls.begin_anew()
    calls.leave((1, START))
    calls.land((1, START), 5)
    calls.close()
    again = flights.Flights(tmp_path / "calls")
    assert again.of((1, START)) == flights.Flight("landed", 5)
    assert again.of((1, START + 1)) is None
    again.forget((1, START))
    assert [again.of((number, START)) for number in range(3)] == [None] * 3
    for number in range(flights.SLOTS):
        again.leave((number, START))
    with pytest.raises(RuntimeError):
        again.leave((flights.SLOTS, START))


def test_nothing_waits_for_who_blocked_us_until_they_write(bench: Bench, sender: Journal) -> None:
    sender.add([reply(1), reply(2)], START).result()
    sender.stop(1, "blocked", START).result()
    assert [letter.chat_id for letter in take(sender)] == [2]
    assert sender.add([reply(1)], START).result() == 0
    assert states(bench)[-1] == ("failed", "blocked")
    sender.store([said(1, 1)], START).result()
    assert sender.add([reply(1)], START).result() == 1


def test_blocking_is_also_learnt_from_the_update(sender: Journal) -> None:
    sender.store([said(1, 1, unstops=False, stopped="blocked")], START).result()
    assert sender.add([reply(1)], START).result() == 0
    sender.store([said(2, 1)], START).result()
    assert sender.add([reply(1)], START).result() == 1


def test_a_chat_that_moved_takes_everything_along(bench: Bench, sender: Journal) -> None:
    sender.store([said(1, -5)], START).result()
    [claim] = sender.claim(1, START).result()
    result = Result("answered", session={"n": 1}, outgoing=(reply(-5, remember_as="a"),))
    sender.finish(claim, result, START).result()
    sender.store([said(2, -5)], START).result()
    sender.store([said(3, -5, moved_to=-1005)], START).result()
    sender.store([said(4, -1005)], START).result()
    claims = handle_all(sender, START)
    assert [(claim.number, claim.session, claim.chat_id) for claim in claims] == [
        (2, {"n": 1}, -1005), (3, {"n": 1}, -1005), (4, {"n": 1}, -1005),
    ]  # fmt: skip
    sender.stop(-1005, "removed", START).result()
    assert take(sender) == []


def test_moving_twice_or_into_a_known_chat_changes_nothing_more(sender: Journal) -> None:
    sender.store([said(1, -5)], START).result()
    [claim] = sender.claim(1, START).result()
    sender.finish(claim, Result("answered", session={"n": 1}), START).result()
    sender.store([said(2, -1005)], START).result()
    sender.move(-5, -1005).result()
    sender.move(-5, -1005).result()
    assert [(claim.number, claim.session) for claim in handle_all(sender, START)] == [(2, {"n": 1})]


def test_forgetting_leaves_no_row_of_the_person(bench: Bench, sender: Journal) -> None:
    for number in (1, 2):
        sender.store([said(number, 1), said(number + 10, 2)], START).result()
        for claim in sender.claim(10, START).result():
            messages = (reply(claim.chat_id or 0, remember_as=f"a{number}"), reply(claim.chat_id or 0))
            sender.finish(claim, Result("answered", session={"n": 1}, kept={"k": 1}, outgoing=messages), START).result()
    letters = take(sender)
    sender.mark(letters).result()
    for letter in letters[:4]:
        sender.sent(letter, letter.id, START).result()
    sender.store([said(3, 1, "/forget")], START).result()
    [claim] = sender.claim(10, START).result()
    sender.finish(claim, Result("forgotten", forget=True, outgoing=(reply(1, "已删除"),)), START).result()
    key = claim.conversation
    assert bench.rows("SELECT COUNT(*) FROM journal_conversations WHERE key = :key OR chat = :key", key=key) == [(0,)]
    assert bench.rows("SELECT COUNT(*) FROM journal_messages WHERE chat = :key", key=key) == [(0,)]
    assert bench.rows("SELECT COUNT(*) FROM journal_updates WHERE conversation = :key", key=key) == [(0,)]
    assert bench.rows("SELECT COUNT(*) FROM journal_outgoing WHERE chat = :key", key=key) == [(1,)]  # the last answer
    assert [letter.params["text"] for letter in take(sender)] == ["已删除"]
    assert bench.rows("SELECT COUNT(*) FROM journal_conversations") == [(1,)]


def test_words_after_forgetting_are_answered_without_a_past(sender: Journal) -> None:
    sender.store([said(1, 1)], START).result()
    [claim] = sender.claim(1, START).result()
    sender.finish(claim, Result("answered", session={"n": 1}), START).result()
    sender.store([said(2, 1, "/forget"), said(3, 1)], START).result()
    [claim] = sender.claim(1, START).result()
    sender.finish(claim, Result("forgotten", forget=True), START).result()
    assert [(claim.number, claim.session, claim.chat_id) for claim in handle_all(sender, START)] == [(3, None, 1)]


def test_superseded_messages_do_not_leave(bench: Bench, sender: Journal) -> None:
    sender.store([said(1)], START).result()
    [claim] = sender.claim(1, START).result()
    sender.finish(claim, Result("a", outgoing=(reply(remember_as="a"), reply(remember_as="b"))), START).result()
    [first, second] = take(sender)
    sender.mark([first]).result()
    sender.store([said(2)], START).result()
    [claim] = sender.claim(1, START).result()
    sender.finish(claim, Result("b", supersedes=("a", "b")), START).result()
    assert sender.mark([second]).result() == {}
    assert states(bench) == [("sending", None), ("failed", "superseded")]


def test_nothing_personal_lies_in_the_database_in_clear(bench: Bench, sender: Journal) -> None:
    """R18, of what the journal keeps."""
    seeds = ("13800138000", "人民路 7 号", "王桂芳", "5551234567")
    content = " ".join(seeds)
    sender.store([said(1, 5551234567, content), said(2, 5551234567, content)], START).result()
    [claim] = sender.claim(1, START).result()
    result = Result(
        "answered",
        session={"q": content},
        kept={"q": content},
        outgoing=(reply(5551234567, content),),
        wake_at=START + 3,
    )
    sender.finish(claim, result, START).result()
    tables = [row[0] for row in bench.rows(_TABLES[bench.url.split(":")[0].split("+")[0]])]
    dump = b""
    for table in tables:
        for row in bench.rows(f"SELECT * FROM {table}"):  # noqa: S608 - names from the database
            dump += b"\n".join(bytes(v) if isinstance(v, (bytes, memoryview)) else str(v).encode() for v in row)
    assert {"journal_updates", "journal_conversations", "journal_outgoing", "journal_messages"} < set(tables)
    for seed in seeds:
        assert seed.encode() not in dump
        assert seed not in dump.decode("utf-16-le", "ignore")


_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'journal_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE tablename LIKE 'journal_%'",
}


def test_another_key_does_not_open_the_journal(bench: Bench, journal: Journal) -> None:
    journal.close()
    with pytest.raises(JournalError) as caught:
        open_journal(bench.url, KeyRing(make_keys()), BOT)
    assert caught.value.key == "journal.key"


def test_a_new_key_seals_everything_anew(bench: Bench) -> None:
    keys = make_keys()
    bench.ring = KeyRing(keys)
    journal = bench.open()
    journal.store([said(1, 1), said(2, 2)], START).result()
    [claim, _] = journal.claim(2, START).result()
    journal.finish(claim, Result("a", session={"n": 1}, kept={"k": 2}, outgoing=(reply(),)), START).result()
    both = keys.with_new_seal()
    assert journal.reseal(KeyRing(both)).result() == 6  # an update, two addresses, session, kept, a message
    journal.close()
    bench.ring = KeyRing(both.newest_only())
    renewed = bench.open()
    renewed.acquire(SENDER).result()
    renewed.store([said(3, 1)], START).result()
    assert {claim.number for claim in renewed.claim(9, START).result()} == {2, 3}
    assert [letter.params["text"] for letter in take(renewed)] == ["在的"]
