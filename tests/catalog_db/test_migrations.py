"""The migrations build the tables that the code speaks of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from catalog_db import migrations, past_questions
from catalog_db.database import Database, open_database
from catalog_db.errors import DatabaseError
from catalog_db.journal import (
    ambassadors,
    broadcasts,
    desk_learning,
    desk_reviews,
    desk_tables,
    desk_telling,
    lists,
    neighbours,
    notebooks,
    points,
    touches,
    wants,
)
from catalog_db.journal.tables import metadata as journal
from catalog_db.tables import metadata as catalogue
from tests.catalog_db.conftest import sqlite_url

assert {
    ambassadors.metadata,
    lists.metadata,
    neighbours.metadata,
    notebooks.metadata,
    points.metadata,
    touches.metadata,
    broadcasts.metadata,
    wants.metadata,
} == {journal}  # their tables are there once they are imported
METADATA = [catalogue, journal]
assert past_questions.past_questions.metadata is catalogue  # its table is there once it is imported
assert desk_tables.tickets.metadata is desk_learning.proposals.metadata is journal
assert desk_reviews.reviews.metadata is desk_telling.wishes.metadata is journal


def test_the_tables_are_those_of_the_code(database: Database) -> None:
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    assert found == migrations.head()


def test_one_way_down_and_up_again(database: Database) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    with database.writing() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    migrations.upgrade(database.engine, None)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_steps_form_one_line_whose_end_is_the_head() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(migrations.FOLDER))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [migrations.head()]
    assert {step.revision for step in script.walk_revisions()} == migrations.revisions()


def test_a_current_database_opens_without_alembic(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path)
    open_database(url).close()
    code = f"import sys; from catalog_db.database import open_database; open_database({url!r}); print('alembic' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "False"


def test_tables_of_a_newer_program_are_refused(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseError) as caught:
        open_database(database.url.render_as_string(hide_password=False))
    assert caught.value.key == "database.newer"
    assert caught.value.values["found"] == "9999"


def test_some_that_open_an_empty_database_at_once_all_succeed(tmp_path: Path, postgres_url: str) -> None:
    for url in (sqlite_url(tmp_path), postgres_url):
        code = f"from catalog_db.database import open_database; open_database({url!r})"
        started = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE) for _ in range(3)]
        assert [(process.communicate(timeout=60)[1], process.returncode) for process in started] == [(b"", 0)] * 3
