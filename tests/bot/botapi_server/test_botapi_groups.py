"""Groups, forums and channels: who sees what, topics, standing, ephemeral and guest messages."""

from __future__ import annotations

from typing import Any

from bot.botapi_server import BotApiServer


def messages(answer: dict[str, Any]) -> list[str]:
    return [update["message"].get("text", "") for update in answer["result"] if "message" in update]


async def test_privacy_mode(server: BotApiServer, api: Any) -> None:
    """Seen: commands for the bot, general ones after it has spoken, replies to it, service messages; nothing else."""
    aunt, mason = server.user("王婶"), server.user("李师傅")
    group = server.group("村", [aunt, mason])
    talk = group.member(aunt)
    await talk.send_text("谁家装过防水")
    await talk.send_text("/help")
    await talk.send_text("/help@other_bot")
    await talk.send_text("/help@lvxuan_bot")
    sent = (await api("sendMessage", chat_id=group.chat.chat_id, text="在"))["result"]
    await talk.send_text("/list")
    await group.member(mason).send_text("多少钱", reply_to=group.chat.message(sent["message_id"]))
    group.leave(mason)
    assert messages(await api("getUpdates")) == ["/help@lvxuan_bot", "/list", "多少钱", ""]


async def test_administrators_and_open_bots_see_everything(server: BotApiServer, api: Any) -> None:
    aunt = server.user("王婶")
    as_admin = server.group("甲", [aunt], bot_rights=["can_delete_messages"])
    await as_admin.member(aunt).send_text("一")
    server.bot.flags["can_read_all_group_messages"] = True
    await server.group("乙", [aunt]).member(aunt).send_text("二")
    assert messages(await api("getUpdates")) == ["一", "二"]


async def test_a_forum_from_open_to_close(server: BotApiServer, api: Any) -> None:
    staff = server.user("客服")
    forum = server.group("客服台", [staff], forum=True, bot_rights=["can_manage_topics"])
    chat_id = forum.chat.chat_id
    topic = (await api("createForumTopic", chat_id=chat_id, name="王婶 · 乳胶漆"))["result"]
    number = topic["message_thread_id"]
    sent = (await api("sendMessage", chat_id=chat_id, message_thread_id=number, text="问运费"))["result"]
    assert sent["is_topic_message"]
    talk = forum.member(staff, topic=number)
    await talk.send_text("三十")
    await api("editForumTopic", chat_id=chat_id, message_thread_id=number, name="王婶 · 已报价")
    assert (await api("editForumTopic", chat_id=chat_id, message_thread_id=number, name="王婶 · 已报价"))[
        "description"
    ] == "Bad Request: TOPIC_NOT_MODIFIED"
    await api("closeForumTopic", chat_id=chat_id, message_thread_id=number)
    await api("reopenForumTopic", chat_id=chat_id, message_thread_id=number)
    bodies = [update["message"] for update in (await api("getUpdates"))["result"]]
    kinds = [
        next(
            key
            for key in (
                "forum_topic_created",
                "text",
                "forum_topic_edited",
                "forum_topic_closed",
                "forum_topic_reopened",
            )
            if key in body
        )
        for body in bodies
    ]
    assert kinds == ["forum_topic_created", "text", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened"]
    assert {body["message_thread_id"] for body in bodies} == {number}
    assert forum.topic("王婶").name == "王婶 · 已报价"
    assert forum.transcript(forum.topic("王婶")) == [
        "绿选: <forum_topic_created> 王婶 · 乳胶漆",
        "绿选: 问运费",
        "客服: 三十",
        "绿选: <forum_topic_edited> 王婶 · 已报价",
        "绿选: <forum_topic_closed>",
        "绿选: <forum_topic_reopened>",
    ]
    assert (await api("deleteForumTopic", chat_id=chat_id, message_thread_id=number))["ok"]
    assert talk.bot_messages() == []


async def test_standing_is_told_and_asked(server: BotApiServer, api: Any) -> None:
    staff, chief, stranger = server.user("客服"), server.user("老赵"), server.user("路人")
    group = server.group("台", [staff], admins=[chief], bot_rights=["can_restrict_members"])
    await api("getUpdates", allowed_updates=["chat_member", "my_chat_member", "message"], offset=1)
    here = {"chat_id": group.chat.chat_id}
    asked = [
        (await api("getChatMember", **here, user_id=user.user_id))["result"]["status"]
        for user in (staff, chief, stranger, server.bot.me)
    ]
    assert asked == ["member", "administrator", "left", "administrator"]
    assert (await api("getChatMember", **here, user_id=5))["description"] == "Bad Request: PARTICIPANT_ID_INVALID"
    assert {member["user"]["first_name"] for member in (await api("getChatAdministrators", **here))["result"]} == {
        "老赵",
        "绿选",
    }
    assert (await api("getChatMemberCount", **here))["result"] == 3
    assert (await api("banChatMember", **here, user_id=staff.user_id))["ok"]
    assert (await api("banChatMember", **here, user_id=chief.user_id))[
        "description"
    ] == "Bad Request: user is an administrator of the chat"
    group.kick_bot(chief)
    updates = (await api("getUpdates", offset=2))["result"]
    assert [next(iter(set(update) - {"update_id"})) for update in updates] == ["chat_member", "my_chat_member"]


async def test_anonymous_administrators_speak_as_the_group(server: BotApiServer, api: Any) -> None:
    chief = server.user("老赵")
    group = server.group("台", admins=[chief], bot_rights=["can_manage_chat"])
    await group.member(chief, anonymous=True).send_text("收到")
    body = (await api("getUpdates"))["result"][0]["message"]
    assert body["from"]["username"] == "GroupAnonymousBot"
    assert body["sender_chat"]["id"] == group.chat.chat_id


async def test_channels(server: BotApiServer, api: Any) -> None:
    channel = server.group("建材快讯", kind="channel", bot_rights=["can_post_messages"], username="jiancai")
    sent = (await api("sendMessage", chat_id="@jiancai", text="通知"))["result"]
    assert sent["sender_chat"]["title"] == "建材快讯"
    assert "from" not in sent
    assert (await api("editMessageText", chat_id="@jiancai", message_id=sent["message_id"], text="更正"))["ok"]
    await channel.member(server.user("站长")).send_text("帖子")
    assert "channel_post" in (await api("getUpdates"))["result"][0]
    quiet = server.group("别家", kind="channel")
    assert (await api("sendMessage", chat_id=quiet.chat.chat_id, text="a"))[
        "description"
    ] == "Bad Request: need administrator rights in the channel chat"


async def test_an_ephemeral_message_is_seen_by_one(server: BotApiServer, api: Any) -> None:
    aunt, mason = server.user("王婶"), server.user("李师傅")
    group = server.group("村", [aunt, mason])
    here = {"chat_id": group.chat.chat_id}
    sent = (
        await api(
            "sendMessage", **here, text="底价 268", ephemeral_message_parameters={"receiver_user_id": aunt.user_id}
        )
    )["result"]
    assert len(group.member(aunt).bot_messages()) == 1
    assert group.member(mason).bot_messages() == []
    named = {**here, "receiver_user_id": aunt.user_id, "ephemeral_message_id": sent["ephemeral_message_id"]}
    assert (await api("editEphemeralMessageText", **named, text="底价 258"))["result"] is True
    assert (await api("deleteEphemeralMessage", **named))["result"] is True
    assert group.member(aunt).bot_messages() == []


async def test_message_numbers(server: BotApiServer, api: Any) -> None:
    """Private chats and groups share one count, supergroups have their own."""
    aunt, mason = server.private(server.user("王婶")), server.private(server.user("李师傅"))
    numbers = [
        (await api("sendMessage", chat_id=chat.chat.chat_id, text="a"))["result"]["message_id"]
        for chat in (aunt, mason, aunt)
    ]
    assert numbers == [1, 2, 3]
    group = server.group("村", bot_rights=[])
    assert (await api("sendMessage", chat_id=group.chat.chat_id, text="a"))["result"]["message_id"] == 2


async def test_in_a_topic_everything_replies_to_its_opening(server: BotApiServer, api: Any) -> None:
    """Client.cpp:18385: who takes any reply_to_message for a reply is wrong in a forum."""
    staff = server.user("客服")
    forum = server.group("客服台", [staff], forum=True, bot_rights=["can_manage_topics"])
    topic = forum.new_topic("王婶", staff)
    said = await forum.member(staff, topic=topic).send_text("在")
    assert said.body["reply_to_message"]["forum_topic_created"]["name"] == "王婶"
    answer = await forum.member(staff, topic=topic).send_text("好", reply_to=said)
    assert answer.body["reply_to_message"]["message_id"] == said.message_id
    assert (await api("sendChatAction", chat_id=forum.chat.chat_id, action="typing", message_thread_id=1))["ok"]


async def test_replies_in_a_supergroup_name_their_thread(server: BotApiServer, api: Any) -> None:
    """Client.cpp:18431: message_thread_id without is_topic_message."""
    aunt = server.user("王婶")
    talk = server.group("村", [aunt]).member(aunt)
    root = await talk.send_text("甲")
    first = await talk.send_text("乙", reply_to=root)
    second = await talk.send_text("丙", reply_to=first)
    assert [m.body.get("message_thread_id") for m in (root, first, second)] == [None, root.message_id, root.message_id]
    assert "is_topic_message" not in second.body
