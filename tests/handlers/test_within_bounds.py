"""Nothing that goes out claims too much, whatever the catalogue says; what was left out is named, what a person wrote may be quoted."""

from __future__ import annotations

import copy
import re._constants as codes
import re._parser as parser
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from babel.messages.pofile import read_po

from bot.bootstrap import build
from bot.plain import full_text
from bot.settings import load_settings
from catalog_db.database import open_database
from catalog_db.loading import load
from handlers.certification.claims import find_claims
from handlers.certification.overclaims import title_within_bounds, within_bounds
from handlers.session import Session
from handlers.turn import Answer, Card, Entry, Listing, Note, Prose, Question, Say, Table, say
from handlers.understanding.word_tables import WORDS, rows
from tests.catalog_db.folders import write_folder
from tests.handlers.answers.shop import FILES, GUIDES, TODAY

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone(timedelta(hours=8)))
# Sentences of ours that say why something may not be claimed.
EXPLAINING = frozenset({"claims.why.authority", "claims.offer.health"})


def test_what_the_catalogue_claims_goes_and_is_named() -> None:
    answer = Answer(
        "guide",
        blocks=(
            Listing((Entry("晴墙 零甲醛 乳胶漆 18L", (say("fact.x", value="国家推荐"),)),)),
            Card("全网最低价 面漆", ((say("label.a"), say("value.a", text="终身不掉色")),)),
            Table(("绝对安全 板材",), ()),
            Prose("挑漆", "先看证。这款漆零甲醛，放心用。再看耐擦洗。"),
        ),
    )
    kept = within_bounds(answer)
    listing, card, table, prose, note = kept.blocks
    assert isinstance(listing, Listing) and listing.entries[0].title == "晴墙 乳胶漆 18L"
    assert isinstance(card, Card) and card.title == "面漆"
    assert isinstance(table, Table) and table.columns == ("板材",)
    assert isinstance(prose, Prose) and prose.markdown == "先看证。放心用。再看耐擦洗。"
    assert isinstance(note, Note) and note.text.values["said"] == (
        "零甲醛", "国家推荐", "全网最低价", "终身不掉色", "绝对安全",
    )  # fmt: skip


def test_a_long_title_among_others_loses_its_claim_and_not_its_name() -> None:
    title = "现货 晴墙 听雨 衣柜生态板 零甲醛 防潮 原木色 1220x2440 18mm"
    kept = within_bounds(Answer("verify", blocks=(Say(say("verify.covers", titles=(title,))),)))
    said = kept.blocks[0]
    assert isinstance(said, Say) and said.text.values["titles"] == (title.replace("零甲醛 ", ""),)


def test_what_claims_nothing_stays_the_very_same() -> None:
    answer = Answer("guide", blocks=(Say(say("x", text="别信零甲醛")), Prose(None, "零甲醛是假的。甲醛看 E1 级。")))
    assert within_bounds(answer) is answer
    assert title_within_bounds("晴墙 乳胶漆 18L") == "晴墙 乳胶漆 18L"


def test_a_persons_own_words_are_quoted_and_the_catalogues_are_not() -> None:
    entries = (Entry("“零甲醛”"), Entry("零甲醛 乳胶漆", ref=("product", "p1")))
    answer = Answer("faq", blocks=(Say(say("x", said="零甲醛")), Listing(entries)))
    kept = within_bounds(answer, "老板说零甲醛 乳胶漆好，真的吗")
    said, listing, _ = kept.blocks
    assert isinstance(said, Say) and said.text.values["said"] == "零甲醛"
    assert isinstance(listing, Listing) and [entry.title for entry in listing.entries] == ["“零甲醛”", "乳胶漆"]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The small shop, whose owner claims everything."""
    folder, files = tmp_path_factory.mktemp("claiming"), copy.deepcopy(FILES)
    for product in files["products"]:
        product["title"] = f"零甲醛 {product['title']} 国家推荐 全国第一品牌"
    for faq in files["faqs"]:
        faq["answer"] = f"{faq['answer']}我们的漆绝对安全，孕妇放心用，全网最低价。"
    for pavilion in files.get("pavilions", []):
        pavilion["intro"] = "政府指定的馆，样样都有认证。"
    data = write_folder(folder / "data", files)
    (data / "guides").mkdir(exist_ok=True)
    for name, text in GUIDES.items():
        (data / "guides" / f"{name}.md").write_text(text + "\n\n- 本店的漆零甲醛，喝了都没事。\n", encoding="utf-8")
    url = f"sqlite:///{folder / 'shop.db'}"
    with_database = open_database(url)
    load(data, with_database, today=TODAY)
    with_database.close()
    return build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), TODAY)


ASKED = (
    "有认证的乳胶漆", "三百以内的乳胶漆", "第一个", "第一个有证吗", "前两款比一比", "马桶", "怎么挑马桶", "冬天能刷漆吗", "订单怎么取消",
    "刷墙120平要几桶乳胶漆", "山东馆", "晴墙涂料靠谱吗", "乳胶漆排行榜", "卧室翻新要买啥", "便宜点的", "还有吗", "附近有店吗",
)  # fmt: skip


def test_no_answer_over_a_catalogue_that_claims_everything_passes_it_on(parts: Any) -> None:
    session, shown, named = Session(), 0, 0
    for text in ASKED:
        answer, session = parts.assistant.respond(Question(text, NOW), session)
        said = full_text(answer, parts.wording)
        notes = [
            block.text for block in answer.blocks if isinstance(block, Note) and block.text.key == "claims.left_out"
        ]
        told = "".join(parts.wording.text(note) for note in notes)
        assert find_claims(said.replace(told, "")) == [], (text, said)
        shown += bool(answer.products)
        named += bool(notes)
        labels = "\n".join(parts.wording.text(choice.label) for choice in answer.choices)
        assert find_claims(labels) == [], labels
    assert shown >= 8 and named >= 8


@pytest.mark.parametrize("locale", ["zh_Hans_CN"])
def test_our_own_sentences_claim_nothing(locale: str) -> None:
    for file in sorted((WORDS.parent / locale / "LC_MESSAGES").glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened):
                if message.id and message.id not in EXPLAINING:
                    assert find_claims(str(message.string)) == [], message.id


def test_what_a_pattern_needs_stands_in_everything_that_it_matches() -> None:
    """Worked out from the pattern itself: whatever way it matches, one of the characters is there."""
    for kind, pattern, needs in rows(WORDS / "claims.tsv"):
        if needs:
            required = _required(parser.parse(pattern))
            assert required is not None and required <= set(needs), (kind, pattern)


def _required(parts: Any) -> set[str] | None:
    found = [got for operation, value in parts if (got := _one(operation, value)) is not None]
    return min(found, key=len) if found else None


def _one(operation: Any, value: Any) -> set[str] | None:
    if operation is codes.LITERAL:
        return {chr(value)}
    if operation is codes.IN:
        return set().union(*_members(value)) if all(name is not codes.NEGATE for name, _ in value) else None
    if operation is codes.BRANCH:
        ways = [_required(way) for way in value[1]]
        return None if any(way is None for way in ways) else set().union(*(way for way in ways if way))
    if operation is codes.SUBPATTERN:
        return _required(value[3])
    if operation in (codes.MAX_REPEAT, codes.MIN_REPEAT) and value[0] > 0:
        return _required(value[2])
    return None


def _members(members: Any) -> Iterator[set[str]]:
    for name, value in members:
        if name is codes.LITERAL:
            yield {chr(value)}
        elif name is codes.RANGE:
            yield {chr(code) for code in range(value[0], value[1] + 1)}
        elif name is codes.CATEGORY and value is codes.CATEGORY_DIGIT:
            yield set("0123456789")
        else:
            raise AssertionError(name)
