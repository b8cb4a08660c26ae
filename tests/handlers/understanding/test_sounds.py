"""Sounds: the frozen tables, the classes of syllables, pinyin cut into syllables."""

from __future__ import annotations

from itertools import pairwise

import pytest

from handlers.understanding.sounds import Sounds, syllable_class
from handlers.understanding.word_tables import WORDS, rows


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds.load(WORDS)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("zhuan", "zuan"),
        ("chi", "ci"),
        ("shi", "si"),
        ("nong", "long"),
        ("ru", "lu"),
        ("fang", "huang"),
        ("feng", "hong"),
        ("fu", "hu"),
        ("xing", "xin"),
        ("zheng", "zen"),
        ("lv", "lu"),
        ("guang", "guan"),
    ],
)
def test_accents_merge(one: str, other: str) -> None:
    assert syllable_class(one) == syllable_class(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ni", "mi"), ("bang", "beng"), ("dong", "don"), ("ma", "na"), ("qi", "ji"), ("tu", "du")]
)
def test_other_syllables_stay_apart(one: str, other: str) -> None:
    assert syllable_class(one) != syllable_class(other)


@pytest.mark.parametrize(
    ("meant", "written", "letter"),
    [
        ("漆", "漆", "="),
        ("漆", "七", "p"),
        ("桶", "捅", "p"),
        ("防", "黄", "l"),
        ("龙", "农", "l"),
        ("脸", "睑", "s"),
        ("漆", "水", ""),
        ("漆", "q", ""),
    ],
)
def test_evidence(sounds: Sounds, meant: str, written: str, letter: str) -> None:
    assert sounds.evidence(meant, written) == letter


def test_several_readings_count(sounds: Sounds) -> None:
    assert sounds.evidence("调", "条") == sounds.evidence("调", "掉") == "p"
    assert set(sounds.spellings("调漆")) == {("diao", "qi"), ("tiao", "qi")}
    assert list(sounds.spellings("a漆")) == []


@pytest.mark.parametrize(
    ("letters", "cuts"),
    [
        ("matong", (0, 2, 6)),
        ("xian", (0, 2, 4)),
        ("led", ()),
        ("", (0,)),
        ("lvhejin", (0, 2, 4, 7)),
        ("zhuang", (0, 6)),
    ],
)
def test_pinyin_is_cut_at_syllables(sounds: Sounds, letters: str, cuts: tuple[int, ...]) -> None:
    found = sounds.cuts(letters)
    assert set(cuts) <= set(found)
    assert bool(found) == bool(cuts)


def test_every_cut_lies_on_a_path_of_syllables(sounds: Sounds) -> None:
    found = sounds.cuts("rujiaoqiduoshaoqian")
    assert all(any("rujiaoqiduoshaoqian"[a:b] in sounds.syllables for b in found if b > a) for a in found[:-1])
    assert all(a < b for a, b in pairwise(found))


def test_the_table_knows_the_characters_of_our_words(sounds: Sounds) -> None:
    ours = {
        c
        for name in ("products", "features", "materials")
        for row in rows(WORDS / "lexicon" / f"{name}.tsv")
        for c in row[0]
    }
    han = {c for c in ours if "\u4e00" <= c <= "\u9fff"}
    assert han - set(sounds.readings) == set()
    assert len(sounds.readings) > 8000


def test_no_character_is_said_to_look_like_itself() -> None:
    pairs = [row[:2] for row in rows(WORDS / "look_alikes.tsv")]
    assert all(len(a) == len(b) == 1 and a != b for a, b in pairs)
    assert pairs == sorted(set(pairs))
