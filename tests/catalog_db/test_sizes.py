"""Sizes in millimetres."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_db.sizes import normalise


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("800x800", "800x800"),
        ("800*800", "800x800"),
        ("800×800mm", "800x800"),
        ("８００＊８００", "800x800"),
        ("800 X 800", "800x800"),
        ("80公分", "800"),
        ("80 厘米", "800"),
        ("0.8米", "800"),
        ("0.8m", "800"),
        ("60x60cm", "600x600"),
        ("60cm*1.2m", "600x1200"),
        ("60乘120公分", "600x1200"),
        ("600x1200x9.5", "600x1200x9.5"),
        ("1.5米乘以2米", "1500x2000"),
        ("305mm", "305"),
        ("DN20", "dn20"),
        ("大号", "大号"),
        ("", ""),
        ("x", "x"),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@given(st.text())
def test_normalise_twice_is_normalise_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(
    st.lists(st.tuples(st.integers(1, 9999), st.sampled_from(["mm", "cm", "m", "毫米", "公分", "米", ""])), min_size=1)
)
def test_how_lengths_are_joined_does_not_matter(lengths: list[tuple[int, str]]) -> None:
    parts = [f"{number}{unit}" for number, unit in lengths]
    assert normalise("x".join(parts)) == normalise(" × ".join(parts)) == normalise("*".join(parts))
