"""What counts as certified on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from catalog_db.certification import certified, in_force, stars, state
from catalog_db.records import SCHEMES, Certificate

START, END = date(2025, 1, 1), date(2027, 12, 31)
GREEN = Certificate("N1", "green_building_material", START, END, grade=2, skus=("p1",))
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "day", "expected"),
    [
        ("valid", START - DAY, "not_yet_valid"),
        ("valid", START, "valid"),
        ("valid", END, "valid"),
        ("valid", END + DAY, "expired"),
        ("suspended", START, "suspended"),
        ("suspended", END + DAY, "suspended"),
        ("revoked", START - DAY, "revoked"),
        ("revoked", END, "revoked"),
    ],
)
def test_state(status: str, day: date, expected: str) -> None:
    certificate = replace(GREEN, status=status)
    assert state(certificate, day) == expected
    assert in_force(certificate, day) == (expected == "valid")


def test_without_a_scheme_any_but_other_certifies() -> None:
    for scheme in SCHEMES:
        certificate = replace(GREEN, scheme=scheme)
        assert certified([certificate], START) == (scheme != "other")
        assert certified([certificate], START, (scheme,))
        assert not certified([certificate], START, ("no_such_scheme",))


def test_nothing_certifies_out_of_its_time() -> None:
    assert not certified([], START)
    assert not certified([GREEN, replace(GREEN, status="revoked")], END + DAY)


def test_stars_are_the_highest_grade_in_force_of_the_green_scheme() -> None:
    expired = replace(GREEN, grade=3, expires_on=date(2025, 6, 30))
    other = replace(GREEN, scheme="green_product", grade=3)
    assert stars([replace(GREEN, grade=1), GREEN, expired, other], END) == 2
    assert stars([expired, other, replace(GREEN, grade=None)], END) is None
    assert stars([GREEN, expired], START) == 3
