"""Where the words lie, and how their small tables are read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

LOCALES = Path(__file__).resolve().parent.parent / "locales"


def read_pairs(file: Path) -> Iterator[tuple[str, str]]:
    """Yield the first two columns of a table: comments and the line that names the columns left out."""
    lines = (line for line in file.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#"))
    next(lines, None)
    for line in lines:
        first, second, *_ = line.split("\t")
        yield first, second
