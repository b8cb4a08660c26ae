"""One product, several, and what they save."""

from __future__ import annotations

import re
from datetime import date

import pytest

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.product_facts import certificate_line, price_line, reason
from handlers.turn import Answer, Table

DAY = date(2026, 11, 22)


def _table(answer: Answer) -> Table:
    return next(block for block in answer.blocks if isinstance(block, Table))


def test_the_card_begins_with_the_certificate(ask, text_of):
    answer = ask("detail", "", skus=("t1",))
    card = text_of(answer)
    assert answer.products == ("t1",)
    assert answer.certificates == ("LJ-24-0007", "JS-25-0008")
    assert card.index("绿色建材认证") < card.index("799 元/个") < card.index("水效") < card.index("哪里买")
    assert "坐便器安装（90元）" in card


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("多少钱", "168 元/桶"),
        ("什么颜色", "颜色：白色"),
        ("光泽怎么样", "光泽：哑光"),
        ("多重", "重量：目录里没标明"),
        ("质保几年", "质保：目录里没标明"),
    ],
)
def test_what_is_asked_is_answered_first(ask, wording, said, first):
    answer = ask("detail", said, skus=("p1",))
    assert first in wording.text(answer.blocks[0].text)


def test_an_old_price_is_shown_with_a_warning(ask, text_of):
    assert "113 天前的价" in text_of(ask("detail", "多少钱", skus=("p3",)))


def test_what_is_off_sale_is_shown_as_such(ask, text_of):
    assert "已下架" in text_of(ask("detail", "", skus=("t3",)))


def test_link_and_view_only_where_they_are(ask, text_of):
    assert "https://example.org/t1" in text_of(ask("detail", "链接发我", skus=("t1",), cues=("ask.link",)))
    text = text_of(ask("detail", "ar看看", skus=("t1",), cues=("ask.ar",)))
    assert "没有摆摆看的链接" in text and "700x380" in text


def test_the_variants_of_a_series(ask):
    answer = ask("detail", "有几个规格", skus=("p1",))
    assert set(answer.products) == {"p1", "p2"}


def test_no_product_is_asked_back(ask):
    assert ask("detail", "这个多少钱").intent == "clarify"


def test_two_products_in_the_order_named(ask, text_of):
    answer = ask("compare", "哪个好", skus=("t2", "t1"))
    assert answer.products == ("t2", "t1")
    text = text_of(answer)
    assert text.index("节流坐便器") < text.index("静流坐便器")
    assert "599 元/个" in text and "799 元/个" in text
    assert "XS-400：便宜" in text and "更省水" in text


def test_what_is_alike_is_left_out(ask, wording):
    table = _table(ask("compare", "", skus=("t1", "t2")))
    labels = [wording.text(label) for label, _ in table.rows]
    assert "水效" not in labels and "价格" in labels


def test_an_uncertified_side_is_not_called_certified(ask, wording):
    table = _table(ask("compare", "", skus=("p1", "p2")))
    row = next(values for label, values in table.rows if wording.text(label) == "认证")
    assert "三星" in wording.text(row[0])
    assert wording.text(row[1]) == "没查到认证证书"


def test_brands_side_by_side(ask, text_of):
    answer = ask("compare", "晴墙和溪声比比", brands=("b1", "b2"))
    text = text_of(answer)
    assert text.index("晴墙牌") < text.index("溪声")
    assert "有证的" in text and "元到" in text
    assert answer.filters == {"brands": ["b1", "b2"]}


def test_one_thing_alone_is_asked_back(ask):
    assert ask("compare", "比比", skus=("t1",)).intent == "clarify"


# --- savings


def test_years_and_count_multiply(ask, text_of):
    answer = ask("savings", "3个五年省多少水", skus=("t1",))
    assert answer.savings == ({"measure": "water_m3", "amount": 300, "years": 5, "count": 3},)
    assert "300 立方米" in text_of(answer)


def test_money_by_the_tariffs_said(ask, text_of):
    answer = ask("savings", "一年水费能少交多少", skus=("t1",))
    assert answer.savings[0]["amount"] == 80
    assert "4 元/立方米" in text_of(answer) and "0.56 元/度" in text_of(answer)


def test_the_number_goes_on(ask):
    ask("savings", "一年省多少电", skus=("l1",))
    assert ask("savings", "买八个").savings[0]["amount"] == 640


def test_without_a_product_the_median_is_taken(ask, text_of):
    answer = ask("savings", "马桶一年省多少水", categories=("toilet",))
    assert answer.savings[0]["amount"] == 16
    assert "2 款的中间值" in text_of(answer)


def test_no_figure_no_number(ask, text_of):
    answer = ask("savings", "一年省多少水", skus=("p1",))
    assert answer.savings == ()
    assert "没有这样的数" in text_of(answer)


# --- lines that lists use


def test_a_reason_comes_from_a_field(catalogue, wording):
    product = catalogue.product("p1")
    held = catalogue.certificates_of("p1")
    assert wording.text(reason(product, held, DAY, ProductQuery(DAY, features=("净味",)))) == "有您要的：净味"
    assert wording.text(reason(catalogue.product("t1"), [], DAY, ProductQuery(DAY))) == "水效 1 级，用水省"
    assert "90 件" in wording.text(reason(product, held, DAY, ProductQuery(DAY, sort="sales")))


@pytest.mark.parametrize("sku", ["p2", "p3", "p4", "p5", "p6", "f1"])
def test_no_line_claims_what_is_not(catalogue, wording, sku):
    product, held = catalogue.product(sku), catalogue.certificates_of(sku)
    for text in (certificate_line(held, DAY), reason(product, held, DAY, ProductQuery(DAY)), price_line(product, DAY)):
        line = wording.text(text)
        assert "星" not in line
        # A certificate that is not in force is named only with what became of it.
        assert "绿色建材认证" not in line or re.search("已过期|被暂停|被撤销|未到生效日", line)
