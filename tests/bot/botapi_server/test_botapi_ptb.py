"""A real python-telegram-bot application over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import (
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    KeyboardButton,
    LinkPreviewOptions,
    Message,
    ReplyKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.botapi_server import BotApiServer

# The smallest picture whose size can be read.
PICTURE = b"GIF89a\x20\x00\x10\x00"
KEYS = ReplyKeyboardMarkup([["找产品", KeyboardButton("发位置", request_location=True)]], resize_keyboard=True)


async def on_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("看参数", callback_data="v1:a")]])
    await update.message.reply_html(f"<b>您好</b> {' '.join(context.args or [])}", reply_markup=keyboard)


async def on_button(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.callback_query is not None
    await update.callback_query.answer("好")
    await update.callback_query.edit_message_text("参数如下")


async def on_text(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
    assert update.message is not None
    await update.message.reply_text(update.message.text or "?", do_quote=True)


@pytest.fixture
async def application(server: BotApiServer) -> AsyncIterator[Application[Any, Any, Any, Any, Any, Any]]:
    app = (
        Application.builder().token(server.token)
        .base_url(server.url + "/bot").base_file_url(server.url + "/file/bot").build()
    )  # fmt: skip
    app.add_handlers(
        [CommandHandler("start", on_start), CallbackQueryHandler(on_button), MessageHandler(filters.TEXT, on_text)]
    )
    async with app:
        await app.start()
        yield app
        await app.stop()


async def talk(server: BotApiServer) -> None:
    aunt = server.private(server.user("王婶"))
    await aunt.start("ref_7")
    [hello] = await aunt.wait_for_replies(1)
    assert hello.body["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    pressed = await aunt.press(hello, "看")
    assert (await aunt.wait_for_answer(pressed)) == {"text": "好"}
    await aunt.wait_for_edit(hello)
    asked = await aunt.send_text("乳胶漆")
    [echo] = await aunt.wait_for_replies(1)
    assert echo.body["reply_to_message"]["message_id"] == asked.message_id
    assert aunt.transcript() == [
        "王婶: /start ref_7",
        "绿选: 您好 ref_7",
        "  [看参数]",
        "王婶 presses [看参数]",
        "  (好)",
        f"绿选 edits #{hello.message_id}: 参数如下",
        "王婶: 乳胶漆",
        "绿选: 乳胶漆",
    ]
    assert aunt.delivered == 2
    assert server.violations == []


async def test_webhook(server: BotApiServer, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    async def receive(request: web.Request) -> web.Response:
        assert request.headers["X-Telegram-Bot-Api-Secret-Token"] == "geheim"
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    hook = web.Application()
    hook.router.add_post("/hook", receive)
    async with TestServer(hook) as listening:
        url = str(listening.make_url("/hook"))
        await application.bot.set_webhook(url, secret_token="geheim", allowed_updates=Update.ALL_TYPES)
        await talk(server)
        assert (await application.bot.get_webhook_info()).url == url
        await application.bot.delete_webhook()


async def test_what_a_bot_calls(server: BotApiServer, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    """Uploads, albums, edits of media, commands, rights: in the very form python-telegram-bot sends them."""
    bot = application.bot
    aunt = server.private(server.user("王婶"))
    chat_id = aunt.chat.chat_id
    photo = await bot.send_photo(chat_id, PICTURE, caption="<b>样板</b>", parse_mode="HTML")
    document = await bot.send_document(chat_id, b"a,b", filename="报价.csv", caption="报价")
    assert document.document is not None
    assert document.document.file_name == "报价.csv"
    album = await bot.send_media_group(
        chat_id, [InputMediaPhoto(PICTURE, caption="两张"), InputMediaPhoto(photo.photo[-1].file_id)]
    )
    assert len({message.media_group_id for message in album}) == 1
    edited = await bot.edit_message_media(InputMediaPhoto(PICTURE, caption="新图"), chat_id, photo.message_id)
    assert isinstance(edited, Message)
    assert edited.caption == "新图"
    file = await bot.get_file(photo.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == PICTURE
    await bot.send_voice(chat_id, b"OggS", duration=3)
    await bot.send_location(chat_id, 33.6, 115.2)
    await bot.send_venue(chat_id, 33.6, 115.2, "城关店", "人民路 1 号")
    await bot.send_contact(chat_id, "+8613800138000", "城关店")
    await bot.send_chat_action(chat_id, "typing")
    await bot.send_message(chat_id, "好", link_preview_options=LinkPreviewOptions(is_disabled=True), reply_markup=KEYS)
    await bot.set_my_commands([("help", "怎么用")], scope=BotCommandScopeChat(chat_id), language_code="zh")
    assert (await bot.get_my_commands(BotCommandScopeChat(chat_id), "zh"))[0].command == "help"
    assert await bot.copy_messages(chat_id, chat_id, [photo.message_id, document.message_id])
    assert (await bot.get_chat_member(chat_id, chat_id)).status == "member"
    assert (await bot.get_chat(chat_id)).first_name == "王婶"
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_caption(chat_id, document.message_id, caption="报价")
    await aunt.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(chat_id, "在吗")
    assert server.violations == []
    assert server.hub.not_simulated == []


async def test_errors_have_the_classes_of_the_library(
    server: BotApiServer, application: Application[Any, Any, Any, Any, Any, Any]
) -> None:
    group = server.group("村", kind="group")
    moved = group.migrate(server.user("王婶"))
    with pytest.raises(ChatMigrated) as migrated:
        await application.bot.send_message(group.chat.chat_id, "在")
    assert migrated.value.new_chat_id == moved.chat.chat_id
    server.fault("status", "sendMessage", code=429, retry_after=3, count=1)
    with pytest.raises(RetryAfter):
        await application.bot.send_message(moved.chat.chat_id, "在")
    server.fault("html", "sendMessage", code=502, count=1)
    with pytest.raises(NetworkError):
        await application.bot.send_message(moved.chat.chat_id, "在")
    server.fault("drop_after", "sendMessage", count=1)
    with pytest.raises(NetworkError):
        await application.bot.send_message(moved.chat.chat_id, "在")
    assert moved.delivered == 1, "applied, though the answer was lost"


async def test_polling(server: BotApiServer, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    assert application.updater is not None
    await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
    await talk(server)
    await application.updater.stop()
