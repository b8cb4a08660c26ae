"""The ten talks on Telegram: golden transcripts, and every button of them pressed. --update-golden writes them anew."""

from __future__ import annotations

import pytest

from bot.channels.telegram.keys import Keys, save_keys
from tests.assistants import demonstration
from tests.bot.telegram.dialogs import press, presses_of, say
from tests.bot.telegram.private_chat import running_bot
from tests.bot.transcripts import GOLDEN, lines_of, talks

KEYS = Keys(b"golden transcripts show no secret"[:32], (b"and links are the same every time"[:32],))


@pytest.mark.parametrize("talk", talks())
async def test_a_talk_on_telegram_is_as_it_was(request, tmp_path, talk):
    save_keys(tmp_path / "key", KEYS)
    async with running_bot(tmp_path) as bot:
        aunt = bot.talk()
        for line in lines_of(talk):
            await say(bot, aunt, line)
        shown = aunt.text() + "\n"
    assert demonstration().wording.say("channel.failed")[:12] not in shown
    file = GOLDEN / "telegram" / f"{talk}.txt"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.exists(), "no transcript yet: run with --update-golden"
    assert shown == file.read_text(encoding="utf-8")


def test_no_transcript_is_left_over():
    assert {file.stem for file in (GOLDEN / "telegram").glob("*.txt")} <= set(talks())


SHORT = frozenset({"paint", "place", "verify"})  # the others: ./run test --long


@pytest.mark.parametrize("talk", [pytest.param(t, marks=() if t in SHORT else pytest.mark.long) for t in talks()])
async def test_every_button_of_a_talk_works(tmp_path, talk):
    """Each button is pressed in a chat of its own, right after the line that it answers."""
    bad = {demonstration().wording.say(f"telegram.press.{name}") for name in ("unknown", "old", "old.next", "failed")}
    lines = lines_of(talk)
    pressed = 0
    async with running_bot(tmp_path) as bot:
        for end in range(1, len(lines) + 1):
            count, number = 1, 0
            while number < count:
                aunt = bot.talk(f"{talk}{end}.{number}")
                answer = None
                for line in lines[:end]:
                    answer = await say(bot, aunt, line)
                assert answer is not None
                buttons = presses_of(answer)
                count = len(buttons)
                if buttons:
                    before = answer.text
                    shown = await press(bot, aunt, answer, buttons[number])
                    assert shown.text not in bad
                    assert shown is not answer or shown.text != before or buttons[number]["text"] == "返回"
                    assert demonstration().wording.say("channel.failed")[:12] not in shown.text
                    pressed += 1
                number += 1
    assert pressed >= len(lines)
