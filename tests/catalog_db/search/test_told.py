"""Columns of values that come again say what plain ones say."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from catalog_db.search.told import Codes, Meanings, Told

_COLUMNS = st.lists(st.lists(st.sampled_from(["", "a", "b", "cc", "d"]), max_size=6), max_size=5)


@given(_COLUMNS, st.booleans())
def test_codes_are_those_of_each_value(columns: list[list[str]], growing: bool) -> None:
    asked: list[str] = []

    def code(value: str) -> int:
        asked.append(value)
        return len(value)

    codes, values, number = Codes(code), list[str](), dict[str, int]()
    for column in columns:
        told = Told.of(column)
        if growing:  # one list for all of them
            numbers = [number.setdefault(value, len(number)) for value in column]
            values += [*number][len(values) :]
            told = Told(values, np.array(numbers, np.intp))
        assert [*told] == column
        assert len(told) == len(column)
        assert [*told[1:]] == column[1:]
        assert codes.of(told).tolist() == [*map(len, column)]
    if growing:
        assert len(asked) == len(set(asked))


@given(_COLUMNS)
def test_a_column_that_is_numbered_stays_so(columns: list[list[str]]) -> None:
    meanings = Meanings(str.upper)
    for column in columns:
        told = Told.of(column)
        assert Told.of(told) is told
        known = meanings.of(told.values)
        assert [known[number] for number in told.numbers.tolist()] == [*map(str.upper, column)]
