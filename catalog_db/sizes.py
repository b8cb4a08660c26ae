"""Sizes as people and catalogues write them, brought to millimetres so that they can be compared."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent.parent / "locales" / "zh_Hans_CN" / "size-units.tsv"


def normalise(text: str) -> str:
    """Write a size in millimetres, lengths joined by `x`; what is no size comes back folded (NFKC, lower case).

    A unit said once holds for all lengths; without any it is millimetres. `normalise` of its own result changes nothing.

    >>> normalise("800*800"), normalise("80公分"), normalise("0.8米"), normalise("60x60cm")
    ('800x800', '800', '800', '600x600')
    """
    folded = unicodedata.normalize("NFKC", text).lower().strip()
    pattern, separator, units = _grammar()
    lengths = []
    for part in separator.split(folded):
        match = pattern.fullmatch(part.strip())
        if match is None:
            return folded
        lengths.append((Decimal(match[1]), match[2]))
    said = [unit for _, unit in lengths if unit]
    fallback = said[-1] if said else "mm"
    return "x".join(_plain(number * units[unit or fallback]) for number, unit in lengths)


def _plain(number: Decimal) -> str:
    return f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"


@cache
def _grammar() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, Decimal]]:
    """Read the table of units: the pattern of one length, that between two, and unit → millimetres."""
    units: dict[str, Decimal] = {}
    between: list[str] = []
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines[1:]:
        surface, meaning = line.split("\t")
        if meaning == "x":
            between.append(surface)
        else:
            units[surface] = Decimal(meaning)
    length = re.compile(r"(\d+(?:\.\d+)?)\s*(" + _any_of(list(units)) + ")?")
    return length, re.compile(_any_of(between)), units


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
