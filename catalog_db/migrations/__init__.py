"""How the tables came to be, step by step (Alembic). Configured in code: there is no ini file at run time.

A step is `versions/NNNN_what.py`; its number is its revision. Opening a current database imports nothing of Alembic.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_db.errors import DatabaseError

if TYPE_CHECKING:
    from sqlalchemy import Engine

FOLDER = Path(__file__).parent
_LOCK = 0x1C5A  # any number of our own: two programs do not make the tables at once


@cache
def head() -> str:
    """Give the newest revision: the highest number among the files of `versions`."""
    return max(revisions())


@cache
def revisions() -> frozenset[str]:
    """Give every revision this program knows."""
    return frozenset(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*_*.py"))


def upgrade(engine: Engine, found: str | None) -> None:
    """Bring the tables from revision `found` (None: none yet) to the newest.

    Raises DatabaseError when the tables were made by a newer program.
    """
    if found is not None and found not in revisions():
        raise DatabaseError("database.newer", database=engine.url.database, found=found, known=head())
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    with engine.connect().execution_options(lvxuan_writes=True) as connection:
        config.attributes["connection"] = connection
        with connection.begin():
            if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            command.upgrade(config, "head")
