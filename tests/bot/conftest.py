"""Fixtures of the channel tests."""

import pytest

from tests import assistants
from tests.browser import browser

__all__ = ["browser"]


@pytest.fixture(scope="session")
def demonstration():
    """The assistant on the bundled catalogue, made for 2026-11-22: the one of all other tests."""
    return assistants.demonstration()
