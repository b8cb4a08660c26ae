"""A strict local Telegram Bot API server, for tests and for trying the bot without a token.

It checks every call against the machine-readable Bot API 10.3, remembers chats like the real server, delivers updates
by polling and webhook with the real server's order and expiry, refuses in its words, and makes faults on command. It
listens on loopback only and knows nothing of the shop: it imports nothing of `handlers` or `catalog_db`.
"""

from bot.botapi_server.clock import Clock, ManualClock
from bot.botapi_server.server import DEFAULT_TOKEN, BotApiServer

__all__ = ["DEFAULT_TOKEN", "BotApiServer", "Clock", "ManualClock"]
