"""Options of the test run: --long adds soaks, storms and large sizes; --update-golden writes the golden transcripts anew."""

import pytest
from hypothesis import settings

# No test says how long an example may take: what one takes is the machine's affair.
settings.register_profile("lvxuan", deadline=None)
settings.load_profile("lvxuan")


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the tests marked long too")
    parser.addoption("--update-golden", action="store_true", help="write tests/bot/golden/ anew; look at the diff")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    skipped = pytest.mark.skip(reason="long: ./run test --long runs it")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skipped)
