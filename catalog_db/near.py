"""Numbers that differ from one by a slip of the pen."""

from __future__ import annotations

from collections.abc import Sequence

MOST_MISTAKES = 2
_LOOK_ALIKE = str.maketrans("OQIL", "0011")


def nearest(number: str, numbers: Sequence[str], limit: int) -> list[str]:
    """Give the numbers (folded) at most two edits away, look-alike letters and digits first, then by distance.

    An edit is a character more, less or other, or two neighbours swapped. Short numbers allow fewer edits, so that a near
    one still shares most of its characters. The number itself is left out.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = min(MOST_MISTAKES, len(number) // 3)
    if not most:
        return []
    found = process.extract(number, numbers, scorer=OSA.distance, score_cutoff=most, limit=None)
    alike = number.translate(_LOOK_ALIKE)
    ranked = sorted(
        {(near.translate(_LOOK_ALIKE) != alike, distance, near) for near, distance, _ in found if near != number}
    )
    return [near for _, _, near in ranked[:limit]]
