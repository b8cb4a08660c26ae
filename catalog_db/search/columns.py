"""Columns of an index: one small whole number for each product, and a table of what the numbers stand for.

Three kinds. *Coded*: a value as text, numbered as it comes, 0 is none. *Ranked*: numbers in ascending order, 0 is
unknown, so that sorting and limits need the codes alone. *Sets*: several values at once; equal sets share a code.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.storage import Array, Sink

CODED = ("brand", "series", "color", "size", "capacity", "formaldehyde_grade", "origin")
RANKED = (
    "price",
    "water_grade",
    "energy_grade",
    "sales_30d",
    "rating",
    "growth_pct",
    "water_m3_per_year",
    "power_kwh_per_year",
    "carbon_kg_per_year",
)
SETS = ("features", "scenes", "sells_to", "attributes", "makers", "batches", "evidence")
PRICE_UNIT = Decimal(10000)  # prices are kept in ten-thousandths of a yuan: exact, whole


def narrow(codes: Array) -> Array:
    """Return whole numbers in the smallest kind that holds them."""
    most = int(codes.max()) if codes.size else 0
    for kind in (np.uint8, np.uint16, np.uint32):
        if most <= np.iinfo(kind).max:
            return codes.astype(kind)
    return codes.astype(np.int64)


class Coder:
    """Numbers texts as they come."""

    def __init__(self) -> None:
        self._number: dict[str | None, int] = {None: 0}
        self._codes = array("I")

    def add(self, values: Sequence[str | None]) -> None:
        """Take the values of the next products."""
        if not any(values):
            self._codes.extend([0] * len(values))
            return
        number = self._number
        self._codes.extend([number.setdefault(value or None, len(number)) for value in values])

    def write(self, sink: Sink, name: str, order: NDArray[np.intp]) -> None:
        """Write codes in the order of the index, and the table."""
        sink.extend(f"column.{name}", narrow(np.frombuffer(self._codes, np.uint32)[order]))
        sink.put(f"table.{name}", list(self._number))


class Ranker:
    """Ranks numbers; None is unknown."""

    def __init__(self) -> None:
        self._values = array("d")

    def add(self, values: Sequence[float | None]) -> None:
        """Take the values of the next products."""
        if values.count(None) == len(values):
            self._values.extend([_NAN] * len(values))
        else:
            self._values.extend([_NAN if value is None else value for value in values])

    @property
    def values(self) -> NDArray[np.float64]:
        """Return what was taken; unknown is NaN."""
        return np.frombuffer(self._values, np.float64)

    def write(self, sink: Sink, name: str, order: NDArray[np.intp]) -> None:
        """Write codes in the order of the index, and the ascending values."""
        values = self.values
        known = ~np.isnan(values)
        table, ranks = np.unique(values[known], return_inverse=True)
        codes = np.zeros(len(values), np.uint32)
        codes[known] = ranks + 1
        sink.extend(f"column.{name}", narrow(codes[order]))
        sink.extend(f"values.{name}", table)


class SetCoder:
    """Numbers sets of texts; the empty set is 0."""

    def __init__(self) -> None:
        self.member: dict[str, int] = {}
        self._number: dict[tuple[int, ...], int] = {(): 0}
        self._codes = array("I")
        self._seen: dict[tuple[str, ...], int] = {(): 0}

    def add(self, sets: Sequence[Sequence[str]]) -> None:
        """Take the sets of the next products."""
        if not any(sets):
            self._codes.extend([0] * len(sets))
            return
        seen, codes = self._seen, self._codes
        for values in sets:
            key = tuple(values)
            code = seen.get(key)
            if code is None:
                member = self.member
                numbers = sorted({member.setdefault(value, len(member)) for value in key})
                code = seen[key] = self.number(tuple(numbers))
            codes.append(code)

    def number(self, members: tuple[int, ...]) -> int:
        """Return the code of a set of members in ascending order."""
        return self._number.setdefault(members, len(self._number))

    def members(self) -> list[tuple[int, ...]]:
        """Return the members of each code."""
        return list(self._number)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Return the codes taken so far; may be changed in place."""
        return np.frombuffer(self._codes, np.uint32)

    def write(self, sink: Sink, name: str, codes: Array) -> None:
        """Write codes that stand in the order of the index, and the tables."""
        sink.extend(f"column.{name}", narrow(codes))
        lengths = [len(members) for members in self._number]
        flat = [member for members in self._number for member in members]
        sink.extend(f"ends.{name}", np.cumsum(lengths).astype(np.uint32))
        sink.extend(f"members.{name}", np.array(flat, np.uint32))
        sink.put(f"table.{name}", list(self.member))


_NAN = float("nan")
