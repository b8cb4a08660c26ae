"""What a conversation remembers between turns. Plain data: it is stored as JSON by the channel."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Session:
    """The state of one conversation."""

    data: dict[str, Any] = field(default_factory=dict)
