"""Names with figures: a figure names the product that has it in its model, not any of the series that happens to have it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog_db.catalog import Catalogue
from handlers.understanding.naming import Named, _of_one_family, _told_first
from tests.shelves import shelf

GOODS = {
    "categories": [
        {"code": "tile", "name": "墙砖"}, {"code": "water", "name": "净水器"}, {"code": "toilet", "name": "坐便器"},
    ],
    "brands": [{"id": "b1", "name": "柳畔"}, {"id": "b2", "name": "禾井"}, {"id": "b3", "name": "渡云"}],
    "products": [
        {"sku": "tile", "title": "厨卫墙砖 400x800 XA12", "model": "XA12", "brand": "b2", "category": "tile"},
        {"sku": "water", "title": "净水器 400G XB9", "model": "XB9", "brand": "b3", "category": "water"},
        {"sku": "near", "title": "坐便器 305坑距 QX-305", "model": "QX-305", "brand": "b1", "category": "toilet"},
        {"sku": "far", "title": "坐便器 400坑距 QX-400", "model": "QX-400", "brand": "b1", "category": "toilet"},
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def goods(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    with shelf(tmp_path_factory.mktemp("figures"), GOODS) as catalogue:
        yield catalogue


def test_a_figure_of_the_model_goes_before_one_of_a_size_or_an_amount(goods: Catalogue) -> None:
    assert _told_first(goods, ("water", "tile", "far"), "400") == ("far", "water", "tile")


def test_a_figure_of_a_size_is_the_last_to_name_anything(goods: Catalogue) -> None:
    assert _told_first(goods, ("tile", "water"), "400") == ("water", "tile")


def test_two_figures_name_variants_of_one_product(goods: Catalogue) -> None:
    named = [Named(("near",), "305", 0), Named(("water", "far"), "400", 4)]
    found = _of_one_family(goods, named)
    assert [one.skus[0] for one in found] == ["near", "far"]


def test_figures_of_different_goods_stay_as_they_are(goods: Catalogue) -> None:
    named = [Named(("near",), "305", 0), Named(("water", "tile"), "400", 4)]
    assert _of_one_family(goods, named) == named
