"""The lexicon: words found as spelled, frames, tails, readings, what is left over, and the files themselves."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.understanding.entries import GOODS, POLICIES
from handlers.understanding.lexicon import Found, Lexicon, LexiconEntry, LexiconError, Tables
from handlers.understanding.normalise import normalise
from handlers.understanding.spans import Span
from handlers.understanding.word_tables import WORDS, rows
from tests.batches import batches, failing

_HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def tables() -> Tables:
    return Tables.load(WORDS)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return _shared()


@cache
def _shared() -> Lexicon:
    return Lexicon(Lexicon.load_entries(WORDS), Tables.load(WORDS))


def _goods(found: Found) -> set[str]:
    return {s.concept for several in found.readings.values() for s in several if s.kind in GOODS}


def _find(lexicon: Lexicon, said: str) -> Found:
    return lexicon.find_spans(normalise(said))


@pytest.mark.parametrize("lines", batches(rows(_HERE / "lexicon_dialect.tsv")))
def test_regional_words(lexicon: Lexicon, lines: list[list[str]]) -> None:
    def judge(line: list[str]) -> None:
        said, concept, region = line[:3]
        found = _find(lexicon, said)
        assert concept in _goods(found)
        assert region in {s.region for several in found.readings.values() for s in several if s.concept == concept}

    assert failing(lines, judge) == []


@pytest.mark.parametrize("lines", batches((_HERE / "lexicon_silent.txt").read_text(encoding="utf-8").splitlines()[1:]))
def test_everyday_sentences_name_no_product(lexicon: Lexicon, lines: list[str]) -> None:
    def named(said: str) -> list[Span]:
        found = _find(lexicon, said)
        kinds = GOODS | {"symptom", "grade"}
        return [s for s in found.spans if s.kind in kinds and (s.start, s.end) not in found.tails]

    assert failing(lines, named) == []


@pytest.mark.parametrize("lines", batches(rows(_HERE / "lexicon_frames.tsv")))
def test_what_stands_beside_a_product(lexicon: Lexicon, lines: list[list[str]]) -> None:
    def judge(line: list[str]) -> None:
        said, concept, tail = line[:3]
        found = _find(lexicon, said)
        span = next((s for s in found.spans if s.kind in GOODS and s.concept == concept), None)
        assert span is not None
        behind = found.tails.get((span.start, span.end))
        assert (behind.concept if behind else "") == tail

    assert failing(lines, judge) == []


def test_the_last_of_two_products_is_sold(lexicon: Lexicon) -> None:
    found = _find(lexicon, "瓷砖美缝剂多少钱")
    first, second = [s for s in found.spans if s.kind in GOODS]
    assert (first.concept, second.concept) == ("瓷砖", "美缝剂")
    assert found.tails[first.start, first.end].concept == "product"
    assert (second.start, second.end) not in found.tails


def test_a_product_cuts_no_brand_short_of_which_the_rest_is_goods(lexicon: Lexicon) -> None:
    more = lexicon.extended([LexiconEntry("溪上", "brand", "b1", "sure", "")])
    assert [(s.kind, s.surface) for s in _find(more, "溪上水管多少钱").spans[:2]] == [
        ("brand", "溪上"),
        ("product", "水管"),
    ]
    assert _find(more, "买上水管").spans[-1].surface == _find(lexicon, "买上水管").spans[-1].surface


def test_a_list_is_no_chain(lexicon: Lexicon) -> None:
    found = _find(lexicon, "瓷砖和水泥")
    assert [s.concept for s in found.spans if s.kind in GOODS] == ["瓷砖", "水泥"]
    assert not found.tails


@pytest.mark.parametrize(
    "said",
    [
        "换门多少钱",
        "门",
        "买个灯",
        "有瓦吗",
        "我要买灯",
        "白的门",
        "灯坏了",
        "防盗门，锁",
        "选漆",
        "600x600砖",
        "5w灯",
        "立邦漆",
    ],
)
def test_one_character_in_a_frame(lexicon: Lexicon, said: str) -> None:
    assert any(s.kind in GOODS and s.end - s.start == 1 for s in _find(lexicon, said).spans)


@pytest.mark.parametrize(
    "said", ["厦门", "门神", "千瓦", "1500瓦", "灯下", "台灯谜", "上锁", "油漆黑", "瓦岗寨", "门阀制度"]
)
def test_one_character_inside_another_word(lexicon: Lexicon, said: str) -> None:
    assert not any(s.kind in GOODS and s.end - s.start == 1 for s in _find(lexicon, said).spans)


def test_spans_carry_the_persons_words(lexicon: Lexicon) -> None:
    normalised = normalise("想買 乳 膠 漆！")
    found = lexicon.find_spans(normalised)
    span = next(s for s in found.spans if s.kind in GOODS)
    assert (span.concept, span.how, span.tier) == ("乳胶漆", "exact", "sure")
    assert normalised.said(span.start, span.end) == "乳 膠 漆"


def test_a_word_does_not_bridge_the_space_between_two_words(lexicon: Lexicon) -> None:
    assert "水泥" not in _goods(_find(lexicon, "买水 泥土"))
    assert "防水涂料" in _goods(_find(lexicon, "防水 涂料"))


def test_residue_is_what_no_word_covers(lexicon: Lexicon) -> None:
    text = "乳胶漆噫吁嚱多少钱"
    found = lexicon.find_spans(normalise(text))
    assert [text[a:b] for a, b in found.residue] == ["噫吁嚱"]


def test_spans_do_not_overlap_and_stand_in_order(lexicon: Lexicon) -> None:
    found = _find(lexicon, "卫生间防滑地砖和儿童房净味乳胶漆哪个牌子好，马捅呢")
    ends = [0, *(s.end for s in found.spans)]
    assert all(start >= end for start, end in zip((s.start for s in found.spans), ends, strict=False))
    assert all(found.readings[s.start, s.end][0] == s for s in found.spans)


def test_blocked_places_belong_to_others(lexicon: Lexicon) -> None:
    text = "水泥编号水泥2"
    found = lexicon.find_spans(normalise(text), blocked=[(4, 7)])
    assert [(s.start, s.end) for s in found.spans if s.kind in GOODS] == [(0, 2)]


def test_one_place_keeps_all_its_kinds(tables: Tables) -> None:
    lexicon = Lexicon([LexiconEntry("防水", "feature", "防水"), LexiconEntry("防水", "category", "waterproof")], tables)
    found = lexicon.find_spans(normalise("防水"))
    assert [s.kind for s in found.readings[0, 2]] == ["category", "feature"]
    assert [s.kind for s in found.spans] == ["category"]


def test_the_running_topic_wins_a_tie(tables: Tables) -> None:
    lexicon = Lexicon([LexiconEntry("石材", "product", "甲"), LexiconEntry("石材", "product", "乙")], tables)
    assert lexicon.find_spans(normalise("石材"), topic=["乙"]).readings[0, 2][0].concept in {"甲", "乙"}
    mistyped = normalise("石才")
    assert lexicon.find_spans(mistyped, topic=["乙"]).spans[0].concept == "乙"
    assert lexicon.find_spans(mistyped, topic=["甲"]).spans[0].concept == "甲"


def test_other_readings_of_a_slip_are_kept(tables: Tables) -> None:
    lexicon = Lexicon([LexiconEntry("灯管", "product", "灯管"), LexiconEntry("灯罐", "product", "灯罐")], tables)
    found = lexicon.find_spans(normalise("登管"))
    assert found.spans[0].concept == "灯管"
    found = lexicon.find_spans(normalise("灯馆"))
    assert {found.spans[0].concept, *(s.concept for s in found.alternatives)} == {"灯管", "灯罐"}


def test_extended_finds_the_new_word_and_keeps_the_old(lexicon: Lexicon) -> None:
    more = lexicon.extended([LexiconEntry("抹墙泥膏", "product", "腻子", "sure", "鲁")])
    assert "腻子" in _goods(_find(more, "抹墙泥膏多少钱"))
    assert "腻子" not in _goods(_find(lexicon, "抹墙泥膏多少钱"))
    assert "水泥" in _goods(_find(more, "水泥"))


@pytest.mark.parametrize(
    "said",
    [
        "",
        " ",
        "?",
        "a",
        "😀",
        "的",
        "12345",
        "x" * 3000,
        "门" * 500,
        "\n\n",
        "马" + "桶" * 30,
        "水泥" * 900,
        "matong" * 300,
        "乳 胶 漆 " * 300,
        "马tong" * 300,
    ],
)
def test_any_text_is_read(lexicon: Lexicon, said: str) -> None:
    assert isinstance(_find(lexicon, said), Found)


_PIECES = st.sampled_from(
    [
        "防水",
        "涂料",
        "图料",
        "马捅",
        "门",
        "灯",
        "的",
        " ",
        "  ",
        "，",
        "matong",
        "rujiaoqi",
        "led",
        "x",
        "7",
        "瓷砖",
        "胶",
        "乳",
        "三心",
        "刷",
        "夫人",
        "别墅",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    pieces=st.lists(_PIECES, max_size=12),
    blocks=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=3),
)
def test_whatever_is_typed_the_spans_hold_together(pieces: list[str], blocks: list[tuple[int, int]]) -> None:
    lexicon = _shared()
    normalised = normalise("".join(pieces))
    size = len(normalised.text)
    blocked = [(a, b) for a, b in blocks if a < b <= size]
    found = lexicon.find_spans(normalised, blocked)
    taken: set[int] = set()
    for start, end in [*((s.start, s.end) for s in found.spans), *found.residue]:
        assert 0 <= start < end <= size
        assert taken.isdisjoint(range(start, end))
        taken.update(range(start, end))
    assert not taken & {i for a, b in blocked for i in range(a, b)}
    assert set(found.readings) == {(s.start, s.end) for s in found.spans}
    assert set(found.tails) <= set(found.readings)
    assert normalised == normalise(normalised.raw)
    assert found == lexicon.find_spans(normalised, blocked)


@pytest.mark.parametrize(
    ("content", "culprit"),
    [("a\tb\n", "columns"), ("surface\tkind\tconcept\tregion\ttier\tnote\n水泥\tproduct\t水泥\t\tmaybe\t\n", "line 2")],
)
def test_a_faulty_file_is_named(tmp_path: Path, content: str, culprit: str) -> None:
    folder = tmp_path / "lexicon"
    folder.mkdir()
    (folder / "words.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match=rf"words\.tsv.*{culprit}"):
        Lexicon.load_entries(tmp_path)


_OURS = (
    "blocks", "chat", "colors", "features", "foreign", "functions", "materials", "other_goods",
    "products", "rooms", "scenes", "schemes", "symptoms", "tails",
)  # fmt: skip


@pytest.mark.parametrize("name", _OURS)
def test_files_are_sorted_unique_and_normalised(name: str) -> None:
    surfaces = [row[0] for row in rows(WORDS / "lexicon" / f"{name}.tsv")]
    assert surfaces == sorted(set(surfaces))
    assert [s for s in surfaces if normalise(s).text != s] == []


@pytest.mark.parametrize("name", _OURS)
def test_every_line_has_a_known_kind(name: str) -> None:
    assert {row[1] for row in rows(WORDS / "lexicon" / f"{name}.tsv")} <= set(POLICIES)


def test_concepts_form_a_tree_and_every_product_has_one() -> None:
    concepts = {name: (parent, scope) for name, parent, scope, *_ in rows(WORDS / "concepts.tsv")}
    assert {parent for parent, _ in concepts.values() if parent} <= set(concepts)
    assert {scope for _, scope in concepts.values()} == {"building", "other"}
    for name in concepts:
        above, seen = name, set()
        while above:
            assert above not in seen
            seen.add(above)
            above = concepts[above][0]
    assert {row[2] for row in rows(WORDS / "lexicon" / "products.tsv")} == set(concepts)


def test_every_symptom_leads_to_products() -> None:
    concepts = {row[0] for row in rows(WORDS / "concepts.tsv")}
    table = list(rows(WORDS / "symptoms_to_products.tsv"))
    assert {row[0] for row in table} == {row[2] for row in rows(WORDS / "lexicon" / "symptoms.tsv")}
    assert {row[1] for row in table} <= concepts


def test_enough_words_of_the_trade() -> None:
    assert len(list(rows(WORDS / "lexicon" / "products.tsv"))) >= 1500
    assert sum(row[2] == "building" for row in rows(WORDS / "concepts.tsv")) >= 350
    assert len(list(rows(WORDS / "lexicon" / "other_goods.tsv"))) >= 250
