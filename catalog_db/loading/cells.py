"""Cells: text of one cell → value. A parser raises Fault when the cell cannot be read; it is never given an empty one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog_db.loading.reasons import star_words

Parser = Callable[[str], Any]

_FULL_WIDTH = 0xFEE0  # from a half-width sign to its full-width form
_HALF = {code + _FULL_WIDTH: code for code in range(0x21, 0x7F)} | {0x3000: 0x20, 0x2212: 0x2D}
_SIGNS = "0123456789+-./%*=|~"  # in running text, punctuation stays as it is written
_HALF_IN_TEXT = {ord(sign) + _FULL_WIDTH: ord(sign) for sign in _SIGNS}
_WIDE_IN_TEXT = re.compile("[" + "".join(map(chr, _HALF_IN_TEXT)) + "]")

_IDENTIFIER = re.compile(r"[A-Za-z0-9._-]{1,64}")
_MONEY = re.compile(r"[+-]?\d{1,12}(\.\d{1,2})?")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_COUNT = re.compile(r"[+-]?\d{1,15}(\.0+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ADCODE = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])\d{4}|100000")  # GB/T 2260 provinces


class Fault(Exception):  # noqa: N818 - a fault of the data, not an error of the program
    """What is wrong with a cell: a key of the reasons table and the values of its sentence."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def half_width(cell: str) -> str:
    """Read full-width letters, digits and signs as half-width."""
    return cell if cell.isascii() else cell.translate(_HALF)


def text(cell: str) -> str:
    """Read running text: full-width digits and signs become half-width, punctuation stays."""
    if cell.isascii() or not _WIDE_IN_TEXT.search(cell):
        return cell
    return cell.translate(_HALF_IN_TEXT)


def identifier(cell: str) -> str:
    """Read an identifier: 1 to 64 characters of A-Z a-z 0-9 . _ -"""
    value = half_width(cell)
    if not _IDENTIFIER.fullmatch(value):
        raise Fault("identifier.malformed")
    return value


def words(cell: str) -> tuple[str, ...]:
    """Read a list separated by `|`; empty parts and repetitions are left out."""
    cell = text(cell)
    if "|" not in cell:
        return (cell,)
    return tuple(dict.fromkeys(part for part in map(str.strip, cell.split("|")) if part))


def codes(cell: str) -> tuple[str, ...]:
    """Read a list of identifiers; whether they are known is checked elsewhere."""
    return words(half_width(cell))


def money(cell: str) -> Decimal:
    """Read an amount in yuan, above zero, at most two places."""
    value = half_width(cell)
    if not _MONEY.fullmatch(value):
        raise Fault("money.unreadable")
    amount = Decimal(value)
    if amount <= 0:
        raise Fault("money.not_positive")
    # One way to write an amount: 168, 168.50. Then equal amounts look equal, too.
    return Decimal(int(amount)) if amount == int(amount) else amount.quantize(Decimal("0.01"))


def number(low: float | None = None, high: float | None = None, *, above: float | None = None) -> Parser:
    """Make a reader of decimals within low…high (both included) and greater than `above`."""

    def read(cell: str) -> float:
        value = half_width(cell)
        if not _NUMBER.fullmatch(value):
            raise Fault("number.unreadable")
        result = float(value)
        if (low is not None and result < low) or (high is not None and result > high):
            raise Fault("number.outside", low=_bound(low), high=_bound(high))
        if above is not None and result <= above:
            raise Fault("number.not_above", low=_bound(above))
        return result

    return read


def _bound(value: float | None) -> str:
    return "…" if value is None else f"{value:g}"


def count(cell: str) -> int:
    """Read a whole number that is not negative."""
    value = half_width(cell)
    if not _COUNT.fullmatch(value):
        raise Fault("count.unreadable")
    result = int(value.split(".")[0])
    if result < 0:
        raise Fault("count.negative")
    return result


def grade(cell: str) -> int:
    """Read a water or energy grade, 1 (best) to 5."""
    value = half_width(cell)
    if not _COUNT.fullmatch(value):
        raise Fault("number.unreadable")
    result = int(value.split(".")[0])
    if not 1 <= result <= 5:
        raise Fault("grade.outside", low=1, high=5)
    return result


def stars(cell: str) -> int:
    """Read the grade of a certificate: 1, 2, 3, or the words and stars for it."""
    folded = unicodedata.normalize("NFKC", cell)
    result = star_words().get(folded)
    if result is None:
        raise Fault("stars.outside", low=1, high=3)
    return result


def day(cell: str) -> date:
    """Read a date, YYYY-MM-DD."""
    value = half_width(cell)
    if not _DATE.fullmatch(value):
        raise Fault("date.unreadable")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Fault("date.unreadable") from None


def moment(cell: str) -> datetime:
    """Read a time: ISO 8601 with an offset."""
    try:
        result = datetime.fromisoformat(half_width(cell))
    except ValueError:
        raise Fault("time.unreadable") from None
    if result.tzinfo is None:
        raise Fault("time.no_offset")
    return result


def adcode(cell: str) -> str:
    """Read a place code: six digits that begin with a province of GB/T 2260, or 100000."""
    value = half_width(cell)
    if not _ADCODE.fullmatch(value):
        raise Fault("adcode.malformed")
    return value


def adcodes(cell: str) -> tuple[str, ...]:
    """Read a list of place codes."""
    return tuple(adcode(part) for part in words(half_width(cell)))


def choice(*allowed: str) -> Parser:
    """Make a reader of one of some words; letter case does not matter."""
    known = {word.lower(): word for word in allowed}

    def read(cell: str) -> str:
        value = known.get(half_width(cell).lower())
        if value is None:
            raise Fault("choice.unknown", allowed=" ".join(allowed))
        return value

    return read
