"""R12: the budgets keep every rule of the flood model, replies come before bulk, and nobody starves."""

from __future__ import annotations

import asyncio
import random
import threading
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.botapi_server import BotApiServer, ManualClock
from bot.botapi_server.flood import FloodModel
from bot.channels.telegram.budgets import Budgets
from bot.channels.telegram.lanes import Lanes
from bot.channels.telegram.metrics import Metrics
from bot.channels.telegram.outgoing import ConversationState, Handled, Json, Outgoing
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.timing import Pace
from catalog_db.journal.records import Letter, Message
from tests.bot.telegram.channel import FastClock, running, until
from tests.bot.telegram.echo import EchoHandler
from tests.bot.telegram.village import StillClock


class SlowHandler(EchoHandler):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()

    def handle(self, update: Json, conversation: ConversationState, now: datetime) -> Handled:
        self.go_on.wait(30)
        return super().handle(update, conversation, now)


def letter(number: int, chat_id: int, kind: str = "reply", topic: int = 0, **options: object) -> Letter:
    params = {"message_thread_id": topic} if topic else {}
    named = {"replaces": None, "remember_as": None, **options}
    return Letter(
        id=number, chat=str(chat_id).encode(), chat_id=chat_id, kind=kind, method="sendMessage", params=params, critical=True,
        attempts=0, repeats=0, stored_at=0.0, not_before=0.0, expires_at=None, **named,
    )  # type: ignore[arg-type]  # fmt: skip


class Simulation:
    """Lanes and the flood model of the strict server in simulated time, with calls that take a while to arrive."""

    def __init__(self, letters: list[Letter], seed: int, most_delay: float = 0.3) -> None:
        self.clock = ManualClock(0.0)
        self.flood = FloodModel(self.clock, on=True)
        self.lanes = Lanes(Budgets())
        self.arrived: list[tuple[float, Letter]] = []
        self.refused = 0
        self._rng = random.Random(seed)
        self._delay = most_delay
        self._calls: list[tuple[float, bool, int, Letter]] = []  # when, whether it is the end of the call
        for one in letters:
            self.lanes.add(one, 0.0)

    def run(self, seconds: float) -> None:
        """Let time pass in steps of 10 ms."""
        for _ in range(round(seconds * 100)):
            now = self.clock.now()
            for one in self.lanes.take(now, 100):
                self._call(one, now)
            self._calls.sort()
            while self._calls and self._calls[0][0] <= now:
                self._happen(*self._calls.pop(0))
            self.clock.advance(0.01)

    def come(self, letters: list[Letter], most: int) -> int:
        """Let new messages come: what waits for nothing goes at once; return how many."""
        now = self.clock.now()
        first = self.lanes.at_once(letters, most, now)
        for one in letters:
            if one in first:
                self.lanes.begin(one, now)
                self._call(one, now)
            else:
                self.lanes.add(one, now)
        return len(first)

    def _call(self, one: Letter, now: float) -> None:
        there = now + self._rng.uniform(0, self._delay)
        self._calls.append((there, False, one.id, one))
        self._calls.append((there + self._rng.uniform(0, self._delay), True, one.id, one))

    def _happen(self, when: float, is_end: bool, _: int, one: Letter) -> None:
        if is_end:
            self.lanes.release(one, self.clock.now())
        elif self.flood.retry_after(one.chat_id or 0):
            self.refused += 1
        else:
            self.arrived.append((when, one))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 12), st.integers(0, 3))
def test_no_rule_of_the_flood_model_is_broken_however_long_calls_take(seed: int, chats: int, groups: int) -> None:
    rng = random.Random(seed)
    places = [*range(1, chats + 1), *(-number for number in range(1, groups + 1))]
    letters = [
        letter(number, rng.choice(places), rng.choice(["reply", "bulk"]), rng.choice([0, 7, 8]))
        for number in range(120)
    ]
    simulation = Simulation(letters, seed)
    simulation.run(40)
    assert simulation.refused == 0
    replies = [one for _, one in simulation.arrived if one.kind == "reply"]
    for place in places:
        for topic in (0, 7, 8):  # topics are of groups; a private chat is in order as a whole
            of = [one for one in replies if one.chat_id == place]
            order = [one.id for one in of if place > 0 or one.params.get("message_thread_id", 0) == topic]
            assert order == sorted(order)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_what_goes_at_once_breaks_no_rule_and_no_order(seed: int) -> None:
    rng = random.Random(seed)
    simulation = Simulation([], seed)
    places, number, at_once = (1, 2, 3, -1, -2), 0, 0
    for _ in range(60):
        batch = [
            letter(number + more, rng.choice(places), rng.choice(["reply", "reply", "bulk"]), rng.choice([0, 7]))
            for more in range(rng.randrange(4))
        ]
        number += len(batch)
        at_once += simulation.come(batch, rng.choice([0, 1, 16]))
        simulation.run(rng.choice([0.01, 0.1, 1.0]))
    simulation.run(200)
    assert simulation.refused == 0
    assert len(simulation.arrived) == number
    assert at_once > 0
    replies = [one for _, one in simulation.arrived if one.kind == "reply"]
    for place in places:
        of = [one for one in replies if one.chat_id == place]
        for topic in (0, 7):
            order = [one.id for one in of if place > 0 or one.params.get("message_thread_id", 0) == topic]
            assert order == sorted(order)


def test_the_topics_of_a_group_go_side_by_side_each_in_order() -> None:
    lanes = Lanes(Budgets(lifted=True))
    for number in range(6):
        lanes.add(letter(number, -5, topic=1 + number % 3), 0.0)
    first = lanes.take(0.0, 100)
    assert [one.id for one in first] == [0, 1, 2]
    assert lanes.take(0.0, 100) == []
    lanes.release(first[1], 0.1)
    assert [one.id for one in lanes.take(0.1, 100)] == [4]


def test_what_is_replaced_keeps_its_order_within_the_whole_group() -> None:
    lanes = Lanes(Budgets(lifted=True))
    lanes.add(letter(1, -5, topic=7, remember_as="answer"), 0.0)
    lanes.add(letter(2, -5, replaces="answer"), 0.0)
    said = lanes.take(0.0, 100)
    assert [one.id for one in said] == [1]
    lanes.release(said[0], 0.1)
    assert [one.id for one in lanes.take(0.1, 100)] == [2]


def test_a_group_that_refused_one_message_gets_none_in_any_topic_until_it_said() -> None:
    lanes = Lanes(Budgets(lifted=True))
    for number in range(3):
        lanes.add(letter(number, -5, topic=number + 1), 0.0)
    lanes.add(letter(9, -6, topic=1), 0.0)
    lanes.hold(b"-5", 0.0, 4.0)
    assert [one.id for one in lanes.take(3.9, 100)] == [9]
    assert {one.id for one in lanes.take(4.1, 100)} == {0, 1, 2}


def test_what_waits_for_a_group_that_is_gone_is_dropped_in_every_topic() -> None:
    lanes = Lanes(Budgets(lifted=True))
    for number in range(4):
        lanes.add(letter(number, -5, topic=number), 0.0)
    assert {one.id for one in lanes.drop_waiting(b"-5")} == {0, 1, 2, 3}
    assert lanes.take(0.0, 100) == []


def test_a_broadcast_leaves_room_for_replies_and_ends() -> None:
    bulk = [letter(number, number + 1, "bulk") for number in range(400)]
    simulation = Simulation(bulk, 1, most_delay=0.05)
    late: list[float] = []
    for second in range(10):
        began = simulation.clock.now()
        for number in range(6):
            simulation.lanes.add(letter(10_000 + second * 10 + number, 1000 + number), began)
        simulation.run(1.0)
    replies = [(when, one) for when, one in simulation.arrived if one.kind == "reply"]
    late = [when - (one.id - 10_000) // 10 for when, one in replies]
    assert len(replies) == 60
    assert sorted(late)[56] < 2.0
    simulation.run(15)
    assert len(simulation.arrived) == 460
    assert simulation.refused == 0


def test_a_group_gets_twenty_a_minute() -> None:
    simulation = Simulation([letter(number, -5) for number in range(45)], 2)
    simulation.run(59)
    assert len(simulation.arrived) == 20
    simulation.run(75)
    assert len(simulation.arrived) == 45
    assert simulation.refused == 0


def test_a_call_that_hangs_stops_its_own_chat_only() -> None:
    lanes = Lanes(Budgets())
    for number in range(200):
        lanes.add(letter(number, number + 1), 0.0)
        lanes.add(letter(1000 + number, number + 1), 0.0)
    hanging = lanes.take(0.0, 100)
    assert len(hanging) == 30
    assert lanes.take(1.5, 100) == []
    freed = lanes.take(3.2, 100)
    assert len(freed) == 30
    assert {one.chat_id for one in freed}.isdisjoint(one.chat_id for one in hanging)


def test_room_comes_back_after_the_call_and_not_after_what_is_written_of_it() -> None:
    lanes = Lanes(Budgets())
    for number in range(60):
        lanes.add(letter(number, number % 30 + 1), 0.0)
    first = lanes.take(0.0, 100)
    assert len(first) == 30
    for one in first:
        lanes.called(one, 0.1)
    assert lanes.take(1.2, 100) == [], "their lanes are busy until it is written"
    for one in first[:10]:
        lanes.release(one, 1.3)
    assert [one.id for one in lanes.take(1.3, 100)] == list(range(30, 40))


def test_of_what_is_ready_only_so_much_bulk_is_taken_as_there_is_leave_for() -> None:
    lanes = Lanes(Budgets())
    for number in range(10):
        lanes.add(letter(number, number + 1, "bulk"), 0.0)
        lanes.add(letter(100 + number, 100 + number), 0.0)
    taken = lanes.take(0.0, 100, 0)
    assert [one.kind for one in taken] == ["reply"] * 10
    assert [one.id for one in lanes.take(0.0, 100, 1)] == [0]
    assert [one.id for one in lanes.take(0.0, 100, 3)] == [1, 2, 3]
    assert len(lanes.take(0.0, 100)) == 6


def test_bulk_makes_room_while_updates_wait_for_their_answers_and_does_not_starve() -> None:
    clock, behind = ManualClock(100.0), [False]
    sender = Sender(None, None, clock, Metrics())  # type: ignore[arg-type]  # nothing is sent
    sender.behind = lambda: behind[0]
    rooms = []
    for step in range(60):  # twelve seconds, people wait in the second four
        behind[0] = 20 <= step < 40
        rooms.append(sender._bulk_room(clock.now()))
        clock.advance(0.2001)
    assert set(rooms[:20]) == set(rooms[41:]) == {None}
    assert sorted(set(rooms[20:40])) == [0, 1]
    assert 3 <= rooms[20:40].count(1) <= 5


def test_a_clock_that_is_set_back_or_stands_still_holds_nothing_up() -> None:
    pace = Pace()
    assert pace.is_due(100.0, 0.25)
    pace.done(100.0)
    assert not pace.is_due(100.125, 0.25)
    assert pace.is_due(100.25, 0.25)
    assert pace.is_due(99.0, 0.25)
    pace.waited(0.125)
    assert not pace.is_due(100.0, 0.25)
    pace.waited(0.125)
    assert pace.is_due(100.0, 0.25)
    pace.done(100.0)
    assert not pace.is_due(100.0, 0.25)


async def test_bulk_that_another_program_adds_is_sent_though_the_clock_stands_still(
    sqlite_journal_url: str, tmp_path: Path
) -> None:
    clock = StillClock(1_790_000_000.0)
    async with BotApiServer(clock=clock) as server:
        person = server.private(server.user("顾客"))
        async with running(server, sqlite_journal_url, tmp_path, budgets_lifted=True) as service:
            await person.send_text("1")
            await until(lambda: person.delivered == 1)
            news = Message("sendMessage", {"text": "新品"}, person.chat.chat_id, "bulk")
            for number in (2, 3):  # nobody is told of it
                await asyncio.wrap_future(service.journal.add([news], clock.now()))
                await until(lambda number=number: person.delivered == number)  # type: ignore[misc]  # in this turn


async def test_buttons_that_are_acknowledged_leave_room_for_messages() -> None:
    sender = Sender(None, None, ManualClock(100.0), Metrics())  # type: ignore[arg-type]  # nothing is sent
    sender._send = sender._launch = lambda _: asyncio.sleep(0)  # type: ignore[method-assign, assignment]
    room = sender._room(100.0)
    pressed = [replace(letter(number, number, "answer_callback"), marked=True) for number in range(1, 9)]
    sender._hold(pressed, 100.0)
    assert sender._room(100.0) == room
    sender._hold([replace(letter(9, 9), marked=True)], 100.0)
    assert sender._room(100.0) == room - 1


async def test_workers_that_are_late_say_so(sqlite_journal_url: str, tmp_path: Path) -> None:
    """One update that takes long makes bulk wait; when it is answered, nothing does."""
    handler = SlowHandler()
    async with BotApiServer() as server:
        person = server.private(server.user("顾客"))
        async with running(server, sqlite_journal_url, tmp_path, handler) as service:
            workers = service._running().workers
            assert not workers.behind()
            await person.send_text("慢")
            await until(workers.behind)
            handler.go_on.set()
            await until(lambda: not workers.behind())


@pytest.mark.parametrize(
    ("people", "readers", "rooms", "speed"),
    [(30, 150, 3, 5.0), pytest.param(500, 5_000, 5, 2.0, marks=pytest.mark.long)],
)
async def test_replies_and_a_broadcast_under_the_flood_model(
    sqlite_journal_url: str, tmp_path: Path, people: int, readers: int, rooms: int, speed: float
) -> None:
    """The whole channel, some times too fast: no 429, everything delivered, replies not behind the broadcast."""
    async with BotApiServer(clock=FastClock(speed)) as server:
        server.bot.flood.on = True
        asking = [server.private(server.user(f"顾客{number}")) for number in range(people)]
        reading = [server.private(server.user(f"订户{number}")) for number in range(readers)]
        groups = [server.group(f"村{number}") for number in range(rooms)]
        bulk = [
            Outgoing("sendMessage", {"text": "新品"}, one.chat.chat_id, kind="bulk", critical=False) for one in reading
        ]
        bulk += [Outgoing("sendMessage", {"text": "新品"}, group.chat.chat_id, kind="bulk") for group in groups] * 5
        async with running(server, sqlite_journal_url, tmp_path) as service:
            await service.send(bulk)
            for number in range(2):
                for person in asking:
                    await person.send_text(str(number))
            await until(lambda: all(person.delivered == 2 for person in asking), within=people)
            assert sum(reader.delivered for reader in reading) < readers, "the broadcast was not before the replies"
            await until(lambda: all(reader.delivered == 1 for reader in reading), within=max(30, readers / 5))
            await until(lambda: all(group.delivered == 5 for group in groups), within=max(30, readers / 5))
        assert server.bot.flood.refused == 0
        assert server.violations == []
