"""The search index of a database as an operator sees it: build it anew, check it, look at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_db.catalog import beside
from catalog_db.search import maintenance
from catalog_db.search.maintenance import Description
from catalog_db.state import StateSource, read_state

if TYPE_CHECKING:
    from catalog_db.database import Database


def rebuild(database: Database, folder: Path, clock: Callable[[], float]) -> tuple[Description, float]:
    """Build the index of what the database holds now; return its figures and the seconds it took."""
    with database.snapshot() as connection:
        return maintenance.build(StateSource(read_state(connection), connection), folder, clock)


def place_of(database: Database) -> Path | None:
    """Return the folder of the index, None when the database keeps it in memory."""
    return beside(database)
