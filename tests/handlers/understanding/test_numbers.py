"""Numbers as Chinese speakers write them."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.understanding.numbers import LARGEST, parse_number, to_chinese

READ = {
    "一百二": 120,
    "一百零二": 102,
    "一百二十": 120,
    "一千零五十": 1050,
    "一千二": 1200,
    "三万二": 32_000,
    "三万零二": 30_002,
    "1万5": 15_000,
    "2千5": 2_500,
    "3百5": 350,
    "1千2百": 1_200,
    "1万500": 10_500,
    "1.5万": 15_000,
    "三点五万": 35_000,
    "三点五": "3.5",
    "三点一四": "3.14",
    "两千": 2_000,
    "俩": 2,
    "仨": 3,
    "廿": 20,
    "廿五": 25,
    "卅": 30,
    "半": "0.5",
    "十": 10,
    "十五": 15,
    "二十五": 25,
    "一百一十五": 115,
    "一百十五": 115,
    "二零二六": 2026,
    "一二三": 123,
    "一亿二": 120_000_000,
    "三百五十万": 3_500_000,
    "伍佰": 500,
    "壹万贰仟": 12_000,
    "3,000": 3_000,
    "12.5": "12.5",
    "零": 0,
}
NO_NUMBERS = [
    "",
    "三五百",
    "三五",
    "百二",
    "百",
    "万",
    "点",
    "三点",
    "半半",
    "一百二百",
    "十十",
    "三棵",
    "一 二",
    "一点",
    "1.2.3",
    "一百一百",
    "一" * 2_000,
    "百" * 500,
]


@pytest.mark.parametrize(("text", "value"), READ.items())
def test_read(text, value):
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_number(text):
    assert parse_number(text) is None


@given(st.integers(0, 10**8))
@example(10**8)
@example(10_010)
@example(105_000)
@example(100_000_000 - 1)
def test_round_trip(number):
    assert parse_number(to_chinese(number)) == number


def test_every_number_to_ten_thousand():
    assert all(parse_number(to_chinese(number)) == number for number in range(10_001))


def test_written_as_people_write():
    assert [to_chinese(n) for n in (0, 10, 12, 20, 105, 120, 1_050, 10_005, 15_000, 100_000_000)] == [
        "零",
        "十",
        "十二",
        "二十",
        "一百零五",
        "一百二十",
        "一千零五十",
        "一万零五",
        "一万五千",
        "一亿",
    ]


@pytest.mark.parametrize("number", [-1, LARGEST])
def test_out_of_range_is_told(number):
    with pytest.raises(ValueError, match=str(number)):
        to_chinese(number)


@given(st.text(alphabet="零一二两三四五六七八九十百千万亿半点廿0123456789.,", max_size=40))
def test_never_raises(text):
    value = parse_number(text)
    assert value is None or value >= 0
