"""Words typed with wrong characters, in pinyin, with an accent: found, and only where the evidence holds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.understanding.entries import GOODS
from handlers.understanding.lexicon import Lexicon, LexiconEntry, Tables
from handlers.understanding.matching import SoundIndex, accept
from handlers.understanding.normalise import normalise
from handlers.understanding.sounds import Sounds
from handlers.understanding.spans import Span, Tier
from handlers.understanding.word_tables import WORDS, rows
from tests.batches import batches, failing

_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables.load(WORDS)


@pytest.fixture(scope="module")
def lexicon(tables: Tables) -> Lexicon:
    return Lexicon(Lexicon.load_entries(WORDS), tables)


def _products(lexicon: Lexicon, said: str) -> list[Span]:
    found = lexicon.find_spans(normalise(said))
    return [s for several in found.readings.values() for s in several if s.kind in GOODS]


@pytest.mark.parametrize("lines", batches(rows(_HERE / "lexicon_slips.tsv")))
def test_mistyped_products(lexicon: Lexicon, lines: list[list[str]]) -> None:
    def judge(line: list[str]) -> None:
        assert line[1] in {s.concept for s in _products(lexicon, line[0])}

    assert failing(lines, judge) == []


@pytest.mark.parametrize(
    ("evidence", "left", "right", "tier"),
    [
        ("=p", True, True, "soft"),
        ("p=", True, False, None),
        ("=s", True, True, "soft"),
        ("l=", True, True, "ask"),
        ("=l", True, True, None),  # the noun must hold
        ("pp", True, True, None),
        ("==p", False, True, "sure"),
        ("=p=", False, False, None),
        ("=s=", True, True, "sure"),
        ("=s=", True, False, None),
        ("pp=", True, True, "soft"),
        ("ppp", True, True, "ask"),
        ("l==", True, True, "soft"),
        ("p===", False, False, "sure"),
        ("l===", False, False, "soft"),
        ("p=p=", True, True, "sure"),
        ("p=p=", True, False, None),
        ("ll==", True, True, None),
        ("pppp", True, True, "ask"),
    ],
)
def test_acceptance_by_length_evidence_and_edges(evidence: str, left: bool, right: bool, tier: Tier | None) -> None:
    assert accept(evidence, left, right) == tier


def test_names_are_judged_more_strictly() -> None:
    assert accept("=l=", True, True) == "soft"
    assert accept("=l=", True, True, strict=True) is None
    assert accept("=p", True, True, strict=True) == "soft"


@pytest.mark.parametrize(
    ("said", "surface", "evidence"),
    [
        ("地班砖", "地板砖", "=p="),
        ("防水图料", "防水涂料", "==p="),
        ("方水涂料", "防水涂料", "p==="),
        ("黄水涂料", "防水涂料", "l==="),
    ],
)
def test_a_longer_imperfect_word_beats_a_shorter_perfect_one(
    lexicon: Lexicon, said: str, surface: str, evidence: str
) -> None:
    (span,) = _products(lexicon, said)
    assert (span.surface, span.evidence) == (surface, evidence)
    assert span.tier == ("soft" if "l" in evidence else "sure")


@pytest.mark.parametrize("said", ["26公分水龙头", "大功率电线", "保温杯", "防水材质", "新中式吸顶灯新中式", "九格墙砖"])
def test_neighbours_of_a_complete_word_are_no_slips(lexicon: Lexicon, said: str) -> None:
    assert all(s.how == "exact" for s in _products(lexicon, said))


def test_two_characters_are_only_guessed_at_while_the_rest_is_strange(lexicon: Lexicon) -> None:
    assert [s.tier for s in _products(lexicon, "马捅多少钱")] == ["soft"]
    assert [s.tier for s in _products(lexicon, "噫吁嚱，马捅多少钱")] == ["soft"]
    found = lexicon.find_spans(normalise("噫吁嚱，马捅"))
    assert not [s for s in found.spans if s.kind in GOODS]
    assert [s.concept for s in found.guesses] == ["马桶"]
    assert (4, 6) in found.residue


def test_words_to_ask_about_are_guesses_among_strange_words(lexicon: Lexicon) -> None:
    assert [s.tier for s in _products(lexicon, "水池多少钱")] == ["ask"]
    found = lexicon.find_spans(normalise("噫吁嚱水池"))
    assert not [s for s in found.spans if s.kind in GOODS]
    assert [s.concept for s in found.guesses] == ["水槽"]
    assert not [s for s in found.residue if s[1] > 3]  # a known word, though not acted upon
    assert [s.concept for s in lexicon.find_spans(normalise("水槽和水池")).spans if s.kind in GOODS] == ["水槽"]


def test_a_slip_never_cuts_a_word(lexicon: Lexicon) -> None:
    found = lexicon.find_spans(normalise("多少钱一桶油漆"))
    assert "多少钱" in {s.surface for s in found.spans}


def test_a_short_name_needs_a_product_or_a_sign(tables: Tables) -> None:
    lexicon = Lexicon([LexiconEntry("立邦", "brand", "libang"), LexiconEntry("涂料", "product", "涂料")], tables)
    assert not lexicon.find_spans(normalise("立帮我看看")).spans
    assert [s.concept for s in lexicon.find_spans(normalise("立帮涂料")).spans] == ["libang", "涂料"]
    assert [s.concept for s in lexicon.find_spans(normalise("立帮牌")).spans] == ["libang"]
    assert [s.concept for s in lexicon.find_spans(normalise("libang")).spans] == ["libang"]


def test_stars_by_accent_only_beside_goods_or_certification(lexicon: Lexicon) -> None:
    grades = [s for s in lexicon.find_spans(normalise("三心的涂料")).spans if s.kind == "grade"]
    assert [(s.concept, s.tier) for s in grades] == [("star_3", "soft")]
    assert not [s for s in lexicon.find_spans(normalise("三心二意")).spans if s.kind == "grade"]


def test_guard_words_stay_silent(tables: Tables) -> None:
    lexicon = Lexicon([LexiconEntry("福人", "product", "福人"), LexiconEntry("腻子", "product", "腻子")], tables)
    assert "夫人" in tables.guard_words
    assert not lexicon.find_spans(normalise("夫人")).spans
    assert lexicon.find_spans(normalise("逆子")).spans or "逆子" in tables.guard_words


def test_letters_inside_english_stay_letters(lexicon: Lexicon) -> None:
    for said in ["taobao", "hello", "wechat", "iphone 15", "windows", "panda", "chatgpt", "lenovo"]:
        assert _products(lexicon, said) == []


def test_initials_need_the_whole_utterance(lexicon: Lexicon) -> None:
    assert [s.tier for s in _products(lexicon, "rjq")] == ["soft"]
    assert _products(lexicon, "rjq是啥") == []


def test_index_files_words_under_every_reading() -> None:
    sounds = Sounds({"调": ("diao", "tiao"), "漆": ("qi",), "条": ("tiao",), "吊": ("diao",), "七": ("qi",)})
    index = SoundIndex(sounds)
    assert index.add("调漆")
    for written in ("条漆", "吊漆", "条七"):
        assert list(index.candidates([index.heard(c) for c in written], 0)) == ["调漆"]
    assert not index.add("龘漆")  # no reading known
    assert index.evidence("调漆", "条七") == "pp"
    assert index.evidence("调漆", "漆漆") == ""


_SOUNDS = Sounds.load(WORDS)
_WORDS = [
    "涂料",
    "防水涂料",
    "马桶",
    "瓷砖胶",
    "地板砖",
    "石膏板",
    "断桥铝",
    "美缝剂",
    "净水器",
    "灯带",
    "滑轨",
    "自流平",
]
_CHARS = (
    "涂图料聊防方黄水桶捅统马瓷词砖转专胶交焦地弟板班扳石高膏断桥侨铝吕美没缝风剂计净进器七灯登带代滑划轨鬼自流平门的"
)


@settings(max_examples=300, deadline=None)
@given(text=st.text(alphabet=_CHARS, min_size=2, max_size=8))
def test_the_index_finds_what_trying_every_word_finds(text: str) -> None:
    index = SoundIndex(_SOUNDS)
    for word in _WORDS:
        assert index.add(word)
    heard = [index.heard(c) for c in text]
    for start in range(len(text)):
        tried = {w for w in _WORDS if start + len(w) <= len(text) and index.evidence(w, text[start : start + len(w)])}
        assert tried <= set(index.candidates(heard, start))
