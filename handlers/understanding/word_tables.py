"""Read the tab-separated tables of words that stand in `locales/zh_Hans_CN`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "locales"
WORDS = LOCALES / "zh_Hans_CN"


def rows(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each line below the first one; lines that begin with # are comments, missing cells are empty.

    Raises ValueError naming file and line where a line has more cells than the first one has names.
    """
    width = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        cells = line.split("\t")
        if not width:
            width = len(cells)
            continue
        if len(cells) > width:
            raise ValueError(f"{path.name}, line {number}: {len(cells)} cells, the heading names {width}")
        yield (*cells, *[""] * (width - len(cells)))


@cache
def signs(role: str) -> frozenset[str]:
    """Return the short words of a role from signs.tsv: particles, links between two goods, signs after a material."""
    return frozenset(_signs().get(role, ()))


@cache
def expression(name: str) -> re.Pattern[str]:
    """Return a regular expression of expressions.tsv; raises KeyError for a name that is not there."""
    return re.compile(_expressions()[name])


@cache
def _expressions() -> dict[str, str]:
    return {name: pattern for name, pattern, *_ in rows(WORDS / "expressions.tsv")}


@cache
def _signs() -> dict[str, list[str]]:
    by_role: dict[str, list[str]] = {}
    for role, surface, *_ in rows(WORDS / "signs.tsv"):
        by_role.setdefault(role, []).append(surface)
    return by_role
