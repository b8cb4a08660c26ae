"""A flood model after Telegram's FAQ: one message a second in a chat with short bursts, 20 a minute in a group, 30 a
second over all. The true figures are not published; this one is for tests and can be switched off.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from bot.botapi_server.clock import Clock


@dataclass(slots=True)
class _Bucket:
    """`size` tokens, refilled at `rate` tokens a second."""

    size: float
    rate: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Tell how many seconds until a token is there, without taking it."""
        self.tokens = min(self.size, self.tokens + (now - self.at) * self.rate)
        self.at = now
        return 0.0 if self.tokens >= 1 else (1 - self.tokens) / self.rate


@dataclass(slots=True)
class FloodModel:
    """Tell for each message whether it may pass. Costs nothing while `on` is false."""

    clock: Clock
    on: bool = False
    per_chat_second: float = 1.0
    chat_burst: int = 3
    per_group_minute: int = 20
    per_second: int = 30
    refused: int = 0
    _chats: dict[int, _Bucket] = field(default_factory=dict)
    _groups: dict[int, deque[float]] = field(default_factory=dict)
    _all: deque[float] = field(default_factory=deque)

    def retry_after(self, chat_id: int, messages: int = 1) -> int:
        """Take the room for `messages` and return 0, or return the seconds to wait (at least 1) and take nothing."""
        if not self.on:
            return 0
        now = self.clock.now()
        wait = max(self._chat_wait(chat_id, now), _window_wait(self._all, now, 1.0, self.per_second))
        if wait > 0:
            self.refused += 1
            return max(1, math.ceil(wait))
        for _ in range(messages):
            self._all.append(now)
            if chat_id < 0:
                self._groups[chat_id].append(now)
            else:
                self._chats[chat_id].tokens -= 1
        return 0

    def _chat_wait(self, chat_id: int, now: float) -> float:
        if chat_id < 0:
            return _window_wait(self._groups.setdefault(chat_id, deque()), now, 60.0, self.per_group_minute)
        full = _Bucket(self.chat_burst, self.per_chat_second, self.chat_burst, now)
        return self._chats.setdefault(chat_id, full).wait(now)


def _window_wait(sent: deque[float], now: float, seconds: float, most: int) -> float:
    while sent and sent[0] <= now - seconds:
        sent.popleft()
    return 0.0 if len(sent) < most else sent[0] + seconds - now
