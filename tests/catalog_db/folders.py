"""Catalogue folders for tests: small ones that are right, to be spoiled or changed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

Rows = list[dict[str, str]]

GOOD: dict[str, Rows] = {
    "categories": [
        {"code": "wall", "name": "墙面材料", "certification_class": "墙面涂覆材料"},
        {"code": "latex", "name": "乳胶漆", "parent": "wall", "synonyms": "墙漆|内墙漆", "unit": "桶", "coats": "2"},
        {"code": "toilet", "name": "马桶", "unit": "个", "related": "latex"},
    ],
    "enterprises": [{"id": "e1", "name": "测试涂料有限公司", "adcode": "370783", "batch": "第一批"}],
    "brands": [{"id": "b1", "name": "试牌", "aliases": "SHIPAI|小试", "enterprise": "e1"}],
    "services": [{"id": "s1", "name": "送到村", "kind": "delivery", "adcodes": "370000", "level": "village"}],
    "products": [
        {
            "sku": "p1",
            "title": "试牌 净味乳胶漆 18L",
            "category": "latex",
            "brand": "b1",
            "model": "SP-18 a",
            "price": "299.5",
            "features": "净味|防霉",
            "services": "s1",
            "sales_30d": "0",
            "光泽": "哑光",
        },
        {"sku": "p2", "title": "节水马桶", "category": "toilet", "price": "799", "water_grade": "1", "光泽": ""},
        {"sku": "p3", "title": "停售的漆", "category": "latex", "status": "off_sale", "features": "耐擦"},
    ],
    "certificates": [
        {
            "number": "GBM-2025-001",
            "scheme": "green_building_material",
            "grade": "三星",
            "enterprise": "e1",
            "skus": "p1",
            "issued_on": "2025-01-01",
            "expires_on": "2027-12-31",
        }
    ],
    "terms": [{"kind": "feature", "value": "净味", "synonyms": "没味道"}],
    "stores": [{"id": "m1", "name": "镇上店", "kind": "home_store", "adcode": "370783", "categories": "wall"}],
    "pavilions": [{"id": "v1", "name": "寿光馆", "adcode": "370783", "enterprises": "e1", "skus": "p1|p2"}],
    "pilot_regions": [{"adcode": "370000", "batch": "第一批", "started_on": "2022-06-01"}],
    "rankings": [{"id": "r1", "title": "乳胶漆销量榜", "category": "latex", "criterion": "sales", "skus": "p1"}],
    "faqs": [{"id": "f1", "question": "怎么退货", "similar": "想退", "answer": "七天内可以退。"}],
    "events": [
        {"id": "x1", "title": "直播", "kind": "live", "starts_at": "2026-11-22T19:30:00+08:00", "categories": "wall"}
    ],
    "plans": [{"id": "n1", "title": "刷墙", "scene": "旧墙翻新", "categories": "latex|wall"}],
}

GUIDE = """---
id: g1
title: 怎么选乳胶漆
categories: [latex]
scenes: [儿童房]
skus: [p1]
from: 2026-01-01
---

先看证书，再看味道。
"""


def good() -> dict[str, Rows]:
    """Give a fresh copy of a small catalogue in which nothing is wrong."""
    return {name: [dict(row) for row in rows] for name, rows in GOOD.items()}


def csv_text(rows: Rows) -> str:
    """Write rows as CSV; the columns are those of any row."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def write_folder(folder: Path, files: dict[str, Rows], *, guide: str | None = GUIDE, encoding: str = "utf-8") -> Path:
    """Write a catalogue folder; give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text(csv_text(rows), encoding=encoding, newline="")
    if guide is not None:
        (folder / "guides").mkdir(exist_ok=True)
        (folder / "guides" / "g1.md").write_text(guide, encoding="utf-8")
    return folder
