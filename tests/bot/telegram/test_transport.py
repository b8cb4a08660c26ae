"""The aiohttp transport under a real python-telegram-bot `Bot`, and the plain calls."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation
from bot.channels.telegram.transport import AiohttpRequest, ApiRefusal, BotApi, NotSent, Unclear
from tests.bot.telegram.channel import free_port

PICTURE = b"GIF89a\x20\x00\x10\x00"  # the smallest picture whose size can be read


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    one = AiohttpRequest(read_timeout=2.0)
    await one.initialize()
    yield one
    await one.shutdown()


@pytest.fixture
async def bot(server: BotApiServer, request_: AiohttpRequest) -> Bot:
    urls = {"base_url": server.url + "/bot", "base_file_url": server.url + "/file/bot"}
    made = Bot(server.token, request=request_, get_updates_request=AiohttpRequest(), **urls)
    await made.initialize()
    return made


@pytest.fixture
def api(server: BotApiServer, request_: AiohttpRequest) -> BotApi:
    return BotApi(request_, server.url + "/", server.token)


@pytest.fixture
def aunt(server: BotApiServer) -> Conversation:
    return server.private(server.user("王婶"))


async def test_what_the_library_sends_arrives_files_included(bot: Bot, aunt: Conversation) -> None:
    chat_id = aunt.chat.chat_id
    assert (await bot.send_message(chat_id, "一 & <b>二</b>", parse_mode="HTML")).text == "一 & 二"
    photo = await bot.send_photo(chat_id, PICTURE, caption="样板间")
    document = await bot.send_document(chat_id, "甲,乙".encode(), filename="报价 单.csv")
    assert document.document is not None
    assert document.document.file_name == "报价 单.csv"
    album = await bot.send_media_group(chat_id, [InputMediaPhoto(PICTURE), InputMediaPhoto(photo.photo[-1].file_id)])
    assert len(album) == 2
    file = await bot.get_file(document.document.file_id)
    assert bytes(await file.download_as_bytearray()) == "甲,乙".encode()
    assert [message.message_id for message in aunt.bot_messages()][-1] == album[-1].message_id


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("status", {"code": 429, "retry_after": 7}, RetryAfter),
        ("status", {"code": 403}, Forbidden),
        ("status", {"code": 400}, BadRequest),
        ("status", {"code": 401}, InvalidToken),
        ("status", {"code": 500}, NetworkError),
        ("html", {"code": 502}, NetworkError),
        ("garbage", {}, TelegramError),
        ("empty", {}, TelegramError),
        ("truncated", {}, TelegramError),
        ("drop_before", {}, NetworkError),
        ("hang", {"seconds": 9}, TimedOut),
    ],
)
async def test_errors_are_those_of_the_library(
    server: BotApiServer, bot: Bot, aunt: Conversation, kind: str, options: Any, error: type[Exception]
) -> None:
    server.fault(kind, "sendMessage", count=1, **options)
    with pytest.raises(error) as caught:
        await bot.send_message(aunt.chat.chat_id, "在")
    assert server.token not in str(caught.value) + repr(caught.value.__cause__)


async def test_a_moved_group_is_told(server: BotApiServer, bot: Bot) -> None:
    group = server.group("村", kind="group")
    moved = group.migrate(server.user("王婶"))
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.chat.chat_id, "在")
    assert caught.value.new_chat_id == moved.chat.chat_id


@pytest.mark.parametrize(
    ("kind", "options", "error"),
    [
        ("status", {"code": 429, "retry_after": 7}, ApiRefusal),
        ("status", {"code": 500}, ApiRefusal),
        ("html", {"code": 404}, ApiRefusal),
        ("html", {"code": 502}, Unclear),
        ("garbage", {}, Unclear),
        ("empty", {}, Unclear),
        ("truncated", {}, Unclear),
        ("drop_before", {}, Unclear),
        ("drop_after", {}, Unclear),
        ("hang", {"seconds": 9}, Unclear),
    ],
)
async def test_plain_calls_tell_what_is_known(
    server: BotApiServer, api: BotApi, aunt: Conversation, kind: str, options: Any, error: type[Exception]
) -> None:
    server.fault(kind, "sendMessage", count=1, **options)
    with pytest.raises(error) as caught:
        await api.call("sendMessage", {"chat_id": aunt.chat.chat_id, "text": "在"}, seconds=0.5)
    assert server.token not in str(caught.value) + repr(caught.value.__cause__)
    if isinstance(caught.value, ApiRefusal):
        assert caught.value.retry_after == options.get("retry_after")


async def test_without_a_connection_nothing_was_sent(request_: AiohttpRequest) -> None:
    with pytest.raises(NotSent):
        await BotApi(request_, f"http://127.0.0.1:{free_port()}", "1:a").call("getMe", {})


async def test_many_at_once(server: BotApiServer, api: BotApi) -> None:
    server.hub.latency = 0.05
    people = [server.private(server.user(f"顾客{number}")) for number in range(150)]
    await asyncio.gather(
        *(
            api.call("sendMessage", {"chat_id": person.chat.chat_id, "text": "在"})
            for person in people
            for _ in range(2)
        )
    )
    assert [person.delivered for person in people] == [2] * 150
