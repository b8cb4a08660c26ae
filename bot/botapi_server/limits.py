"""Limits taken out of the official wording: lengths, bytes, ranges, counts and character sets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

Test = Callable[[Any], str | None]

_CHARACTERS = re.compile(r"(\d+)-(\d+) characters")
_BYTES = re.compile(r"(\d+)-(\d+) bytes", re.IGNORECASE)
_BYTES_AT_MOST = re.compile(r"(?:can't exceed|up to) (\d+) bytes", re.IGNORECASE)
_RANGE = re.compile(r"(?:^|[^\w.])(\d+)-(\d+)(?![\w-])")
_BETWEEN = re.compile(r"between (\d+) and (\d+)(?:, or (0x[0-9A-Fa-f]+))?")
_INCLUDE = re.compile(r"(?:[Mm]ust (?:include|contain)|list of) (\d+)-(\d+) ")
_AT_MOST = re.compile(r"(?:[Aa]t most|[Nn]o more than|list of up to) (\d+) ")
_QUOTED = re.compile(r"['\"“‘]([^'\"“”‘’]+)['\"”’]")
_LETTERS = {
    "A-Z, a-z, 0-9, _ and - are allowed": re.compile(r"[A-Za-z0-9_-]*"),
    "lowercase English letters, digits and underscores": re.compile(r"[a-z0-9_]*"),
    "two-letter ISO 639-1 language code": re.compile(r"(?:[a-z]{2})?"),
}
# Sentences that speak of something else than the value itself.
_NO_LIMIT = ("bits", "messages per second", "in Telegram Stars must", "seconds in the future", "base emoji")


@dataclass(frozen=True, slots=True)
class Limit:
    """One rule of the wording: `test` returns what is wrong with a value, or None. `samples` are values that pass."""

    words: str
    test: Test
    samples: tuple[Any, ...] = ()


def utf16_length(text: str) -> int:
    """Count as Telegram counts: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def limits_of(type_text: str, description: str, *, after_parsing: bool) -> tuple[Limit, ...]:
    """Read the limits of one field.

    `after_parsing`: the length counts only after the markup was parsed, so that the raw value is not measured here.
    """
    if type_text == "String":
        return tuple(_string_limits(description, after_parsing=after_parsing))
    if type_text in {"Integer", "Float"}:
        return tuple(_integer_limits(description))
    if type_text.startswith("Array of "):
        return tuple(_array_limits(description))
    return ()


def _string_limits(text: str, *, after_parsing: bool) -> list[Limit]:
    found: list[Limit] = []
    for pattern, size, unit in ((_CHARACTERS, utf16_length, "characters"), (_BYTES, _byte_length, "bytes")):
        match = pattern.search(text)
        if match and not (after_parsing or "after entities parsing" in text):
            found.append(_length(int(match[1]), int(match[2]), size, unit))
    at_most = _BYTES_AT_MOST.search(text)
    if at_most:
        found.append(_length(0, int(at_most[1]), _byte_length, "bytes"))
    found += [_charset(words, pattern) for words, pattern in _LETTERS.items() if words in text]
    if re.search(r"[Mm]ust be (?:one of|either) ", text) and "' (" not in text.split("ust be", 1)[0]:
        found += _choice(text)
    return found


def _byte_length(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _length(low: int, high: int, size: Callable[[str], int], unit: str) -> Limit:
    def test(value: str) -> str | None:
        length = size(value)
        return None if low <= length <= high else f"has {length} {unit}, allowed are {low}-{high}"

    return Limit(f"{low}-{high} {unit}", test)


def _charset(words: str, pattern: re.Pattern[str]) -> Limit:
    return Limit(words, lambda value: None if pattern.fullmatch(value) else f"allowed are only {words}")


def _choice(text: str) -> list[Limit]:
    sentence = re.split(r"[Mm]ust be (?:one of|either) ", text, maxsplit=1)[1]
    allowed = frozenset(_QUOTED.findall(sentence.replace("' to ", "' ")))
    # Emoji and file suffixes were lost when the wording was condensed; what is left of such a list says nothing.
    if not allowed or "for a ." in sentence or "''" in sentence:
        return []
    words = ", ".join(sorted(allowed))

    def test(value: str) -> str | None:
        return None if value in allowed else f"must be one of {words}"

    return [Limit(words, test, tuple(sorted(allowed)))]


def _integer_limits(text: str) -> list[Limit]:
    if "must be non-zero" in text:
        return [Limit("non-zero", lambda value: None if value else "must be non-zero", (1, -7))]
    between = _BETWEEN.search(text)
    if between and not any(words in text for words in _NO_LIMIT):
        also = int(between[3], 16) if between[3] else None
        optional = "if specified" in text or "Must be 0" in text
        return [_range(int(between[1]), int(between[2]), {also} if also else set(), zero=optional)]
    span = _RANGE.search(text)
    if span and not any(words in text for words in _NO_LIMIT):
        return [_range(int(span[1]), int(span[2]), set(), zero=False)]
    return []


def _range(low: int, high: int, also: set[int], *, zero: bool) -> Limit:
    def test(value: int) -> str | None:
        if low <= value <= high or value in also or (zero and value == 0):
            return None
        return f"is {value}, allowed are {low}-{high}"

    return Limit(f"{low}-{high}", test, (low, (low + high) // 2, high))


def _array_limits(text: str) -> list[Limit]:
    found: list[Limit] = []
    counted = _INCLUDE.search(text)
    at_most = _AT_MOST.search(text)
    if counted:
        found.append(_length(int(counted[1]), int(counted[2]), len, "items"))
    elif at_most:
        found.append(_length(0, int(at_most[1]), len, "items"))
    if "strictly increas" in text:
        found.append(Limit("strictly increasing", _increasing, ([2, 3],)))
    return found


def _increasing(value: list[Any]) -> str | None:
    rising = all(isinstance(item, int) for item in value) and all(a < b for a, b in pairwise(value))
    return None if rising else "must be in a strictly increasing order"
