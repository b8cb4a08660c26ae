"""What an answer costs over the bundled catalogue, and what `lvxuan ask` needs from its start to its first answer.

    ./run bench answers                     print the figures
    ./run bench answers --write             print them and write benchmarks/results/answers.md
    ./run bench answers --passes 9 --starts 15

Each question opens a conversation of its own. The figure of a question is the least of several passes, in CPU time of the
thread, because other programs share the machine; wall clock and load stand beside it. What the first question of a kind
costs (patterns compiled, records read) is in the first pass, which is shown apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bot.bootstrap import LOCALE, ZONE, Parts, build
from bot.locales import LOCALES
from bot.plain import answer_json
from bot.settings import load_settings
from handlers.dialogue import Dialogue
from handlers.session import Session
from handlers.turn import Question

ROOT = Path(__file__).resolve().parents[1]
OPENINGS = ROOT / "tests" / "cases" / "openings.txt"
LONGER = Path(__file__).with_name("longer_questions.txt")
RESULTS = Path(__file__).with_name("results") / "answers.md"
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, tzinfo=ZONE)
SLOWEST = 5
OTHERS = 20
PARTS = ("read", "faq", "search", "records", "wording", "json", "rest")


class Stopwatch:
    """Adds up CPU time by name; time inside an inner call counts for the inner one only."""

    def __init__(self) -> None:
        self.spent: dict[str, int] = {}
        self._open: list[int] = []

    @contextmanager
    def timing(self, name: str) -> Iterator[None]:
        """Count what happens inside for `name`."""
        self._open.append(0)
        started = time.thread_time_ns()
        try:
            yield
        finally:
            whole = time.thread_time_ns() - started
            self.spent[name] = self.spent.get(name, 0) + whole - self._open.pop()
            if self._open:
                self._open[-1] += whole

    def watch(self, owner: type, method: str, name: str) -> Callable[[], None]:
        """Time a method of a class; what is returned puts the class back."""
        plain = getattr(owner, method)

        def timed(*given: Any, **named: Any) -> Any:
            with self.timing(name):
                return plain(*given, **named)

        setattr(owner, method, timed)
        return lambda: setattr(owner, method, plain)


@dataclass(slots=True)
class Spent:
    """One question: milliseconds of CPU and of the wall clock, the least of the passes, and of the first pass."""

    text: str
    intent: str = ""
    cpu: float = float("inf")
    wall: float = float("inf")
    understood: float = float("inf")
    first: float = 0.0
    parts: dict[str, float] = field(default_factory=dict)


def questions() -> list[str]:
    """Return the questions of the tests and the longer ones beside this file."""
    lines = [line.strip() for file in (OPENINGS, LONGER) for line in file.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def answer(parts: Parts, text: str) -> str:
    """Answer a question as `lvxuan ask --json` does; the intent is returned."""
    reply, _ = parts.assistant.respond(Question(text, NOW), Session())
    json.dumps(answer_json(None, reply, parts.wording, 0.0), ensure_ascii=False)
    return str(reply.intent)


def measure(parts: Parts, texts: Sequence[str], passes: int) -> list[Spent]:
    """Answer every question in each pass."""
    spent = [Spent(text) for text in texts]
    for number in range(passes + 1):
        for one in spent:
            clock, cpu = time.perf_counter_ns(), time.thread_time_ns()
            one.intent = answer(parts, one.text)
            took, waited = (time.thread_time_ns() - cpu) / 1e6, (time.perf_counter_ns() - clock) / 1e6
            if number == 0:
                one.first = took
                continue
            one.cpu, one.wall = min(one.cpu, took), min(one.wall, waited)
    return spent


def measure_understanding(parts: Parts, spent: Sequence[Spent], passes: int) -> None:
    """Read every question and decide what it means, without answering."""
    dialogue = Dialogue(parts.catalogue, LOCALES / LOCALE)
    for _ in range(passes):
        for one in spent:
            question, session = Question(one.text, NOW), Session()
            started = time.thread_time_ns()
            dialogue.understand(question, session)
            one.understood = min(one.understood, (time.thread_time_ns() - started) / 1e6)


def break_down(parts: Parts, spent: Sequence[Spent], others: Sequence[Spent], passes: int) -> None:
    """Note for each question what its time went into; the pass that took least counts.

    `others` are asked in between: the last few readings are kept, and a question asked twice in a row is not read again.
    """
    for one in spent:
        best = float("inf")
        for _ in range(passes):
            for other in others:
                answer(parts, other.text)
            found = _once(parts, one.text)
            if sum(found.values()) < best:
                best, one.parts = sum(found.values()), found


def _once(parts: Parts, text: str) -> dict[str, float]:
    from catalog_db.catalog import Catalogue
    from handlers.stored_questions.matching import FaqMatcher
    from handlers.understanding.reading import Reader

    watch = Stopwatch()
    undo = [
        watch.watch(Reader, "read", "read"),
        watch.watch(FaqMatcher, "match", "faq"),
        *(watch.watch(Catalogue, method, "search") for method in ("search", "count", "count_many")),
        *(watch.watch(Catalogue, method, "records") for method in ("products", "certificates_of_many", "certificate")),
    ]
    try:
        with watch.timing("rest"):
            reply, _ = parts.assistant.respond(Question(text, NOW), Session())
            with watch.timing("wording"):
                worded = answer_json(None, reply, parts.wording, 0.0)
            with watch.timing("json"):
                json.dumps(worded, ensure_ascii=False)
    finally:
        for restore in undo:
            restore()
    return {name: watch.spent.get(name, 0) / 1e6 for name in PARTS}


@dataclass(frozen=True, slots=True)
class Start:
    """A whole process of `lvxuan ask`: seconds of CPU and of the wall clock, peak resident memory in MB."""

    cpu: float
    wall: float
    memory: float


def start(home: str, text: str) -> Start:
    """Run `lvxuan ask` once, from the start of the process to its end."""
    command = [sys.executable, "-m", "bot", "ask", text, "--today", TODAY.isoformat()]
    environment = {"LVXUAN_HOME": home, "PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", "")}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"lvxuan ask ended with {process.returncode}")
    return Start(used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1024)


def report(spent: Sequence[Spent], starts: Sequence[Start], passes: int) -> str:
    """Word the figures as a page of Markdown."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    rows = [
        ("one answer, CPU, ms", [one.cpu for one in spent], "median < 5, p99 < 20", (5.0, 20.0)),
        ("one answer, wall clock, ms", [one.wall for one in spent], "the same", (5.0, 20.0)),
        ("first time asked, CPU, ms", [one.first for one in spent], "", None),
        ("understanding, CPU, ms", [one.understood for one in spent], "median ≤ 0.25, p99 ≤ 1", (0.25, 1.0)),
    ]
    lines = [
        "# What an answer costs",
        "",
        f"`./run bench answers --write`: {len(spent)} questions over the bundled catalogue, the least of {passes} passes;",
        f"Python {platform.python_version()}, {os.cpu_count()} cores shared with other programs, load {load}.",
        "",
        "| | median | p99 | largest | wanted | held |",
        "| --- | ---: | ---: | ---: | --- | --- |",
    ]
    for name, values, wanted, bounds in rows:
        middle, high = rank(values, 0.5), rank(values, 0.99)
        held = "" if bounds is None else "yes" if middle <= bounds[0] and high <= bounds[1] else "no"
        lines.append(f"| {name} | {middle:.2f} | {high:.2f} | {max(values):.2f} | {wanted} | {held} |")
    return "\n".join([*lines, "", *_starts(starts), "", *_slowest(spent), ""])


def _starts(starts: Sequence[Start]) -> list[str]:
    cpu, wall = [one.cpu for one in starts], [one.wall for one in starts]
    memory = max(one.memory for one in starts)
    return [
        f"`lvxuan ask` from start to end, {len(starts)} processes:",
        "",
        "| | least | median | wanted | held |",
        "| --- | ---: | ---: | --- | --- |",
        f"| CPU, s | {min(cpu):.2f} | {median(cpu):.2f} | < 1 | {'yes' if median(cpu) < 1 else 'no'} |",
        f"| wall clock, s | {min(wall):.2f} | {median(wall):.2f} | < 1 | {'yes' if median(wall) < 1 else 'no'} |",
        f"| peak memory, MB | | {memory:.0f} | < 120 | {'yes' if memory < 120 else 'no'} |",
    ]


def _slowest(spent: Sequence[Spent]) -> list[str]:
    lines = [
        "The slowest, CPU in ms; read: words to meaning, of every part of the message; records: products and certificates;",
        "rest: deciding, the handler, its choices:",
        "",
        f"| question | intent | all | {' | '.join(PARTS)} |",
        f"| --- | --- | ---: |{' ---: |' * len(PARTS)}",
    ]
    for one in _by_cost(spent)[:SLOWEST]:
        figures = " | ".join(f"{one.parts.get(name, 0.0):.2f}" for name in PARTS)
        lines.append(f"| {one.text} | {one.intent} | {one.cpu:.2f} | {figures} |")
    return lines


def rank(values: Sequence[float], share: float) -> float:
    """Return the value below which that share of the values lies."""
    return sorted(values)[int(len(values) * share)]


def _by_cost(spent: Sequence[Spent]) -> list[Spent]:
    return sorted(spent, key=lambda one: -one.cpu)


def main() -> None:
    """Measure, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passes", type=int, default=5, help="how often each question is asked (default 5)")
    parser.add_argument("--starts", type=int, default=9, help="how many processes are started (default 9)")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/answers.md")
    options = parser.parse_args()
    texts = questions()
    with TemporaryDirectory(prefix="lvxuan-bench-") as home:
        # Before anything large is in this process: a child begins with its parent's peak of memory. The first run makes the catalogue.
        start(home, texts[0])
        starts = [start(home, texts[number % len(texts)]) for number in range(options.starts)]
        url = f"sqlite:///{home}/lvxuan.db"
        parts = build(load_settings({"database_url": url}, {"LVXUAN_HOME": home}, Path(home)), TODAY)
        parts.assistant.prepare()  # as the channels do that go on running
        spent = measure(parts, texts, options.passes)
        measure_understanding(parts, spent, options.passes)
        break_down(parts, _by_cost(spent)[:SLOWEST], _by_cost(spent)[-OTHERS:], options.passes)
        parts.catalogue.close()
    page = report(spent, starts, options.passes)
    print(page)
    if options.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
