"""Three languages and 长辈模式 in the private chat: golden transcripts, commands, buttons. --update-golden writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.telegram import commands
from bot.channels.telegram.keys import save_keys
from bot.elders import CHOICES, FACTS, SENTENCE
from bot.languages import ENGLISH, SIMPLIFIED, SPOKEN, TRADITIONAL, Wordings
from bot.wording import load_wording
from tests.bot.telegram.dialogs import press, say
from tests.bot.telegram.private_chat import buttons_of, labels_of, running_bot
from tests.bot.telegram.test_private_dialogs import KEYS
from tests.bot.transcripts import GOLDEN

WORDINGS = Wordings(load_wording())
TALKS = sorted(file.stem for file in (GOLDEN / "languages").glob("*.txt"))
CHINESE_ONLY = re.compile(r"[\u3400-\u9fff]{2,}")


def talk_of(name: str) -> tuple[str, list[str]]:
    """The language code of the first line, and the lines said."""
    head, *lines = (GOLDEN / "languages" / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return head.split()[1], lines


@pytest.fixture
async def bot(tmp_path: Path):
    save_keys(tmp_path / "key", KEYS)
    async with running_bot(tmp_path) as running:
        yield running


@pytest.mark.parametrize("name", TALKS)
async def test_a_talk_is_as_it_was(request, bot, name):
    code, lines = talk_of(name)
    aunt = bot.server.private(bot.server.user("王婶", language=code))
    for line in lines:
        await say(bot, aunt, line)
    shown = aunt.text() + "\n"
    file = GOLDEN / "telegram_languages" / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        file.write_text(shown, encoding="utf-8")
    assert file.exists(), "no transcript yet: run with --update-golden"
    assert shown == file.read_text(encoding="utf-8")
    assert not re.search(r"\{[a-z_]+\}|None", shown)


def test_no_transcript_is_left_over():
    assert {file.stem for file in (GOLDEN / "telegram_languages").glob("*.txt")} == set(TALKS)


async def test_in_short_messages_every_message_and_keyboard_is_short(bot):
    """The golden talks again, in 长辈模式: what arrives keeps the limits, also of commands and buttons."""
    aunt = bot.talk()
    await say(bot, aunt, "/big")
    since = len(aunt.bot_messages())
    for line in ("马桶", "第一个", "接着说", "/help", "/start", "附近有店吗", "找人工", "asdfgh", "有什么直播"):
        answer = await say(bot, aunt, line)
        for button in [b for b in buttons_of(answer) if "callback_data" in b][:1]:
            await press(bot, aunt, answer, button)
    for message in aunt.bot_messages()[since:]:
        lines = message.body["text"].split("\n")
        assert len(lines) <= FACTS + 1, lines
        assert all(len(part) <= SENTENCE for line in lines for part in re.split("[。！？；]", line)), lines
        assert len(labels_of(message)) <= CHOICES
        keys = (message.body.get("reply_markup") or {}).get("keyboard", [])
        assert sum(map(len, keys)) <= CHOICES


async def test_words_turn_it_on_and_off(bot):
    aunt = bot.talk()
    for on in ("字大点", "长辈模式", "说简单点", "字太小看不清"):
        await say(bot, aunt, on)
        assert (await bot.conversation(aunt))["session"]["simple"], on
        await say(bot, aunt, "关掉长辈模式")
        assert not (await bot.conversation(aunt))["session"]["simple"]
    await say(bot, aunt, "大点的瓷砖")
    assert not (await bot.conversation(aunt))["session"]["simple"]


@pytest.mark.parametrize(
    ("code", "first", "expected"),
    [
        ("zh-hans", "马桶", SIMPLIFIED), ("zh", "马桶", SIMPLIFIED), ("zh-CN", "馬桶", SIMPLIFIED), (None, "马桶", SIMPLIFIED),
        ("zh-hant", "马桶", TRADITIONAL), ("zh-TW", "toilet", TRADITIONAL), ("zh-hk", "馬桶", TRADITIONAL),
        ("en", "toilet", ENGLISH), ("en-GB", "马桶", SIMPLIFIED), ("en", "馬桶怎麼選", TRADITIONAL), ("ru", "hello", ENGLISH),
    ],
)  # fmt: skip
async def test_the_language_follows_telegram_and_what_is_written(bot, code, first, expected):
    aunt = bot.server.private(bot.server.user("王婶", language=code))
    await say(bot, aunt, first)
    assert (await bot.conversation(aunt))["kept"]["language"][0] == expected


@pytest.mark.parametrize("locale", SPOKEN)
async def test_whoever_chooses_a_language_gets_it_and_its_commands(bot, locale):
    aunt = bot.talk()
    offered = await say(bot, aunt, "/language")
    wanted = WORDINGS.of(SIMPLIFIED).say(f"language.name.{locale}")
    answer = await press(bot, aunt, offered, next(b for b in buttons_of(offered) if b["text"] == wanted))
    assert answer.body["text"] == WORDINGS.of(locale).say("language.chosen")
    told = [call for call in bot.server.calls if call.method == "setMyCommands" and "chat_id" in str(call)]
    assert len(told) == 1
    help_ = await say(bot, aunt, "/help")
    assert help_.body["text"] == WORDINGS.of(locale).say("telegram.help")
    hello = await say(bot, aunt, "你好")
    assert WORDINGS.of(locale).say("smalltalk.greet") in hello.body["text"]


async def test_every_key_of_the_menu_works_in_every_language(bot):
    for name in commands.MENU:
        shown = set()
        for locale in SPOKEN:
            aunt = bot.server.private(bot.server.user(f"{name}{locale}", language="en"))
            await say(bot, aunt, WORDINGS.of(locale).say(f"telegram.menu.{name}"))
            shown.add((await bot.conversation(aunt))["kept"]["shown"][-1]["intent"])
        assert len(shown) == 1, (name, shown)


async def test_labels_typed_mean_their_buttons_in_every_language(bot):
    aunt = bot.server.private(bot.server.user("Ann", language="en"))
    first = await say(bot, aunt, "certified wall paint")
    assert "Show more" in labels_of(first)
    more = await say(bot, aunt, "Show more")
    assert "going on after the first 5" in more.body["text"]
    one = await say(bot, aunt, "No. 1")
    assert "Certificate" in one.body["text"]


async def test_the_wish_for_a_language_in_words(bot):
    aunt = bot.talk()
    offered = await say(bot, aunt, "换成繁体")
    assert labels_of(offered) == [WORDINGS.of(SIMPLIFIED).say(f"language.name.{locale}") for locale in SPOKEN]


async def test_the_language_survives_a_restart_and_the_next_day(tmp_path: Path) -> None:
    async with running_bot(tmp_path) as bot:
        ann = bot.server.private(bot.server.user("Ann", language="en"))
        await say(bot, ann, "toilet")
        await bot.restart()
        bot.pass_time(26 * 3600)
        hello = await say(bot, ann, "12")  # says nothing of a language
        assert (await bot.conversation(ann))["kept"]["language"][0] == ENGLISH
        assert re.search("[A-Za-z]{4}", hello.body["text"])
