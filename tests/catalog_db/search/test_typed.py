"""What was typed is read as what is meant: characters, pinyin in every shape, tokens, words that mean nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_db.records import Category, Product
from catalog_db.search.folding import fold, fold_all, pieces, runs
from catalog_db.search.index import SearchIndex
from catalog_db.search.plan import MOST_UNITS, plan
from catalog_db.search.query import ProductQuery
from catalog_db.search.sounds import accent, sounds
from catalog_db.search.typed import read
from tests.catalog_db.search.goods import DAY, Goods

TITLES = {
    "a": "松晨 净味内墙乳胶漆 18L",
    "b": "松晨 LED面板灯 24W",
    "c": "河川邦 静音马桶 坑距305mm",
    "d": "云帆 PPR水管 DN20",
    "e": "绿禾 仿古地砖 800×800mm",
    "f": "绿禾 防水涂料 1.5匹 20kg",
    "g": "宋城 空气能热泵 5匹",
}


class Shelf(Goods):
    categories = {"all": Category("all", "all")}  # noqa: RUF012  # a constant of the test


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.build(Shelf([(Product(sku, title, "all"), []) for sku, title in TITLES.items()]))


def spelled(index: SearchIndex, text: str) -> str:
    """Write units as they were read: characters, <syllable|…>, [token]."""
    names = sounds().name
    return "".join(
        f"[{unit.word}]" if unit.token else chr(unit.code) if unit.code else f"<{names[unit.sounds[0]]}>"
        for unit in read(text, index.view.vocabulary)
    )


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("乳胶漆", "乳胶漆"),
        ("rujiaoqi", "<ru><jiao><qi>"),
        ("ru jiao qi", "<ru><jiao><qi>"),
        ("rjq", "<ru><jiao><qi>"),
        ("ledmianbandeng", "[led]<mian><ban><deng>"),
        ("pprshuiguan dn20", "[ppr]<shui><guan>[dn20]"),
        ("fanggudizhuan800x800mm", "<fang><gu><di><zhuan>[800x800]"),
        ("８００＊８００", "[800x800]"),
        ("1.5匹", "[1.5]匹"),
        ("xyzxyz", ""),
        ("", ""),
    ],
)
def test_units(index: SearchIndex, text: str, units: str) -> None:
    assert spelled(index, text) == units


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("乳胶漆", "a"),
        ("乳交漆", "a"),  # same sound
        ("乳胶", "a"),
        ("胶乳漆", "a"),  # swapped
        ("内墙乳胶胶漆", "a"),  # one too many
        ("rujiaoq", "a"),  # cut short
        ("songchen rujiaoqi", "a"),
        ("lanse mianbandeng", "b"),
        ("jingyin matong", "c"),
        ("马同", "c"),
        ("水管dn20", "d"),
        ("fanggudizhua800x800", "e"),
        ("黄水涂料", "f"),  # h for f, as some speak
        ("请问有没有防水涂料推荐一下", "f"),
        ("5匹热泵", "g"),
        ("空气能5匹", "g"),
    ],
)
def test_first_hit(index: SearchIndex, text: str, first: str) -> None:
    assert [hit.sku for hit in index.search(ProductQuery(DAY, text=text)).hits][:1] == [first]


@pytest.mark.parametrize("text", ["xyzzy", "今天天气", "🙂", "!!!"])
def test_what_is_not_there_is_not_found(index: SearchIndex, text: str) -> None:
    assert index.search(ProductQuery(DAY, text=text)).total == 0


@given(text=st.text(max_size=300))
def test_reading_never_fails_and_stays_small(index: SearchIndex, text: str) -> None:
    asked = plan(text * 10, index.view.vocabulary)
    assert len(asked.units) == len(asked.weights) <= MOST_UNITS
    assert sum(gram.weight for gram in asked.grams) < 65536
    index.search(ProductQuery(DAY, text=text))


PARTS = [
    "净味",
    "净位",
    "乳胶漆",
    "rujiaoqi",
    "rujiaoq",
    "rjq",
    "ru jiao qi",
    "18L",
    "800x800",
    "有没有",
    "空气能",
    "恐气能",
    "净位",
    "盲",
    "儒胶漆",
    "乳搅漆",
    "kqn 5匹",
    " ",
    "的",
]


@settings(deadline=None)  # the first one compiles
@given(text=st.lists(st.sampled_from(PARTS) | st.text(max_size=5), max_size=12).map("".join))
def test_compiled_loops_weigh_alike(index: SearchIndex, text: str) -> None:
    compiled = pytest.importorskip("catalog_db.search.compiled", reason="install the extra `fast`")
    plain, weighed = plan(text, index.view.vocabulary), compiled.WeighedPlan(text, index.view.vocabulary)
    assert weighed.units == plain.units
    assert tuple(weighed.weights) == plain.weights
    assert sorted(weighed.grams) == sorted(plain.grams)
    assert (weighed.most, weighed.evidence, weighed.doubtful) == (plain.most, plain.evidence, plain.doubtful)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert all(run in fold(text) for run, _ in runs(fold(text)))


def test_accents_merge_what_they_merge() -> None:
    assert accent("zhuang") == accent("zuan")
    assert accent("huang") == accent("fan") == accent("fang")
    assert accent("nin") == accent("ling")
    assert accent("ma") != accent("mo")


@pytest.mark.parametrize(
    ("run", "tokens"),
    [
        ("dn110", "dn110"),
        ("dn110cqc", "dn110cqc dn110 cqc"),
        ("1.0mpadn20", "1.0mpadn20 1.0mpa dn20"),
        ("1220x2440x15mmenf", "1220x2440x15mmenf 1220x2440x15 enf"),
        ("600x600led", "600x600led 600x600 led"),
        ("pvc-u", "pvc-u pvc u"),
        ("kfr-35gw/nhaa1", "kfr-35gw/nhaa1 kfr 35gw nhaa1"),
        ("5.5l", "5.5l"),
        ("hr7012b", "hr7012b"),
    ],
)
def test_what_is_glued_to_a_size_is_cut_off(run: str, tokens: str) -> None:
    assert pieces(run) == tokens.split()


@given(st.lists(st.text() | st.text("净味Ａａ1 8×*mxM，　。", max_size=12), max_size=4))
def test_one_text_folds_as_it_does_among_others(texts: list[str]) -> None:
    assert [fold(text) for text in texts] == (fold_all(texts) if texts else [])
