"""The strict local Bot API server: start it, drive it from a test, look at what the bot did.

server = BotApiServer()
await server.start()                       # http://127.0.0.1:<free port>
aunt = server.private(server.user("王婶", language="zh-hans"))
await aunt.send_text("三百以内的乳胶漆")
[answer] = await aunt.wait_for_replies(1)
await aunt.press(answer, "看参数")
assert not server.violations
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any

from aiohttp import web

from bot.botapi_server.account import Account
from bot.botapi_server.clock import Clock
from bot.botapi_server.control import ControlDoor, loopback_only
from bot.botapi_server.driving import Conversation
from bot.botapi_server.faults import Fault, FaultPlan
from bot.botapi_server.flood import FloodModel
from bot.botapi_server.groups import GroupChat
from bot.botapi_server.http import BotApiHttp
from bot.botapi_server.hub import CallRecord, Hub, Violation
from bot.botapi_server.inline import InlineSession
from bot.botapi_server.methods.updates import is_loopback
from bot.botapi_server.page_routes import page_routes
from bot.botapi_server.polling import Poller
from bot.botapi_server.spec import bot_api
from bot.botapi_server.state import Chat, Member, User
from bot.botapi_server.update_queue import UpdateQueue
from bot.botapi_server.webhook import WebhookSender

DEFAULT_TOKEN = "700000000:LOCAL-TOKEN-FOR-THE-LOCAL-SERVER"  # noqa: S105 - opens nothing but this server
_MOST_BODY_BYTES = 64 * 1024 * 1024


class BotApiServer:
    """One server on loopback, with one bot to begin with. `open_tokens`: any well-formed token makes a new bot."""

    def __init__(
        self, *, clock: Clock | None = None, seed: int = 1, token: str = DEFAULT_TOKEN, open_tokens: bool = False
    ) -> None:
        rng = random.Random(seed)
        self.hub = Hub(bot_api(), clock or Clock(), rng, FaultPlan(random.Random(seed + 1)))
        self.accounts: dict[str, Account] = {}
        self._open_tokens = open_tokens
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.host, self.port = "127.0.0.1", 0
        self.bot = self.add_bot(token)

    # ---- starting and stopping

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen. Raise ValueError for any address that is not this machine's own."""
        if not is_loopback(host):
            raise ValueError(f"host {host!r}: the local Bot API server listens on loopback only")
        app = web.Application(client_max_size=_MOST_BODY_BYTES, middlewares=[loopback_only])
        app.add_routes(BotApiHttp(self.hub, self._account_of).routes())
        app.add_routes([*ControlDoor(self).routes(), *page_routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, backlog=1024)
        await site.start()
        self.host, self.port = host, int(self._runner.addresses[0][1])
        for account in self.accounts.values():
            self._start_sender(account)

    async def stop(self) -> None:
        """Stop listening and delivering."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()
        for account in self.accounts.values():
            await account.poller.abort()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> BotApiServer:
        """Start on a free port."""
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        await self.stop()

    def _start_sender(self, account: Account) -> None:
        self._tasks.append(asyncio.ensure_future(WebhookSender(account).run()))

    @property
    def url(self) -> str:
        """The root: `LVXUAN_TELEGRAM_API_URL` of the bot. PTB wants base_url = url + "/bot", base_file_url = url + "/file/bot"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    # ---- bots

    def add_bot(
        self,
        token: str,
        *,
        username: str = "lvxuan_bot",
        name: str = "Lvxuan",
        inline: bool = True,
        privacy: bool = True,
    ) -> Account:
        """Register a bot. Tokens share people, and nothing else."""
        user = User(int(token.partition(":")[0]), name, username=username, is_bot=True)
        queue = UpdateQueue(self.hub.clock, random.Random(self.hub.rng.random()), self._update_kinds())
        flags = {
            "can_join_groups": True, "can_read_all_group_messages": not privacy, "supports_inline_queries": inline,
            "supports_guest_queries": True, "can_connect_to_business": False, "has_main_web_app": False,
        }  # fmt: skip
        account = Account(self.hub, token, user, queue, Poller(queue), FloodModel(self.hub.clock), flags)
        self.accounts[token] = account
        if self._runner is not None:
            self._start_sender(account)
        return account

    def _update_kinds(self) -> frozenset[str]:
        return frozenset(self.hub.schema.types["Update"]) - {"update_id"}

    def _account_of(self, token: str) -> Account | None:
        if token not in self.accounts and self._open_tokens:
            self.add_bot(token)
        return self.accounts.get(token)

    @property
    def token(self) -> str:
        """The token of the first bot."""
        return self.bot.token

    # ---- people and places

    def user(
        self, name: str, *, language: str | None = "zh-hans", username: str | None = None, user_id: int | None = None
    ) -> User:
        """Add a person."""
        user = User(user_id or next(self.hub.user_ids), name, username=username, language_code=language)
        self.hub.users[user.user_id] = user
        return user

    def private(self, user: User, *, bot: Account | None = None, started: bool = True) -> Conversation:
        """Open the chat of a person with a bot. Until the person starts it, a bot may not write there."""
        account = bot or self.bot
        chat = account.chats.get(user.user_id)
        if chat is None:
            chat = Chat(user.user_id, "private", user=user, started=started)
            account.chats[chat.chat_id] = chat
        return Conversation(account, chat, user)

    def group(
        self,
        title: str,
        members: Sequence[User] = (),
        *,
        kind: str = "supergroup",
        forum: bool = False,
        bot_rights: Sequence[str] | None = None,
        admins: Sequence[User] = (),
        username: str | None = None,
        bot: Account | None = None,
    ) -> GroupChat:
        """Add a group, supergroup, forum or channel with the bot in it. `bot_rights` make the bot an administrator."""
        account = bot or self.bot
        number = next(self.hub.chat_ids)
        chat_id = -4_000_000_000 - number if kind == "group" else -1_001_000_000_000 - number
        chat = Chat(chat_id, kind, title=title, is_forum=forum, username=username)
        chat.members = {user.user_id: Member(user) for user in members}
        chat.members |= {
            user.user_id: Member(
                user,
                "administrator",
                frozenset({"can_manage_chat", "can_manage_topics", "can_delete_messages", "can_pin_messages"}),
            )
            for user in admins
        }
        status = "member" if bot_rights is None else "administrator"
        chat.members[account.me.user_id] = Member(account.me, status, frozenset(bot_rights or ()))
        account.chats[chat_id] = chat
        return GroupChat(account, chat)

    def inline(self, user: User, *, bot: Account | None = None) -> InlineSession:
        """Let a person type "@bot …" somewhere."""
        return InlineSession(bot or self.bot, user)

    # ---- faults and findings

    def fault(self, kind: str, *methods: str, **options: Any) -> Fault:
        """Add a fault (`faults.KINDS`), e.g. `fault("status", "sendMessage", code=429, retry_after=3, count=2)`."""
        rule = Fault(kind, frozenset(methods), **options)
        self.hub.faults.rules.append(rule)
        return rule

    def clear_faults(self) -> None:
        """Heal everything."""
        self.hub.faults.rules.clear()

    @property
    def violations(self) -> list[Violation]:
        """Every breach of the Bot API so far, by any bot."""
        return self.hub.violations

    @property
    def calls(self) -> list[CallRecord]:
        """Every call so far, oldest first (the last 50,000)."""
        return list(self.hub.calls)

    def calls_of(self, method: str) -> list[CallRecord]:
        """The calls of one method."""
        return [call for call in self.hub.calls if call.method == method]

    def delivered(self) -> dict[int, int]:
        """Count the first bot's messages by chat."""
        return dict(self.bot.delivered)
