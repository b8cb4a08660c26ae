"""What a lexicon of very many brands costs: opening the catalogue, one `lvxuan ask`, and understanding.

    ./run bench brands                      50,000 brands beside the bundled catalogue
    ./run bench brands --brands 10000 --write

The brands are invented (seeded): two to four characters, a Latin alias, and a product of a bundled kind for every fifth.
The questions of `./run bench answers` are understood with them and without; then questions that name one of them: written
right, with a character that sounds the same, in pinyin. CPU time of the thread, the least of several passes.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.answers import TODAY, Spent, Start, measure_understanding, questions, rank, start
from bot.bootstrap import LOCALE, Parts, build
from bot.locales import LOCALES
from bot.settings import load_settings
from catalog_db.database import open_database
from catalog_db.demonstration.making import make
from catalog_db.loading.importing import load
from handlers.understanding.sounds import Sounds

RESULTS = Path(__file__).with_name("results") / "brands.md"
SYLLABLES = (
    "安柏晨岱峰谷禾江景岚宁青荣泰溪云鼎恒盛嘉瑞祥欣康达利丰裕隆顺和兴昌源泉河湖海洋星辰月光华彩虹锦绣春秋冬夏松竹梅兰"
    "菊莲桂枫桐杉柳杨鹏鹤鹿龙凤虎狮麒麟燕鸿雁雅思诺维克斯特普拉德贝尔奥美帝莱茵卡罗曼菲格伦纳森"
)
FRAMES = ("{}的乳胶漆多少钱", "有没有{}的马桶", "{}的瓷砖有认证吗", "不要{}的地板", "{}牌的花洒三百以内")
KINDS = ("paint_interior", "toilet", "tile_floor", "floor_laminate", "shower")
NAMED = 200  # questions of each sort that name a brand
PASSES = 5


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured of one catalogue: seconds of CPU, and milliseconds of CPU for each question by sort."""

    brands: int
    opened: float
    filed: float
    starts: tuple[Start, ...]
    understood: dict[str, list[float]]


def invent(count: int, taken: frozenset[str]) -> list[str]:
    """Return so many different names: a tenth of two characters, half of three, the rest of four."""
    chance = random.Random(20261122)
    names: dict[str, None] = {}
    while len(names) < count:
        size = chance.choices((2, 3, 4), (1, 5, 4))[0]
        name = "".join(chance.sample(SYLLABLES, size))
        if name not in taken:
            names[name] = None
    return list(names)


def write_catalogue(folder: Path, count: int) -> list[str]:
    """Write the bundled catalogue with so many brands more into a folder; return their names."""
    make(folder, TODAY)
    known = [row["name"] for row in _rows(folder / "brands.csv")]
    names = invent(count, frozenset(known))
    _append(folder / "brands.csv", ({"id": f"x{n}", "name": name, "aliases": f"xb{n}"} for n, name in enumerate(names)))
    goods = (
        {"sku": f"X{n}", "title": f"{name} {n}", "category": KINDS[n % len(KINDS)], "brand": f"x{n}", "price": "199"}
        for n, name in enumerate(names)
        if n % 5 == 0
    )
    _append(folder / "products.csv", goods)
    return names


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _append(path: Path, rows: Iterator[dict[str, str]]) -> None:
    with path.open(encoding="utf-8", newline="") as stream:
        columns = next(csv.reader(stream))
    with path.open("a", encoding="utf-8", newline="") as stream:
        csv.DictWriter(stream, columns, restval="", lineterminator="\n").writerows(rows)


def naming(names: Sequence[str], sounds: Sounds) -> dict[str, list[str]]:
    """Return questions that name brands: as written, with the second character written by another of its sound, in pinyin."""
    chance = random.Random(7)
    some = chance.sample(list(names), min(NAMED, len(names)))
    alike: dict[str, list[str]] = {}
    for char, readings in sounds.readings.items():
        alike.setdefault(readings[0], []).append(char)

    def slipped(name: str) -> str:
        return name[0] + chance.choice(alike[sounds.readings[name[1]][0]]) + name[2:]

    def spelled(name: str) -> str:
        return "".join(sounds.readings[char][0] for char in name)

    ways: dict[str, Callable[[str], str]] = {"a brand named": str, "a brand with a slip": slipped, "in pinyin": spelled}
    return {
        way: [FRAMES[n % len(FRAMES)].format(write(name)) for n, name in enumerate(some)] for way, write in ways.items()
    }


def measure(home: Path, count: int, processes: int) -> Seen:
    """Import a catalogue with so many brands more, and measure it."""
    folder, url = home / f"catalogue-{count}", f"sqlite:///{home}/lvxuan.db"
    names = write_catalogue(folder, count)
    database = open_database(url)
    load(folder, database, today=TODAY)
    database.close()
    start(
        str(home), FRAMES[0].format(names[0]) if names else "乳胶漆"
    )  # compiles and reads what is kept between starts
    asked = FRAMES[0].format(names[-1]) if names else "乳胶漆"
    starts = tuple(start(str(home), asked) for _ in range(processes))
    began = time.thread_time()
    parts = build(load_settings({"database_url": url}, {"LVXUAN_HOME": str(home)}, home), TODAY)
    opened = time.thread_time() - began
    began = time.thread_time()
    parts.assistant.prepare()
    filed = time.thread_time() - began
    understood = {sort: _understood(parts, texts) for sort, texts in _sorts(names).items()}
    parts.catalogue.close()
    return Seen(count, opened, filed, starts, understood)


def _sorts(names: Sequence[str]) -> dict[str, list[str]]:
    own = {"the usual questions": questions()}
    return own | naming(names, Sounds.load(LOCALES / LOCALE)) if names else own


def _understood(parts: Parts, texts: Sequence[str]) -> list[float]:
    spent = [Spent(text) for text in texts]
    measure_understanding(parts, spent, PASSES)
    return [one.understood for one in spent]


def report(seen: Sequence[Seen]) -> str:
    """Word the figures as a page of Markdown."""
    load_now = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    lines = [
        "# A lexicon of very many brands",
        "",
        f"`./run bench brands --write`; Python {platform.python_version()}, {os.cpu_count()} cores shared with other programs, "
        f"load {load_now}.",
        "",
        "| brands beside the bundled ones | opening, CPU | filing sounds and pinyin, CPU | `lvxuan ask`, CPU | peak memory |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for one in seen:
        cpu, memory = min(s.cpu for s in one.starts), max(s.memory for s in one.starts)
        lines.append(f"| {one.brands:,} | {one.opened:.2f} s | {one.filed:.2f} s | {cpu:.2f} s | {memory:.0f} MB |")
    lines += ["", "| understanding, CPU | brands | median | p99 |", "| --- | ---: | ---: | ---: |"]
    for one in seen:
        for sort, values in one.understood.items():
            lines.append(f"| {sort} | {one.brands:,} | {rank(values, 0.5):.2f} ms | {rank(values, 0.99):.2f} ms |")
    return "\n".join([*lines, ""])


def main() -> None:
    """Measure without and with the brands, print, and write when asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brands", type=int, default=50_000, help="how many (default 50,000)")
    parser.add_argument("--starts", type=int, default=3, help="how many processes are started (default 3)")
    parser.add_argument("--write", action="store_true", help="write benchmarks/results/brands.md")
    options = parser.parse_args()
    seen = []
    for count in (0, options.brands):
        with TemporaryDirectory(prefix="lvxuan-bench-") as home:
            seen.append(measure(Path(home), count, options.starts))
    page = report(seen)
    print(page)
    if options.write:
        RESULTS.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
