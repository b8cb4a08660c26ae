"""Values of attributes that are said in other words than a catalogue has them."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.understanding.attributes import AttributeScanner

SCANNER = AttributeScanner({"形状": ("方形", "圆形"), "玻璃": ("夹胶",)})


def _said(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(span.name, span.values) for span in SCANNER.scan(text)]


def test_a_shape_is_told_where_a_clause_begins() -> None:
    assert _said("方的灯") == [("形状", ("方形",))]
    assert _said("灯要亮,圆的") == [("形状", ("圆形",))]


def test_the_end_of_another_word_is_no_shape() -> None:
    assert _said("12立方的池子") == []
    assert _said("我们地方的灯") == []


def test_a_value_with_the_name_of_its_attribute_is_one_word() -> None:
    assert _said("要夹胶玻璃的") == [("玻璃", ("夹胶",))]


SCALES = AttributeScanner(
    {
        "显色指数": ("Ra80", "Ra95"),
        "密度": ("80kg/m³", "150kg/m³"),
        "电流": ("10A", "25A"),
        "线径": ("1.5平方", "6平方"),
    }
)
MADE = AttributeScanner({"材质": ("铜", "铝"), "面板材质": ("铝",), "电池片": ("双面双玻",), "玻璃": ("双玻",)})


def _values(text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(span.name, span.values) for span in SCALES.scan(text)]


def test_a_figure_behind_the_name_needs_neither_the_letters_nor_the_unit() -> None:
    assert _values("显色指数95的灯") == [("显色指数", ("Ra95",))]
    assert _values("密度要150的") == [("密度", ("150kg/m³",))]


def test_a_limit_is_one_of_its_own_scale() -> None:
    assert _values("密度100以上") == [("密度", ("150kg/m³",))]
    assert _values("密度150kg/m3往下的") == [("密度", ("80kg/m³", "150kg/m³"))]
    assert _values("ra90以上的灯") == [("显色指数", ("Ra95",))]
    assert _values("20a以上的空开") == [("电流", ("25A",))]
    assert _values("6平方以上的线") == [("线径", ("6平方",))]


def test_the_name_may_stand_between_a_figure_and_its_limit() -> None:
    assert _values("100kg/m3密度以上的板") == [("密度", ("150kg/m³",))]
    assert _values("20a的电流往下") == [("电流", ("10A",))]


def test_what_counts_anything_is_no_value() -> None:
    lamps = AttributeScanner({"续航": ("3个阴雨天", "5个阴雨天")})
    assert lamps.scan("要5个") == []
    assert [span.values for span in lamps.scan("5个阴雨天的")] == [("5个阴雨天",)]


def test_what_lies_beyond_a_figure_leaves_it_out() -> None:
    assert _values("密度大于80的") == [("密度", ("150kg/m³",))]
    assert _values("密度不低于80的") == [("密度", ("80kg/m³", "150kg/m³"))]


def test_a_figure_far_from_the_scale_is_none_of_it() -> None:
    assert _values("900a以上的") == []
    assert _values("60平方以上的房子") == []


def test_one_character_is_a_value_behind_its_name_or_behind_goods() -> None:
    assert [span.values for span in MADE.scan("把手材质铜")] == [("铜",)]
    assert [span.values for span in MADE.scan("把手铜", behind={2})] == [("铜",)]
    assert MADE.scan("黄铜器") == []


def test_the_whole_value_counts_before_a_part_of_another() -> None:
    assert [span.name for span in MADE.scan("双玻的")] == ["玻璃"]


def _of(attributes: Mapping[str, tuple[str, ...]], text: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(span.name, span.values) for span in AttributeScanner(attributes).scan(text)]


def test_parts_are_counted_as_people_count_them() -> None:
    plates = {"孔位": ("五孔", "七孔"), "极数": ("2P", "4P", "1P+N")}
    assert _of(plates, "五个眼的插座") == [("孔位", ("五孔",))]
    assert _of(plates, "空开要两个极的") == [("极数", ("2P",))]
    assert _of(plates, "要五个插座") == []


def test_a_value_is_said_by_what_it_does() -> None:
    doors = {"开启方向": ("左内开", "右外开"), "安装": ("壁挂式", "落地式")}
    assert _of(doors, "门朝里开的") == [("开启方向", ("左内开",))]
    assert _of(doors, "柜子挂墙上") == [("安装", ("壁挂式",))]
    assert _of(doors, "不落地的柜子") == [("安装", ("壁挂式",))]


def test_what_is_there_or_not_is_told_by_the_name_of_the_attribute() -> None:
    sockets = {"遥控功能": ("无", "红外遥控", "手机遥控")}
    assert _of(sockets, "带遥控的灯") == [("遥控功能", ("红外遥控", "手机遥控"))]
    assert _of(sockets, "不带遥控的灯") == [("遥控功能", ("无",))]


def test_a_unit_in_letters_is_said_in_words() -> None:
    assert _of({"电流": ("10A", "16A")}, "十六安的") == [("电流", ("16A",))]
    assert _of({"电流": ("10A", "16A")}, "16安的") == [("电流", ("16A",))]


def test_one_word_of_several_attributes_keeps_them_all() -> None:
    (span,) = AttributeScanner({"龙头材质": ("全铜",), "阀芯材质": ("全铜",)}).scan("全铜的")
    assert [span.name, *(name for name, _ in span.others)] == ["龙头材质", "阀芯材质"]
