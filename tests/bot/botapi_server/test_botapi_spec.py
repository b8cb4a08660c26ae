"""The oracle itself: what breaks the Bot API is refused and recorded, what does not passes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.botapi_server import BotApiServer
from bot.botapi_server.spec import Schema

SCHEMA = Schema.load()


@pytest.mark.parametrize(
    ("method", "parameters", "path"),
    [
        ("sendMessage", {"chat_id": 1}, "text"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "text"),
        ("sendMessage", {"chat_id": 1, "text": "a", "colour": "red"}, "colour"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [{"text": "a"}]}}, "reply_markup.inline_keyboard[0]"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "绿" * 22}]]}}, "reply_markup.inline_keyboard[0][0].callback_data"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "copy_text": {"text": "x" * 257}}]]}}, "reply_markup.inline_keyboard[0][0].copy_text.text"),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "a", "style": "pink"}]]}}, "reply_markup.inline_keyboard[0][0].style"),
        ("setWebhook", {"url": "https://a.cn", "secret_token": "坏"}, "secret_token"),
        ("setWebhook", {"url": "https://a.cn", "max_connections": 101}, "max_connections"),
        ("getUpdates", {"limit": 0}, "limit"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [], "button": {"text": "a", "start_parameter": "a b"}}, "button.start_parameter"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "长" * 201}, "text"),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "帮助"}]}, "commands[0].command"),
        ("setMyCommands", {"commands": [{"command": "help", "description": "帮助"}], "language_code": "zh-CN"}, "language_code"),
        ("setMyCommands", {"commands": [{"command": "help", "description": "帮助"}], "scope": {"type": "chat"}}, "scope.chat_id"),
        ("sendMediaGroup", {"chat_id": 1, "media": [{"type": "photo", "media": "x"}]}, "media"),
        ("sendLocation", {"chat_id": 1, "latitude": 1.0, "longitude": 2, "heading": 361}, "heading"),
        ("createForumTopic", {"chat_id": 1, "name": "题" * 129}, "name"),
        ("deleteMessages", {"chat_id": 1, "message_ids": list(range(101))}, "message_ids"),
        ("copyMessages", {"chat_id": 1, "from_chat_id": 2, "message_ids": [2, 1]}, "message_ids"),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"type": "article", "id": "绿" * 22, "title": "a", "input_message_content": {"message_text": "a"}}]}, "results[0].id"),
        ("sendMessageDraft", {"chat_id": 1, "draft_id": 0, "text": "a"}, "draft_id"),
    ],
)  # fmt: skip
def test_breaches_are_found_at_their_place(method: str, parameters: dict[str, Any], path: str) -> None:
    assert [problem.path for problem in SCHEMA.call_problems(method, parameters)] == [path]


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {"chat_id": "@lvxuan", "text": "<b>" * 3000, "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"keyboard": [["字", {"text": "位置", "request_location": True}]]}}),
        ("sendMessage", {"chat_id": 1, "text": "a", "reply_markup": {"remove_keyboard": True}}),
        ("sendLocation", {"chat_id": 1, "latitude": 1, "longitude": 2.5, "live_period": 0x7FFFFFFF}),
        ("answerInlineQuery", {"inline_query_id": "1", "results": [{"type": "venue", "id": "1", "title": "店", "address": "路", "latitude": 1.0, "longitude": 2.0}]}),
        ("setMessageReaction", {"chat_id": 1, "message_id": 2, "reaction": [{"type": "emoji", "emoji": "👍"}]}),
        ("sendDice", {"chat_id": 1, "emoji": "🎯"}),
    ],
)  # fmt: skip
def test_what_is_allowed_passes(method: str, parameters: dict[str, Any]) -> None:
    assert SCHEMA.call_problems(method, parameters) == []


def test_the_schema_is_whole() -> None:
    assert (SCHEMA.version, len(SCHEMA.methods), len(SCHEMA.types)) == ("10.3", 185, 400)
    limits = sum(
        len(field.limits)
        for group in (SCHEMA.methods, SCHEMA.types)
        for fields in group.values()
        for field in fields.values()
    )
    assert limits > 140
    for type_text in {
        field.type_text
        for group in (SCHEMA.methods, SCHEMA.types)
        for fields in group.values()
        for field in fields.values()
    }:
        SCHEMA.check(type_text)


async def test_a_breach_is_refused_and_recorded(server: BotApiServer, api: Any) -> None:
    chat = server.private(server.user("王婶"))
    keyboard = {"inline_keyboard": [[{"text": "看", "callback_data": "绿" * 22}]]}
    answer = await api("sendMessage", chat_id=chat.chat.chat_id, text="a", reply_markup=keyboard)
    assert answer == {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}
    assert [(v.method, v.text) for v in server.violations] == [("sendMessage", "has 66 bytes, allowed are 1-64")]
    assert chat.bot_messages() == []


async def test_an_unknown_method_is_not_found(server: BotApiServer, api: Any) -> None:
    assert (await api("sendTelepathy"))["description"] == "Not Found: method not found"


async def test_a_method_that_is_not_simulated_says_so(server: BotApiServer, api: Any) -> None:
    answer = await api("getAvailableGifts")
    assert answer["error_code"] == 501
    assert server.hub.not_simulated == ["getAvailableGifts"]


async def test_methods_are_found_whatever_their_case(server: BotApiServer, api: Any) -> None:
    assert (await api("GETME"))["result"]["username"] == "lvxuan_bot"
