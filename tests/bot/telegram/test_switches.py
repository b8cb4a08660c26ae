"""R20: each protection that is switched off makes a test fail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bot.telegram.switches import SWITCHES


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name != "dedupe" else name for name in SWITCHES]
)
def test_without_it_a_test_fails(name: str) -> None:
    """The test is the first of the kind on SQLite; its own failure is asked for, not one of collection."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-k", "not postgresql", "-p", "no:cacheprovider"]
    command += ["-p", "tests.bot.telegram.switches", "--switch-off", name, SWITCHES[name][1]]
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert found.returncode == 1, found.stdout[-2000:]
    assert "1 failed" in found.stdout, found.stdout[-2000:]
