"""Sentences about notebooks: what they mean, and what is none."""

from __future__ import annotations

import pytest

from handlers.phrases.ambassadors import read_ambassador, read_application
from handlers.phrases.notebooks import read_notebook

KNOWN = ("二狗",)

SAID = [
    ("帮张大爷查", "open", "张大爷", ""),
    ("帮张大爷看看500以内的马桶", "open", "张大爷", "500以内的马桶"),
    ("帮张大爷家看看三百以内的马桶", "open", "张大爷", "三百以内的马桶"),
    ("幫李嬸看看瓷磚", "open", "李婶", "瓷砖"),
    ("给隔壁王婶找个乳胶漆", "open", "隔壁王婶", "乳胶漆"),
    ("替老李家问问水泥多少钱", "open", "老李家", "水泥多少钱"),
    ("再帮李婶算刷墙120平要几桶", "open", "李婶", "算刷墙120平要几桶"),
    ("换到李婶", "open", "李婶", ""),
    ("换到李婶，要便宜点的", "open", "李婶", "要便宜点的"),
    ("帮王建国查", "open", "王建国", ""),
    ("新本子 王建国", "open", "王建国", ""),
    ("给二狗开个本子", "open", "二狗", ""),
    ("帮二狗看看水泥", "open", "二狗", "水泥"),
    ("二狗：水泥多少钱", "open", "二狗", "水泥多少钱"),
    ("打开李婶的本子", "open", "李婶", ""),
    ("帮三叔看看门", "open", "三叔", "门"),
    ("回到我自己", "home", "", ""),
    ("换回我自己的", "home", "", ""),
    ("不帮他查了", "home", "", ""),
    ("改名叫张老汉", "rename", "张老汉", ""),
    ("把张大爷改成张老汉", "rename", "张老汉", ""),
    ("合上。", "close", "", ""),
    ("合上张大爷的本子", "close", "张大爷", ""),
    ("擦掉", "erase", "", ""),
    ("擦掉李婶的本子", "erase", "李婶", ""),
    ("我的本子", "list", "", ""),
    ("现在是谁的本子", "where", "", ""),
]

NONE = [
    "帮我看看500以内的马桶", "帮忙看看马桶", "换成白色的", "换马桶", "给老人装个起夜的灯", "墙一擦掉白灰", "删掉", "笔记本",
    "给我看看瓷砖", "马桶", "帮我妈看看马桶", "给孩子房间选漆", "帮黄水涂料查", "换个牌子", "给屋里刷漆", "王大爷", "三星的",
    "给厨房看看瓷砖", "改成三百以内", "关上门漏风", "换到500以内", "老房看看漆", "帮他看看",
]  # fmt: skip


@pytest.mark.parametrize(("said", "op", "name", "rest"), SAID)
def test_what_a_sentence_means(said: str, op: str, name: str, rest: str) -> None:
    phrase = read_notebook(said, KNOWN)
    assert phrase is not None
    assert (phrase.op, phrase.get("name"), phrase.get("rest")) == (op, name, rest)


@pytest.mark.parametrize("said", NONE)
def test_what_is_none(said: str) -> None:
    assert read_notebook(said, KNOWN) is None


def test_the_public_cases_and_openings_open_no_notebook() -> None:
    from pathlib import Path

    openings = (Path(__file__).parent.parent / "cases" / "openings.txt").read_text(encoding="utf-8").splitlines()
    found = [line for line in openings if not line.startswith("#") and read_notebook(line) is not None]
    assert found == []


@pytest.mark.parametrize(
    ("said", "op"),
    [
        ("我想当推广员", "join"),
        ("怎么申请当推广员", "join"),
        ("推广员菜单", "menu"),
        ("不当推广员了", "leave"),
        ("我的链接", "link"),
    ],
)
def test_what_an_ambassador_says(said: str, op: str) -> None:
    phrase = read_ambassador(said)
    assert phrase is not None and phrase.op == op


def test_an_application_has_a_name_and_a_village() -> None:
    assert read_application("张秀英 兰考县张庄村") == ("张秀英", "兰考县张庄村")
    assert read_application("张秀英，兰考县 张庄村") == ("张秀英", "兰考县张庄村")
    assert read_application("张秀英") is None
    assert read_application("") is None
    assert read_application("张" * 30 + " 村") is None
