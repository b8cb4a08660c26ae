"""Measure the catalogue's search beside others.

    python -m benchmarks.search --sizes 20000                          our own made-up titles
    python -m benchmarks.search --bench FOLDER --sizes 200000 1000000  a bench folder where gen.py and queries.py have run
    python -m benchmarks.search --titles F --queries F --json          the first ten of each query, with times

In-process peers are measured by thread CPU time, PostgreSQL by wall clock; always the least of several passes. The load is
printed beside.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks.search.cases import Cases, own, shared
from benchmarks.search.ours import Ours
from benchmarks.search.peers import peers
from benchmarks.search.postgres import Postgres, binaries
from benchmarks.search.timing import Figures, measure


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the arguments and measure."""
    asked = _arguments().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as folder:
        if asked.titles:
            _print_firsts(asked, Path(folder))
            return
        for size in asked.sizes:
            cases = shared(asked.bench, size, asked.each) if asked.bench else own(size, asked.each)
            place = Path(folder) / str(size)
            place.mkdir()
            _compare(cases, place, asked)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000], help="how many titles")
    parser.add_argument("--each", type=int, default=300, help="queries of each class")
    parser.add_argument("--passes", type=int, default=5)
    parser.add_argument("--budget", type=float, default=20.0, help="seconds for the queries of one peer")
    parser.add_argument("--peers", nargs="*", help="only those whose name contains one of these words")
    parser.add_argument("--bench", type=Path, help="a bench folder where gen.py and queries.py have run")
    parser.add_argument("--titles", type=Path, help="a file with a title on each line")
    parser.add_argument("--queries", type=Path, help="a file with a query on each line")
    parser.add_argument("--fast", action="store_true", help="with --titles: compiled loops")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _compare(cases: Cases, folder: Path, asked: argparse.Namespace) -> None:
    found = binaries()
    with contextlib.ExitStack() as stack:
        wanted = _wanted(asked.peers, found)
        server = stack.enter_context(Postgres(found)) if found and any("pg" in name for name in wanted) else None
        rows = []
        for name, make in peers(cases.titles, folder, server).items():
            if any(word in name for word in wanted):
                rows.append(measure(name, make, cases, asked.passes, asked.budget))
                if not asked.json:
                    print(f"  {name}: {rows[-1].median_ms} ms, load {os.getloadavg()[0]:.1f}", flush=True)
    if asked.json:
        print(json.dumps([asdict(row) for row in rows], ensure_ascii=False))
    else:
        print(table(cases, rows))


def _wanted(names: Sequence[str] | None, found: Path | None) -> list[str]:
    if names:
        return list(names)
    if found is None:
        print("  PostgreSQL is not installed: without pg_trgm (apt-get install postgresql)")
    return ["ours", "tantivy", "FTS5", "rapidfuzz", *(["pg"] if found else [])]


def table(cases: Cases, rows: Sequence[Figures]) -> str:
    """Return the figures as a Markdown table, with times relative to our own."""
    lines = [
        f"{cases.name}, {len(cases.titles):,} titles",
        "",
        "| search | build CPU s | B/title | median ms | p99 ms | × ours | hit@10 a/b/c/d/e | strict@10 a/b/c/d/e | queries |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        hit, strict = (" / ".join(f"{one[group]:.2f}" for group in sorted(one)) for one in (row.hit, row.strict))
        times = f"{row.median_ms / rows[0].median_ms:.1f}"
        lines.append(
            f"| {row.peer} | {row.build_s} | {row.bytes_each} | {row.median_ms:.2f} | {row.p99_ms:.2f} | {times} | {hit} | {strict} | {row.queries} |"
        )
    return "\n".join(lines)


def _print_firsts(asked: argparse.Namespace, folder: Path) -> None:
    """Print the first ten titles of each query of a file, with times: thread CPU, the least of the passes."""
    texts = _lines(asked.titles)
    ours = Ours(texts, folder, asked.fast)
    for query in _lines(asked.queries):
        spent = float("inf")
        for _ in range(max(asked.passes, 1)):
            begin = time.thread_time()
            first = ours.first(query)
            spent = min(spent, (time.thread_time() - begin) * 1000)
        titles = [texts[number] for number in first]
        if asked.json:
            print(json.dumps({"query": query, "ms": round(spent, 3), "first": titles}, ensure_ascii=False))
        else:
            print(f"{query}  ({spent:.2f} ms)", *(f"    {title}" for title in titles), sep="\n")


def _lines(file: Path) -> list[str]:
    """Return the lines of a file, whatever ends them; what is no UTF-8 is replaced."""
    lines = file.read_text(encoding="utf-8-sig", errors="replace").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


if __name__ == "__main__":
    main()
