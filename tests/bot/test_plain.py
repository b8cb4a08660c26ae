"""Plain text carries every block, no layout marks, and never more than one message; the JSON is the contract's."""

import json
import re
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.plain import LIMIT, answer_json, full_text, one_line, plain_markdown, plain_text, utf16_length
from handlers.turn import Answer, Entry, Listing, Prose, Say
from tests.bot import script

WORDING = script.test_wording()


def test_a_list_is_numbered_and_keeps_apart_from_what_follows():
    assert plain_text(script.LIST, WORDING) == (
        "找到 12 件带认证的内墙漆，先看 3 件：\n\n"
        "1. 江晚305 净味内墙乳胶漆 18L 哑光白\n"
        "   绿色建材认证 3 星，有效期到 2028年6月30日\n"
        "   168 元/桶，2026年11月20日的价\n"
        "   推荐理由：每桶能刷 90 平方米，折下来最省\n"
        "2. 禾木 竹炭内墙漆 5L\n"
        "   绿色建材认证 2 星，有效期到 2028年6月30日\n"
        "   99.50 元/桶，2026年11月20日的价\n"
        "   推荐理由：价钱最低\n"
        "3. 青瓦 儿童房水性漆 10L\n"
        "   绿色建材认证 3 星，有效期到 2028年6月30日\n"
        "   260 元/桶，2026年11月20日的价\n"
        "   推荐理由：甲醛释放量最低的一档\n\n"
        "证书数据截至 2026年11月21日，可到认e云核对。"
    )


def test_a_card_is_label_and_value_line_by_line():
    lines = plain_text(script.CARD, WORDING).split("\n")
    assert lines[0] == "禾木 竹炭内墙漆 5L"
    assert lines[1] == "  认证：绿色建材认证 2 星，有效期到 2028年6月30日"
    assert lines[5] == "  https://shop.example/p/2?a=1&b=2"


def test_a_comparison_fits_a_phone():
    assert plain_text(script.TABLE, WORDING) == (
        "甲：江晚305 净味内墙乳胶漆 18L 哑光白\n乙：禾木 竹炭内墙漆 5L\n丙：青瓦 儿童房水性漆 10L\n\n"
        "价格\n  甲 168 元/桶\n  乙 99.50 元/桶\n  丙 260 元/桶\n"
        "星级  甲 三星  乙 二星  丙 三星\n"
        "适合\n  甲 客厅、卧室，面积大\n  乙 小房间补刷\n  丙 儿童房、老人房\n\n"
        "面积大选第 1 件，只刷一间选第 2 件。"
    )


def test_markdown_becomes_plain_text():
    assert plain_markdown(script.GUIDE_BODY, WORDING) == (
        "【先看证，再看桶】\n\n挑内墙漆先看证书，再算要几桶：\n\n"
        "1. 看证书编号，能在认e云（https://cx.cnca.cn）查到。\n2. 看有效期。\n3. 按面积算桶数。\n\n"
        "· 味道小不等于没有甲醛\n· 送检报告不是证书\n\n"
        "· 15 平卧室\n  桶数：1 桶\n· 30 平客厅\n  桶数：2 桶\n\n"
        "拿不准就问一句。<b>不是标签</b>"
    )


def test_a_title_stays_one_line():
    answer = Answer("recommend", (Listing((Entry("一\n\n二\u2028三\x00四", number=1),)),))
    assert plain_text(answer, WORDING) == "1. 一 二 三 四"


def test_a_long_answer_is_cut_between_paragraphs_and_says_so():
    text = plain_text(script.LONG, WORDING)
    assert utf16_length(text) <= LIMIT
    body, _, note = text.rpartition("\n\n")
    assert note == WORDING.say("plain.cut")
    assert body.endswith("这一段说的是防水。")


@given(st.lists(st.text(max_size=3000), max_size=6))
def test_no_text_is_longer_than_a_message(texts):
    answer = Answer("faq", tuple(Say(script.text(text)) for text in texts))
    assert utf16_length(plain_text(answer, WORDING)) <= LIMIT


@given(st.text(alphabet=st.sampled_from("#*`[]()|-> \n1.甲https:/_!<"), max_size=60))
def test_any_markdown_gives_plain_text_without_marks(source):
    text = plain_text(Answer("faq", (Prose(None, source),)), WORDING)
    assert not re.search(r"^#+ ", text, re.MULTILINE)
    assert "](http" not in text


@given(st.text())
def test_one_line_is_idempotent_and_one_line(text):
    line = one_line(text)
    assert one_line(line) == line
    assert len(line.splitlines()) <= 1


def test_several_answers_are_numbered():
    text = full_text(script.SEVERAL, WORDING)
    assert [text.index(f"【第 {n} 件事】") for n in (1, 2, 3)] == sorted(
        text.index(f"【第 {n} 件事】") for n in (1, 2, 3)
    )
    assert text.count("认e云核对") == 2


def test_the_json_is_that_of_the_answer_format():
    made = answer_json("q1", script.SEVERAL, WORDING, 1.23456)
    assert json.loads(json.dumps(made)) == made
    assert list(made) == [
        *("id", "intent", "categories", "filters", "products", "text", "choices", "total", "also", "elapsed_ms"),
    ]
    assert made["filters"] == {"certified": True, "price_max": 300, "schemes": ["green_building_material"]}
    assert made["choices"] == ["再看几件", "便宜点的", "第 2 件细说"]
    assert made["elapsed_ms"] == 1.235
    assert made["text"] == plain_text(script.LIST, WORDING)
    detail, guide = made["also"]
    assert "id" not in detail
    assert guide["guides"] == ["g1"]


def test_the_json_keeps_numbers_as_numbers():
    facts = Answer(
        "calculate",
        filters={"budget": Decimal("2999.5"), "attributes": {"厚度": ("12",)}},
        quantities=({"category": "paint", "amount": Decimal(3), "area_m2": 62.5},),
        cost=Decimal("168.50"),
    )
    made = answer_json(7, facts, WORDING, 0)
    assert made["filters"] == {"budget": 2999.5, "attributes": {"厚度": ["12"]}}
    assert made["quantities"] == [{"category": "paint", "amount": 3, "area_m2": 62.5}]
    assert made["cost"] == 168.5
