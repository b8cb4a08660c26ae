"""Every sentence that the code says exists in every locale, and no sentence is left over."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from bot.locales import LOCALES
from bot.wording import FORMAT_KEYS, load_wording, placeholders
from tests.bot.said_keys import ROOT, Said, kept_keys, python_files, said_in, said_in_template

LOCALE_NAMES = sorted(folder.parent.name for folder in LOCALES.glob("*/LC_MESSAGES") if any(folder.glob("*.po")))


@cache
def sources() -> dict[str, str]:
    return {str(file.relative_to(ROOT)): file.read_text(encoding="utf-8") for file in python_files()}


@cache
def all_said() -> tuple[Said, ...]:
    """What all modules say: read once by the process that tests it, not by every process that collects the tests."""
    return tuple(said for name, source in sources().items() for said in said_in(source, name))


@cache
def all_kept() -> frozenset[str]:
    return frozenset().union(*map(kept_keys, sources().values()))


@cache
def template_keys() -> frozenset[str]:
    templates = [file.read_text(encoding="utf-8") for file in (ROOT / "bot").rglob("*.html")]
    return frozenset().union(*(said_in_template(template) for template in templates))


def meant(said: Said, keys: Mapping[str, Any]) -> list[str]:
    """The keys that may be said at a place: one that stands there in full is looked up, not compared with all."""
    plain = re.sub(r"\\(.)", r"\1", said.pattern)
    if re.escape(plain) == said.pattern:
        return [plain] if plain in keys else []
    return [key for key in keys if re.fullmatch(said.pattern, key)]


def test_there_is_something_to_check():
    assert "zh_Hans_CN" in LOCALE_NAMES
    assert len(all_said()) > 10


@pytest.mark.parametrize("locale", LOCALE_NAMES)
def test_every_key_that_is_said_has_a_sentence(locale):
    keys = load_wording(locale).messages
    missing = [f"{s.where} {s.pattern}" for s in all_said() if not meant(s, keys)]
    missing += [f"template {key}" for key in template_keys() if key not in keys]
    assert not missing


@pytest.mark.parametrize("locale", LOCALE_NAMES)
def test_every_sentence_is_said_somewhere(locale):
    patterns = {said.pattern for said in all_said()} | all_kept()
    patterns |= {re.escape(key) for key in {*template_keys(), *FORMAT_KEYS}}
    said = re.compile("|".join(sorted(patterns)))
    left = [key for key in load_wording(locale).messages if not said.fullmatch(key)]
    assert not left


@pytest.mark.parametrize("locale", LOCALE_NAMES)
def test_every_value_that_a_sentence_needs_is_given(locale):
    messages = load_wording(locale).messages
    literal = {said.pattern for said in all_said() if said.literal} | all_kept()
    wrong = [
        f"{said.where} {key} needs {sorted(placeholders(messages[key]) - said.values)}"
        for said in all_said()
        if said.values is not None
        for key in meant(said, messages)
        if not placeholders(messages[key]) <= said.values
        # a made key could be any that begins so: those that stand in full elsewhere are not meant
        if said.literal or re.escape(key) not in literal
    ]
    assert not wrong


def test_all_locales_say_the_same_keys_with_the_same_values():
    wordings = [load_wording(name) for name in LOCALE_NAMES]
    first = wordings[0].messages
    for other in wordings[1:]:
        assert other.messages.keys() == first.keys()
        assert {k: placeholders(v) for k, v in other.messages.items()} == {k: placeholders(v) for k, v in first.items()}


def test_the_reader_of_the_code_sees_keys_values_and_open_calls():
    source = 'say("a.b", x=1)\nwording.say(f"c.{n}", **more)\nText("d" if q else "e", {"y": 2})'
    said = {(s.pattern, s.values) for s in said_in(source, "m.py")}
    assert said == {(r"a\.b", frozenset({"x"})), (r"c\..+", None), ("(?:d|e)", None)}
