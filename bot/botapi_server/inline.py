"""A person who types "@bot …" in the input field of any chat, and a bot called in where it is no member."""

from __future__ import annotations

import asyncio

from bot.botapi_server import incoming
from bot.botapi_server.account import Account
from bot.botapi_server.call import Call
from bot.botapi_server.driving import wait_until
from bot.botapi_server.methods.queries import result_content
from bot.botapi_server.state import Chat, GuestAsk, InlineAsk, Json, Message, User


class InlineSession:
    """Ask inline, look at the results, choose one."""

    def __init__(self, account: Account, user: User) -> None:
        self.account = account
        self.user = user

    async def query(
        self, text: str, *, offset: str = "", chat_type: str = "sender", location: Json | None = None
    ) -> InlineAsk:
        """Type after the bot's name. `chat_type`: sender, private, group, supergroup or channel."""
        await asyncio.sleep(0)
        if not self.account.flags["supports_inline_queries"]:
            raise PermissionError("the bot has no inline mode")
        hub = self.account.hub
        asked = InlineAsk(str(hub.rng.getrandbits(63)), self.user, text, offset, hub.clock.now())
        self.account.inline_asks[asked.query_id] = asked
        body: Json = {
            "id": asked.query_id, "from": self.user.body(), "query": text, "offset": offset, "chat_type": chat_type,
        }  # fmt: skip
        if location:
            body["location"] = location
        self.account.add_update("inline_query", body, ("inline", self.user.user_id))
        return asked

    async def wait_for_results(self, asked: InlineAsk, *, within: float = 10.0) -> list[Json]:
        """Wait for the bot's results."""
        await wait_until(self.account, lambda: asked.answer is not None, within, lambda: "inline results")
        results: list[Json] = (asked.answer or {})["results"]
        return results

    async def results(self, text: str, *, within: float = 10.0) -> list[Json]:
        """Type and wait for results."""
        return await self.wait_for_results(await self.query(text), within=within)

    async def choose(self, asked: InlineAsk, result: Json, chat: Chat, *, feedback: bool = True) -> Message:
        """Put a result into a chat. `feedback`: /setinlinefeedback is on, so that the bot learns of it."""
        await asyncio.sleep(0)
        account = self.account
        content = result_content(Call(account, "answerInlineQuery", {}), result) | {"via_bot": account.me.body()}
        message = account.post(chat, content, sender=self.user, reply_markup=result.get("reply_markup"))
        body: Json = {"result_id": result["id"], "from": self.user.body(), "query": asked.text}
        if result.get("reply_markup"):
            message.inline_message_id = body["inline_message_id"] = account.hub.unique(27)
            account.inline_messages[message.inline_message_id] = message
        if chat.chat_id in account.chats:
            incoming.tell(account, chat, message, "message")
        if feedback:
            account.add_update("chosen_inline_result", body, ("chosen", self.user.user_id))
        return message

    async def summon(self, text: str, chat: Chat) -> GuestAsk:
        """Mention the bot in a chat it is no member of (guest mode)."""
        await asyncio.sleep(0)
        account = self.account
        message = account.post(chat, incoming.text_fields(text), sender=self.user)
        asked = GuestAsk(account.hub.unique(20), self.user, chat, message)
        account.guests[asked.query_id] = asked
        body = message.body | {"guest_query_id": asked.query_id}
        account.add_update("guest_message", body, ("guest", self.user.user_id))
        return asked
