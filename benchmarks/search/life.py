"""What else counts in the life of an index: building, opening, the first answer, filters, facets, changes.

    python -m benchmarks.search.life --sizes 20000 200000

The catalogue is made up: titles of `titles.py` with categories, brands, prices, certificates and the rest. Times are thread
CPU time, the least of several passes, but for what a process does once.
"""

from __future__ import annotations

import argparse
import collections
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random

from benchmarks.search import titles
from catalog_db.records import Brand, Category, Certificate, Enterprise, Product
from catalog_db.search import maintenance
from catalog_db.search.index import Change, SearchIndex
from catalog_db.search.query import ProductQuery

DAY = date(2026, 11, 22)
_SCHEMES = ("green_building_material", "environmental_label", "water_saving")
_FIRST_ANSWER = """
import sys, time
begin = time.perf_counter()
from datetime import date
from pathlib import Path
from catalog_db.search.index import SearchIndex
from catalog_db.search.query import ProductQuery
loaded = time.perf_counter()
index = SearchIndex.open(Path(sys.argv[1]))
opened = time.perf_counter()
index.search(ProductQuery(date(2026, 11, 22), text=sys.argv[2]))
print((loaded - begin) * 1000, (opened - loaded) * 1000, (time.perf_counter() - begin) * 1000)
"""


class MadeUp:
    """A source of full products, the same for the same size."""

    def __init__(self, size: int) -> None:
        self._goods = titles.goods(size)
        self.revision = "made-up"
        kinds = [kind["kind"][0] for kind in titles.kinds()]
        self.categories = {
            code: Category(code, code, certification_class="x" if n % 2 else None) for n, code in enumerate(kinds)
        }
        names = sorted({one.brand for one in self._goods})
        self.brands = {name: Brand(name, name, enterprise=f"e{n % 500}") for n, name in enumerate(names)}
        self.enterprises = {f"e{n}": Enterprise(f"e{n}", f"e{n}", batch=f"{n % 4}") for n in range(500)}

    def products(self) -> Iterator[tuple[Product, Sequence[Certificate]]]:
        """Stream the products."""
        random = Random(3)
        for number, one in enumerate(self._goods):
            yield made(f"{number:08d}", one, random)


def made(sku: str, one: titles.Goods, random: Random) -> tuple[Product, list[Certificate]]:
    """Return a product around a title, with its certificates."""
    product = Product(
        sku,
        one.title,
        one.kind,
        one.brand,
        price=Decimal(random.randint(5, 5000)),
        sales_30d=random.randint(0, 3000),
        rating=random.randint(40, 50) / 10,
        features=(one.feature,),
        size=one.size,
        water_grade=random.choice([None, 1, 2, 3]),
        sells_to=random.choice([(), (), ("370000",), ("420100", "429004")]),
    )
    if random.random() < 0.5:
        return product, []
    issued = DAY - timedelta(random.randrange(1500))
    scheme, grade = random.choice(_SCHEMES), random.choice([1, 2, 3])
    return product, [Certificate(f"N{sku}", scheme, issued, issued + timedelta(1095), grade, skus=(sku,))]


def life(size: int, folder: Path) -> dict[str, float]:
    """Measure one size. Milliseconds, but for what is named otherwise."""
    described, wall = maintenance.build(source := MadeUp(size), folder)
    begin = time.process_time()
    collections.deque(source.products(), maxlen=0)
    making = time.process_time() - begin  # the products themselves
    begin = time.process_time()
    SearchIndex.build(source)
    cpu = time.process_time() - begin - making
    index = SearchIndex.open(folder)
    index.search(ProductQuery(DAY, text=titles.kinds()[0]["nouns"][0])).facets["brand"]
    kind = titles.kinds()[0]
    code, noun = kind["kind"][0], kind["nouns"][0]
    narrow = ProductQuery(DAY, categories=(code,), certified=True, price_max=Decimal(300), adcode="370783")
    questions = {
        "filters alone": narrow,
        "text alone": ProductQuery(DAY, text=noun),
        "text and filters": replace(narrow, text=kind["features"][0]),
        "everything, by price": ProductQuery(DAY, sort="price_asc"),
        "one brand": ProductQuery(DAY, brands=(titles.brands()[0],)),
        "words in the title": ProductQuery(DAY, title_words=(noun,)),
    }
    loosened = [
        replace(narrow, price_max=None),
        replace(narrow, certified=False),
        replace(narrow, adcode=None),
        ProductQuery(DAY, categories=(code,)),
    ]
    figures = {
        "build to disk, s of wall clock": round(wall, 1),
        "build in memory, s of CPU": round(cpu, 1),
        "B/product": round(described.per_product, 1),
        "texts B/product": round(described.texts / size, 1),
    }
    figures |= _first_answer(folder, noun)
    figures |= {name: _least(partial(index.search, asked)) for name, asked in questions.items()}
    figures["text and filters, with facets"] = _least(
        lambda: index.search(questions["text and filters"]).facets["brand"]
    )
    figures["four looser counts"] = _least(lambda: index.count_many(narrow, loosened))
    return figures | _changes(index, size, questions["text alone"])


def _changes(index: SearchIndex, size: int, asked: ProductQuery) -> dict[str, float]:
    """Measure single changes until a thousand stand beside the index."""
    random = Random(4)
    goods = titles.goods(1000, seed=9)
    times = []
    for number, one in enumerate(goods):
        product, certificates = made(f"{random.randrange(size):08d}" if number % 2 else f"new-{number}", one, random)
        begin = time.thread_time()
        index.apply([Change(product.sku, product, certificates)])
        times.append((time.thread_time() - begin) * 1000)
        if number == 9:
            few = _least(lambda: index.search(asked))
    visible = index.search(ProductQuery(DAY, skus=(product.sku,))).total
    return {
        "one change, median": round(sorted(times)[500], 3),
        "one change, most": round(max(times), 3),
        "visible at once": visible,
        "text alone, 10 changes": few,
        "text alone, 1,000 changes": _least(lambda: index.search(asked)),
    }


def _first_answer(folder: Path, text: str) -> dict[str, float]:
    """Measure a fresh process, wall clock, the least of three: imports, opening, all until the first answer."""
    runs = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", _FIRST_ANSWER, str(folder), text], capture_output=True, text=True, check=True
        )
        runs.append([round(float(word), 1) for word in done.stdout.split()])
    _, opening, answer = min(runs, key=lambda run: run[2])
    return {"open": opening, "first answer of a process": answer}


def _least(run: Callable[[], object], passes: int = 15) -> float:
    run()
    times = []
    for _ in range(passes):
        begin = time.thread_time()
        run()
        times.append(time.thread_time() - begin)
    return round(min(times) * 1000, 3)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search.life")
    parser.add_argument("--sizes", type=int, nargs="+", default=[20_000])
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    columns = {}
    for size in asked.sizes:
        with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as folder:
            columns[size] = life(size, Path(folder) / "index")
    if asked.json:
        print(json.dumps(columns))
        return
    print("| ms |", " | ".join(f"{size:,}" for size in columns), "|")
    print("| --- |", " | ".join("---" for _ in columns), "|")
    for name in next(iter(columns.values())):
        print(f"| {name} |", " | ".join(f"{column[name]:g}" for column in columns.values()), "|")


if __name__ == "__main__":
    main()
