"""The life of a ticket as dialogs between people, the bot and the staff."""

from __future__ import annotations

from pathlib import Path

from tests.bot.telegram.staff_desk import office


async def test_a_person_is_reached_at_the_first_word_and_the_bot_is_silent_after_it(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.ask("三百以内的乳胶漆")
        await desk.settled()
        said = await aunt.ask("人工")
        assert "单号 1" in said.text and "10 分钟" in said.text
        await desk.settled()
        topic = desk.topic_of("王婶")
        first = desk.posts(topic)[0].text
        assert "№1 王婶" in first and "三百以内的乳胶漆" in first and "乳胶漆" in first and "300" in first
        count = len(aunt.bot_messages())
        await aunt.send_text("我家墙掉灰了咋办")
        await desk.settled()
        assert "我家墙掉灰了咋办" in desk.text(topic)
        assert len(aunt.bot_messages()) == count


async def test_a_reply_in_the_topic_reaches_that_person_and_nobody_else(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt, uncle = desk.person("王婶"), desk.person("李叔")
        for person in (aunt, uncle):
            await person.send_text("找个人")
        await desk.settled()
        before = len(uncle.bot_messages())
        staff = desk.at("小陈", desk.topic_of("王婶"))
        await staff.send_text("您好，我来看看")
        await staff.send_text("// 她上个月来过")
        await desk.settled()
        assert [message.text for message in aunt.bot_messages()][-2:] == ["客服小陈在看您的话了。", "您好，我来看看"]
        assert len(uncle.bot_messages()) == before
        assert "上个月" not in aunt.text() + uncle.text()


async def test_edits_replies_and_files_go_both_ways(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("转人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("小陈", topic)
        asked = await aunt.send_text("这桶漆能刷几平")
        await aunt.send_voice()
        await aunt.send_location(34.8, 115.1)
        await aunt.send_contact("13812345678")
        await desk.settled()
        kinds = [
            key for message in desk.posts(topic) for key in ("voice", "location", "contact") if key in message.body
        ]
        assert kinds == ["voice", "location", "contact"]
        post = next(message for message in desk.posts(topic) if "这桶漆" in message.text)
        answer = await staff.send_text("一桶55平", reply_to=post)
        await staff.send_voice()
        await desk.settled()
        got = aunt.bot_messages()
        assert got[-2].text == "一桶55平" and got[-2].body["reply_to_message"]["message_id"] == asked.message_id
        assert "voice" in got[-1].body
        await aunt.edit(asked, "这两桶漆能刷几平")
        await staff.edit(answer, "一桶55平，两桶110平")
        await desk.settled()
        assert post.text.endswith("这两桶漆能刷几平（改过）")
        assert got[-2].text == "一桶55平，两桶110平"


async def test_an_album_stays_together_both_ways(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("客服")
        await desk.settled()
        topic = desk.topic_of("王婶")
        for number in range(3):
            await aunt.send_file("photo", b"x%d" % number, filename="p.jpg", album="77")
        await desk.settled()
        desk.pass_time(5)
        await desk.until(lambda: sum("photo" in message.body for message in desk.posts(topic)) == 3)
        albums = {message.body.get("media_group_id") for message in desk.posts(topic) if "photo" in message.body}
        assert len(albums) == 1 and None not in albums
        staff = desk.at("小陈", topic)
        for number in range(2):
            await staff.send_file("photo", b"y%d" % number, filename="p.jpg", album="78")
        await desk.settled()
        desk.pass_time(5)
        await desk.until(lambda: sum("photo" in message.body for message in aunt.bot_messages()) == 2)
        assert (
            len({message.body.get("media_group_id") for message in aunt.bot_messages() if "photo" in message.body}) == 1
        )


async def test_eight_forwards_are_one_ticket_and_photos_before_it_go_along(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt, stranger = desk.person(), desk.person("李叔")
        advert = await stranger.send_text("国家级零甲醛涂料")
        await aunt.send_photo(b"bag")
        await aunt.send_photo(b"label")
        await desk.settled()
        assert sum("照片收到了" in message.text for message in aunt.bot_messages()) == 1
        await aunt.send_text("人工")
        for _ in range(8):
            await aunt.forward(advert)
        await desk.settled()
        topic = desk.topic_of("王婶")
        assert desk.text(topic).count("国家级零甲醛涂料") == 8
        assert sum("photo" in message.body for message in desk.posts(topic)) == 2
        assert len([one for one in desk.topics() if "王婶" in one.name]) == 1
        assert "单号 2" not in aunt.text()


async def test_closing_hands_back_asks_once_and_goes_on_as_the_same_ticket(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("找客服")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("小陈", topic)
        await staff.send_text("好了")
        await staff.send_text("/close")
        await desk.settled()
        closing = aunt.bot_messages()[-1]
        assert "又是我" in closing.text and "办好了吗" in closing.text
        await aunt.wait_for_answer(await aunt.press(closing, "办好了"))
        await desk.settled()
        assert "他说办好了" in desk.text(topic) and not (closing.body.get("reply_markup") or {}).get("inline_keyboard")
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        assert "乳胶漆" in aunt.bot_messages()[-1].text
        await aunt.send_text("找客服")
        await desk.settled()
        assert "单号 1" in aunt.bot_messages()[-1].text
        await staff.send_text("又来了")
        await staff.send_text("/close")
        await desk.settled()
        assert "办好了吗" not in aunt.bot_messages()[-1].text
        assert len([one for one in desk.topics() if "王婶" in one.name]) == 1


async def test_staff_replying_to_a_closed_ticket_send_nothing_until_they_say_so(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("找客服")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("小陈", topic)
        await staff.send_text("/claim")
        await staff.send_text("/close")
        await desk.settled()
        before = len(aunt.bot_messages())
        await staff.send_text("还有一句")
        await desk.settled()
        assert len(aunt.bot_messages()) == before
        held = desk.posts(topic)[-1]
        assert "没有发出去" in held.text
        await staff.wait_for_answer(await staff.press(held, "发给他"))
        await desk.settled()
        assert aunt.bot_messages()[-1].text == "还有一句"
        await aunt.send_text("收到")
        await desk.settled()
        assert "收到" in desk.text(topic)


async def test_who_blocks_the_bot_is_told_to_the_staff_and_gets_it_when_back(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("找客服")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("小陈", topic)
        await aunt.block()
        await desk.settled()
        await staff.send_text("在吗大姐")
        await desk.settled()
        await desk.until(lambda: "没送到" in desk.text(topic))
        alarm = next(message for message in desk.posts(topic) if "在吗大姐" in message.text)
        await aunt.unblock()
        await aunt.send_text("我回来了")
        await desk.settled()
        assert (await staff.wait_for_answer(await staff.press(alarm, "再发一次"))).get("text") == "发出去了"
        await desk.settled()
        assert [message.text for message in aunt.bot_messages()].count("在吗大姐") == 1


async def test_a_topic_that_is_deleted_by_hand_is_made_anew_with_what_was_written(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("找客服")
        await desk.settled()
        desk.room.drop_topic(desk.topic_of("王婶"))
        await aunt.send_text("还有人吗")
        await aunt.send_photo(b"x")
        await desk.settled()
        topic = desk.topic_of("王婶")
        assert "还有人吗" in desk.text(topic) and any("photo" in message.body for message in desk.posts(topic))
        await desk.at("小陈", topic).send_text("有的")
        await desk.settled()
        assert aunt.bot_messages()[-1].text == "有的"


async def test_without_topics_everything_goes_into_the_group_and_replies_find_their_person(tmp_path: Path) -> None:
    async with office(tmp_path, rights=("can_manage_chat",)) as desk:
        aunt, uncle = desk.person("王婶"), desk.person("李叔")
        await aunt.send_text("找客服")
        await desk.settled()
        await uncle.send_text("转人工")
        await desk.settled()
        posts = [message for message in desk.room.chat.visible() if message.from_bot]
        first = next(message for message in posts if "№1 王婶" in message.text)
        before = len(uncle.bot_messages())
        staff = desk.at("小陈")
        await staff.send_text("大姐您说", reply_to=first)
        await staff.send_text("没有回复谁的话，是我们自己聊")
        await desk.settled()
        assert aunt.bot_messages()[-1].text == "大姐您说"
        assert len(uncle.bot_messages()) == before and "自己聊" not in aunt.text()


async def test_a_message_of_4096_characters_arrives_whole_both_ways(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("找客服")
        await desk.settled()
        topic = desk.topic_of("王婶")
        long = "长" * 4096
        await aunt.send_text(long)
        await aunt.send_text("短")
        await desk.at("小陈", topic).send_text(long)
        await desk.settled()
        assert long in [message.text for message in desk.posts(topic)]
        assert long in [message.text for message in aunt.bot_messages()]


async def test_without_a_staff_group_it_says_so_and_the_ticket_is_kept(tmp_path: Path) -> None:
    async with office(tmp_path, rooms=0) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        assert "单号 1" in aunt.text() and "没有人值班" in aunt.text() and "12315" in aunt.text()
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        assert "乳胶漆" in aunt.bot_messages()[-1].text


async def test_every_button_of_the_panel_does_something(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff, panel = desk.at("小陈", topic), desk.posts(topic)[0]
        said = []
        for label in ("我来接", "谁动过", "放一放", "15", "转给", "算了", "转给", "小刘", "结束"):
            found = next(message for message in desk.posts(topic) if message.message_id == panel.message_id)
            labels = (
                [b["text"] for row in found.reply_markup["inline_keyboard"] for b in row] if found.reply_markup else []
            )
            exact = next((text for text in labels if text.startswith(label)), label)
            said.append((await staff.wait_for_answer(await staff.press(found, exact))).get("text"))
            await desk.settled()
        assert said[:3] == ["№1 归您了", "在下面", "放多久？"]
        assert said[4:8] == ["转给谁？", "没有变", "转给谁？", "转给小刘了"] and said[8] == "№1 结束了"
        assert "接了单 №1" in desk.text(topic) and "又是我" in aunt.text()


async def test_a_voice_message_is_kept_and_offered_three_ways_on(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_voice()
        await desk.settled()
        said = aunt.bot_messages()[-1]
        labels = [button["text"] for row in said.reply_markup["inline_keyboard"] for button in row]
        assert "听不了" in said.text and labels == ["转给人看", "我打字问", "我要投诉"]
        await aunt.wait_for_answer(await aunt.press(said, "我打字问"))
        await desk.settled()
        assert "打字就行" in aunt.bot_messages()[-1].text and not desk.topics()
        await aunt.wait_for_answer(await aunt.press(said, "我要投诉"))
        await desk.settled()
        topic = desk.topic_of("王婶")
        assert "要投诉" in desk.text(topic) and any("voice" in message.body for message in desk.posts(topic))
        assert "12315" in aunt.text()
