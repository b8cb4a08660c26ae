"""Certification is told by state, product by product, and never claimed of what is not certified on the day."""

from __future__ import annotations

import re

import pytest

# sku → (status of its first verdict, what the text must say, what it may not say)
STATES = {
    "p1": ("valid", "在有效期内", "过期|暂停中|撤销"),
    "p2": ("not_covered", "没有列入", "在有效期内|已获证"),
    "p3": ("expired", "过期", "在有效期内|已获证"),
    "p4": ("suspended", "暂停", "在有效期内|已获证"),
    "p5": ("revoked", "撤销", "在有效期内|已获证"),
    "p6": ("not_yet_valid", "尚未生效", "在有效期内|已获证"),
    "f1": ("none", "没查到", "在有效期内|已获证"),
}


@pytest.mark.parametrize("sku", STATES)
def test_every_state_has_its_own_words(ask, text_of, sku):
    status, said, unsaid = STATES[sku]
    answer = ask("verify", "有认证吗", skus=(sku,))
    text = text_of(answer)
    assert answer.verdicts[0]["status"] == status
    assert answer.verdicts[0]["sku"] == sku
    assert re.search(said, text)
    assert not re.search(unsaid, text)


@pytest.mark.parametrize("sku", STATES)
def test_source_day_and_official_way_stand_in_every_answer(ask, text_of, sku):
    text = text_of(ask("verify", "有认证吗", skus=(sku,)))
    assert "2026年11月22日" in text
    assert "cx.cnca.cn" in text
    assert "12315" in text


def test_a_product_without_certificate_is_not_called_fake(ask, text_of):
    assert "没查到不等于是假的" in text_of(ask("verify", "真的假的", skus=("f1",)))


def test_certificates_in_force_come_first_and_each_has_its_verdict(ask):
    answer = ask("verify", "有哪些证书", skus=("t1",))
    assert [v["certificate"] for v in answer.verdicts] == ["LJ-24-0007", "JS-25-0008"]
    assert answer.certificates == ("LJ-24-0007", "JS-25-0008")


def test_a_certificate_that_ends_soon_says_so(ask, text_of):
    assert "还有 48 天到期" in text_of(ask("verify", "有证吗", skus=("t1",)))


def test_only_the_scheme_asked_about_is_judged(ask, text_of):
    answer = ask("verify", "t2是绿色建材认证吗", skus=("t2",), schemes=("green_building_material",))
    text = text_of(answer)
    assert [v["status"] for v in answer.verdicts] == ["none"]
    assert answer.certificates == ()
    assert "节水认证" in text and "另一种认证" in text
    assert "水效 1 级是用水的等级标识，不是认证" in text


def test_fewer_stars_than_asked_are_said(ask, text_of):
    answer = ask("verify", "这灯三星吗", skus=("l1",), stars=(3,))
    assert answer.verdicts[0]["status"] == "valid"
    assert "证书上写的是二星" in text_of(answer)


def test_the_list_is_no_certificate(ask, text_of):
    assert "上名录不等于" in text_of(ask("verify", "有证吗", skus=("f1",)))


def test_what_the_programme_does_not_cover_is_told_apart(ask, text_of):
    assert "不在绿色建材认证的产品范围里" in text_of(ask("verify", "合页有证吗", categories=("hinge",)))
    assert "在绿色建材认证的产品范围里（卫生洁具）" in text_of(ask("verify", "马桶有证吗", categories=("toilet",)))


# --- by number


@pytest.mark.parametrize("typed", ["LJ-25-0001", "lj250001", "ＬＪ－２５－０００１", "LJ 25 0001", "LJ.25.0001"])
def test_a_number_is_folded(ask, typed):
    answer = ask("verify", typed, certificate_numbers=(typed,))
    assert answer.certificates == ("LJ-25-0001",)
    assert answer.verdicts[0]["status"] == "valid"


@pytest.mark.parametrize(
    ("number", "status"),
    [
        ("LJ-23-0003", "expired"),
        ("LJ-25-0004", "suspended"),
        ("LJ-25-0005", "revoked"),
        ("LJ-26-0006", "not_yet_valid"),
    ],
)
def test_a_number_has_the_state_of_the_day(ask, text_of, number, status):
    answer = ask("verify", number, certificate_numbers=(number,))
    assert answer.verdicts[0]["status"] == status
    assert "在有效期内" not in text_of(answer)


def test_a_near_number_is_only_offered(ask, text_of, wording):
    answer = ask("verify", "LJ-25-0002", certificate_numbers=("LJ-25-0002",))
    assert [v["status"] for v in answer.verdicts] == ["unknown_number"]
    assert answer.certificates == ()
    assert "LJ-25-0001" in {wording.text(choice.label) for choice in answer.choices}
    assert "没有查到编号" in text_of(answer)
    assert "LJ-25-0001" not in text_of(answer)


def test_a_certificate_that_names_no_product_proves_nothing(ask, text_of):
    answer = ask("verify", "LJ-25-0009", certificate_numbers=("LJ-25-0009",))
    assert answer.products == ()
    assert "没有写明产品" in text_of(answer)


def test_a_number_with_another_product_does_not_cover_it(ask):
    answer = ask("verify", "t2 是不是 LJ-24-0007", certificate_numbers=("LJ-24-0007",), skus=("t2",))
    assert {"certificate": "LJ-24-0007", "sku": "t2", "status": "not_covered"} in answer.verdicts


# --- by brand


def test_a_brand_is_answered_unit_by_unit(ask, text_of):
    answer = ask("verify", "溪声有认证吗", brands=("b2",))
    text = text_of(answer)
    assert "5 个型号" in text and "3 个有在有效期内" in text and "其余 2 个没查到" in text
    assert "要看是哪一款" in text
    assert set(answer.products) == {"t1", "l1", "g1"}


def test_a_brand_without_products_is_not_called_uncertified(ask, text_of):
    answer = ask("verify", "没货牌有认证吗", brands=("b3",))
    assert answer.verdicts == ({"certificate": None, "sku": None, "status": "none"},)
    assert "没查到不等于是假的" in text_of(answer)


def test_nothing_named_is_asked_back(ask):
    answer = ask("verify", "帮我查证")
    assert answer.intent == "clarify"
    assert 2 <= len(answer.choices) <= 6
