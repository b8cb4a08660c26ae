"""Measure a peer: thread CPU time, the least of several passes, on as many queries as the time allows."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from benchmarks.search.cases import Cases
from benchmarks.search.peers import Peer


@dataclass(frozen=True)
class Figures:
    """What one peer did. Times in milliseconds."""

    peer: str
    build_s: float
    bytes_each: float
    median_ms: float
    p99_ms: float
    queries: int
    hit: dict[str, float]
    strict: dict[str, float]


def measure(name: str, make: Callable[[], Peer], cases: Cases, passes: int, budget_s: float) -> Figures:
    """Measure one peer. In-process peers by thread CPU, PostgreSQL by wall clock (its work is done elsewhere)."""
    clock = time.perf_counter if name.startswith("pg") else time.thread_time
    begin = time.process_time()
    peer = make()
    built = time.process_time() - begin
    peer.first(cases.queries[0][0])  # what is loaded at the first query is no part of the others
    times: list[float] = []
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    end = time.perf_counter() + budget_s
    for number in _spread(cases):
        text, group = cases.queries[number]
        best, first = float("inf"), []
        for _ in range(passes):
            start = clock()
            first = peer.first(text)
            best = min(best, clock() - start)
            if time.perf_counter() > end:
                break
        times.append(best * 1000)
        scores[group].append(cases.judge(number, first))
        if time.perf_counter() > end:
            break
    hit, strict = ({g: round(float(np.mean([s[k] for s in one])), 3) for g, one in scores.items()} for k in (0, 1))
    middle, high = np.percentile(times, [50, 99])
    each = peer.bytes / max(len(cases.titles), 1)
    return Figures(name, round(built, 1), round(each, 1), round(middle, 3), round(high, 3), len(times), hit, strict)


def _spread(cases: Cases) -> list[int]:
    """Return the numbers of the queries so that any beginning of the list has all classes alike."""
    by_group: dict[str, list[int]] = defaultdict(list)
    for number, (_, group) in enumerate(cases.queries):
        by_group[group].append(number)
    most = max(map(len, by_group.values()))
    return [numbers[place] for place in range(most) for numbers in by_group.values() if place < len(numbers)]
