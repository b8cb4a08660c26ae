"""What the bot can do in a private chat, and what the person sees of it."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import aiohttp
import pytest

from bot.botapi_server import BotApiServer
from bot.botapi_server.driving import Conversation

INLINE = {
    "inline_keyboard": [[{"text": "看", "callback_data": "a"}, {"text": "证书号", "copy_text": {"text": "CGP-1"}}]]
}


def png(width: int = 20, height: int = 10) -> bytes:
    """Make a small picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def aunt(server: BotApiServer) -> Conversation:
    return server.private(server.user("王婶"))


async def upload(server: BotApiServer, method: str, fields: dict[str, str], files: dict[str, bytes]) -> dict[str, Any]:
    form = aiohttp.FormData(fields)
    for name, content in files.items():
        form.add_field(name, content, filename=f"{name}.png", content_type="image/png")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/bot{server.token}/{method}", data=form) as response,
    ):
        body: dict[str, Any] = await response.json()
        return body


async def test_text_is_stored_parsed_and_trimmed(aunt: Conversation, api: Any) -> None:
    sent = (
        await api("sendMessage", chat_id=aunt.chat.chat_id, text=" <b>甲🏠</b> https://a.cn \n", parse_mode="HTML")
    )["result"]
    assert sent["text"] == "甲🏠 https://a.cn"
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 3}, {"type": "url", "offset": 4, "length": 12}]
    assert sent["from"]["is_bot"]
    assert sent["chat"] == {"id": aunt.chat.chat_id, "type": "private", "first_name": "王婶"}


async def test_given_entities_are_kept_and_checked(aunt: Conversation, api: Any, server: BotApiServer) -> None:
    bold = {"type": "bold", "offset": 0, "length": 2}
    assert (await api("sendMessage", chat_id=aunt.chat.chat_id, text="甲乙", entities=[bold]))["result"][
        "entities"
    ] == [bold]
    refused = await api("sendMessage", chat_id=aunt.chat.chat_id, text="甲", entities=[bold])
    assert "can't parse entities" in refused["description"]
    assert len(server.violations) == 1


async def test_editing_in_place_adds_no_message(aunt: Conversation, api: Any) -> None:
    chat_id = aunt.chat.chat_id
    number = (await api("sendMessage", chat_id=chat_id, text="一", reply_markup=INLINE))["result"]["message_id"]
    edited = (await api("editMessageText", chat_id=chat_id, message_id=number, text="二", reply_markup=INLINE))[
        "result"
    ]
    assert edited["text"] == "二"
    assert edited["edit_date"] >= edited["date"]
    await api("editMessageReplyMarkup", chat_id=chat_id, message_id=number)
    [message] = aunt.bot_messages()
    assert "reply_markup" not in message.body
    assert aunt.delivered == 1
    assert aunt.transcript() == [
        "绿选: 一",
        "  [看] [证书号 ⧉ CGP-1]",
        f"绿选 edits #{number}: 二",
        "  [看] [证书号 ⧉ CGP-1]",
        f"绿选 edits #{number}: 二",
    ]


async def test_reply_keyboard_and_its_keys(aunt: Conversation, api: Any) -> None:
    keys = {
        "keyboard": [
            [
                {"text": "找产品"},
                {"text": "发位置", "request_location": True},
                {"text": "发电话", "request_contact": True},
            ]
        ],
        "resize_keyboard": True,
    }
    await api("sendMessage", chat_id=aunt.chat.chat_id, text="您好", reply_markup=keys)
    assert (await aunt.press_key("找")).text == "找产品"
    assert (await aunt.press_key("发位置", latitude=33.6, longitude=115.2)).body["location"] == {
        "latitude": 33.6,
        "longitude": 115.2,
    }
    assert (await aunt.press_key("发电话")).body["contact"]["user_id"] == aunt.user.user_id
    await api("sendMessage", chat_id=aunt.chat.chat_id, text="好", reply_markup={"remove_keyboard": True})
    with pytest.raises(LookupError, match="找"):
        await aunt.press_key("找")
    group = {
        "chat_id": aunt.chat.chat_id,
        "text": "a",
        "reply_markup": {"force_reply": True, "input_field_placeholder": "写这里"},
    }
    assert "reply_markup" not in (await api("sendMessage", **group))["result"]


async def test_photos_travel_both_ways(server: BotApiServer, aunt: Conversation, api: Any) -> None:
    sent = await upload(
        server,
        "sendPhoto",
        {"chat_id": str(aunt.chat.chat_id), "caption": "<b>样板</b>", "parse_mode": "HTML"},
        {"photo": png()},
    )
    photo = sent["result"]["photo"][0]
    assert (photo["width"], photo["height"]) == (20, 10)
    assert sent["result"]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    again = await api("sendPhoto", chat_id=aunt.chat.chat_id, photo=photo["file_id"])
    assert again["result"]["photo"][0]["file_unique_id"] == photo["file_unique_id"]
    wrong = await api("sendDocument", chat_id=aunt.chat.chat_id, document=photo["file_id"])
    assert wrong["description"] == "Bad Request: can't use file of type Photo as Document"
    shared = await aunt.send_photo(png(8, 8), caption="我家的墙")
    path = (await api("getFile", file_id=shared.body["photo"][0]["file_id"]))["result"]["file_path"]
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/file/bot{server.token}/{path}") as response,
    ):
        assert await response.read() == png(8, 8)


async def test_what_is_no_picture_is_no_photo(server: BotApiServer, aunt: Conversation) -> None:
    fields = {"chat_id": str(aunt.chat.chat_id)}
    assert (await upload(server, "sendPhoto", fields, {"photo": b"text"}))[
        "description"
    ] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert (await upload(server, "sendPhoto", fields, {"photo": png(9000, 2000)}))[
        "description"
    ] == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert (await upload(server, "sendDocument", fields, {"document": b""}))[
        "description"
    ] == "Bad Request: file must be non-empty"


async def test_albums(server: BotApiServer, aunt: Conversation) -> None:
    media = '[{"type":"photo","media":"attach://one","caption":"两张"},{"type":"photo","media":"attach://two"}]'
    answer = await upload(
        server, "sendMediaGroup", {"chat_id": str(aunt.chat.chat_id), "media": media}, {"one": png(), "two": png()}
    )
    assert len({message["media_group_id"] for message in answer["result"]}) == 1
    lost = await upload(server, "sendMediaGroup", {"chat_id": str(aunt.chat.chat_id), "media": media}, {"one": png()})
    assert "two" in lost["description"]
    assert len(aunt.bot_messages()) == 2


async def test_copies_hide_the_author_forwards_name_it(aunt: Conversation, server: BotApiServer, api: Any) -> None:
    staff = server.private(server.user("客服"))
    said = await aunt.send_text("能送到乡下吗")
    here = {"chat_id": staff.chat.chat_id, "from_chat_id": aunt.chat.chat_id}
    assert set((await api("copyMessage", **here, message_id=said.message_id))["result"]) == {"message_id"}
    await api("forwardMessage", **here, message_id=said.message_id)
    await api("copyMessages", **here, message_ids=[said.message_id, said.message_id + 90])
    copied, forwarded, again = staff.bot_messages()
    assert (copied.text, again.text) == ("能送到乡下吗", "能送到乡下吗")
    assert "forward_origin" not in copied.body
    assert forwarded.body["forward_origin"]["sender_user"]["first_name"] == "王婶"


async def test_pins_reactions_actions_and_drafts(aunt: Conversation, api: Any) -> None:
    chat_id = aunt.chat.chat_id
    said = await aunt.send_text("甲")
    assert (await api("pinChatMessage", chat_id=chat_id, message_id=said.message_id))["ok"]
    assert (await api("getChat", chat_id=chat_id))["result"]["pinned_message"]["text"] == "甲"
    updates = (await api("getUpdates"))["result"]
    assert "pinned_message" in updates[-1]["message"], "the bot is told of its own pin (Client.cpp:17418)"
    assert (await api("unpinAllChatMessages", chat_id=chat_id))["ok"]
    assert (
        await api(
            "setMessageReaction",
            chat_id=chat_id,
            message_id=said.message_id,
            reaction=[{"type": "emoji", "emoji": "👍"}],
        )
    )["ok"]
    assert said.reactions
    await api("sendChatAction", chat_id=chat_id, action="typing")
    assert aunt.chat.actions[-1][0] == "typing"
    await api("sendMessageDraft", chat_id=chat_id, draft_id=1, text="正在")
    assert aunt.chat.drafts[1]["text"] == "正在"
    await api("sendMessage", chat_id=chat_id, text="好了")
    assert aunt.chat.drafts == {}


async def test_settings_of_the_bot(server: BotApiServer, api: Any) -> None:
    commands = [{"command": "help", "description": "帮助"}]
    await api("setMyCommands", commands=commands, language_code="zh")
    await api("setMyCommands", commands=commands, scope={"type": "all_group_chats"})
    assert (await api("getMyCommands", language_code="zh"))["result"] == commands
    assert (await api("getMyCommands"))["result"] == []
    await api("deleteMyCommands", language_code="zh")
    assert (await api("getMyCommands", language_code="zh"))["result"] == []
    await api("setMyDescription", description="建材")
    assert (await api("getMyDescription", language_code="zh"))["result"] == {"description": "建材"}
    await api("setChatMenuButton", menu_button={"type": "commands"})
    assert (await api("getChatMenuButton"))["result"] == {"type": "commands"}
    assert (await api("getMe"))["result"]["can_read_all_group_messages"] is False


async def test_edits_forwards_voices_and_contacts_of_people(aunt: Conversation, api: Any) -> None:
    said = await aunt.send_text("乳胶")
    await aunt.edit(said, "乳胶漆")
    await aunt.forward(said, hidden_name="某人")
    await aunt.send_voice()
    await aunt.send_contact("+8613900000000", own=False)
    updates = (await api("getUpdates"))["result"]
    assert [next(iter(set(update) - {"update_id"})) for update in updates] == [
        "message",
        "edited_message",
        "message",
        "message",
        "message",
    ]
    assert updates[0]["message"]["text"] == "乳胶", "an update shows the message as it was then"
    assert updates[1]["edited_message"]["edit_date"]


async def test_a_press_on_a_deleted_message(aunt: Conversation, api: Any) -> None:
    """The message of the callback is inaccessible then: date 0."""
    chat_id = aunt.chat.chat_id
    sent = (await api("sendMessage", chat_id=chat_id, text="a", reply_markup=INLINE))["result"]
    [message] = aunt.bot_messages()
    await api("deleteMessage", chat_id=chat_id, message_id=sent["message_id"])
    await aunt.press_data(message, "forged:1")
    query = (await api("getUpdates"))["result"][0]["callback_query"]
    assert query["data"] == "forged:1"
    assert query["message"] == {"chat": sent["chat"], "message_id": sent["message_id"], "date": 0}


async def test_waiting_names_what_did_not_come(aunt: Conversation) -> None:
    await aunt.send_text("在吗")
    with pytest.raises(TimeoutError, match="1 replies in:\n王婶: 在吗"):
        await aunt.wait_for_replies(1, within=0.05)
