"""Any call that matches the schema is answered in the manner of the Bot API, whatever it asks for."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.botapi_server import BotApiServer, incoming
from bot.botapi_server.dispatch import dispatch
from bot.botapi_server.errors import ApiError, NotSimulatedError
from bot.botapi_server.files import keep_file, photo_body
from bot.botapi_server.methods.table import METHODS
from bot.botapi_server.spec import bot_api
from bot.botapi_server.state import Callback, GuestAsk, InlineAsk, Topic
from bot.botapi_server.updates import random_parameters

ROUNDS = 60
KINDS = ("photo", "document", "video", "voice", "audio", "animation", "sticker", "video_note")
# A long poll would wait; it has tests of its own.
_QUICK = {"timeout": 0}


def populated() -> BotApiServer:
    """A server with a chat of every kind and a few messages in each."""
    server = BotApiServer()
    server.bot.poller.brakes = False
    user = server.user("王婶", user_id=100)
    server.private(user)
    rights = [
        "can_manage_topics",
        "can_delete_messages",
        "can_pin_messages",
        "can_restrict_members",
        "can_post_messages",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
    ]
    chats = [
        server.private(user).chat,
        server.group("村", [user], forum=True, bot_rights=rights).chat,
        server.group("讯", kind="channel", bot_rights=rights, username="lvxuan").chat,
    ]
    for kind in KINDS:
        keep_file(server.bot, kind, f"a.{kind}", "image/png", b"GIF89a\x08\x00\x08\x00")
    for chat in chats:
        for number in range(3):
            server.bot.post(chat, {"text": f"第{number}条"}, sender=server.bot.me).from_bot = True
        photo = photo_body(next(iter(server.bot.files.values())))
        server.bot.post(chat, {"photo": photo, "caption": "图"}, sender=server.bot.me).receiver_id = 100
        incoming.announce(server.bot, chat, {"pinned_message": chat.messages[2].body})
        chat.pinned += [2, 3]
        chat.topics[50] = Topic(50, "题", closed=chat.kind == "private")
    now = server.hub.clock.now()
    server.bot.callbacks["1"] = Callback("1", user, now, chats[0].messages[2], chats[0])
    server.bot.inline_asks["1"] = InlineAsk("1", user, "漆", "", now)
    server.bot.guests["1"] = GuestAsk("1", user, chats[1], chats[1].messages[2])
    server.bot.inline_messages["1"] = chats[0].messages[2]
    return server


def aim(server: BotApiServer, rng: random.Random, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """Let chats, messages and people of the call exist, most of the time."""
    known = {"callback_query_id": ["1"], "inline_query_id": ["1"], "guest_query_id": ["1"], "inline_message_id": ["1"]}
    files = {kind: [file_id] for kind, file_id in zip(KINDS, server.bot.files, strict=False)}
    places: dict[str, list[Any]] = {
        "chat_id": list(server.bot.chats), "from_chat_id": list(server.bot.chats), "user_id": [100, server.bot.me.user_id],
        "message_id": [2, 3, 4, 5], "message_thread_id": [50, 1, 900], "ephemeral_message_id": [5],
        "receiver_user_id": [100], "parse_mode": ["HTML", "MarkdownV2"], "action": ["typing"],
        "file_id": list(server.bot.files), "message_ids": [[2, 3, 4, 5, 6]], **known, **files,
    }  # fmt: skip
    if method not in METHODS:
        return parameters
    aimed = {
        name: rng.choice(places[name]) if name in places and rng.random() < 0.8 else value
        for name, value in parameters.items()
    }
    if "inline_message_id" in aimed and rng.random() < 0.7:
        del aimed["inline_message_id"]
        aimed |= {"chat_id": rng.choice(places["chat_id"]), "message_id": rng.choice([2, 3, 4, 5])}
    return aimed | {name: value for name, value in _QUICK.items() if name in aimed}


@pytest.mark.parametrize("method", sorted(bot_api().methods))
async def test_every_method_answers_or_refuses(method: str) -> None:
    server = populated()
    rng = random.Random(method)
    for _ in range(ROUNDS if method in METHODS else 3):
        parameters = aim(server, rng, method, random_parameters(rng, method))
        assert bot_api().call_problems(method, parameters) == []
        try:
            await dispatch(server.bot, method, parameters, {}, from_form=False)
        except NotSimulatedError:
            assert method not in METHODS or "rich_message" in parameters
        except ApiError as refused:
            assert 400 <= refused.code < 430
    for chat in server.bot.chats.values():
        for message in chat.messages.values():
            assert bot_api().value_problems("Message", message.body) == []
    for update in server.bot.queue.waiting.values():
        assert bot_api().value_problems("Update", update.json()) == []
