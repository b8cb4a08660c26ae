"""Past questions without the person: masked texts, how they were read and what was not understood, for teaching words.

Kept for 180 days by default. No conversation, no name, no place below the county is stored with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, Column, Date, Integer, Table, Text, delete, insert, select

from catalog_db.tables import Words, metadata

if TYPE_CHECKING:
    from catalog_db.database import Database

KEPT_DAYS = 180

past_questions = Table(
    "past_questions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("day", Date, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("categories", Words),
    Column("unread", Words),
    Column("missed", Boolean, nullable=False),
)


@dataclass(frozen=True, slots=True)
class PastQuestion:
    """One question as it was read on its day. `unread`: words that meant nothing; `missed`: the answer did not help."""

    day: date
    text: str
    intent: str
    rule: str = ""
    categories: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    missed: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """A word or a whole question that was not understood: how often, when last, and questions it stood in."""

    word: str
    count: int
    last: date
    examples: tuple[str, ...]


class PastQuestions:
    """The store, in the catalogue's database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, questions: Iterable[PastQuestion]) -> None:
        """Keep questions."""
        rows = [
            {
                "day": q.day,
                "text": q.text,
                "intent": q.intent,
                "rule": q.rule,
                "categories": q.categories,
                "unread": q.unread,
                "missed": q.missed,
            }
            for q in questions
        ]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(past_questions), rows)

    def recent(self, limit: int = 10_000) -> list[PastQuestion]:
        """Return the latest questions, newest first, each text once."""
        statement = select(past_questions).order_by(past_questions.c.id.desc()).limit(limit)
        with self._database.reading() as connection:
            rows = connection.execute(statement).all()
        unique: dict[str, PastQuestion] = {}
        for row in rows:
            unique.setdefault(
                row.text, PastQuestion(row.day, row.text, row.intent, row.rule, row.categories, row.unread, row.missed)
            )
        return list(unique.values())

    def misses(self, since: date, limit: int = 50) -> list[Miss]:
        """Return what was not understood since a day, most frequent first: words, or whole questions without a known word."""
        table = past_questions
        statement = select(table.c.day, table.c.text, table.c.unread, table.c.missed).where(table.c.day >= since)
        counts: Counter[str] = Counter()
        last: dict[str, date] = {}
        examples: dict[str, dict[str, None]] = {}
        with self._database.reading() as connection:
            for row in connection.execute(statement):
                for word in row.unread or ((row.text,) if row.missed else ()):
                    counts[word] += 1
                    last[word] = max(row.day, last.get(word, row.day))
                    examples.setdefault(word, {})[row.text] = None
        return [Miss(word, count, last[word], tuple(examples[word])[:3]) for word, count in counts.most_common(limit)]

    def forget_before(self, day: date) -> int:
        """Delete the questions of earlier days; return how many."""
        with self._database.writing() as connection:
            return connection.execute(delete(past_questions).where(past_questions.c.day < day)).rowcount
