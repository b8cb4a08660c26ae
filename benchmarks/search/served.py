"""A large catalogue in a database, in service: the index built from it, the first answer, whole answers, a change elsewhere.

    python -m benchmarks.search.served --products 200000                  made up, imported and removed afterwards
    python -m benchmarks.search.served --products 200000 --keep FOLDER    kept there, and used again

Whole answers (`Assistant.respond`: reading, filters, search, facets, wording) are those of the project's own questions, by
thread CPU time, the least of the passes; the rest by wall clock and by the CPU time of the process.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.answers import TODAY, Spent, measure, questions, rank
from benchmarks.importing import generate
from bot.bootstrap import Parts, build
from bot.settings import load_settings
from catalog_db.catalog import Catalogue, open_catalogue
from catalog_db.database import open_database
from catalog_db.indexing import place_of, rebuild
from catalog_db.loading import load
from catalog_db.search.maintenance import describe
from catalog_db.search.query import ProductQuery

_CHANGE = """
import sys, time
from datetime import date
from catalog_db.changes import change_product
from catalog_db.database import open_database
from catalog_db.records import Product
database = open_database(sys.argv[1])
change_product(database, Product("new-one", sys.argv[2], sys.argv[3]), date(2026, 11, 22))
print(time.time())
"""
_FIRST = """
import sys, time
begin, worked = time.perf_counter(), time.process_time()
from datetime import date
from catalog_db.catalog import open_catalogue
from catalog_db.search.maintenance import describe
from catalog_db.search.query import ProductQuery
with open_catalogue(sys.argv[1]) as catalogue:
    opened = time.perf_counter()
    assert catalogue.search(ProductQuery(date(2026, 11, 22), text=sys.argv[2])).total
    answered = time.perf_counter() - begin
    print((opened - begin) * 1000, answered * 1000, (time.process_time() - worked) * 1000)
"""


def main() -> None:
    """Import when there is nothing yet, measure, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.search.served", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--products", type=int, default=200_000)
    parser.add_argument("--keep", type=Path, help="a folder for the database, kept and used again")
    parser.add_argument("--passes", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as name:
        home = options.keep or Path(name)
        home.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{home / f'{options.products}.db'}"
        if not (home / f"{options.products}.db").exists():
            _import(url, Path(name) / "catalogue", options.products)
        _build_index(url)
        _first_answer(url)
        _answers(url, home, options.passes)
        _seen_elsewhere(url)


def _say(what: str, figures: str) -> None:
    print(f"{what}: {figures}; load {os.getloadavg()[0]:.1f}", flush=True)


def _timed(work: Callable[[], object]) -> str:
    begin, worked = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - begin:.1f} s, {time.process_time() - worked:.1f} s of CPU"


def _import(url: str, folder: Path, products: int) -> None:
    generate(folder, products)
    database = open_database(url)
    _say(f"import of {products:,} products", _timed(lambda: load(folder, database, today=TODAY)))
    database.close()


def _build_index(url: str) -> None:
    database = open_database(url)
    folder = place_of(database)
    if folder is None:
        raise ValueError(f"{url}: its index has no place on disk")
    _say("index from the database", _timed(lambda: rebuild(database, folder, time.monotonic)))
    described = describe(folder)
    each = described.texts / max(described.products, 1)
    _say("index on disk", f"{described.per_product:.0f} B a product, texts {each:.0f} B")
    database.close()


def _text(catalogue: Catalogue) -> str:
    code = next(code for code in catalogue.categories if catalogue.count(ProductQuery(TODAY, categories=(code,))))
    return catalogue.categories[code].name


def _first_answer(url: str) -> None:
    """Open the catalogue and search in processes of their own."""
    with open_catalogue(url) as catalogue:
        text = _text(catalogue)
    runs = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", _FIRST, url, text], capture_output=True, text=True, check=True)
        runs.append([float(word) for word in done.stdout.split()])
    opened, answered, worked = min(runs, key=lambda run: run[1])
    figures = f"catalogue open after {opened:.0f} ms, answered after {answered:.0f} ms, {worked:.0f} ms of CPU"
    _say("first answer of a process", figures)


def _answers(url: str, home: Path, passes: int) -> None:
    parts = build(load_settings({"database_url": url}, {"LVXUAN_HOME": str(home)}, home), TODAY)
    parts.assistant.prepare()
    _report("whole answers, numpy", parts, passes)
    if parts.catalogue.accelerate():
        _report("whole answers, compiled", parts, passes)
    parts.catalogue.close()


def _report(name: str, parts: Parts, passes: int) -> None:
    spent = measure(parts, questions(), passes)
    cpu = [one.cpu for one in spent]
    slowest: Spent = max(spent, key=lambda one: one.cpu)
    figures = f"median {rank(cpu, 0.5):.1f} ms, p99 {rank(cpu, 0.99):.1f} ms of CPU, most {slowest.cpu:.1f} ms ({slowest.text})"
    _say(f"{name} ({len(spent)} questions)", figures)


def _seen_elsewhere(url: str) -> None:
    """Change a product in another process, look once every hundredth of a second as a busy assistant does."""
    with open_catalogue(url) as catalogue:
        title, code = f"{_text(catalogue)} zz{time.time_ns()}", next(iter(catalogue.categories))
        asked = ProductQuery(TODAY, text=title, skus=("new-one",), title_words=(title.rpartition(" ")[2],))
        command = [sys.executable, "-c", _CHANGE, url, title, code]  # a kept database has that of an earlier run
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            while not catalogue.search(asked).total:
                catalogue.refresh(time.monotonic())
                time.sleep(0.01)
            seen = time.time()
            committed = float(writer.communicate()[0])
    _say("a new product of another process is found", f"{(seen - committed) * 1000:.0f} ms after its commit")


if __name__ == "__main__":
    main()
