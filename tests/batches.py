"""Long tables of examples in few tests: a test for each line costs more than what it tests, in every process that collects it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

import pytest

_T = TypeVar("_T")
_MOST = 50  # lines of a test


def batches(lines: Iterable[_T], most: int = _MOST, about: str = "") -> list[Any]:
    """Cut lines into parameters of tests, each a list named by the numbers of its first and last line: `about:1-50`."""
    return [pytest.param(found, id=f"{about}{first}-{first + len(found) - 1}") for first, found in _cut(lines, most)]


def _cut(lines: Iterable[_T], most: int) -> Iterator[tuple[int, list[_T]]]:
    left, first = iter(lines), 1
    while found := list(islice(left, most)):
        yield first, found
        first += len(found)


def failing(lines: Iterable[_T], judge: Callable[[_T], object]) -> list[str]:
    """Return every line whose judge asserts in vain or says what is wrong (anything true), with what was said.

    A judge that raises something else ends the test there.
    """
    wrong = []
    for line in lines:
        try:
            said = judge(line)
        except AssertionError as error:
            said = error
        if said:
            wrong.append(f"{line}: {said}")
    return wrong
