"""Fixtures of the channel tests."""

from tests.browser import browser

__all__ = ["browser"]
