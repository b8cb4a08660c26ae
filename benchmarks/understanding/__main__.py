"""Ask a seeded sample of real shop queries over the demonstration catalogue and judge the answers by two labellings.

    ./run bench understanding --trade FILE --other FILE [--json] [--failures FILE] [--passes 5]

The files hold one query a line and are never part of the project: labels_a.tsv and labels_b.tsv keep line numbers and
what was meant. `in`: share whose category is right, an honest choice, or named as lacking. `out`: share that got
products. Then the CPU time of understanding and the peak memory of `lvxuan ask`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.understanding.costs import ask_once, spent
from benchmarks.understanding.judging import Shown, Tally, accepted, failures, shown, tally
from benchmarks.understanding.labels import Key, Label, agreed, disagreements, load
from benchmarks.understanding.sampling import SEED, read, sample
from bot.bootstrap import LOCALE, ZONE, Parts, build, load_demonstration
from bot.locales import LOCALES
from bot.settings import load_settings
from handlers.dialogue import Dialogue
from handlers.session import Session
from handlers.turn import Question

_HERE = Path(__file__).resolve().parent
_DAY = date(2026, 11, 22)
_NOW = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)
_ASKED = "有没有三星的乳胶漆"  # the question of the memory run


def opened(folder: Path) -> Parts:
    """Return the parts over the demonstration catalogue, made for 2026-11-22."""
    url = f"sqlite:///{folder / 'catalogue.db'}"
    load_demonstration(url, _DAY)
    return build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), _DAY)


def labellings(parts: Parts, seed: int) -> dict[str, Mapping[Key, Label]]:
    """Return the labellings of a sample by name, and with two of them the lines where both agree."""
    folder = _HERE if seed == SEED else _HERE / f"sample_{seed}"
    found: dict[str, Mapping[Key, Label]] = {
        path.stem.removeprefix("labels_"): load(path, parts.catalogue.under)
        for path in sorted(folder.glob("labels_?.tsv"))
    }
    if len(found) == 2:
        first, second = found.values()
        found["agreed"] = agreed(first, second)
    return found


def ask(parts: Parts, queries: Mapping[Key, str]) -> dict[Key, Shown]:
    """Ask every query in a conversation of its own."""
    return {
        key: shown(parts.assistant.respond(Question(text, _NOW), Session())[0], parts.wording.text)
        for key, text in queries.items()
    }


def costs(parts: Parts, texts: Sequence[str], passes: int) -> dict[str, Any]:
    """Measure reading, the whole of understanding (reading is part of it), and `lvxuan ask`."""
    dialogue = Dialogue(parts.catalogue, LOCALES / LOCALE)
    before = os.getloadavg()[0]
    found = {
        "read": asdict(spent(lambda text: dialogue.reader.read(text, _DAY), texts, passes)),
        "understand": asdict(spent(lambda text: dialogue.understand(Question(text, _NOW), Session()), texts, passes)),
    }
    first, later = ask_once(_ASKED)
    return {**found, "ask_first": asdict(first), "ask": asdict(later), "load": [before, os.getloadavg()[0]]}


def figures(result: Tally) -> dict[str, Any]:
    """Return the shares of a labelling as JSON values."""
    return {
        "in": result.asked,
        "in_good": result.good,
        "in_good_share": result.good / max(1, result.asked),
        "in_outcomes": dict(result.outcomes),
        "out": result.out,
        "out_listed": result.listed,
        "out_listed_share": result.listed / max(1, result.out),
        "either_outcomes": dict(result.either),
    }


def write_failures(
    path: Path, parts: Parts, queries: Mapping[Key, str], answers: Mapping[Key, Shown], labels: Mapping[Key, Label]
) -> None:
    """Write the lines that failed with their texts: a file for reading, never for the project."""
    with path.open("w", encoding="utf-8") as out:
        for key, label, seen, outcome in failures(answers, labels):
            about = "|".join(sorted(seen.categories)) or "|".join(seen.lacking)
            wanted = accepted(label, parts.catalogue.under)
            name, line = key
            fields = (name, str(line), queries[key], label.kind, wanted, outcome, seen.intent, about)
            out.write("\t".join((*fields, f"{seen.products} products")) + "\n")


def show(report: Mapping[str, Any]) -> None:
    """Print the report for reading."""
    print(f"seed {report['seed']}, {report['lines']} lines, day {_DAY}")
    for name, shares in report["labellings"].items():
        print(f"{name}: in {shares['in_good']}/{shares['in']} = {shares['in_good_share']:.1%} {shares['in_outcomes']}")
        print(f"   out with products {shares['out_listed']}/{shares['out']} = {shares['out_listed_share']:.2%}")
        print(f"   either {shares['either_outcomes']}")
    if report["disagreements"]:
        print("disagreements", sum(report["disagreements"].values()), report["disagreements"])
    measured = report.get("costs")
    if not measured:
        return
    for name in ("read", "understand"):
        cost = measured[name]
        print(
            f"{name:10} CPU median {cost['cpu_median']:.0f} µs, p99 {cost['cpu_p99']:.0f} µs; "
            f"wall {cost['wall_median']:.0f} / {cost['wall_p99']:.0f} µs"
        )
    for name in ("ask_first", "ask"):
        print(f"{name:10} peak {measured[name]['megabytes']:.1f} MB, {measured[name]['seconds']:.2f} s")
    print("load before and after {:.2f} {:.2f}".format(*measured["load"]))


def sampled(trade: Path, other: Path, seed: int = SEED) -> dict[Key, str]:
    """Return the sampled queries of the two files."""
    files = (("trade", trade), ("other", other))
    return {(name, line): text for name, path in files for line, text in sample(name, read(path), seed)}


def check(known: Mapping[str, Mapping[Key, Label]], queries: Mapping[Key, str]) -> None:
    """Exit with a message when a labelling is of other lines than the sample's."""
    for name, labels in known.items():
        strange = labels.keys() - queries.keys()
        missing = queries.keys() - labels.keys() if name != "agreed" else set()
        if strange or missing:
            raise SystemExit(
                f"labels_{name}.tsv: {len(strange)} lines not in the sample, {len(missing)} without a label"
            )


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Ask real shop queries and judge the answers by two labellings.")
    parser.add_argument("--trade", type=Path, required=True)
    parser.add_argument("--other", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED, help="another sample: its labels stand in sample_SEED")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--failures", type=Path, help="write what failed here, with the texts")
    parser.add_argument("--by", default="", help="the labelling whose failures are written: a, b or agreed")
    parser.add_argument("--passes", type=int, default=5, help="passes of the clock; 0 leaves the costs out")
    return parser.parse_args()


def main() -> None:
    """Run the measurement named on the command line."""
    wanted = options()
    queries = sampled(wanted.trade, wanted.other, wanted.seed)
    with TemporaryDirectory(prefix="lvxuan-bench-") as folder:
        parts = opened(Path(folder))
        known = labellings(parts, wanted.seed)
        check(known, queries)
        answers = ask(parts, queries)
        plain = [labels for name, labels in known.items() if name != "agreed"]
        report: dict[str, Any] = {
            "seed": wanted.seed,
            "lines": len(queries),
            "labellings": {name: figures(tally(answers, labels)) for name, labels in known.items()},
            "disagreements": dict(disagreements(*plain)) if len(plain) == 2 else {},
        }
        if wanted.failures:
            write_failures(wanted.failures, parts, queries, answers, known[wanted.by or next(reversed(known))])
        if wanted.passes:
            report["costs"] = costs(parts, list(queries.values()), wanted.passes)
        parts.catalogue.close()
    if wanted.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        show(report)


if __name__ == "__main__":
    main()
