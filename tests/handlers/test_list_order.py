"""In which order products stand that share a name, and what a list begins with."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from bot.bootstrap import ZONE, build
from bot.importing import run_import
from bot.settings import load_settings
from catalog_db.search.query import ProductQuery
from handlers.assistant import Assistant
from handlers.session import Session
from handlers.turn import Answer, Question
from tests.assistants import DAY, demonstration
from tests.catalog_db.folders import good, write_folder
from tests.handlers.conversation import talk

NOW = datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Return one over two makers whose goods bear the same series; the bag is certified and sells best."""
    rows = good()
    rows["categories"].append({"code": "cement", "name": "水泥", "unit": "袋"})
    rows["brands"].append({"id": "b2", "name": "二牌"})
    paint = {"category": "latex", "brand": "b1", "series": "榆钱", "unit": "桶"}
    rows["products"] += [
        {"sku": "small", "title": "试牌榆钱乳胶漆 5L", "capacity": "5L", "price": "150", "sales_30d": "9", **paint},
        {"sku": "large", "title": "试牌榆钱乳胶漆 18L", "capacity": "18L", "price": "450", "sales_30d": "8", **paint},
        {
            "sku": "bag",
            "title": "二牌 榆钱 水泥 50kg",
            "capacity": "50kg",
            "price": "30",
            "category": "cement",
            "brand": "b2",
            "series": "榆钱",
            "unit": "袋",
            "sales_30d": "99",
        },
    ]
    rows["certificates"][0]["skus"] = "p1|bag"
    home: Path = tmp_path_factory.mktemp("same-name")
    url = f"sqlite:///{home / 'catalogue.db'}"
    assert run_import(write_folder(home / "rows", rows), url, DAY, dry_run=False) == 0
    settings = load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(home)}, folder=home)
    return build(settings, DAY).assistant


def asked(assistant: Assistant, *texts: str) -> list[Answer]:
    session = Session()
    answers = []
    for text in texts:
        answer, session = assistant.respond(Question(text, NOW), session)
        answers.append(answer)
    return answers


def test_one_makers_sizes_stand_together_and_a_pack_is_chosen_among_its_like(assistant: Assistant) -> None:
    variants, large, small = asked(assistant, "榆钱有哪几个规格", "大桶那个有证没", "小桶的呢")
    assert set(variants.products) == {"small", "large", "bag"}
    places = sorted(variants.products.index(sku) for sku in ("small", "large"))
    assert places[1] - places[0] == 1
    assert large.products == ("large",)
    assert small.products == ("small",)


@pytest.mark.parametrize("kind", ["外墙漆", "瓷砖", "马桶", "地板"])
def test_a_list_begins_with_what_is_certified(kind: str) -> None:
    (answer,), _ = talk(kind)
    count = demonstration().catalogue.count
    certified = [count(ProductQuery(DAY, skus=(sku,), certified=True)) for sku in answer.products]
    assert certified == sorted(certified, reverse=True)
    assert certified[0]
