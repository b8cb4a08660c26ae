"""Groups, inline mode, pictures and adverts in three languages and in 长辈模式: golden transcripts. --update-golden writes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.channels.telegram.group_talk import MOST
from bot.channels.telegram.keys import save_keys
from bot.elders import CHOICES, SENTENCE
from bot.plain import utf16_length
from tests.bot.telegram.private_chat import running_bot
from tests.bot.telegram.scenes import READERS, play, scenes
from tests.bot.telegram.test_private_dialogs import KEYS
from tests.bot.transcripts import GOLDEN

FOLDER = GOLDEN / "telegram_scenes"
URL = re.compile(r"https?://\S+")


@pytest.fixture
async def bot(tmp_path: Path):
    save_keys(tmp_path / "key", KEYS)
    async with running_bot(tmp_path) as running:
        yield running


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("scene", scenes())
async def test_a_scene_is_as_it_was(request, bot, scene, reader):
    shown = await play(bot, scene, reader)
    file = FOLDER / f"{scene}.{reader}.txt"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.exists(), "no transcript yet: run with --update-golden"
    assert shown == file.read_text(encoding="utf-8")
    assert not re.search(r"\{[a-z_]+\}|None|\b[a-z]+_[a-z]+\.", URL.sub("", shown))
    for call in bot.server.calls:
        if reader == "big":
            keys = (call.parameters.get("reply_markup") or {}).get("inline_keyboard", [])
            assert sum(map(len, keys)) <= CHOICES, keys
        if reader == "big" and call.method == "sendMessage":
            text = re.sub("<[^>]+>", "", str(call.parameters["text"]))
            assert utf16_length(text) <= MOST
            assert all(len(URL.sub("", part)) <= SENTENCE for part in re.split(r"[。！？；!?;\n]", text)), text


def test_no_transcript_is_left_over():
    assert {file.stem for file in FOLDER.glob("*.txt")} == {
        f"{name}.{reader}" for name in scenes() for reader in READERS
    }
