"""One bot: its token, chats, files, queries, settings and the queue of its updates.

Everything a bot can see belongs to its account, so that tests with tokens of their own never meet.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.flood import FloodModel
from bot.botapi_server.hub import Hub
from bot.botapi_server.polling import Poller
from bot.botapi_server.state import Callback, Chat, GuestAsk, InlineAsk, Json, Member, Message, StoredFile, User
from bot.botapi_server.update_queue import UpdateQueue


@dataclass(slots=True)
class Webhook:
    """Where updates are pushed to."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    ip_address: str | None = None
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass(slots=True)
class Account:
    """A bot as the server knows it."""

    hub: Hub
    token: str
    me: User
    queue: UpdateQueue
    poller: Poller
    flood: FloodModel
    # getMe's flags; `can_read_all_group_messages` false means privacy mode.
    flags: dict[str, bool] = field(default_factory=dict)
    webhook: Webhook | None = None
    # Set by setWebhook, for the sender to begin with what waits already.
    webhook_set: asyncio.Event = field(default_factory=asyncio.Event)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    callbacks: dict[str, Callback] = field(default_factory=dict)
    inline_asks: dict[str, InlineAsk] = field(default_factory=dict)
    guests: dict[str, GuestAsk] = field(default_factory=dict)
    inline_messages: dict[str, Message] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    # setMyName, setMyDescription, setMyShortDescription by (setting, language).
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int | None, Json] = field(default_factory=dict)
    default_rights: dict[bool, Json] = field(default_factory=dict)
    delivered: dict[int, int] = field(default_factory=dict)
    message_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    # Counts messages, edits, presses and answers, for who waits for something to happen.
    changes: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def touch(self) -> None:
        """Tell who waits that something happened."""
        self.changes += 1
        self.changed.set()
        self.changed = asyncio.Event()

    def me_body(self) -> Json:
        """Build what getMe returns."""
        return self.me.body() | self.flags

    def now(self) -> int:
        """Tell the Unix time as messages carry it."""
        return int(self.hub.clock.now())

    def chat_member(self, chat: Chat) -> Member:
        """Tell what the bot is in a chat. In a private chat it is a plain member."""
        return chat.members.get(self.me.user_id) or Member(self.me, "member" if chat.is_private else "left")

    def next_message_id(self, chat: Chat) -> int:
        """Number messages: per chat in supergroups and channels, over all other chats of the bot together."""
        return next(chat.ids if chat.kind in {"supergroup", "channel"} else self.message_ids)

    def post(
        self,
        chat: Chat,
        content: Json,
        *,
        sender: User | None,
        sender_chat: Chat | None = None,
        topic_id: int | None = None,
        opens_topic: bool = False,
        reply_markup: Json | None = None,
    ) -> Message:
        """Put a message into a chat. `content` holds the fields of the kind of message."""
        body: Json = {"message_id": self.next_message_id(chat), "date": self.now(), "chat": chat.body()}
        if opens_topic:
            topic_id = body["message_id"]
        if sender is not None:
            body["from"] = sender.body()
        if sender_chat is not None:
            body["sender_chat"] = sender_chat.body()
        body |= self._thread(chat, content, topic_id, opens_topic=opens_topic) | content
        if reply_markup and "inline_keyboard" in reply_markup:
            body["reply_markup"] = reply_markup
        own = sender is not None and sender.user_id == self.me.user_id
        message = Message(body, from_bot=own, at=self.hub.clock.now(), reply_markup=reply_markup)
        chat.messages[message.message_id] = message
        chat.note("message", message)
        if self.hub.keep_messages is not None:
            chat.forget_oldest(self.hub.keep_messages)
        if message.from_bot:
            self.delivered[chat.chat_id] = self.delivered.get(chat.chat_id, 0) + 1
        self.touch()
        return message

    def _thread(self, chat: Chat, content: Json, topic_id: int | None, *, opens_topic: bool) -> Json:
        """Build what ties a message to its topic or thread.

        In a supergroup's topic whatever replies to nothing replies to the message that opened the topic
        (Client.cpp:18385); outside forums a reply names the root of its thread (18431).
        """
        replied = content.get("reply_to_message")
        if topic_id is None:
            if replied is None or chat.kind != "supergroup" or chat.is_forum:
                return {}
            return {"message_thread_id": replied.get("message_thread_id", replied["message_id"])}
        tied: Json = {"message_thread_id": topic_id, "is_topic_message": True}
        opening = chat.message(topic_id)
        if replied is None and opening is not None and chat.kind == "supergroup" and not opens_topic:
            tied["reply_to_message"] = self.reply_body(opening)
        return tied

    def reply_body(self, message: Message) -> Json:
        """Show a message as `reply_to_message`: without its own reply."""
        return {key: value for key, value in message.body.items() if key != "reply_to_message"}

    def add_update(self, kind: str, body: Any, lane: tuple[str, int], born: float | None = None) -> int | None:
        """Queue an update for the bot."""
        self.touch()
        return self.queue.add(kind, body, lane, born)
