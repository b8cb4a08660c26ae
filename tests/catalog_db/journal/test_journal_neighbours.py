"""How many people of a county keep a product: five or nothing, agreed or nothing, and not for ever."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from catalog_db.journal import neighbours, permissions
from catalog_db.journal.books import Books
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import START, Bench

DAY = 86400.0
SHOUGUANG, LANKAO = "370783", "410225"


def counted(journal: Journal, at: float, county: str = SHOUGUANG) -> Mapping[str, int]:
    with journal.reading(at) as books:
        return neighbours.count(books, county, ["a", "b", "c"])


def keep(person: int, items: tuple[str, ...], before: tuple[str, ...] = (), *, agreed: bool | None = True):
    """A deed for `write`. `agreed`: None leaves it as it was."""

    def deed(books: Books) -> None:
        if agreed is not None:
            permissions.allow(books, person, neighbours.PURPOSE, "zh_Hans_CN", given=agreed)
        neighbours.live_in(books, person, SHOUGUANG)
        neighbours.hold(books, person, before, items)

    return deed


def test_five_people_are_told_of_four_are_not_and_one_person_counts_once(journal: Journal) -> None:
    for person in range(1, 5):
        journal.write(keep(person, ("a", "b")), START).result()
        journal.write(keep(person, ("a", "b")), START).result()
    journal.write(keep(9, ("a",), agreed=False), START).result()
    assert counted(journal, START) == {}
    journal.write(keep(5, ("a",)), START).result()
    assert counted(journal, START) == {"a": 5}, "b still has four"
    assert counted(journal, START, LANKAO) == {}


def test_who_moves_counts_where_they_live_and_what_is_let_go_counts_no_more(journal: Journal) -> None:
    for person in range(1, 6):
        journal.write(keep(person, ("a", "b")), START).result()
    journal.write(keep(1, ("b",), before=("a", "b"), agreed=None), START).result()
    assert counted(journal, START) == {"b": 5}

    def move(books: Books) -> None:
        neighbours.live_in(books, 2, LANKAO)
        neighbours.hold(books, 2, ("a", "b"), ("a", "b"))

    journal.write(move, START).result()
    assert counted(journal, START) == {}
    journal.write(lambda books: neighbours.live_in(books, 3, None), START).result()
    with journal.reading(START) as books:
        assert permissions.profile(books, 3)[neighbours.COUNTY] == SHOUGUANG, (
            "a place that is not known changes nothing"
        )


@pytest.mark.parametrize(("days", "told"), [(179, {"a": 5}), (181, {})])
def test_after_half_a_year_nobody_counts_and_the_rows_go(
    bench: Bench, journal: Journal, days: float, told: Mapping[str, int]
) -> None:
    for person in range(1, 6):
        journal.write(keep(person, ("a",)), START).result()
    assert counted(journal, START + days * DAY) == told
    journal.purge(START + days * DAY).result()
    assert bench.rows("SELECT COUNT(*) FROM journal_neighbours") == [(sum(told.values()),)]
