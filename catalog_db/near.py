"""Numbers that differ from one by a slip of the pen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

MOST_MISTAKES = 2
_LOOK_ALIKE = str.maketrans("OQIL", "0011")


def look_alikes(numbers: Iterable[str]) -> dict[str, list[str]]:
    """Group numbers by how they look: O and 0, I and 1 are one."""
    groups: dict[str, list[str]] = {}
    for number in numbers:
        groups.setdefault(number.translate(_LOOK_ALIKE), []).append(number)
    return groups


def nearest(
    number: str, numbers: Sequence[str], limit: int, alike: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Give the numbers (folded) that differ only by look-alikes, then those at most two edits away, nearest first.

    An edit is a character more, less or other, or two neighbours swapped. Short numbers allow fewer edits, so that a near
    one still shares most of its characters. The number itself is left out. `alike` are the look-alikes, where known.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    groups = look_alikes(numbers) if alike is None else alike
    mixed_up = groups.get(number.translate(_LOOK_ALIKE), ())
    ranked = [(0, int(OSA.distance(number, near)), near) for near in mixed_up]
    if most := min(MOST_MISTAKES, len(number) // 3):
        found = process.extract(number, numbers, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked += [(1, int(distance), near) for near, distance, _ in found]
    nearest_first = dict.fromkeys(near for _, _, near in sorted(ranked) if near != number)
    return list(nearest_first)[:limit]
