"""A thing that is told of by what it does: found where the catalogue has it, named as lacking where it has not."""

from __future__ import annotations

import pytest

from tests.features.worlds import talk


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("盛房檐水的缸", "rainwater"),
        ("拦蚊虫的网网", "screen"),
        ("抽水上楼顶的机子", "pump"),
        ("往墙上批的白粉粉", "putty"),
        ("能叫门开合的那个小零件", "hardware"),
        ("天花板上开个眼塞进去的灯", "led_down"),
        ("洗碗用的那个大槽", "sink"),
    ],
)
def test_what_it_does_names_the_thing(text: str, kind: str) -> None:
    answer, _ = talk("bundled").say(text)
    assert answer["intent"] == "recommend"
    assert answer["categories"] == [kind]


@pytest.mark.parametrize("text", ["盛房檐水的缸", "拦蚊虫的网网", "走热水烘暖的铁片片", "装粪水的大罐罐"])
def test_where_the_catalogue_lacks_it_that_is_said(text: str) -> None:
    answer, _ = talk("second").say(text)
    lists = answer["intent"] == "recommend"
    assert lists or (answer["intent"] == "not_found" and "目录里没有「" in answer["text"])
    assert answer["intent"] not in ("clarify", "out_of_scope")
