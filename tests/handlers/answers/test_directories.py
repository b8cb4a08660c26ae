"""Shops, pavilions, makers, services, events: by place and time, and said when the place was widened."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.answer_parts.place_matching import match_place, reaches, widenings
from handlers.context.time_windows import window_of
from tests.handlers.answers.conftest import CHINA


def test_places_widen_step_by_step():
    assert widenings("370783") == ["370783", "370700", "370000"]
    assert widenings("370000") == ["370000"]


@pytest.mark.parametrize(
    ("codes", "place", "there"),
    [
        (("370000",), "370783", True),
        (("370783",), "370000", True),
        (("100000",), "370783", True),
        ((), "370783", True),
        (("330000",), "370783", False),
    ],
)
def test_at_above_or_below(codes, place, there):
    assert reaches(codes, place) is there


def test_nearer_things_come_first():
    found = match_place(["100000", "370783", "370000"], lambda code: (code,), "370783")
    assert found.found == ("370783", "370000", "100000")
    assert not found.widened


# --- shops


def test_the_shop_of_the_county(ask, text_of):
    answer = ask("stores", "寿光有店吗", place="370783")
    assert answer.stores == ("m1",)
    assert "08:00-18:00" in text_of(answer)


def test_a_wider_place_is_said(ask, text_of):
    answer = ask("stores", "昌乐有店吗", place="370725")
    assert answer.stores == ("m1", "m2")
    assert "没有查到店，放大到" in text_of(answer)


def test_a_shop_without_categories_sells_everything(ask):
    assert ask("stores", "哪儿看马桶", place="370700", categories=("toilet",)).stores == ("m2",)


def test_the_kind_of_shop(ask):
    assert ask("stores", "有超级体验店吗", place="370700").stores == ("m2",)


def test_no_shop_in_the_province_is_said(ask, text_of):
    answer = ask("stores", "有店吗", place="510322")
    assert answer.stores == ()
    assert "目录里没有" in text_of(answer) and "全省的也没有" in text_of(answer)


def test_no_place_is_asked_for(ask):
    answer = ask("stores", "哪里有店")
    assert answer.intent == "clarify"
    assert all(choice.action.name == "stores" for choice in answer.choices)


# --- pavilions and pilot regions


def test_the_pavilion_above_the_county(ask):
    assert ask("pavilion", "我们县的馆", place="370783").pavilions == ("v1",)


def test_the_pavilion_by_name(ask):
    assert ask("pavilion", "看看山东馆").pavilions == ("v1",)


def test_a_region_without_one_is_told_so(ask, text_of):
    answer = ask("pavilion", "四川馆", place="510000")
    assert answer.pavilions == ()
    assert "还没有馆" in text_of(answer)


def test_a_pilot_region_has_batch_and_date(ask, text_of):
    answer = ask("pavilion", "寿光算试点吗", place="370783")
    assert answer.regions == ("370000",)
    assert "首批" in text_of(answer) and "2022年6月7日" in text_of(answer)


def test_no_pilot_region_is_not_shut_out(ask, text_of):
    text = text_of(ask("pavilion", "安吉是试点吗", place="330523"))
    assert "试点名单里没有" in text and "2024 年起活动在全国开展" in text


# --- makers


def test_facts_of_a_maker_and_no_judgement(ask, text_of):
    answer = ask("enterprise", "溪声是哪的厂", brands=("b2",))
    assert answer.enterprises == ("e2",)
    text = text_of(answer)
    assert "浙江" in text and "在售 5 款，现在有证的 3 款" in text and "不等于产品都有证" in text


@pytest.mark.parametrize(
    ("meaning", "makers"),
    [
        ({"batch": "首批"}, ("e1",)),
        ({"categories": ("toilet",)}, ("e2",)),
        ({"batch": "首批", "categories": ("latex",)}, ("e1",)),
        ({"origin": "330000"}, ("e2",)),
        ({"batch": "首批", "categories": ("toilet",)}, ()),
    ],
)
def test_makers_by_batch_category_and_place(ask, meaning, makers):
    assert ask("enterprise", "有哪些厂", **meaning).enterprises == makers


# --- services


def test_the_service_of_the_category(ask, text_of):
    answer = ask("service", "马桶安装费", categories=("toilet",))
    assert answer.services == ("s2",)
    assert "90元" in text_of(answer) and "送到并装好" in text_of(answer)


def test_delivery_by_place(ask, text_of):
    assert ask("service", "送货吗", place="370783").services == ("s1",)
    text = text_of(ask("service", "送货吗", place="510322"))
    assert "我不清楚" in text


def test_an_unknown_service_is_said_to_be_unknown(ask, text_of):
    answer = ask("service", "灯给装吗", categories=("lamp",))
    assert answer.services == ()
    assert "没有标明" in text_of(answer)


# --- events


@pytest.mark.parametrize(
    ("said", "meaning", "events"),
    [
        ("今晚有直播吗", {}, ("x1",)),
        ("今天有啥活动", {}, ("x1", "x2", "x5")),
        ("周末打折吗", {"categories": ("latex",)}, ("x2",)),
        ("下周末有集吗", {}, ("x3", "x5")),
        ("下个月有什么活动", {}, ("x6", "x5")),
        ("寿光大集是哪天", {"place": "370783"}, ("x3",)),
        ("有没有直播", {}, ("x1",)),
        ("有优惠吗", {"categories": ("tile",)}, ()),
        ("国庆地板节还有吗", {}, ("x4",)),
        ("国庆那场木地板优惠还有不", {"categories": ("floor",)}, ("x4",)),
        ("腊八灯会几点开始", {}, ()),
    ],
)
def test_events_by_time_kind_and_name(ask, said, meaning, events):
    assert ask("event", said, **meaning).events == events


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("今晚有直播吗", "22 18:00", "22 23:59"),
        ("明天呢", "23 00:00", "23 23:59"),
        ("这周末", "21 00:00", "22 23:59"),
        ("下周末", "28 00:00", "29 23:59"),
        ("下周有啥", "23 00:00", "29 23:59"),
        ("周三的直播", "25 00:00", "25 23:59"),
        ("下周三", "25 00:00", "25 23:59"),
        ("28号有集吗", "28 00:00", "28 23:59"),
        ("11月30日", "30 00:00", "30 23:59"),
        ("12月有啥", "01 00:00", "31 23:59"),
    ],
)
def test_spans_of_time(said, first, last):
    window = window_of(said, datetime(2026, 11, 22, 12, tzinfo=CHINA))
    assert window is not None
    assert (f"{window.start:%d %H:%M}", f"{window.end:%d %H:%M}") == (first, last)


@pytest.mark.parametrize("said", ["有没有直播", "2月30号", "三号线", "装修周期多长"])
def test_no_span_of_time(said):
    assert window_of(said, datetime(2026, 11, 22, 12, tzinfo=CHINA)) is None


def test_what_is_over_is_said_to_be_over(ask, text_of):
    assert "已经结束" in text_of(ask("event", "国庆地板节还有吗"))


def test_an_event_of_another_place_is_not_shown(ask):
    assert "x3" not in ask("event", "这个月有赶集吗", place="330523").events


def test_goods_of_an_event_are_counted_by_certificate(ask, text_of):
    assert "2 款里，现在有证的 2 款" in text_of(ask("event", "今晚直播"))


def test_evening_begins_at_six(ask):
    assert ask("event", "今晚有直播吗", hour=22).events == ()
