"""The short way of reading a text and the long one read the same."""

from __future__ import annotations

import copy
import random
from typing import Any

import pytest

from bot.botapi_server.updates import damaged, random_update
from bot.channels.telegram.plain_texts import read_plain_text
from bot.channels.telegram.updates import read_update

_PLAIN: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 5,
        "from": {"id": 11, "is_bot": False, "first_name": "王婶", "language_code": "zh-hans"},
        "chat": {"id": 11, "type": "private", "first_name": "王婶"},
        "date": 1_795_000_000,
        "text": "内墙乳胶漆有认证的吗",
    },
}


def _with(**changes: Any) -> dict[str, Any]:
    update = copy.deepcopy(_PLAIN)
    update["message"] |= changes
    return update


@pytest.mark.parametrize(
    "update",
    [
        _PLAIN,
        _with(text="/start ref"),
        _with(text=" /help@Our_Bot  多少 钱 "),
        _with(text="看 https://a.cn", entities=[{"type": "url", "offset": 2, "length": 12}]),
        _with(**{"from": {"id": 11, "is_bot": False, "first_name": "", "last_name": "李"}}),
    ],
)
def test_a_plain_text_is_read_the_short_way(update):
    assert read_plain_text(update) is not None
    assert read_plain_text(update) == read_update(update)


@pytest.mark.parametrize(
    "update",
    [
        _with(reply_to_message={"message_id": 1}),
        _with(photo=[]),
        _with(date="1795000000"),
        _with(message_id=True),
        _with(text=5),
        _with(chat={"id": 11, "type": "group", "title": "村里"}),
        _with(chat={"id": "11", "type": "private"}),
        _with(**{"from": {"id": 11, "is_bot": False}}),
        _with(via_bot={"id": 1, "is_bot": True, "first_name": "b"}),
        {**_PLAIN, "edited_message": {}},
        {"update_id": 7, "edited_message": _PLAIN["message"]},
        {"update_id": 7, "message": []},
        {"report": {}},
    ],
)
def test_whatever_has_more_to_it_goes_the_long_way(update):
    assert read_plain_text(update) is None


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_both_ways_agree_on_any_message(count):
    rng = random.Random(3)
    for number in range(count):
        update = random_update(rng, "message")
        if number % 2:  # often as short as the short way wants it
            message = update["message"]
            update["message"] = {name: message[name] for name in message if name in _PLAIN["message"]}
            update["message"] |= {"text": "瓷砖", "from": _PLAIN["message"]["from"]}
        for one in (update, damaged(rng, copy.deepcopy(update))):
            short = read_plain_text(one) if isinstance(one, dict) else None
            assert short is None or short == read_update(one)
