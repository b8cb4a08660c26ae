"""Build a search index in a process of its own: building keeps an interpreter busy for seconds, in which nobody is answered."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_db.database import open_database
from catalog_db.search.index import SearchIndex
from catalog_db.state import StateSource, read_state

if TYPE_CHECKING:
    from catalog_db.database import Database

_PROGRAM = "import sys; from catalog_db.building import build; build(sys.stdin.readline().rstrip(), sys.argv[1])"
_PATIENCE = 5  # added to the niceness, so that whoever answers goes first


def build_apart(database: Database, folder: Path) -> bool:
    """Build the index of what the database holds now in a folder, in another process; tell whether that was done.

    Not done: the database lives in the memory of this process, or the other process failed; build it here then.
    """
    if database.url.get_backend_name() == "sqlite" and database.file is None:
        return False
    url = database.url.render_as_string(hide_password=False)  # handed over unseen, not among the arguments
    paths = [str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        done = subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-c", _PROGRAM, str(folder)],
            input=f"{url}\n",
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:
        return False
    return done.returncode == 0


def build(url: str, folder: str) -> None:
    """Build the index of the database at a URL in a folder: what the other process does."""
    if os.name == "posix":
        os.nice(_PATIENCE)
    database = open_database(url)
    try:
        with database.snapshot() as connection:
            SearchIndex.build(StateSource(read_state(connection), connection), Path(folder))
    finally:
        database.close()
