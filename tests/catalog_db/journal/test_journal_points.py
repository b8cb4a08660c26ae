"""The ledger: every line has its reason, nothing counts twice, the balance is the sum, whatever happens in between."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from catalog_db.journal import ambassadors, points, touches
from catalog_db.journal.books import Books
from catalog_db.journal.point_rules import Rules
from catalog_db.journal.store import Journal
from tests.catalog_db.journal.conftest import START, Bench

RULES = Rules()
HOUR = 3600.0
SHOP, OTHER, AUNT = 11, 12, 21


def do(journal: Journal, operation: Callable[[Books], Any], now: float = START) -> Any:
    return journal.write(operation, now).result()


def approved(journal: Journal, chat_id: int, now: float = START) -> None:
    def made(books: Books) -> None:
        ambassadors.decide(books, ambassadors.ask(books, chat_id, f"ref{chat_id}", "张", "村"), "approved")

    do(journal, made, now)


def came(journal: Journal, person: int, by: int, now: float = START, name: str = "") -> str:
    def within(books: Books) -> str:
        one = ambassadors.find(books, by)
        assert one is not None
        return touches.came(books, RULES, person, one, name or f"t{person}-{by}-{now}", "list:x")

    return str(do(journal, within, now))


def earned(journal: Journal, person: int, kind: str, now: float = START) -> bool:
    return bool(do(journal, lambda books: touches.earned(books, RULES, books.key(person), kind), now))


def ledger(journal: Journal, who: int) -> list[points.Line]:
    with journal.reading(START) as books:
        return points.lines(books, books.key(who))


def balance(journal: Journal, who: int) -> int:
    with journal.reading(START) as books:
        return points.balance(books, books.key(who))


@pytest.fixture
def village(journal: Journal) -> Journal:
    approved(journal, SHOP)
    approved(journal, OTHER)
    return journal


def test_the_first_within_thirty_days_wins_and_the_second_is_told_why(village: Journal) -> None:
    assert came(village, AUNT, SHOP) == "first"
    assert came(village, AUNT, SHOP, START + HOUR) == "again"
    assert came(village, AUNT, OTHER, START + HOUR) == "taken"
    assert earned(village, AUNT, "question")
    assert not earned(village, AUNT, "question"), "once"
    [refused] = ledger(village, OTHER)
    assert (refused.state, refused.reason, refused.delta) == ("refused", "points.refused.taken", 0)
    late = START + 31 * 24 * HOUR
    assert came(village, AUNT, OTHER, late) == "first", "after thirty days somebody else may help"
    assert earned(village, AUNT, "question", late)


def test_the_same_ambassador_earns_nothing_again_after_thirty_days(village: Journal) -> None:
    came(village, AUNT, SHOP)
    earned(village, AUNT, "question")
    late = START + 40 * 24 * HOUR
    assert came(village, AUNT, SHOP, late) == "first"
    assert not earned(village, AUNT, "question", late)


def test_what_is_pending_counts_after_a_day_and_can_be_taken_back_and_appealed(village: Journal) -> None:
    came(village, AUNT, SHOP)
    earned(village, AUNT, "question")
    earned(village, AUNT, "list")
    assert balance(village, SHOP) == 0
    assert do(village, lambda books: points.settle(books, RULES), START + 25 * HOUR) == 3
    assert balance(village, SHOP) == 3
    counted = next(line for line in ledger(village, SHOP) if line.delta == 2)
    assert do(village, lambda books: points.reverse(books, counted.id))
    assert not do(village, lambda books: points.reverse(books, counted.id)), "once"
    assert balance(village, SHOP) == 1
    back = ledger(village, SHOP)[0]
    assert do(village, lambda books: points.appeal(books, books.key(SHOP), back.id))
    assert not do(village, lambda books: points.appeal(books, books.key(SHOP), back.id))
    appeal = ledger(village, SHOP)[0]
    assert do(village, lambda books: points.answer(books, appeal.id, grant=True))
    assert not do(village, lambda books: points.answer(books, appeal.id, grant=True))
    assert balance(village, SHOP) == 3
    assert points.faults(ledger(village, SHOP), RULES) == []


def test_ones_own_link_a_ring_and_a_burst_are_refused_with_the_reason(village: Journal) -> None:
    assert came(village, SHOP, SHOP) == "self"
    assert came(village, OTHER, SHOP) == "first", "an ambassador may be helped like anybody"
    assert came(village, SHOP, OTHER) == "ring"
    for person in range(100, 100 + RULES.burst_people - 1):
        assert came(village, person, SHOP) == "first"
    assert came(village, 999, SHOP) == "burst"
    reasons = {line.reason for line in [*ledger(village, SHOP), *ledger(village, OTHER)] if line.state == "refused"}
    assert reasons == {"points.refused.self", "points.refused.ring", "points.refused.burst"}
    do(village, lambda books: points.settle(books, RULES), START + 25 * HOUR)
    assert balance(village, SHOP) == 0, "coming alone is worth nothing"


def test_no_more_than_twenty_a_day(village: Journal) -> None:
    for number in range(15):
        person, now = 200 + number, START + number * 700
        came(village, person, SHOP, now)
        earned(village, person, "question", now)
        earned(village, person, "list", now)
    do(village, lambda books: points.settle(books, RULES), START + 60 * HOUR)
    by_day: dict[str, int] = {}
    for line in ledger(village, SHOP):
        by_day[line.day] = by_day.get(line.day, 0) + line.delta
    assert max(by_day.values()) <= RULES.most_a_day
    assert any(line.reason == "points.refused.cap" for line in ledger(village, SHOP))


def test_one_level_only(village: Journal) -> None:
    came(village, OTHER, SHOP)
    came(village, AUNT, OTHER)
    earned(village, AUNT, "question")
    do(village, lambda books: points.settle(books, RULES), START + 25 * HOUR)
    assert (balance(village, OTHER), balance(village, SHOP)) == (1, 0)


def test_people_are_counted_not_clicks_and_counts_stay_when_a_person_is_forgotten(
    bench: Bench, village: Journal
) -> None:
    for _ in range(3):
        came(village, AUNT, SHOP)

    def count(books: Books) -> tuple[int, int]:
        [one] = touches.sums(books, books.key(SHOP), "2000-01-01")
        return one.people, one.times

    assert do(village, count) == (1, 3)
    with village.reading(START) as books:
        key = books.key(AUNT)
    do(village, lambda books: touches.forget(books, AUNT, b"n" * 16))
    assert do(village, count) == (1, 3)
    tables = ("journal_touches", "journal_happenings", "journal_points")
    assert not any(key in row for table in tables for row in bench.rows(f"SELECT * FROM {table}"))  # noqa: S608


def test_who_opens_two_things_on_two_days_is_one_person_everywhere(village: Journal) -> None:
    for days, item in ((0, "list:x"), (0, "show_product:y"), (1, "list:x")):

        def within(books: Books, item: str = item) -> None:
            one = ambassadors.find(books, SHOP)
            assert one is not None
            touches.came(books, RULES, AUNT, one, f"t{item}", item)

        do(village, within, START + days * 24 * HOUR)
    with village.reading(START) as books:
        key = books.key(SHOP)
        assert [(one.people, one.times) for one in touches.sums(books, key, "2000-01-01")] == [(1, 3)]
        assert [(one.people, one.times) for one in touches.by_day(books, key, "2000-01-01")] == [(1, 2), (1, 1)]
        items = {one.item: (one.people, one.times) for one in touches.by_item(books, key, "2000-01-01")}
    assert items == {"list:x": (1, 2), "show_product:y": (1, 1)}


def test_a_forgotten_ambassador_leaves_nothing(bench: Bench, village: Journal) -> None:
    came(village, AUNT, SHOP)
    earned(village, AUNT, "question")
    do(village, lambda books: (touches.forget(books, SHOP, b"n" * 16), ambassadors.forget(books, SHOP)))
    assert bench.rows("SELECT COUNT(*) FROM journal_points") == [(0,)]
    assert bench.rows("SELECT COUNT(*) FROM journal_touches") == [(0,)]


def test_a_doctored_ledger_is_found_out(bench: Bench, village: Journal) -> None:
    came(village, AUNT, SHOP)
    earned(village, AUNT, "list")
    do(village, lambda books: points.settle(books, RULES), START + 25 * HOUR)
    assert points.faults(ledger(village, SHOP), RULES) == []
    bench.rows("UPDATE journal_points SET delta = 9 WHERE delta = 2")
    assert points.faults(ledger(village, SHOP), RULES) != []


# ---- whatever happens


class _CrashError(Exception):
    pass


PEOPLE = range(1, 31)
AMBASSADORS = (1, 2, 3, 4)


class Ledger(RuleBasedStateMachine):
    """People open links, ask, save; operators reverse, settle, answer; every third thing happens twice, every tenth crashes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="lvxuan-ledger-")
        self.bench = Bench(f"sqlite:///{Path(self.folder.name) / 'journal.db'}")
        self.journal = self.bench.open()
        self.now = START
        self.events = 0

    @initialize()
    def found(self) -> None:
        for number in AMBASSADORS:
            approved(self.journal, number)

    def _do(self, operation: Callable[[Books], Any], fate: int) -> None:
        """Do it; by fate a crash comes before the commit (nothing is written), or the whole comes twice."""
        self.events += 1
        if fate % 10 == 0:

            def crashing(books: Books) -> None:
                operation(books)
                raise _CrashError

            with pytest.raises(_CrashError):
                do(self.journal, crashing, self.now)
        for _ in range(2 if fate % 3 == 0 else 1):
            do(self.journal, operation, self.now)

    @rule(
        person=st.sampled_from(PEOPLE),
        by=st.sampled_from(AMBASSADORS),
        fate=st.integers(0, 99),
        wait=st.integers(0, 20_000),
    )
    def opens(self, person: int, by: int, fate: int, wait: int) -> None:
        self.now += wait
        name = f"t{person}.{self.events}"

        def operation(books: Books) -> None:
            one = ambassadors.find(books, by)
            assert one is not None
            touches.came(books, RULES, person, one, name, "list:x")

        self._do(operation, fate)

    @rule(person=st.sampled_from(PEOPLE), kind=st.sampled_from(("question", "list", "solved")), fate=st.integers(0, 99))
    def does(self, person: int, kind: str, fate: int) -> None:
        once = f"{person}.{self.events // 7}" if kind == "solved" else ""
        self._do(lambda books: touches.earned(books, RULES, books.key(person), kind, once), fate)

    @rule(fate=st.integers(0, 99), wait=st.integers(0, 100_000))
    def settles(self, fate: int, wait: int) -> None:
        self.now += wait
        self._do(lambda books: points.settle(books, RULES, most=5), fate)

    @rule(line=st.integers(1, 400), fate=st.integers(0, 99))
    def reverses(self, line: int, fate: int) -> None:
        self._do(lambda books: points.reverse(books, line), fate)

    @rule(line=st.integers(1, 400), by=st.sampled_from(AMBASSADORS), grant=st.booleans(), fate=st.integers(0, 99))
    def appeals(self, line: int, by: int, grant: bool, fate: int) -> None:
        self._do(lambda books: points.appeal(books, books.key(by), line), fate)
        self._do(lambda books: points.answer(books, line + 1, grant=grant), fate + 1)

    @rule(person=st.sampled_from(PEOPLE[5:]), fate=st.integers(0, 99))
    def is_forgotten(self, person: int, fate: int) -> None:
        if fate % 5 == 0:
            nobody = self.events.to_bytes(16, "big")  # as the channel draws it: never the same twice
            self._do(lambda books: touches.forget(books, person, nobody), 1)

    @rule()
    def restarts(self) -> None:
        self.journal.close()
        self.bench.opened.remove(self.journal)
        self.journal = self.bench.open()

    @invariant()
    def everything_adds_up(self) -> None:
        with self.journal.reading(self.now) as books:
            found = points.lines(books)
            keys = {number: books.key(number) for number in AMBASSADORS}
            assert points.faults(found, RULES) == []
            for key in keys.values():
                assert points.balance(books, key) == sum(line.delta for line in found if line.ambassador == key)
            own = books.connection.exec_driver_sql("SELECT COUNT(*) FROM journal_touches WHERE person = ambassador")
            assert own.scalar() == 0
        self._counted_once(found)

    def _counted_once(self, found: list[points.Line]) -> None:
        """No event has more counted for it than taken back, plus one; what is refused for oneself never counts."""
        events = {line.id: line for line in found}
        counted: dict[int, int] = {}
        for line in found:
            root = line
            while root.about is not None:
                root = events[root.about]
            counted[root.id] = counted.get(root.id, 0) + line.delta
            if line.reason == "points.counted.opened" or line.event.startswith("self:"):
                assert line.delta == 0
        assert all(0 <= total <= events[root].worth for root, total in counted.items())

    def teardown(self) -> None:
        self.journal.close()
        self.folder.cleanup()


def _run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, print_blob=False, database=None,
            suppress_health_check=list(HealthCheck), derandomize=True,
        ),
    )  # fmt: skip


def test_a_thousand_random_events_add_up() -> None:
    _run(5, 200)


@pytest.mark.long
def test_ten_thousand_random_events_add_up() -> None:
    _run(25, 400)
