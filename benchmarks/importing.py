"""Import time and peak memory for a large catalogue folder.

    ./run bench importing                      200,000 products into SQLite
    ./run bench importing --products 20000     a smaller one
    ./run bench importing --database URL       into another (empty) database
    ./run bench importing --again              and the same folder once more: nothing changes

The folder is generated (seeded, fictional) and removed afterwards. Import runs in a process of its own, whose peak memory is
the operating system's figure.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

TODAY = date(2026, 11, 22)
NOUNS = ("乳胶漆", "外墙漆", "瓷砖", "地板", "马桶", "花洒", "吸顶灯", "防水涂料", "腻子", "水管", "门窗", "石膏板")
FEATURES = ("净味", "抗菌", "防霉", "静音", "防滑", "耐磨", "节水", "隔音", "保温", "速干")
SCENES = ("儿童房", "厨房", "卫生间", "外墙", "屋顶", "客厅", "大棚", "卧室")
COLORS = ("白色", "米白", "浅灰", "原木色", "天蓝")
SYLLABLES = "安柏晨岱峰谷禾江景岚宁平青荣山石泰文溪云"


def main() -> None:
    """Generate, import, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--products", type=int, default=200_000)
    parser.add_argument("--database", help="SQLAlchemy URL of an empty database (default: a new SQLite file)")
    parser.add_argument("--again", action="store_true", help="import the same folder a second time")
    parser.add_argument("--import-folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.import_folder:
        measure(options.import_folder, options.database)
        return
    with tempfile.TemporaryDirectory(prefix="lvxuan-bench-") as name:
        folder = Path(name) / "catalogue"
        generate(folder, options.products)
        size = sum(path.stat().st_size for path in folder.glob("*.csv")) / 1e6
        print(f"{options.products:,} products, {options.products // 2:,} certificates, {size:.0f} MB of CSV")
        database = options.database or f"sqlite:///{Path(name) / 'catalogue.db'}"
        command = [sys.executable, "-m", "benchmarks.importing", "--import-folder", str(folder), "--database", database]
        for _ in range(2 if options.again else 1):
            subprocess.run(command, check=True)


def measure(folder: Path, url: str) -> None:
    """Import a folder and print how long it took and the peak memory of this process."""
    from catalog_db.database import open_database
    from catalog_db.loading import load

    database = open_database(url)
    begin, worked = time.perf_counter(), time.process_time()
    report = load(folder, database, today=TODAY)
    seconds, worked = time.perf_counter() - begin, time.process_time() - worked
    tally = report.tallies["products"]
    assert tally.loaded == sum(1 for _ in (folder / "products.csv").open(encoding="utf-8")) - 1
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = f"{tally.added:,} added, {tally.unchanged:,} unchanged"
    print(f"{counts}: {seconds:.1f} s ({worked:.1f} s of processor time), peak memory {peak:.0f} MB")
    database.close()


def generate(folder: Path, products: int) -> None:
    """Write a catalogue folder with this many products, a brand for each 400 and a certificate for every second one."""
    folder.mkdir(parents=True)
    chance = random.Random(20261122)
    brands = [f"b{number}" for number in range(max(1, products // 400))]
    _write(folder / "categories.csv", ["code", "name", "unit"], [[f"c{i}", noun, "件"] for i, noun in enumerate(NOUNS)])
    names = {brand: "".join(chance.sample(SYLLABLES, 3)) for brand in brands}
    makers = [[f"e-{brand}", f"{names[brand]}建材有限公司", "370783"] for brand in brands]
    _write(folder / "enterprises.csv", ["id", "name", "adcode"], makers)
    _write(folder / "brands.csv", ["id", "name", "enterprise"], [[b, names[b], f"e-{b}"] for b in brands])
    rows = (_product(number, chance, brands, names) for number in range(products))
    _write(folder / "products.csv", list(_product(0, chance, brands, names)), (list(row.values()) for row in rows))
    columns = ["number", "scheme", "grade", "skus", "issued_on", "expires_on"]
    _write(folder / "certificates.csv", columns, (_certificate(number, chance) for number in range(0, products, 2)))


def _product(number: int, chance: random.Random, brands: list[str], names: dict[str, str]) -> dict[str, str]:
    brand = chance.choice(brands)
    category = chance.randrange(len(NOUNS))
    features = chance.sample(FEATURES, 2)
    price = chance.randrange(900, 300_000)
    size = chance.choice(("600x600", "800x800", "300x600"))
    series = "".join(chance.sample(SYLLABLES, 2))
    return {
        "sku": f"sku-{number:07}",
        "title": f"{names[brand]} {series} {features[0]}{NOUNS[category]} {size} 农村自建房 {number % 97}号",
        "category": f"c{category}",
        "brand": brand,
        "series": series,
        "model": f"{brand.upper()}-{number % 9973}",
        "price": f"{price / 100:.2f}",
        "list_price": f"{price / 80:.2f}",
        "unit": "件",
        "sales_30d": str(chance.randrange(5_000)),
        "rating": f"{chance.uniform(3, 5):.1f}",
        "reviews": str(chance.randrange(2_000)),
        "origin": "370783",
        "sells_to": chance.choice(("", "370000", "370000|410000")),
        "scenes": chance.choice(SCENES),
        "features": "|".join(features),
        "color": chance.choice(COLORS),
        "size": size,
        "water_grade": chance.choice(("", "1", "2")),
        "coverage_m2": str(chance.randrange(5, 60)),
        "url": f"https://shop.example.org/{number}",
        "材质": chance.choice(("陶瓷", "树脂", "金属")),
        "厚度": f"{chance.randrange(3, 20)}mm",
    }


def _certificate(number: int, chance: random.Random) -> list[str]:
    issued = TODAY - timedelta(days=chance.randrange(1_500))
    expires = issued + timedelta(days=1_095)
    grade = str(chance.randrange(1, 4))
    return [f"GBM-{number:07}", "green_building_material", grade, f"sku-{number:07}", str(issued), str(expires)]


def _write(path: Path, columns: list[str], rows: Iterable[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
