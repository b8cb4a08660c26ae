"""A day at the desk: who waits for how long, what a topic looks like, who is there, who has it now, what is missing in the catalogue."""

from __future__ import annotations

from pathlib import Path

from catalog_db.journal import desk as tickets
from catalog_db.journal import desk_posts
from tests.bot.telegram.staff_desk import Office, office

_RED, _BLUE = 16_478_047, 7_322_096  # Bot API, icon_color of createForumTopic


async def test_who_comes_later_is_told_how_many_stand_before_and_waits_longer(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        people = [at.person(f"人{number}") for number in range(4)]
        for person in people:
            await person.send_text("人工")
            await at.settled()
        assert "大约 10 分钟内（10:10 前）" in people[0].bot_messages()[-1].text
        assert "前面还有 2 位，大约 10 分钟内" in people[2].bot_messages()[-1].text
        assert "前面还有 3 位，大约 20 分钟内（10:20 前）" in people[3].bot_messages()[-1].text  # three are on duty


async def test_a_topic_is_coloured_by_its_reason_and_named_by_its_state(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.person("王婶").send_text("人工")
        await at.settled()
        await at.person("李叔").send_text("买到假的了，标是假的")
        await at.settled()
        made = [call.parameters for call in at.server.calls_of("createForumTopic")]
        assert [one["icon_color"] for one in made] == [_BLUE, _RED]
        topic = at.topic_of("王婶")
        assert topic.name == "🔴 王婶 №1"
        staff = at.at("小陈", topic)
        for line, name in (("/claim", "🟡 小陈·王婶 №1"), ("/snooze 30", "💤 小陈·王婶 №1"), ("/close", "⚪ 王婶 №1")):
            await staff.send_text(line)
            await at.until(lambda name=name: topic.name == name, 25)


async def test_who_is_there_and_who_has_it_now(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        topic = at.topic_of("王婶")
        one, other = at.at("小陈", topic), at.at("小刘", topic)
        await one.send_text("/claim")
        await one.send_text("/duty")
        await other.send_text("/off")
        await one.send_text("/duty")
        await at.settled()
        said = [message.text for message in at.posts(topic) if message.text.startswith("在班：")]
        there = [set(one.removeprefix("在班：").split("、")) for one in said]
        both = {"老赵（手上 0）", "小陈（手上 1）"}
        assert there == [{*both, "小刘（手上 0）"}, both]
        await one.send_text("/give 小刘")
        await at.settled()
        assert "小陈把 №1 转给了小刘。" in at.text(topic)
        heard = len(aunt.bot_messages())
        await one.send_text("我再说一句")
        await at.settled()
        assert len(aunt.bot_messages()) == heard and "小刘" in at.posts(topic)[-1].text
        await other.send_text("我来说")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "我来说"


async def test_a_note_by_the_button_is_what_is_written_in_reply_and_never_leaves(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt = at.person()
        await aunt.send_text("人工")
        await at.settled()
        topic = at.topic_of("王婶")
        staff, panel = at.at("小陈", topic), at.posts(topic)[0]
        await staff.send_text("/claim")
        await at.settled()
        assert (await staff.wait_for_answer(await staff.press(panel, "记备注")))["text"] == "在下面那条上回复"
        await aunt.send_text("还在吗")  # must not stand in the same post as what asks for the note
        await at.settled()
        asked = next(message for message in at.posts(topic) if "只给同事看" in message.text)
        assert "还在吗" not in asked.text
        heard = len(aunt.bot_messages())
        await staff.send_text("脾气急，别催", reply_to=asked)
        await at.settled()
        assert len(aunt.bot_messages()) == heard
        await staff.send_text("在的", reply_to=next(m for m in at.posts(topic) if "还在吗" in m.text))
        await at.settled()
        assert aunt.bot_messages()[-1].text == "在的"
        with at.service.journal.reading(0) as books:
            written = [(one.way, one.kind, one.text) for one in desk_posts.of_ticket(books, 1) if one.way == "note"]
        assert written == [("note", "text", "脾气急，别催")]


async def test_a_reply_to_another_persons_note_prompt_is_no_note_of_this_one(tmp_path: Path) -> None:
    """Without topics all stand in the group: the post replied to tells whose note it is."""
    async with office(tmp_path, rights=("can_manage_chat",)) as at:
        for name in ("王婶", "李叔"):
            await at.person(name).send_text("人工")
            await at.settled()
        staff = at.at("小陈")
        panels = [message for message in at.room.chat.visible() if message.from_bot and "找人" in message.text]
        await staff.wait_for_answer(await staff.press(panels[1], "记备注"))
        await at.settled()
        asked = next(message for message in at.room.chat.visible() if "只给同事看" in message.text)
        await staff.send_text("是李叔的事", reply_to=asked)
        await at.settled()
        with at.service.journal.reading(0) as books:
            found = {
                one.id: [n.text for n in desk_posts.of_ticket(books, one.id) if n.way == "note"]
                for one in tickets.unclosed(books)
            }
        assert found == {1: [], 2: ["是李叔的事"]}


async def _missed(at: Office, text: str) -> None:
    person = at.person(f"问{len(text)}")
    await person.send_text(text)
    await at.settled()


async def test_what_is_missed_is_shown_without_anybodys_numbers(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        for text in ("呜哩哇啦13812345678", "我的身份证是110101199003074514帮我办一下呜哩"):
            await _missed(at, text)
        lead = at.at("老赵")
        await lead.send_text("/learn")
        await lead.send_text("/stats")
        await at.settled()
        shown = "\n".join(m.text + str(m.body.get("caption", "")) for m in at.room.chat.visible() if m.from_bot)
        assert "没听懂" in shown
        assert "13812345678" not in shown and "110101199003074514" not in shown
