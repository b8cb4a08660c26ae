"""R3, R5, R16: what becomes of a message when a call goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from bot.botapi_server import BotApiServer
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.service import Service
from tests.bot.telegram.channel import FastClock, in_order, numbers, running, until


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """A strict server whose clock, as the bot's, runs ten times too fast."""
    async with BotApiServer(clock=FastClock(10)) as started:
        yield started
    assert started.violations == []


@pytest.fixture
async def service(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    async with running(server, sqlite_journal_url, tmp_path, budgets_lifted=True) as started:
        yield started


def records(service: Service) -> list[tuple[str, str]]:
    """What was given up, from the journal itself."""
    engine = create_engine(service.config.database_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT state, reason FROM journal_outgoing ORDER BY id")).all()
    engine.dispose()
    return [(row[0], row[1]) for row in rows]


async def say(service: Service, chat_id: int, text_: str, **options: Any) -> None:
    """Send something that answers no update."""
    await service.send([Outgoing("sendMessage", {"text": text_}, chat_id, **options)])


async def settled(service: Service) -> None:
    """Wait until nothing waits."""
    while True:
        counts = await asyncio.wrap_future(service.journal.count())
        if not counts["outgoing_waiting"]:
            return
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("kind", "options", "copies"),
    [
        ("status", {"code": 429, "retry_after": 5}, 1),
        ("status", {"code": 500}, 1),
        ("status", {"code": 401}, 1),
        ("drop_before", {}, 1),
        ("html", {"code": 502}, 1),
        ("drop_after", {}, 2),
        ("truncated", {}, 2),
        ("empty", {}, 2),
        ("garbage", {}, 2),
    ],
)
async def test_a_critical_message_arrives_whatever_happens_to_the_first_attempt(
    server: BotApiServer, service: Service, kind: str, options: Any, copies: int
) -> None:
    aunt = server.private(server.user("王婶"))
    server.fault(kind, "sendMessage", count=1, **options)
    await aunt.send_text("1")
    await aunt.send_text("2")
    await until(lambda: 2 in numbers(aunt))
    assert numbers(aunt) == [1] * copies + [2]
    await settled(service)
    assert records(service) == []


async def test_what_nobody_can_know_is_repeated_once_if_critical_and_recorded(
    server: BotApiServer, service: Service
) -> None:
    """R5: applied, and the answer lost, ten times each."""
    server.fault("drop_after", "sendMessage")
    people = [server.private(server.user(f"顾客{number}")) for number in range(20)]
    for person in people[:10]:
        await say(service, person.chat.chat_id, "重要")
    for person in people[10:]:
        await say(service, person.chat.chat_id, "广告", kind="bulk", critical=False)
    await settled(service)
    assert [person.delivered for person in people] == [2] * 10 + [1] * 10
    assert sorted(records(service)) == [("unknown", "unclear")] * 20


async def test_a_flood_is_waited_out_and_only_its_chat_waits(server: BotApiServer, service: Service) -> None:
    aunt, mason = server.private(server.user("王婶")), server.private(server.user("李师傅"))
    server.fault("status", "sendMessage", code=429, retry_after=30, count=1, chat_id=aunt.chat.chat_id)
    await aunt.send_text("1")
    await aunt.send_text("2")
    began = server.hub.clock.now()
    assert (await mason.ask("7")).body["text"].endswith("7")
    assert server.hub.clock.now() - began < 25
    assert numbers(aunt) == []
    await until(lambda: numbers(aunt) == [1, 2])
    assert len([call for call in server.calls_of("sendMessage") if call.status == 429]) == 1


async def test_a_server_that_never_recovers_is_given_up_with_a_reason(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    server.fault("status", "sendMessage", code=500, description="Internal Server Error: 王婶")
    await say(service, aunt.chat.chat_id, "一")
    await until(lambda: len(server.calls_of("sendMessage")) >= 5, within=20)
    server.clear_faults()
    await until(lambda: aunt.delivered == 1, within=20)
    server.fault("status", "sendMessage", code=400, description="Bad Request: something about 王婶")
    await say(service, aunt.chat.chat_id, "二")
    await settled(service)
    assert records(service) == [("failed", "400")], "nothing of a person in the reason"


@pytest.mark.parametrize("how", ["block", "delete_account"])
async def test_who_blocked_us_gets_one_attempt_and_no_more(server: BotApiServer, service: Service, how: str) -> None:
    """R16. The block is not told by an update here, as it is when that update is lost."""
    aunt, mason = server.private(server.user("王婶")), server.private(server.user("李师傅"))
    server.bot.queue.allow(["message"])
    done = getattr(aunt, how)()
    if done is not None:
        await done
    for number in range(5):
        await say(service, aunt.chat.chat_id, f"第 {number} 条", kind="bulk")
    await say(service, mason.chat.chat_id, "在")
    await settled(service)
    for number in range(5):
        await say(service, aunt.chat.chat_id, f"又 {number} 条")
    await settled(service)
    refused = [call for call in server.calls_of("sendMessage") if call.status == 403]
    assert len(refused) == 1
    assert mason.delivered == 1
    assert len(records(service)) == 10
    assert {state for state, _ in records(service)} == {"failed"}


async def test_a_block_is_learnt_from_its_update_and_an_unblock_too(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    await aunt.ask("1")
    await aunt.block()
    await until(lambda: not server.bot.queue.waiting)
    await say(service, aunt.chat.chat_id, "广告")
    await settled(service)
    assert [call for call in server.calls_of("sendMessage") if call.status == 403] == []
    await aunt.unblock()
    assert (await aunt.ask("2")).body["text"].endswith("2")


async def test_a_group_that_became_a_supergroup_is_followed(server: BotApiServer, service: Service) -> None:
    user = server.user("王婶")
    group = server.group("村", [user], kind="group")
    moved = group.migrate(user)
    server.bot.queue.waiting.clear()  # the update that tells it is lost
    for number in range(3):
        await say(service, group.chat.chat_id, f"第{number}条：{number}")
    await until(lambda: moved.delivered == 3)
    await settled(service)
    assert records(service) == []


async def test_edits_find_their_message_also_when_it_never_arrived(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    chat_id = aunt.chat.chat_id

    async def edit(text_: str, replaces: str) -> None:
        await service.send(
            [Outgoing("editMessageText", {"text": text_}, chat_id, replaces=replaces, remember_as=replaces)]
        )

    await say(service, chat_id, "一", remember_as="a")
    await edit("二", "a")
    await edit("二", "a")  # not modified: that is as good as done
    await until(lambda: len(server.calls_of("editMessageText")) == 2)
    await settled(service)
    assert [message.body["text"] for message in aunt.bot_messages()] == ["二"]
    await edit("三", "b")
    await settled(service)
    assert [message.body["text"] for message in aunt.bot_messages()] == ["二", "三"]
    aunt.chat.messages.pop(aunt.bot_messages()[1].message_id)
    await edit("四", "b")
    await settled(service)
    assert aunt.bot_messages()[-1].body["text"] == "四"
    await edit("五", "b")
    await settled(service)
    assert aunt.bot_messages()[-1].body["text"] == "五"
    assert records(service) == []


async def test_markup_that_cannot_be_read_is_sent_as_plain_text(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    server.fault("status", "sendMessage", code=400, count=1, description="Bad Request: can't parse entities: byte 7")
    await service.send([Outgoing("sendMessage", {"text": "<b>3 &lt; 4</b>", "parse_mode": "HTML"}, aunt.chat.chat_id)])
    await until(lambda: aunt.delivered == 1)
    assert aunt.bot_messages()[0].body["text"] == "3 < 4"


async def test_many_faults_at_once(server: BotApiServer, service: Service) -> None:
    """R3, short: a fifth of all calls goes wrong in one way or another; everything arrives, in order."""
    for kind, options in (
        ("status", {"code": 429, "retry_after": 3}), ("status", {"code": 500}), ("html", {"code": 502}),
        ("truncated", {}), ("empty", {}), ("drop_before", {}), ("drop_after", {}), ("slow", {"seconds": 0.3}),
    ):  # fmt: skip
        server.fault(kind, "sendMessage", probability=0.025, **options)
    people = [server.private(server.user(f"顾客{number}")) for number in range(15)]
    for number in range(10):
        for person in people:
            await person.send_text(str(number))
    await until(lambda: not server.bot.queue.waiting)
    await settled(service)
    given_up = records(service)
    arrived = sum(len(set(numbers(person))) for person in people)
    assert all(in_order(numbers(person)) for person in people)
    assert arrived >= 150 - len(given_up)
    assert {state for state, _ in given_up} <= {"unknown"}
    lost_answers = sum(server.hub.faults.applied[kind] for kind in ("truncated", "empty", "drop_after", "html"))
    assert sum(len(numbers(person)) for person in people) - arrived <= lost_answers


async def test_a_message_to_no_chat_is_given_up_and_holds_up_nobody(server: BotApiServer, service: Service) -> None:
    aunt = server.private(server.user("王婶"))
    await service.send(
        [Outgoing("sendMessage", {"text": "给谁"}, None), Outgoing("sendMessage", {"text": "一"}, aunt.chat.chat_id)]
    )
    await settled(service)
    assert aunt.delivered == 1
    assert records(service) == [("failed", "no chat")]
