"""When the desk is open, and what may honestly be promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What the operator set. `rooms`: numbers of the staff groups; none: nobody answers here."""

    rooms: tuple[int, ...] = ()
    opens: time = time(8, 30)
    closes: time = time(20, 0)
    minutes: int = 10  # to the first answer
    days: int = 180  # texts of tickets are kept so long
    unlimited: bool = False  # nothing limits what goes to a group: see `Configuration.budgets_lifted`

    def is_open(self, now: datetime) -> bool:
        """Tell whether somebody should be there; hours may run past midnight."""
        at = now.time()
        if self.opens <= self.closes:
            return self.opens <= at < self.closes
        return at >= self.opens or at < self.closes

    def next_opening(self, now: datetime) -> datetime:
        """Return when the desk opens next."""
        opening = datetime.combine(now.date(), self.opens, now.tzinfo)
        return opening if opening > now else opening + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Promise:
    """By when a first answer may be expected. `minutes`: None when the desk is closed now."""

    by: datetime
    minutes: int | None
    ahead: int


def promise(settings: DeskSettings, now: datetime, ahead: int, on_duty: int) -> Promise:
    """Reckon the wait: each of those on duty gives a first answer in the agreed minutes, then takes the next."""
    wait = settings.minutes * (1 + ahead // max(1, on_duty))
    by = now + timedelta(minutes=wait)
    if settings.is_open(now) and settings.is_open(by):
        return Promise(by, wait, ahead)
    opening = settings.next_opening(now)
    return Promise(opening + timedelta(minutes=settings.minutes), None, ahead)
