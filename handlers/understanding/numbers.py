"""Read and write numbers as Chinese speakers do: 一百二 is 120, 1万5 is 15,000, 一百零二 is 102."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from handlers.understanding.word_tables import WORDS, rows

LONGEST = 30  # characters of a number; nobody says a longer one
LARGEST = 10**12  # exclusive: what is written out

_ARABIC = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Numerals:
    """The characters that numbers are written with, from `locales/zh_Hans_CN/numerals.tsv`."""

    digits: dict[str, int]
    units: dict[str, int]  # largest first
    wholes: dict[str, str]  # 廿 → 二十
    point: str
    half: str

    @property
    def zero(self) -> str:
        """Return the sign that tells 一百零二 from 一百二."""
        return next(char for char, value in self.digits.items() if value == 0)


@cache
def numerals() -> Numerals:
    """Load the numerals once."""
    kinds: dict[str, dict[str, str]] = {}
    for char, value, kind in rows(WORDS / "numerals.tsv"):
        kinds.setdefault(kind, {})[char] = value
    units = sorted(((char, int(value)) for char, value in kinds["unit"].items()), key=lambda unit: -unit[1])
    return Numerals(
        digits={char: int(value) for char, value in kinds["digit"].items()},
        units=dict(units),
        wholes=kinds["whole"],
        point=next(iter(kinds["point"])),
        half=next(iter(kinds["half"])),
    )


def parse_number(text: str) -> Decimal | None:
    """Read a whole text as one number, or return None.

    Chinese numerals, digits, and both mixed; a last digit without its unit counts a tenth of the unit before it.
    A range (三五百) and a row of two digits (三五) are no number; rows of three and more are read digit by digit (一二三).

    >>> parse_number("一百二"), parse_number("1万5"), parse_number("三五百")
    (Decimal('120'), Decimal('15000'), None)
    """
    if not 0 < len(text) <= LONGEST:
        return None
    known = numerals()
    if text == known.half:
        return Decimal("0.5")
    for char, written in known.wholes.items():
        text = text.replace(char, written)
    if len(text) > 1 and all(char in known.digits for char in text):
        return _row([known.digits[char] for char in text])
    return _value(text, known)


def _row(digits: list[int]) -> Decimal | None:
    if len(digits) < (2 if 0 in digits else 3):
        return None
    return Decimal("".join(map(str, digits)))


def _value(text: str, known: Numerals) -> Decimal | None:
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if text in known.digits:
        return Decimal(known.digits[text])
    unit = next((char for char in known.units if char in text), None)
    if unit is not None:
        head, _, tail = text.rpartition(unit)
        return _with_unit(head, tail, known.units[unit], known)
    whole, point, decimals = text.partition(known.point)
    if point and decimals and whole in known.digits and all(char in known.digits for char in decimals):
        return Decimal(f"{known.digits[whole]}." + "".join(str(known.digits[char]) for char in decimals))
    return None


def _with_unit(head: str, tail: str, unit: int, known: Numerals) -> Decimal | None:
    times = Decimal(1) if not head and unit == 10 else _value(head, known)
    rest = _rest(tail, unit, known)
    if times is None or rest is None or not 0 < times < max(10, unit if unit >= 10_000 else 0):
        return None
    return times * unit + rest


def _rest(tail: str, unit: int, known: Numerals) -> Decimal | None:
    """Read what follows a unit: 五 after 百 is 50, 零五 is 5, 五十 is 50."""
    if not tail:
        return Decimal(0)
    if len(tail) == 1:
        digit = _value(tail, known)
        return None if digit is None else digit * (unit // 10)
    value = _value(tail.removeprefix(known.zero), known)
    return value if value is not None and value < unit else None


def to_chinese(number: int) -> str:
    """Write a whole number in Chinese numerals: 120 → 一百二十, 10 → 十.

    Raises ValueError outside 0 … LARGEST - 1.
    """
    if not 0 <= number < LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST - 1}")
    known = numerals()
    if number == 0:
        return known.zero
    written = _written(number, known)
    one_ten = _digit(1, known) + _unit(10, known)
    return written.removeprefix(_digit(1, known)) if written.startswith(one_ten) else written


def _written(number: int, known: Numerals) -> str:
    if number < 10:
        return _digit(number, known)
    unit = next(value for value in known.units.values() if value <= number)
    times, rest = divmod(number, unit)
    text = _written(times, known) + _unit(unit, known)
    if not rest:
        return text
    return text + (known.zero if rest < unit // 10 else "") + _written(rest, known)


def _digit(value: int, known: Numerals) -> str:
    return next(char for char, worth in known.digits.items() if worth == value)


def _unit(value: int, known: Numerals) -> str:
    return next(char for char, worth in known.units.items() if worth == value)
