"""The first start: an empty home gets the bundled catalogue, and a failure to write it is told of."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from bot.bootstrap import build
from bot.settings import load_settings

_DAY = date(2026, 11, 22)
_FIRST = """
import sys
from datetime import date
from pathlib import Path
from bot.bootstrap import build
from bot.settings import load_settings

home = Path(sys.argv[1])
parts = build(load_settings({}, environ={"LVXUAN_HOME": str(home)}, folder=home), date(2026, 11, 22))
print(parts.demonstration, len(parts.catalogue.categories) > 50, "alembic" in sys.modules)
"""


def test_the_bundled_catalogue_is_loaded_by_a_process_that_takes_its_memory_along(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", _FIRST, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run(command, check=False, cwd=root, env=environment, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == ["True", "True", "False"], done.stderr


def test_a_file_that_was_begun_and_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / "lvxuan.db").touch()
    parts = build(load_settings({}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path), _DAY)
    assert parts.demonstration
    assert parts.catalogue.categories
