"""Section B of the capabilities, search and recommendation: each with its black-box test, over two catalogues.

What needs a channel or a day that passes is shown elsewhere: B14 in Telegram `tests/bot/telegram/test_lists.py`; B15
`tests/handlers/test_alerts.py` (told once, never twice) and `tests/bot/telegram/test_permissions.py` (with its way out).
B16 (how many neighbours keep something) `tests/bot/telegram/test_neighbours.py` and `tests/catalog_db/journal/test_journal_neighbours.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from catalog_db.certification import certified, in_force, stars
from catalog_db.records import Product
from tests.assistants import DAY
from tests.features.test_section_e import after_restart
from tests.features.worlds import WORLDS, talk

BOTH = pytest.mark.parametrize("world", list(WORLDS))
COUNTY = {"bundled": "寿光", "second": "兰考"}
GREEN = ("green_building_material",)
STALE_DAYS = 30
DATE = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日")


def products(world: str, answer: dict[str, Any]) -> list[Product]:
    """Return the products that an answer shows."""
    return talk(world).parts.catalogue.products(answer["products"])


def entries(answer: dict[str, Any]) -> list[list[str]]:
    """Return the lines of each entry of a list, its title first."""
    found: list[list[str]] = []
    for line in answer["text"].splitlines():
        if re.match(r"\d+\. ", line):
            found.append([line])
        elif line.startswith("   ") and found:
            found[-1].append(line.strip())
    return found


@BOTH
def test_b1_the_certified_of_every_kind_are_those_with_a_certificate_of_today(world: str) -> None:
    catalogue = talk(world).parts.catalogue
    kinds = [code for code in catalogue.categories if not catalogue.children(code)]
    asked = 0
    for code in kinds:
        name = catalogue.categories[code].name
        everything = {p.sku for p in catalogue.products(all_of(world, name)) if p.category == code}
        schemes = GREEN if catalogue.covered((code,)) else ()
        right = {sku for sku in everything if certified(catalogue.certificates_of(sku), DAY, schemes)}
        shown = {p.sku for p in catalogue.products(all_of(world, f"有认证的{name}")) if p.category == code}
        if everything and catalogue.certification_class(code):
            asked += 1
            assert shown == right, name
        assert all(certified(catalogue.certificates_of(sku), DAY) for sku in shown), name
    assert asked > 10


def all_of(world: str, text: str) -> list[str]:
    """Return everything that a list has, asked for page by page."""
    answer, here = talk(world).say(text)
    seen: list[str] = []
    while answer["intent"] == "recommend" and answer["products"]:
        seen += answer["products"]
        if len(seen) >= answer["total"]:
            break
        answer, here = here.say("还有吗")
    return seen


@BOTH
@pytest.mark.parametrize("kind", ["地砖", "外墙漆", "吸顶灯"])
def test_b2_star_place_and_price_hold_together(world: str, kind: str) -> None:
    _, answer = talk(world).all(f"我是{COUNTY[world]}的", f"三星的、九百以内的{kind}")
    assert answer["filters"]["stars"] == [3] and answer["filters"]["price_max"] == 900
    place = answer["filters"]["adcode"]
    for product in products(world, answer):
        assert stars(talk(world).parts.catalogue.certificates_of(product.sku), DAY) == 3
        assert product.price is not None and product.price <= 900
        assert any(place.startswith(one.rstrip("0")) or one == "100000" for one in product.sells_to or ("100000",))
    assert answer["products"] or answer["choices"]


@BOTH
@pytest.mark.parametrize("limit", [20, 60, 150, 400, 999])
@pytest.mark.parametrize("kind", ["马桶", "乳胶漆", "地砖", "水龙头", "门锁", "灯泡"])
def test_b3_a_limit_is_a_limit(world: str, kind: str, limit: int) -> None:
    here = talk(world)
    for text in (f"{limit}块以内的{kind}", "有认证的", "还有吗", "卖得好的"):
        answer, here = here.say(text)
        for product in products(world, answer):
            assert product.price is not None and product.price <= limit
        assert answer["text"].strip() and "price_max" not in answer.get("relaxed", ())


@BOTH
@pytest.mark.parametrize(
    "text", ["五块钱以内的三星马桶", "三星的门锁，十块以内", "一百以内的三星外墙漆", "十块钱以内的智能马桶"]
)
def test_b4_no_dead_end_what_is_in_the_way_is_named_and_each_way_on_keeps_its_count(world: str, text: str) -> None:
    answer, here = talk(world).say(text)
    assert answer["intent"] == "not_found" and not answer["products"]
    assert "元以内" in answer["text"]
    ways = [
        (label, action) for label, action in zip(answer["choices"], answer["actions"], strict=True) if "款）" in label
    ]
    assert ways and "找人工" in answer["choices"]
    for label, action in ways:
        led, _ = here.press(action)
        found = re.search(r"（(\d+)款）", label)
        assert found and led["total"] == int(found[1]) and led["products"], label


def _sales(p: Product, value: str) -> bool:
    return str(p.sales_30d) == value


TRACED: dict[str, Callable[[Product, str], bool]] = {
    r"近 30 天卖了 (\d+) 件": _sales,
    r"买家评分 ([\d.]+) 分": lambda p, v: p.rating is not None and Decimal(v) == Decimal(str(p.rating)),
    r"水效 (\d) 级，用水省": lambda p, v: p.water_grade == int(v),
    r"能效 (\d) 级，用电省": lambda p, v: p.energy_grade == int(v),
    r"甲醛等级 (\w+)": lambda p, v: p.formaldehyde_grade == v,
    r"比普通的一年省水约 ([\d.]+) 立方米": lambda p, v: (
        Decimal(v) == Decimal(str(p.water_m3_per_year)).quantize(Decimal(1))
    ),
    r"比普通的一年省电约 ([\d.]+) 度": lambda p, v: (
        Decimal(v) == Decimal(str(p.power_kwh_per_year)).quantize(Decimal(1))
    ),
    r"有您要的：(.+)": lambda p, v: all(one in p.features or one in p.title for one in v.split("、")),
    r"适合：(.+)": lambda p, v: all(one in p.scenes or one in p.title for one in v.split("、")),
}


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "马桶",
        "乳胶漆",
        "有证的灯泡",
        "强化地板",
        "静音的木门",
        "一级水效的水龙头",
        "地漏",
        "评分高的地砖有哪些",
        "外墙漆",
    ],
)
def test_b5_three_to_five_items_with_one_reason_each_that_stands_in_the_data(world: str, text: str) -> None:
    answer = talk(world).say(text)[0]
    shown = products(world, answer)
    assert min(3, answer["total"]) <= len(shown) <= 5
    for product, lines in zip(shown, entries(answer), strict=True):
        assert product.title in lines[0]
        reason = lines[-1]
        matched = [(pattern, match) for pattern in TRACED if (match := re.fullmatch(pattern, reason))]
        assert len(matched) == 1, reason
        pattern, match = matched[0]
        assert TRACED[pattern](product, match[1]), (product.sku, reason)


@BOTH
def test_b6_why_the_first_is_first_tells_the_rule_and_its_figures(world: str) -> None:
    shown, why = talk(world).all("马桶", "为什么排第一")
    first = products(world, shown)[0]
    assert "不收钱" in why["text"] and "卖得多" in why["text"] and "评分" in why["text"]
    lines = entries(why)[0]
    assert first.title in lines[0]
    assert f"近 30 天卖了 {first.sales_30d} 件" in lines and any("买家评分" in line for line in lines)
    _, cheap = talk(world).all("马桶从便宜到贵", "凭啥这个排第一")
    assert "便宜" in cheap["text"] and "不收钱" in cheap["text"]


@BOTH
@pytest.mark.parametrize(
    ("said", "places"), [("1和3哪个好", (0, 2)), ("第二个跟第四个比比", (1, 3)), ("前两款比一比", (0, 1))]
)
def test_b7_a_comparison_shows_only_what_differs_and_says_for_whom(
    world: str, said: str, places: tuple[int, int]
) -> None:
    shown, table = talk(world).all("马桶", said)
    assert table["intent"] == "compare"
    assert table["products"] == [shown["products"][at] for at in places]
    left, right = products(world, table)
    told = table["text"]
    for name, value in (("颜色", "color"), ("品牌", "brand"), ("水效", "water_grade")):
        alike = getattr(left, value) == getattr(right, value)
        assert not (alike and re.search(rf"^{name}( |$)", told, re.MULTILINE)), name
    assert "便宜" in told.partition("甲：")[0] or left.price == right.price
    for row in told.splitlines():
        if re.match(r"\S+  甲 ", row):
            assert sum(2 if ord(char) > 0x2E80 else 1 for char in row) <= 40, row


@BOTH
def test_b8_cheaper_and_higher_alternatives_stay_certified_and_of_the_kind(world: str) -> None:
    shown, cheaper = talk(world).all("有证的外墙漆", "便宜点的")
    least = min(p.price for p in products(world, shown) if p.price is not None)
    for product in products(world, cheaper):
        assert product.price is not None and product.price < least
        assert product.category in shown["categories"]
        assert certified(talk(world).parts.catalogue.certificates_of(product.sku), DAY)
    assert cheaper["products"] or "没有更便宜" in cheaper["text"]
    _, higher = talk(world).all("有证的外墙漆", "星级高点的")
    seen = [stars(talk(world).parts.catalogue.certificates_of(p.sku), DAY) for p in products(world, higher)]
    assert seen and all(one is not None and one >= 2 for one in seen)


@BOTH
@pytest.mark.parametrize("text", ["有证的马桶", "地砖", "三百以内的乳胶漆"])
def test_b9_pages_never_repeat_and_end_with_a_way_on(world: str, text: str) -> None:
    answer, here = talk(world).say(text)
    total, seen = answer["total"], list(answer["products"])
    while len(seen) < total:
        answer, here = here.say("还有吗")
        seen += answer["products"]
        assert answer["products"]
    end, _ = here.say("还有吗")
    assert len(seen) == len(set(seen)) == total
    assert "没有了" in end["text"] and end["choices"] and not end["products"]


@BOTH
def test_b10_a_card_has_its_five_blocks_and_fits_a_caption(world: str) -> None:
    from handlers.turn import Action

    catalogue = talk(world).parts.catalogue
    skus = [sku for name in ("马桶", "乳胶漆", "地砖", "吸顶灯", "断桥铝窗", "水泥") for sku in all_of(world, name)]
    assert len(skus) > 40
    for sku in skus:
        card, _ = talk(world).press(Action("show_product", (sku,)))
        product = catalogue.products([sku])[0]
        lines = card["text"].splitlines()
        assert lines[0] == product.title and lines[1].strip().startswith("认证：")
        heads = ("价格：", "哪里买：", "服务：")
        assert all(any(line.strip().startswith(head) for line in lines) for head in heads), (sku, lines)
        assert re.search(r"(型号|规格|尺寸|颜色|特点)：", card["text"])
        assert re.search(r"今天的价|天前的价", card["text"])


@BOTH
@pytest.mark.parametrize("text", ["马桶", "有证的灯泡", "水泥", "外墙漆", "地砖"])
def test_b11_every_price_and_certificate_has_its_date_and_an_old_price_its_warning(world: str, text: str) -> None:
    catalogue = talk(world).parts.catalogue
    for sku, lines in zip(all_of(world, text)[:5], entries(talk(world).say(text)[0]), strict=True):
        product = catalogue.products([sku])[0]
        price = next(line for line in lines if " 元" in line)
        assert product.price_on is not None
        age = (DAY - product.price_on).days
        assert ("今天的价" in price) if age == 0 else f"{age} 天前的价" in price
        assert ("买前再核" in price) == (age > STALE_DAYS)
        current = [one for one in catalogue.certificates_of(sku) if in_force(one, DAY)]
        if current:
            assert any(spoken(one.expires_on) in lines[1] and one.number in lines[1] for one in current)


def spoken(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@BOTH
@pytest.mark.parametrize("scene", ["厨房", "卫生间"])
def test_b12_a_scene_gets_its_kinds_in_order_with_one_certified_pick_each_and_what_they_come_to(
    world: str, scene: str
) -> None:
    answer = talk(world).say(f"{scene}翻新要买啥")[0]
    catalogue = talk(world).parts.catalogue
    plan = catalogue.plans[answer["plans"][0]]
    assert answer["intent"] == "plan" and scene in plan.scene
    assert answer["categories"] == list(plan.categories) and 6 <= len(plan.categories) <= 12
    picks = products(world, answer)
    order = [next(i for i, code in enumerate(plan.categories) if p.category in catalogue.under((code,))) for p in picks]
    assert order == sorted(set(order))
    assert all(certified(catalogue.certificates_of(p.sku), DAY) for p in picks)
    assert Decimal(str(answer["cost"])) == sum(p.price for p in picks if p.price is not None)
    assert str(answer["cost"]).rstrip("0").rstrip(".") in answer["text"]


@BOTH
@pytest.mark.parametrize("text", ["咕噜漆有吗", "有没有唰唰板", "要个呱嗒器"])
def test_b13_an_unknown_word_is_named_with_at_most_four_ways_on_and_a_person(world: str, text: str) -> None:
    answer, here = talk(world).say(text)
    assert not answer["products"]
    assert text.strip("有吗没要个") in answer["text"]
    assert "找人工" in answer["choices"] and len(answer["choices"]) <= 5
    assert all(here.press(action)[0]["text"] for action in answer["actions"])


@BOTH
def test_b13_a_question_nearly_stored_is_asked_back(world: str) -> None:
    answer, here = talk(world).say({"bundled": "马桶那个坑距我不会弄", "second": "东西质量坏了可咋整"}[world])
    assert answer["intent"] in ("faq", "clarify")
    if answer["intent"] == "clarify":
        assert "是不是想问" in answer["text"] and len(answer["choices"]) <= 5
        assert here.press(answer["actions"][0])[0]["faqs"]


@BOTH
def test_b14_what_is_kept_is_still_there_after_a_restart(world: str) -> None:
    shown, here = talk(world).say("马桶")
    _, here = here.say("第二个加到清单")
    kept, _ = after_restart(here, 1).say("我的清单")
    assert kept["products"] == [shown["products"][1]]
    price = products(world, shown)[1].price
    assert price is not None and f"{price.normalize():f} 元" in kept["text"]
