"""How Chinese is read: characters to syllables without tone, typed pinyin to syllables.

`syllables.txt` is frozen from pypinyin by `python -m benchmarks.search.syllables`; nothing of it is needed at run time.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).with_name("syllables.txt")
_LONGEST = 6  # zhuang, chuang, shuang


@lru_cache(maxsize=1)
def readings() -> dict[str, str]:
    """Return character → its most usual reading."""
    table: dict[str, str] = {}
    for row in _TABLE.read_text(encoding="utf-8").splitlines():
        if not row.startswith("#"):
            syllable, characters = row.split("\t")
            table.update(dict.fromkeys(characters, syllable))
    return table


@lru_cache(maxsize=1)
def syllables() -> tuple[str, ...]:
    """Return every syllable that is written with Latin letters, sorted."""
    return tuple(sorted(set(readings().values())))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(syllables()) - {"m", "n", "hm"}  # sounds, never typed on purpose


def segment(run: str) -> tuple[list[str], str] | None:
    """Cut typed pinyin into the fewest syllables: `rujiaoq` → (["ru", "jiao"], "q").

    The second part is the beginning of a syllable cut short, empty when nothing is left over. None: no pinyin.
    """
    best: list[list[str] | None] = [[]] + [None] * len(run)
    for start in range(len(run)):
        before = best[start]
        if before is None:
            continue
        for end in range(start + 1, min(start + _LONGEST, len(run)) + 1):
            longer = best[end]
            if run[start:end] in _known() and (longer is None or len(before) + 1 < len(longer)):
                best[end] = [*before, run[start:end]]
    whole = best[len(run)]
    if whole is not None:
        return whole, ""
    for cut in range(len(run) - 1, max(len(run) - _LONGEST, 0) - 1, -1):
        parts = best[cut]
        if parts is not None and any(s.startswith(run[cut:]) for s in _known()):
            return parts, run[cut:]
    return None
