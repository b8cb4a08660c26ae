"""R20 for the private chat: each protection that is switched off makes a test fail."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bot.telegram.private_switches import SWITCHES


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.long) if name != "owner" else name for name in SWITCHES]
)
def test_without_it_a_test_fails(name: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider"]
    command += ["-p", "tests.bot.telegram.private_switches", "--careless", name, SWITCHES[name][1]]
    found = subprocess.run(command, capture_output=True, text=True, timeout=200, check=False)
    assert found.returncode == 1, found.stdout[-2000:]
    assert " failed" in found.stdout, found.stdout[-2000:]
