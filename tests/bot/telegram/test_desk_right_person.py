"""Nothing to the wrong person: the paths from a topic to a person, played against their races."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot.botapi_server.groups import GroupChat
from bot.botapi_server.state import Message, Topic
from bot.channels.telegram.desk.hours import DeskSettings
from catalog_db.journal import desk, desk_posts
from tests.bot.telegram.staff_desk import RIGHTS, Office, office


async def _write(at: Office, run: Any) -> Any:
    return await asyncio.wrap_future(at.service.journal.write(run, at.server.hub.clock.now()))


async def _moved(at: Office, rooms: list[GroupChat]) -> None:
    """Begin again with other staff groups, as an operator does who changes the setting."""
    at.rooms = rooms
    at.settings = DeskSettings(tuple(room.chat.chat_id for room in rooms))
    await at.restart()


def _posted(room: GroupChat) -> list[Message]:
    return [message for message in room.chat.visible() if message.from_bot]


async def _opened(at: Office, name: str) -> tuple[Any, Topic]:
    person = at.person(name)
    await person.send_text("人工")
    await at.settled()
    return person, at.topic_of(name)


async def test_a_topic_that_was_made_in_a_group_left_since_is_not_taken_for_one_of_the_new_group(
    tmp_path: Path,
) -> None:
    """Numbers of topics count within a group: in another one the same number is somebody else's."""
    async with office(tmp_path, rooms=2) as at:
        first, second = at.rooms
        await _moved(at, [first])
        aunt = at.person("王婶")
        at.server.fault("slow", "createForumTopic", seconds=1.5, count=1)
        await aunt.send_text("人工")
        await asyncio.sleep(0.3)
        who = next(iter(await _write(at, lambda books: [desk.person(books, aunt.user.user_id)])))
        assert who is not None and who.thread is None
        at.rooms, at.settings = [second], DeskSettings((second.chat.chat_id,))
        await _write(at, lambda books: desk.move(books, who, second.chat.chat_id))
        others = {second.new_topic(f"别人的话题 {number}", at.staff["小刘"]).topic_id for number in range(40)}
        await asyncio.sleep(2)
        await at.settled()
        await at.restart()
        await at.until(lambda: any("王婶" in topic.name for topic in second.chat.topics.values()))
        await at.settled()
        with at.service.journal.reading(0) as books:
            found = desk.person(books, aunt.user.user_id)
        assert found is not None and found.room == second.chat.chat_id
        assert found.thread in second.chat.topics and found.thread not in others
        assert not [message for message in _posted(second) if message.topic_id in others]


async def test_what_was_held_in_one_group_is_never_copied_from_another(tmp_path: Path) -> None:
    """The person is looked after in a new group; the same number there is what somebody wrote to somebody else."""
    async with office(tmp_path, rooms=2) as at:
        first, second = at.rooms
        await _moved(at, [first])
        aunt, topic = await _opened(at, "王婶")
        staff = at.at("小陈", topic, first)
        await staff.send_text("/claim")
        await at.settled()
        for number in range(2):
            await staff.send_file("photo", b"y%d" % number, filename="p.jpg", album="78")
        await at.settled()
        who = next(iter(await _write(at, lambda books: [desk.person(books, aunt.user.user_id)])))
        await _write(at, lambda books: desk.move(books, who, second.chat.chat_id))
        for number in range(40):  # so that the numbers of the photos are taken in the other group too
            await second.member(at.staff["小刘"]).send_text(f"给李叔的话 {number}")
        at.pass_time(5)
        await at.until(lambda: sum("photo" in message.body for message in aunt.bot_messages()) == 2)
        await at.settled()
        assert "李叔" not in aunt.text()


async def test_a_reply_to_an_old_post_in_a_group_left_since_goes_to_nobody(tmp_path: Path) -> None:
    async with office(tmp_path, rooms=2) as at:
        first, second = at.rooms
        await _moved(at, [first])
        aunt, old = await _opened(at, "王婶")
        await _moved(at, [second])
        await aunt.send_text("还在吗")
        at.pass_time(70)
        await at.until(lambda: any("王婶" in topic.name for topic in second.chat.topics.values()))
        await at.settled()
        await _moved(at, [first, second])
        before = len(aunt.bot_messages())
        post = next(message for message in _posted(first) if "№1" in message.text)
        await at.at("小陈", old, first).send_text("您好", reply_to=post)
        await at.at("小陈", old, first).send_text("大姐在吗")
        await at.settled()
        assert len(aunt.bot_messages()) == before
        assert (
            sum("没有发给任何人" in message.text for message in _posted(first)) == 1
        )  # the reply was to a post of ours
        new = next(topic for topic in second.chat.topics.values() if "王婶" in topic.name)
        await at.at("小陈", new, second).send_text("来了")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "来了"


async def test_an_edit_of_the_person_after_moving_changes_the_old_post_and_no_other(tmp_path: Path) -> None:
    async with office(tmp_path, rooms=2) as at:
        first, second = at.rooms
        await _moved(at, [first])
        aunt, old = await _opened(at, "王婶")
        asked = await aunt.send_text("这桶漆")
        await at.settled()
        await _moved(at, [second])
        uncle, other = await _opened(at, "李叔")
        for number in range(6):
            await uncle.send_text(f"我的话{number}")
            await at.settled()
        before = [message.text for message in _posted(second) if message.topic_id == other.topic_id]
        at.pass_time(70)
        await at.until(lambda: any("王婶" in topic.name for topic in second.chat.topics.values()))
        await at.settled()
        await aunt.edit(asked, "这两桶漆")
        await at.settled()
        assert [message.text for message in _posted(second) if message.topic_id == other.topic_id] == before
        assert any("这两桶漆" in message.text for message in _posted(first) if message.topic_id == old.topic_id)


async def test_a_new_ticket_is_not_taken_from_its_owner_by_opening_an_old_one(tmp_path: Path) -> None:
    """The buttons of the first ticket stand in the topic still; its person has a second one."""
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        await at.at("小陈", topic).send_text("/close")
        await at.settled()
        at.pass_time(25 * 3600)
        await aunt.send_text("人工")
        await at.settled()
        assert "单号 2" in aunt.text()
        await at.at("小刘", topic).send_text("/claim")
        await at.settled()
        old = at.posts(topic)[0]
        assert (await at.at("小陈", topic).wait_for_answer(await at.at("小陈", topic).press(old, "我来接")))[
            "text"
        ] == "这张单子已经结束"
        await at.at("小陈").send_text("/reopen 1")
        await at.settled()
        with at.service.journal.reading(0) as books:
            second = desk.ticket(books, 2)
            assert second is not None and second.owner == books.key(at.staff["小刘"].user_id)


async def test_no_part_of_an_album_leaves_whose_caption_is_a_note_or_a_command(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        staff = at.at("小陈", topic)
        await staff.send_text("/claim")
        await at.settled()
        before = len(aunt.bot_messages())
        for place in (0, 1, 2):  # the caption may stand under any of them
            for caption in ("// 只给同事看", "、、只给同事看", "/answer 用量 一桶"):
                for number in range(3):
                    await staff.send_file(
                        "photo", b"z%d" % number, filename="p.jpg", album=f"{place}{caption[:2]}",
                        caption=caption if number == place else "",
                    )  # fmt: skip
        await at.settled()
        at.pass_time(5)
        await asyncio.sleep(2.5)
        await at.settled()
        assert len(aunt.bot_messages()) == before


async def test_a_note_stays_one_however_it_is_written_or_changed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        staff = at.at("小陈", topic)
        await staff.send_text("/claim")
        await at.settled()
        before = len(aunt.bot_messages())
        notes = [await staff.send_text(text) for text in ("//一", "／／二", "、、三", "  // 四", "/ 五", "／close")]
        await staff.send_photo(b"x", caption="// 六")
        await at.settled()
        for note in notes:
            await staff.edit(note, "改成没有斜线的话")
        await at.settled()
        assert len(aunt.bot_messages()) == before
        answer = await staff.send_text("您好")
        await at.settled()
        await staff.edit(answer, "// 其实是备注")
        await at.settled()
        assert "备注" not in aunt.text()


async def test_what_is_passed_on_from_another_topic_waits_for_a_second_look(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        uncle, other = await _opened(at, "李叔")
        await uncle.send_text("我的门牌是柳河村 12 号")
        await at.settled()
        secret = next(message for message in at.posts(other) if "柳河村" in message.text)
        staff = at.at("小陈", topic)
        await staff.send_text("/claim")
        await staff.forward(secret)
        await at.settled()
        assert "柳河村" not in aunt.text()
        held = at.posts(topic)[-1]
        assert "转来的" in held.text
        await staff.wait_for_answer(await staff.press(held, "看过了"))
        await at.settled()
        assert "柳河村" in aunt.bot_messages()[-1].text


async def test_who_is_forgotten_cannot_be_written_to_and_the_staff_hear_it(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        staff = at.at("小陈", topic)
        await staff.send_text("您好")
        await at.settled()
        at.server.fault("status", "deleteForumTopic", count=9, code=400, description="Bad Request: no")
        await aunt.send_text("/forget")
        await at.settled()
        offer = aunt.bot_messages()[-1]
        keys = offer.reply_markup["inline_keyboard"] if offer.reply_markup else []
        if keys:
            await aunt.wait_for_answer(await aunt.press(offer, keys[0][0]["text"]))
            await at.settled()
        count = len(aunt.bot_messages())
        await staff.send_text("还有一句")
        await at.settled()
        assert len(aunt.bot_messages()) == count
        assert "没有发给任何人" in at.posts(topic)[-1].text


async def test_a_topic_opened_by_hand_is_nobodys(tmp_path: Path) -> None:
    """Also with a name like ours, while a topic of ours is awaited."""
    async with office(tmp_path) as at:
        at.server.fault("drop_before", "createForumTopic", count=1)
        aunt = at.person("王婶")
        await aunt.send_text("人工")
        await asyncio.sleep(0.2)
        mine = at.room.new_topic("🔴 王婶 №1", at.staff["小刘"])
        await at.settled()
        await at.at("小刘", mine).send_text("我们自己聊聊王婶的事")
        await at.settled()
        assert "自己聊聊" not in aunt.text()
        with at.service.journal.reading(0) as books:
            who = desk.person(books, aunt.user.user_id)
        assert who is not None and who.thread != mine.topic_id


async def test_what_is_taken_back_while_it_is_on_its_way_does_not_stay(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        staff = at.at("小陈", topic)
        await staff.send_text("/claim")
        await at.settled()
        at.server.fault("slow", "copyMessage", seconds=1.0, count=1)
        wrong = await staff.send_text("说错的话")
        await asyncio.sleep(0.3)
        await staff.send_text("/recall", reply_to=wrong)
        await asyncio.sleep(1.5)
        await at.settled()
        assert "说错的话" not in [message.text for message in aunt.bot_messages()]


async def test_closed_while_a_message_is_on_its_way_it_goes_on_as_the_same_ticket(tmp_path: Path) -> None:
    """Whatever the order: what the person writes is in a ticket that is not closed, or answered by the assistant."""
    async with office(tmp_path) as at:
        for number in range(8):
            person, topic = await _opened(at, f"人{number}")
            staff = at.at("小陈", topic)
            await staff.send_text("/claim")
            await at.settled()
            before = len(person.bot_messages())
            await asyncio.gather(person.send_text("最后一句"), staff.send_text("/close"))
            await at.settled()
            with at.service.journal.reading(0) as books:
                ticket = desk.open_ticket(books, person.user.user_id)
                items = desk_posts.of_ticket(books, number + 1)
            relayed = any(item.text == "最后一句" and item.way == "in" for item in items)
            said = [message.text for message in person.bot_messages()][before:]
            closed = next(place for place, text in enumerate(said) if "又是我" in text)
            assert ticket is not None if relayed and "又替您叫人" in "".join(said) else ticket is None
            assert relayed or len(said) > closed + 1


async def test_rooms_without_rights_still_find_their_person_after_topics_are_possible(tmp_path: Path) -> None:
    """A post of the time without topics is answered by a reply, also when the person has a topic by now."""
    async with office(tmp_path, rights=("can_manage_chat",)) as at:
        aunt, uncle = at.person("王婶"), at.person("李叔")
        for person in (aunt, uncle):
            await person.send_text("人工")
            await at.settled()
        post = next(message for message in _posted(at.room) if "№1 王婶" in message.text)
        at.room.promote_bot(*RIGHTS)
        at.pass_time(400)
        await aunt.send_text("有话题了吗")
        await at.until(lambda: any("王婶" in topic.name for topic in at.topics()))
        await at.settled()
        before = len(uncle.bot_messages())
        await at.at("小陈").send_text("有了", reply_to=post)
        await at.settled()
        assert aunt.bot_messages()[-1].text == "有了" and len(uncle.bot_messages()) == before


async def test_a_command_with_a_number_means_that_ticket_wherever_it_is_written(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at, "王婶")
        uncle, _other = await _opened(at, "李叔")
        staff = at.at("小陈", topic)
        await staff.send_text("/close 2")
        await staff.send_text("/close 99")
        await staff.send_text("/close@other_bot")
        await at.settled()
        with at.service.journal.reading(0) as books:
            states = [one.state for one in desk.tickets_where(books)]
        assert states == ["open", "closed"]
        assert "又是我" in uncle.text() and "又是我" not in aunt.text()
