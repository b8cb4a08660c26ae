"""长辈模式: every kind of answer in short plain sentences, one idea a message, three choices at most."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.channels.exchange import GO_ON, go_on, ideas_of
from bot.channels.telegram.application import payloads_of
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.keyboards import Keyboards
from bot.channels.telegram.keys import Keys
from bot.channels.telegram.payloads import Owner
from bot.elders import CHOICES, FACTS, MESSAGES, SENTENCE, messages_of, paragraphs, sentences, title
from bot.languages import SPOKEN, Wordings, simple_messages
from bot.locales import LOCALES, read_pairs
from bot.wording import Wording, load_wording, placeholders
from handlers.session import Session
from handlers.turn import INTENTS, Answer, Card, Entry, Listing, Prose, Question, Say, Table
from tests.assistants import NOW, demonstration
from tests.bot.transcripts import in_the_terminal, lines_of, on_the_page, talks
from tests.test_walks import QUESTIONS

WORDINGS = Wordings(load_wording())
KEYBOARDS = Keyboards(payloads_of(Keys(b"k" * 32, (b"s" * 32,))), DeepLinks(b"k" * 32, 1), "lvxuan_bot")
JARGON = [word for word, _ in read_pairs(LOCALES / "zh_Hans_CN" / "plain_words.tsv")]
ENDS = re.compile(r"[。！？；!?;\n]")
URL = re.compile(r"https?://\S+")


def names_in(answer: Answer, wording: Wording) -> set[str]:
    """The names of things, which stay as they are."""
    found: set[str] = set()
    for block in answer.blocks:
        match block:
            case Listing(entries):
                found |= {entry.title for entry in entries}
            case Card() | Prose():
                found.add(block.title or "")
            case Table():
                found |= set(block.columns)
    return {title(name, wording) for name in found}


def check(answer: Answer, wording: Wording) -> None:
    messages = messages_of(answer, wording)
    assert messages or not answer.blocks, answer.intent
    names = {name for part in (answer, *answer.also) for name in names_in(part, wording)}
    for message in messages:
        assert len(message) <= FACTS + 1, message
        for line in message:
            assert all(len(URL.sub("", part)) <= SENTENCE for part in ENDS.split(line)), line
            if wording.locale == "zh_Hans_CN" and not any(name[:20] in line for name in names if name):
                assert not [word for word in JARGON if word in line and word not in names], line
            assert not re.search(r"\{\w+\}|None|\b[a-z]+_[a-z]+", URL.sub("", line)), line
    ideas = ideas_of(answer, wording)
    assert [*ideas.shown, *ideas.rest] == (messages or ideas.shown)
    assert 1 <= len(ideas.shown) <= MESSAGES and len(ideas.ways) <= CHOICES
    assert bool(ideas.rest) == any(action.name == GO_ON for _, action in ideas.ways)
    left = ideas
    while left.rest:
        left = go_on(left.rest, wording)
        assert len(left.shown) <= MESSAGES and len(left.ways) <= CHOICES
    keyboard = KEYBOARDS.few(answer, Owner(1, 2, 2), 7, wording, more=len(messages) > 6)
    assert sum(map(len, keyboard.rows)) <= CHOICES
    if answer.choices:
        assert keyboard.rows


def walk() -> Iterator[Answer]:
    """Answers of the golden talks, of every opening and of each of its buttons."""
    assistant = demonstration().assistant
    for talk in talks():
        session = Session()
        for line in lines_of(talk):
            answer, session = assistant.respond(Question(line, NOW), session)
            yield answer
    for text in QUESTIONS:
        answer, session = assistant.respond(Question(text, NOW), Session())
        yield answer
        for choice in answer.choices:
            yield assistant.respond(Question("", NOW, action=choice.action), session)[0]


def test_every_kind_of_answer_keeps_the_limits() -> None:
    """In all three languages; the golden talks and openings lead to nearly every intent there is."""
    met = set()
    for answer in walk():
        met.add(answer.intent)
        for locale in SPOKEN:
            check(answer, WORDINGS.of(locale, simple=True))
    assert met >= set(INTENTS) - {"savings", "enterprise", "event"}, set(INTENTS) - met


@pytest.mark.parametrize("locale", SPOKEN)
def test_plainer_sentences_have_a_namesake_and_ask_for_nothing_more(locale: str) -> None:
    usual = load_wording(locale).messages
    for key, sentence in simple_messages(locale).items():
        assert key in usual, key
        assert placeholders(sentence) <= placeholders(usual[key]), key
        assert sentence != usual[key], key


@pytest.mark.parametrize("locale", SPOKEN)
def test_what_the_channel_says_is_short_too(locale: str) -> None:
    wording = WORDINGS.of(locale, simple=True)
    for key, sentence in wording.messages.items():
        if key.startswith("telegram.") and not key.startswith(("telegram.check", "telegram.command", "telegram.menu")):
            for message in paragraphs(sentence, wording):
                assert len(message) <= FACTS
                assert all(len(part) <= SENTENCE for line in message for part in ENDS.split(line)), key


def test_no_plain_word_is_itself_a_word_of_the_trade() -> None:
    for locale in ("zh_Hans_CN", "zh_Hant"):
        pairs = dict(read_pairs(LOCALES / locale / "plain_words.tsv"))
        assert not [plain for plain in pairs.values() if any(word in plain for word in pairs)]


def test_long_sentences_are_cut_at_pauses_and_nothing_is_lost() -> None:
    wording = WORDINGS.of("zh_Hans_CN", simple=True)
    long = "先看证书，再看日期，" * 12 + "最后看价钱。买前再问一句！"
    cut = sentences(long, wording)
    assert max(map(len, cut)) <= SENTENCE
    said = "".join(cut)
    assert said.count("先看证书") == 12 and said.endswith("买前再问一句！") and "最后看价钱" in said
    assert all(line.startswith(("先看", "再看", "最后", "买前")) for line in cut)
    assert sentences("一" * 130, wording) == ["一" * 60, "一" * 60, "一" * 10]


def test_one_thing_a_message() -> None:
    wording = WORDINGS.of("zh_Hans_CN", simple=True)
    from handlers.turn import say

    listed = Answer(
        "recommend",
        (Say(say("recommend.no_more", shown=9)), Listing(tuple(Entry(f"第{n}样", (), None, n) for n in range(1, 10)))),
    )
    messages = messages_of(listed, wording)
    assert [message[0] for message in messages] == [
        "没有了，这 9 款就是全部。",
        *(f"第{n}个：第{n}样" for n in (1, 2, 3)),
    ]


@pytest.mark.parametrize("channel", [in_the_terminal, on_the_page])
def test_terminal_and_page_keep_the_limits_too(channel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line of every opening, as it is shown: short, and never more than three ways on."""
    monkeypatch.setenv("COLUMNS", "400")
    parts = demonstration()
    shown = channel(parts.assistant, parts.wording, ["长辈模式", *QUESTIONS[:40], "接着说"])
    for line in shown.splitlines():
        if not line.startswith((">", "您", "▸")):
            assert all(len(URL.sub("", part)) <= SENTENCE + 4 for part in ENDS.split(line)), line
    answers = re.split(r"^(?:>|您)[^\n]*$", shown, flags=re.MULTILINE)
    assert len(answers) > 40
    for answer in answers:
        assert len(re.findall(r"^(?:[A-Z]\. |\[)", answer, re.MULTILINE)) <= CHOICES, answer


def test_what_is_quoted_is_not_cut() -> None:
    """A question that stands in quotes is no sentence of its own, unless it is too long for one."""
    wording = load_wording()
    cut = sentences("您问“这砖有证吗？多少钱一片？”，我查了。一共两款。", wording)
    assert cut == ["您问“这砖有证吗？多少钱一片？”，我查了。", "一共两款。"]
    assert sentences("“能防滑吗！老人能用吗？”我不知道。", wording) == ["“能防滑吗！老人能用吗？”", "我不知道。"]
    assert sentences("他说“好。\n下一行。再一句。", wording) == ["他说“好。", "下一行。", "再一句。"]
    long = sentences("您问“" + "这块砖好不好用，" * 12 + "行吗？”，我查了。", wording)
    assert len(long) > 1 and all(len(line) <= SENTENCE for line in long)
