"""Persons inside groups: each a talk of their own, which moves with the group and goes with the person."""

from __future__ import annotations

from catalog_db.journal.persons import aside, asides
from catalog_db.journal.records import Arrival, Result
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import START, Bench, handle_all, said

GROUP, SUPER = -5, -1005


def in_group(number: int, person: int, chat: int = GROUP, text: str = "水泥", **options: int) -> Arrival:
    content = {"update_id": number, "message": {"text": text}}
    return Arrival(number, "message", content, f"{chat}:{person}", chat, person_id=person, **options)


def answer_all(journal: Journal, now: float) -> list[object]:
    """Handle what is due; each update adds its number to the session."""
    seen: list[object] = []
    while claims := journal.claim(10, now).result():
        for claim in claims:
            told = [*((claim.session or {}).get("said", [])), claim.number]
            seen.append((claim.chat_id, told))
            journal.finish(claim, Result("answered", session={"said": told}, kept={"n": 1}), now).result()
    return seen


def test_talks_of_persons_in_a_group_do_not_meet(journal: Journal) -> None:
    journal.store([in_group(1, 8), in_group(2, 9), in_group(3, 8)], START).result()
    assert sorted(answer_all(journal, START), key=str) == [(GROUP, [1, 3]), (GROUP, [1]), (GROUP, [2])]


def test_they_go_on_where_the_group_moved_to_whoever_told_us(bench: Bench, journal: Journal) -> None:
    journal.store([in_group(1, 8), in_group(2, 9)], START).result()
    answer_all(journal, START)
    moving = Arrival(3, "message", {"update_id": 3}, str(GROUP), GROUP, moved_to=SUPER)
    journal.store([moving, in_group(4, 8, SUPER)], START).result()
    journal.move(GROUP, SUPER).result()  # a refused message tells the same again
    journal.store([in_group(5, 9, SUPER)], START).result()
    assert {str(seen) for seen in answer_all(journal, START)} >= {str((SUPER, [1, 4])), str((SUPER, [2, 5]))}
    with journal.reading(START) as books:
        assert [one.name for one in asides(books, 8)] == [f"{SUPER}:8"]
        found = aside(books, f"{SUPER}:9")
        assert found is not None and found.session == {"said": [2, 5]}
        assert aside(books, f"{GROUP}:9") is None


def test_what_waits_when_the_group_moves_is_answered_there(journal: Journal) -> None:
    journal.store([in_group(1, 8)], START).result()
    [claim] = journal.claim(1, START).result()
    journal.store([Arrival(2, "message", {}, str(GROUP), GROUP, moved_to=SUPER), in_group(3, 8, SUPER)], START).result()
    seen = [str(one) for one in answer_all(journal, START)]
    assert claim.number == 1
    assert str((SUPER, [1])) in seen and str((SUPER, [1, 3])) in seen


def test_whoever_is_forgotten_is_forgotten_in_groups_too(bench: Bench, journal: Journal) -> None:
    inline = Arrival(3, "inline_query", {}, "user:8", None, person_id=8)
    journal.store([in_group(1, 8), in_group(2, 9), inline, said(4, 8)], START).result()
    answer_all(journal, START)
    journal.store([said(5, 8)], START).result()
    [claim] = journal.claim(1, START).result()
    journal.finish(claim, Result("forgotten", forget=True), START).result()
    with journal.reading(START) as books:
        assert list(asides(books, 8)) == []
        assert len(list(asides(books, 9))) == 1
    assert handle_all(journal, START) == []
