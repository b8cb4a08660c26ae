"""Columns in which few values come again and again: each value once, and a number for each product."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Told(Sequence[Any]):
    """A column of values that come again. `values` may grow from batch to batch: what has a number keeps it in that list."""

    values: Sequence[Any]
    numbers: NDArray[np.intp]

    @classmethod
    def of(cls, column: Sequence[Any]) -> Told:
        """Number the values of a column; a column that is numbered stays as it is."""
        if isinstance(column, Told):
            return column
        number: dict[Any, int] = {}
        numbers = [number.setdefault(value, len(number)) for value in column]
        return cls([*number], np.array(numbers, np.intp))

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, place: int) -> Any: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Any]: ...

    def __getitem__(self, place: int | slice) -> Any:
        if isinstance(place, slice):
            return Told(self.values, self.numbers[place])
        return self.values[self.numbers[place]]


class Meanings(Generic[_T]):
    """What the values of a column mean: found out once for each while the list of values is the same."""

    def __init__(self, meaning: Callable[[Any], _T]) -> None:
        self._meaning = meaning
        self._values: Sequence[Any] = ()
        self._found: list[_T] = []

    def of(self, values: Sequence[Any]) -> list[_T]:
        """Return what each of the values means."""
        if values is not self._values:
            self._values, self._found = values, []
        for value in values[len(self._found) :]:
            self._found.append(self._meaning(value))
        return self._found


class Codes:
    """The codes of the values of a column: found out once for each while the list of values is the same."""

    def __init__(self, code: Callable[[Any], int]) -> None:
        self._code = code
        self._values: Sequence[Any] = ()
        self._codes = np.zeros(0, np.uint32)

    def of(self, told: Told) -> NDArray[np.uint32]:
        """Return the code of each product."""
        if told.values is not self._values:
            self._values, self._codes = told.values, self._codes[:0]
        new = told.values[len(self._codes) :]
        if len(new):
            self._codes = np.concatenate([self._codes, np.fromiter(map(self._code, new), np.uint32, len(new))])
        return self._codes[told.numbers]
