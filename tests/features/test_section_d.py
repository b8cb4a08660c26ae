"""Section D of the capabilities, guides, rankings, plans, calculators: each with its black-box test, over two catalogues.

D9 in a chat, as a sheet and by a spoken code, is shown in `tests/bot/telegram/test_lists.py` and `tests/bot/telegram/test_sheets.py`.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.bootstrap import ZONE, build
from bot.settings import load_settings
from catalog_db.certification import certified, stars
from catalog_db.database import open_database
from catalog_db.loading import load
from handlers.ranking import MEASURES
from handlers.session import Session
from handlers.turn import Action
from tests.assistants import DAY
from tests.features import second
from tests.features.worlds import WORLDS, Talk, talk

BOTH = pytest.mark.parametrize("world", list(WORLDS))
ANY = (
    "green_building_material", "green_product", "environmental_label", "water_saving", "energy_saving", "low_carbon", "carbon_neutral",
)  # fmt: skip
PAINT = {"bundled": "paint_interior", "second": "coat_in"}
WATERPROOF = {"bundled": "waterproof_coating", "second": "proof_coat"}
FLOOR = {"bundled": "floor_laminate", "second": "board_lam"}
TILE = {"bundled": "tile_floor", "second": "tile_ground"}


def ask(world: str, text: str) -> dict[str, Any]:
    """Ask one question in a conversation of its own."""
    return talk(world).say(text)[0]


def holds(world: str, sku: str) -> bool:
    """Tell whether a product holds any certificate in force but `other`."""
    return certified(talk(world).parts.catalogue.certificates_of(sku), DAY, ANY)


@BOTH
@pytest.mark.parametrize("text", ["买{}要注意啥", "{}咋挑", "选{}有啥讲究"])
@pytest.mark.parametrize("noun", ["地砖", "马桶", "乳胶漆"])
def test_d1_a_guide_of_the_kind_with_certified_picks(world: str, text: str, noun: str) -> None:
    answer = ask(world, text.format(noun))
    catalogue = talk(world).parts.catalogue
    assert answer["intent"] == "guide"
    guide = catalogue.guides[answer["guides"][0]]
    codes = {product.category for product in catalogue.products(answer["products"])}
    assert codes and codes <= catalogue.under(guide.categories)
    assert len(answer["products"]) == 3 and all(holds(world, sku) for sku in answer["products"])
    points = re.findall(r"^\d\. ", answer["text"].partition("避坑")[0], re.MULTILINE)
    assert len(points) == (5 if world == "bundled" else 2)
    assert len(answer["text"]) <= 1024


@BOTH
def test_d2_the_tricks_of_the_market_are_in_every_buying_guide(world: str) -> None:
    guides = [g for g in talk(world).parts.catalogue.guides.values() if g.kind == "buying_guide"]
    opened = {g.id: talk(world).press(Action("guide", (g.id,)))[0]["text"] for g in guides}
    assert len(opened) > 20
    assert [name for name, text in opened.items() if "避坑" not in text] == []


@BOTH
@pytest.mark.parametrize("text", ["地砖有哪些坑", "买马桶怎么防坑", "乳胶漆里头有啥猫腻", "买地砖容易上啥当"])
def test_d2_the_tricks_can_be_asked_for(world: str, text: str) -> None:
    answer = ask(world, text)
    assert answer["intent"] == "guide" and "避坑" in answer["text"]


@BOTH
def test_d3_a_ranking_tells_its_rule_and_day_and_follows_from_the_data(world: str) -> None:
    catalogue = talk(world).parts.catalogue
    for ranking in catalogue.rankings.values():
        answer = talk(world).press(Action("ranking", (ranking.id,)))[0]
        products = catalogue.products(answer["products"])
        assert re.search(r"排法：按.+；时间：.+；公布：\d{4}年\d+月\d+日", answer["text"]), ranking.id
        column = MEASURES.get(ranking.criterion or "", "price")
        figures = [float(getattr(p, column)) for p in products]
        assert figures == sorted(figures, reverse=ranking.criterion != "price"), ranking.id
        assert all(p.shown for p in products)


@BOTH
def test_d3_three_stars_are_ranked_from_what_there_is(world: str) -> None:
    answer = ask(world, "马桶三星榜")
    catalogue = talk(world).parts.catalogue
    products = catalogue.products(answer["products"])
    assert products and all(stars(catalogue.certificates_of(p.sku), DAY) == 3 for p in products)
    assert [p.sales_30d for p in products] == sorted((p.sales_30d or 0 for p in products), reverse=True)
    assert "卖得多的在前" in answer["text"] and "2026年11月22日" in answer["text"]


@BOTH
def test_d3_what_is_made_nearby_is_ranked_when_it_is_known_where(world: str) -> None:
    place, code = {"bundled": ("寿光", "370783"), "second": ("兰考", "410225")}[world]
    where, answer = talk(world).all("本地榜", place)
    assert where["intent"] == "clarify" and 2 <= len(where["choices"]) <= 6
    products = talk(world).parts.catalogue.products(answer["products"])
    assert products and {p.origin for p in products} == {code}
    assert [p.sales_30d for p in products] == sorted((p.sales_30d or 0 for p in products), reverse=True)
    assert "2026年11月22日" in answer["text"]


def test_d4_a_trend_is_shown_from_the_day_to_the_day_that_its_operator_set(tmp_path: Path) -> None:
    folder = second.write(tmp_path / "data")
    text = "---\nid: ripe\ntitle: 农忙后盖房先备啥\nkind: trend\ncategories: [cement]\nfrom: 2026-12-01\nuntil: 2026-12-20\n---\n\n趁天没冷。\n"
    (folder / "guides" / "ripe.md").write_text(text, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'catalogue.db'}"
    database = open_database(url)
    load(folder, database, today=DAY)
    database.close()
    parts = build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path), DAY)
    for day, shown in ((22, False), (30, False), (31, True), (50, True), (51, False)):
        at = datetime(2026, 11, 1, 12, tzinfo=ZONE) + timedelta(days=day - 1)
        answer, _ = Talk(parts, Session(), at=at).say("最近乡下盖房有啥新风向")
        assert ("ripe" in answer.get("guides", ())) == shown, at
    parts.catalogue.close()


def amount_of(world: str, code: str, area: float) -> int:
    """Work out what an area needs from the figures of a kind, as the answer format says."""
    catalogue = talk(world).parts.catalogue
    kind = catalogue.categories[code]
    coats, loss = kind.coats or 1, float(kind.loss_pct or 0)
    return math.ceil(round(area * coats / float(kind.coverage_m2 or 1) * (1 + loss / 100), 6))


@BOTH
@pytest.mark.parametrize(
    ("text", "kinds", "area"),
    [
        ("三间房,每间15平,刷乳胶漆要几桶", PAINT, 45 * 2.5),
        ("乳胶漆刷80平的墙面要几桶", PAINT, 80),
        ("卫生间地面6平刷防水涂料要几桶", WATERPROOF, 6),
        ("20平的卧室铺强化地板要多少", FLOOR, 20),
        ("客厅25平铺地砖要买多少", TILE, 25),
    ],
)
def test_d5_how_much_is_needed_from_one_sentence(world: str, text: str, kinds: dict[str, str], area: float) -> None:
    answer = ask(world, text)
    quantity = answer["quantities"][0]
    assert answer["intent"] == "calculate" and quantity["category"] == kinds[world]
    assert quantity["area_m2"] == area
    assert quantity["amount"] == amount_of(world, kinds[world], area)
    assert str(quantity["amount"]) in answer["text"]


@BOTH
def test_d6_every_assumption_is_said_and_changing_one_works_it_out_anew(world: str) -> None:
    start = talk(world).all("乳胶漆刷100平的墙面要几桶", "刷四遍", "损耗按30%", "门窗扣40平")
    first, coats, loss, openings = start
    for words in (" 遍", "门窗", "损耗", "每桶一遍"):
        assert words in first["text"], words
    quantities = [answer["quantities"][0] for answer in start]
    assert [q["coats"] for q in quantities] == [2, 4, 4, 4]
    assert [q["loss_pct"] for q in quantities][2:] == [30, 30]
    assert [q["area_m2"] for q in quantities] == [100, 100, 100, 60]
    assert quantities[0]["amount"] < quantities[1]["amount"] < quantities[2]["amount"] > quantities[3]["amount"]
    assert "4 遍" in coats["text"] and "损耗 30%" in loss["text"] and "门窗扣 40 平方米" in openings["text"]


@BOTH
def test_d7_a_plan_fits_the_money_or_says_what_breaks(world: str) -> None:
    catalogue = talk(world).parts.catalogue
    enough = ask(world, "厨房翻新，预算一万")
    products = catalogue.products(enough["products"])
    assert enough["intent"] == "plan" and products and all(holds(world, p.sku) for p in products)
    assert enough["cost"] == float(sum(p.price or 0 for p in products)) <= 10000
    assert "在预算 10000 元以内" in enough["text"]
    short = ask(world, "厨房翻新，预算一百块")
    assert short["cost"] > 100 and re.search("超|不够", short["text"])


@BOTH
def test_d8_a_saving_has_its_factor_and_source_and_nothing_is_made_up(world: str) -> None:
    shown = talk(world).parts.catalogue.products(ask(world, "一级水效的马桶")["products"][:1])[0]
    answer = ask(world, f"{shown.model}一年省多少水费")
    measures = {one["measure"]: one["amount"] for one in answer["savings"]}
    assert measures["water_m3"] == float(shown.water_m3_per_year or 0)
    assert measures["money_cny"] == measures["water_m3"] * 4
    assert "4 元/立方米" in answer["text"] and "厂家报的" in answer["text"]
    none = ask(world, "水泥一年省多少水")
    assert not none.get("savings") and not re.search(r"省水 \d", none["text"])


@BOTH
def test_d9_a_list_is_complete_when_its_text_is_pasted(world: str) -> None:
    answers = talk(world).all("有证的马桶", "第一个加到清单", "第二个加到清单", "把清单发给我")
    told, catalogue = answers[-1]["text"], talk(world).parts.catalogue
    for product in catalogue.products(answers[0]["products"][:2]):
        assert product.title in told
        assert f"{product.price:g} 元" in told or str(product.price) in told
        assert any(one.number in told for one in catalogue.certificates_of(product.sku))
    assert "http" not in told


@BOTH
@pytest.mark.parametrize("text", ["我们村有补贴吗", "买绿色建材国家给补多少钱", "在墨脱装修能领多少补贴"])
def test_d10_subsidies_are_never_promised(world: str, text: str) -> None:
    answer = ask(world, text)
    assert answer["intent"] in ("faq", "clarify")
    if answer["intent"] == "faq":
        assert "问" in answer["text"] and not re.search(r"补\s*\d+\s*(元|块|%)|一定能领|保证", answer["text"])


@BOTH
@pytest.mark.parametrize("word", ["绿色建材", "双碳", "低碳", "碳中和", "三星", "十环", "水效标识", "绿色产品认证"])
def test_d11_a_word_is_explained_in_three_sentences(world: str, word: str) -> None:
    answer = ask(world, f"啥叫{word}")
    body = answer["text"].partition("\n\n")[0].partition("】\n")
    told = body[2] or body[0]
    assert answer["intent"] == "faq" and not answer["products"]
    assert 10 < len(told) <= 120 and len(re.findall("[。！？]", told)) <= 3, told


@BOTH
def test_d11_a_smell_is_no_formaldehyde(world: str) -> None:
    answer = ask(world, "味道小就没甲醛吧")
    assert answer["intent"] == "faq" and re.search("不是|不等于", answer["text"]) and "甲醛" in answer["text"]
