"""Section C of the capabilities, certification and trust: each with its black-box test, over two catalogues.

What needs a channel is shown where the channel is tested: C10's ticket in `tests/bot/telegram/test_desk.py`, C12 photos in
`tests/bot/telegram/test_pictures.py`, C13 whoever asked is told in `tests/bot/telegram/test_desk_telling.py`. C9 over every text
that can go out is `tests/handlers/test_overclaims.py`.
"""

from __future__ import annotations

import re
from typing import Any

import pytest

from catalog_db.certification import certified, in_force, state
from catalog_db.records import Certificate, Product
from catalog_db.search.query import ProductQuery
from handlers.certification.claims import find_claims
from tests.assistants import DAY
from tests.features.worlds import WORLDS, talk

BOTH = pytest.mark.parametrize("world", list(WORLDS))
GREEN = "green_building_material"
# What is said of a certificate of a state, and of no other.
SAID = {
    "valid": "在有效期内",
    "expired": "过期了",
    "suspended": "暂停中",
    "revoked": "被撤销了",
    "not_yet_valid": "尚未生效",
}
LACKING = {"second": {"not_yet_valid"}}  # states that no certificate of a world has
PAINT = {"bundled": "乳胶漆", "second": "乳胶漆"}


def ask(world: str, text: str) -> dict[str, Any]:
    """Ask one question in a conversation of its own."""
    return talk(world).say(text)[0]


def goods(world: str, **asked: Any) -> list[Product]:
    """Return the products on sale that match, of the whole catalogue."""
    catalogue = talk(world).parts.catalogue
    return catalogue.products(catalogue.skus(ProductQuery(DAY, limit=2000, **asked)))


def held(world: str, product: Product) -> list[Certificate]:
    """Return the certificates that name a product."""
    return talk(world).parts.catalogue.certificates_of(product.sku)


def of_state(world: str, wanted: str, scheme: str = GREEN) -> Certificate:
    """Return a certificate of a scheme that has a state on the day."""
    every = {one.number: one for product in goods(world) for one in held(world, product)}
    return next(one for one in every.values() if one.scheme == scheme and state(one, DAY) == wanted)


def brand_names(world: str) -> dict[str, str]:
    """Return the names of the brands that have something on sale, by id."""
    catalogue = talk(world).parts.catalogue
    return {product.brand: catalogue.brands[product.brand].name for product in goods(world) if product.brand}


def sourced(answer: dict[str, Any]) -> bool:
    """Tell whether an answer says of which day its records are and how to check officially."""
    return all(sign in answer["text"] for sign in ("本目录截至 2026年11月22日", "认e云", "12315"))


@BOTH
def test_c1_a_number_with_one_wrong_digit_is_said_to_be_none_and_the_near_ones_are_offered(world: str) -> None:
    number = of_state(world, "valid").number
    last = str((int(number[-1]) + 1) % 10)
    known = {one.number for product in goods(world) for one in held(world, product)}
    wrong = next(w for w in (number[:-1] + d for d in (last, *"0123456789")) if w not in known)
    answer = ask(world, f"查一下{wrong}")
    assert answer["intent"] == "verify" and f"没有查到编号 {wrong}" in answer["text"]
    assert number in answer["choices"]
    assert [verdict["status"] for verdict in answer["verdicts"]] == ["unknown_number"]
    assert not any(words in answer["text"] for words in SAID.values())


@BOTH
@pytest.mark.parametrize(
    "spoil", [str.lower, lambda n: n.replace("-", " "), lambda n: n.replace("-", ""), lambda n: f"{n[:-1]} {n[-1]}"]
)
def test_c1_a_number_is_found_however_it_is_spaced(world: str, spoil: Any) -> None:
    number = of_state(world, "valid").number
    assert ask(world, f"{spoil(number)} 有效吗")["certificates"] == [number]


@BOTH
@pytest.mark.parametrize("question", ["{}牌有认证吗", "{}这牌子有绿色建材认证没有", "{}有证吗"])
def test_c2_a_brand_is_answered_unit_by_unit(world: str, question: str) -> None:
    catalogue = talk(world).parts.catalogue
    for brand, name in list(brand_names(world).items())[::7]:
        answer = ask(world, question.format(name))
        own = goods(world, brands=(brand,))
        covered = [p for p in own if catalogue.certification_class(p.category)] if "绿色建材" in question else own
        scheme = (GREEN,) if "绿色建材" in question else ()
        holding = [p for p in covered if certified(held(world, p), DAY, scheme or _meant(world, p))]
        assert answer["intent"] == "verify", name
        assert f"有 {len(own)} 个型号" in answer["text"]
        assert "要看是哪一款" in answer["text"] and not re.match(r"(是|否|有|没有|都有)[，。！]", answer["text"])
        if 0 < len(holding) < len(own):
            assert f"其中 {len(holding)} 个有在有效期内的证书，其余 {len(own) - len(holding)} 个" in answer["text"], (
                name
            )
        for sku in answer["products"] if holding else ():
            assert certified(catalogue.certificates_of(sku), DAY, scheme or _meant(world, catalogue.products([sku])[0]))


def _meant(world: str, product: Product) -> tuple[str, ...]:
    """Return the schemes that 有认证 means for a product: the green one where its kind is covered, else any but `other`."""
    covered = talk(world).parts.catalogue.certification_class(product.category)
    others = ("green_product", "environmental_label", "water_saving", "energy_saving", "low_carbon", "carbon_neutral")
    return (GREEN,) if covered else (GREEN, *others)


@BOTH
@pytest.mark.parametrize("wanted", list(SAID))
def test_c3_each_state_has_words_of_its_own(world: str, wanted: str) -> None:
    if wanted in LACKING.get(world, ()):
        return
    one = of_state(world, wanted)
    answer = ask(world, f"{one.number}还能用不")
    assert [verdict["status"] for verdict in answer["verdicts"]] == [wanted]
    assert SAID[wanted] in answer["text"]
    assert not any(words in answer["text"] for name, words in SAID.items() if name != wanted)
    assert wanted == "valid" or "不算获证" in answer["text"]


@BOTH
def test_c3_what_runs_out_soon_is_said_and_can_be_asked_for(world: str) -> None:
    every = [one for product in goods(world) for one in held(world, product)]
    soon = next(one for one in every if state(one, DAY) == "valid" and 0 < (one.expires_on - DAY).days <= 90)
    days = (soon.expires_on - DAY).days
    assert f"还有 {days} 天到期" in ask(world, f"{soon.number}有效吗")["text"]
    answer = ask(world, "快到期的证有哪些")
    ends = {one.number: one.expires_on for one in every}
    assert answer["certificates"] and [ends[n] for n in answer["certificates"]] == sorted(
        ends[n] for n in answer["certificates"]
    )
    assert all(0 <= (ends[n] - DAY).days <= 90 for n in answer["certificates"])


@BOTH
def test_c3_not_found_is_no_fake_and_says_what_to_do(world: str) -> None:
    bare = next(p for p in goods(world) if not held(world, p) and p.model)
    answer = ask(world, f"{bare.model} 有证吗")
    assert answer["verdicts"][0]["status"] in ("none", "not_covered") and answer["products"] == [bare.sku]
    assert not any(words in answer["text"] for words in SAID.values())
    none = ask(world, "ZZ-99-888777还有效吗")
    assert "没查到不等于是假的" in none["text"]
    told = ask(world, "没查到就是假的吧")
    assert re.search("不等于|不一定", told["text"])


@BOTH
def test_c4_every_answer_of_trust_has_source_day_and_the_official_way(world: str) -> None:
    number, brand = of_state(world, "valid").number, next(iter(brand_names(world).values()))
    shown = talk(world).parts.catalogue.products(ask(world, "有证的马桶")["products"][:1])[0]
    asked = [
        number,
        number[:-2] + "zz",
        f"{brand}有认证吗",
        f"{shown.model}有证没",
        "石膏板在认证目录里吗",
        "快到期的证有哪些",
    ]
    assert [text for text in asked if not sourced(ask(world, text))] == []


@BOTH
def test_c5_a_grade_is_no_certificate(world: str) -> None:
    only_grade = [p for p in goods(world) if p.water_grade and not any(in_force(c, DAY) for c in held(world, p))]
    assert only_grade
    listed, after = talk(world).say("有认证的马桶")
    while True:  # the whole list
        shown = talk(world).parts.catalogue.products(listed["products"])
        assert all(certified(held(world, p), DAY, (GREEN,)) for p in shown)
        if "还有吗" not in listed["choices"]:
            break
        listed, after = after.say("还有吗")
    one = next(p for p in only_grade if p.model and not held(world, p))
    answer = ask(world, f"{one.model}是绿色建材认证的吗")
    assert f"水效 {one.water_grade} 级是用水的等级标识，不是认证" in answer["text"]
    assert "valid" not in {verdict["status"] for verdict in answer["verdicts"]}


@BOTH
def test_c5_the_labels_are_told_apart(world: str) -> None:
    words = ("绿色建材认证", "中国绿色产品认证", "十环", "节水认证", "水效标识", "能效标识")
    told = {word: ask(world, f"{word}是啥意思")["text"] for word in words}
    assert len(set(told.values())) == len(words)
    for word in ("十环", "水效标识", "能效标识"):
        assert "不是" in told[word] or "不等于" in told[word], word
        assert re.search("不是|不等于|互相代替不了|不一样", ask(world, f"有{word}就是绿色建材了吧")["text"]), word


@BOTH
@pytest.mark.parametrize(
    "text", ["三星啥意思", "绿色建材一星二星三星有啥区别", "三星比一星好在哪", "三颗星是国家级的吗"]
)
def test_c6_stars_in_plain_words_without_the_myth(world: str, text: str) -> None:
    answer = ask(world, text)
    assert answer["intent"] == "faq" and not answer["products"]
    assert "三星" in answer["text"]
    assert "国家级" not in answer["text"] or re.search("不是[^，。]*国家级", answer["text"])


@BOTH
def test_c7_a_kind_that_the_programme_does_not_cover_is_told_from_what_was_not_found(world: str) -> None:
    outside = ask(world, "洋灰有绿色建材认证的吗")
    assert "不在绿色建材认证的目录里" in outside["text"] and not outside["products"]
    whether = ask(world, "水泥算不算绿色建材")
    assert "不在绿色建材认证的产品范围里" in whether["text"]
    inside = ask(world, "乳胶漆算不算绿色建材")
    assert "在绿色建材认证的产品范围里" in inside["text"] and "不在" not in inside["text"]
    both = ask(world, "不在认证目录里跟没查到有啥不一样")
    assert both["intent"] == "faq" and "不等于假" in both["text"]


@BOTH
def test_c8_certified_on_a_list_only_and_neither_are_three_things(world: str) -> None:
    catalogue = talk(world).parts.catalogue

    def listed(product: Product) -> bool:
        brand = catalogue.brands.get(product.brand or "")
        maker = catalogue.enterprises.get(brand.enterprise or "") if brand else None
        return bool(maker and maker.batch)

    bare = [p for p in goods(world) if not held(world, p) and p.model]
    on_list = next(p for p in bare if listed(p))
    answer = ask(world, f"{on_list.model} 有证吗")
    assert "名录上，但上名录不等于这款产品有证书" in answer["text"]
    assert not re.search(r"认证[一二三]星|★", answer["text"])
    for product in [p for p in bare if not listed(p)][:1]:
        assert "名录" not in ask(world, f"{product.model} 有证吗")["text"]
    star = next(p for p in goods(world, schemes=(GREEN,)) if p.model)
    assert re.search("绿色建材认证[一二三]星：在有效期内", ask(world, f"{star.model} 有证吗")["text"])


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "零甲醛的乳胶漆", "国家推荐的瓷砖有哪些", "绝对安全的马桶", "哪个漆百分百无毒", "国家免检的地板有吗", "最环保的漆是哪个",
        "店里说他家漆零甲醛，能信吗", "卖家说绝对环保零添加，靠谱不", "店里挂着“百分百无毒”，这话能信吗", "孕妇刷了绝对没事的漆",
    ],
)  # fmt: skip
def test_c9_no_overclaim_goes_out(world: str, text: str) -> None:
    answer = ask(world, text)
    titles = [p.title for p in talk(world).parts.catalogue.products(answer["products"])]
    said = answer["text"]
    for title in titles:
        said = said.replace(title, "")
    claims = find_claims(said)
    assert answer["text"] and not claims, claims


@BOTH
@pytest.mark.parametrize("text", ["买到假的了", "我买的漆是冒牌货，咋办", "证书是假的，我要举报"])
def test_c10_suspected_goods_go_to_a_person_with_the_official_number(world: str, text: str) -> None:
    answer = ask(world, text)
    assert answer["intent"] == "handoff" and "12315" in answer["text"] and not answer["products"]


@BOTH
def test_c11_a_maker_gets_facts_and_no_judgement(world: str) -> None:
    catalogue = talk(world).parts.catalogue
    for maker in list(catalogue.enterprises.values())[::9]:
        answer = ask(world, f"{maker.name}靠谱不")
        brands = tuple(brand.id for brand in catalogue.brands_of_enterprise(maker.id))
        own = goods(world, brands=brands)
        holding = [p for p in own if certified(held(world, p), DAY, _meant(world, p))]
        assert answer["intent"] == "enterprise" and answer["enterprises"] == [maker.id]
        assert f"在售 {len(own)} 款，现在有证的 {len(holding)} 款" in answer["text"]
        assert not re.search("靠谱|放心买|值得信赖|正规厂", answer["text"])
        assert all(certified(held(world, p), DAY, _meant(world, p)) for p in catalogue.products(answer["products"]))
