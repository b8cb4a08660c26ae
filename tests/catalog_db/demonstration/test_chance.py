"""Draws depend on their key alone, and are the same on every machine and Python."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from catalog_db.demonstration.chance import between, fraction, pick, pick_some

KNOWN = ("e", "a", "c")
KNOWN_FRACTION = 0.7451
KEYS = st.lists(st.text(max_size=8), min_size=1, max_size=3)


def test_known_draws() -> None:
    """Were these to change, every demonstration product would change with them."""
    assert (pick("abcdef", "YS110101"), pick("abcdef", "YS110102"), pick("abcdef", "x", "y")) == KNOWN
    assert round(fraction("YS110101"), 6) == KNOWN_FRACTION


@given(KEYS)
def test_a_fraction_is_a_fraction(key: list[str]) -> None:
    assert 0 <= fraction(*key) < 1
    assert fraction(*key) == fraction(*key)


@given(KEYS, st.floats(-100, 100), st.floats(0, 100))
def test_between_stays_between(key: list[str], low: float, width: float) -> None:
    assert low <= between(low, low + width, *key) <= low + width


@given(KEYS, st.lists(st.integers(), unique=True, max_size=9), st.integers(0, 12))
def test_some_are_different_and_of_the_choices(key: list[str], choices: list[int], count: int) -> None:
    drawn = pick_some(choices, count, *key)
    assert len(drawn) == min(count, len(choices))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(choices)


def test_keys_do_not_run_together() -> None:
    assert fraction("a", "bc") != fraction("ab", "c")
