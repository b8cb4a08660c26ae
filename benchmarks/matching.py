"""Measure the lexicon on real shop queries: hits on those of the trade, false fires on the others, time and memory.

    python -m benchmarks.matching --trade FILE --other FILE [--show 40] [--seed 1]

The files hold one query a line and are never part of the project. A query *fires* when it is read as asking for a product
of the trade: its last product word stands clean, without an accessory, an unknown noun or another trade's word behind it.
"""

from __future__ import annotations

import argparse
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from handlers.understanding.lexicon import GOODS, Found, Lexicon, Tables
from handlers.understanding.normalise import normalise
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import rows

_FOLDER = Path(__file__).resolve().parent.parent / "locales" / "zh_Hans_CN"


def head(found: Found) -> Span | None:
    """Return the product that is asked for: the last product word, when nothing behind it makes it something else."""
    goods = [s for s in found.spans if s.kind in GOODS]
    if not goods or any(s.kind == "other_goods" and s.start >= goods[-1].end for s in found.spans):
        return None
    tail = found.tails.get((goods[-1].start, goods[-1].end))
    return None if tail and tail.concept != "product" else goods[-1]


def scopes() -> dict[str, str]:
    """Return the scope of each concept: building, or other."""
    return {name: scope for name, _, scope, *_ in rows(_FOLDER / "concepts.tsv")}


def sort_of(found: Found, scope: dict[str, str]) -> str:
    """Name the outcome of a query: product, with a tail, only a question back, or nothing of the trade."""
    word = head(found)
    if word:
        return "product" if scope.get(word.concept) != "other" else "product of another trade"
    goods = [s for s in found.spans if s.kind in GOODS]
    if not goods:
        return "only a question" if any(s.kind in GOODS for s in found.guesses) else "nothing"
    tail = found.tails.get((goods[-1].start, goods[-1].end))
    return f"tail: {tail.concept}" if tail else "other goods behind"


def read(path: Path) -> list[str]:
    """Read the queries of a file, one a line."""
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def measure(
    name: str, lexicon: Lexicon, queries: Sequence[str], show: Sequence[str], limit: int, chance: random.Random
) -> None:
    """Print the outcomes of a file of queries and samples of the outcomes asked for."""
    outcomes: Counter[str] = Counter()
    hows: Counter[str] = Counter()
    kept: dict[str, list[str]] = {}
    scope = scopes()
    for query in queries:
        found = lexicon.find_spans(normalise(query))
        outcome = sort_of(found, scope)
        outcomes[outcome] += 1
        word = head(found)
        if word:
            hows[word.how] += 1
            if word.how != "exact":
                kept.setdefault("fuzzy", []).append(f"{query} → {word.surface} {word.how} {word.tier} {word.evidence}")
        kept.setdefault(outcome, []).append(
            f"{query} → {word.concept if word else ' '.join(s.surface + '/' + s.kind for s in found.spans)}"
        )
    print(f"\n{name}: {len(queries)} queries")
    for outcome, count in outcomes.most_common():
        print(f"  {outcome:24} {count:6} {100 * count / len(queries):6.2f} %")
    print("  found by:", dict(hows))
    for outcome in show:
        lines = kept.get(outcome, [])
        print(f"  -- {outcome}: {min(limit, len(lines))} of {len(lines)}")
        for line in chance.sample(lines, min(limit, len(lines))):
            print("    ", line)


def clock(lexicon: Lexicon, queries: Sequence[str]) -> None:
    """Print the CPU time of find_spans: median and 99th percentile."""
    texts = [normalise(q) for q in queries]
    for text in texts[:200]:
        lexicon.find_spans(text)
    spent = []
    for text in texts:
        start = time.thread_time_ns()
        lexicon.find_spans(text)
        spent.append(time.thread_time_ns() - start)
    spent.sort()
    print(
        f"\nfind_spans: median {spent[len(spent) // 2] / 1000:.0f} µs, p99 {spent[len(spent) * 99 // 100] / 1000:.0f} µs CPU, {len(texts)} queries"
    )


def build() -> Lexicon:
    """Build the lexicon and print what that costs."""
    tracemalloc.start()
    start = time.thread_time()
    tables, entries = Tables.load(_FOLDER), Lexicon.load_entries(_FOLDER)
    Lexicon(entries, tables)
    traced = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    start = time.thread_time()
    tables = Tables.load(_FOLDER)
    loaded = time.thread_time()
    entries = Lexicon.load_entries(_FOLDER)
    read_at = time.thread_time()
    lexicon = Lexicon(entries, tables)
    built = time.thread_time()
    print(
        f"{len(entries)} entries: tables {1000 * (loaded - start):.0f} ms, files {1000 * (read_at - loaded):.0f} ms, indexes {1000 * (built - read_at):.0f} ms, {traced / 1e6:.1f} MB"
    )
    return lexicon


def main() -> None:
    """Run the measurement named on the command line."""
    parser = argparse.ArgumentParser(description="Measure the lexicon on real shop queries.")
    parser.add_argument("--trade", type=Path)
    parser.add_argument("--other", type=Path)
    parser.add_argument("--show", type=int, default=0, help="how many samples of each outcome worth reading")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    lexicon = build()
    chance = random.Random(arguments.seed)
    shown = arguments.show
    if arguments.trade:
        queries = read(arguments.trade)
        measure(
            "trade",
            lexicon,
            queries,
            ("nothing", "tail: unknown", "other goods behind", "fuzzy") if shown else (),
            shown,
            chance,
        )
        clock(lexicon, queries)
    if arguments.other:
        queries = read(arguments.other)
        measure("other", lexicon, queries, ("product", "fuzzy") if shown else (), shown * 4, chance)
        clock(lexicon, queries)


if __name__ == "__main__":
    main()
