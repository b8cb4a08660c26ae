"""Rankings computed from the goods, so that they are always in the order that they claim."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date, timedelta

from catalog_db.demonstration.sources import Row

COLUMNS = ("id", "title", "category", "criterion", "period", "published_on", "skus")
LENGTH = 8
CRITERIA = {
    "sales": ("sales_30d", -1),
    "growth": ("growth_pct", -1),
    "rating": ("rating", -1),
    "water_saving": ("water_m3_per_year", -1),
    "energy_saving": ("power_kwh_per_year", -1),
    "carbon_saving": ("carbon_kg_per_year", -1),
    "price": ("price", 1),
}  # criterion → column, and 1 where less is better


def make_rankings(
    tables: Sequence[Row],
    products: Sequence[Row],
    parents: Mapping[str, str],
    certified: Container[str],
    today: date,
) -> list[Row]:
    """Fill the rankings of the sources: goods on sale, of the category or below, that have the figure and, where asked, stars."""
    last_month = today.replace(day=1) - timedelta(days=1)
    made = []
    for table in tables:
        entries = [
            row
            for row in products
            if not row["status"]
            and row.get(CRITERIA[table["criterion"]][0])
            and under(row["category"], table["category"], parents)
            and (table["certified"] != "yes" or row["sku"] in certified)
        ]
        made.append(
            {name: table[name] for name in ("id", "title", "category", "criterion")}
            | {
                "period": f"{last_month:%Y-%m}",
                "published_on": today.replace(day=1).isoformat(),
                "skus": "|".join(row["sku"] for row in in_order(entries, table["criterion"])[:LENGTH]),
            }
        )
    return made


def in_order(products: Sequence[Row], criterion: str) -> list[Row]:
    """Sort by the criterion, the best first; ties by sku."""
    column, sign = CRITERIA[criterion]
    return sorted(products, key=lambda row: (sign * float(row[column]), row["sku"]))


def under(category: str, root: str, parents: Mapping[str, str]) -> bool:
    """Tell whether the category is the root or stands somewhere below it."""
    while category and category != root:
        category = parents.get(category, "")
    return category == root
