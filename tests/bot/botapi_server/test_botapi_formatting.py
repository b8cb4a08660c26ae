"""Formatted text: what is read, what is refused and with which words (TDLib, MessageEntity.cpp)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.botapi_server.detection import detect_entities
from bot.botapi_server.formatting import EntityError, parse_html, trim
from bot.botapi_server.limits import utf16_length
from bot.botapi_server.markdown import parse_markdown


def spans(parsed: tuple[str, list[dict[str, object]]]) -> list[tuple[object, str]]:
    """Show entities as (type, covered text)."""
    text, entities = parsed
    units = text.encode("utf-16-le")
    return [(e["type"], units[e["offset"] * 2 : (e["offset"] + e["length"]) * 2].decode("utf-16-le")) for e in entities]  # type: ignore[operator]  # the fields are ints


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("<b>粗<i>斜</i></b>", "粗斜", [("bold", "粗斜"), ("italic", "斜")]),
        ("🏠<b>家</b>", "🏠家", [("bold", "家")]),
        ("a &lt;b&gt; &amp;amp; &#39;x&#x27; &nbsp;", "a <b> &amp; 'x' &nbsp;", []),
        ('<a href="https://a.cn/?x=1&amp;y=2">链</a>', "链", [("text_link", "链")]),
        ("<pre><code class=\"language-sql\">x</code></pre>", "x", [("pre", "x")]),
        ("<blockquote expandable>长</blockquote>", "长", [("expandable_blockquote", "长")]),
        ('<span class="tg-spoiler">藏</span><tg-spoiler>匿</tg-spoiler>', "藏匿", [("spoiler", "藏"), ("spoiler", "匿")]),
        ("<b></b>空", "空", []),
        ("<B>大写</B>", "大写", [("bold", "大写")]),
    ],
)  # fmt: skip
def test_html_is_read(source: str, text: str, found: list[tuple[str, str]]) -> None:
    parsed = parse_html(source)
    assert parsed[0] == text
    assert spans(parsed) == found


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("3 < 5", 'Unsupported start tag "" at byte offset 2'),
        ("价<font>", 'Unsupported start tag "font" at byte offset 3'),
        ("<b>粗", 'Can\'t find end tag corresponding to start tag "b"'),
        ("粗</b>", "Unexpected end tag at byte offset 3"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("一行<br>两行", 'Unsupported start tag "br" at byte offset 6'),
    ],
)
def test_bad_html_is_refused(source: str, words: str) -> None:
    with pytest.raises(EntityError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


@pytest.mark.parametrize(
    ("source", "text", "found"),
    [
        ("*粗 _斜_* \\. `码`", "粗 斜 . 码", [("bold", "粗 斜"), ("italic", "斜"), ("code", "码")]),
        ("[官网](https://a.cn/\\)x)", "官网", [("text_link", "官网")]),
        ("__下__ ||藏|| ~删~", "下 藏 删", [("underline", "下"), ("spoiler", "藏"), ("strikethrough", "删")]),
        ("```py\nx\\`1```", "x`1", [("pre", "x`1")]),
    ],
)
def test_markdown_is_read(source: str, text: str, found: list[tuple[str, str]]) -> None:
    parsed = parse_markdown(source)
    assert parsed[0] == text
    assert spans(parsed) == found


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("3.5 元", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*粗", "Can't find end of Bold entity at byte offset 0"),
        ("价 `码", "Can't find end of Code entity at byte offset 4"),
        ("a-b", "Character '-' is reserved and must be escaped with the preceding '\\'"),
    ],
)
def test_bad_markdown_is_refused(source: str, words: str) -> None:
    with pytest.raises(EntityError) as refused:
        parse_markdown(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {words}"


def test_trimming_moves_entities() -> None:
    assert trim("  甲🏠 \n", [{"type": "bold", "offset": 0, "length": 5}]) == (
        "甲🏠",
        [{"type": "bold", "offset": 0, "length": 3}],
    )


def test_what_telegram_marks_itself() -> None:
    text = "/start@lvxuan_bot 见 https://a.cn/b?x 电话 13800138000 日期 2026-11-22 #建材 @abcd"
    assert spans((text, detect_entities(text, []))) == [
        ("bot_command", "/start@lvxuan_bot"), ("url", "https://a.cn/b?x"), ("phone_number", "13800138000"),
        ("hashtag", "#建材"), ("mention", "@abcd"),
    ]  # fmt: skip


@given(st.text(max_size=60))
def test_parsers_read_or_refuse_anything(source: str) -> None:
    for parse in (parse_html, parse_markdown):
        try:
            text, entities = parse(source)
        except EntityError:
            continue
        for entity in entities:
            assert 0 <= entity["offset"] < entity["offset"] + entity["length"] <= utf16_length(text)


@given(st.text(max_size=60))
def test_escaped_html_comes_through_whole(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert parse_html(f"<b>{escaped}</b>")[0] == source
