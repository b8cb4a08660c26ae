"""What the server remembers: users, chats, members, topics, messages, files.

A message is kept as the Bot API object that the bot was given (`body`); what only the person sees (the reply keyboard)
is kept beside it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.richness import rich_lines

Json = dict[str, Any]

ADMIN_RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_promote_members",
    "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories", "can_delete_stories",
    "can_pin_messages", "can_manage_topics", "can_send_welcome_messages", "can_post_messages",
)  # fmt: skip
PERMISSIONS = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews", "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users",
    "can_pin_messages", "can_manage_topics",
)  # fmt: skip
GENERAL_TOPIC = 1


@dataclass(slots=True)
class User:
    """A person (or the bot itself). `blocked`: tokens of the bots that this person has blocked."""

    user_id: int
    first_name: str
    username: str | None = None
    last_name: str | None = None
    language_code: str | None = None
    is_bot: bool = False
    is_premium: bool = False
    deactivated: bool = False
    phone_number: str | None = None

    def body(self) -> Json:
        """Build the `User` object."""
        body: Json = {"id": self.user_id, "is_bot": self.is_bot, "first_name": self.first_name}
        for key in ("last_name", "username", "language_code"):
            if getattr(self, key):
                body[key] = getattr(self, key)
        if self.is_premium:
            body["is_premium"] = True
        return body


@dataclass(slots=True)
class Member:
    """One member of a chat. `rights` hold for administrators, `permissions` for restricted members."""

    user: User
    status: str = "member"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False
    custom_title: str | None = None
    permissions: Json = field(default_factory=dict)

    @property
    def present(self) -> bool:
        """Whether the member is in the chat now."""
        return self.status in {"creator", "administrator", "member"} or (
            self.status == "restricted" and bool(self.permissions.get("is_member", True))
        )

    def can(self, right: str) -> bool:
        """Whether the member may do what the administrator right allows."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def body(self) -> Json:
        """Build the `ChatMember` object."""
        body: Json = {"status": self.status, "user": self.user.body()}
        if self.status in {"creator", "administrator"}:
            body["is_anonymous"] = self.anonymous
            if self.custom_title:
                body["custom_title"] = self.custom_title
        if self.status == "administrator":
            body["can_be_edited"] = False
            body |= {right: right in self.rights for right in ADMIN_RIGHTS}
        if self.status == "restricted":
            body |= {"is_member": True, "until_date": 0} | dict.fromkeys(PERMISSIONS, False) | self.permissions
        if self.status == "kicked":
            body["until_date"] = 0
        return body


@dataclass(slots=True)
class Topic:
    """A forum topic. Its id is the id of the service message that created it."""

    topic_id: int
    name: str
    icon_color: int = 7322096
    icon_custom_emoji_id: str | None = None
    closed: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Message:
    """One message. `from_bot` is true for what the bot under test has sent."""

    body: Json
    from_bot: bool
    # When it was sent, in Unix seconds with fractions: for measuring.
    at: float = 0.0
    reply_markup: Json | None = None
    deleted: bool = False
    # Reactions by user id, the bot's among them.
    reactions: dict[int, list[Json]] = field(default_factory=dict)
    inline_message_id: str | None = None
    receiver_id: int | None = None
    # How often the bot has edited it, and how many of these edits a test has waited for.
    edits: int = 0
    edits_seen: int = 0

    @property
    def message_id(self) -> int:
        """The id of the message in its chat."""
        return int(self.body["message_id"])

    @property
    def topic_id(self) -> int | None:
        """The id of the forum topic the message lies in."""
        found = self.body.get("message_thread_id")
        return int(found) if found is not None else None

    @property
    def text(self) -> str:
        """The text or the caption; of a rich message what it shows, in lines."""
        if "rich_message" in self.body:
            return "\n".join(rich_lines(self.body["rich_message"]))
        return str(self.body.get("text") or self.body.get("caption") or "")


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in a chat, in order, for transcripts: `kind` is message, edit, delete, press or answer."""

    kind: str
    message: Message | None
    body: Json
    who: str = ""
    text: str = ""
    markup: Json | None = None


@dataclass(slots=True)
class Chat:
    """A private chat, group, supergroup or channel, as one bot knows it."""

    chat_id: int
    kind: str
    title: str | None = None
    user: User | None = None
    username: str | None = None
    is_forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    details: Json = field(default_factory=dict)
    blocked: bool = False
    # A bot may not begin a conversation (Telegram: "bot can't initiate conversation with a user").
    started: bool = False
    deleted: bool = False
    migrated_to: int | None = None
    # What the bot was seen doing: action, topic, Unix time.
    actions: list[tuple[str, int | None, float]] = field(default_factory=list)
    # How many of them a message of the bot has ended.
    actions_over: int = 0
    drafts: dict[int, Json] = field(default_factory=dict)
    reply_keyboard: Json | None = None
    # Message 1 is the one that created the chat; in a forum it stands for the General topic.
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(2))
    events: list[Event] = field(default_factory=list)

    def note(self, kind: str, message: Message | None, who: str = "", text: str = "") -> None:
        """Remember that something happened."""
        markup = message.reply_markup if message else None
        self.events.append(Event(kind, message, dict(message.body) if message else {}, who, text, markup))

    def forget_oldest(self, keep: int) -> None:
        """Forget messages beyond the newest `keep`, and the events that tell of them."""
        while len(self.messages) > keep:
            del self.messages[next(iter(self.messages))]
        if len(self.events) > 4 * keep:
            del self.events[: -2 * keep]

    @property
    def is_private(self) -> bool:
        """Whether this is a chat with one person."""
        return self.kind == "private"

    def body(self) -> Json:
        """Build the `Chat` object."""
        body: Json = {"id": self.chat_id, "type": self.kind}
        if self.user is not None:
            person = self.user.body()
            body |= {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        else:
            body["title"] = self.title
            if self.username:
                body["username"] = self.username
        if self.is_forum:
            body["is_forum"] = True
        return body

    def message(self, message_id: int | None) -> Message | None:
        """Find a message that was not deleted."""
        found = self.messages.get(message_id) if message_id is not None else None
        return found if found is not None and not found.deleted else None

    def visible(self) -> list[Message]:
        """List the messages that were not deleted, oldest first."""
        return [message for message in self.messages.values() if not message.deleted]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The bytes behind a file id. `content` is None for a file that the bot named by a URL."""

    file_id: str
    unique_id: str
    filename: str
    mime_type: str
    content: bytes | None
    path: str


@dataclass(slots=True)
class Callback:
    """A pressed button that waits for its answer."""

    query_id: str
    user: User
    asked_at: float
    message: Message | None
    chat: Chat | None = None
    answer: Json | None = None


@dataclass(slots=True)
class InlineAsk:
    """An inline query that waits for its answer. `results` are the bot's; `answer` holds the rest."""

    query_id: str
    user: User
    text: str
    offset: str
    asked_at: float
    answer: Json | None = None


@dataclass(slots=True)
class GuestAsk:
    """A message to the bot in a chat it is no member of, waiting for its one answer."""

    query_id: str
    user: User
    chat: Chat
    message: Message
    answer: Json | None = None
