"""What counts for an ambassador, and how much: settings, LVXUAN_POINTS=question=1,list=2,…"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rules:
    """What an event is worth, and the limits."""

    opened: int = 0
    question: int = 1
    list: int = 2
    solved: int = 3
    most_a_day: int = 20
    touch_days: int = 30
    hold_hours: int = 24  # so long a line is pending
    burst_people: int = 10  # new people within burst_minutes; more are refused
    burst_minutes: int = 10

    def worth(self, kind: str) -> int:
        """Return the points of a kind of event."""
        return {"opened": self.opened, "question": self.question, "list": self.list, "solved": self.solved}[kind]
