"""Many at once: each message delivered once and in order, whatever fails; within the flood limits each in its topic in time."""

from __future__ import annotations

import asyncio
import re
import statistics
from pathlib import Path

import pytest

from bot.botapi_server.driving import Conversation
from tests.bot.telegram.channel import FastClock
from tests.bot.telegram.staff_desk import BY_DAY, Office, office

STAFF = ("老赵", "小陈", "小刘", "小孙", "小吴")


async def _opened(desk: Office, people: int) -> list[Conversation]:
    """Let people ask for a person, and each of the staff take their share."""
    for name in STAFF[3:]:
        await desk.appoint(name, "agent")
    talks = [desk.person(f"人{number:02d}") for number in range(people)]
    for talk in talks:
        await talk.send_text("人工")
    await desk.until(lambda: len(desk.topics()) == people, 60)
    await desk.settled(60)
    for number in range(people):
        await desk.at(STAFF[number % len(STAFF)], desk.topic_of(f"人{number:02d}")).send_text("/claim")
    await desk.settled(60)
    return talks


async def _talk(
    desk: Office, talks: list[Conversation], each: int, pause: float, *, together: bool = True
) -> dict[str, float]:
    """Let everybody write, people and staff: all at the same moment every `pause` seconds, or each at a moment of their own.

    Return when each message was written.
    """
    written: dict[str, float] = {}

    async def begin(place: float) -> None:
        await asyncio.sleep(0 if together else pause * place / len(talks))

    async def person(number: int, talk: Conversation) -> None:
        await begin(number)
        for line in range(each):
            text = f"<{number:02d}p{line:03d}>"
            written[text] = desk.server.hub.clock.now()
            await talk.send_text(text)
            await asyncio.sleep(pause)

    async def staff(number: int) -> None:
        at = desk.at(STAFF[number % len(STAFF)], desk.topic_of(f"人{number:02d}"))
        await begin(number + 0.5)
        for line in range(each):
            text = f"<{number:02d}s{line:03d}>"
            written[text] = desk.server.hub.clock.now()
            await at.send_text(text)
            await asyncio.sleep(pause)

    await asyncio.gather(
        *(person(*pair) for pair in enumerate(talks)), *(staff(number) for number in range(len(talks)))
    )
    return written


def _check(desk: Office, talks: list[Conversation], each: int) -> None:
    """Count on the server's side: each message once, in order, in its own place and in no other."""
    for number, talk in enumerate(talks):
        posted = re.findall(r"<\d\d[ps]\d\d\d>", desk.text(desk.topic_of(f"人{number:02d}")))
        assert posted == [f"<{number:02d}p{line:03d}>" for line in range(each)]
        got = re.findall(r"<\d\d[ps]\d\d\d>", "\n".join(message.text for message in talk.bot_messages()))
        assert got == [f"<{number:02d}s{line:03d}>" for line in range(each)]


def _latencies(desk: Office, written: dict[str, float]) -> list[float]:
    """Return the seconds from a person's message to its post."""
    found = []
    for message in desk.room.chat.visible():
        if message.from_bot:
            found += [message.at - written[text] for text in re.findall(r"<\d\dp\d\d\d>", message.text)]
    return found


@pytest.mark.parametrize(
    ("people", "each", "pause"), [(10, 6, 0.05), pytest.param(50, 20, 1.0, marks=pytest.mark.long)]
)
async def test_people_and_staff_in_parallel_while_one_call_in_a_hundred_fails(
    tmp_path: Path, people: int, each: int, pause: float
) -> None:
    async with office(tmp_path) as desk:
        talks = await _opened(desk, people)
        before = sum(len(desk.server.calls_of(method)) for method in ("sendMessage", "copyMessage"))
        desk.server.fault("status", "sendMessage", "copyMessage", probability=0.006, code=429, retry_after=1)
        desk.server.fault("status", "sendMessage", "copyMessage", probability=0.006, code=500)
        desk.server.fault("hang", "sendMessage", "copyMessage", probability=0.003, seconds=2.0)
        written = await _talk(desk, talks, each, pause)
        await desk.settled(120)
        desk.server.clear_faults()
        await desk.settled(30)
        _check(desk, talks, each)
        applied = dict(desk.server.hub.faults.applied)
        calls = sum(len(desk.server.calls_of(method)) for method in ("sendMessage", "copyMessage")) - before
        rate = sum(applied.values()) / calls
        print(f"{len(written)} messages, {calls} calls, {rate:.2%} failed: {applied}")
        assert rate >= 0.01 or each < 20  # in a short run chance has its way


@pytest.mark.long
@pytest.mark.parametrize("together", [False, True])
async def test_how_long_a_message_takes_to_its_topic(tmp_path: Path, together: bool) -> None:
    async with office(tmp_path) as desk:
        talks = await _opened(desk, 50)
        written = await _talk(desk, talks, 20, 6.0, together=together)
        await desk.settled(120)
        _check(desk, talks, 20)
        found = sorted(_latencies(desk, written))
        print(
            f"{len(written)} messages, {'all at once' if together else 'each at its moment'}, to the topic: median {statistics.median(found) * 1000:.0f} ms,"
            f" p95 {found[int(len(found) * 0.95)] * 1000:.0f} ms"
        )


@pytest.mark.parametrize(
    ("minutes", "rooms"),
    [(2, 1), pytest.param(10, 1, marks=pytest.mark.long), pytest.param(5, 2, marks=pytest.mark.long)],
)
async def test_within_the_flood_limits_each_message_is_in_its_topic_within_a_minute(
    tmp_path: Path, minutes: int, rooms: int
) -> None:
    """Thirty messages a minute from ten people, twenty a minute let through; a clock of our own."""
    clock = FastClock(12.0)
    clock.skew += BY_DAY.timestamp() - clock.now()
    async with office(tmp_path, clock=clock, rooms=rooms, budgets_lifted=False) as desk:
        talks = [desk.person(f"人{number:02d}") for number in range(10)]
        for talk in talks:
            await talk.send_text("人工")
            await clock.sleep(6)
        desk.server.bot.flood.on = True
        await desk.until(lambda: len(desk.topics()) == 10, 60)
        written: dict[str, float] = {}
        for line in range(minutes * 30):
            number = line % 10
            text = f"<{number:02d}p{line // 10:03d}>"
            written[text] = clock.now()
            await talks[number].send_text(text)
            await clock.sleep(2)
        await desk.settled(60)
        found: list[float] = []
        for room in desk.rooms:
            for message in room.chat.visible():
                if message.from_bot:
                    found += [message.at - written[text] for text in re.findall(r"<\d\dp\d\d\d>", message.text)]
        posts = sum(message.from_bot for room in desk.rooms for message in room.chat.visible())
        refused = desk.server.bot.flood.refused
        print(
            f"{len(written)} messages in {minutes} min, {rooms} room(s): {posts} posts, longest {max(found):.0f} s, {refused} refused"
        )
        assert len(found) == len(written)
        assert max(found) <= 60
