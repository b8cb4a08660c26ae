"""Values are worded by type; a wrong message file is refused by name."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import (
    CHINA,
    FORMAT_KEYS,
    Wording,
    WordingError,
    load_wording,
    number,
    placeholders,
    read_messages,
)
from handlers.turn import Money, Text, say

WORDING = load_wording()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Money(Decimal(168)), "168 元"),
        (Money(Decimal("168.5")), "168.50 元"),
        (Money(Decimal("168.00"), "桶"), "168 元/桶"),
        (Money(Decimal(12000)), "12000 元"),
        (date(2026, 11, 22), "2026年11月22日"),
        (datetime(2026, 11, 22, 19, 30, tzinfo=CHINA), "11月22日 19:30"),
        (datetime(2026, 11, 22, 11, 5, tzinfo=UTC), "11月22日 19:05"),
        (5, "5"),
        (2.0, "2"),
        (0.1 + 0.2, "0.3"),
        (Decimal("1E+3"), "1000"),
        (Decimal("2.50"), "2.5"),
        (0.00512, "0.00512"),
        (-3.25, "-3.25"),
        (True, "是"),
        (None, "未标明"),
        (("卧室", "客厅"), "卧室、客厅"),
        ((Money(Decimal(5)), say("format.yes")), "5 元、是"),
        (say("format.money", amount="7"), "7 元"),
        ("{amount} 元", "{amount} 元"),
    ],
)
def test_a_value_is_worded_by_its_type(value, said):
    assert WORDING.value(value) == said


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_a_number_keeps_its_value_and_has_no_tail(value):
    said = number(value)
    assert Decimal(said) == value
    assert not said.endswith(".")
    assert "." not in said or not said.endswith("0")


@pytest.mark.parametrize(
    ("message", "value", "said"),
    [
        ("在 {x} 以内", Money(Decimal(300)), "在 300 元以内"),
        ("在 {x} 以内", Money(Decimal(300), "m²"), "在 300 元/m² 以内"),
        ("从 {x} 起", date(2026, 11, 22), "从 2026年11月22日起"),
        ("共 {x} 件", 5, "共 5 件"),
        ("商品 {x} 的证书", "江晚漆", "商品 江晚漆 的证书"),
        ("{x} {x}", date(2026, 1, 2), "2026年1月2日 2026年1月2日"),
    ],
)
def test_no_space_parts_chinese_from_money_and_dates(message, value, said):
    wording = Wording("xx", {**WORDING.messages, "m": message})
    assert wording.say("m", x=value) == said


def test_what_cannot_be_worded_is_named():
    with pytest.raises(WordingError, match=r"no\.such\.key"):
        WORDING.text(Text("no.such.key"))
    with pytest.raises(WordingError, match="amount"):
        WORDING.text(Text("format.money"))
    with pytest.raises(WordingError, match="timedelta"):
        WORDING.value(timedelta(1))
    with pytest.raises(WordingError, match="nan"):
        WORDING.value(float("nan"))


def write(folder, name, *messages, extra=""):
    target = folder / "xx" / "LC_MESSAGES"
    target.mkdir(parents=True, exist_ok=True)
    body = "".join(f'{extra}msgid "{key}"\nmsgstr "{text}"\n\n' for key, text in messages)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    (target / name).write_text(header + body, encoding="utf-8")


FORMATS = [(key, "1 2 3 4 5 6 7 8 9 10 11 12" if key == "format.months" else "x") for key in FORMAT_KEYS]


def test_all_files_of_a_locale_are_one_set(tmp_path):
    write(tmp_path, "a.po", *FORMATS)
    write(tmp_path, "b.po", ("greeting", "你好 {name}"))
    assert load_wording("xx", tmp_path).say("greeting", name="李嫂") == "你好 李嫂"


@pytest.mark.parametrize(
    ("files", "culprit"),
    [
        ({}, "no .po file"),
        ({"a.po": FORMATS[1:]}, "format.money"),
        ({"a.po": [*FORMATS, ("k", "1"), ("k", "2")]}, "a.po: 'k' stands twice"),
        ({"a.po": FORMATS, "b.po": [("format.no", "否")]}, "b.po: 'format.no'"),
        ({"a.po": [*FORMATS, ("k", "")]}, "a.po: 'k'"),
    ],
)
def test_a_wrong_file_is_named(tmp_path, files, culprit):
    for name, messages in files.items():
        write(tmp_path, name, *messages)
    with pytest.raises(WordingError, match=culprit):
        load_wording("xx", tmp_path)


def test_an_unfinished_sentence_is_refused(tmp_path):
    write(tmp_path, "a.po", *FORMATS, extra="#, fuzzy\n")
    with pytest.raises(WordingError, match=r"a\.po"):
        load_wording("xx", tmp_path)


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 day is"), (0, "0 days are"), (2, "2 days are"), (Decimal("1.00"), "1 day is"), (1.5, "1.5 days are"), (None, "not stated days are"), ("{x}", "{x} days are")],
)  # fmt: skip
def test_a_word_behind_a_number_agrees_with_it(count, said):
    messages = {**{key: load_wording("en").messages[key] for key in FORMAT_KEYS}}
    wording = Wording("en", {**messages, "x": "{n, plural, one {# day is} other {# days are}} left of {m}"})
    assert placeholders("{n, plural, one {# day} other {days}} {m}") == {"n", "m"}
    assert wording.say("x", n=count, m=3) == f"{said} left of 3"
    assert wording.say("x", n=1, m=3).startswith("1 day is") and wording.say("x", n=4, m=3).startswith("4 days are")


def test_a_plural_needs_its_value_and_its_general_form(tmp_path):
    with pytest.raises(WordingError, match="needs a value 'n'"):
        Wording("en", {**load_wording("en").messages, "x": "{n, plural, one {# day} other {# days}}"}).say("x")
    file = tmp_path / "x.po"
    file.write_text('msgid "a.b"\nmsgstr "{n, plural, one {# day}}"\n', encoding="utf-8")
    with pytest.raises(WordingError, match="without the form 'other'"):
        read_messages(file)


def test_no_english_sentence_says_day_or_days_at_once():
    assert not [key for key, said in load_wording("en").messages.items() if "(s)" in said]
