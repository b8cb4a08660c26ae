"""A PostgreSQL server of our own for the length of a measurement."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Any


class Postgres:
    """Runs a server on a Unix socket in a folder of its own; removes both at the end."""

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._folder = Path(tempfile.mkdtemp(prefix="lvxuan-bench-pg-"))
        self._user = _unprivileged(self._folder)

    def __enter__(self) -> Postgres:
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "bench", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8")
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c shared_buffers=512MB"
        self._run("pg_ctl", "-D", data, "-o", options, "-w", "-l", str(self._folder / "log"), "start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def connect(self) -> Any:
        """Return a connection with pg_trgm at hand."""
        import psycopg

        connection = psycopg.connect(host=str(self._folder), user="bench", dbname="postgres", autocommit=True)
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        return connection

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, user=self._user, cwd=self._folder, timeout=120)


def binaries() -> Path | None:
    """Return the folder of initdb and pg_ctl; None when PostgreSQL is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    return next((folder for folder in (*installed, *on_path) if (folder / "initdb").is_file()), None)


def _unprivileged(folder: Path) -> str | None:
    """Give the folder to another user when this is root, as which PostgreSQL refuses to run."""
    if os.geteuid() != 0:
        return None
    name = next(one for one in ("postgres", "nobody") if _exists(one))
    shutil.chown(folder, name)
    return name


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
