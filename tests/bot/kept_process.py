"""A kept program to be killed, with short pauses: each child tells its number, then waits for a word to do something else."""

from __future__ import annotations

import os
import sys

import structlog

from bot.keeper import PAUSES, keep


def work() -> int:
    print(os.getpid(), flush=True)
    said = sys.stdin.readline().strip()
    if said == "raise":
        raise OSError("said so")
    return int(said or 0)


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    try:
        status = keep(work, pauses=tuple(pause / 50 for pause in PAUSES))
    except OSError as error:
        print("raised", error, flush=True)
        status = 3
    print("ends", os.getpid(), flush=True)
    sys.exit(status)
