"""getUpdates as the official server answers it (Client.cpp:15700-15723, 16225-16430, 16962-17353)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.botapi_server import BotApiServer, ManualClock


def ids(answer: dict[str, Any]) -> list[int]:
    return [update["update_id"] for update in answer["result"]]


async def test_an_offset_confirms_what_lies_before_it(server: BotApiServer, api: Any) -> None:
    aunt = server.private(server.user("王婶"))
    for word in "甲乙丙":
        await aunt.send_text(word)
    first = ids(await api("getUpdates"))
    assert len(first) == 3
    assert first == list(range(first[0], first[0] + 3))
    assert ids(await api("getUpdates", offset=first[1])) == first[1:]
    assert len(server.bot.queue.waiting) == 2


async def test_a_negative_offset_keeps_the_newest_only(server: BotApiServer, api: Any) -> None:
    aunt = server.private(server.user("王婶"))
    for word in "甲乙丙":
        await aunt.send_text(word)
    answer = await api("getUpdates", offset=-1)
    assert [update["message"]["text"] for update in answer["result"]] == ["丙"]
    assert len(server.bot.queue.waiting) == 1


async def test_the_limit_holds(server: BotApiServer, api: Any) -> None:
    aunt = server.private(server.user("王婶"))
    for word in "甲乙丙":
        await aunt.send_text(word)
    assert len((await api("getUpdates", limit=2))["result"]) == 2


async def test_the_same_offset_in_a_hurry_gets_one_update(server: BotApiServer, api: Any) -> None:
    """Client.cpp:15717: asked again within half a second, the limit is 1."""
    aunt = server.private(server.user("王婶"))
    await aunt.send_text("甲")
    await aunt.send_text("乙")
    await api("getUpdates")
    assert len((await api("getUpdates"))["result"]) == 1


async def test_a_long_poll_wakes_for_an_update(server: BotApiServer, api: Any) -> None:
    aunt = server.private(server.user("王婶"))
    poll = asyncio.ensure_future(api("getUpdates", timeout=30))
    await server.bot.poller.attended.wait()
    await aunt.send_text("在吗")
    assert (await poll)["result"][0]["message"]["text"] == "在吗"


async def test_the_second_poller_ends_the_first(server: BotApiServer, api: Any) -> None:
    """Client.cpp:16225 `abort_long_poll`."""
    first = asyncio.ensure_future(api("getUpdates", timeout=30))
    await server.bot.poller.attended.wait()
    second = asyncio.ensure_future(api("getUpdates", timeout=30, offset=5))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await server.private(server.user("王婶")).send_text("甲")
    assert len((await second)["result"]) == 1


async def test_polling_and_webhook_exclude_each_other(server: BotApiServer, api: Any) -> None:
    """Client.cpp:15701."""
    poll = asyncio.ensure_future(api("getUpdates", timeout=30))
    await server.bot.poller.attended.wait()
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    refused = await api("getUpdates")
    assert refused["error_code"] == 409
    assert "while webhook is active" in refused["description"]
    await api("deleteWebhook")
    assert (await api("getUpdates"))["ok"]


async def test_allowed_updates_hold_from_creation_on(server: BotApiServer, api: Any) -> None:
    """Client.cpp:16967: an update of an unwanted kind is never made; omitted keeps the setting, [] restores it."""
    aunt = server.private(server.user("王婶"))
    await api("getUpdates", allowed_updates=["callback_query"], offset=1)
    await aunt.send_text("甲")
    assert ids(await api("getUpdates", offset=2)) == []
    await api("getUpdates", allowed_updates=[], offset=3)
    await aunt.send_text("乙")
    assert [u["message"]["text"] for u in (await api("getUpdates", offset=4))["result"]] == ["乙"]


async def test_reactions_are_told_only_to_who_asks(server: BotApiServer, api: Any) -> None:
    aunt = server.private(server.user("王婶"))
    said = await aunt.send_text("甲")
    await aunt.react(said, "👍")
    await api("getUpdates", allowed_updates=["message_reaction"], offset=1)
    await aunt.react(said, "🔥")
    kinds = [set(update) - {"update_id"} for update in (await api("getUpdates", offset=2))["result"]]
    assert kinds == [{"message"}, {"message_reaction"}]


@pytest.mark.parametrize(
    ("kind", "life"),
    [("message", 86_400), ("callback_query", 150), ("inline_query", 30), ("chosen_inline_result", 600)],
)
async def test_updates_expire(timed: BotApiServer, clock: ManualClock, timed_api: Any, kind: str, life: int) -> None:
    """Client.cpp:17056, 17155, 17073, 17081."""
    user = timed.user("王婶")
    aunt = timed.private(user)
    if kind == "message":
        await aunt.send_text("甲")
    elif kind == "callback_query":
        sent = await timed_api(
            "sendMessage",
            chat_id=user.user_id,
            text="a",
            reply_markup={"inline_keyboard": [[{"text": "b", "callback_data": "c"}]]},
        )
        assert sent["ok"]
        await aunt.press(aunt.bot_messages()[0], "b")
    else:
        asked = await timed.inline(user).query("漆")
        timed.bot.queue.waiting.clear()
        if kind == "inline_query":
            await timed.inline(user).query("漆")
        else:
            result = {"type": "article", "id": "1", "title": "漆", "input_message_content": {"message_text": "漆"}}
            await timed.inline(user).choose(asked, result, timed.group("村", [user]).chat)
            timed.bot.queue.waiting = {k: u for k, u in timed.bot.queue.waiting.items() if u.kind == kind}
    clock.advance(life - 1)
    assert [u.kind for u in timed.bot.queue.take(10)] == [kind]
    clock.advance(2)
    assert timed.bot.queue.take(10) == []
    assert timed.bot.queue.dropped == 1


async def test_update_ids_begin_anywhere() -> None:
    starts = {BotApiServer(seed=seed).bot.queue.next_id for seed in range(20)}
    assert len(starts) == 20
    assert min(starts) > 1_000_000


async def test_tokens_do_not_meet(server: BotApiServer) -> None:
    other = server.add_bot("700000009:other", username="other_bot")
    user = server.user("王婶")
    await server.private(user, bot=other).send_text("甲")
    assert len(other.queue.waiting) == 1
    assert server.bot.queue.waiting == {}


async def test_an_update_can_be_delivered_again(server: BotApiServer, api: Any) -> None:
    """For tests of repeated delivery: the same update once more, under its old id."""
    await server.private(server.user("王婶")).send_text("甲")
    update = next(iter(server.bot.queue.waiting.values()))
    await api("getUpdates", offset=update.update_id + 1)
    server.bot.queue.put_back(update)
    assert ids(await api("getUpdates")) == [update.update_id]


async def test_anything_can_be_injected(server: BotApiServer, api: Any) -> None:
    """For tests of damaged updates: any JSON value; an update_id in it becomes the next of the queue."""
    server.bot.queue.listeners.pop(0)  # the check of the fixture
    first = server.bot.queue.inject({"update_id": "x", "message": 5})
    server.bot.queue.inject([1, None])
    assert (await api("getUpdates"))["result"] == [{"update_id": first, "message": 5}, [1, None]]
    assert (await api("getUpdates", offset=first + 2))["result"] == []


async def test_old_messages_can_be_forgotten(server: BotApiServer) -> None:
    server.hub.keep_messages = 3
    aunt = server.private(server.user("王婶"))
    for number in range(40):
        await aunt.send_text(str(number))
    assert [message.text for message in aunt.chat.visible()] == ["37", "38", "39"]
    assert len(aunt.transcript()) <= 12
