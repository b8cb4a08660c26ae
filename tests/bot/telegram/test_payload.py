"""Buttons that nobody else can make or use."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.payloads import (
    EPOCH,
    LIMIT,
    Owner,
    Payloads,
    Press,
    issue_number,
    issue_text,
    issued_at,
    next_issue,
)
from handlers.session import Session
from handlers.turn import Action
from tests.assistants import NOW
from tests.bot.telegram.private_chat import Bot, buttons_of, running_bot

AUNT = Owner(700000000, 1000001, 1000001)
KEY, OLDER = b"k" * 32, b"o" * 32
PAYLOADS = Payloads([KEY])
words = st.text(max_size=40)
actions = st.builds(Action, words.filter(bool), st.lists(words, max_size=4).map(tuple))


@given(actions, st.integers(0, 64**4 - 1))
def test_every_action_fits_and_comes_back(action, issue):
    spare: list[Action] = []
    data = PAYLOADS.encode(AUNT, issue, action, spare)
    assert 1 <= len(data.encode("utf-8")) <= LIMIT
    press = PAYLOADS.decode(AUNT, data)
    assert press is not None and press.issue == issue
    assert (press.action if press.kept is None else spare[press.kept]) == action


def test_what_does_not_fit_is_kept_once():
    spare: list[Action] = []
    long = Action("search", (json.dumps({"categories": ["paint_interior"], "certified": True, "price_max": "300"}),))
    first, second = (PAYLOADS.encode(AUNT, 7, long, spare) for _ in range(2))
    assert first == second and spare == [long]


def test_short_actions_stand_in_the_button_itself():
    spare: list[Action] = []
    assert PAYLOADS.decode(AUNT, PAYLOADS.encode(AUNT, 9, Action("show_product", ("YS110123",)), spare)) == Press(
        9, Action("show_product", ("YS110123",))
    )
    assert spare == []


@pytest.mark.parametrize(
    "stranger",
    [Owner(700000001, 1000001, 1000001), Owner(700000000, 1000002, 1000001), Owner(700000000, 1000001, 1000002)],
    ids=["another bot", "another chat", "another person"],
)
def test_a_button_works_only_for_whom_it_was_made(stranger):
    data = PAYLOADS.encode(AUNT, 7, Action("more"), [])
    assert PAYLOADS.decode(AUNT, data) is not None
    assert PAYLOADS.decode(stranger, data) is None


def test_an_older_key_still_opens_and_a_foreign_one_does_not():
    data = Payloads([OLDER]).encode(AUNT, 7, Action("more"), [])
    assert Payloads([KEY, OLDER]).decode(AUNT, data) == Press(7, Action("more"))
    assert Payloads([KEY]).decode(AUNT, data) is None


@given(st.text(max_size=80))
def test_made_up_data_is_refused(data):
    assert PAYLOADS.decode(AUNT, data) is None


@given(st.integers(0, 63), st.integers(1, 127))
def test_a_flipped_bit_is_noticed(place, bit):
    data = PAYLOADS.encode(AUNT, 1234567, Action("recommend", ("categories=paint_interior", "certified=1")), [])
    at = place % len(data)
    changed = data[:at] + chr(ord(data[at]) ^ bit) + data[at + 1 :]
    assert PAYLOADS.decode(AUNT, changed) is None


def test_issues_grow_and_tell_the_minute():
    first = next_issue(0, NOW)
    assert next_issue(first, NOW) == first + 1
    assert abs(issued_at(first) - NOW) < timedelta(minutes=1)
    assert next_issue(first, NOW + timedelta(days=365)) > first + 500_000
    assert all(issue_number(issue_text(n)) == n for n in (0, 1, 63, 64, first, 64**4 - 1))
    assert EPOCH < NOW


def damaged(rng: random.Random, good: list[str], foreign: list[str]) -> str:
    """One tampered payload: flipped bits, another's button, another version, too long, empty, garbage."""
    data = rng.choice(good)
    at = rng.randrange(len(data))
    other = chr(0x21 + rng.randrange(90))
    choices = [
        data[:at] + (other if other != data[at] else "~~") + data[at + 1 :],
        rng.choice(foreign),
        chr(rng.randrange(0x32, 0x7A)) + data[1:],
        data + "x" * (65 - len(data)),
        data[:at],
        "".join(chr(rng.randrange(0x20, 0x2FFF)) for _ in range(rng.randrange(1, 20))),
        data[:16] + rng.choice(["forget", "handoff", "#9", "show_product~YS110101", "undo"]),
        rng.choice(["1", "2", ":", "v1:more", "{}", "0" * 64]),
    ]
    return rng.choice(choices) or "1"


async def _tamper(bot: Bot, times: int) -> None:
    aunt, uncle = bot.talk(), bot.talk("李师傅")
    answer, other = await aunt.ask("内墙乳胶漆"), await uncle.ask("内墙乳胶漆")
    good = [button["callback_data"] for button in buttons_of(answer) if "callback_data" in button]
    foreign = [button["callback_data"] for button in buttons_of(other) if "callback_data" in button]
    assert set(good).isdisjoint(foreign)
    rng = random.Random(8)
    await bot.settled()
    before, delivered = answer.body, aunt.delivered
    tampered = [data for data in (damaged(rng, good, foreign) for _ in range(times)) if data not in good]
    presses = []
    for number, data in enumerate(tampered):
        presses.append(await aunt.press_data(answer, data))
        if number % 500 == 499:
            await bot.settled()
    await bot.settled()
    assert len(presses) > times * 0.95
    assert all(pressed.answer is not None for pressed in presses)
    assert answer.body == before and answer.edits == 0, "no effect"
    assert aunt.delivered == delivered
    state = await bot.conversation(aunt)
    pressed = await aunt.press(answer, "还有吗")
    assert await aunt.wait_for_answer(pressed) == {}
    await aunt.wait_for_edit(answer)
    assert Session.from_json(state["session"]).topic.seen


async def _replay(bot: Bot, times: int) -> None:
    aunt = bot.talk("赵姐")
    answer = await aunt.ask("内墙乳胶漆")
    data = next(button["callback_data"] for button in buttons_of(answer) if button["text"] == "还有吗")
    presses = [await aunt.press_data(answer, data) for _ in range(times)]
    for pressed in presses:
        assert await aunt.wait_for_answer(pressed, within=30) is not None
    await bot.settled()
    assert answer.edits == 1


async def test_tampered_buttons_do_nothing_and_are_answered(tmp_path):
    async with running_bot(tmp_path) as bot:
        await _tamper(bot, 300)
        await _replay(bot, 30)


@pytest.mark.long
async def test_five_thousand_tampered_buttons(tmp_path):
    async with running_bot(tmp_path) as bot:
        await _tamper(bot, 4900)
        await _replay(bot, 100)
