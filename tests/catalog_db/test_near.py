"""Numbers that are a slip of the pen away: the sieve leaves none out that a slow comparison finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from catalog_db import near
from catalog_db.near import KnownNumbers

ANY = 1_000
DIGITS = "0123456789"


def plainly(number: str, numbers: list[str], limit: int) -> list[str]:
    """Compare with every number."""
    looks = str.maketrans("OQIL", "0011")
    most = min(2, len(number) // 3)
    ranked = []
    for other in numbers:
        distance = OSA.distance(number, other)
        if number.translate(looks) == other.translate(looks):
            ranked.append((0, distance, other))
        elif distance <= most:
            ranked.append((1, distance, other))
    return [other for _, _, other in sorted(ranked) if other != number][:limit]


def test_look_alikes_go_before_other_slips() -> None:
    known = KnownNumbers(["GB1001", "GB1O01", "GB1901", "GB5001X", "XY1001"])
    assert known.nearest("GBI001", 9) == ["GB1001", "GB1O01", "GB1901", "GB5001X"]
    assert known.nearest("GB1001", 9) == ["GB1O01", "GB1901", "GB5001X", "XY1001"]
    assert KnownNumbers(["0001", "0002"]).nearest("OOOI", 9) == ["0001"]
    assert KnownNumbers(["AC"]).nearest("AB", 9) == []  # nothing is near what has two characters
    assert KnownNumbers([]).nearest("GB1001", 9) == []


@given(
    numbers=st.lists(st.text("01O2A中", min_size=1, max_size=9), unique=True, max_size=40),
    number=st.text("01O2A中", max_size=9),
    limit=st.integers(1, 8) | st.just(ANY),
)
def test_what_is_sifted_out_is_not_near(numbers: list[str], number: str, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near, "_FEW", 0)
        assert KnownNumbers(numbers).nearest(number, limit) == plainly(number, numbers, limit)


def test_many_numbers_and_every_slip() -> None:
    chance = random.Random(5)
    numbers = [f"GBM2026{number:07}" for number in range(0, 9_000, 3)]
    known = KnownNumbers(numbers)
    for _ in range(60):
        number = list(chance.choice(numbers))
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(len(number) - 1)
            slip = chance.randrange(4)
            if slip == 0:
                number[at] = chance.choice(DIGITS)
            elif slip == 1:
                del number[at]
            elif slip == 2:
                number.insert(at, chance.choice(DIGITS))
            else:
                number[at], number[at + 1] = number[at + 1], number[at]
        said = "".join(number)
        for limit in (4, ANY):
            assert known.nearest(said, limit) == plainly(said, numbers, limit), said
