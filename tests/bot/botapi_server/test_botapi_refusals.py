"""Refusals in the official words. The numbers are lines of Client.cpp of the official server 10.0 (commit 01a3679c)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.botapi_server import BotApiServer, ManualClock
from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Member

KEYBOARD = {"inline_keyboard": [[{"text": "看", "callback_data": "a"}]]}


@pytest.fixture
def aunt(server: BotApiServer) -> Conversation:
    return server.private(server.user("王婶"))


async def refused(api: Any, method: str, **parameters: Any) -> tuple[int, str]:
    answer = await api(method, **parameters)
    assert not answer["ok"]
    return answer["error_code"], answer["description"]


@pytest.mark.parametrize(
    ("line", "method", "parameters", "words"),
    [
        (8201, "sendMessage", {"text": "a"}, "chat_id is empty"),
        (11401, "sendMessage", {"chat_id": 0, "text": ""}, "message text is empty"),
        (11401, "sendMessage", {"chat_id": 0, "text": "  \n"}, "message text is empty"),
        (6571, "sendMessage", {"chat_id": 999, "text": "a"}, "chat not found"),
        (6571, "getChat", {"chat_id": "@nobody_at_all"}, "chat not found"),
        (8516, "sendMessage", {"chat_id": 0, "text": "a", "reply_parameters": {"message_id": 77}}, "message to be replied not found"),
        (6729, "editMessageText", {"chat_id": 0, "message_id": 77, "text": "a"}, "message to edit not found"),
        (6729, "deleteMessage", {"chat_id": 0, "message_id": 77}, "message to delete not found"),
        (6729, "copyMessage", {"chat_id": 0, "from_chat_id": 0, "message_id": 77}, "message to copy not found"),
        (6729, "forwardMessage", {"chat_id": 0, "from_chat_id": 0, "message_id": 77}, "message to forward not found"),
        (7054, "unpinChatMessage", {"chat_id": 0}, "message to unpin not found"),
        (146, "answerCallbackQuery", {"callback_query_id": "1"}, "query is too old and response timeout expired or query ID is invalid"),
        (146, "answerInlineQuery", {"inline_query_id": "1", "results": []}, "query is too old and response timeout expired or query ID is invalid"),
        (6857, "getFile", {"file_id": "nothing"}, "invalid file_id"),
        (9694, "sendMessage", {"chat_id": 0, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}}, "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"),
        (16016, "setWebhook", {"url": "ftp://a"}, "invalid webhook URL specified"),
        (16020, "setWebhook", {"url": "http://127.0.0.1", "secret_token": "a" * 257}, "secret token is too long"),
        (16023, "setWebhook", {"url": "http://127.0.0.1", "secret_token": "a b"}, "secret token contains unallowed characters"),
        (15121, "getChatAdministrators", {"chat_id": 0}, "there are no administrators in the private chat"),
        (0, "sendMessage", {"chat_id": 0, "text": "a", "parse_mode": "html5"}, "unsupported parse_mode"),
        (0, "sendMessage", {"chat_id": 0, "text": "长" * 4097}, "message is too long"),
        (0, "sendMessage", {"chat_id": 0, "text": "🏠" * 2049}, "message is too long"),
        (0, "sendMessage", {"chat_id": 0, "text": "<b>x", "parse_mode": "HTML"}, 'can\'t parse entities: Can\'t find end tag corresponding to start tag "b"'),
        (0, "sendMessage", {"chat_id": 0, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "不是链接"}]]}}, "inline keyboard button URL '不是链接' is invalid: Wrong HTTP URL"),
        (120, "sendMessage", {"chat_id": 0, "text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]] * 101}}, "reply markup is too long"),
        (0, "sendPhoto", {"chat_id": 0, "photo": "AgACAgnothing"}, "wrong file identifier/HTTP URL specified"),
        (0, "sendMessageDraft", {"chat_id": -1, "draft_id": 1, "text": "a"}, "chat not found"),
        (0, "sendChatAction", {"chat_id": 0, "action": "sleeping"}, "wrong parameter action in request"),
    ],
)  # fmt: skip
async def test_bad_requests(
    aunt: Conversation, api: Any, line: int, method: str, parameters: dict[str, Any], words: str
) -> None:
    here = {
        key: aunt.chat.chat_id if key in {"chat_id", "from_chat_id"} and value == 0 else value
        for key, value in parameters.items()
    }
    assert await refused(api, method, **here) == (400, f"Bad Request: {words}")
    assert aunt.bot_messages() == []


async def test_an_edit_must_change_something(server: BotApiServer, aunt: Conversation, api: Any) -> None:
    """Client.cpp:108."""
    chat_id = aunt.chat.chat_id
    number = (await api("sendMessage", chat_id=chat_id, text="甲", reply_markup=KEYBOARD))["result"]["message_id"]
    code, words = await refused(
        api, "editMessageText", chat_id=chat_id, message_id=number, text="甲", reply_markup=KEYBOARD
    )
    assert code == 400
    assert (
        words
        == "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"
    )
    assert (await api("editMessageText", chat_id=chat_id, message_id=number, text="甲"))["ok"], "the keyboard goes"
    assert server.violations == []


async def test_only_own_messages_can_be_edited(aunt: Conversation, api: Any) -> None:
    said = await aunt.send_text("甲")
    assert await refused(api, "editMessageText", chat_id=aunt.chat.chat_id, message_id=said.message_id, text="乙") == (
        400,
        "Bad Request: message can't be edited",
    )


async def test_a_message_with_a_reply_keyboard_cannot_be_edited(aunt: Conversation, api: Any) -> None:
    keys = {"keyboard": [[{"text": "找产品"}]]}
    sent = (await api("sendMessage", chat_id=aunt.chat.chat_id, text="甲", reply_markup=keys))["result"]
    code, words = await refused(
        api, "editMessageText", chat_id=aunt.chat.chat_id, message_id=sent["message_id"], text="乙"
    )
    assert (code, words) == (400, "Bad Request: message can't be edited")


async def test_who_blocks_the_bot_cannot_be_written_to(aunt: Conversation, api: Any) -> None:
    """Client.cpp:125, and the my_chat_member update on both turns."""
    await aunt.block()
    assert await refused(api, "sendMessage", chat_id=aunt.chat.chat_id, text="a") == (
        403,
        "Forbidden: bot was blocked by the user",
    )
    await aunt.unblock()
    assert (await api("sendMessage", chat_id=aunt.chat.chat_id, text="a"))["ok"]
    updates = (await api("getUpdates"))["result"]
    assert [u["my_chat_member"]["new_chat_member"]["status"] for u in updates] == ["kicked", "member"]


async def test_a_deleted_account_is_gone(aunt: Conversation, api: Any) -> None:
    """Client.cpp:8136."""
    aunt.delete_account()
    assert await refused(api, "sendMessage", chat_id=aunt.chat.chat_id, text="a") == (
        403,
        "Forbidden: user is deactivated",
    )


async def test_a_bot_does_not_speak_first(server: BotApiServer, api: Any) -> None:
    stranger = server.private(server.user("小周"), started=False)
    words = "Forbidden: bot can't initiate conversation with a user"
    assert await refused(api, "sendMessage", chat_id=stranger.chat.chat_id, text="a") == (403, words)
    await stranger.start()
    assert (await api("sendMessage", chat_id=stranger.chat.chat_id, text="a"))["ok"]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("group", "kicked", "Forbidden: bot was kicked from the group chat"),
        ("supergroup", "kicked", "Forbidden: bot was kicked from the supergroup chat"),
        ("channel", "kicked", "Forbidden: bot was kicked from the channel chat"),
        ("group", "left", "Forbidden: bot is not a member of the group chat"),
        ("supergroup", "left", "Forbidden: bot is not a member of the supergroup chat"),
    ],
)
async def test_out_of_a_chat_is_out(server: BotApiServer, api: Any, kind: str, status: str, words: str) -> None:
    """Client.cpp:8162-8185."""
    group = server.group("村", [server.user("王婶")], kind=kind)
    group.set_member(server.bot.me, status)
    assert await refused(api, "sendMessage", chat_id=group.chat.chat_id, text="a") == (403, words)


async def test_a_deleted_group(server: BotApiServer, api: Any) -> None:
    """Client.cpp:8158."""
    group = server.group("村", kind="group")
    group.delete()
    assert await refused(api, "sendMessage", chat_id=group.chat.chat_id, text="a") == (
        403,
        "Forbidden: the group chat was deleted",
    )


async def test_a_group_that_moved_tells_where(server: BotApiServer, api: Any) -> None:
    """Client.cpp:8155."""
    user = server.user("王婶")
    old = server.group("村", [user], kind="group")
    new = old.migrate(user)
    answer = await api("sendMessage", chat_id=old.chat.chat_id, text="a")
    assert answer == {
        "ok": False, "error_code": 400, "parameters": {"migrate_to_chat_id": new.chat.chat_id},
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
    }  # fmt: skip
    kinds = [u["message"] for u in (await api("getUpdates"))["result"]]
    assert [("migrate_to_chat_id" in m, "migrate_from_chat_id" in m) for m in kinds] == [(True, False), (False, True)]


async def test_topics_that_are_not_there(server: BotApiServer, api: Any) -> None:
    """Client.cpp:8277 (General must not be named) and 6818."""
    staff = server.user("客服")
    forum = server.group("客服台", [staff], forum=True, bot_rights=["can_manage_topics"])
    topic = forum.new_topic("一", staff)
    here = {"chat_id": forum.chat.chat_id, "text": "a"}
    assert (await api("sendMessage", **here, message_thread_id=topic.topic_id))["ok"]
    assert await refused(api, "sendMessage", **here, message_thread_id=1) == (
        400,
        "Bad Request: message thread not found",
    )
    forum.drop_topic(topic)
    assert await refused(api, "sendMessage", **here, message_thread_id=topic.topic_id) == (
        400,
        "Bad Request: message thread not found",
    )


async def test_rights_are_needed(server: BotApiServer, api: Any) -> None:
    user = server.user("王婶")
    group = server.group("村", [user], forum=True)
    chat_id = group.chat.chat_id
    said = await group.member(user).send_text("甲")
    assert (await refused(api, "createForumTopic", chat_id=chat_id, name="题"))[
        1
    ] == "Bad Request: not enough rights to create a topic"
    assert (await refused(api, "pinChatMessage", chat_id=chat_id, message_id=said.message_id))[
        1
    ] == "Bad Request: not enough rights to manage pinned messages in the chat"
    assert (await refused(api, "deleteMessage", chat_id=chat_id, message_id=said.message_id))[
        1
    ] == "Bad Request: message can't be deleted"
    assert (await refused(api, "banChatMember", chat_id=chat_id, user_id=user.user_id))[
        1
    ] == "Bad Request: not enough rights to restrict/unrestrict chat member"
    group.chat.members[server.bot.me.user_id] = Member(
        server.bot.me, "restricted", permissions={"can_send_messages": False}
    )
    assert (await refused(api, "sendMessage", chat_id=chat_id, text="a"))[
        1
    ] == "Bad Request: not enough rights to send text messages to the chat"


async def test_a_button_waits_no_longer_than_its_time(timed: BotApiServer, timed_api: Any, clock: ManualClock) -> None:
    aunt = timed.private(timed.user("王婶"))
    await timed_api("sendMessage", chat_id=aunt.chat.chat_id, text="a", reply_markup=KEYBOARD)
    pressed = await aunt.press((await aunt.wait_for_replies())[0], "看")
    clock.advance(151)
    answer = await timed_api("answerCallbackQuery", callback_query_id=pressed.query_id)
    assert answer["description"].startswith("Bad Request: query is too old")


async def test_own_messages_can_be_deleted_for_two_days(
    timed: BotApiServer, timed_api: Any, clock: ManualClock
) -> None:
    aunt = timed.private(timed.user("王婶"))
    chat_id = aunt.chat.chat_id
    first = (await timed_api("sendMessage", chat_id=chat_id, text="a"))["result"]["message_id"]
    second = (await timed_api("sendMessage", chat_id=chat_id, text="b"))["result"]["message_id"]
    assert (await timed_api("deleteMessage", chat_id=chat_id, message_id=first))["ok"]
    clock.advance(48 * 3600 + 1)
    assert (await timed_api("deleteMessage", chat_id=chat_id, message_id=second))[
        "description"
    ] == "Bad Request: message can't be deleted"


async def test_tokens(server: BotApiServer, api: Any) -> None:
    import aiohttp

    async with aiohttp.ClientSession() as session:
        async with session.get(f"{server.url}/bot123:wrong/getMe") as response:
            assert (response.status, (await response.json())["description"]) == (401, "Unauthorized")
        async with session.get(f"{server.url}/botnonsense/getMe") as response:
            assert response.status == 404


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "example.org"])  # noqa: S104 - must be refused
async def test_only_loopback_is_listened_to(host: str) -> None:
    with pytest.raises(ValueError, match="loopback only"):
        await BotApiServer().start(host)
