"""One turn of a conversation: the question that comes in and the answer that goes out, free of any channel.

An answer holds facts, message keys and actions; `bot.wording` makes sentences of keys, each channel's render makes
messages of blocks. Nothing here is worded, escaped or cut. Nobody changes what was made: what an answer is made of is not
frozen all the same, for that costs ten times as much to make.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from catalog_db.places import Places
    from handlers.session import Session
    from handlers.understanding.interpretation import Interpretation

INTENTS = (
    "recommend",
    "detail",
    "compare",
    "verify",
    "guide",
    "ranking",
    "stores",
    "pavilion",
    "enterprise",
    "faq",
    "calculate",
    "savings",
    "plan",
    "event",
    "service",
    "handoff",
    "smalltalk",
    "clarify",
    "not_found",
    "out_of_scope",
)


class Action(NamedTuple):
    """What a button does: a name of `handlers.actions` and small arguments, encodable into a payload."""

    name: str
    args: tuple[str, ...] = ()


@dataclass(slots=True)
class Question:
    """What a person said or pressed. `adcode`: where the asker is, when the channel knows. `forwarded`: passed on from elsewhere."""

    text: str
    now: datetime
    adcode: str | None = None
    action: Action | None = None
    forwarded: bool = False


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in CNY, worded with its unit: 168 元 or, with `per`, 168 元/桶."""

    amount: Decimal
    per: str | None = None


@dataclass(slots=True)
class Text:
    """A message key of the .po files and its values.

    A value is a string (already Chinese: names, titles), a number, Money, a date, another Text, or a tuple of these
    (joined as a list).
    """

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value = str | int | float | Decimal | Money | date | datetime | Text | tuple[Any, ...]


def say(key: str, **values: Value) -> Text:
    """Make a Text of a key and its values, as in `say("list.total", total=5)`."""
    return Text(key, values)


@dataclass(slots=True)
class Choice:
    """A button: its label and what it does."""

    label: Text
    action: Action


@dataclass(slots=True)
class Say:
    """A paragraph."""

    text: Text


@dataclass(slots=True)
class Entry:
    """One entry of a list. `ref` names the thing ("product", sku): a channel may make it a card or a link."""

    title: str
    lines: tuple[Text, ...] = ()
    ref: tuple[str, str] | None = None
    number: int | None = None  # its ordinal, when people may say 第二个
    image_url: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Listing:
    """Entries in order."""

    entries: tuple[Entry, ...]


@dataclass(slots=True)
class Card:
    """One thing in full: rows of label and value. The first rows matter most."""

    title: str
    rows: tuple[tuple[Text, Text], ...]
    ref: tuple[str, str] | None = None
    image_url: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Table:
    """A comparison: `columns` are the things, each row is a label and one value for each column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Text, tuple[Text, ...]], ...]


@dataclass(slots=True)
class Prose:
    """A text from the catalogue, Markdown: a guide's body, a stored answer."""

    title: str | None
    markdown: str
    ref: tuple[str, str] | None = None


@dataclass(slots=True)
class Note:
    """Small print: source, date, how to check."""

    text: Text


Block = Say | Listing | Card | Table | Prose | Note


@dataclass(slots=True)
class Answer:
    """The answer, field by field as in the answer format, version 1, plus the blocks that people read."""

    intent: str
    blocks: tuple[Block, ...] = ()
    choices: tuple[Choice, ...] = ()
    categories: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    relaxed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    total: int | None = None
    products: tuple[str, ...] = ()
    guides: tuple[str, ...] = ()
    faqs: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    pavilions: tuple[str, ...] = ()
    enterprises: tuple[str, ...] = ()
    certificates: tuple[str, ...] = ()
    rankings: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    plans: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    verdicts: tuple[Mapping[str, Any], ...] = ()
    quantities: tuple[Mapping[str, Any], ...] = ()
    savings: tuple[Mapping[str, Any], ...] = ()
    cost: Decimal | None = None
    also: tuple[Answer, ...] = ()
    unread: tuple[str, ...] = ()  # words of the question that meant nothing
    trace: tuple[Text, ...] = ()  # what --explain prints, one step a line

    def with_(self, **changes: Any) -> Answer:
        """Return a copy with some fields changed."""
        copy = Answer(*_values_of(self))  # dataclasses.replace takes five times as long
        for name, value in changes.items():
            setattr(copy, name, value)
        return copy


_values_of = attrgetter(*(spec.name for spec in fields(Answer)))


@dataclass(slots=True)
class Turn:
    """What an intent handler gets: the question, what it meant, the conversation so far, and the catalogue to read.

    References (第二个, 它, 江晚305) are resolved already: `meaning.skus`. A handler may keep things for later in `session`.
    """

    question: Question
    meaning: Interpretation
    session: Session
    catalogue: Catalogue

    @property
    def day(self) -> date:
        """Return the day of the question, in its own zone (Asia/Shanghai's for every channel)."""
        return self.question.now.date()

    @property
    def places(self) -> Places:
        """Return the names and the tree of the divisions of China."""
        from catalog_db.places import load_places

        return load_places()
