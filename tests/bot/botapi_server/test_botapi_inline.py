"""Inline mode and guest mode."""

from __future__ import annotations

from typing import Any

import pytest

from bot.botapi_server import BotApiServer

RESULT = {
    "type": "article", "id": "p1", "title": "乳胶漆", "input_message_content": {"message_text": "<b>乳胶漆</b>", "parse_mode": "HTML"},
    "reply_markup": {"inline_keyboard": [[{"text": "看", "callback_data": "a"}]]},
}  # fmt: skip


async def test_from_query_to_chosen_result(server: BotApiServer, api: Any) -> None:
    aunt, mason = server.user("王婶"), server.user("李师傅")
    group = server.group("村", [aunt, mason])
    session = server.inline(aunt)
    asked = await session.query("乳胶", chat_type="supergroup")
    query = (await api("getUpdates"))["result"][0]["inline_query"]
    assert (query["query"], query["chat_type"]) == ("乳胶", "supergroup")
    assert (await api("answerInlineQuery", inline_query_id=query["id"], results=[RESULT], is_personal=True))["ok"]
    [result] = await session.wait_for_results(asked)
    message = await session.choose(asked, result, group.chat)
    assert message.body["via_bot"]["username"] == "lvxuan_bot"
    assert message.body["entities"] == [{"type": "bold", "offset": 0, "length": 3}]
    pressed = await group.member(mason).press(message, "看")
    updates = (await api("getUpdates", offset=1))["result"]
    chosen = next(update["chosen_inline_result"] for update in updates if "chosen_inline_result" in update)
    press = next(update["callback_query"] for update in updates if "callback_query" in update)
    assert chosen["inline_message_id"] == press["inline_message_id"]
    assert "message" not in press
    assert (await api("editMessageText", inline_message_id=chosen["inline_message_id"], text="已售"))["result"] is True
    assert message.text == "已售"
    await api("answerCallbackQuery", callback_query_id=pressed.query_id)
    assert server.violations == []


@pytest.mark.parametrize(
    ("results", "words"),
    [
        ([RESULT | {"id": str(number)} for number in range(51)], "RESULTS_TOO_MUCH"),
        ([RESULT, RESULT], "RESULT_ID_DUPLICATE"),
        ([{"type": "article", "id": "1", "title": "a"}], None),
        ([RESULT | {"input_message_content": {"message_text": "<b>", "parse_mode": "HTML"}}], "can't parse entities: Can't find end tag corresponding to start tag \"b\""),
    ],
)  # fmt: skip
async def test_bad_results(server: BotApiServer, api: Any, results: list[Any], words: str | None) -> None:
    asked = await server.inline(server.user("王婶")).query("漆")
    answer = await api("answerInlineQuery", inline_query_id=asked.query_id, results=results)
    assert not answer["ok"]
    assert words is None or answer["description"] == f"Bad Request: {words}"
    assert server.violations
    assert asked.answer is None


async def test_a_bot_without_inline_mode(server: BotApiServer) -> None:
    plain = server.add_bot("700000009:plain", inline=False)
    with pytest.raises(PermissionError):
        await server.inline(server.user("王婶"), bot=plain).query("漆")


async def test_a_guest_answers_once(server: BotApiServer, api: Any) -> None:
    aunt = server.user("王婶")
    village = server.group("别村", [aunt])
    village.set_member(server.bot.me, "left")
    await api("getUpdates", offset=-1)
    asked = await server.inline(aunt).summon("@lvxuan_bot 防水", village.chat)
    update = next(u for u in (await api("getUpdates", offset=2))["result"] if "guest_message" in u)
    assert update["guest_message"]["guest_query_id"] == asked.query_id
    first = await api("answerGuestQuery", guest_query_id=asked.query_id, result=RESULT)
    assert first["result"]["inline_message_id"]
    assert not (await api("answerGuestQuery", guest_query_id=asked.query_id, result=RESULT))["ok"]
