"""Columns of an index: one small whole number for each product, and a table of what the numbers stand for.

Three kinds. *Coded*: a value as text, numbered as it comes, 0 is none. *Ranked*: numbers in ascending order, 0 is
unknown, so that sorting and limits need the codes alone. *Sets*: several values at once; equal sets share a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from catalog_db.search.storage import Array, Sink
from catalog_db.search.terms import distinct
from catalog_db.search.told import Codes, Told

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
SETS_TOLD = ("sells_to", "attributes", "makers", "batches", "evidence")  # titles add nothing to these
PRICE_UNIT = Decimal(10000)  # prices are kept in ten-thousandths of a yuan: exact, whole


def narrow(codes: Array) -> Array:
    """Return whole numbers in the smallest kind that holds them."""
    most = int(codes.max()) if codes.size else 0
    for kind in (np.uint8, np.uint16, np.uint32):
        if most <= np.iinfo(kind).max:
            return codes.astype(kind)
    return codes.astype(np.int64)


_MOST_WHOLE = 1 << 53  # up to here a float holds every whole number


class Coder:
    """Numbers texts as they come."""

    def __init__(self) -> None:
        self._number = _Numbers({None: 0})
        self._values: list[str | None] = []  # what the codes stand for, as far as anybody asked
        self._codes = Parts(np.uint32)

    def add(self, values: Sequence[str | None] | None, size: int) -> NDArray[np.uint32] | None:
        """Take the values of the next products and return their codes; None: nobody has one."""
        codes = None if values is None else np.fromiter(map(self._number.__getitem__, values), np.uint32, size)
        self._codes.add(codes, size)
        return codes

    def value(self, code: int) -> str | None:
        """Return what a code stands for."""
        if code >= len(self._values):
            self._values = [*self._number]
        return self._values[code]

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Return the codes taken so far."""
        return self._codes.all()

    def write(self, sink: Sink, name: str, order: NDArray[np.intp]) -> None:
        """Write codes in the order of the index, and the table."""
        _write_codes(sink, name, self.codes[order] if len(self._number) > 1 else _NONE)
        sink.put(f"table.{name}", list(self._number))


class _Numbers(dict[str | None, int]):
    """Numbers texts as they come; the empty one is none."""

    def __missing__(self, value: str | None) -> int:
        if not value:
            return 0
        number = self[value] = len(self)
        return number


class Ranker:
    """Ranks numbers; None is unknown."""

    def __init__(self) -> None:
        self._values = Parts(np.float64)
        self.some = False

    def add(self, values: Sequence[float | None] | None, size: int) -> None:
        """Take the values of the next products; None: nobody's is known."""
        self._values.add(np.full(size, np.nan) if values is None else np.array(values, np.float64), size)
        self.some = self.some or values is not None

    @property
    def values(self) -> NDArray[np.float64]:
        """Return what was taken; unknown is NaN."""
        return self._values.all()

    def write(self, sink: Sink, name: str, order: NDArray[np.intp]) -> tuple[Array, int]:
        """Write codes in the order of the index, and the ascending values; return the codes and how many values there are."""
        codes, table = _NONE, np.zeros(0)
        if self.some:
            values = self.values[order]
            known = ~np.isnan(values)
            table = distinct(values[known])
            codes = np.where(known, np.searchsorted(table, values) + 1, 0)
        _write_codes(sink, name, codes)
        whole = not table.size or (table[0] >= 0 and table[-1] < _MOST_WHOLE and (table == np.floor(table)).all())
        step, steps = (_steps(table.astype(np.int64))) if whole else (0, table)
        sink.extend(f"values.{name}", steps)
        sink.extend(f"step.{name}", np.array([step], np.int64))
        return codes, len(table)


class SetCoder:
    """Numbers sets of texts; the empty set is 0."""

    def __init__(self, members: Callable[[Any], Iterable[str]] | None = None) -> None:
        """`members` says which texts are in a set as it is given; None: it is the texts."""
        self.member: dict[str, int] = {}
        self._number: dict[tuple[int, ...], int] = {(): 0}
        self._codes = Parts(np.uint32)
        self._known = Codes(self.code if members is None else lambda given: self.code(members(given)))

    def add(self, sets: Sequence[Any] | None, size: int) -> None:
        """Take the sets of the next products; None: all are empty."""
        self._codes.add(None if sets is None else self._known.of(Told.of(sets)), size)

    def add_codes(self, codes: NDArray[np.uint32] | None, size: int) -> None:
        """Take the codes of the next products."""
        self._codes.add(codes, size)

    def code(self, values: Iterable[str]) -> int:
        """Return the code of a set."""
        member = self.member
        return self.number(tuple(sorted({member.setdefault(value, len(member)) for value in values})))

    def number(self, members: tuple[int, ...]) -> int:
        """Return the code of a set of members in ascending order."""
        return self._number.setdefault(members, len(self._number))

    def members(self) -> list[tuple[int, ...]]:
        """Return the members of each code."""
        return list(self._number)

    @property
    def codes(self) -> NDArray[np.uint32]:
        """Return the codes taken so far."""
        return self._codes.all()

    def write(self, sink: Sink, name: str, codes: Array) -> None:
        """Write codes that stand in the order of the index, and the tables."""
        _write_codes(sink, name, codes)
        lengths = np.fromiter(map(len, self._number), np.int64, len(self._number))
        flat = np.fromiter(chain.from_iterable(self._number), np.uint32, int(lengths.sum()))
        sink.extend(f"ends.{name}", np.cumsum(lengths).astype(np.uint32))
        sink.extend(f"members.{name}", flat)
        sink.put(f"table.{name}", list(self.member))


class Parts:
    """An array that comes in parts; None is so many zeros."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._kind = kind
        self._parts: list[Array] = []

    def add(self, part: Iterable[int] | Array | None, size: int) -> None:
        """Take the next part."""
        if part is None:
            self._parts.append(np.zeros(size, self._kind))
        elif isinstance(part, np.ndarray):
            self._parts.append(part)
        else:
            self._parts.append(np.fromiter(part, self._kind, size))

    def all(self) -> Array:
        """Return all parts behind one another."""
        if len(self._parts) != 1:
            self._parts[:] = [np.concatenate([*self._parts, np.zeros(0, self._kind)])]
        return self._parts[0]


def _steps(values: NDArray[np.int64]) -> tuple[int, Array]:
    """Return whole numbers in ascending order as what each is more than the one before, and the unit of that."""
    steps = np.diff(values, prepend=0)
    unit = int(np.gcd.reduce(steps)) if len(steps) else 0
    return max(unit, 1), narrow(steps // max(unit, 1))


def values_of(steps: Array, step: int) -> NDArray[np.float64]:
    """Return the values of a ranked column from what is kept of them."""
    if not step:  # they are no whole numbers
        return steps.astype(np.float64, copy=False)
    values: NDArray[np.float64] = np.cumsum(steps, dtype=np.int64).astype(np.float64)
    return values * step


def table_of(codes: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return for each other code which code stands beside it; nothing when that is not always the same one, or always 0."""
    table = np.zeros(int(others.max(initial=0)) + 1, np.uint32)
    table[others] = codes
    return table if codes.any() and (table[others] == codes).all() else table[:0]


def _write_codes(sink: Sink, name: str, codes: Array) -> None:
    """Write a column; one of nothing but zeros takes no place."""
    sink.extend(f"column.{name}", narrow(codes) if codes.any() else _NONE)


_NONE = np.zeros(0, np.uint8)
