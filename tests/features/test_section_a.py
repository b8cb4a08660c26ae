"""Section A of the capabilities, understanding Chinese questions: each with its black-box test, over two catalogues.

What needs a channel is shown where the channel is tested: A14's logged tap and A17 a voice message in
`tests/bot/telegram/test_desk.py`, A18 a photo without text in `tests/bot/telegram/test_pictures.py`, A19 a pin and A21
an edited message in `tests/bot/telegram/test_places_and_edits.py`, A16 in Telegram there, too. A10: each message of a
burst is answered and what it said is carried; Telegram merges messages as well (`tests/bot/telegram/test_private_dialogs.py`).
A11's amounts have a corpus of their own in `tests/handlers/understanding/test_quantities.py`, A20's adverts in
`tests/handlers/test_adverts.py`.

slips.tsv, symptoms.tsv and off_topic.txt were written before they were asked for the first time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog_db.certification import certified, in_force
from tests.assistants import DAY
from tests.features.worlds import WORLDS, Talk, talk

HERE = Path(__file__).parent
BOTH = pytest.mark.parametrize("world", list(WORLDS))
# A kind, a brand of goods of that kind, two brands of it, in each world.
PAINT = {"bundled": "paint_interior", "second": "coat_in"}
GROUND = {"bundled": "tile_floor", "second": "tile_ground"}
TOILET = {"bundled": "toilet", "second": "wc"}
BRANDS = {"bundled": ("檐前雀", "苇塘晚"), "second": ("雁过桥", "石榴坡")}
COUNTY = {"bundled": ("安吉", "330523"), "second": ("兰考", "410225")}


def table(name: str, world: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is typed and which codes are right in a world, () for what it lacks."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    column = lines[0].split("\t").index(world)
    cells = [line.split("\t") for line in lines[1:]]
    return [(row[0], () if row[column] == "-" else tuple(row[column].split("|"))) for row in cells]


def ask(world: str, text: str) -> dict[str, Any]:
    """Ask one question in a conversation of its own."""
    return talk(world).say(text)[0]


def brands_of(world: str, skus: list[str]) -> set[str]:
    """Return the names of the brands of products."""
    catalogue = talk(world).parts.catalogue
    return {catalogue.brands[p.brand].name for p in catalogue.products(skus) if p.brand}


@BOTH
@pytest.mark.parametrize("text", ["哪些油漆有认证", "有认证的灯具", "有证的马桶给我看看"])
def test_a1_a_kind_in_a_whole_question_gives_its_certified_goods(world: str, text: str) -> None:
    answer, catalogue = ask(world, text), talk(world).parts.catalogue
    assert answer["intent"] == "recommend" and answer["products"]
    for sku in answer["products"]:
        evidence = catalogue.certificates_of(sku)
        assert certified(evidence, DAY, ("green_building_material",))
        assert any(one.number in answer["text"] for one in evidence if in_force(one, DAY)), sku


@BOTH
@pytest.mark.parametrize(
    ("text", "said", "bundled", "second"),
    [
        ("洋灰多少钱一袋", "洋灰=", "cement", "cement"),
        ("沙灰咋卖", "沙灰=", "mortar", ""),
        ("刮大白的粉要一袋", "刮大白=", "putty", "putty"),
        ("苯板有没有", "苯板=", "insulation_eps", ""),
        ("想换个蹲坑", "蹲坑", "squat", "squat"),
        ("水喉要个新的", "水喉", "faucet", "tap"),
        ("换俩窗子", "", "window", "window"),
    ],
)
def test_a2_village_words(world: str, text: str, said: str, bundled: str, second: str) -> None:
    answer, code = ask(world, text), bundled if world == "bundled" else second
    if code:
        assert answer["categories"] == [code] and answer["products"]
        assert said in answer["text"] or said.rstrip("=") in catalogue_words(world, code)
    else:
        assert answer["intent"] == "not_found" and not answer["products"]


def catalogue_words(world: str, code: str) -> tuple[str, ...]:
    """Return the operator's own words for a kind: they need no reading back."""
    category = talk(world).parts.catalogue.categories[code]
    return (category.name, *category.synonyms)


@BOTH
def test_a3_nine_of_ten_slips_are_right_and_none_is_wrong_without_a_word(world: str) -> None:
    wrong, right, slips = [], 0, table("slips.tsv", world)
    for typed, codes in slips:
        answer = ask(world, typed)
        if codes and answer["categories"] == list(codes):
            right += answer["intent"] != "not_found"
        elif not codes and not answer["products"]:
            right += 1
        elif answer["products"]:
            wrong.append((typed, answer["categories"]))
    assert not wrong
    assert len(slips) == 50 and right >= 45, right


@BOTH
@pytest.mark.parametrize(
    ("plain", "typed"),
    [
        ("乳胶漆", ("rujiaoqi", "ru jiao qi", "rjq", "ru jiaoqi")),
        ("马桶", ("matong", "ma tong", "MaTong")),
        ("地漏", ("dilou", "di lou")),
        ("吸顶灯", ("xidingdeng", "xi ding deng", "xdd")),
        ("暖气片", ("nuanqipian", "nuan qi pian")),
    ],
)
def test_a4_pinyin_gives_the_same_in_the_same_order(world: str, plain: str, typed: tuple[str, ...]) -> None:
    wanted = ask(world, plain)["products"]
    assert wanted
    for text in typed:
        assert ask(world, text)["products"] == wanted, text


@BOTH
@pytest.mark.parametrize(
    ("text", "bundled", "second"),
    [
        ("黄水涂料", "waterproof_coating", "proof_coat"),
        ("吕合金窗", "window", "window"),
        ("nongtou多少钱", "faucet", "tap"),
        ("慈砖", "tile", "tiles"),
        ("发洒", "shower", "rain"),
    ],
)
def test_a5_accents_merge_and_are_read_back(world: str, text: str, bundled: str, second: str) -> None:
    answer, code = ask(world, text), bundled if world == "bundled" else second
    if answer["intent"] == "clarify":  # an honest question: one of its buttons is what was meant
        pressed = [talk(world).press(action)[0]["categories"] for action in answer["actions"]]
        assert [code] in pressed
    else:
        assert answer["categories"] == [code]
        assert "我按『" in answer["text"]


@BOTH
def test_a6_thirty_messages_of_other_matters_get_no_list(world: str) -> None:
    lines = (HERE / "off_topic.txt").read_text(encoding="utf-8").split()
    answers = {line: ask(world, line) for line in lines}
    assert len(lines) == 30
    assert [line for line, answer in answers.items() if answer["products"] or not answer["text"]] == []
    assert {answer["intent"] for answer in answers.values()} <= {"out_of_scope", "smalltalk", "clarify"}


@BOTH
def test_a6_three_refusals_are_told_apart(world: str) -> None:
    other, strange, lacking = ask(world, "尿素一袋多少钱"), ask(world, "咕噜呱啦是啥"), ask(world, "塑胶跑道有吗")
    outside = ask(world, "水泥有没有绿色建材认证")
    assert other["intent"] == strange["intent"] == "out_of_scope"
    assert "不是建材" in other["text"] and "没看懂" in strange["text"]
    assert lacking["intent"] in ("not_found", "out_of_scope") and "塑胶跑道" in lacking["text"]
    assert "不在绿色建材认证的目录里" in outside["text"]
    assert len({answer["text"] for answer in (other, strange, lacking, outside)}) == 4


@BOTH
@pytest.mark.parametrize(
    "text", ["乳 膠 漆？？", "乳　膠　漆！！！", "【乳胶漆】。。。", "乳胶漆🙏🙏", "  乳胶漆\n", "乳-胶-漆", "乳 胶漆"]
)
def test_a7_the_same_however_it_is_written(world: str, text: str) -> None:
    assert ask(world, text)["products"] == ask(world, "乳胶漆")["products"]


@BOTH
@pytest.mark.parametrize("noun", ["乳胶漆", "马桶", "瓷砖"])
def test_a8_one_noun_and_nine_verbs_get_nine_kinds_of_reply(world: str, noun: str) -> None:
    first, second = BRANDS[world]
    amount = "要几个" if noun == "马桶" else "100平要多少"
    asked = {
        f"有啥{noun}": "recommend",
        f"{noun}多少钱": "recommend",
        f"哪些{noun}有证": "recommend",
        f"{first}和{second}的{noun}哪个好": "compare",
        f"{noun}哪里能买到，我在{COUNTY[world][0]}": "stores",
        f"{noun}{amount}": "calculate",
        f"{noun}怎么挑": "guide",
        f"买的{noun}是坏的，我要投诉": "handoff",
        f"{noun}的事我想找个人问问": "handoff",
    }
    answers = {text: ask(world, text) for text in asked}
    assert {text: answer["intent"] for text, answer in answers.items() if answer["intent"] != asked[text]} == {}
    openings = {answer["text"].partition("\n\n1. ")[0] for answer in answers.values()}
    assert len(openings) == 9, openings


@BOTH
@pytest.mark.parametrize(
    ("text", "intents"),
    [
        ("水泥多少钱,瓷砖哪个有证,能送到村里不", ["recommend", "recommend", "service"]),
        ("马桶咋选，地砖100平要多少，还有外墙漆有三星的没", ["guide", "calculate", "recommend"]),
        ("三星啥意思？吸顶灯有证的有哪些？", ["faq", "recommend"]),
    ],
)
def test_a9_several_questions_get_as_many_answers_with_numbers(world: str, text: str, intents: list[str]) -> None:
    from bot.plain import full_text
    from handlers.session import Session
    from handlers.turn import Question
    from tests.assistants import NOW

    parts = talk(world).parts
    answer, _ = parts.assistant.respond(Question(text, NOW), Session())
    assert [one.intent for one in (answer, *answer.also)] == intents
    said = full_text(answer, parts.wording)
    assert [f"【第 {number} 件事】" in said for number in range(1, len(intents) + 2)] == [True] * len(intents) + [False]


@BOTH
@pytest.mark.parametrize(
    ("burst", "kind"),
    [
        (("我家", "想刷墙", "100平"), PAINT),
        (("是这样的", "我想铺地砖", "六十平"), GROUND),
        (("俺", "马桶", "三星的"), TOILET),
    ],
)
def test_a10_the_last_answer_to_a_burst_has_all_of_it(world: str, burst: tuple[str, ...], kind: dict[str, str]) -> None:
    begun, _, last = talk(world).all(*burst)
    assert begun["intent"] == "smalltalk" and begun["text"] == "您接着说，我听着呢。"
    assert last["categories"][:1] == [kind[world]] and last["intent"] in ("calculate", "recommend", "not_found")
    assert last.get("quantities") or last["filters"]["stars"] == [3]


@BOTH
@pytest.mark.parametrize(
    ("burst", "whole"),
    [
        (("我家", "三十平", "刷墙", "要几桶"), "我家三十平刷墙要几桶"),
        (("三十平", "刷墙", "要几桶"), "三十平刷墙要几桶"),
        (("刷墙", "三十平", "要几桶"), "刷墙三十平要几桶"),
        (("客厅", "20平", "铺地砖"), "客厅20平铺地砖"),
        (("层高三米", "四米乘五米", "刷墙", "要几桶漆"), "层高三米四米乘五米刷墙要几桶漆"),
        (("三间房", "每间15平", "刷墙", "要几桶"), "三间房，每间15平，刷墙要几桶"),
        (("外墙", "要刷漆", "120平", "要几桶"), "外墙要刷漆120平要几桶"),
        (("80平", "乳胶漆要几桶"), "80平乳胶漆要几桶"),
        (("三百以内", "马桶", "有认证的"), "三百以内有认证的马桶"),
        (("不要白色的", "瓷砖", "一百以内"), "不要白色的瓷砖一百以内"),
        (("三星的乳胶漆", "两百以内", "有吗"), "三星的乳胶漆两百以内有吗"),
        (("我家卫生间", "要翻新", "预算五千"), "我家卫生间要翻新预算五千"),
    ],
)
def test_a10_in_pieces_it_is_the_question_that_it_is_as_a_whole(world: str, burst: tuple[str, ...], whole: str) -> None:
    *pieces, last = talk(world).all(*burst)
    assert results(last) == results(ask(world, whole))
    assert all(one["intent"] != "out_of_scope" for one in pieces), [one["text"] for one in pieces]
    assert not any("没看懂" in one["text"] for one in pieces)


def results(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer found, without its words."""
    return {name: answer.get(name) for name in ("intent", "categories", "filters", "products", "quantities", "total")}


@BOTH
@pytest.mark.parametrize(
    ("begun", "other"),
    [
        ("三十平", "人工"),
        ("外墙", "怎么挑瓷砖"),
        ("三百以内", "猪肉多少钱"),
        ("客厅", "谢谢"),
        ("三十平", "三星是啥意思"),
    ],
)
def test_a10_what_is_no_rest_of_it_is_answered_by_itself(world: str, begun: str, other: str) -> None:
    assert results(talk(world).all(begun, other)[1]) == results(ask(world, other))


@BOTH
def test_a10_what_was_begun_long_ago_is_left(world: str) -> None:
    later = talk(world).say("三百以内")[1]
    later = replace(later, at=later.at + timedelta(minutes=11))
    assert "price_max" not in later.all("马桶")[0]["filters"]


@BOTH
def test_a10_measures_said_before_a_list_are_there_when_the_sum_is_asked_for(world: str) -> None:
    first, listed, asked = talk(world).all("三十平", "有认证的乳胶漆有哪些", "要几桶")
    assert listed["intent"] == "recommend" and asked["quantities"][0]["area_m2"] == 30
    assert "三十平" in first["text"]


@BOTH
@pytest.mark.parametrize(
    "same",
    [
        ("一百二十平要几桶乳胶漆", "120㎡要几桶乳胶漆", "120平方米要几桶乳胶漆", "乳胶漆刷一百二十个平方要几桶"),
        ("两百以内的马桶", "200块以内的马桶", "马桶，不超过二百块"),
        ("一两百的马桶", "100到200的马桶", "马桶，一百到两百块"),
        ("一千五以内的马桶", "1500以内的马桶", "1千5以内的马桶"),
    ],
)
def test_a11_an_amount_is_the_same_however_it_is_said(world: str, same: tuple[str, ...]) -> None:
    seen = [{k: v for k, v in ask(world, text).items() if k in ("intent", "filters", "quantities")} for text in same]
    assert seen[0].get("quantities") or set(seen[0]["filters"]) & {"price_max", "price_min"}
    assert all(one == seen[0] for one in seen), seen


@BOTH
def test_a12_a_brand_that_is_refused_never_comes_back(world: str) -> None:
    brand = BRANDS[world][0]
    answers = talk(world).all(f"不要{brand}的乳胶漆", "还有吗", "便宜点的", "有认证的呢")
    shown = [sku for answer in answers for sku in answer["products"]]
    assert shown and brand not in brands_of(world, shown)
    assert brand in brands_of(world, [sku for a in talk(world).all("乳胶漆", "还有吗") for sku in a["products"]])


@BOTH
@pytest.mark.parametrize(
    ("text", "bundled", "second"),
    [("不是马桶是蹲坑", "squat", "squat"), ("我说的不是地砖，是墙砖", "tile_wall", "tile_side")],
)
def test_a12_what_is_corrected_away_is_gone(world: str, text: str, bundled: str, second: str) -> None:
    assert ask(world, text)["categories"] == [bundled if world == "bundled" else second]


@BOTH
def test_a13_thirty_troubles_lead_to_what_helps_and_to_a_guide(world: str) -> None:
    troubles, failed = table("symptoms.tsv", world), []
    for said, codes in troubles:
        answer, after = talk(world).say(said)
        if not codes:
            ok = answer["intent"] == "not_found" and not answer["products"] and said[:2] in answer["text"]
        else:
            ok = bool(set(answer["categories"]) & set(codes)) and guided(answer, after)
        if not ok:
            failed.append((said, answer["intent"], answer["categories"]))
    assert len(troubles) == 30
    assert not failed, failed


def guided(answer: dict[str, Any], after: Talk) -> bool:
    """Tell whether an answer shows what to do, or a button of it opens a guide."""
    if answer.get("guides") or answer.get("faqs"):
        return True
    return any(after.press(action)[0].get("guides") for action in answer["actions"] if action.name == "guide") or any(
        after.press(action)[0].get("guides") or any(a.name == "guide" for a in after.press(action)[0]["actions"])
        for action in answer["actions"]
        if action.name == "recommend"
    )


@BOTH
@pytest.mark.parametrize("text", ["黄水涂料", "花撒", "马筒"])
def test_a14_one_tap_takes_the_correction_back(world: str, text: str) -> None:
    answer, after = talk(world).say(text)
    undo = [action for action in answer["actions"] if action.name == "not_this"]
    assert answer["products"] and f"「{text}」我按『" in answer["text"] and len(undo) == 1
    other, _ = after.press(undo[0])
    assert not set(other["products"]) & set(answer["products"]) and other["choices"]


@BOTH
def test_a15_a_word_of_two_meanings_gets_results_first_and_both_ways_on(world: str) -> None:
    answer, after = talk(world).say("砖")
    assert answer["intent"] == "recommend" and answer["products"]
    block, ground = {"bundled": ("block", "tile_floor"), "second": ("brick", "tile_ground")}[world]
    ways = [after.press(action)[0]["categories"] for action in answer["actions"] if action.name != "more"]
    assert [block] in ways and [ground] in ways


@BOTH
@pytest.mark.parametrize(("said", "place"), [("2", 1), ("二", 1), ("②", 1), ("第三个", 2), ("3", 2), ("１", 0)])
def test_a16_a_number_opens_that_entry_of_the_list(world: str, said: str, place: int) -> None:
    shown, card = talk(world).all("马桶", said)
    assert card["intent"] == "detail" and card["products"] == [shown["products"][place]]


@BOTH
@pytest.mark.parametrize("said", ["嗯", "👍", "好", "好的", "OK"])
def test_a16_a_nod_is_a_nod_and_loses_nothing(world: str, said: str) -> None:
    shown, nod, card = talk(world).all("马桶", said, "第一个")
    assert nod["intent"] == "smalltalk" and nod["text"] and not nod["products"]
    assert card["products"] == shown["products"][:1]


@BOTH
def test_a19_a_place_that_is_typed_gives_its_shops_and_holds(world: str) -> None:
    name, code = COUNTY[world]
    told, shops, goods = talk(world).all(f"我是{name}的", "哪儿有店", "有啥瓷砖")
    catalogue = talk(world).parts.catalogue
    assert told["stores"] and told["stores"] == shops["stores"]
    assert catalogue.stores[told["stores"][0]].adcode == code
    assert goods["filters"]["adcode"] == code


@BOTH
def test_a20_an_advert_with_false_stars_is_checked_and_sells_nothing(world: str) -> None:
    shown = ask(world, "一星的马桶")["products"][0]
    catalogue = talk(world).parts.catalogue
    product = catalogue.products([shown])[0]
    one = next(c for c in catalogue.certificates_of(shown) if c.grade == 1 and in_force(c, DAY))
    answer = ask(
        world, f"【限时特价】{product.title}，绿色建材三星认证，证书编号{one.number}，国家推荐，零甲醛！加微信抢购！"
    )
    assert answer["intent"] == "verify" and "total" not in answer
    assert "证书上是一星" in answer["text"] and one.number in answer["text"]
    assert {verdict["certificate"] for verdict in answer["verdicts"]} >= {one.number}


@BOTH
@pytest.mark.parametrize("text", ["要个led 5w 的", "LED灯泡 5瓦", "５Ｗ的led灯泡有没有", "来个5w led"])
def test_a22_letters_and_characters_mixed(world: str, text: str) -> None:
    answer = ask(world, text)
    products = talk(world).parts.catalogue.products(answer["products"])
    assert products and all(dict(p.attributes).get("功率") == "5W" for p in products)


@BOTH
def test_a23_a_number_that_is_nearly_one_offers_the_near_ones_and_no_state(world: str) -> None:
    catalogue = talk(world).parts.catalogue
    shown = ask(world, "有证的马桶")["products"][0]
    number = next(c.number for c in catalogue.certificates_of(shown) if in_force(c, DAY))
    for written in (number.lower(), number.replace("-", " "), f" {number.lower().replace('-', '')} "):
        assert ask(world, f"{written} 这个证").get("certificates") == [number], written
    near = number[::-1].replace("0", "O", 1)[::-1]
    answer = ask(world, near.lower().replace("-", " "))
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["unknown_number"]
    assert number in answer["choices"]
    assert not any(word in answer["text"] for word in ("在有效期内", "过期了", "暂停", "撤销"))


@BOTH
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("一丈五宽的窗", "一丈五宽"), ("不要圆形的马桶", "不要圆形"), ("家用的瓷砖", "家用"), ("轻奢马桶", "轻奢"), ("最高级的瓷砖", "最高级"),
        ("加厚地砖", "加厚"), ("马桶28公分的", "28公分"), ("可折叠的马桶", "可折叠"), ("德国瓷砖", "德国"),
    ],
)  # fmt: skip
def test_a6_a_wish_that_no_data_speaks_of_is_named_never_dropped_silently(world: str, text: str, named: str) -> None:
    answer = ask(world, text)
    assert answer["intent"] == "recommend" and f"「{named}」没有按它挑" in answer["text"]


@BOTH
@pytest.mark.parametrize("text", ["马桶", "哪个牌子的马桶好", "瓷砖批发报价", "马桶旗舰店", "我家要换个马桶"])
def test_a6_what_asks_for_nothing_is_not_named(world: str, text: str) -> None:
    assert "没有按它挑" not in ask(world, text)["text"]
