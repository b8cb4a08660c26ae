"""What all bots of one server share: the schema, the clock, chance, people, faults, and the record of every call."""

from __future__ import annotations

import itertools
import random
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.botapi_server.clock import Clock
from bot.botapi_server.faults import FaultPlan
from bot.botapi_server.spec import Schema
from bot.botapi_server.state import User


@dataclass(frozen=True, slots=True)
class Violation:
    """A call that breaks the Bot API: a fault of the bot under test, whatever the circumstances."""

    method: str
    path: str
    text: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.method}: {self.path} {self.text}"


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call as it arrived and as it ended. `status` 0: the connection was cut. `fault`: the fault applied to it."""

    at: float
    token: str
    method: str
    parameters: dict[str, Any]
    status: int
    description: str = ""
    fault: str | None = None


@dataclass(slots=True)
class Hub:
    """Shared by all accounts of one server."""

    schema: Schema
    clock: Clock
    rng: random.Random
    faults: FaultPlan
    users: dict[int, User] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    # Calls of methods that the server knows by name only.
    not_simulated: list[str] = field(default_factory=list)
    # Faults of this server itself: a traceback each. A test that finds one has found a bug here.
    crashes: list[str] = field(default_factory=list)
    calls: deque[CallRecord] = field(default_factory=lambda: deque(maxlen=50_000))
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)
    latency: float = 0.0
    # How many messages a chat remembers; None: all. For soaks.
    keep_messages: int | None = None
    user_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_001))
    chat_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def record(self, call: CallRecord) -> None:
        """Keep a call for tests to look at."""
        self.calls.append(call)
        self.counts[(call.method, call.status)] += 1

    def unique(self, length: int = 16) -> str:
        """Make an identifier nobody can guess the meaning of."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        return "".join(self.rng.choices(letters, k=length))
