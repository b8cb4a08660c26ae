"""Small handlers for tests of what is under the conversation: they say back what they were told, and count."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from bot.channels.telegram.outgoing import ConversationState, Handled, Json, Outgoing

SLOW = "慢"
BAD = "坏"
WAIT = "等"


class EchoHandler:
    """Answers 第 n 句：<text>, n counted in the session. 坏… raises, 慢… takes its time."""

    def __init__(self, slow_seconds: float = 0.3) -> None:
        self._slow_seconds = slow_seconds

    def handle(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        if "callback_query" in update:
            return self._pressed(update["callback_query"])
        message = update.get("message")
        if not isinstance(message, dict) or conversation.chat_id is None:
            return Handled(outcome="ignored")
        return self._said(str(message.get("text", "")), conversation)

    def _said(self, text: str, conversation: ConversationState) -> Handled:
        if text.startswith(BAD):
            raise ValueError(text)
        if text.startswith(SLOW):
            time.sleep(self._slow_seconds)
        count = int((conversation.session_json or {}).get("count", 0)) + 1
        params = {"text": f"第 {count} 句：{text}"}
        said = Outgoing("sendMessage", params, conversation.chat_id, remember_as=f"answer:{count}")
        return Handled(session_json={"count": count}, outgoing=[said])

    def _pressed(self, query: Any) -> Handled:
        params = {"callback_query_id": str(query.get("id"))}
        return Handled(outgoing=[Outgoing("answerCallbackQuery", params, None, kind="answer_callback")])

    def wake(self, conversation: ConversationState, now: datetime) -> Handled:
        return Handled(outcome="woken")

    def chores(self) -> list[Any]:
        return []

    def apologise(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        return Handled(outgoing=[Outgoing("sendMessage", {"text": "没弄成"}, conversation.chat_id)])
