"""A real PostgreSQL for tests: one server for the run, an empty database for each test.

Put `from tests.postgres import postgres_server, postgres_url` into a conftest. Without server binaries the tests are
skipped with one line that says what to install; under CI=true they fail.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

MISSING = "PostgreSQL is not installed: apt-get install postgresql (initdb and postgres are looked for in PATH)"
_SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Run a server on a Unix socket; give the folder of the socket."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    folder = Path(tempfile.mkdtemp(prefix="lvxuan-pg-"))
    user = _owner(folder)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder, timeout=120)

    # pg_trgm and upper() read Chinese only under a UTF-8 locale
    run(str(binaries / "initdb"), "-D", str(data), "-U", "lvxuan", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
    settings = " ".join(f"-c {name}={value!r}" for name, value in _SETTINGS.items())
    server = f"-k {folder} {settings}"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-o", server, "-w", "-l", str(folder / "log"), "start")
    try:
        yield str(folder)
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Make an empty database; give its SQLAlchemy URL."""
    import psycopg

    name = f"test{next(_numbers)}"
    with psycopg.connect(host=postgres_server, user="lvxuan", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    return f"postgresql+psycopg://lvxuan@/{name}?host={postgres_server}"


def _binaries() -> Path | None:
    """Find the folder of initdb, postgres and pg_ctl."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    for folder in (*installed, *on_path):
        if all((folder / name).is_file() for name in ("initdb", "postgres", "pg_ctl")):
            return folder
    return None


def _owner(folder: Path) -> str | None:
    """Give the folder to a user without privileges when this is root, which initdb refuses; None: stay who we are."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return name
    return None
