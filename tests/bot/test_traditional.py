"""Traditional characters: what one character for several leads astray, and that what is committed is what the tool makes."""

from __future__ import annotations

import pytest

from benchmarks.traditional import made
from bot.english import in_chinese
from bot.languages import CODES, SPOKEN, locale_of_code, locale_of_text
from bot.locales import read_pairs
from bot.traditional import FOLDER, Traditional, load_traditional
from bot.wording import load_wording
from handlers.understanding.normalise import normalise

PAIRS = """
里面=裡面 目录里=目錄裡 村里=村裡 公里=公里 里程=里程 邻里=鄰里 七里河区=七里河區 巴里坤=巴里坤
发证=發證 开发=開發 头发=頭髮 发票=發票 假发票=假發票 发霉=發黴
墙面=牆面 面条=麵條 面粉=麵粉 台面=檯面 面积=面積
只看=只看 一只=一隻 只要=只要 这只=這隻
阳台=陽台 窗台=窗台 柜台=櫃檯 台风=颱風 台州=台州 烟台=煙台 一台=一台
复合=複合 重复=重複 恢复=恢復 回复=回覆 干湿=乾濕 干活=幹活 没干=沒乾 冲水=沖水 冲不下=沖不下 抗冲击=抗衝擊
采光=採光 精彩=精彩 定制=定製 控制=控制 标志=標誌 签字=簽字 标签=標籤 尽管=儘管 关系=關係 系列=系列 松动=鬆動 松木=松木
准备=準備 批准=批准 了解=了解 周末=週末 周围=周圍 余姚=餘姚 沈阳=瀋陽 云南=雲南 认e云=認e雲 家具=家具 水表=水錶 后面=後面 皇后=皇后
"""


@pytest.mark.parametrize("pair", PAIRS.split())
def test_one_for_several(pair: str) -> None:
    simplified, traditional = pair.split("=")
    assert load_traditional().write(simplified) == traditional


def test_what_is_committed_is_what_the_tool_makes() -> None:
    """After a change of zh_Hans_CN: ./run bench traditional."""
    for name, text in made().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, name
    assert {f"LC_MESSAGES/{file.name}" for file in (FOLDER / "LC_MESSAGES").iterdir()} <= set(made())


def test_what_we_write_in_traditional_we_understand() -> None:
    """Every menu label and example reads as the Simplified one does."""
    write = load_traditional().write
    for key, said in load_wording().messages.items():
        if key.startswith(("example.", "telegram.menu.", "choice.")) and "{" not in said:
            assert normalise(write(said)).text == normalise(said).text, said


def test_lengths_stay_and_latin_is_left_alone() -> None:
    assert Traditional({"头发": "頭髮"}, {"发": "發"}).write("头发发 PPR 20mm") == "頭髮發 PPR 20mm"
    pairs = [*read_pairs(FOLDER / "words.tsv"), *read_pairs(FOLDER / "characters.tsv")]
    assert all(len(one) == len(other) for one, other in pairs)


def test_codes_of_languages() -> None:
    assert set(CODES.values()) <= set(SPOKEN)
    assert [locale_of_code(code) for code in ("zh-Hant-HK", "zh_TW", "zh-Hans-SG", "en", "pt-br", None)] == [
        "zh_Hant", "zh_Hant", "zh_Hans_CN", "en", "en", "zh_Hans_CN",
    ]  # fmt: skip
    assert [locale_of_text(text) for text in ("toilet", "马桶", "馬桶", "瓷砖 tile", "塗料")] == [
        None, "zh_Hans_CN", "zh_Hant", "zh_Hans_CN", "zh_Hant",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "understood"),
    [
        ("certified tiles under 300", "有认证的瓷砖300元以内"), ("Show me the cheapest toilets!", "最便宜的马桶"),
        ("toilet 1000", "马桶1000"), ("how are you", None), ("", None), ("300", None), ("瓷砖 tile", None), ("tile " * 99, None),
    ],
)  # fmt: skip
def test_short_requests_in_english(said: str, understood: str | None) -> None:
    assert in_chinese(said) == understood
