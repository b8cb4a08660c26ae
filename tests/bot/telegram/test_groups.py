"""Groups: only when addressed, shortly, nobody's context in another's, and nothing of the chatter anywhere."""

from __future__ import annotations

import asyncio
import json
import random
import re
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.botapi_server.driving import Conversation
from bot.botapi_server.groups import GroupChat
from bot.botapi_server.state import Message
from bot.channels.telegram import logs
from bot.channels.telegram.group_talk import MOST, shortened
from bot.channels.telegram.keys import KeyRing
from bot.channels.telegram.render import pages
from bot.channels.telegram.rich import plain
from bot.plain import utf16_length
from bot.settings import Secret
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import NOW, demonstration
from tests.bot.telegram.private_chat import Bot, buttons_of, running_bot

WORDING = demonstration().wording
# What each of eight people asks, one line after the other; the later lines mean something only with the earlier ones.
TALKS = (
    ("三百以内的乳胶漆", "只要三星的", "第一个有证吗", "它多少钱", "还有吗"),
    ("有认证的瓷砖", "800x800的", "便宜点的", "第二个", "能送到屋里不"),
    ("洋灰多少钱一袋", "哪个有证", "便宜点的", "第一个", "我刚才问了啥"),
    ("马桶有哪些", "一级水效的", "第二个有证吗", "它和第一个哪个好", "还有吗"),
    ("防水涂料", "有证的", "最便宜的", "第三个", "怎么挑"),
    ("LED灯泡5瓦的", "三星的有吗", "便宜的", "第一个有证吗", "重来"),
    ("我想刷墙，120平", "刷三遍", "换成瓷砖呢", "损耗按8%", "有证的瓷砖"),
    ("断桥铝窗", "有证吗", "两千以内", "第一个", "哪有店"),
)
CHATTER = (
    "谁家的{}还没收完", "明天{}镇上赶集不", "我家{}又跑了，看见的说一声", "{}点开会，都去村部", "这个{}咋做好吃",
    "昨晚那{}真亮", "{}家娃考上学了，恭喜", "谁有{}的车，捎我一段", "下{}了，衣裳快收", "刷{}的墙干了没，我看行",
    "瓷砖{}块我家剩的，谁要", "{}，你吃了没", "水泥{}袋到村口了，来拉", "[笑哭]{}", "绿选{}是啥", "老板说{}乳胶漆零甲醛",
)  # fmt: skip
THINGS = (
    "玉米",
    "黄牛",
    "三",
    "月亮",
    "李二",
    "麦子",
    "豆腐",
    "雨",
    "新房",
    "二十",
    "张婶",
    "辣椒",
    "白菜",
    "拖拉机",
    "四",
)
SHORT = re.compile(r"私聊看全部")


@pytest.fixture
async def bot(tmp_path: Path, capfd: Any):
    async with running_bot(tmp_path) as running:
        logs.configure(Secret(running.server.token))
        yield running


def chatter(rng: random.Random, number: int) -> str:
    """A line that is said to the others; the number makes it one of a kind, to be looked for afterwards."""
    return rng.choice(CHATTER).format(rng.choice(THINGS)) + f"闲{number:03}话"


def expected(lines: tuple[str, ...]) -> Iterator[str]:
    """What a person alone would be told, as a group shows it."""
    session = Session()
    for line in lines:
        answer, session = demonstration().assistant.respond(Question(line, NOW), session)
        yield plain(shortened(pages(answer, WORDING))[0])


async def say(bot: Bot, member: Conversation, line: str, way: int, ours: Message | None) -> Message:
    """Say a line to the bot: by its name, as a command, or as a reply to a message of its own."""
    delivered = member.delivered
    if way == 0 or ours is None:
        await member.send_text(f"@lvxuan_bot {line}")
    elif way == 1:
        await member.send_text(f"/ask@lvxuan_bot {line}")
    else:
        await member.send_text(line, reply_to=ours)
    await member.wait_until(lambda: member.delivered > delivered, what=f"an answer to {line}")
    await bot.settled()
    return member.bot_messages()[-1]


def everything_kept(bot: Bot) -> str:
    """All that the journal holds, opened with the key."""
    ring = KeyRing(bot.keys)
    purposes = {
        ("journal_conversations", "session"): "session", ("journal_conversations", "kept"): "kept",
        ("journal_conversations", "marks"): "marks", ("journal_conversations", "name"): "name",
        ("journal_updates", "content"): "update", ("journal_outgoing", "content"): "outgoing",
    }  # fmt: skip
    found = []
    with closing(sqlite3.connect(bot.database)) as database:
        for (table, column), purpose in purposes.items():
            rows = database.execute(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()  # noqa: S608 - our own names
            found += [opened(ring.open(bytes(row[0]), purpose)) for row in rows]
    return "\n".join(found)


def opened(text: bytes) -> str:
    """Unpack a state that was long enough to be packed."""
    return (zlib.decompress(text) if text[:1] == b"x" else text).decode("utf-8", "surrogatepass")


async def test_thirty_people_five_hundred_messages_forty_for_us(bot: Bot, capfd: Any) -> None:
    """Exactly 40 replies, each what its person alone would have got; none of the chatter is in the database or the logs."""
    bot.server.bot.flags["can_read_all_group_messages"] = True  # the worst case: Telegram sends us all of it
    bot.server.fault(
        "status", "sendRichMessage", code=404, description="Not Found: method not found"
    )  # words, no tables
    rng = random.Random(30)
    people = [bot.server.user(f"村民{number}") for number in range(30)]
    group = bot.server.group("柳河村", people)
    members = [group.member(user) for user in people]
    waiting = [list(zip(lines, expected(lines), strict=True)) for lines in TALKS]
    turns = rng.sample([who for who, lines in enumerate(TALKS) for _ in lines], 40)
    said = 0
    for who in turns:
        for _ in range(rng.randint(9, 13)):
            if said < 460:
                await rng.choice(members).send_text(chatter(rng, said))
                said += 1
        line, wanted = waiting[who].pop(0)
        answer = await say(bot, members[who], line, rng.randrange(3), next(iter(members[who].bot_messages()), None))
        assert answer.body["text"] == wanted, line
        assert utf16_length(answer.body["text"]) <= MOST
        assert answer.body["reply_to_message"]["from"]["id"] == people[who].user_id
    for number in range(said, 460):
        await rng.choice(members).send_text(chatter(rng, number))
    await bot.settled()
    assert group.delivered == 40
    kept = everything_kept(bot) + bot.database.read_bytes().decode("latin-1")
    out, err = capfd.readouterr()
    assert not re.search(r"闲\d{3}话", kept)
    assert not re.search(r"闲\d{3}话", out + err)
    with closing(sqlite3.connect(bot.database)) as database:
        assert database.execute("SELECT COUNT(*) FROM journal_updates").fetchone() == (40,)
        assert database.execute("SELECT COUNT(*) FROM journal_conversations WHERE session IS NOT NULL").fetchone() == (
            8,
        )


async def test_in_privacy_mode_the_same(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle])
    talk = group.member(aunt)
    await talk.send_text("乳胶漆多少钱")
    await talk.send_text("/ask@other_bot 乳胶漆")
    await bot.settled()
    assert group.delivered == 0
    first = await say(bot, talk, "三百以内的乳胶漆", 1, first_message(group))
    await say(bot, group.member(uncle), "有证的瓷砖", 2, first)
    assert group.delivered == 2


def first_message(group: GroupChat) -> Message:
    return group.chat.visible()[0]


async def test_more_than_a_group_takes_is_whole_in_the_private_chat(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    await say(bot, group.member(aunt), "三百以内的乳胶漆", 0, None)
    answer = await say(bot, group.member(aunt), "只要三星的", 0, None)
    assert len(answer.body["text"]) <= MOST
    link = next(button for button in buttons_of(answer) if SHORT.search(button["text"]))
    payload = link["url"].partition("?start=")[2]
    for user in (aunt, uncle):
        private = bot.server.private(user)
        await private.start(payload)
        await private.wait_for_replies(2)
        await bot.settled()
        whole = private.bot_messages()[-1].body["text"]
        if user is aunt:  # her own talk goes on: three stars of those up to 300
            assert whole.startswith(answer.body["text"].rstrip("…\n")[:100])
    session = (await bot.conversation(bot.server.private(uncle)))["session"]
    assert "三百以内的乳胶漆" not in json.dumps(session, ensure_ascii=False), "her talk is not his"


async def test_a_button_is_the_asker_s_and_works_in_its_place(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    answer = await say(bot, group.member(aunt), "三百以内的乳胶漆", 0, None)
    button = next(button for button in buttons_of(answer) if "callback_data" in button)
    refused = await group.member(uncle).press_data(answer, button["callback_data"])
    assert await group.member(uncle).wait_for_answer(refused) == {"text": WORDING.say("group.press.other")}
    before = answer.body["text"]
    pressed = await group.member(aunt).press_data(answer, button["callback_data"])
    await group.member(aunt).wait_for_answer(pressed)
    await group.member(aunt).wait_until(lambda: answer.body["text"] != before, what="the card")
    await bot.settled()
    assert group.delivered == 1
    assert utf16_length(answer.body["text"]) <= MOST


async def test_two_persons_who_ask_in_the_same_minute_each_keep_their_message(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    asked = await group.member(aunt).send_text("@lvxuan_bot 有证的瓷砖")
    await group.member(uncle).send_text("@lvxuan_bot 有证的水泥")
    await group.member(aunt).wait_until(lambda: group.delivered == 2, what="two answers")
    await bot.settled()
    hers, his = sorted(group.member(aunt).bot_messages(), key=lambda m: "水泥" in m.body["text"][:20])
    kept = his.body["text"]
    await group.member(aunt).edit(asked, "@lvxuan_bot 三百以内的乳胶漆")
    await group.member(aunt).wait_until(lambda: "乳胶漆" in hers.body["text"], what="the changed answer")
    await bot.settled()
    assert his.body["text"] == kept
    assert group.delivered == 2


async def test_a_group_that_becomes_a_supergroup_keeps_each_talk(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle], kind="group")
    bot.server.bot.flags["can_read_all_group_messages"] = True
    await say(bot, group.member(aunt), "三百以内的乳胶漆", 0, None)
    await say(bot, group.member(uncle), "有证的瓷砖", 0, None)
    moved = group.migrate(aunt)
    await bot.settled()
    answer = await say(bot, moved.member(aunt), "只要三星的", 0, None)
    assert answer.body["text"] == list(expected(("三百以内的乳胶漆", "只要三星的")))[1]
    answer = await say(bot, moved.member(uncle), "第一个有证吗", 0, None)
    assert answer.body["text"] == list(expected(("有证的瓷砖", "第一个有证吗")))[1]


async def test_joining_says_once_how_to_call_and_what_is_not_heard(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    group = bot.server.group("村", [aunt])
    group.leave(bot.server.bot.me)
    group.join(bot.server.bot.me)
    group.join(bot.server.user("李叔"))

    def said() -> list[str]:
        return [message.text for message in group.member(aunt).bot_messages() if message.text]

    await group.member(aunt).wait_until(said, what="the greeting")
    await bot.settled()
    assert len(said()) == 1 and "/ask@lvxuan_bot" in said()[0]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("/help@lvxuan_bot", "group.hello"), ("@lvxuan_bot", "group.hello"), ("/privacy@lvxuan_bot", "group.privacy"),
        ("/export@lvxuan_bot", "group.private"), ("@lvxuan_bot 转人工", "group.handoff"), ("/ask@lvxuan_bot", "group.hello"),
        ("/sell@lvxuan_bot", "group.hello"), ("/forget@lvxuan_bot", "telegram.forgotten"), ("@lvxuan_bot 忘掉我", "telegram.forgotten"),
    ],
)  # fmt: skip
async def test_what_belongs_into_the_private_chat_is_sent_there(bot: Bot, said: str, key: str) -> None:
    aunt = bot.server.user("王婶")
    group = bot.server.group("村", [aunt])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    await group.member(aunt).send_text(said)
    await group.member(aunt).wait_until(lambda: group.delivered == 1, what="the answer")
    await bot.settled()
    [*_, told] = group.member(aunt).bot_messages()
    assert told.body["text"] == WORDING.say(key, name="lvxuan_bot")
    assert "callback_data" not in json.dumps(told.body)  # nothing of it is offered to the whole group
    assert not group.chat.reply_keyboard


async def test_other_bots_commands_and_things_without_text(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    group = bot.server.group("村", [aunt])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    ours = await say(bot, group.member(aunt), "有证的瓷砖", 0, None)
    await group.member(aunt).send_text("/sell")
    await group.member(aunt).send_voice()
    await bot.settled()
    assert group.delivered == 1
    await group.member(aunt).send({"sticker": sticker(bot)}, reply_to=ours)
    await group.member(aunt).send({"location": {"latitude": 36.857, "longitude": 118.791}}, reply_to=ours)
    await group.member(aunt).wait_until(lambda: group.delivered == 3, what="two answers")
    await bot.settled()
    texts = [message.body["text"] for message in group.member(aunt).bot_messages()[1:]]
    assert texts == [WORDING.say("group.media"), WORDING.say("group.location")]


def sticker(bot: Bot) -> dict[str, Any]:
    from bot.botapi_server.files import keep_file, media_body

    return dict(
        media_body("sticker", keep_file(bot.server.bot, "sticker", "s.webp", "image/webp", b"RIFF0000WEBP"), {})
    )


async def test_an_administrator_without_a_name_is_answered_and_nothing_is_kept(bot: Bot) -> None:
    chief = bot.server.user("村长")
    group = bot.server.group("村", admins=[chief])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    talk = group.member(chief, anonymous=True)
    answer = await say(bot, talk, "有证的瓷砖", 0, None)
    assert not [button for button in buttons_of(answer) if "callback_data" in button]
    with closing(sqlite3.connect(bot.database)) as database:
        assert database.execute("SELECT COUNT(*) FROM journal_conversations WHERE session IS NOT NULL").fetchone() == (
            0,
        )


async def test_a_topic_is_answered_in_the_topic(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    group = bot.server.group("村", [aunt], forum=True)
    topic = group.new_topic("盖房", aunt)
    bot.server.bot.flags["can_read_all_group_messages"] = True
    answer = await say(bot, group.member(aunt, topic=topic), "有证的瓷砖", 0, None)
    assert answer.topic_id == topic.topic_id


async def test_where_we_are_no_member_the_query_is_answered(bot: Bot) -> None:
    aunt = bot.server.user("王婶")
    elsewhere = bot.server.group("外村", [aunt])
    elsewhere.kick_bot()
    await bot.settled()
    inline = bot.server.inline(aunt)
    asked = await inline.summon("@lvxuan_bot 三百以内的乳胶漆", elsewhere.chat)
    await elsewhere.member(aunt).wait_until(lambda: asked.answer is not None, what="the guest's answer")
    again = await inline.summon("@lvxuan_bot 只要三星的", elsewhere.chat)
    await elsewhere.member(aunt).wait_until(lambda: again.answer is not None, what="the second answer")
    await bot.settled()
    texts = [asked.answer["input_message_content"]["message_text"] for asked in (asked, again) if asked.answer]
    assert all(len(re.sub("<[^>]+>", "", text)) <= MOST for text in texts)
    first = list(expected(("三百以内的乳胶漆", "只要三星的")))
    assert [re.sub("<[^>]+>", "", text)[:40] for text in texts] == [text[:40] for text in first]


async def test_export_and_forget_reach_what_is_kept_in_groups(bot: Bot) -> None:
    aunt, uncle = bot.server.user("王婶"), bot.server.user("李叔")
    group = bot.server.group("村", [aunt, uncle])
    bot.server.bot.flags["can_read_all_group_messages"] = True
    await say(bot, group.member(aunt), "三百以内的乳胶漆", 0, None)
    await say(bot, group.member(uncle), "有证的瓷砖", 0, None)
    private = bot.server.private(aunt)
    await private.send_text("/export")
    [answer] = await private.wait_for_replies(1)
    exported = bot.server.bot.files[answer.body["document"]["file_id"]].content.decode()
    assert "三百以内的乳胶漆" in exported and "有证的瓷砖" not in exported
    await private.ask("/forget")
    await bot.settled()
    kept = everything_kept(bot)
    assert "三百以内的乳胶漆" not in kept and "有证的瓷砖" in kept


async def test_the_budget_of_a_group_is_kept(tmp_path: Path) -> None:
    """25 people ask at once: the server refuses none of the answers, for none comes too early."""
    async with running_bot(tmp_path, lifted=False) as bot:
        bot.server.bot.flood.on = True
        bot.server.bot.flags["can_read_all_group_messages"] = True
        people = [bot.server.user(f"村民{number}") for number in range(25)]
        group = bot.server.group("村", people)
        for user in people:
            await group.member(user).send_text("@lvxuan_bot 有证的瓷砖")
        for _ in range(400):
            if group.delivered == 25:
                break
            bot.pass_time(0.5)
            await asyncio.sleep(0.02)
        assert group.delivered == 25
        assert bot.server.bot.flood.refused == 0
