"""What the staff say: stopped where it claims too much, labelled, looked at by sampling, kept through imports, in their language."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from bot.bootstrap import build
from bot.botapi_server.driving import Conversation
from bot.botapi_server.state import Topic
from bot.settings import load_settings
from catalog_db import tables
from catalog_db.journal import desk
from tests.assistants import DAY, demonstration
from tests.bot.telegram.staff_desk import Office, office


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[Office]:
    """A desk on a catalogue of its own, for it is changed here."""
    shutil.copy(str(demonstration().catalogue.database.file), tmp_path / "catalogue.db")
    url = f"sqlite:///{(tmp_path / 'catalogue.db').as_posix()}"
    settings = load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(tmp_path)}, folder=tmp_path)
    async with office(tmp_path, parts=build(settings, DAY)) as opened:
        yield opened


async def _opened(at: Office, name: str = "王婶") -> tuple[Conversation, Topic]:
    person = at.person(name)
    await person.send_text("人工")
    await at.settled()
    topic = at.topic_of(name)
    await at.at("小陈", topic).send_text("/claim")
    await at.settled()
    return person, topic


async def test_what_claims_too_much_is_stopped_named_and_goes_when_it_is_changed(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at)
        staff = at.at("小陈", topic)
        before = len(aunt.bot_messages())
        wrong = await staff.send_text("放心，这款零甲醛")
        await staff.send_file("photo", b"a", filename="p.jpg", album="9")
        await staff.send_file("photo", b"b", filename="p.jpg", album="9", caption="国家推荐的")
        await at.settled()
        at.pass_time(5)
        await asyncio.sleep(2.2)
        assert len(aunt.bot_messages()) == before
        said = at.text(topic)
        assert "“零甲醛”不能这么说" in said and "“国家推荐”不能这么说" in said
        await staff.edit(wrong, "放心，这款绝对安全")
        await at.settled()
        assert len(aunt.bot_messages()) == before
        await staff.edit(wrong, "这款有三星认证，看证书")
        await at.settled()
        assert aunt.bot_messages()[-1].text == "这款有三星认证，看证书"
        await staff.edit(wrong, "这款零甲醛")
        await at.settled()
        assert "改的没有发过去" in at.posts(topic)[-1].text
        assert "甲醛" not in aunt.text() and not any("photo" in message.body for message in aunt.bot_messages())
        await staff.send_text("别信零甲醛，没有这种漆")  # what is denied is no claim
        await at.settled()
        assert aunt.bot_messages()[-1].text == "别信零甲醛，没有这种漆"


async def test_an_album_whose_caption_is_mended_goes_as_one(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at)
        staff = at.at("小陈", topic)
        first = await staff.send_file("photo", b"a", filename="p.jpg", album="9", caption="国家推荐的")
        await staff.send_file("photo", b"b", filename="p.jpg", album="9")
        await at.settled()
        await staff.edit(first, "就是这两款")
        await at.settled()
        at.pass_time(5)
        await at.until(lambda: sum("photo" in message.body for message in aunt.bot_messages()) == 2)
        await at.settled()
        assert sum("photo" in message.body for message in aunt.bot_messages()) == 2


async def test_canned_and_taught_answers_are_held_to_the_same(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        _aunt, topic = await _opened(at)
        staff = at.at("小陈", topic)
        await staff.send_text("/answer 保证 我们的漆零甲醛")
        await staff.send_text("/faq 这漆有味吗=零甲醛，没有味")
        await at.settled()
        said = at.text(topic)
        assert "没有记。“零甲醛”不能这么说" in said and "没有加。“零甲醛”不能这么说" in said
        await staff.send_text("/answers")
        await at.settled()
        assert "常用话 0 条" in at.text(topic)


async def test_tags_and_priority_by_command_and_by_button(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        _aunt, topic = await _opened(at)
        staff, panel = at.at("小陈", topic), at.posts(topic)[0]
        await staff.send_text("/tag 送货上楼难的事 补货")
        await staff.send_text("/tag 13812345678")
        await at.settled()
        assert "标签：送货上楼难的事、补货" in at.text(topic) and "不写电话" in at.text(topic)

        async def press(label: str) -> str:
            found = next(message for message in at.posts(topic) if message.message_id == panel.message_id)
            said = (await staff.wait_for_answer(await staff.press(found, label))).get("text")
            await at.settled()
            return str(said)

        assert await press("贴标签") == "贴哪个？（有勾的，再点就撕下来）"
        assert await press("✓ 补货") == "№1 的标签：送货上楼难的事"
        assert await press("急不急") == "急不急？"
        assert await press("❗") == "№1 记成急的"
        at.pass_time(20)
        await at.until(lambda: at.topic_of("王婶").name.startswith("❗"))
        await at.person("李叔").send_text("人工")
        await at.settled()
        await at.at("小陈").send_text("/queue")
        await at.at("小陈").send_text("/queue 送货上楼难的事")
        await at.settled()
        both, one = [message.text for message in at.room.chat.visible() if message.text.startswith("没结束的")]
        assert both.splitlines()[1].startswith("❗№1") and "№2" in both and "送货上楼难的事" in both
        assert "№1" in one and "№2" not in one


async def test_danger_is_urgent_by_itself_and_a_fake_tells_what_to_keep_and_where(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, uncle = at.person("王婶"), at.person("李叔")
        await aunt.send_text("你们这个灯装上漏电了")
        await at.settled()
        await aunt.wait_for_answer(await aunt.press(aunt.bot_messages()[-1], "找个人来"))
        await uncle.send_text("我是兰考的")
        await uncle.send_text("买到假的了，怎么办")
        await at.settled()
        assert at.topic_of("王婶").name.startswith("❗")
        assert "12315" in uncle.text() and "小票" in uncle.text() and "哪家店" in uncle.text()
        await uncle.send_photo(b"bag")
        await at.settled()
        assert any("photo" in message.body for message in at.posts(at.topic_of("李叔")))
        await at.at("老赵").send_text("/stats")
        await at.settled()
        shown = next(m.body["caption"] for m in at.room.chat.visible() if m.from_bot and m.body.get("caption"))
        assert "怀疑假货" in shown and "兰考县" in shown


async def test_answers_are_looked_at_by_sampling_and_each_look_is_logged(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        aunt, topic = await _opened(at)
        await aunt.send_text("我的电话 13812345678，墙咋刷")
        staff = at.at("小陈", topic)
        await staff.send_text("先批腻子再刷")
        await staff.send_text("/close")
        await at.settled()
        await at.at("小陈").send_text("/sample")
        auditor = at.at("审计员")
        await auditor.send_text("/sample 5")
        await at.settled()
        said = [message for message in at.room.chat.visible() if message.from_bot and message.topic_id is None]
        assert "这个命令您不能用。" in [message.text for message in said]
        drawn = next(message for message in said if "抽查 №1" in message.text)
        assert "先批腻子再刷" in drawn.text and "13812345678" not in drawn.text
        other = at.at("老赵")
        assert (await other.wait_for_answer(await other.press(drawn, "答得好")))["text"].startswith("这张不是您抽的")
        assert (await auditor.wait_for_answer(await auditor.press(drawn, "答得好")))["text"] == "记下了：答得好"
        await auditor.send_text("/sample")
        await at.at("老赵").send_text("/log")
        await at.at("老赵").send_text("/stats")
        await at.settled()
        texts = [message.text for message in at.room.chat.visible() if message.from_bot]
        assert any("没有可以抽查的单子" in text for text in texts)
        assert any("审计员 抽查了 №1" in text and "审计员 评了抽查 №1" in text for text in texts)
        shown = next(m.body["caption"] for m in at.room.chat.visible() if m.from_bot and m.body.get("caption"))
        assert "抽查 小陈：1 张，1 张答得好" in shown


# ---- what was taught


async def _taught(at: Office) -> None:
    staff, lead = at.at("小陈"), at.at("老赵")
    await staff.send_text("/alias 呱呱粉=水泥")
    await staff.send_text("/faq 呱呱机怎么保养才能多用几年=用完擦干，别淋雨。")
    await at.settled()
    for words in ("呱呱粉 就是 水泥", "呱呱机怎么保养"):
        shown = next(message for message in at.room.chat.visible() if message.from_bot and words in message.text)
        await lead.wait_for_answer(await lead.press(shown, "批准"))
    await at.settled()


def _stands(at: Office) -> tuple[bool, bool]:
    """Whether the word and the answer stand in the catalogue's tables."""
    assert at.parts is not None
    with at.parts.catalogue.database.reading() as connection:
        words = [word for row in connection.execute(tables.terms.select()) for word in row.synonyms or ()]
        answers = [row.answer for row in connection.execute(tables.faqs.select()) if not row.withdrawn]
    return "呱呱粉" in words, any("别淋雨" in answer for answer in answers)


async def _said(at: Office, text: str) -> str:
    at.pass_time(20)
    person = at.person(f"问{text[:3]}")
    await person.send_text(text)
    await at.settled()
    return person.bot_messages()[-1].text


async def _heard(at: Office, text: str, wanted: str) -> None:
    """Ask until it is answered so: a process looks for a newer catalogue some times a second."""
    for _ in range(20):
        if wanted in await _said(at, text):
            return
        await asyncio.sleep(0.5)
    raise AssertionError(wanted)


async def test_what_was_taught_is_back_after_an_import_and_lives_in_every_process(at: Office) -> None:
    await _taught(at)
    await at.until(lambda: _stands(at) == (True, True), 60)
    assert at.parts is not None
    database = at.parts.catalogue.database
    with database.writing() as connection:  # a full import that knows nothing of it
        connection.execute(delete(tables.faqs).where(tables.faqs.c.id.like("desk-%")))
        connection.execute(update(tables.terms).values(synonyms=()))
        connection.execute(update(tables.catalogue).values(revision=tables.catalogue.c.revision + 1))
    assert _stands(at) == (False, False)
    at.pass_time(6)
    await at.until(lambda: _stands(at) == (True, True), 60)
    url = f"sqlite:///{database.file}"
    folder = Path(str(database.file)).parent
    other = build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), DAY)
    try:  # another process, or this one after a restart
        assert any("呱呱粉" in term.synonyms for term in other.catalogue.terms)
        assert any("别淋雨" in faq.answer for faq in other.catalogue.faqs.values())
    finally:
        other.catalogue.close()
    await at.restart()
    await _heard(at, "呱呱粉多少钱", "水泥")
    await _heard(at, "呱呱机怎么保养才能多用几年", "别淋雨")


async def test_taught_answers_have_versions_an_owner_and_an_end(at: Office) -> None:
    await _taught(at)
    lead = at.at("老赵")
    await lead.send_text("/taught")
    await at.settled()
    listed = next(message.text for message in at.room.chat.visible() if message.text.startswith("教过的 2 条"))
    line = next(line for line in listed.splitlines() if "呱呱机" in line)
    assert "第1版" in line and "小陈" in line and "到 " in line
    number = line.split(".")[0]
    await at.at("小陈").send_text(f"/revise {number}=用完擦干上油，别淋雨。")
    await at.settled()
    shown = next(m for m in at.room.chat.visible() if m.from_bot and "上油" in m.text)
    assert "第2版" in shown.text and "原来的回答：用完擦干，别淋雨。" in shown.text
    await lead.wait_for_answer(await lead.press(shown, "批准"))
    await at.settled()
    await _heard(at, "呱呱机怎么保养才能多用几年", "上油")
    await lead.send_text("/taught 呱呱")
    await at.settled()
    last = [message.text for message in at.room.chat.visible() if message.text.startswith("教过的")][-1]
    numbers = [line.split(".")[0] for line in last.splitlines()[1:]]
    for one in numbers:
        await lead.send_text(f"/untaught {one}")
    await at.settled()
    at.pass_time(6)
    await at.until(lambda: _stands(at) == (False, False), 60)


async def test_words_that_meant_nothing_stand_in_the_figures(at: Office) -> None:
    await _said(at, "呱呱呱呱呱呱呱呱呱呱呱呱呱呱呱呱板好用不")
    await at.at("老赵").send_text("/stats")
    await at.settled()
    shown = next(m.body["caption"] for m in at.room.chat.visible() if m.from_bot and m.body.get("caption"))
    assert "没听懂“呱呱" in shown


# ---- languages


async def test_each_of_the_staff_and_each_person_is_spoken_to_in_their_language(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        at.staff["小刘"].language_code = "en"
        at.staff["小陈"].language_code = "zh-hant"
        guest = at.server.user("Ann", language="en")
        person = at.server.private(guest)
        await person.send_text("/human")
        await at.settled()
        assert "A person is called, no. 1" in person.bot_messages()[-1].text
        topic = at.topic_of("Ann")
        assert "№1 Ann 找人" in at.posts(topic)[0].text  # the topic speaks the desk's own language
        await at.at("小刘", topic).send_text("/who")
        await at.at("小陈", topic).send_text("/who")
        await at.settled()
        assert [message.text for message in at.posts(topic)[-2:]] == ["№1 is with nobody", "№1 還沒人接"]
        english, panel = at.at("小刘", topic), at.posts(topic)[0]
        assert (await english.wait_for_answer(await english.press(panel, "我来接")))["text"] == "№1 is yours"
        await at.settled()
        assert "小刘" in person.bot_messages()[-1].text and "在看您的话" not in person.text()
        await english.send_text("/close")
        await at.settled()
        with at.service.journal.reading(0) as books:
            assert desk.tickets_where(books)[0].state == "closed"
        assert "再" not in person.bot_messages()[-1].text.replace("绿选", "")


async def test_the_language_that_one_of_the_staff_chose_goes_before_telegrams(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        at.staff["小刘"].language_code = "en"
        await at.person().send_text("人工")
        await at.settled()
        private, topic = at.server.private(at.staff["小刘"]), at.topic_of("王婶")
        await private.send_text("/language")
        await at.settled()
        await private.press(private.bot_messages()[-1], "繁體中文")
        await at.settled()
        mine, panel = at.at("小刘", topic), at.posts(topic)[0]
        await mine.send_text("/who")
        await mine.send_text("咱们的漆是零甲醛的，放心买。")
        await at.settled()
        assert "№1 還沒人接" in at.text(topic) and "沒有發出去" in at.posts(topic)[-1].text
        assert (await mine.wait_for_answer(await mine.press(panel, "我来接")))["text"] == "№1 歸您了"
