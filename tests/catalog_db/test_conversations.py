"""Conversations are kept, forgotten and bounded the same way in memory and in a file."""

import sqlite3
import stat
from datetime import UTC, datetime, timedelta

import pytest

from catalog_db.conversations import (
    KEPT_TURNS,
    Conversation,
    ConversationsError,
    MemoryConversations,
    StoredConversations,
)

NOW = datetime(2026, 11, 22, 18, tzinfo=UTC)


@pytest.fixture(params=["memory", "file"])
def kept(request, tmp_path):
    if request.param == "memory":
        yield MemoryConversations()
    else:
        stored = StoredConversations(tmp_path / "home" / "conversations.db")
        yield stored
        stored.close()


def test_a_conversation_comes_back_as_it_was(kept):
    talk = Conversation().followed_by({"place": "370783"}, {"question": "有漆吗"}).followed_by({}, {"question": "二"})
    kept.save("k", talk, NOW)
    assert kept.load("k") == Conversation({}, {1: {"question": "有漆吗"}, 2: {"question": "二"}})
    assert kept.load("other") is None


def test_it_can_be_saved_again_and_again(kept):
    talk = Conversation()
    for number in range(3):
        talk = (kept.load("k") or talk).followed_by({"n": number}, {"question": str(number)})
        kept.save("k", talk, NOW)
    assert kept.load("k") == talk
    assert list(talk.turns) == [1, 2, 3]


def test_old_turns_are_dropped_and_numbers_go_on(kept):
    for number in range(KEPT_TURNS + 3):
        kept.save("k", (kept.load("k") or Conversation()).followed_by({}, {"n": number}), NOW)
    turns = kept.load("k").turns
    assert list(turns) == list(range(4, KEPT_TURNS + 4))
    assert turns[KEPT_TURNS + 3] == {"n": KEPT_TURNS + 2}


def test_forgetting_takes_one_and_leaves_the_others(kept):
    for key in ("a", "b"):
        kept.save(key, Conversation().followed_by({}, {"q": key}), NOW)
    kept.forget("a")
    kept.forget("never")
    assert kept.load("a") is None
    assert kept.load("b").turns == {1: {"q": "b"}}


def test_what_nobody_uses_is_forgotten(kept):
    kept.save("old", Conversation().followed_by({}, {}), NOW - timedelta(days=91))
    kept.save("new", Conversation().followed_by({}, {}), NOW)
    assert kept.forget_unused(NOW - timedelta(days=90)) == 1
    assert kept.load("old") is None
    assert kept.load("new")


def test_the_file_survives_the_process_and_holds_no_key(tmp_path):
    file = tmp_path / "c.db"
    first = StoredConversations(file)
    first.save("random-key-of-a-cookie", Conversation().followed_by({}, {"question": "水泥"}), NOW)
    first.close()
    second = StoredConversations(file)
    assert second.load("random-key-of-a-cookie").turns == {1: {"question": "水泥"}}
    second.forget("random-key-of-a-cookie")
    second.close()
    raw = b"".join(part.read_bytes() for part in tmp_path.iterdir())
    assert b"random-key" not in raw
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with sqlite3.connect(file) as plain:
        assert plain.execute("SELECT count(*) FROM conversation_turn").fetchone() == (0,)


def test_a_file_that_is_no_database_is_named(tmp_path):
    file = tmp_path / "c.db"
    file.write_text("not a database, but a text that is long enough to be looked at" * 20)
    with pytest.raises(ConversationsError, match=r"c\.db"):
        StoredConversations(file)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "f").write_text("")
    with pytest.raises(ConversationsError, match=r"c\.db"):
        StoredConversations(tmp_path / "f" / "c.db")


def test_what_is_no_json_is_refused_and_changes_nothing(tmp_path):
    kept = StoredConversations(tmp_path / "c.db")
    kept.save("k", Conversation().followed_by({}, {"q": "一"}), NOW)
    with pytest.raises(ConversationsError, match="not JSON"):
        kept.save("k", kept.load("k").followed_by({}, {"q": object()}), NOW)
    assert kept.load("k").turns == {1: {"q": "一"}}
    kept.close()
