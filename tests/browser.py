"""A real browser for the tests: Debian's chromium, driven by playwright. Import the fixtures into a conftest."""

from __future__ import annotations

import os
import shutil

import pytest

MISSING = "no browser: install it with `apt-get install chromium` (or set CHROMIUM to its path)"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}


def chromium_path() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")  # while playwright is open, its loop runs in this thread: other modules need their own
def browser():
    """A browser for a module; skipped with one line when there is none, failed where CI promises one."""
    path = chromium_path()
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()
