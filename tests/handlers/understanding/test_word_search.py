"""One search for the words of several tables."""

from __future__ import annotations

from handlers.understanding.normalise import normalise
from handlers.understanding.places import find_places, place_words
from handlers.understanding.word_search import WordSearch
from tests.handlers.conversation import reader

GOODS, ASKED = ("砖", "瓷砖", "瓷砖胶"), ("多少", "瓷砖", "少")


def test_each_table_gets_its_own_words_by_their_own_numbers() -> None:
    goods, asked, none = WordSearch(GOODS, ASKED, ()).find("瓷砖胶多少")
    assert [(GOODS[number], start, end) for number, start, end in goods] == [
        ("瓷砖", 0, 2),
        ("砖", 1, 2),
        ("瓷砖胶", 0, 3),
    ]
    assert [(ASKED[number], start, end) for number, start, end in asked] == [
        ("瓷砖", 0, 2),
        ("多少", 3, 5),
        ("少", 4, 5),
    ]
    assert none == []


def test_one_table_alone_is_searched_alike() -> None:
    search = WordSearch(GOODS)
    assert search.find_one("卖瓷砖胶") == search.find("卖瓷砖胶")[0]


def test_nothing_is_found_in_nothing() -> None:
    assert WordSearch(GOODS, ASKED).find("") == [[], []]


def test_what_is_found_together_is_what_each_finds_alone() -> None:
    lexicon, places = reader().lexicon, WordSearch(place_words())
    for text in ("寿光哪有不锈钢花洒", "我在曹县安蔡楼镇,瓷砖多少钱一平", "水管漏水咋办", "婴儿游泳圈", "苏州街道"):
        normalised = normalise(text)
        own = WordSearch(lexicon.patterns, lexicon.tables.troubles.words, ())
        found = lexicon.find_spans(normalised, hits=own.find(normalised.text))
        assert found._replace(modifiers=None) == lexicon.find_spans(normalised)
        assert find_places(text, hits=places.find_one(text)) == find_places(text)
