"""Options of the test run: --long adds soaks, storms and large sizes; --update-golden writes the golden transcripts anew."""

import subprocess
import sys

import pytest
from hypothesis import settings

# No test says how long an example may take: what one takes is the machine's affair.
settings.register_profile("lvxuan", deadline=None)
settings.load_profile("lvxuan")


def pytest_addoption(parser):
    parser.addoption("--long", action="store_true", help="run the tests marked long too")
    parser.addoption("--update-golden", action="store_true", help="write tests/bot/golden/ anew; look at the diff")


def pytest_configure(config):
    """Where several processes run all tests: compile once, beside the collecting, what each would compile for itself."""
    alone = hasattr(config, "workerinput") or not config.getoption("numprocesses", None)
    if alone or config.args != config.getini("testpaths") or config.getoption("collectonly"):
        return
    preparing = subprocess.Popen([sys.executable, "-m", "tests.preparation"], cwd=config.rootpath)
    config.add_cleanup(lambda: (preparing.terminate(), preparing.wait()))


def pytest_collection_modifyitems(config, items):
    if config.getoption("--long"):
        return
    skipped = pytest.mark.skip(reason="long: ./run test --long runs it")
    for item in items:
        if "long" in item.keywords:
            item.add_marker(skipped)
