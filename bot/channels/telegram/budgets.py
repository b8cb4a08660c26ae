"""How much may be sent: in a chat, in a group, over all; what is left for bulk.

Figures of Telegram's FAQ. What counts is when the platform gets a message, which lies between the start of a call and its
end: room counts as taken from the start on, and as free again one period after the end. So the delay of the network never
makes two messages meet.
"""

from __future__ import annotations

from bisect import insort
from collections import deque
from dataclasses import dataclass, field

CHAT_BURST = 3  # at once in a private chat, then one a second
GROUP_MINUTE = 20
OVERALL_SECOND = 30
BULK_SECOND = 25  # bulk goes only while fewer than these went over all: the rest is there for replies at once
_NO_LIMIT = 1_000
_LONG_CALL = 2.0  # a call that takes longer no longer holds room over all: one that hangs must not stop the others


@dataclass(slots=True)
class _Window:
    """At most `most` messages in any `seconds`."""

    most: int
    seconds: float
    _ended: deque[float] = field(default_factory=deque)
    _running: dict[int, float] = field(default_factory=dict)  # ticket → when the call began

    def wait(self, now: float, most: int | None = None) -> float:
        for ticket in [ticket for ticket, began in self._running.items() if began + _LONG_CALL < now]:
            insort(self._ended, self._running.pop(ticket) + _LONG_CALL)
        while self._ended and self._ended[0] + self.seconds <= now:
            self._ended.popleft()
        too_many = len(self._ended) + len(self._running) - (most or self.most) + 1
        if too_many <= 0:
            return 0.0
        return self._ended[too_many - 1] + self.seconds - now if too_many <= len(self._ended) else 0.05

    def surely_free(self) -> int:
        """Count the room that there is whatever the time. Reads only, so any thread may ask."""
        return self.most - len(self._ended) - len(self._running)

    def begin(self, ticket: int, now: float) -> None:
        self._running[ticket] = now

    def end(self, ticket: int, now: float) -> None:
        if self._running.pop(ticket, None) is not None:
            self._ended.append(now)


@dataclass(slots=True)
class _Bucket:
    """Three tokens; one comes back each second. Time does not pass for it while a call runs."""

    tokens: float = CHAT_BURST
    at: float = 0.0

    def wait(self, now: float) -> float:
        if now > self.at:
            self.tokens = min(CHAT_BURST, self.tokens + now - self.at)
            self.at = now
        return max(0.0, 1.0 - self.tokens)

    def surely_free(self) -> int:
        """Count the room that there is whatever the time."""
        return int(self.tokens)

    def begin(self, ticket: int, now: float) -> None:
        self.tokens -= 1.0

    def end(self, ticket: int, now: float) -> None:
        self.at = max(self.at, now)

    def is_full(self, now: float) -> bool:
        return self.tokens + max(0.0, now - self.at) >= CHAT_BURST


class Budgets:
    """The budgets of one bot. `lifted`: no limits, for benchmarks against a server without any."""

    def __init__(self, *, lifted: bool = False) -> None:
        self._lifted = lifted
        self._overall = _Window(OVERALL_SECOND, 1.0)
        self._groups: dict[int, _Window] = {}
        self._chats: dict[int, _Bucket] = {}

    def chat_wait(self, chat_id: int, now: float) -> float:
        """Tell in how many seconds this chat may get a message; 0: now."""
        if self._lifted:
            return 0.0
        found = self._of(chat_id)
        return found.wait(now) if found else 0.0

    def overall_wait(self, now: float, *, bulk: bool) -> float:
        """Tell in how many seconds any message may be sent; 0: now."""
        if self._lifted:
            return 0.0
        return self._overall.wait(now, BULK_SECOND if bulk else OVERALL_SECOND)

    def surely_free(self, chat_id: int | None = None) -> int:
        """Count what this chat, or all together, may get now: rather too few than one too many. Reads only, so any thread may ask."""
        if self._lifted:
            return _NO_LIMIT
        found = self._overall if chat_id is None else self._of(chat_id)
        return found.surely_free() if found else CHAT_BURST

    def begin(self, ticket: int, chat_id: int, now: float) -> None:
        """Take room for a call. `ticket` names it until `end`."""
        self._overall.begin(ticket, now)
        if chat_id < 0:
            self._groups.setdefault(chat_id, _Window(GROUP_MINUTE, 60.0)).begin(ticket, now)
        else:
            bucket = self._chats.setdefault(chat_id, _Bucket(at=now))
            bucket.wait(now)
            bucket.begin(ticket, now)

    def end(self, ticket: int, chat_id: int, now: float) -> None:
        """Note that a call has ended, however it did."""
        self._overall.end(ticket, now)
        found = self._of(chat_id)
        if found:
            found.end(ticket, now)

    def tidy(self, now: float) -> None:
        """Forget chats whose room is whole again."""
        self._chats = {chat: bucket for chat, bucket in self._chats.items() if not bucket.is_full(now)}

    def _of(self, chat_id: int) -> _Window | _Bucket | None:
        return self._groups.get(chat_id) if chat_id < 0 else self._chats.get(chat_id)
