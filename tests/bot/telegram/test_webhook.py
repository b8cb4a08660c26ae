"""R14, and R2 as the webhook sees it: who may push, what is answered, what is kept."""

from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.botapi_server import BotApiServer
from bot.channels.telegram.service import Service
from tests.bot.telegram.channel import HOOK_SECRET, free_port, in_order, numbers, running, until

HEADERS = {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET, "Content-Type": "application/json"}


@pytest.fixture
async def service(server: BotApiServer, sqlite_journal_url: str, tmp_path: Path) -> AsyncIterator[Service]:
    options = {"mode": "webhook", "port": free_port(), "budgets_lifted": True}
    async with running(server, sqlite_journal_url, tmp_path, **options) as started:
        await until(lambda: server.bot.webhook is not None)
        yield started


@pytest.fixture
async def client(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(f"http://127.0.0.1:{service.port}") as session:
        yield session


def update(number: int, text: str = "1", chat: int = 5) -> dict[str, Any]:
    return {"update_id": number, "message": {"text": text, "chat": {"id": chat, "type": "private"}}}


async def waiting(service: Service) -> int:
    """Count the updates that were ever stored."""
    return int(service.metrics.registry.get_sample_value("lvxuan_telegram_updates_total", {"result": "stored"}) or 0)


async def test_talk_over_the_webhook(server: BotApiServer, service: Service) -> None:
    people = [server.private(server.user(f"顾客{number}")) for number in range(10)]
    for number in range(10):
        for person in people:
            await person.send_text(str(number))
    await until(lambda: all(numbers(person) == list(range(10)) for person in people))
    assert server.calls_of("setWebhook")[0].parameters["secret_token"] == HOOK_SECRET


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("POST", {"X-Telegram-Bot-Api-Secret-Token": "falsch"}, b"{}", 403),
        ("POST", {"X-Telegram-Bot-Api-Secret-Token": ""}, b"{}", 403),
        ("POST", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET[:-1]}, b"{}", 403),
        ("POST", {"X-Telegram-Bot-Api-Secret-Token": HOOK_SECRET + "x"}, b"{}", 403),
        ("POST", {"X-Telegram-Bot-Api-Secret-Token": "é" * 10_000 + "x"}, b"{}", 400),
        ("POST", {"Content-Type": "text/plain"}, b"{}", 415),
        ("POST", {"Content-Type": "application/x-www-form-urlencoded"}, b"update_id=1", 415),
        ("GET", {}, None, 405),
        ("PUT", {}, b"{}", 405),
        ("DELETE", {}, None, 405),
        ("POST", {}, b"x" * (1024 * 1024 + 1), 413),
    ],
)
async def test_strangers_are_refused_and_nothing_changes(
    service: Service,
    client: aiohttp.ClientSession,
    method: str,
    headers: dict[str, str],
    body: bytes | None,
    status: int,
) -> None:
    try:
        async with client.request(method, "/hook", headers=HEADERS | headers, data=body) as answer:
            assert answer.status in {status, 431, 403}
            assert answer.status != 200
    except aiohttp.ClientError:
        assert len(str(headers)) > 8000, "only a monstrous head may be cut off"
    assert await waiting(service) == 0


async def test_a_missing_secret_is_refused(client: aiohttp.ClientSession) -> None:
    async with client.post("/hook", json=update(1)) as answer:
        assert answer.status == 403


async def test_other_paths_lead_nowhere(client: aiohttp.ClientSession) -> None:
    for path in ("/", "/hook/", "/hook/x", "/docs", "/..%2f"):
        async with client.post(path, json=update(1), headers=HEADERS, allow_redirects=False) as answer:
            assert answer.status in {404, 405, 307}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"{}", b'{"update_id": "7"}', b'{"update_id": true}',
        b'{"update_id": -1}', b'{"update_id": 1e400}', b'{"update_id": 99999999999999999999}', b"[" * 100_000,
        b'{"message": {}}', b'{"update_id": null, "message": 7}',
    ],
)  # fmt: skip
async def test_garbage_is_answered_200_and_counted(
    service: Service, client: aiohttp.ClientSession, body: bytes
) -> None:
    async with client.post("/hook", data=body, headers=HEADERS) as answer:
        assert answer.status == 200
    assert await waiting(service) == 0


async def test_a_stored_update_is_acknowledged_once_and_answered(
    server: BotApiServer, service: Service, client: aiohttp.ClientSession
) -> None:
    aunt = server.private(server.user("王婶"))
    for _ in range(3):
        async with client.post("/hook", json=update(7, "3", aunt.chat.chat_id), headers=HEADERS) as answer:
            assert answer.status == 200
    await until(lambda: numbers(aunt) == [3])
    assert await waiting(service) == 1


async def test_no_answer_of_200_while_the_journal_is_locked(
    server: BotApiServer, service: Service, client: aiohttp.ClientSession, sqlite_journal_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Telegram is told to come again, and everything is answered once, in order, when the store is back."""
    monkeypatch.setattr("bot.channels.telegram.webhook.STORE_SECONDS", 0.5)
    aunt = server.private(server.user("王婶"))
    other = sqlite3.connect(sqlite_journal_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with client.post("/hook", json=update(1), headers=HEADERS) as answer:
        assert answer.status == 503
        assert int(answer.headers["Retry-After"]) >= 1
    for number in range(5):
        await aunt.send_text(str(number))
    await asyncio.sleep(1)
    other.execute("ROLLBACK")
    other.close()
    await until(lambda: numbers(aunt) == [0, 1, 2, 3, 4])


async def test_large_and_slow_bodies_do_not_fill_the_memory(
    service: Service, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.telegram.webhook.BODY_SECONDS", 0.5)
    monkeypatch.setattr("bot.channels.telegram.listening.HEADER_SECONDS", 0.5)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b"x" * 65_536

    async def slow() -> AsyncIterator[bytes]:
        yield b'{"update_id":'
        await asyncio.sleep(3)
        yield b"7}"

    for _ in range(5):
        try:
            async with client.post("/hook", data=endless(), headers=HEADERS) as answer:
                assert answer.status == 413
        except aiohttp.ClientError:
            pass  # closed while the body was still coming
    async with client.post("/hook", data=slow(), headers=HEADERS) as answer:
        assert answer.status == 408
    idle = [await asyncio.open_connection("127.0.0.1", service.port) for _ in range(50)]
    for _, writer in idle:
        writer.write(b"POST /hook HTTP/1.1\r\nHost: x\r\n")
    await asyncio.sleep(1.0)
    assert [await reader.read(1) for reader, _ in idle] == [b""] * 50, "slow heads are closed"
    for _, writer in idle:
        writer.close()
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 30_000, f"{grown} kB more memory"
    assert await waiting(service) == 0


async def test_what_watches_the_service(server: BotApiServer, service: Service, client: aiohttp.ClientSession) -> None:
    aunt = server.private(server.user("王婶"))
    await aunt.ask("1")
    async with client.get("/healthz") as answer:
        assert answer.status == 200
    async with client.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["ready"]) == (200, True)
    async with client.get("/metrics") as answer:
        measured = await answer.text()
    assert 'lvxuan_telegram_handled_total{outcome="answered"} 1.0' in measured
    assert 'lvxuan_telegram_sent_total{kind="reply",result="sent"} 1.0' in measured
    assert str(aunt.chat.chat_id) not in measured
    service._lasting[0].cancel()  # a part that must not end has ended
    await asyncio.sleep(0.05)
    async with client.get("/readyz") as answer:
        assert (answer.status, (await answer.json())["working"]) == (503, False)


# R7: whatever is pushed, the service stays up and answers the next person

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4)
)
_PARTS = (
    "chat",
    "from",
    "message",
    "text",
    "data",
    "id",
    "entities",
    "migrate_to_chat_id",
    "new_chat_member",
    "type",
    "date",
)
_BODIES = st.dictionaries(st.sampled_from(_PARTS), _JSON, max_size=6)
_KINDS = (
    "message",
    "callback_query",
    "my_chat_member",
    "inline_query",
    "edited_message",
    "channel_post",
    "poll",
    "neues",
)


@pytest.mark.parametrize("count", [100, pytest.param(10_000, marks=pytest.mark.long)])
async def test_spoilt_updates_stop_nobody(
    server: BotApiServer, service: Service, client: aiohttp.ClientSession, count: int
) -> None:
    spoilt: list[Any] = []

    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(_KINDS), _BODIES | _JSON)
    def collect(kind: str, body: Any) -> None:
        spoilt.append({"update_id": 1000 + len(spoilt), kind: body})

    collect()
    answers = await asyncio.gather(*(_push(client, one) for one in spoilt))
    assert set(answers) == {200}
    aunt = server.private(server.user("王婶"))
    await aunt.send_text("坏")
    assert (await aunt.wait_for_replies(1))[0].body["text"] == "没弄成"
    assert (await aunt.ask("2")).body["text"].endswith("2")
    assert service.health()["working"]


async def _push(client: aiohttp.ClientSession, body: Any) -> int:
    async with client.post("/hook", data=json.dumps(body), headers=HEADERS) as answer:
        return answer.status


async def test_deliveries_repeated_and_shuffled_across_chats(
    server: BotApiServer, service: Service, client: aiohttp.ClientSession
) -> None:
    """R6 over HTTP: each update one to five times, at the same time."""
    import random

    rng = random.Random(4)
    people = [server.private(server.user(f"顾客{number}")) for number in range(10)]
    lanes = []
    for index, person in enumerate(people):
        own = [update(5000 + number * 10 + index, str(number), person.chat.chat_id) for number in range(10)]
        lanes.append([one for one in own for _ in range(rng.randint(1, 5))])

    async def deliver(lane: list[Any]) -> None:
        for one in lane:
            assert await _push(client, one) == 200

    await asyncio.gather(*(deliver(lane) for lane in lanes))
    await until(lambda: all(len(numbers(person)) == 10 for person in people))
    assert all(in_order(numbers(person)) for person in people)
    assert await waiting(service) == 100
