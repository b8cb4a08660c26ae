"""Whole sentences of pinyin are written out; English, model numbers and names are left as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import LOCALES
from handlers.understanding.lexicon import Lexicon, Tables
from handlers.understanding.normalise import normalise

LOCALE = LOCALES / "zh_Hans_CN"
LEXICON = Lexicon(Lexicon.load_entries(LOCALE), Tables.load(LOCALE))

WRITTEN = [
    ("sanbai yinei de waiqiangqi", "三百以内的外墙漆"),
    ("sanbaiyineidewaiqiangqi", "三百以内的外墙漆"),
    ("bu yao lvse de", "不要绿色的"),
    ("di er ge you renzheng ma", "第二个有认证吗"),
    ("yiqian zuoyou de matong", "一千左右的马桶"),
    ("300yinei de rujiaoqi", "300以内的乳胶漆"),
    ("ppr guan duoshao qian", "ppr管多少钱"),
    ("乳胶漆 duoshaoqian", "乳胶漆多少钱"),
    ("Zai Pianyi Dian", "再便宜点"),
]
LEFT = [
    "rujiaoqi",
    "women can sing",
    "made in china",
    "panda mini",
    "nike air max",
    "yh-305 de",
    "de20",
    "千思(qiansi)火锅",
    "奕佳(yijia)按摩器",
    "new,women,fashion",
    "sasa上衣",
    "mata mate20pro",
    "www.baidu.com",
]


@pytest.mark.parametrize(("typed", "written"), WRITTEN)
def test_sentences_are_written_out(typed, written):
    assert LEXICON.write_out(normalise(typed)).text == written


@pytest.mark.parametrize("typed", LEFT)
def test_what_is_no_sentence_of_ours_stays(typed):
    before = normalise(typed)
    assert LEXICON.write_out(before) == before


def test_what_was_said_is_kept_for_every_word():
    written = LEXICON.write_out(normalise("sanbai yinei de matong"))
    assert written.said(0, 2).strip() == "sanbai"
    assert written.said(len(written.text) - 2, len(written.text)) == "matong"


@given(st.text(alphabet="abcdefghilmnoqrstuwxyz '0123456789.-三百马桶的", max_size=40))
def test_offsets_fit_whatever_is_typed(typed):
    written = LEXICON.write_out(normalise(typed))
    assert len(written.offsets) == len(written.text) + 1
    assert list(written.offsets) == sorted(written.offsets)
    assert written.offsets[-1] <= len(typed)
