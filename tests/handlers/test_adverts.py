"""Forty pasted adverts: every number and every overclaim is named, no product list comes instead; a long question is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from handlers.session import Session
from handlers.turn import Answer, Question
from tests.assistants import NOW, demonstration

PARTS = demonstration()


@dataclass(frozen=True)
class Advert:
    numbers: tuple[str, ...]
    claims: tuple[str, ...]
    skus: tuple[str, ...]
    text: str


def _listed(line: str, sign: str | None) -> tuple[str, ...]:
    return () if line == "-" else tuple(line.split(sign))


def adverts() -> list[Advert]:
    blocks = (Path(__file__).parent / "adverts.txt").read_text(encoding="utf-8").strip().split("\n\n")[1:]
    read = []
    for block in blocks:
        numbers, claims, skus, text = block.split("\n", 3)
        read.append(Advert(_listed(numbers, None), _listed(claims, "|"), _listed(skus, None), text.strip()))
    return read


def ask(text: str, *, forwarded: bool = False) -> Answer:
    return PARTS.assistant.respond(Question(text, NOW, forwarded=forwarded), Session())[0]


def said(answer: Answer) -> str:
    from bot.plain import full_text

    return full_text(answer, PARTS.wording)


def test_there_are_forty() -> None:
    assert len(adverts()) == 40


@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize("advert", adverts(), ids=lambda advert: advert.text[:20])
def test_every_number_and_every_claim_is_named(advert: Advert, forwarded: bool) -> None:
    answer = ask(advert.text, forwarded=forwarded)
    text = said(answer)
    assert text.startswith(PARTS.wording.say("advert.head"))
    assert [number for number in advert.numbers if number not in text] == []
    named = "".join(text.split())
    assert [claim for claim in advert.claims if "".join(claim.split()) not in named] == []
    assert set(advert.skus) <= {verdict["sku"] for verdict in answer.verdicts}
    assert answer.intent == "verify" and answer.total is None
    found = {PARTS.catalogue.certificate(number) for number in advert.numbers} - {None}
    assert len(answer.certificates) >= len(found)
    assert len(text) < 4096


@pytest.mark.parametrize("advert", adverts(), ids=lambda advert: advert.text[:20])
def test_numbers_of_other_things_are_no_certificates(advert: Advert) -> None:
    unknown = [number for number in advert.numbers if PARTS.catalogue.certificate(number) is None]
    statuses = [verdict["status"] for verdict in ask(advert.text).verdicts]
    assert statuses.count("unknown_number") == len(unknown)


LONG_QUESTIONS = (
    "我家盖了三间平房想刷墙，孩子小，想要没有甲醛的漆，预算两千以内，三星的最好，本地能买到的有哪些",
    "请问有没有零甲醛无毒无害的儿童房墙面漆推荐，最环保的那种，价钱贵点也行，最好送货上门",
    "俺家厕所返味，想换个马桶，坑距305，一级水效的，要最便宜的，能不能包安装，旧的拉走不",
    "我想买瓷砖铺客厅，四十平，800乘800的，防滑的，有绿色建材认证的，大概要多少块，多少钱",
    "家里有老人，冬天屋里冷，准备换断桥铝窗户，听说有补贴，怎么申请，去哪儿问，要交啥材料",
    "水泥多少钱一袋，瓷砖哪个有证，还有能送到村里不，能不能货到付款",
    "打算装个太阳能热水器，优惠活动啥时候有，哪个牌子质量好又便宜，免费安装吗",
    "三星的乳胶漆和二星的差在哪，贵的那个值不值，认证是谁发的，能信吗",
    "零甲醛的漆真的有吗，为啥店家都这么说",
    "帮我看看这三款瓷砖哪个好，要防滑好打理的，价格在五十以内，一共要铺三十平",
    "绿色建材认证几星最好，三星是不是国家级的，跟十环比哪个管用",
    "卫生间漏水了，楼下都湿了，用啥防水涂料好，要刷几遍，一桶能刷多大面积",
)


@pytest.mark.parametrize("text", LONG_QUESTIONS)
def test_a_long_question_is_no_advert(text: str) -> None:
    assert not said(ask(text)).startswith(PARTS.wording.say("advert.head"))


@pytest.mark.parametrize("text", ["三星的乳胶漆有吗", "明天下午村部开会，都来", "第二个有证吗"])
def test_what_is_passed_on_and_sells_nothing_is_answered_as_it_is(text: str) -> None:
    assert said(ask(text, forwarded=True)) == said(ask(text))


def test_a_state_is_that_of_the_day_and_stars_that_are_wrong_are_said() -> None:
    texts = {advert.numbers[0]: said(ask(advert.text)) for advert in adverts() if advert.numbers}
    assert "过期了" in texts["DEMO-LJ-20-110102"]
    assert "被撤销了" in texts["DEMO-LJ-25-110405"]
    assert "尚未生效" in texts["DEMO-LJ-26-200201"]
    assert "没查到不等于是假的" in texts["DEMO-XX-25-999999"]
    assert "相近的编号" in texts["DEMO-LJ-25-1901O2"]
    wrong = said(ask("打麦谣水管三星绿色建材认证，编号DEMO-LJ-25-190102，厂家直销，国家推荐！"))
    assert "证书上是二星" in wrong


def test_what_is_checked_is_what_is_spoken_of_afterwards() -> None:
    advert = next(advert for advert in adverts() if advert.skus == ("YS190104",))
    answer, session = PARTS.assistant.respond(Question(advert.text, NOW), Session())
    assert answer.products == ("YS190104",)
    follow, _ = PARTS.assistant.respond(Question("它多少钱", NOW), session)
    assert follow.products == ("YS190104",)


def test_a_text_of_ten_thousand_characters_is_checked_to_its_end() -> None:
    text = "厂家直销，欢迎选购。\n" * 500 + "国家推荐零甲醛，编号DEMO-LJ-25-190102"
    assert "国家推荐" in said(ask(text))
