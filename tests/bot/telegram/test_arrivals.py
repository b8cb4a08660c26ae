"""What is read of an update before it is stored, and what is dropped."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.arrivals import BotIdentity, NoUpdate, read_arrival
from bot.channels.telegram.updates import read_update

ME = BotIdentity(7, "lvxuan_bot", staff_chat_id=-900)
GROUP = {"id": -5, "type": "supergroup"}


def in_group(**message: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {"chat": GROUP, "from": {"id": 3}, **message}}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "/start"},
        {"text": "/help@lvxuan_bot 水泥"},
        {"text": "/help@LVXUAN_BOT"},
        {"text": "水泥 @lvxuan_bot"},
        {"text": "@Lvxuan_Bot，乳胶漆呢"},
        {"caption": "看看 @lvxuan_bot"},
        {"text": "第二个", "reply_to_message": {"from": {"id": 7}}},
        {"migrate_to_chat_id": -1005},
        {"migrate_from_chat_id": -4},
        {"new_chat_members": [{"id": 1}, {"id": 7}]},
        {"chat": {"id": -900, "type": "supergroup"}, "text": "内部的话"},
    ],
)
def test_what_is_said_to_us_in_a_group_is_kept(message: dict[str, Any]) -> None:
    assert read_arrival(in_group(**message), ME) is not None


@pytest.mark.parametrize(
    "message",
    [
        {"text": "今天赶集吗"},
        {"text": "/help@other_bot"},
        {"text": "写信到 me@lvxuan_bot.cn"},
        {"text": "@lvxuan_bot2 在吗"},
        {"text": "好", "reply_to_message": {"from": {"id": 8}}},
        {"caption": "我家新房"},
        {"location": {"latitude": 33.1, "longitude": 115.2}},
        {"contact": {"phone_number": "13800138000"}},
        {"new_chat_members": [{"id": 1}]},
        {"text": 7},
        {},
    ],
)
def test_what_is_not_said_to_us_is_dropped_before_it_is_written(message: dict[str, Any]) -> None:
    assert read_arrival(in_group(**message), ME) is None


def test_channels_and_edits_of_others_are_dropped() -> None:
    assert (
        read_arrival({"update_id": 1, "channel_post": {"chat": {"id": -6, "type": "channel"}, "text": "/x"}}, ME)
        is None
    )
    assert read_arrival({"update_id": 1, "edited_message": {"chat": GROUP, "text": "改了"}}, ME) is None
    assert read_arrival({"update_id": 1, "message_reaction": {"chat": GROUP}}, ME) is None


def test_in_a_group_each_person_has_a_talk_of_their_own() -> None:
    said = read_arrival(in_group(text="/start"), ME)
    service = read_arrival(in_group(migrate_to_chat_id=-1005), ME)
    anonymous = read_arrival(in_group(text="/start", sender_chat=GROUP), ME)
    staff = read_arrival(in_group(chat={"id": -900, "type": "supergroup"}, text="好"), ME)
    pressed = read_arrival({"update_id": 2, "callback_query": {"from": {"id": 4}, "message": {"chat": GROUP}}}, ME)
    guest = read_arrival({"update_id": 3, "guest_message": {"chat": GROUP, "from": {"id": 4}, "text": "@x"}}, ME)
    found = [
        (one.conversation, one.chat_id, one.person_id)
        for one in (said, service, anonymous, staff, pressed, guest)
        if one
    ]
    assert found == [
        ("-5:3", -5, 3), ("-5", -5, None), ("-5", -5, None), ("-900", -900, None), ("-5:4", -5, 4), ("-5:4", None, 4),
    ]  # fmt: skip


def test_what_others_said_is_left_out_of_what_is_said_to_us() -> None:
    other = {"message_id": 8, "from": {"id": 9}, "text": "我家新房", "photo": [{}]}
    found = read_arrival(in_group(text="@lvxuan_bot 有证吗", reply_to_message=other, quote={"text": "新房"}), ME)
    assert found is not None
    assert found.content["message"]["reply_to_message"] == {"message_id": 8, "from": {"id": 9}}
    assert "新房" not in repr(found.content)
    ours = read_arrival(in_group(text="第二个", reply_to_message={"from": {"id": 7}, "text": "水泥有 10 款"}), ME)
    assert ours is not None
    assert ours.content["message"]["reply_to_message"]["text"] == "水泥有 10 款"


def test_where_an_update_lies() -> None:
    private = {"chat": {"id": 9, "type": "private"}}
    said = read_arrival({"update_id": 4, "message": private | {"text": "在吗"}}, ME)
    pressed = read_arrival({"update_id": 5, "callback_query": {"id": "1", "message": private}}, ME)
    inline = read_arrival({"update_id": 6, "inline_query": {"from": {"id": 9}, "query": "漆"}}, ME)
    odd = read_arrival({"update_id": 7}, ME)
    assert said is not None and pressed is not None and inline is not None and odd is not None
    assert [(one.conversation, one.chat_id) for one in (said, pressed, inline, odd)] == [
        ("9", 9), ("9", 9), ("user:9", None), ("nobody", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("status", "stopped", "unstops"), [("kicked", "blocked", False), ("left", "blocked", False), ("member", None, True)]
)
def test_blocking_and_unblocking(status: str, stopped: str | None, unstops: bool) -> None:
    change = {"chat": {"id": 9, "type": "private"}, "new_chat_member": {"status": status}}
    found = read_arrival({"update_id": 4, "my_chat_member": change}, ME)
    assert found is not None
    assert (found.stopped, found.unstops) == (stopped, unstops)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "chat", "from", "text"]), inner)
    ),
)


@settings(max_examples=300, deadline=None)
@given(_JSON | st.dictionaries(st.sampled_from(["update_id", "message", "callback_query", "x"]), _JSON))
def test_nothing_that_comes_can_break_the_reading(update: Any) -> None:
    try:
        read_arrival(update, ME)
    except NoUpdate:
        assert (
            not isinstance(update, dict)
            or not isinstance(update.get("update_id"), int)
            or (isinstance(update["update_id"], bool) or not 0 <= update["update_id"] < 1 << 40)
        )


def test_of_the_message_under_a_pressed_button_only_its_place_is_kept():
    chat = {"id": 9, "type": "private", "first_name": "王婶"}
    bot = {"id": 7, "is_bot": True, "first_name": "b"}
    place = {"message_id": 5, "date": 1_795_000_000, "chat": chat}
    rows = {"inline_keyboard": [[{"text": "第1个", "callback_data": "x"}]]}
    query = {"id": "1", "from": {"id": 9, "is_bot": False, "first_name": "王婶"}, "chat_instance": "1", "data": "x"}
    for message in ({**place, "from": bot, "text": "马桶", "reply_markup": rows}, {**place, "date": 0}):
        update = {"update_id": 3, "callback_query": {**query, "message": message}}
        arrival = read_arrival(update, ME)
        kept = {**place, "date": message["date"]}
        assert arrival.content == {"update_id": 3, "callback_query": {**query, "message": kept}}
        assert read_update(arrival.content) == read_update(update)
        assert update["callback_query"]["message"] is message
    topic = {**place, "chat": GROUP, "message_thread_id": 4, "is_topic_message": True, "from": bot, "text": "马桶"}
    update = {"update_id": 4, "callback_query": {**query, "message": topic}}
    arrival = read_arrival(update, ME)
    assert "text" not in arrival.content["callback_query"]["message"]
    assert read_update(arrival.content) == read_update(update)
    assert read_update(update).place.thread_id == 4
