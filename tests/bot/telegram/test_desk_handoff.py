"""A person at the first word: twenty spellings in ten states, a ticket each time at the first try, the bot silent after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.phrases.handoff import mood, wants_no_person, wants_person
from tests.bot.telegram.staff_desk import office

SPELLINGS = (
    "人工", "找个人", "客服", "zhuanrengong", "转人工", "zhuan ren gong", "人工客服", "轉人工", "帮我转人工", "有人吗", "找真人",
    "麻烦叫个人来", "我要找人工!!!", "人  工", "kefu", "换个人", "不要机器人", "人工服务谢谢", "转一下人工吧", "Ren Gong",
)  # fmt: skip
STATES: dict[str, tuple[str, ...]] = {
    "new": (),
    "greeted": ("在吗",),
    "after a list": ("三百以内的乳胶漆",),
    "half a sentence": ("我家",),
    "asked for a place": ("附近有店吗",),
    "after a miss": ("呜啦啦啦",),
    "in a calculation": ("刷墙120平要几桶漆",),
    "a product's card": ("三百以内的乳胶漆", "第二个"),
    "after a check": ("DEMO-DT-25-0034 有效吗",),
    "a plan": ("厨房翻新要买啥",),
}


@pytest.mark.parametrize("state", STATES)
async def test_every_spelling_opens_a_ticket_at_the_first_try(tmp_path: Path, state: str) -> None:
    """Twenty people at once: some states wait seconds for what may follow."""
    async with office(tmp_path) as desk:
        people = [desk.person(f"人{number}") for number in range(len(SPELLINGS))]
        for line in STATES[state]:
            for person in people:
                await person.send_text(line)
        await desk.settled()
        before = [len(person.bot_messages()) for person in people]
        for person, spelling in zip(people, SPELLINGS, strict=True):
            await person.send_text(spelling)
        await desk.settled()
        for person, spelling, count in zip(people, SPELLINGS, before, strict=True):
            said = [message.text for message in person.bot_messages()][count:]
            assert len([text for text in said if "单号" in text]) == 1, (spelling, state, said)
        heard = [len(person.bot_messages()) for person in people]
        for person in people:
            await person.send_text("三百以内的乳胶漆有吗")
        await desk.settled()
        for number, person in enumerate(people):
            assert len(person.bot_messages()) == heard[number], (SPELLINGS[number], state, person.text())
            assert "三百以内的乳胶漆有吗" in desk.text(desk.topic_of(f"人{number}"))


@pytest.mark.parametrize(
    "text", ["人工草坪多少钱", "人工费怎么算", "这个要人工安装吗", "客服电话贵不贵的砖", "工人多少钱一天", "换个砖"]
)
def test_words_that_only_look_like_it_ask_for_nobody(text: str) -> None:
    assert not wants_person(text)


def test_moods_and_the_way_back() -> None:
    assert mood("装上的灯漏电了，孩子差点触电") == "safety"
    assert mood("你听不懂人话啊，答非所问") == "anger"
    assert mood("三百以内的乳胶漆") is None
    assert wants_no_person("不用人工了") and not wants_no_person("不用人工搅拌的漆")


async def test_a_person_is_offered_after_two_misses_on_anger_and_where_there_is_danger(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt, uncle, third = desk.person("王婶"), desk.person("李叔"), desk.person("赵哥")
        for line in ("叽里咕噜哇啦哇啦哇啦哇啦哇啦哇啦哇啦哇啦", "咕噜咕噜嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟嘟"):
            await aunt.send_text(line)
            await desk.settled()
            desk.pass_time(10)  # said in one breath they would be one question
        assert "要不要找个人来" in aunt.bot_messages()[-1].text
        await uncle.send_text("你听不懂人话啊骗子")
        await third.send_text("你们这个灯装上漏电了")
        await desk.settled()
        assert "要不要找个人来" in uncle.bot_messages()[-1].text
        offer = third.bot_messages()[-1]
        assert "119" in offer.text
        await third.wait_for_answer(await third.press(offer, "找个人来"))
        await desk.settled()
        assert "可能有危险" in desk.text(desk.topic_of("赵哥"))


@pytest.mark.parametrize(("line", "reason"), [("买到假的了，怎么办", "怀疑买到假的"), ("我要投诉", "要投诉")])
async def test_complaints_and_fakes_go_to_a_person_at_once(tmp_path: Path, line: str, reason: str) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text(line)
        await desk.settled()
        assert "单号 1" in aunt.text() and reason in desk.text(desk.topic_of("王婶"))


async def test_the_one_who_waits_may_let_the_assistant_answer_and_come_back(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "先让绿选"))
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        assert "乳胶漆" in aunt.bot_messages()[-1].text and "先让绿选接着答" in desk.text(desk.topic_of("王婶"))
        await desk.at("小陈", desk.topic_of("王婶")).send_text("来了")
        await desk.settled()
        count = len(aunt.bot_messages())
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        assert len(aunt.bot_messages()) == count


async def test_at_night_the_morning_is_promised(tmp_path: Path) -> None:
    from tests.bot.telegram.staff_desk import BY_DAY

    async with office(tmp_path, at=BY_DAY.replace(hour=23)) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        assert "08:40 前" in aunt.text() and "8:30" in aunt.text()
