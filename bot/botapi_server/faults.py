"""Faults on command: what goes wrong between the bot and Telegram, for a method, a share or a number of calls."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

KINDS = (
    "status",  # an error of the Bot API with `code` (and `retry_after` with 429), not applied
    "html",  # a proxy's error page with `code`, not applied
    "truncated",  # applied; the JSON answer ends in the middle
    "empty",  # applied; the answer is {}
    "garbage",  # applied; the answer is no JSON
    "drop_before",  # connection cut, not applied
    "drop_after",  # applied, connection cut before the answer
    "hang",  # no answer for `seconds`, not applied, then the connection is cut
    "slow",  # applied after `seconds`
)


@dataclass(slots=True)
class Fault:
    """One rule. `methods` empty: all. `probability` is drawn from the plan's generator; `count` None: for ever."""

    kind: str
    methods: frozenset[str] = frozenset()
    probability: float = 1.0
    count: int | None = None
    code: int = 500
    description: str = ""
    retry_after: int | None = None
    seconds: float = 60.0
    chat_id: int | None = None
    hits: int = 0

    def __post_init__(self) -> None:
        """Refuse a fault that nobody knows."""
        if self.kind not in KINDS:
            raise ValueError(f"fault kind {self.kind!r}: not one of {', '.join(KINDS)}")

    def concerns(self, method: str, chat_id: int | None) -> bool:
        """Tell whether the rule speaks of this call."""
        if self.count is not None and self.hits >= self.count:
            return False
        return (not self.methods or method in self.methods) and self.chat_id in {None, chat_id}


@dataclass(slots=True)
class FaultPlan:
    """The rules in force. The first that concerns a call and is drawn is applied."""

    rng: random.Random
    rules: list[Fault] = field(default_factory=list)
    applied: Counter[str] = field(default_factory=Counter)

    def draw(self, method: str, chat_id: int | None) -> Fault | None:
        """Choose the fault of a call, if any, and count it."""
        for rule in self.rules:
            if rule.concerns(method, chat_id) and self.rng.random() < rule.probability:
                rule.hits += 1
                self.applied[rule.kind] += 1
                return rule
        return None
