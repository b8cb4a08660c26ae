"""Quantities by the stated formula; what was said once holds until it is said otherwise."""

from __future__ import annotations

from fractions import Fraction

import pytest

from handlers.calculation.formulas import Recipe, bags_in_volume, piece_area, pieces_needed, units_needed
from handlers.calculation.reading import read_inputs
from handlers.calculation.surfaces import surface_of
from handlers.understanding.normalise import normalise
from handlers.understanding.quantities import find_quantities

# what is said, what it is for → m²
AREAS = [
    ("三间房,每间15平,刷墙要几桶", "wall", 112.5),
    ("三间15平的房间刷漆", "wall", 112.5),
    ("两个卧室各12平，客厅25平，铺地板", "floor", 49),
    ("客厅长6米宽4米高2.8米刷墙", "wall", 56),
    ("6米乘4米的房间，层高3米，刷墙", "wall", 60),
    ("两间卧室，一间12平一间15平，刷墙", "wall", 67.5),
    ("三间房，一间15平，刷墙", "wall", 112.5),
    ("卫生间3平，高2.4米，长2米宽1.5米，贴墙砖", "wall", 16.8),
    ("厨房墙砖周长9米高2.4米", "wall", 21.6),
    ("刷墙50平，加顶", "wall", 70),
    ("墙纸15平的卧室要几卷", "wall", 37.5),
    ("房间长5米、宽4米，铺地砖", "floor", 20),
    ("院子8米长6米宽", "floor", 48),
    ("100平的房子刷墙要几桶", "wall", 250),
    ("两室一厅80平刷墙", "wall", 200),
    ("刷90平两遍几桶够", "wall", 90),
    ("墙面120平，门窗扣掉15平", "wall", 120),
    ("墙50平贴墙纸几卷够", "wall", 50),
    ("我家110平米，墙和顶都刷", "wall", 385),
    ("16平的房间铺600x600砖", "floor", 16),
    ("墙周长10米，高2.4米", "wall", 24),
    ("长5米高3米的一面墙", "wall", 15),
    ("一百二十平三层楼外墙", "facade", 394.2),
]


@pytest.mark.parametrize(("said", "base", "area"), AREAS)
def test_areas_are_of_what_they_are_said_of(said, base, area):
    text = normalise(said).text
    surface = surface_of(read_inputs(text, find_quantities(text)), base)
    assert surface is not None
    assert float(surface.area) == pytest.approx(area)


@pytest.mark.parametrize(
    ("area", "coverage", "coats", "loss", "units"),
    [
        ("90", "52", 2, 6, 4),
        ("50", "5.3", 1, 8, 11),
        ("30", "1", 1, 6, 32),
        ("100", "50", 2, 0, 4),
        ("0", "50", 2, 5, 0),
    ],
)
def test_whole_units_by_the_formula(area, coverage, coats, loss, units):
    assert units_needed(Fraction(area), Recipe(Fraction(coverage), Fraction(coats), Fraction(loss))) == units


def test_a_whole_result_is_not_rounded_up():
    # 0.1 + 0.2 of floats would make 4.000000001 of this
    assert units_needed(Fraction("0.3"), Recipe(Fraction("0.1"), Fraction(1), Fraction(0))) == 3


def test_pieces_of_a_known_size():
    area = piece_area("600x600")
    assert area == Fraction(36, 100)
    assert pieces_needed(Fraction(16), area, Fraction(6)) == 48
    assert piece_area("305") is None


def test_bags_in_a_volume():
    assert bags_in_volume(Fraction(1), Fraction(330), Fraction(50)) == 7


# --- the answers


def test_the_product_goes_before_its_category(ask, text_of):
    answer = ask("calculate", "刷90平两遍几桶够", skus=("p1",))
    assert answer.quantities == (
        {"category": "latex", "amount": 4, "unit": "桶", "area_m2": 90, "coats": 2, "loss_pct": 6},
    )
    text = text_of(answer)
    assert "要买 4 桶" in text and "每桶一遍 52 平方米" in text and "损耗 6%" in text and "672 元" in text


def test_the_category_goes_before_the_usual(ask):
    assert ask("calculate", "刷90平", categories=("latex",)).quantities[0]["amount"] == 4


def test_a_usual_figure_is_said_to_be_one(ask, text_of):
    answer = ask("calculate", "外墙100平要几桶", categories=("facade",))
    assert answer.quantities[0]["amount"] == 2
    assert "行里常用" in text_of(answer)


def test_pieces_are_a_second_element(ask):
    answer = ask("calculate", "16平的房间铺砖要几块", skus=("g1",))
    assert [(q["amount"], q["unit"]) for q in answer.quantities] == [(17, "平方米"), (47, "片")]


def test_a_calculation_goes_on(ask):
    assert ask("calculate", "20平的房间刷墙要几桶", categories=("latex",)).quantities[0]["area_m2"] == 50
    assert ask("calculate", "刷三遍呢").quantities[0]["coats"] == 3
    assert ask("calculate", "加顶").quantities[0]["area_m2"] == 70
    assert ask("calculate", "门窗扣10平").quantities[0]["area_m2"] == 60
    assert ask("calculate", "不算顶").quantities[0]["area_m2"] == 40
    assert ask("calculate", "再加一间12平的").quantities[0]["area_m2"] == 70
    last = ask("calculate", "损耗10%").quantities[0]
    assert (last["coats"], last["loss_pct"], last["area_m2"]) == (3, 10, 70)


def test_a_height_changes_the_walls(ask):
    ask("calculate", "20平的房间刷墙要几桶", categories=("latex",))
    assert ask("calculate", "层高三米").quantities[0]["area_m2"] == pytest.approx(53.57, abs=0.01)


def test_an_area_can_be_said_to_be_the_floors(ask):
    assert ask("calculate", "乳胶漆20平要几桶", categories=("latex",)).quantities[0]["area_m2"] == 20
    assert ask("calculate", "说的是房间面积").quantities[0]["area_m2"] == 50


def test_another_material_takes_the_area_over(ask):
    ask("calculate", "客厅30平，铺地面要多少地砖", categories=("tile",))
    assert ask("calculate", "那木地板呢", categories=("floor",)).quantities[0]["amount"] == 32


def test_a_missing_area_is_asked_for(ask):
    answer = ask("calculate", "乳胶漆要几桶", categories=("latex",))
    assert answer.intent == "clarify"
    assert 2 <= len(answer.choices) <= 6


def test_a_missing_material_is_asked_for(ask):
    answer = ask("calculate", "20平要多少")
    assert answer.intent == "clarify"
    assert ask("calculate", "", categories=("latex",), cues=()).quantities == ()


def test_what_a_unit_covers(ask, text_of):
    text = text_of(ask("calculate", "一桶能刷多少平", skus=("p1",), cues=("ask.coverage",)))
    assert "刷一遍约 52 平方米" in text and "26 平方米" in text


@pytest.mark.parametrize(("said", "word"), [("3桶够不够刷100平", "不够，还差 2 桶"), ("5桶够不够刷100平", "，够。")])
def test_whether_it_is_enough(ask, text_of, said, word):
    assert word in text_of(ask("calculate", said, categories=("latex",), cues=("calc.enough",)))


def test_bags_for_a_cubic_metre(ask, text_of):
    answer = ask("calculate", "一方是几袋", categories=("cement",))
    assert 7 in [q["amount"] for q in answer.quantities]
    assert "330 公斤" in text_of(answer)


def test_no_figure_is_better_than_a_guess(ask, text_of):
    answer = ask("calculate", "20平要几个合页", categories=("hinge",))
    assert answer.quantities == ()
    assert "没有靠得住的" in text_of(answer)
