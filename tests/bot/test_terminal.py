"""The terminal chat: by letter, by line, on a real terminal, with Chinese that keeps its columns."""

import io
import os
import pty
import re
import select
import stat
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.exchange import chosen, offers
from bot.channels.terminal import run_chat, wrap
from bot.plain import width
from tests.bot import script
from tests.bot.said_keys import ROOT

WORDING = script.test_wording()


def talk(*lines):
    """Say the lines; return what was printed and the assistant."""
    said = iter(lines)
    out = io.StringIO()
    assistant = script.ScriptedAssistant()

    def read():
        line = next(said, None)
        if line is None:
            raise EOFError
        return line

    assert run_chat(assistant, WORDING, lambda: script.NOW, read=read, out=out) == 0
    return out.getvalue(), assistant


def test_choices_stand_below_the_answer_with_letters():
    printed, _ = talk("哪些涂料有认证")
    assert "1. 江晚305 净味内墙乳胶漆 18L 哑光白\n" in printed
    assert "A. 再看几件\nB. 便宜点的\nC. 第 2 件细说\n" in printed
    assert printed.endswith(WORDING.say("terminal.bye") + "\n\n")


@pytest.mark.parametrize("typed", ["B", "b", "Ｂ", "ｂ", " b. ", "B、"])
def test_a_letter_presses_the_button(typed):
    _, assistant = talk("哪些涂料有认证", typed)
    pressed = assistant.heard[-1]
    assert (pressed.text, pressed.action.name, pressed.action.args) == ("便宜点的", "cheaper", ("paint", "99.5"))


@pytest.mark.parametrize("typed", ["D", "2", "BB", "b款"])
def test_what_is_no_offered_letter_is_a_question(typed):
    _, assistant = talk("哪些涂料有认证", typed)
    assert (assistant.heard[-1].text, assistant.heard[-1].action) == (typed, None)


def test_a_letter_without_an_offer_is_a_question():
    _, assistant = talk("A")
    assert assistant.heard[-1].action is None


def test_the_session_goes_on_and_a_failure_loses_nothing():
    printed, _ = talk("你好", "出错", "第几句")
    assert WORDING.say("channel.failed")[:12] in printed
    assert "这是第 2 句。" in printed
    assert "Traceback" not in printed


@pytest.mark.parametrize("word", ["退出", "exit", "QUIT"])
def test_a_word_ends_the_talk(word):
    _, assistant = talk(word, "你好")
    assert assistant.heard == []


def test_empty_lines_ask_nothing():
    _, assistant = talk("", "  ", "你好")
    assert [question.text for question in assistant.heard] == ["你好"]


def test_a_label_of_two_answers_is_offered_once():
    both = script.LIST.with_(also=(script.LIST,))
    assert [offer.letter for offer in offers(both, WORDING)] == ["A", "B", "C"]
    assert chosen("c", offers(both, WORDING)).label == "第 2 件细说"


def test_a_wrapped_entry_hangs_under_its_title():
    rows = list(wrap("1. 江晚305 净味内墙乳胶漆18L哑光白\n   好，好。", 20))
    assert rows == ["1. 江晚305 净味内墙", "   乳胶漆18L哑光白", "   好，好。"]


def test_no_row_starts_with_a_comma():
    assert list(wrap("一二三四五六七八，九", 16)) == ["一二三四五六七", "八，九"]


TEXTS = st.text(alphabet=st.sampled_from("一二三，。 ab1./·\n"), max_size=200)


@given(TEXTS, st.integers(16, 60))
def test_no_row_is_too_wide_and_nothing_is_lost(text, columns):
    rows = list(wrap(text, columns))
    assert all(width(row) <= columns + 2 * max(0, _run_of_signs(row)) for row in rows)
    assert "".join("".join(rows).split()) == "".join(text.split())


def _run_of_signs(row):
    """Count the signs at the end: only a run of them may stand over the edge."""
    return len(row) - len(row.rstrip("，。./")) - 1


def test_plain_lines_work_without_a_terminal(tmp_path):
    process = subprocess.run(
        [sys.executable, "-m", "tests.bot.chat_process", str(tmp_path / "history")],
        input="哪些涂料有认证\nb\n".encode() + b"\xff\xfe\n",
        capture_output=True,
        cwd=ROOT,
        check=False,
        timeout=60,
    )
    printed = process.stdout.decode()
    assert process.returncode == 0, process.stderr.decode()
    assert "您：哪些涂料有认证\n" in printed
    assert "面积大选第 1 件" in printed
    assert process.stderr == b""


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    command = f"yes 你好 | {sys.executable} -m tests.bot.chat_process {tmp_path / 'history'} | head -n 3"
    process = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, check=False, timeout=60)  # noqa: S602 - a pipe is the point
    assert process.stderr == b""


def read_until(terminal, wanted, seconds=30):
    """Read from a terminal until the pattern stands there. The deadline only ends a test that has failed already."""
    seen = b""
    deadline = time.monotonic() + seconds
    while not re.search(wanted, seen.decode(errors="replace"), re.DOTALL):
        assert time.monotonic() < deadline, seen.decode(errors="replace")
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 65536)
    return seen.decode(errors="replace")


def test_a_real_terminal_edits_chinese_and_keeps_history(tmp_path):
    history = tmp_path / "home" / "history"
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bot.chat_process", str(history)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"},
        start_new_session=True,
    )
    os.close(slave)
    try:
        read_until(master, "您：")
        os.write(master, "哪些涂料有没".encode() + b"\x7f\x7f" + "有认证\r".encode())  # two backspaces take 有没
        read_until(master, "C. 第 2 件细说.*您：")
        os.write(master, b"c\r")
        read_until(master, "送到村口.*您：")
        os.write(master, b"\x03")
        read_until(master, "再见")
        assert process.wait(30) == 0
    finally:
        process.kill()
        os.close(master)
    assert "+哪些涂料有认证" in history.read_text(encoding="utf-8")
    assert stat.S_IMODE(history.stat().st_mode) == 0o600
