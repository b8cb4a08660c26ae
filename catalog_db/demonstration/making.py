"""Make the demonstration catalogue: `python -m catalog_db.demonstration.making FOLDER --today 2026-11-22`."""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from catalog_db.demonstration import certificates, products, rankings
from catalog_db.demonstration.guides import write_guides
from catalog_db.demonstration.sources import SHANGHAI, SOURCES, Row, read_lines, read_table, read_yaml

# Tables that are written as they stand, but for cells relative to the day; what the format does not know is left out.
_TABLES: dict[str, tuple[str, ...]] = {
    "categories": (
        *("code", "name", "parent", "synonyms", "unit", "coverage_m2", "coats", "loss_pct"),
        *("certification_class", "related"),
    ),
    "enterprises": ("id", "name", "short_name", "adcode", "batch", "phone", "website", "intro"),
    "brands": ("id", "name", "aliases", "enterprise"),
    "terms": ("kind", "value", "synonyms"),
    "stores": (
        *("id", "name", "kind", "adcode", "address", "latitude", "longitude", "phone", "hours"),
        *("categories", "services"),
    ),
    "pavilions": ("id", "name", "adcode", "intro", "enterprises", "skus", "opened_on", "url"),
    "pilot_regions": ("adcode", "batch", "started_on", "note"),
    "services": ("id", "name", "kind", "adcodes", "categories", "level", "fee", "description"),
    "events": ("id", "title", "kind", "starts_at", "ends_at", "url", "adcodes", "categories", "skus", "description"),
    "plans": ("id", "title", "scene", "categories", "description"),
}
_FAQ_COLUMNS = ("id", "question", "similar", "answer", "categories", "adcode")
_SHELF = 6  # goods shown in a local pavilion


def make(folder: Path, today: date) -> None:
    """Write the whole demonstration catalogue for the day into the folder, which is made when it is missing.

    The same day gives the same bytes. Files of an earlier run are overwritten; others are left alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: read_table(name, today) for name in _TABLES}
    goods, papers = _goods(tables, today)
    parents = {row["code"]: row["parent"] for row in tables["categories"]}
    starred = certificates.certified_skus(papers, certificates.STARS, today)
    _fill_pavilions(tables, goods, certificates.certified_under_any(papers, today))
    ranked = rankings.make_rankings(read_table("rankings"), goods, parents, starred, today)
    for name, columns in _TABLES.items():
        _write(folder, name, columns, tables[name])
    _write(folder, "products", _product_columns(goods), goods)
    _write(folder, "certificates", certificates.COLUMNS, papers)
    _write(folder, "rankings", rankings.COLUMNS, ranked)
    _write(folder, "faqs", _FAQ_COLUMNS, _faqs())
    write_guides(folder / "guides", today)
    _write_description(folder, today)


def _goods(tables: Mapping[str, Sequence[Row]], today: date) -> tuple[list[Row], list[Row]]:
    """Make goods and certificates; titles that speak of a certification come last."""
    brands = {row["id"]: row for row in tables["brands"]}
    homes = {row["id"]: row["adcode"] for row in tables["enterprises"]}
    lines = list(read_lines(tables["brands"]))
    regions = [row["provinces"].split("|") for row in read_table("regions")]
    goods = products.make_products(lines, products.Makers(brands, homes, regions), today)
    kinds = read_table("certificate_states"), read_table("schemes")
    papers = certificates.make_certificates(goods, lines, brands, kinds, today)
    certificates.claim(goods, papers, read_yaml(SOURCES / "claims.yaml"), today)
    return goods, papers


def _fill_pavilions(tables: Mapping[str, Sequence[Row]], goods: Sequence[Row], certified: Container[str]) -> None:
    """Give each pavilion the makers of its region and a shelf of certified goods: of each kind the one that sells best."""
    for pavilion in tables["pavilions"]:
        region = re.sub(r"(00)+$", "", pavilion["adcode"])
        makers = [row["id"] for row in tables["enterprises"] if row["adcode"].startswith(region)]
        local = [
            row for row in goods if row["origin"].startswith(region) and row["sku"] in certified and not row["status"]
        ]
        pavilion["enterprises"] = "|".join(makers)
        best = {row["category"]: row["sku"] for row in reversed(rankings.in_order(local, "sales"))}
        shelf = [row["sku"] for row in rankings.in_order(local, "sales") if best[row["category"]] == row["sku"]]
        pavilion["skus"] = "|".join(shelf[:_SHELF])


def _product_columns(goods: Iterable[Row]) -> list[str]:
    """The columns of the format, then the attributes in order of name."""
    names = {name for row in goods for name in row}
    return [*products.COLUMNS, *sorted(names.difference(products.COLUMNS))]


def _faqs() -> list[Row]:
    """Gather the answers of `sources/faqs`, one file for each matter; the identifier is the file's name and a number."""
    return [
        row | {"id": f"{path.stem}-{row['id']}"}
        for path in sorted((SOURCES / "faqs").glob("*.tsv"))
        for row in read_table(f"faqs/{path.stem}")
    ]


def _write(folder: Path, name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _write_description(folder: Path, today: date) -> None:
    """Write `datapackage.json`, which says that this is a demonstration and for which day."""
    names = sorted(path.name for path in folder.glob("*.csv") if path.name != "import-report.csv")
    description = {
        "name": "lvxuan-demonstration",
        "title": (SOURCES / "title.txt").read_text("utf-8").strip(),
        "version": "1",
        "created": today.isoformat(),
        "resources": [{"name": name.removesuffix(".csv"), "path": name} for name in names],
    }
    text = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    (folder / "datapackage.json").write_text(text, "utf-8", newline="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the folder named on the command line."""
    parser = argparse.ArgumentParser(description="Make the demonstration catalogue.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, help="the day it is made for, YYYY-MM-DD (default: today)")
    options = parser.parse_args(arguments)
    make(options.folder, options.today or datetime.now(SHANGHAI).date())
    return 0


if __name__ == "__main__":
    sys.exit(main())
