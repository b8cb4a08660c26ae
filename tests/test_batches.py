"""Batches lose no line and hide no failure."""

from __future__ import annotations

import pytest

from tests.batches import batches, failing


def test_every_line_is_in_one_batch_that_names_it() -> None:
    made = batches(range(120), about="lines:")
    assert [param.id for param in made] == ["lines:1-50", "lines:51-100", "lines:101-120"]
    assert [line for param in made for line in param.values[0]] == list(range(120))
    assert batches([]) == []


def test_every_failure_is_told_and_no_other_error_is_taken_for_one() -> None:
    def even(number: int) -> None:
        assert number % 2 == 0, "odd"

    assert [told.split(":")[0] for told in failing([1, 2, 3, 4], even)] == ["1", "3"]
    assert failing([1, 2], lambda number: number - 1) == ["2: 1"]
    with pytest.raises(ZeroDivisionError):
        failing([1, 0], lambda number: 1 // number)
