"""Every row of the fault table: what is rejected, what loads with a warning, and that the rest loads."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from catalog_db.catalog import Catalogue
from catalog_db.database import Database
from catalog_db.loading import Report, load
from tests.catalog_db.conftest import TODAY, LoadFiles
from tests.catalog_db.folders import Rows, good, write_folder

PRODUCT = {"sku": "new", "title": "新品", "category": "latex"}
CERTIFICATE = {
    "number": "N1",
    "scheme": "green_building_material",
    "issued_on": "2025-01-01",
    "expires_on": "2026-01-01",
}

REJECTED: list[tuple[str, dict[str, str], str]] = [
    # file, the row, the column that is named
    ("products", {**PRODUCT, "sku": ""}, "sku"),
    ("products", {**PRODUCT, "title": " 　"}, "title"),
    ("products", {**PRODUCT, "category": ""}, "category"),
    ("products", {**PRODUCT, "sku": "有汉字"}, "sku"),
    ("products", {**PRODUCT, "sku": "a b"}, "sku"),
    ("products", {**PRODUCT, "sku": "x" * 65}, "sku"),
    ("products", {**PRODUCT, "price": "0"}, "price"),
    ("products", {**PRODUCT, "price": "-5"}, "price"),
    ("products", {**PRODUCT, "price": "12.345"}, "price"),
    ("products", {**PRODUCT, "price": "约100"}, "price"),
    ("products", {**PRODUCT, "price": "1,299"}, "price"),
    ("products", {**PRODUCT, "price": "NaN"}, "price"),
    ("products", {**PRODUCT, "price": "1e3"}, "price"),
    ("products", {**PRODUCT, "list_price": "0"}, "list_price"),
    ("products", {**PRODUCT, "price_on": "2026/11/01"}, "price_on"),
    ("products", {**PRODUCT, "price_on": "2026-02-30"}, "price_on"),
    ("products", {**PRODUCT, "status": "sold"}, "status"),
    ("products", {**PRODUCT, "sales_30d": "许多"}, "sales_30d"),
    ("products", {**PRODUCT, "sales_30d": "-1"}, "sales_30d"),
    ("products", {**PRODUCT, "reviews": "1.5"}, "reviews"),
    ("products", {**PRODUCT, "rating": "5.1"}, "rating"),
    ("products", {**PRODUCT, "growth_pct": "inf"}, "growth_pct"),
    ("products", {**PRODUCT, "origin": "37078"}, "origin"),
    ("products", {**PRODUCT, "origin": "990000"}, "origin"),
    ("products", {**PRODUCT, "sells_to": "370000|山东"}, "sells_to"),
    ("products", {**PRODUCT, "water_grade": "0"}, "water_grade"),
    ("products", {**PRODUCT, "water_grade": "6"}, "water_grade"),
    ("products", {**PRODUCT, "energy_grade": "一级"}, "energy_grade"),
    ("products", {**PRODUCT, "formaldehyde_grade": "E2"}, "formaldehyde_grade"),
    ("products", {**PRODUCT, "coverage_m2": "0"}, "coverage_m2"),
    ("products", {**PRODUCT, "category": "nowhere"}, "category"),
    ("categories", {"code": "", "name": "无码"}, "code"),
    ("categories", {"code": "new", "name": ""}, "name"),
    ("categories", {"code": "new", "name": "新", "loss_pct": "很多"}, "loss_pct"),
    ("categories", {"code": "self", "name": "自己", "parent": "self"}, "parent"),
    ("enterprises", {"id": "e2", "name": ""}, "name"),
    ("enterprises", {"id": "e2", "name": "某厂", "adcode": "370783000"}, "adcode"),
    ("brands", {"id": "b 2", "name": "某牌"}, "id"),
    ("certificates", {**CERTIFICATE, "number": ""}, "number"),
    ("certificates", {**CERTIFICATE, "scheme": ""}, "scheme"),
    ("certificates", {**CERTIFICATE, "scheme": "best_of_all"}, "scheme"),
    ("certificates", {**CERTIFICATE, "grade": "4"}, "grade"),
    ("certificates", {**CERTIFICATE, "grade": "四星"}, "grade"),
    ("certificates", {**CERTIFICATE, "issued_on": ""}, "issued_on"),
    ("certificates", {**CERTIFICATE, "expires_on": ""}, "expires_on"),
    ("certificates", {**CERTIFICATE, "expires_on": "2024-12-31"}, "expires_on"),
    ("certificates", {**CERTIFICATE, "expires_on": "长期"}, "expires_on"),
    ("certificates", {**CERTIFICATE, "status": "paused"}, "status"),
    ("terms", {"kind": "smell", "value": "净味"}, "kind"),
    ("terms", {"kind": "feature", "value": ""}, "value"),
    ("terms", {"kind": "attribute", "value": "光泽"}, "value"),
    ("stores", {"id": "m2", "name": "店", "latitude": "91"}, "latitude"),
    ("stores", {"id": "m2", "name": "店", "kind": "kiosk"}, "kind"),
    ("pavilions", {"id": "v2", "name": "馆", "adcode": ""}, "adcode"),
    ("pilot_regions", {"adcode": "37"}, "adcode"),
    ("rankings", {"id": "r2", "title": "榜", "criterion": "beauty"}, "criterion"),
    ("rankings", {"id": "r2", "title": "榜", "published_on": "昨天"}, "published_on"),
    ("faqs", {"id": "f2", "question": "问", "answer": ""}, "answer"),
    ("services", {"id": "s2", "name": "服务", "level": "roof"}, "level"),
    ("services", {"id": "s2", "name": "服务", "adcodes": "全国"}, "adcodes"),
    ("events", {"id": "x2", "title": "会", "starts_at": "2026-11-22T19:30:00"}, "starts_at"),
    ("events", {"id": "x2", "title": "会", "starts_at": "今晚"}, "starts_at"),
    ("plans", {"id": "n2", "title": ""}, "title"),
]


@pytest.mark.parametrize(("file", "row", "column"), REJECTED, ids=lambda value: str(value)[:50])
def test_a_faulty_row_is_rejected_and_the_others_load(
    load_files: LoadFiles, file: str, row: dict[str, str], column: str
) -> None:
    files = good()
    files[file].append(row)
    report = load_files(files)
    assert report.exit_status == 1
    assert report.rejected == report.tallies[file].rejected == 1
    entries = reported(report)
    assert {(e["level"], e["file"], e["line"]) for e in entries} == {
        ("rejected", f"{file}.csv", str(len(files[file]) + 1))
    }
    assert column in {e["column"] for e in entries}
    assert all(is_chinese(e["reason"]) for e in entries)
    assert report.tallies[file].added == len(files[file]) - 1


REFERENCES: list[tuple[str, str, str, str]] = [
    # file, column, what refers to nothing beside something, what is left
    ("products", "brand", "b9", ""),
    ("products", "services", "s9|s1", "s1"),
    ("brands", "enterprise", "e9", ""),
    ("certificates", "enterprise", "e9", ""),
    ("certificates", "skus", "p1|p9", "p1"),
    ("stores", "services", "s9|s1", "s1"),
    ("pavilions", "enterprises", "e9|e1", "e1"),
    ("pavilions", "skus", "p2|p9", "p2"),
    ("rankings", "skus", "p9|p1", "p1"),
    ("rankings", "category", "c9", ""),
    ("events", "skus", "p9", ""),
    ("categories", "parent", "c9", ""),
    ("categories", "related", "c9|toilet", "toilet"),
    ("stores", "categories", "c9|toilet", "toilet"),
    ("stores", "categories", "c9", "c9"),  # an empty list would mean all
]


@pytest.mark.parametrize(("file", "column", "value", "left"), REFERENCES)
def test_an_unknown_reference_is_left_out_with_a_warning(
    load_files: LoadFiles, sqlite: Database, file: str, column: str, value: str, left: str
) -> None:
    files = good()
    files[file][0][column] = value
    report = load_files(files)
    assert (report.exit_status, report.rejected, report.warnings) == (0, 0, 1)
    (entry,) = reported(report)
    assert (entry["level"], entry["file"], entry["line"], entry["column"]) == ("warning", f"{file}.csv", "2", column)
    assert entry["value"].endswith("9")
    assert is_chinese(entry["reason"])
    key = next(iter(files[file][0].values()))
    with Catalogue(sqlite) as catalogue:
        if file == "products":
            record = catalogue.product(key)
        elif file == "certificates":
            record = catalogue.certificate(key)
        else:
            record = getattr(catalogue, file)[key]
    found = getattr(record, column)
    assert found == (tuple(left.split("|")) if left else () if isinstance(found, tuple) else None)


@pytest.mark.parametrize(
    ("file", "key"), [("products", "sku"), ("certificates", "number"), ("categories", "code"), ("faqs", "id")]
)
def test_of_two_rows_with_one_identifier_the_first_stands(load_files: LoadFiles, file: str, key: str) -> None:
    files = good()
    files[file].append(dict(files[file][0]))
    report = load_files(files)
    (entry,) = reported(report)
    assert (entry["level"], entry["line"], entry["column"]) == ("rejected", str(len(files[file]) + 1), key)
    assert "第 2 行" in entry["reason"]


def test_the_first_good_row_stands(load_files: LoadFiles, sqlite: Database) -> None:
    files = good()
    files["products"] = [
        {**PRODUCT, "title": "坏的", "price": "0"},
        {**PRODUCT, "title": "头一个"},
        {**PRODUCT, "title": "又一个"},
    ]
    assert load_files(files).tallies["products"].rejected == 2
    with Catalogue(sqlite) as catalogue:
        product = catalogue.product("new")
    assert product is not None
    assert product.title == "头一个"


def test_a_loop_of_parents_is_rejected_with_every_row_on_it(load_files: LoadFiles, sqlite: Database) -> None:
    files = good()
    files["categories"] += [
        {"code": "a", "name": "甲", "parent": "b"},
        {"code": "b", "name": "乙", "parent": "c"},
        {"code": "c", "name": "丙", "parent": "a"},
        {"code": "d", "name": "丁", "parent": "a"},
    ]
    files["products"].append({**PRODUCT, "category": "a"})
    report = load_files(files)
    entries = reported(report)
    assert [(e["level"], e["column"], e["value"]) for e in entries if e["file"] == "categories.csv"] == [
        ("rejected", "parent", "b"),
        ("rejected", "parent", "c"),
        ("rejected", "parent", "a"),
        ("warning", "parent", "a"),
    ]
    assert report.tallies["products"].rejected == 1  # its category did not load
    with Catalogue(sqlite) as catalogue:
        assert set(catalogue.categories) == {"wall", "latex", "toilet", "d"}
        assert catalogue.path("d") == ("d",)


def test_a_grade_under_another_scheme_is_left_out(load_files: LoadFiles, sqlite: Database) -> None:
    files = good()
    files["certificates"].append({**CERTIFICATE, "scheme": "water_saving", "grade": "2"})
    report = load_files(files)
    assert (report.rejected, report.warnings) == (0, 1)
    with Catalogue(sqlite) as catalogue:
        certificate = catalogue.certificate("N1")
    assert certificate is not None
    assert certificate.grade is None


def test_unknown_columns_are_attributes_of_products_and_ignored_elsewhere(
    load_files: LoadFiles, sqlite: Database
) -> None:
    files = good()
    files["brands"][0]["colour"] = "red"
    report = load_files(files)
    (entry,) = reported(report)
    assert (entry["level"], entry["file"], entry["line"], entry["column"]) == ("warning", "brands.csv", "1", "colour")
    assert report.exit_status == 0
    with Catalogue(sqlite) as catalogue:
        assert [dict(product.attributes) for product in catalogue.products(["p1", "p2"])] == [{"光泽": "哑光"}, {}]


def test_full_width_digits_and_signs_are_read_as_half_width(load_files: LoadFiles, sqlite: Database) -> None:
    files = good()
    files["products"][0].update(
        sku="ｐ１", price="２９９．５０", features="净味｜防霉", title="试牌（新）１８Ｌ　漆", size="８００＊８００"
    )
    files["certificates"][0].update(issued_on="２０２５－０１－０１", skus="ｐ１", grade="★★")
    files["rankings"], files["pavilions"] = [], []
    report = load_files(files, guide=None)
    assert report.rejected == report.warnings == 0
    with Catalogue(sqlite) as catalogue:
        product = catalogue.product("p1")
        certificate = catalogue.certificate("GBM-2025-001")
    assert product is not None
    assert (str(product.price), product.features) == ("299.50", ("净味", "防霉"))
    assert (product.title, product.size) == ("试牌（新）18Ｌ　漆", "800*800")
    assert certificate is not None
    assert (certificate.grade, certificate.issued_on.isoformat()) == (2, "2025-01-01")


def test_a_row_cut_in_the_middle_costs_that_row_only(tmp_path: Path, sqlite: Database) -> None:
    folder = write_folder(tmp_path / "data", good())
    products = folder / "products.csv"
    lines = products.read_text(encoding="utf-8").splitlines()
    open_quote = 'p8,"没关上的引号'
    products.write_text("\n".join([*lines[:2], "p9,半行,la", open_quote, *lines[2:], "p7,末行,lat"]), encoding="utf-8")
    report = load(folder, sqlite, today=TODAY)
    assert report.tallies["products"].added == 3
    rejected = [(e["level"], e["line"]) for e in reported(report)]
    assert rejected == [("rejected", "3"), ("rejected", "4"), ("rejected", "7")]


def test_a_line_break_inside_quotes_keeps_the_line_numbers_right(load_files: LoadFiles) -> None:
    files = good()
    files["faqs"] = [
        {"id": "f1", "question": "两行", "answer": "第一行\r\n第二行"},
        {"id": "f2", "question": "", "answer": "坏"},
    ]
    (entry,) = reported(load_files(files))
    assert (entry["line"], entry["column"]) == ("4", "question")


def test_a_formula_in_a_cell_is_harmless_in_the_report(load_files: LoadFiles) -> None:
    files = good()
    files["products"].append({**PRODUCT, "sku": "=1+1", "price": "@SUM(A1)", "rating": "-1", "reviews": "+2.5"})
    values = [entry["value"] for entry in reported(load_files(files))]
    assert values == ["'=1+1", "'@SUM(A1)", "'-1", "'+2.5"]


@pytest.mark.parametrize(
    ("guide", "reason"),
    [
        ("没有说明的文章", "front matter"),
        ("---\nid: [1\n---\n", "front matter"),
        ("---\n- a\n---\n", "front matter"),
        ("---\nid: g1\n---\n正文", "必填"),
        ("---\nid: g1\ntitle: 题\nkind: story\n---\n正文", "只能填"),
        ("---\nid: g1\ntitle: {a: b}\n---\n正文", "写法"),
        ('---\nid: g1\ntitle: "\\ud800"\n---\n正文', "写法"),
    ],
)
def test_a_faulty_guide_is_rejected(load_files: LoadFiles, guide: str, reason: str) -> None:
    report = load_files(good(), guide=guide)
    (entry,) = reported(report)
    assert (entry["level"], entry["file"]) == ("rejected", "guides/g1.md")
    assert reason in entry["reason"]
    assert report.tallies["guides"].rejected == 1


def test_two_guides_with_one_identifier(tmp_path: Path, sqlite: Database) -> None:
    folder = write_folder(tmp_path / "data", good())
    (folder / "guides" / "g2.md").write_bytes((folder / "guides" / "g1.md").read_bytes())
    (entry,) = reported(load(folder, sqlite, today=TODAY))
    assert (entry["file"], entry["column"]) == ("guides/g2.md", "id")
    assert "guides/g1.md" in entry["reason"]


def test_taught_words_may_come_in_several_rows(load_files: LoadFiles, sqlite: Database) -> None:
    files = good()
    files["terms"] += [
        {"kind": "feature", "value": "净味", "synonyms": "不呛人|没味道"},
        {"kind": "brand", "value": "b9", "synonyms": "老九"},
    ]
    report = load_files(files)
    assert (report.rejected, report.warnings) == (0, 1)
    with Catalogue(sqlite) as catalogue:
        assert [(term.value, term.synonyms) for term in catalogue.terms] == [("净味", ("没味道", "不呛人"))]


def reported(report: Report) -> Rows:
    """Read what import-report.csv says."""
    assert report.path is not None
    with report.path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def is_chinese(text: str) -> bool:
    """Tell whether a sentence is Chinese and complete."""
    return any("\u4e00" <= character <= "\u9fff" for character in text) and "{" not in text
