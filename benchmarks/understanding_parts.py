"""Measure normalisation, amounts and places: CPU time for each text, on texts given or on the corpora of the tests.

`./run bench understanding_parts` takes the wordings of tests/handlers/understanding,
`./run bench understanding_parts FILE` a file with one text a line.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from handlers.understanding.normalise import normalise
from handlers.understanding.places import find_places
from handlers.understanding.quantities import find_quantities

CORPORA = Path(__file__).resolve().parent.parent / "tests" / "handlers" / "understanding"


def texts(arguments: list[str]) -> list[str]:
    """Return the texts to measure."""
    if arguments:
        return [line for line in Path(arguments[0]).read_text(encoding="utf-8").splitlines() if line]
    wordings = [w for line in _lines("quantities.tsv") for w in line.split("\t")[1].split("|")]
    return wordings + _lines("no_quantities.txt") + [line.split("\t")[0] for line in _lines("places.tsv")]


def _lines(name: str) -> list[str]:
    lines = (CORPORA / name).read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line and not line.startswith("#")]
    return kept[1:] if name.endswith(".tsv") else kept


def measure(name: str, work: Callable[[str], Any], given: list[str]) -> None:
    """Print median, 99th percentile and mean of the least of three times, in microseconds of CPU."""
    spent = sorted(min(_once(work, text) for _ in range(3)) for text in given)
    median, high = spent[len(spent) // 2], spent[int(len(spent) * 0.99)]
    print(
        f"{name:12} n={len(spent):6}  median {median:6.1f} µs  p99 {high:6.1f} µs  mean {sum(spent) / len(spent):6.1f} µs"
    )


def _once(work: Callable[[str], Any], text: str) -> float:
    start = time.process_time_ns()
    work(text)
    return (time.process_time_ns() - start) / 1_000


def _first(name: str, work: Callable[[], Any]) -> None:
    start = time.process_time()
    work()
    print(f"{name:12} first use {(time.process_time() - start) * 1_000:6.1f} ms")


def main() -> None:
    """Run all three parts."""
    given = texts(sys.argv[1:])
    _first("normalise", lambda: normalise("牆面"))
    _first("amounts", lambda: find_quantities("三百以内"))
    _first("places", lambda: find_places("寿光有店吗"))
    _first("townships", lambda: find_places("寿光市稻田镇"))
    normal = [normalise(text).text for text in given]
    measure("normalise", normalise, given)
    measure("amounts", find_quantities, normal)
    measure("places", find_places, normal)
    measure("10,000 chars", normalise, ["乳胶漆三百以内😀１２" * 1_000])


if __name__ == "__main__":
    main()
