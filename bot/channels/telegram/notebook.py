"""Which notebook of a chat is open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Open:
    """The notebook that is open, and all there are: number → name. Number 0 is one's own."""

    number: int = 0
    names: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, mark: Mapping[str, Any] | None) -> Open:
        """Read the mark of a chat."""
        mark = mark or {}
        return cls(mark.get("open", 0), {int(number): name for number, name in mark.get("names", {}).items()})

    @property
    def name(self) -> str | None:
        """Return the name of the neighbour, None in one's own."""
        return self.names.get(self.number)
