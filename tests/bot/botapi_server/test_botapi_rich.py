"""Rich messages and drafts on the strict server: what the real one takes is taken and shown, the rest refused."""

from __future__ import annotations

from typing import Any

import pytest

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.botapi_server.view import chat_view


def paragraph(text: Any) -> dict[str, Any]:
    return {"type": "paragraph", "text": text}


def cell(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "align": "left", "valign": "top", **more}


TABLE = {
    "type": "table",
    "cells": [[cell("", is_header=True), cell("甲", is_header=True)], [cell("价格"), cell("48 元")]],
    "is_bordered": True,
}


@pytest.fixture
def aunt(server: BotApiServer) -> Conversation:
    talk = server.private(server.user("王婶"))
    talk.chat.started = True
    return talk


async def test_a_table_is_sent_edited_and_read(aunt: Conversation, api: Any) -> None:
    blocks = [paragraph(["两款 ", {"type": "bold", "text": "瓷砖"}]), TABLE]
    sent = (await api("sendRichMessage", chat_id=aunt.chat.chat_id, rich_message={"blocks": blocks}))["result"]
    assert sent["rich_message"]["blocks"] == blocks
    [message] = aunt.bot_messages()
    assert message.text == "两款 瓷砖\n|  | 甲 |\n| 价格 | 48 元 |"
    assert "| 价格 | 48 元 |" in aunt.text()
    where = {"chat_id": aunt.chat.chat_id, "message_id": sent["message_id"]}
    assert (await api("editMessageText", text="不比了", **where))["ok"]
    assert "rich_message" not in message.body
    assert (await api("editMessageText", rich_message={"blocks": [TABLE]}, **where))["ok"]
    assert "text" not in message.body
    again = await api("editMessageText", rich_message={"blocks": [TABLE]}, **where)
    assert "message is not modified" in again["description"]


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        [paragraph(" ")],
        [{"type": "table", "cells": [[cell("一")] * 21]}],
        [{"type": "table", "cells": []}],
        [{"type": "table", "cells": [[cell("一", align="middle")]]}],
        [{"type": "table", "cells": [[cell("一")]] * 500}],
        [paragraph("长" * 32769)],
        [paragraph("一")] * 501,
        [{"type": "thinking", "text": "想"}],
        [{"type": "nothing"}],
    ],
)
async def test_what_breaks_the_limits_is_refused(
    server: BotApiServer, aunt: Conversation, api: Any, blocks: Any
) -> None:
    answer = await api("sendRichMessage", chat_id=aunt.chat.chat_id, rich_message={"blocks": blocks})
    assert not answer["ok"]
    assert server.violations or server.hub.not_simulated
    assert aunt.bot_messages() == []
    server.violations.clear()
    server.hub.not_simulated.clear()


async def test_exactly_one_form_is_given(server: BotApiServer, aunt: Conversation, api: Any) -> None:
    for given in ({}, {"blocks": [TABLE], "html": "<p>a</p>"}):
        answer = await api("sendRichMessage", chat_id=aunt.chat.chat_id, rich_message=given)
        assert answer["error_code"] == 400
    server.violations.clear()


async def test_a_draft_is_shown_for_half_a_minute_and_goes_with_the_answer(
    server: BotApiServer, aunt: Conversation, api: Any
) -> None:
    chat_id = aunt.chat.chat_id
    assert (await api("sendMessageDraft", chat_id=chat_id, draft_id=7, text="", can_stop=True))["result"] is True
    assert (await api("sendRichMessageDraft", chat_id=chat_id, draft_id=8, rich_message={"blocks": [TABLE]}))["ok"]
    assert len(chat_view(server.bot, aunt.chat)["drafts"]) == 2
    server.hub.clock.skew += 31
    assert chat_view(server.bot, aunt.chat)["drafts"] == []
    await api("sendMessageDraft", chat_id=chat_id, draft_id=7, text="快了")
    assert [draft["text"] for draft in chat_view(server.bot, aunt.chat)["drafts"]] == ["快了"]
    await api("sendMessage", chat_id=chat_id, text="好了")
    assert chat_view(server.bot, aunt.chat)["drafts"] == []
