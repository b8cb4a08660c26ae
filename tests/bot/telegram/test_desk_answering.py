"""Drafts and canned answers: shown first, sent by a tap, filled from the catalogue."""

from __future__ import annotations

from pathlib import Path

from tests.bot.telegram.staff_desk import office


async def test_drafts_stand_under_the_context_and_leave_by_a_tap_only(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("三星是什么意思")
        await desk.settled()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        context = desk.posts(topic)[0]
        assert "可以用的第1条" in context.text and "（常见问题）" in context.text
        assert "问过：三星是什么意思\n" in context.text  # without the word that called a person
        staff = desk.at("小陈", topic)
        heard = len(aunt.bot_messages())
        await staff.wait_for_answer(await staff.press(context, "用第1条"))
        await desk.settled()
        assert len(aunt.bot_messages()) == heard
        source, draft = desk.posts(topic)[-2:]
        assert "点了才发" in source.text
        await staff.wait_for_answer(await staff.press(draft, "就这样发"))
        await staff.wait_for_answer(await staff.press(draft, "就这样发")) if _has_button(draft) else None
        await desk.settled()
        assert [message.text for message in aunt.bot_messages()].count(draft.text) == 1


def _has_button(message: object) -> bool:
    return bool((getattr(message, "body", {}).get("reply_markup") or {}).get("inline_keyboard"))


async def test_canned_answers_are_found_by_initials_stacked_and_filled(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("三百以内的乳胶漆")
        await desk.settled()
        await aunt.send_text("第一个")
        await desk.settled()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("小陈", topic)
        await staff.send_text("/answer 用量 {商品}：{补充}大约这样算，价格{价格}。")
        await staff.send_text("/answer 问好 {姓名}您好！")
        await staff.send_text("/answer 运费 {运费}元")
        await desk.settled()
        assert "不过 运费 填不上" in desk.posts(topic)[-1].text and "一桶刷" in desk.posts(topic)[-1].text
        await staff.send_text("/wh_yl 100平")
        await desk.settled()
        shown = desk.posts(topic)[-1]
        assert shown.text.startswith("王婶您好！\n\n") and "100平大约这样算" in shown.text and "元" in shown.text
        heard = len(aunt.bot_messages())
        await staff.wait_for_answer(await staff.press(shown, "就这样发"))
        await desk.settled()
        assert aunt.bot_messages()[-1].text == shown.text and len(aunt.bot_messages()) == heard + 2
        await staff.send_text("/yf")
        await desk.settled()
        assert "运费 填不上，没有发。能填的有：补充" in desk.posts(topic)[-1].text


async def test_a_canned_answer_may_have_a_picture(tmp_path: Path) -> None:
    async with office(tmp_path) as desk:
        aunt = desk.person()
        await aunt.send_text("人工")
        await desk.settled()
        topic = desk.topic_of("王婶")
        staff = desk.at("老赵", topic)
        await staff.send_photo(b"picture", caption="/answer 色卡 颜色看图")
        await staff.send_text("/sk")
        await desk.settled()
        shown = desk.posts(topic)[-1]
        assert "photo" in shown.body and shown.text == "颜色看图"
        await staff.wait_for_answer(await staff.press(shown, "就这样发"))
        await desk.settled()
        assert "photo" in aunt.bot_messages()[-1].body
        await staff.send_text("/unanswer 色卡")
        await staff.send_text("/sk")
        await desk.settled()
        assert "没有这个命令" in desk.posts(topic)[-1].text
