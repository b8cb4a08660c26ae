"""A group, forum or channel, as a test plays it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.botapi_server import incoming
from bot.botapi_server.account import Account
from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Chat, Json, Member, Topic, User
from bot.botapi_server.transcript import transcript_lines


class GroupChat:
    """A chat of many. `member(user)` gives the person in it, to talk and press as in a private chat."""

    def __init__(self, account: Account, chat: Chat) -> None:
        self.account = account
        self.chat = chat

    def member(self, user: User, *, topic: Topic | int | None = None, anonymous: bool = False) -> Conversation:
        """Speak as somebody, in a topic or not, with the own name or as an anonymous administrator."""
        topic_id = topic.topic_id if isinstance(topic, Topic) else topic
        return Conversation(self.account, self.chat, user, topic_id=topic_id, anonymous=anonymous)

    # ---- who is in it

    def join(self, user: User, *, status: str = "member", rights: Sequence[str] = ()) -> None:
        """Let somebody join, with the service message and the chat_member update."""
        self.set_member(user, status, rights)
        self._service(user, {"new_chat_members": [user.body()]})

    def leave(self, user: User) -> None:
        """Let somebody leave."""
        self.set_member(user, "left")
        self._service(user, {"left_chat_member": user.body()})

    def set_member(self, user: User, status: str, rights: Sequence[str] = (), *, actor: User | None = None) -> Member:
        """Change somebody's standing and tell the bot."""
        before = self.chat.members.get(user.user_id) or Member(user, "left")
        old = before.body()
        member = Member(user, status, frozenset(rights))
        self.chat.members[user.user_id] = member
        incoming.change_member(self.account, self.chat, actor or user, old, member)
        return member

    def promote_bot(self, *rights: str, actor: User | None = None) -> None:
        """Make the bot an administrator with these rights."""
        self.set_member(self.account.me, "administrator", rights, actor=actor)

    def kick_bot(self, actor: User | None = None) -> None:
        """Throw the bot out."""
        self.set_member(self.account.me, "kicked", actor=actor)

    def delete(self) -> None:
        """Delete the whole chat."""
        self.chat.deleted = True

    def migrate(self, actor: User) -> GroupChat:
        """Turn a basic group into a supergroup with a new id, with both service messages."""
        number = next(self.account.hub.chat_ids)
        new = Chat(-1_001_000_000_000 - number, "supergroup", title=self.chat.title, members=dict(self.chat.members))
        self.account.chats[new.chat_id] = new
        self._service(actor, {"migrate_to_chat_id": new.chat_id})
        self.chat.migrated_to = new.chat_id
        group = GroupChat(self.account, new)
        group._service(actor, {"migrate_from_chat_id": self.chat.chat_id})
        return group

    def _service(self, user: User, content: Json, topic_id: int | None = None) -> int:
        message = self.account.post(self.chat, content, sender=user, topic_id=topic_id)
        incoming.tell(self.account, self.chat, message, "message")
        return message.message_id

    # ---- topics

    def new_topic(self, name: str, user: User) -> Topic:
        """Let a person open a topic."""
        created = {"name": name, "icon_color": 7_322_096}
        return self.chat.topics[incoming.open_topic(self.account, self.chat, user, created).message_id]

    def topic(self, name: str) -> Topic:
        """Find a topic by its name, or how its name begins. Raise LookupError when there is none."""
        for topic in self.chat.topics.values():
            if topic.name.startswith(name):
                return topic
        raise LookupError(f"no topic {name!r} among {[topic.name for topic in self.chat.topics.values()]}")

    def drop_topic(self, topic: Topic) -> None:
        """Let somebody delete a topic and everything in it, behind the bot's back."""
        incoming.drop_topic(self.account, self.chat, topic)

    # ---- looking

    def transcript(self, topic: Topic | None = None) -> list[str]:
        """Write the chat, or one topic, as plain lines."""
        return transcript_lines(self.chat, topic_id=topic.topic_id if topic else None)

    @property
    def delivered(self) -> int:
        """How many messages the bot has put into this chat."""
        return self.account.delivered.get(self.chat.chat_id, 0)
