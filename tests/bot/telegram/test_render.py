"""Messages that Telegram takes, whatever the texts hold: well-formed HTML, sizes kept, nothing cut inside a tag."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.botapi_server.formatting import parse_html, trim
from bot.botapi_server.limits import utf16_length
from bot.channels.telegram.application import build_assistant_handler
from bot.channels.telegram.arrivals import BotIdentity
from bot.channels.telegram.deep_links import DeepLinks
from bot.channels.telegram.keyboards import Keyboards
from bot.channels.telegram.keys import make_keys
from bot.channels.telegram.outgoing import ConversationState
from bot.channels.telegram.payloads import Owner, Payloads
from bot.channels.telegram.render import CARD, ENTITIES, MESSAGE, pages
from bot.channels.telegram.rich import Run, clean, cut, plain, to_html, units
from bot.plain import width
from catalog_db.search.query import ProductQuery
from handlers.session import Session
from handlers.turn import (
    Action,
    Answer,
    Card,
    Choice,
    Entry,
    Listing,
    Money,
    Note,
    Prose,
    Question,
    Say,
    Table,
    Text,
    say,
)
from tests.assistants import NOW, demonstration
from tests.bot import script
from tests.bot.script import test_wording as worded
from tests.bot.telegram.private_chat import running_bot

WORDING = worded()
KEYBOARDS = Keyboards(Payloads([b"k" * 32]), DeepLinks(b"k" * 32, 1), "lvxuan_bot")
OWNER = Owner(1, 2, 2)

PIECES = (
    "</b>", "<b>", "<a href='javascript:alert(1)'>", "&lt;", "&amp;", "&", "<", ">", '"', "'", "&#0;", "<pre>", "]]>", "<!--",
    "\u202e反了", "\u200f", "\u2066", "\ud800", "\udfff", "\x00", "\x1b[31m", "\n\n\n", "\u2028", "\t", "😀", "👨‍👩‍👧‍👦", "𠮷", "é", "乳胶漆", "净味",
    "@durov", "#标签", "/forget", "https://evil.example/?a=<b>", "[字](tg://user?id=1)", "**", "`", "{total}", "%s", "__", "|", " ",
)  # fmt: skip


def nasty(rng: random.Random, most: int = 40) -> str:
    return "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, most)))


def words(text: str) -> Text:
    return say("t.text", text=text)


def every_template(text: str, more: str) -> Answer:
    """An answer with every kind of block and button, all made of these texts."""
    entry = Entry(text, (words(more), words(text)), ("product", text), 1, url=more)
    store = Entry(more, (say("stores.address", address=text),), ("store", more), 2)
    return Answer(
        "verify",
        (
            Say(words(text)),
            Listing((entry, store)),
            Card(text, ((words(text), words(more)), (words(more), words(text))), ("product", text), url=more),
            Table((text, more), ((words(text), (words(more), words(text))),)),
            Prose(
                text,
                f"# {more}\n\n{text}\n\n- {more}\n- {text}\n\n| {text} | {more} |\n| --- | --- |\n| {more} | {text} |",
            ),
            Note(words(more)),
        ),
        (Choice(words(text), Action("more", (text,))), Choice(words(more), Action("search", (more,)))),
        certificates=(text, more),
    )


def check(answer: Answer, *, most: int = MESSAGE) -> list[str]:
    """Read what would be sent as the strict server does; return the texts."""
    shown = []
    for page in pages(answer, WORDING):
        text, entities = trim(*parse_html(to_html(page)))
        assert 1 <= utf16_length(text) <= most
        assert len(entities) <= ENTITIES
        assert not any("\ud800" <= char <= "\udfff" or char in "\x00\x1b\u202e\u2066\u200f" for char in text)
        shown.append(text)
    return shown


def check_keyboard(answer: Answer) -> None:
    keyboard = KEYBOARDS.of(answer, OWNER, 7, WORDING, back=True)
    buttons = [button for row in keyboard.rows for button in row]
    assert len(buttons) <= 100
    assert all(1 <= len(row) <= 8 for row in keyboard.rows)
    for button in buttons:
        assert button["text"].strip()
        assert "\n" not in button["text"]
        assert len(button.get("callback_data", "").encode()) <= 64
        assert 1 <= utf16_length(button.get("copy_text", {"text": "x"})["text"]) <= 256
        button["text"].encode("utf-8")


def test_two_thousand_nasty_texts_in_every_template():
    rng = random.Random(11)
    for _ in range(2000):
        answer = every_template(nasty(rng), nasty(rng))
        check(answer)
        check_keyboard(answer)


@given(st.text(max_size=200), st.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_text_in_every_template(text, more):
    answer = every_template(text, more)
    check(answer)
    check_keyboard(answer)


async def test_nasty_questions_through_the_whole_channel(tmp_path):
    """Said to the running bot; `running_bot` checks that nothing was refused for its markup."""
    rng = random.Random(12)

    def typed(most: int = 40) -> str:  # no platform sends halves of characters as text; see the test after this one
        return "".join(char for char in nasty(rng, most) if not "\ud800" <= char <= "\udfff")

    async with running_bot(tmp_path) as bot:
        for number in range(25):
            aunt = bot.talk(typed(6) or "王婶")
            for text in (
                f"<b>{typed()}",
                f"有没有{typed()}牌的乳胶漆",
                f"想刷{typed(4)}墙",
                "</b>瓷砖<a href=x>",
            ):
                await aunt.send_text(text)
            if number % 5 == 4:
                await bot.settled()
        bot.pass_time(10)
        await bot.settled()
        assert bot.server.bot.delivered


@pytest.mark.parametrize("half", ["\ud800", "\udfff", "漆\udc00漆"])
def test_halves_of_characters_come_back_as_nothing(half):
    parts = demonstration()
    handler = build_assistant_handler(parts.assistant, parts.wording, make_keys(), BotIdentity(1, "lvxuan_bot"))
    person = {"id": 2, "is_bot": False, "first_name": half}
    message = {"message_id": 5, "date": int(NOW.timestamp()), "chat": {"id": 2, "type": "private"}, "from": person}
    asked = {"update_id": 1, "message": {**message, "text": f"有没有{half}牌的内墙乳胶漆"}}
    handled = handler.handle(asked, ConversationState(1, 2), NOW)
    assert handled.outgoing
    for outgoing in handled.outgoing:
        json.dumps(outgoing.params, ensure_ascii=False).encode("utf-8")


def test_a_long_text_is_cut_between_paragraphs():
    answer = Answer("guide", (Prose("很长的指南", "\n\n".join(f"{n}。这一段说的是防水。" * 20 for n in range(60))),))
    shown = check(answer)
    assert len(shown) > 1
    assert all(text.endswith("。") for text in shown)
    assert "".join("".join(shown).split()) == "".join(
        ("很长的指南" + "".join(f"{n}。这一段说的是防水。" * 20 for n in range(60))).split()
    )


def test_a_text_at_the_edge_of_a_message_is_one_message():
    assert len(check(Answer("faq", (Say(words("漆" * MESSAGE)),)))) == 1
    assert [len(text) for text in check(Answer("faq", (Say(words("漆" * (MESSAGE + 1))),)))] == [MESSAGE, 1]
    assert [utf16_length(text) for text in check(Answer("faq", (Say(words("😀" * 2049)),)))] == [4096, 2]


def test_many_entities_never_lose_a_text():
    bold = Prose(None, " ".join(f"**粗{n}**" for n in range(300)))
    [shown] = check(Answer("guide", (bold,)))
    assert "粗299" in shown
    entries = Listing(tuple(Entry(f"第{n}款", (words("有证"),), ("product", str(n)), n) for n in range(1, 151)))
    shown = check(Answer("recommend", (entries,)))
    assert "第150款" in shown[-1]


def cards() -> Iterator[tuple[Card, tuple[Note, ...]]]:
    rng = random.Random(13)
    for size in (1, 10, 60, 300, 2000):
        rows = [(say("label.certificate"), words("绿色建材认证三星，" + "号" * size))] * 2
        rows += [(say("label.price"), words("168 元/桶"))]
        rows += [(words(f"参数{n}"), words(nasty(rng, 8) + "值" * size)) for n in range(20)]
        rows += [(say("label.where"), words("全国")), (say("label.services"), words("送到村口"))]
        yield Card("漆" * min(size, 300), tuple(rows), ("product", "A")), (Note(words("来源。" * 10)),)


@pytest.mark.parametrize("number", range(5))
def test_a_card_fits_a_caption_and_begins_with_the_certificate(number):
    card, notes = list(cards())[number]
    [shown] = check(Answer("detail", (card, *notes)), most=CARD)
    body = shown.split("\n\n", 1)[1]
    assert body.startswith(WORDING.say("label.certificate"))


def test_a_card_keeps_what_matters_when_it_is_short_of_room():
    card, notes = list(cards())[1]
    long = Card(card.title, tuple(row for row in card.rows), card.ref)
    long = Card(long.title, (*long.rows, *((words(f"更多{n}"), words("很长的值" * 10)) for n in range(40))), long.ref)
    [shown] = check(Answer("detail", (long, *notes)), most=CARD)
    for key in ("label.certificate", "label.price", "label.where", "label.services"):
        assert WORDING.say(key) in shown
    assert "更多39" not in shown


def test_every_product_of_the_catalogue_has_a_card_that_fits():
    parts = demonstration()
    products = parts.catalogue.search(ProductQuery(NOW.date(), limit=100_000)).hits
    assert len(products) > 100
    for hit in products[::5]:
        question = Question("", NOW, action=Action("show_product", (hit.sku,)))
        answer, _ = parts.assistant.respond(question, Session())
        for page in pages(answer, parts.wording):
            assert units(page) <= CARD


def test_a_comparison_fits_a_phone():
    answer, _ = script.ScriptedAssistant().respond(Question("比一比", NOW), Session())
    [shown] = check(answer)
    rows = shown.split("\n\n")[1].splitlines()
    assert all(width(row) <= 34 for row in rows)
    assert "甲 168 元/桶" in shown


@given(
    st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["", "b", "blockquote"])), max_size=8), st.integers(2, 60)
)
def test_cutting_loses_nothing_and_keeps_styles(parts, room):
    text = tuple(Run(clean(said), style) for said, style in parts)
    head, tail = cut(text, room)
    assert units(head) <= room
    assert plain(head) + plain(tail) == plain(text) or plain(text).replace("\n", "") == (
        plain(head) + plain(tail)
    ).replace("\n", "")
    parse_html(to_html(head))
    parse_html(to_html(tail))


def test_addresses_that_telegram_would_refuse_are_no_buttons():
    for url in (
        "javascript:alert(1)",
        "http://localhost/x",
        "https://例子.中国/x",
        "https://shop",
        "ftp://a.b/c",
        "https://a.b c",
    ):
        card = Card("漆", ((words("价"), words("1")),), ("product", "A"), url=url)
        rows = KEYBOARDS.of(Answer("detail", (card,)), OWNER, 7, WORDING, back=False).rows
        assert not any("url" in button for row in rows for button in row)
    card = Card("漆", (), ("product", "A"), url="https://shop.example/p?a=1&b=2")
    rows = KEYBOARDS.of(Answer("detail", (card,)), OWNER, 7, WORDING, back=False).rows
    assert rows[0][0]["url"] == "https://shop.example/p?a=1&b=2"


def test_prices_and_dates_are_worded_and_an_empty_answer_is_no_empty_message():
    price = say("t.price", price=Money(Decimal(168), "桶"), day=date(2026, 11, 20))
    assert check(Answer("recommend", (Say(price),))) == ["168 元/桶，2026年11月20日的价"]
    assert check(Answer("smalltalk")) == [WORDING.say("telegram.nothing")]
