"""kill -9 at every step of a ticket: nothing lost, nothing sent twice, nothing to the wrong person. On both databases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from bot.botapi_server.state import Topic
from tests.bot.telegram.staff_desk import Office, office


def _count(texts: list[str]) -> Counter[str]:
    return Counter(texts)


async def test_a_restart_after_every_step(tmp_path: Path, journal_url: str) -> None:
    """The process is killed between any two steps, once settled and once right after the step."""
    async with office(tmp_path, journal_url) as desk:
        for number, quiet in enumerate((True, False)):
            aunt, uncle = desk.person(f"王婶{number}"), desk.person(f"李叔{number}")
            await uncle.send_text("找客服")
            await desk.settled()
            others = len(uncle.bot_messages())

            async def step(quiet: bool = quiet) -> None:
                if quiet:
                    await desk.settled()
                await desk.kill()

            await aunt.send_text("人工")
            await step()
            await desk.settled()
            topic = desk.topic_of(f"王婶{number}")
            for line in ("第一句", "第二句", "第三句"):
                await aunt.send_text(line)
                await step()
            await aunt.send_photo(b"x")
            await step()
            await desk.settled()
            staff = desk.at("小陈", topic)
            for line in ("答一", "答二", "答三"):
                await staff.send_text(line)
                await step()
            await desk.settled()
            await staff.send_text("/close")
            await step()
            await desk.settled()
            _judge(desk, topic, [message.text for message in aunt.bot_messages()])
            assert len(uncle.bot_messages()) == others


def _judge(desk: Office, topic: Topic, got: list[str]) -> None:
    posted = desk.text(topic)
    assert [posted.count(line) for line in ("第一句", "第二句", "第三句")] == [1, 1, 1]
    assert posted.index("第一句") < posted.index("第二句") < posted.index("第三句")
    assert sum("photo" in message.body for message in desk.posts(topic)) == 1
    answers = [line for line in got if line.startswith("答")]
    assert answers == ["答一", "答二", "答三"]
    assert sum("单号" in line and "替您叫人" in line for line in got) == 1
    assert sum("又是我" in line for line in got) == 1
    assert (
        len(
            [
                one
                for one in desk.topics()
                if one.name.split("№")[0].strip(" 🔴🟡⚪·小陈") == topic.name.split("№")[0].strip(" 🔴🟡⚪·小陈")
            ]
        )
        == 1
    )


async def test_a_topic_that_nobody_told_us_of_is_taken_when_the_group_tells(tmp_path: Path) -> None:
    """The call was done, the answer lost: no second topic."""
    async with office(tmp_path) as desk:
        desk.server.fault("drop_after", "createForumTopic", count=1)
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.until(lambda: any("№1" in one.name for one in desk.topics()))
        await desk.settled()
        await desk.until(lambda: "№1" in desk.text(desk.topic_of("王婶")))
        await aunt.send_text("在吗")
        await desk.settled()
        assert len(desk.topics()) == 1 and "在吗" in desk.text(desk.topic_of("王婶"))


async def test_a_topic_that_cannot_be_made_for_a_while_is_made_later(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        desk.server.fault("status", "createForumTopic", count=2, code=500)
        aunt = desk.person()
        await aunt.send_text("人工")
        await aunt.send_text("第一句")
        await desk.until(lambda: any("№1" in one.name for one in desk.topics()))
        await desk.settled()
        assert desk.text(desk.topic_of("王婶")).count("第一句") == 1


async def test_the_group_is_gone_for_a_while_and_nothing_is_lost(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        desk.room.kick_bot()
        await desk.settled()
        for line in ("第一句", "第二句"):
            await aunt.send_text(line)
        await desk.settled()
        from tests.bot.telegram.staff_desk import RIGHTS

        desk.room.promote_bot(*RIGHTS)
        desk.pass_time(70)
        await desk.until(lambda: "第二句" in desk.text(topic))
        assert desk.text(topic).count("第一句") == 1


async def test_what_the_person_took_back_before_it_was_copied_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        desk.server.fault(
            "status", "copyMessage", count=1, code=400, description="Bad Request: message to copy not found"
        )
        await aunt.send_photo(b"x")
        await desk.settled()
        await desk.until(lambda: "转不过来" in desk.text(topic))


async def test_an_unknown_outcome_to_the_person_is_told_and_sent_again_only_by_a_tap(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        await desk.at("小陈", topic).send_text("/claim")
        await desk.settled()
        desk.server.fault("drop_before", "copyMessage", count=2)
        await desk.at("小陈", topic).send_text("您好")
        await desk.until(lambda: "不知道送到没有" in desk.text(topic))
        assert "您好" not in [message.text for message in aunt.bot_messages()]
        alarm = next(message for message in desk.posts(topic) if "不知道送到没有" in message.text)
        staff = desk.at("小陈", topic)
        for _ in range(2):
            await staff.wait_for_answer(await staff.press(alarm, "再发一次"))
        await desk.settled()
        assert [message.text for message in aunt.bot_messages()].count("您好") == 1
