"""A change is found, or gone, with the next search, and the filters mean what the formats say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog_db.records import Certificate, Product
from catalog_db.search.adcodes import can_be_had, within
from catalog_db.search.index import Change, SearchIndex
from catalog_db.search.query import ProductQuery
from tests.catalog_db.search.goods import DAY, Goods


def product(sku: str, title: str, **values: Any) -> Product:
    return Product(sku, title, values.pop("category", "paint_in"), **values)


def green(sku: str, grade: int, since: date, until: date, **values: Any) -> Certificate:
    return Certificate(f"C-{sku}-{grade}", "green_building_material", since, until, grade, skus=(sku,), **values)


PRODUCTS = [
    product("p1", "松晨净味内墙乳胶漆", price=Decimal(99), sales_30d=10),
    product("p2", "绿禾耐擦洗墙面漆", price=Decimal(199), sales_30d=90),
    product("p3", "河川邦木纹外墙漆", category="paint_out", sales_30d=5),
]


def skus(index: SearchIndex, **asked: Any) -> list[str]:
    return [hit.sku for hit in index.search(ProductQuery(DAY, **asked)).hits]


@pytest.fixture
def index() -> SearchIndex:
    return SearchIndex.build(Goods([(one, []) for one in PRODUCTS]))


def test_a_new_product_is_found_by_words_that_nothing_else_has(index: SearchIndex) -> None:
    assert skus(index, text="贝壳粉xk9") == []
    index.apply([Change("n1", product("n1", "云帆贝壳粉涂料 XK9"))], revision="2")
    assert skus(index, text="贝壳粉xk9") == skus(index, text="beikefen") == ["n1"]
    assert skus(index, title_words=("贝壳",)) == skus(index, features=("贝壳粉",)) == ["n1"]
    assert index.revision == "2"


def test_a_withdrawn_product_is_gone_and_comes_back(index: SearchIndex) -> None:
    index.apply([Change("p2", replace(PRODUCTS[1], withdrawn=True))])
    assert skus(index) == ["p1", "p3"]
    assert skus(index, text="耐擦洗墙面漆", skus=("p2",)) == []
    index.apply([Change("p2", PRODUCTS[1])])
    assert skus(index) == ["p2", "p1", "p3"]
    index.apply([Change("p2", replace(PRODUCTS[1], on_sale=False))])
    assert index.count(ProductQuery(DAY)) == 2
    index.apply([Change("p2")])
    assert index.count(ProductQuery(DAY)) == 2


def test_a_changed_price_counts_at_once(index: SearchIndex) -> None:
    index.apply([Change("p1", replace(PRODUCTS[0], price=Decimal("250.50")))])
    assert skus(index, price_max=Decimal(200)) == ["p2"]
    assert skus(index, price_min=Decimal("250.5"), price_max=Decimal("250.50")) == ["p1"]
    assert skus(index, sort="price_desc") == ["p1", "p2", "p3"]  # an unknown price stands last


def test_another_process_follows_by_the_same_changes(tmp_path: Path) -> None:
    mine = SearchIndex.build(Goods([(one, []) for one in PRODUCTS]), tmp_path)
    other = SearchIndex.open(tmp_path)
    change = Change("n1", product("n1", "新到的真石漆"))
    for index in (mine, other):
        index.apply([change])
    assert skus(mine, text="真石漆") == skus(other, text="真石漆") == ["n1"]


def test_certified_is_asked_of_a_day() -> None:
    until = DAY + timedelta(10)
    certificates = [
        green("p1", 2, DAY - timedelta(900), DAY),
        green("p1", 3, DAY + timedelta(1), until),
        green("p2", 3, DAY - timedelta(9), until, status="suspended"),
    ]
    rows = [(one, [c for c in certificates if one.sku in c.skus]) for one in PRODUCTS]
    index = SearchIndex.build(Goods(rows))

    def on(day: date, **asked: Any) -> list[str]:
        return [hit.sku for hit in index.search(ProductQuery(day, **asked)).hits]

    assert on(DAY, certified=True) == on(DAY, stars=(2,)) == ["p1"]
    assert on(DAY + timedelta(1), stars=(2,)) == []
    assert on(DAY + timedelta(1), min_stars=2) == on(until, stars=(3,)) == ["p1"]
    assert on(until + timedelta(1), certified=True) == on(DAY - timedelta(901), certified=True) == []


def test_no_brand_takes_the_first_three_places_when_others_match_equally() -> None:
    rows = [(product(f"p{n}", "乳胶漆", brand="b0" if n < 5 else "b1", sales_30d=100 - n), []) for n in range(7)]
    index = SearchIndex.build(Goods(rows))
    assert skus(index, limit=7) == ["p0", "p1", "p5", "p2", "p3", "p4", "p6"]
    assert skus(index, limit=4) + skus(index, limit=3, offset=4) == skus(index, limit=7)
    assert skus(index, text="乳胶漆", limit=3) == ["p0", "p1", "p5"]
    assert skus(index, sort="sales", limit=3) == ["p0", "p1", "p2"]
    assert skus(index, brands=("b0",), limit=3) == ["p0", "p1", "p2"]


@pytest.mark.parametrize(
    ("place", "region", "inside"),
    [
        ("370783", "370700", True),
        ("370783", "370000", True),
        ("370783", "100000", True),
        ("429004", "420000", True),
        ("429004", "429000", True),
        ("429004", "420100", False),
        ("370700", "370783", False),
        ("110101", "370000", False),
    ],
)
def test_places_lie_in_places(place: str, region: str, inside: bool) -> None:
    assert within(place, region) is inside


def test_what_is_sold_inside_a_place_can_be_had_there() -> None:
    assert can_be_had((), "370783")
    assert can_be_had(("370783",), "370000")
    assert can_be_had(("420000", "370000"), "370783")
    assert not can_be_had(("420000",), "370783")
