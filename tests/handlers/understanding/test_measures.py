"""What values of a catalogue say, read one by one."""

from decimal import Decimal

import pytest

from handlers.understanding.measures import capacity, capacity_in, digits_of, figure_of, measure, watts, watts_in


@pytest.mark.parametrize(
    ("value", "power"), [("36W", 36), ("1.5kW", 1500), ("24 瓦", 24), ("2千瓦", 2000), ("36", None), ("12W/m", None)]
)
def test_a_value_is_a_power_as_a_whole(value, power):
    assert watts(value) == power


@pytest.mark.parametrize(("text", "power"), [("吸顶灯 36W 圆形", 36), ("浴霸 2.4 千瓦", 2400), ("陶瓷马桶", None)])
def test_a_power_is_found_in_a_title(text, power):
    assert watts_in(text) == (None if power is None else Decimal(power))


@pytest.mark.parametrize(
    ("value", "held"),
    [("20公斤", ("kg", 20)), ("500ml", ("l", Decimal("0.5"))), ("1.5m³", ("l", 1500)), ("一桶", None)],
)
def test_contents_are_told_in_kilograms_or_litres(value, held):
    assert capacity(value) == held


def test_contents_are_found_in_more_words():
    assert capacity_in("20 KG/袋") == ("kg", 20)
    assert capacity_in("30片/箱") is None


def test_half_a_litre_is_less_than_one():
    assert measure("500mL") < measure("1L")
    assert measure("910x125") == 910
    assert measure("均码") is None


def test_figures_are_read_whatever_the_unit():
    assert (figure_of("305mm"), figure_of("≤0.5%")) == (305, None)
    assert (digits_of("De 20mm"), digits_of("暖白")) == ("20", "")
