"""Names with figures: a figure names the product that has it in its model, not any of the series that happens to have it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from handlers.understanding.naming import Named, _of_one_family, _told_first

GOODS = {
    "tile": SimpleNamespace(sku="tile", title="厨卫墙砖 400x800 XA12", model="XA12", brand="b2", category="tile"),
    "water": SimpleNamespace(sku="water", title="净水器 400G XB9", model="XB9", brand="b3", category="water"),
    "near": SimpleNamespace(sku="near", title="坐便器 305坑距 QX-305", model="QX-305", brand="b1", category="toilet"),
    "far": SimpleNamespace(sku="far", title="坐便器 400坑距 QX-400", model="QX-400", brand="b1", category="toilet"),
}


class Shelf:
    """A catalogue of these goods."""

    def products(self, skus: tuple[str, ...]) -> list[Any]:
        return [GOODS[sku] for sku in skus]


def test_a_figure_of_the_model_goes_before_one_of_a_size_or_an_amount() -> None:
    assert _told_first(Shelf(), ("water", "tile", "far"), "400") == ("far", "water", "tile")  # type: ignore[arg-type]


def test_a_figure_of_a_size_is_the_last_to_name_anything() -> None:
    assert _told_first(Shelf(), ("tile", "water"), "400") == ("water", "tile")  # type: ignore[arg-type]


def test_two_figures_name_variants_of_one_product() -> None:
    named = [Named(("near",), "305", 0), Named(("water", "far"), "400", 4)]
    found = _of_one_family(Shelf(), named)  # type: ignore[arg-type]
    assert [one.skus[0] for one in found] == ["near", "far"]


def test_figures_of_different_goods_stay_as_they_are() -> None:
    named = [Named(("near",), "305", 0), Named(("water", "tile"), "400", 4)]
    assert _of_one_family(Shelf(), named) == named  # type: ignore[arg-type]
