"""What understanding costs: CPU time of a thread, wall clock beside it, and the memory of `lvxuan ask`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = """
import sys
from bot.__main__ import main
try:
    status = main()
finally:
    with open("/proc/self/status") as own:
        sys.stderr.write(next(line for line in own if line.startswith("VmHWM")))
sys.exit(status)
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Microseconds for one text, the least of the passes over the whole sample: median and 99th percentile."""

    cpu_median: float
    cpu_p99: float
    wall_median: float
    wall_p99: float


def spent(work: Callable[[str], object], texts: Sequence[str], passes: int) -> Spent:
    """Measure `work` for each text."""
    cpu = [float("inf")] * len(texts)
    wall = [float("inf")] * len(texts)
    for _ in range(passes):
        for number, text in enumerate(texts):
            started, clock = time.thread_time_ns(), time.perf_counter_ns()
            work(text)
            ended, stopped = time.thread_time_ns(), time.perf_counter_ns()
            cpu[number] = min(cpu[number], (ended - started) / 1000)
            wall[number] = min(wall[number], (stopped - clock) / 1000)
    return Spent(_rank(cpu, 0.5), _rank(cpu, 0.99), _rank(wall, 0.5), _rank(wall, 0.99))


def _rank(values: Sequence[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


@dataclass(frozen=True, slots=True)
class Run:
    """One process: peak resident memory in MB (of 1024 KB, Linux) and seconds from start to end."""

    megabytes: float
    seconds: float


def ask_once(text: str) -> tuple[Run, Run]:
    """Run `lvxuan ask` twice in a new home: the first makes the bundled catalogue, the second finds it there."""
    with TemporaryDirectory(prefix="lvxuan-bench-") as home:
        return _run(text, home), _run(text, home)


def _run(text: str, home: str) -> Run:
    """Run in a process that tells its own peak: what wait4 reports holds the memory of the process that forked it."""
    command = [sys.executable, "-c", _PROGRAM, "ask", text, "--today", "2026-11-22"]
    environment = {"LVXUAN_HOME": home, "PYTHONPATH": str(_ROOT)}
    started = time.perf_counter()
    process = subprocess.run(command, cwd=_ROOT, env=environment, check=True, capture_output=True, text=True)
    seconds = time.perf_counter() - started
    return Run(int(process.stderr.split()[-2]) / 1024, seconds)
