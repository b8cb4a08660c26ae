"""A person in a chat, as a test plays them: type, press, share, wait for what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.botapi_server import incoming
from bot.botapi_server.account import Account
from bot.botapi_server.files import keep_file, media_body
from bot.botapi_server.methods.sending import origin_of
from bot.botapi_server.state import Callback, Chat, Json, Member, Message, User
from bot.botapi_server.transcript import transcript_lines

Found = TypeVar("Found")


async def wait_until(
    account: Account, condition: Callable[[], Found | None], within: float, what: Callable[[], str]
) -> Found:
    """Wait until the condition gives something true. Raise TimeoutError that says what was waited for, as it is then."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + within
    while not (found := condition()):
        left = deadline - loop.time()
        if left <= 0:
            raise TimeoutError(f"after {within:g} s still no {what()}")
        with suppress(TimeoutError):
            await asyncio.wait_for(account.changed.wait(), left)
    return found


class Conversation:
    """One person in one chat (and topic). Replies are handed out once each, in order."""

    def __init__(
        self, account: Account, chat: Chat, user: User, *, topic_id: int | None = None, anonymous: bool = False
    ) -> None:
        self.account = account
        self.chat = chat
        self.user = user
        self.topic_id = topic_id
        self.anonymous = anonymous
        self._taken = max((message.message_id for message in self.bot_messages()), default=0)

    # ---- saying

    async def send(self, content: Json, *, reply_to: Message | None = None) -> Message:
        """Send any content, given as fields of a Bot API `Message`."""
        await asyncio.sleep(0)
        return incoming.speak(
            self.account, self.chat, self.user, content,
            topic_id=self.topic_id, reply_to=reply_to, anonymous=self.anonymous,
        )  # fmt: skip

    async def send_text(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Type something."""
        return await self.send(incoming.text_fields(text), reply_to=reply_to)

    async def start(self, payload: str = "") -> Message:
        """Press the start button, or follow a deep link with `payload`."""
        return await self.send_text(f"/start {payload}".strip())

    async def send_location(self, latitude: float, longitude: float) -> Message:
        """Share where one is."""
        return await self.send({"location": {"latitude": latitude, "longitude": longitude}})

    async def send_contact(self, phone_number: str, *, own: bool = True) -> Message:
        """Share a phone number: one's own, or somebody else's."""
        contact: Json = {"phone_number": phone_number, "first_name": self.user.first_name}
        if own:
            contact["user_id"] = self.user.user_id
        return await self.send({"contact": contact})

    async def send_file(
        self, kind: str, content: bytes, *, filename: str = "", caption: str = "", album: str | None = None
    ) -> Message:
        """Send a photo, document, voice, video, audio, animation, sticker or video_note."""
        stored = keep_file(self.account, kind, filename or f"{kind}.bin", "application/octet-stream", content)
        fields: Json = {kind: media_body(kind, stored, {})}
        if caption:
            fields["caption"] = caption
        if album:
            fields["media_group_id"] = album
        return await self.send(fields)

    async def send_photo(self, content: bytes, *, caption: str = "") -> Message:
        """Send a picture."""
        return await self.send_file("photo", content, filename="photo.jpg", caption=caption)

    async def send_voice(self, content: bytes = b"OggS") -> Message:
        """Send a voice message."""
        return await self.send_file("voice", content, filename="voice.ogg")

    async def forward(self, message: Message, *, hidden_name: str = "") -> Message:
        """Forward a message from anywhere; `hidden_name` when its author does not want to be found."""
        origin = {"type": "hidden_user", "date": message.body["date"], "sender_user_name": hidden_name}
        content = {k: v for k, v in message.body.items() if k in {"text", "entities", "caption", "photo", "document"}}
        return await self.send(content | {"forward_origin": origin if hidden_name else origin_of(message)})

    async def edit(self, message: Message, text: str) -> Message:
        """Change what one has typed."""
        await asyncio.sleep(0)
        return incoming.change(self.account, self.chat, message, incoming.text_fields(text))

    async def react(self, message: Message, *emoji: str) -> None:
        """React to a message; without emoji the reaction is taken back."""
        await asyncio.sleep(0)
        incoming.react(self.account, self.chat, self.user, message, list(emoji))

    # ---- pressing

    async def press(self, message: Message, label: str) -> Callback:
        """Press the inline button with this label (or one that begins with it). Raise LookupError when there is none."""
        button = find_button(message, label)
        if "callback_data" not in button:
            raise LookupError(f"button {label!r} calls nothing back: {button}")
        self.chat.note("press", message, who=self.user.first_name, text=button["text"])
        return await self.press_data(message, button["callback_data"])

    async def press_data(self, message: Message, data: str) -> Callback:
        """Send any callback data, as a tampered client could."""
        await asyncio.sleep(0)
        return incoming.press(self.account, self.chat, self.user, message, data)

    async def press_key(self, label: str, *, latitude: float = 0.0, longitude: float = 0.0) -> Message:
        """Press a button of the reply keyboard: it types its label, or shares the place or the phone number."""
        keyboard = self.chat.reply_keyboard or {"keyboard": []}
        buttons = [{"text": b} if isinstance(b, str) else b for row in keyboard["keyboard"] for b in row]
        button = next((b for b in buttons if b["text"].startswith(label)), None)
        if button is None:
            raise LookupError(f"no key {label!r} among {[b['text'] for b in buttons]}")
        if keyboard.get("one_time_keyboard"):
            self.chat.reply_keyboard = None
        if button.get("request_location"):
            return await self.send_location(latitude, longitude)
        if button.get("request_contact"):
            return await self.send_contact(self.user.phone_number or "+8613800138000")
        return await self.send_text(button["text"])

    # ---- waiting

    def bot_messages(self) -> list[Message]:
        """List the bot's messages that this person sees here, oldest first."""
        return [
            message
            for message in self.chat.visible()
            if message.from_bot
            and (self.topic_id is None or message.topic_id == self.topic_id)
            and message.receiver_id in {None, self.user.user_id}
        ]

    def replies(self) -> list[Message]:
        """Take the messages of the bot that were not handed out yet."""
        new = self._new()
        self._take(new)
        return new

    def _new(self) -> list[Message]:
        return [message for message in self.bot_messages() if message.message_id > self._taken]

    def _take(self, messages: list[Message]) -> None:
        if messages:
            self._taken = messages[-1].message_id

    async def wait_for_replies(self, count: int = 1, *, within: float = 10.0) -> list[Message]:
        """Wait for `count` new messages of the bot and take them."""

        def arrived() -> list[Message] | None:
            new = self._new()
            return new[:count] if len(new) >= count else None

        found = await wait_until(self.account, arrived, within, lambda: f"{count} replies in:\n{self.text()}")
        self._take(found)
        return found

    async def ask(self, text: str, *, within: float = 10.0) -> Message:
        """Type something and take the next message of the bot."""
        await self.send_text(text)
        return (await self.wait_for_replies(1, within=within))[0]

    async def wait_for_edit(self, message: Message, *, within: float = 10.0) -> Message:
        """Wait for an edit of a message that was not waited for yet."""
        before = message.edits_seen
        await wait_until(self.account, lambda: message.edits > before, within, lambda: f"edit of #{message.message_id}")
        message.edits_seen = message.edits
        return message

    async def wait_for_answer(self, callback: Callback, *, within: float = 10.0) -> Json:
        """Wait until the bot has answered a pressed button; the answer may be empty."""
        await wait_until(self.account, lambda: callback.answer is not None, within, lambda: "answer to the button")
        return callback.answer or {}

    async def wait_until(
        self, condition: Callable[[], Found | None], *, within: float = 10.0, what: str = "change"
    ) -> Found:
        """Wait for anything."""
        return await wait_until(self.account, condition, within, lambda: what)

    # ---- standing

    async def block(self) -> None:
        """Block the bot."""
        await self._set_blocked(blocked=True)

    async def unblock(self) -> None:
        """Let the bot write again."""
        await self._set_blocked(blocked=False)

    async def _set_blocked(self, *, blocked: bool) -> None:
        await asyncio.sleep(0)
        old = Member(self.account.me, "kicked" if self.chat.blocked else "member").body()
        self.chat.blocked = blocked
        new = Member(self.account.me, "kicked" if blocked else "member")
        incoming.change_member(self.account, self.chat, self.user, old, new)

    def delete_account(self) -> None:
        """Become a deleted account: the bot can no longer write."""
        self.user.deactivated = True

    # ---- looking

    def transcript(self) -> list[str]:
        """Write the chat as plain lines."""
        return transcript_lines(self.chat, topic_id=self.topic_id)

    def text(self) -> str:
        """Write the chat as one text."""
        return "\n".join(self.transcript())

    @property
    def delivered(self) -> int:
        """How many messages the bot has put into this chat."""
        return self.account.delivered.get(self.chat.chat_id, 0)


def find_button(message: Message, label: str) -> Json:
    """Find an inline button by its label, or by how the label begins."""
    markup = message.body.get("reply_markup") or {}
    buttons: list[Json] = [button for row in markup.get("inline_keyboard", []) for button in row]
    exact = [button for button in buttons if button["text"] == label]
    found = exact or [button for button in buttons if button["text"].startswith(label)]
    if not found:
        raise LookupError(f"no button {label!r} among {[button['text'] for button in buttons]}")
    return found[0]
