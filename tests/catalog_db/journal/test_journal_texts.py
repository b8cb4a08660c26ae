"""How the journal writes what it keeps, and what goes to another process."""

from __future__ import annotations

import pickle

import pytest

from catalog_db.journal import texts
from catalog_db.journal.outgoing import Sealed
from catalog_db.journal.records import Claim, Message, Result

LONG = {"shown": [{"name": f"乳胶漆 {number}", "price": number} for number in range(60)]}


@pytest.mark.parametrize("value", [{}, {"text": "在吗"}, {"half": "\ud83d"}, LONG])
def test_what_is_written_is_read(value: texts.Json) -> None:
    assert texts.read(texts.write(value)) == value


def test_what_is_long_is_packed() -> None:
    assert len(texts.write(LONG)) < 1000
    assert texts.write({"text": "在吗"}) == '{"text":"在吗"}'.encode()


def test_what_goes_to_another_process_is_the_same_there() -> None:
    message = Message("sendMessage", {"text": "好"}, 9, "reply", remember_as="a.0")
    sealed = Sealed(b"chat", "reply", b"content", True, None, "a.0", None)
    for value in (
        Claim(b"key", b"key", 9, 1, {"update_id": 1}, 1, texts.write(LONG), None, None, 1.0),
        message,
        sealed,
        Result("answered", outgoing=(message,), wake_at=2.0),
    ):
        again = pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - our own
        assert again == value and type(again) is type(value)


def test_a_claim_reads_its_state_when_it_is_asked() -> None:
    fresh = Claim(b"key", b"key", 9, 1, None, 1, None, None, None, None)
    assert (fresh.session, fresh.kept) == (None, {})
    later = Claim(b"key", b"key", 9, 1, None, 1, texts.write({"n": 1}), texts.write(LONG), None, None)
    assert (later.session, later.kept) == ({"n": 1}, LONG)
