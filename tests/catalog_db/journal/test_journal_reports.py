"""Reports: each end of a message is told once, in the transaction that records it."""

from __future__ import annotations

from typing import Any

import pytest

from catalog_db.journal.records import SENDER, Claim, Message
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import START, Bench, said

NAME = "desk"


def asked(tag: str, chat_id: int = 5, **options: Any) -> Message:
    """A message whose end is to be reported."""
    return Message("sendMessage", {"text": tag}, chat_id, "reply", report=(NAME, tag), **options)


def told(journal: Journal, now: float = START + 10) -> list[dict[str, Any]]:
    """Take every report that waits, as a worker does."""
    found: list[dict[str, Any]] = []
    while claims := journal.claim(10, now).result():
        for claim in claims:
            found += _handled(journal, claim, now)
    return found


def _handled(journal: Journal, claim: Claim, now: float) -> list[dict[str, Any]]:
    from catalog_db.journal.records import Result

    journal.finish(claim, Result("handled"), now).result()
    return [claim.content["report"]] if claim.content and "report" in claim.content else []


@pytest.fixture
def sender(journal: Journal) -> Journal:
    """The journal in the hands of the sender."""
    assert journal.acquire(SENDER, START).result()
    return journal


def test_what_is_sent_is_told_with_its_numbers_and_nothing_else(sender: Journal) -> None:
    sender.add([asked("a"), asked("b"), Message("sendMessage", {"text": "c"}, 5, "reply")], START).result()
    letters = sender.take(10, bulk=False).result()
    sender.mark(letters).result()
    result = {"message_id": 7, "message_thread_id": 3, "text": "张大爷"}
    for letter in letters:
        sender.sent(letter, 7, START, result).result()
        sender.sent(letter, 7, START, result).result()  # told twice by a sender that heard no answer
    assert [(one["tag"], one["state"], one["result"]) for one in told(sender)] == [
        ("a", "sent", {"message_id": 7, "message_thread_id": 3}),
        ("b", "sent", {"message_id": 7, "message_thread_id": 3}),
    ]
    assert told(sender) == []


def test_an_album_tells_all_its_numbers(sender: Journal) -> None:
    sender.add([asked("a")], START).result()
    [letter] = sender.take(10, bulk=False).result()
    sender.mark([letter]).result()
    sender.sent(letter, None, START, [{"message_id": 7}, {"message_id": 8}]).result()
    assert told(sender)[0]["result"] == [{"message_id": 7}, {"message_id": 8}]


def test_what_failed_is_told_with_the_reason(sender: Journal) -> None:
    sender.add([asked("a")], START).result()
    [letter] = sender.take(10, bulk=False).result()
    sender.mark([letter]).result()
    for _ in range(2):
        sender.give_up(letter, "failed", "400 message thread not found", START).result()
    assert [(one["state"], one["reason"]) for one in told(sender)] == [("failed", "400 message thread not found")]


def test_a_chat_that_stops_tells_of_everything_that_waits_for_it_and_of_what_comes_later(sender: Journal) -> None:
    sender.store([said(1, 5)], START).result()
    sender.add([asked("a"), asked("b", 6)], START).result()
    sender.store([said(2, 5, unstops=False, stopped="blocked")], START + 1).result()
    sender.add([asked("c")], START + 2).result()
    found = [(one["tag"], one["state"], one["reason"]) for one in told(sender)]
    assert found == [("a", "failed", "blocked"), ("c", "failed", "blocked")]


def test_a_sender_that_was_killed_leaves_no_message_without_a_report(bench: Bench, sender: Journal) -> None:
    sender.add([asked("a", critical=False), asked("b"), asked("c")], START).result()
    letters = sender.take(10, bulk=False).result()
    sender.mark(letters[:2]).result()
    for letter in letters[:2]:
        sender.flights.leave(letter.key)
    sender.close()
    after = bench.open()
    assert after.acquire(SENDER, START + 5).result()
    # Whoever wants to know what became of a message decides whether it is said again, critical or not.
    assert [(one["tag"], one["state"]) for one in told(after)] == [("a", "unknown"), ("b", "unknown")]
    letters = after.take(10, bulk=False).result()
    after.mark(letters).result()
    for letter in letters:
        after.sent(letter, 7, START + 6, {"message_id": 7}).result()
    assert [one["tag"] for one in told(after)] == ["c"]


def test_a_new_key_leaves_reports_as_they_are(bench: Bench, sender: Journal) -> None:
    sender.add([asked("a")], START).result()
    [letter] = sender.take(10, bulk=False).result()
    sender.mark([letter]).result()
    sender.sent(letter, 7, START, {"message_id": 7}).result()
    sender.reseal(bench.ring).result()
    assert [one["tag"] for one in told(sender)] == ["a"]
