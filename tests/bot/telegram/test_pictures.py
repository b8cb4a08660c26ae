"""Photos in the private chat: codes are checked, nothing else is read, a photo without words gets one menu."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import segno

from bot.channels.telegram.application import links_of
from handlers.turn import Action
from tests.assistants import demonstration
from tests.bot.telegram.private_chat import Bot, labels_of, running_bot

WORDING = demonstration().wording
NUMBER = "DEMO-LJ-25-190102"
BLANK = b"GIF89a\x20\x00\x10\x00"


@pytest.fixture
async def bot(tmp_path: Path):
    async with running_bot(tmp_path) as running:
        yield running


def code(text: str) -> bytes:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()


def plain_photo() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("L", (320, 240), 130).save(out, "JPEG")
    return out.getvalue()


async def answers(bot: Bot, talk, count: int = 1) -> list[str]:
    found = await talk.wait_for_replies(count)
    await bot.settled()
    return [message.body["text"] for message in found]


@pytest.mark.parametrize(
    "text",
    [NUMBER, f"https://cx.example.cn/cert?no={NUMBER}&t=1", f"证书编号：{NUMBER}", f"https://example.cn/c/{NUMBER}"],
)
async def test_a_number_in_a_code_is_checked(bot: Bot, text: str) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code(text))
    [answer] = await answers(bot, aunt)
    assert NUMBER in answer and "在有效期内" in answer and "认e云" in answer


async def test_our_own_link_opens_what_it_leads_to(bot: Bot) -> None:
    aunt = bot.talk()
    payload = links_of(bot.keys, bot.server.bot.me.user_id).encode(Action("show_product", ("YS190104",)))
    await aunt.send_photo(code(f"https://t.me/lvxuan_bot?start={payload}"))
    said = await answers(bot, aunt, 2)
    assert "打麦谣团扇PPR冷水管" in said[-1]


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("https://phish.example.cn/pay?x=1", "picture.address", {"host": "phish.example.cn"}),
        ("6901234567892", "picture.barcode", {"number": "6901234567892"}),
        ("WIFI:T:WPA;S=x;;", "picture.other", {}),
        ("https://t.me/other_bot?start=abc", "picture.address", {"host": "t.me"}),
    ],
)
async def test_what_a_code_of_others_says_is_named_and_not_opened(
    bot: Bot, text: str, key: str, values: dict[str, str]
) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code(text))
    assert await answers(bot, aunt) == [WORDING.say(key, **values)]


async def test_a_number_that_nobody_has_is_unknown_not_false(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code("CABP-2025-77120"))
    [answer] = await answers(bot, aunt)
    assert "没有查到编号" in answer


async def test_a_photo_without_a_code_gets_a_menu_that_works(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(plain_photo())
    [menu] = await aunt.wait_for_replies(1)
    await bot.settled()
    assert menu.body["text"] == WORDING.say("picture.menu")
    assert labels_of(menu) == ["看证书", "这是啥", "投诉"]
    for label, key in (("看证书", "picture.how.certificate"), ("这是啥", "picture.how.what")):
        await aunt.wait_for_answer(await aunt.press(menu, label))
        assert await answers(bot, aunt) == [WORDING.say(key)]
    await aunt.wait_for_answer(await aunt.press(menu, "投诉"))
    assert await answers(bot, aunt)


async def test_an_album_and_a_burst_are_one_thing(bot: Bot) -> None:
    aunt = bot.talk()
    for _ in range(4):
        await aunt.send_file("photo", plain_photo(), filename="p.jpg", album="77")
    await bot.settled()
    for _ in range(3):
        await aunt.send_photo(plain_photo())
    await bot.settled()
    assert [m.body["text"] for m in aunt.replies()] == [WORDING.say("picture.menu")]
    bot.pass_time(60)
    await aunt.send_photo(plain_photo())
    assert await answers(bot, aunt) == [WORDING.say("picture.menu")]


async def test_a_code_in_an_album_is_found_beside_the_menu(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_file("photo", plain_photo(), filename="p.jpg", album="78")
    await aunt.send_file("photo", code(NUMBER), filename="q.jpg", album="78")
    await bot.settled()
    said = [m.body["text"] for m in aunt.replies()]
    assert len(said) == 2 and any(NUMBER in text for text in said)


async def test_words_under_a_photo_are_answered_and_its_code_too(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code(NUMBER), caption="马桶怎么挑")
    said = await answers(bot, aunt, 2)
    assert any("坑距" in text for text in said) and any(NUMBER in text for text in said)
    await aunt.send_photo(plain_photo(), caption="马桶怎么挑")
    await answers(bot, aunt)
    assert aunt.replies() == []


async def test_a_picture_sent_as_a_file_is_read(bot: Bot) -> None:
    aunt = bot.talk()
    from bot.botapi_server.files import keep_file, media_body

    stored = keep_file(bot.server.bot, "document", "证书.png", "image/png", code(NUMBER))
    await aunt.send({"document": media_body("document", stored, {})})
    [answer] = await answers(bot, aunt)
    assert NUMBER in answer


async def test_a_file_that_cannot_be_had_is_said_so(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(BLANK)
    assert await answers(bot, aunt) == [WORDING.say("picture.menu.unreadable")]
    bot.pass_time(60)
    await aunt.send({"photo": [{"file_id": "AgACnothing", "file_unique_id": "n", "width": 9, "height": 9}]})
    assert await answers(bot, aunt) == [WORDING.say("picture.menu.gone")]
    bot.pass_time(60)
    big = {"file_id": "AgACbig", "file_unique_id": "b", "width": 9, "height": 9, "file_size": 11 * 1024 * 1024}
    await aunt.send({"photo": [big]})
    assert await answers(bot, aunt) == [WORDING.say("picture.menu.too_big")]


async def test_a_restart_between_the_photo_and_its_answer_loses_nothing(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code(NUMBER))
    await bot.restart()
    await bot.settled()
    said = [m.body["text"] for m in aunt.replies()]
    assert len(said) == 1 and NUMBER in said[0]


async def test_what_a_code_says_is_nowhere_in_clear(bot: Bot) -> None:
    aunt = bot.talk()
    await aunt.send_photo(code("https://geheim-geheim.example.cn/13912345678"))
    await answers(bot, aunt)
    kept = b"".join(file.read_bytes() for file in bot.folder.iterdir() if file.is_file() and file.name != "key")
    assert b"geheim-geheim" not in kept and b"13912345678" not in kept
