"""Golden transcripts of whole talks on the bundled catalogue, for each channel. ./run test --update-golden writes them anew."""

import pytest

from tests.bot.transcripts import GOLDEN, in_the_terminal, lines_of, on_the_page, talks

CHANNELS = {"terminal": in_the_terminal, "web": on_the_page}


@pytest.mark.parametrize("talk", talks())
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_talk_is_as_it_was(request, monkeypatch, demonstration, channel, talk):
    monkeypatch.setenv("COLUMNS", "72")
    shown = CHANNELS[channel](demonstration.assistant, demonstration.wording, lines_of(talk))
    assert demonstration.wording.say("channel.failed")[:12] not in shown
    file = GOLDEN / channel / f"{talk}.txt"
    if request.config.getoption("--update-golden"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.exists(), f"no transcript yet: ./run test {file.relative_to(GOLDEN.parent)} --update-golden"
    assert shown == file.read_text(encoding="utf-8")


def test_no_transcript_is_left_over():
    written = {(file.parent.name, file.stem) for channel in CHANNELS for file in (GOLDEN / channel).glob("*.txt")}
    assert written <= {(channel, talk) for channel in CHANNELS for talk in talks()}
