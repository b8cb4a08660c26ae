"""Values of attributes that are said in other words than a catalogue has them."""

from __future__ import annotations

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
