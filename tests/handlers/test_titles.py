"""Titles said in part: which kinds of things a question names."""

from __future__ import annotations

from functools import cache

import pytest

from handlers.context.titles import TitleFinder
from tests.assistants import DAY, demonstration
from tests.handlers.conversation import reader, say


@cache
def finder() -> TitleFinder:
    return TitleFinder(demonstration().catalogue, reader().asking_words)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("年底刷墙季", "event"),
        ("卫浴换新周啥时候完", "event"),
        ("高安瓷砖馆在哪", "pavilion"),
        ("旱厕改水厕", "plan"),
        ("院墙和大门要买啥", "plan"),
    ],
)
def test_a_piece_of_a_title_names_its_kind(text: str, kind: str) -> None:
    assert kind in finder().kinds(text, DAY)


@pytest.mark.parametrize("text", ["瓷砖", "马桶多少钱", "有认证的外墙漆", "太阳能路灯", "三百以内的地砖", ""])
def test_words_of_goods_name_no_title(text: str) -> None:
    assert not finder().kinds(text, DAY)


@pytest.mark.parametrize("text", ["乳胶漆怎么选", "外墙漆怎么选才好"])
def test_a_title_does_not_take_a_question_away(text: str) -> None:
    assert say(text)[0].intent == "guide"


def test_an_empty_catalogue_has_no_titles(tmp_path_factory: pytest.TempPathFactory) -> None:
    from catalog_db.catalog import open_catalogue
    from catalog_db.database import open_database

    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}"
    open_database(url).close()
    with open_catalogue(url) as catalogue:
        assert not TitleFinder(catalogue).kinds("年底刷墙季", DAY)
