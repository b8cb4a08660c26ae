"""Normalisation: one form, offsets that lead back to what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.understanding.normalise import LONGEST, normalise
from handlers.understanding.word_tables import WORDS, rows

FORMS = {
    "８００＊８００的瓷磚": "800x800的瓷砖",
    "乳 膠 漆": "乳胶漆",
    "龙头 200块": "龙头 200块",
    "PPR 管": "ppr 管",
    "有有有有没有": "有没有",
    "在吗？？？？": "在吗?",
    "1️⃣和③": "1和3",
    "三十㎡": "三十m2",
    "½桶": "0.5桶",
    "2½桶": "2.5桶",
    "Ⅲ级": "3级",
    "II级水效": "2级水效",
    "🚽坏了": "马桶坏了",
    "好😀的": "好的",
    "⼀⽔": "一水",
    "⻔窗": "门窗",
    "二〇二六": "二零二六",
    "2。5米": "2.5米",
    "好的。5米": "好的。5米",
    "¥300—500～600": "¥300-500~600",
    "￥300": "¥300",
    "Ø20": "φ20",
    "★☆⭐": "★★★",
    "lǜ sè": "lv se",
    "马\u200b桶\ufeff": "马桶",
    "「防水」涂料": '"防水"涂料',
    "牆面乾了": "墙面干了",
    "陕西乾县": "陕西乾县",
    "  门  窗  ": "门窗",
    "瓷砖\n\n马桶": "瓷砖\n马桶",
    "138****1234": "138****1234",
    "三三三": "三三三",
    "": "",
    "   ": "",
    "𠀀": "𠀀",
}


@pytest.mark.parametrize(("raw", "text"), FORMS.items())
def test_one_form(raw, text):
    assert normalise(raw).text == text


def test_the_persons_own_words_come_back():
    found = normalise("我想要 乳 膠 漆，８００＊８００的瓷磚")
    assert found.said(found.text.index("乳"), found.text.index("漆") + 1) == "乳 膠 漆"
    at = found.text.index("800x800")
    assert found.said(at, at + len("800x800")) == "８００＊８００"
    emoji = normalise("换🚽呗")
    assert emoji.said(1, 3) == "🚽"


def test_only_so_much_is_read():
    long = normalise("水" + "泥砂" * 5_000)
    assert long.cut
    assert len(long.text) == LONGEST
    assert not normalise("水泥").cut


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(raw):
    once = normalise(raw)
    assert normalise(once.text).text == once.text


@given(st.text(max_size=60))
def test_offsets_lead_back(raw):
    found = normalise(raw)
    assert len(found.offsets) == len(found.text) + 1
    assert list(found.offsets) == sorted(found.offsets)
    assert all(0 <= offset <= len(raw) for offset in found.offsets)


def test_the_character_table_is_sorted_unique_and_has_no_chains():
    table = [(said, simple) for said, simple, _ in rows(WORDS / "characters.tsv")]
    keys = [said for said, _ in table]
    assert keys == sorted(set(keys))
    assert not {simple for _, simple in table} & set(keys)
    assert all(len(said) == len(simple) == 1 for said, simple in table)


def test_simplified_text_stays_as_it_is():
    probes = "塘口么 饿了么 原著 桌布 蚌埠 行程开关 文件 核心 小程序 坏 什么 后来 面条 干净 发霉 里面 台面 系统 只要 咸 周 余 沈"
    assert normalise(probes.replace(" ", "，")).text == probes.replace(" ", ",")


def test_traditional_words_of_the_trade():
    said = "塗料 門窗 馬桶 燈 牆磚 廚櫃 鋁門 防水膠 環保認證 節水龍頭 傢俬 熱水器 發霉 衛生間 檯面"
    simple = "涂料 门窗 马桶 灯 墙砖 厨柜 铝门 防水胶 环保认证 节水龙头 家私 热水器 发霉 卫生间 台面"
    assert normalise(said.replace(" ", "，")).text == simple.replace(" ", ",")


def test_the_characters_agree_with_opencc():
    """The table was made from OpenCC's; what differs is marked as ours. An upgrade that changes a meaning shows here."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    differing = [
        (said, simple, convert(said))
        for said, simple, note in rows(WORDS / "characters.tsv")
        if not note and convert(said) != simple
    ]
    assert differing == []


@pytest.mark.parametrize("name", ["characters.tsv", "emoji.tsv", "numerals.tsv", "units.tsv"])
def test_no_word_stands_twice_in_a_table(name):
    words = [cells[0] for cells in rows(WORDS / name)]
    assert len(words) == len(set(words)) > 10


def test_a_malformed_table_is_named(tmp_path):
    table = tmp_path / "broken.tsv"
    table.write_text("from\tto\n甲\t乙\t丙\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.tsv, line 2"):
        list(rows(table))
