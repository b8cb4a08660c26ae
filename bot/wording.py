"""Make sentences of message keys: the only place where an answer gets its words.

The `.po` files of a locale hold key → sentence with {named} values; all files of the folder are one set of messages. A word that
follows a number is written as ICU messages write it: {days, plural, one {# day} other {# days}}, by the categories of CLDR.
Nothing is compiled or cached on disk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

from bot.locales import LOCALES, read_pairs
from handlers.turn import Money, Text

DEFAULT_LOCALE = "zh_Hans_CN"
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")  # no summer time since 1991: a fixed offset is exact

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
# A space between Chinese and Latin is right (共 5 件), between Chinese and Chinese it is not (在 300 元 以内).
_CHINESE = "\u3400-\u9fff"
_SLOT = re.compile(
    rf"(?P<before>(?<=[{_CHINESE}]) )?\{{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\}}(?P<after> (?=[{_CHINESE}]))?"
)
# {days, plural, one {# day} other {# days}}: a form for each category of the language; # is the number.
_PLURAL = re.compile(r"\{(?P<name>[A-Za-z_][A-Za-z0-9_]*), plural,(?P<forms>(?: [a-z]+ \{[^{}]*\})+)\}")
_FORM = re.compile(r" ([a-z]+) \{([^{}]*)\}")
_MSGID = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
# The header is for translators' tools; reading it would load the e-mail parser, a third of the time.
_HEADER = re.compile(rb'^msgid ""\r?\nmsgstr (".*"\r?\n)+', re.MULTILINE)
# What the formatter itself needs; a locale without one of these is refused at the start.
FORMAT_KEYS = (
    "format.money",
    "format.money_per",
    "format.date",
    "format.datetime",
    "format.months",
    "format.join",
    "format.unknown",
    "format.yes",
    "format.no",
)


class WordingError(Exception):
    """A message file or a message is wrong: a key twice, a key missing, a value missing. Names the culprit."""


def placeholders(message: str) -> frozenset[str]:
    """Return the names in braces: {"total"} for 共 {total} 件."""
    return frozenset(_PLACEHOLDER.findall(_PLURAL.sub(r"{\g<name>}", message)))


def _as_it_is(text: str) -> str:
    return text


class _Slot(NamedTuple):
    """Where a value goes in a message, and the spaces around it that may be left out."""

    name: str
    before: str
    after: str


class Wording:
    """The messages of one locale. `written`: how a text of the catalogue is written in it."""

    def __init__(self, locale: str, messages: Mapping[str, str], written: Callable[[str], str] = _as_it_is) -> None:
        missing = [key for key in FORMAT_KEYS if key not in messages]
        if missing:
            raise WordingError(f"locale {locale} has no message {missing[0]!r}")
        self.locale = locale
        self.written = written
        self._messages = messages
        self._parts: dict[str, tuple[str | _Slot, ...]] = {}
        self._months = messages["format.months"].split()
        if len(self._months) != 12:
            raise WordingError(f"locale {locale}: 'format.months' names {len(self._months)} months")

    @property
    def messages(self) -> Mapping[str, str]:
        """Return key → sentence."""
        return self._messages

    def say(self, key: str, **values: Any) -> str:
        """Word a key with its values."""
        return self.text(Text(key, values))

    def text(self, text: Text) -> str:
        """Word a Text. Raises WordingError, naming the key, when the key or one of its values is missing."""
        message = self._messages.get(text.key)
        if message is None:
            raise WordingError(f"locale {self.locale} has no message {text.key!r}")
        parts = self._parts.get(message)
        if parts is None:
            if ", plural," in message:
                message = _PLURAL.sub(lambda match: self._counted(match, text), message)
            parts = self._parts.get(message)  # not by its key: the plural is chosen by then
            if parts is None:
                parts = self._parts[message] = _parts_of(message)
        said: list[str] = []
        values = text.values
        for part in parts:
            if isinstance(part, str):
                said.append(part)
                continue
            name, before, after = part
            if name not in values:
                raise WordingError(f"message {text.key!r} needs a value {name!r}")
            value = values[name]
            word = self.value(value)
            closed = (before or after) and isinstance(value, (Money, date))
            said.append(_spaced(part, word, closed=True) if closed else before + word + after)
        return "".join(said)

    def _counted(self, match: re.Match[str], text: Text) -> str:
        """Choose the form of a word by its number, which is filled in like every other value."""
        if match["name"] not in text.values:
            raise WordingError(f"message {text.key!r} needs a value {match['name']!r}")
        value = text.values[match["name"]]
        forms: dict[str, str] = dict(_FORM.findall(match["forms"]))
        counts = isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        category = self._category(Decimal(self.value(value))) if counts else "other"
        return forms.get(category, forms["other"]).replace("#", f"{{{match['name']}}}")

    def _category(self, count: Decimal) -> str:
        from babel import Locale

        return str(Locale.parse(self.locale).plural_form(count))

    def value(self, value: Any) -> str:
        """Word one value by its type; nothing known (None) is said in words, never as a machine's word."""
        kind = value.__class__
        if kind is str:
            return value if self.written is _as_it_is else self.written(value)
        if kind is Text:
            return self.text(value)
        if kind is int:
            return str(value)
        if isinstance(value, str):
            return self.written(value)
        for kinds, word in self._by_type:
            if isinstance(value, kinds):
                return word(value)
        raise WordingError(f"no wording for a value of type {type(value).__name__}")

    @cached_property
    def _by_type(self) -> tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...]:
        """Return how each type is worded; a bool is an int and a datetime a date, so these stand first."""
        return (
            ((Text,), self.text),
            ((type(None),), lambda _: self._messages["format.unknown"]),
            ((bool,), lambda yes: self._messages["format.yes" if yes else "format.no"]),
            ((int, float, Decimal), number),
            ((Money,), self._money),
            ((datetime,), self._datetime),
            ((date,), self._date),
            ((tuple, list), lambda items: self._messages["format.join"].join(map(self.value, items))),
        )

    def _date(self, day: date) -> str:
        return self.say("format.date", year=str(day.year), month=self._months[day.month - 1], day=day.day)

    def _money(self, money: Money) -> str:
        amount = money_digits(money.amount)
        if money.per:
            return self.say("format.money_per", amount=amount, per=money.per)
        return self.say("format.money", amount=amount)

    def _datetime(self, moment: datetime) -> str:
        local = moment.astimezone(CHINA) if moment.tzinfo else moment
        clock = f"{local.hour}:{local.minute:02d}"
        month = self._months[local.month - 1]
        return self.say("format.datetime", year=str(local.year), month=month, day=local.day, clock=clock)


def _parts_of(message: str) -> tuple[str | _Slot, ...]:
    """Take a message apart, once: its own words, and the places of its values."""
    parts: list[str | _Slot] = []
    done = 0
    for match in _SLOT.finditer(message):
        parts += (message[done : match.start()], _Slot(match["name"], match["before"] or "", match["after"] or ""))
        done = match.end()
    return tuple(part for part in (*parts, message[done:]) if part)


def _spaced(slot: _Slot, said: str, *, closed: bool) -> str:
    """Put the template's spaces around a value; money and dates (`closed`) lose one that would part Chinese words."""
    before, after = slot.before, slot.after
    if closed and _is_chinese(said[:1]):
        before = ""
    if closed and _is_chinese(said[-1:]):
        after = ""
    return before + said + after


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def number(value: float | Decimal) -> str:
    """Write a number as people do: 2.50 → 2.5, 1E+3 → 1000; two decimals, below one three significant digits."""
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        raise WordingError(f"{value!r} is no number to say")
    places = 2 if abs(exact) >= 1 or not exact else 2 - exact.adjusted()
    rounded = f"{exact:.{places}f}"
    return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded


def money_digits(amount: Decimal) -> str:
    """Write an amount of CNY: 168 → 168, 168.5 → 168.50."""
    rounded = f"{amount:.2f}"
    return rounded.removesuffix(".00")


def load_wording(locale: str = DEFAULT_LOCALE, folder: Path = LOCALES) -> Wording:
    """Read every `.po` file of a locale.

    Raises WordingError naming file and key for a key that stands twice, is empty or is marked fuzzy.
    """
    files = sorted((folder / locale / "LC_MESSAGES").glob("*.po"))
    if not files:
        raise WordingError(f"no .po file in {folder / locale / 'LC_MESSAGES'}")
    messages: dict[str, str] = {}
    for file in files:
        for key, sentence in read_messages(file).items():
            if key in messages:
                raise WordingError(f"{file.name}: {key!r} stands in another file too")
            messages[key] = sentence
    return Wording(locale, messages, _writing(locale, folder))


def _writing(locale: str, folder: Path) -> Callable[[str], str]:
    """Return how texts of the catalogue are written in a locale: in Traditional characters, or whole words by a table."""
    if locale == "zh_Hant":
        from bot.traditional import load_traditional

        return load_traditional().write
    file = folder / locale / "words.tsv"
    if not file.exists():
        return _as_it_is
    words = dict(read_pairs(file))
    return lambda text: words.get(text, text)


def read_messages(file: Path) -> dict[str, str]:
    """Read one `.po` file: key → sentence."""
    from babel.messages.pofile import PoFileError, read_po

    source = file.read_bytes()
    twice = _twice(_MSGID.findall(source.decode("utf-8")))
    if twice:
        raise WordingError(f"{file.name}: {twice!r} stands twice")
    try:
        catalog = read_po(BytesIO(_HEADER.sub(b"", source, count=1)), abort_invalid=True)
    except PoFileError as error:
        raise WordingError(f"{file.name}: {error}") from error
    messages: dict[str, str] = {}
    for message in catalog:
        if not message.id:
            continue  # the header
        string = message.string
        if isinstance(string, str) and any(
            "other" not in dict(_FORM.findall(m["forms"])) for m in _PLURAL.finditer(string)
        ):
            raise WordingError(f"{file.name}: {message.id!r} has a plural without the form 'other'")
        if message.fuzzy or not isinstance(message.string, str) or not message.string:
            raise WordingError(f"{file.name}: {message.id!r} has no finished sentence")
        messages[str(message.id)] = message.string
    return messages


def _twice(keys: Iterable[str]) -> str | None:
    return next((key for key, times in Counter(keys).items() if times > 1), None)
