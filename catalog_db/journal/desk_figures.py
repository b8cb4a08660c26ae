"""What is measured at the desk: counts and times of tickets, nobody's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median

from catalog_db.journal import desk, desk_reviews, desk_staff
from catalog_db.journal.books import Books
from catalog_db.journal.desk import Ticket
from catalog_db.journal.desk_tables import tickets

_DAY = 86_400.0
_MOST = 20_000
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of some days. `solved`, `unsolved`: what people said themselves; everybody else is `unsaid`.

    `first_answer`: the median in minutes, None without any answer. `days`: number of each day since 1970 → tickets.
    `fakes`: code of a county → tickets of suspected fakes. `judged`: name → tickets well answered, and looked at.
    """

    opened: int
    reasons: dict[str, int]
    answered: int
    in_time: int
    first_answer: float | None
    solved: int
    unsolved: int
    unsaid: int
    open_now: int
    workload: dict[str, int]
    days: dict[int, int]
    tags: dict[str, int]
    fakes: dict[str, int]
    judged: dict[str, tuple[int, int]]


def figures(books: Books, days: int, offset: float) -> Figures:
    """Count the tickets of the last days. `offset`: seconds that local time is ahead of UTC."""
    since = books.now - days * _DAY
    found = desk.tickets_where(books, tickets.c.opened_at >= since, most=_MOST)
    waits = [(one.answered_at - one.opened_at) / 60 for one in found if one.answered_at is not None]
    names = {one.key: one.name for one in desk_staff.colleagues(books)}
    owned = Counter(names[one.owner] for one in found if one.owner in names and one.owner is not None)
    return Figures(
        opened=len(found),
        reasons=dict(Counter(one.reason for one in found).most_common()),
        answered=len(waits),
        in_time=sum(_in_time(one) for one in found),
        first_answer=median(waits) if waits else None,
        solved=sum(one.rating == 1 for one in found),
        unsolved=sum(one.rating == 0 for one in found),
        unsaid=sum(one.rating is None for one in found),
        open_now=len(desk.unclosed(books)),
        workload=dict(owned.most_common()),
        days=dict(sorted(Counter(int((one.opened_at + offset) // _DAY) for one in found).items())),
        tags=dict(Counter(tag for one in found for tag in one.tags.split()).most_common(_SHOWN)),
        fakes=dict(Counter(one.place for one in found if one.reason == "fake" and one.place).most_common(_SHOWN)),
        judged={
            names[one.answerer]: (one.good, one.total)
            for one in desk_reviews.judged(books, since)
            if one.answerer is not None and one.answerer in names
        },
    )


def _in_time(one: Ticket) -> bool:
    return one.answered_at is not None and (one.due_at is None or one.answered_at <= one.due_at)


def rows(books: Books, days: int) -> list[Ticket]:
    """Return the tickets of the last days, oldest first; whose they are is not for a table."""
    return desk.tickets_where(books, tickets.c.opened_at >= books.now - days * _DAY, most=_MOST)
