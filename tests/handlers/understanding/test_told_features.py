"""What goods should do or not do, said in a sentence: the property that it stands for, and what only sounds like one."""

from __future__ import annotations

import re

import pytest

from handlers.understanding.word_tables import WORDS, rows
from tests.handlers.conversation import read


@pytest.mark.parametrize(
    ("text", "features"),
    [
        ("龙头的头子能拽出来的", ("可抽拉",)),
        ("墙砖，一抹就干净的", ("易清洁",)),
        ("地板，狗刨不花的", ("耐磨",)),
        ("墙漆，刷完闻不到味道", ("净味",)),
        ("太阳能热水器，零下十几度照样用", ("防冻",)),
        ("窗户要挡得住马路上的噪音", ("隔音",)),
        ("楼道灯，人一走近就亮", ("人体感应",)),
    ],
)
def test_what_goods_should_do_is_a_property(text: str, features: tuple[str, ...]) -> None:
    slots = read(text).slots
    told = (*slots.values.get("features", ()), *slots.values.get("wishes", ()))
    alike = [other for several in slots.values.get("alike", {}).values() for other in several]
    assert set(features) & {*told, *alike, *(part for word in told for part in word.split("|"))}


@pytest.mark.parametrize(
    "text",
    [
        "马桶冲水没劲怎么办", "厨房墙上一层油", "太阳能热水器多少钱", "灯一闪一闪的咋回事", "水压不够换啥", "防水涂料", "车库地面起灰",
        "防水几个小时干", "墙漆几小时能干透", "窗户透风", "门关不上", "水管冻裂了", "墙上发霉", "雨水管", "大棚膜多少钱一卷",
    ],
)  # fmt: skip
def test_troubles_and_goods_are_no_property_wished_for(text: str) -> None:
    assert not any(span.kind == "feature" and "|" in span.concept for span in read(text).found.spans)


def test_every_sentence_can_be_read_and_stands_in_order() -> None:
    table = [tuple(row[:2]) for row in rows(WORDS / "told_features.tsv")]
    assert table == sorted(table)
    assert all(features and re.compile(pattern) for features, pattern in table)
    assert len(table) > 60
