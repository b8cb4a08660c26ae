"""The sizes of one catalogue as people say them: in another order, without the thickness, in decimetres, by one side."""

from __future__ import annotations

from collections.abc import Iterable

from catalog_db import sizes


class SizeWords:
    """Knows the sizes that a catalogue has. Sizes are asked for in millimetres, the sides joined by `x`."""

    def __init__(self, known: Iterable[str]) -> None:
        self._sizes: dict[str, list[str]] = {}
        self._turned: dict[tuple[str, ...], list[str]] = {}  # both sides of a board, the shorter first
        for size in known:
            normal = sizes.normalise(size)
            self._sizes.setdefault(normal, []).append(size)
            if (sides := _two_sides(normal)) is not None:
                self._turned.setdefault(sides, []).append(size)

    def meant(self, said: str) -> list[str] | None:
        """Return the sizes that one said in full means, None without any: 6乘6 is 600x600, 1200x2400 is 2400x1200x12 too."""
        sides = _two_sides(said) if said.count("x") == 1 else None
        turned = self._turned.get(sides) if sides else None
        return self._sizes.get(said) or self._sizes.get(_tenth(said)) or turned

    def exactly(self, millimetres: str) -> list[str]:
        """Return the sizes of one side only that are so long."""
        return self._sizes.get(millimetres, [])

    def with_side(self, millimetres: str, anywhere: bool) -> list[str]:
        """Return the sizes whose first side (`anywhere`: any) is so long: 80公分的浴室柜 is one of 800x480."""
        return [
            size
            for normal, several in self._sizes.items()
            if normal.startswith(f"{millimetres}x") or (anywhere and f"x{millimetres}x" in f"x{normal}x")
            for size in several
        ]


def _two_sides(normal: str) -> tuple[str, ...] | None:
    """Return the first two sides, sorted; None of a size with one side."""
    sides = normal.split("x")
    return tuple(sorted(sides[:2])) if len(sides) in (2, 3) else None


def _tenth(size: str) -> str:
    """Return a size with every side a tenth: tiles are named in decimetres too, 6乘6 is 600x600."""
    sides = size.split("x")
    return "x".join(side[:-1] for side in sides) if all(side.endswith("0") for side in sides) else ""
