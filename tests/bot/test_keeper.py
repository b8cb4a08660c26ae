"""A program whose work is killed goes on in another process, and ends when its work does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

Program = subprocess.Popen[str]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def program() -> Iterator[Program]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bot.kept_process"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        stderr=subprocess.DEVNULL,
    ) as running:  # fmt: skip
        yield running
        running.kill()


def line(program: Program) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def say(program: Program, text: str) -> None:
    assert program.stdin is not None
    program.stdin.write(text + "\n")
    program.stdin.flush()


def test_another_goes_on_when_one_is_killed(program: Program) -> None:
    children = []
    for _ in range(4):
        children.append(int(line(program)))
        os.kill(children[-1], signal.SIGKILL)
    last = int(line(program))
    assert len({*children, last, program.pid}) == 6
    say(program, "7")
    assert line(program) == f"ends {last}"
    assert line(program) == f"ends {program.pid}"
    assert program.wait() == 7


def test_what_the_work_raises_is_raised_in_the_child(program: Program) -> None:
    child = line(program)
    say(program, "raise")
    assert line(program) == "raised said so"
    assert line(program) == f"ends {child}"
    assert program.wait() == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_child_does_not_outlive_its_parent(program: Program, number: signal.Signals) -> None:
    assert int(line(program)) != program.pid
    program.send_signal(number)
    assert program.wait() == (0 if number == signal.SIGTERM else -number)
    rest = program.stdout.read() if program.stdout is not None else ""  # ends when the last of them has closed it
    assert rest == (f"ends {program.pid}\n" if number == signal.SIGTERM else "")
