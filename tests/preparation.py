"""What a whole run of the tests makes once and every process of it reads: byte code and the compiled loops of the search.

`python -m tests.preparation`, beside `./run check` or the collecting of the tests. Without it each worker and each bot that a test
starts compiles all of it for itself: fifty seconds of a processor for the loops alone.
"""

from __future__ import annotations

import compileall
import re
import sys
from pathlib import Path
from random import Random

from catalog_db.search.index import SearchIndex
from tests.catalog_db.search.goods import goods

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "handlers", "catalog_db", "locales", "tests")
OF_PYTEST = re.compile(r"/(test_\w+|conftest)\.py$")  # pytest writes its own byte code of these


def prepare() -> bool:
    """Compile what is not compiled yet; tell whether there are compiled loops now (numba may not be installed)."""
    sys.dont_write_bytecode = False
    for room in ROOMS:
        compileall.compile_dir(ROOT / room, quiet=1, rx=OF_PYTEST)
    return SearchIndex.build(goods(Random(4), 40)).accelerate()


if __name__ == "__main__":
    prepare()
