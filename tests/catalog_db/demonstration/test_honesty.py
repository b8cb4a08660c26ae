"""What people read is true as far as a test can tell: nothing real is named, nothing is promised, nothing is out of date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pypinyin import lazy_pinyin

from tests.catalog_db.demonstration.conftest import Folder, in_list

REAL_BRANDS = (Path(__file__).parent / "real_brands.txt").read_text("utf-8").split()
BANNED = re.compile(
    "零甲醛|无甲醛|0甲醛|无醛|国家级|省级|市级|绝对|百分之?百|100%|第一品牌|驰名|最佳|最好的|顶级|极致|根治|永不|包治|免检|"
    "国家认证|政府认证|保证通过|无毒|零污染|零排放|全网最低|GB 18582-2020|GB 18580-2017|GB 18581-2020"
)
# Words that may stand where a text warns of them or explains them.
REFUTED = re.compile("不是市级、省级")
HAN = re.compile(r"[\u4e00-\u9fff]")


def spoken(folder: Folder) -> dict[str, str]:
    """Everything that the demonstration says itself: name → text. Questions are what people say, and stay out."""
    texts = {f"guide {name}": text for name, text in folder.guides().items()}
    texts |= {f"faq {row['id']}": row["answer"] for row in folder.rows("faqs")}
    for file, columns in {
        "products": ("title", "features", "scenes"),
        "enterprises": ("name", "intro"),
        "pavilions": ("name", "intro"),
        "services": ("name", "fee", "description"),
        "events": ("title", "description"),
        "plans": ("title", "description"),
        "rankings": ("title",),
        "pilot_regions": ("note",),
    }.items():
        for at, row in enumerate(folder.rows(file)):
            texts[f"{file} {at}"] = " ".join(row[column] for column in columns)
    return texts


def test_no_claim_goes_beyond_the_data(folder: Folder) -> None:
    said = {name: BANNED.findall(REFUTED.sub("", text)) for name, text in spoken(folder).items()}
    assert {name: words for name, words in said.items() if words} == {}


def test_no_subsidy_is_promised(folder: Folder) -> None:
    """Wherever a subsidy is named, the reader is sent to the local notice or the people who know."""
    for name, text in spoken(folder).items():
        if re.search("补贴|补助|国补|补多少", text):
            assert re.search("以.*通知为准|问村委会|问.*村|不等于", text), name


def test_stars_are_never_explained_as_levels_of_government(folder: Folder) -> None:
    for name, text in spoken(folder).items():
        for sentence in re.split("[。！？\n]", text):
            if re.search("[一二三]星", sentence) and re.search("市|省|国家级", sentence):
                assert "不是市级、省级" in sentence, name


def test_e1_is_told_with_the_new_limit(folder: Folder) -> None:
    for name, text in spoken(folder).items():
        if not name.startswith("products") and re.search("E1.{0,8}(别买|不再合规|才合规)|还可以是E1", text):
            assert "2026年6月1日" in text, name


def test_campaign_figures_carry_their_date(folder: Folder) -> None:
    for name, text in spoken(folder).items():
        for sentence in re.split("[。\n]", text):
            if re.search("4305|7284|四千三百|七千二百", sentence):
                assert "截至2023年中" in sentence, name


@pytest.mark.parametrize("real", REAL_BRANDS)
def test_no_brand_resembles_a_real_one(folder: Folder, real: str) -> None:
    """No name, nickname or title holds a real brand, and no two neighbouring syllables are a real brand's."""
    names = [word for row in folder.rows("brands") for word in (row["name"], row["aliases"])]
    for text in (*names, *folder.column("enterprises", "name")):
        assert real.lower() not in text.lower()
    syllables = lazy_pinyin(real)
    for row in folder.rows("brands"):
        mine = lazy_pinyin(row["name"])
        assert not any(mine[at : at + len(syllables)] == syllables for at in range(len(mine))), row["name"]


def test_all_is_marked_as_a_demonstration(folder: Folder) -> None:
    assert all("演示" in name for name in folder.column("enterprises", "name"))
    assert all("演示数据" in intro for intro in folder.column("enterprises", "intro"))
    assert all("演示" in name for name in folder.column("stores", "name"))
    assert all("演示" in name for name in folder.column("pavilions", "name"))
    assert all("演示" in text for text in folder.column("events", "description"))
    assert all("演示" in body for body in folder.column("certificates", "body"))
    assert all(number.startswith("DEMO-") for number in folder.column("certificates", "number"))
    assert "演示数据" in (folder.path / "datapackage.json").read_text("utf-8")


def test_nothing_leads_out_of_the_house(folder: Folder) -> None:
    """Every address is of the domain that is kept for examples; the official register is named in words."""
    for file in ("products", "enterprises", "pavilions", "events"):
        for row in folder.rows(file):
            for column in ("url", "website", "image_url", "ar_url"):
                assert not row.get(column) or row[column].startswith("https://example.org/"), row


def test_guides_fit_on_the_screen_of_a_phone(folder: Folder) -> None:
    for name, text in folder.guides().items():
        body = text.split("---\n", 2)[2]
        assert len(HAN.findall(body)) <= 450, name
        assert 4 <= len(re.findall(r"^\d\. ", body, re.MULTILINE)) <= 6, name
        assert "**避坑**" in body, name
        assert 1 <= len(re.findall(r"^- ", body, re.MULTILINE)) <= 2, name
        assert re.search(r"^summary: \S{6,}", text, re.MULTILINE), name


def test_answers_are_short_and_asked_in_several_ways(folder: Folder) -> None:
    asked: set[str] = set()
    for row in folder.rows("faqs"):
        similar = in_list(row["similar"])
        assert len(row["answer"]) <= 120, row["id"]
        assert 2 <= len(similar) <= 4, row["id"]
        assert not asked & {row["question"], *similar}, row["id"]
        asked |= {row["question"], *similar}


def test_the_matters_that_people_ask_about(folder: Folder) -> None:
    answers = " ".join(folder.column("faqs", "answer"))
    for word in ("cx.cnca.cn", "12315", "十环", "水效", "闭水", "5℃", "ENF", "化粪池", "大棚", "院墙", "定金", "认e云"):
        assert word in answers or word in " ".join(folder.column("faqs", "question")), word
