"""Fixtures of the channel tests."""

import pytest

from bot.bootstrap import build
from bot.settings import load_settings
from tests.bot.script import NOW
from tests.browser import browser

__all__ = ["browser"]


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory):
    """The assistant on the bundled catalogue, made for 2026-11-22."""
    home = tmp_path_factory.mktemp("home")
    return build(load_settings({"home": str(home)}, {}, home), NOW.date())
