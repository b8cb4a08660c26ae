"""The Chinese of the import: why a row was rejected, how grades are written. Words are data, read on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "locales" / "zh_Hans_CN"


def word(key: str, values: Mapping[str, object]) -> str:
    """Word a fault or an error: key of import-reasons.tsv with its {values} filled in."""
    return reasons()[key].format(**values)


@cache
def reasons() -> dict[str, str]:
    """Read key → sentence."""
    return dict(_rows("import-reasons.tsv"))


@cache
def star_words() -> dict[str, int]:
    """Read how a certificate's grade is written → 1, 2 or 3."""
    return {surface: int(grade) for surface, grade in _rows("import-grades.tsv")}


def _rows(name: str) -> list[tuple[str, str]]:
    lines = (_FOLDER / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(row[0], row[1]) for row in rows[1:]]
