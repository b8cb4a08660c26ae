"""A real python-telegram-bot application over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.botapi_server import BotApiServer


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


async def test_polling(server: BotApiServer, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    assert application.updater is not None
    await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
    await talk(server)
    await application.updater.stop()
