"""Places in sentences: those that are meant, and words that only look like one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_db.places import load_places
from handlers.understanding.normalise import normalise
from handlers.understanding.places import find_places

LINES = (Path(__file__).parent / "places.tsv").read_text(encoding="utf-8").splitlines()
CASES = [tuple(line.split("\t")) for line in LINES if line and not line.startswith("#")][1:]


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_places(text, wanted):
    found = find_places(normalise(text).text)
    said = [f"{place.surface}{'' if place.sure else '?'}={','.join(place.adcodes)}" for place in found]
    assert said == wanted.split()


def test_the_corpus_is_large():
    assert len({text for text, _ in CASES}) == len(CASES) >= 60


def test_a_township_of_many_counties_is_not_sure_without_its_county():
    (place,) = find_places("双桥镇送不送")
    assert len(place.adcodes) > 5
    assert not place.sure
    assert len(find_places("江西万载双桥镇送不送")[0].adcodes) == 1


def test_what_is_near_comes_first():
    (place,) = find_places("朝阳有店吗", near="110101")
    assert place.adcodes[0] == "110105"
    (place,) = find_places("双桥镇送不送", near="360900")
    assert place.adcodes[0] == "360922"


def test_blocked_words_hold_no_place():
    assert find_places("义乌牌的灯", [(0, 3)]) == []


@pytest.mark.parametrize("word", ["北京时间", "如皋蜂蜜", "寿光的", "山东", "江苏省"])
def test_spans_are_the_words(word):
    for place in find_places(word):
        assert word[place.start : place.end] == place.surface


@given(
    st.lists(
        st.sampled_from(
            [
                "江苏",
                "省",
                "南通",
                "市",
                "如皋",
                "朝阳",
                "区",
                "县",
                "镇",
                "乡",
                "在",
                "的",
                "大理",
                "石",
                "平",
                "100",
                "开封",
                "街道",
                "有",
                "店",
                ",",
            ]
        ),
        max_size=10,
    ),
    st.integers(0, 10),
)
def test_any_text_gives_ordered_spans_with_known_codes(pieces, start):
    text = "".join(pieces)
    end = 0
    for place in find_places(text, [(start, start + 2)]):
        assert end <= place.start < place.end <= len(text)
        end = place.end
        assert place.end <= start or place.start >= start + 2
        assert place.adcodes
        assert all(code in load_places() for code in place.adcodes)
