"""第二个, 它, 前两个, 最后那个: what is pointed at."""

from __future__ import annotations

import pytest

from handlers.context.references import best_of, find_reference
from handlers.session import Session, Topic
from tests.assistants import demonstration
from tests.handlers.conversation import read, say, talk


def listed(session: Session | None = None) -> tuple[Session, tuple[str, ...]]:
    """Return a session that shows five kinds of toilets."""
    _, known = talk("马桶")
    return known, known.topic.listed


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("第一个", [0]),
        ("第二个有证吗", [1]),
        ("第3个", [2]),
        ("最后那个", [-1]),
        ("1和3哪个好", [0, 2]),
        ("第二款跟第四款比比", [1, 3]),
        ("2", [1]),
    ],
)
def test_ordinals_point_into_the_last_list(text: str, places: list[int]) -> None:
    session, skus = listed()
    found = find_reference(read(text), session, demonstration().catalogue)
    assert found.skus == tuple(skus[place] for place in places)
    assert found.said
    assert found.beyond is None


@pytest.mark.parametrize("text", ["把那个便宜的换成大桶的", "要小桶的"])
def test_a_larger_one_of_nothing_points_nowhere(text: str) -> None:
    assert find_reference(read(text), Session(), demonstration().catalogue).skus == ()


def test_an_ordinal_past_the_end_is_told() -> None:
    session, _ = listed()
    found = find_reference(read("第九个"), session, demonstration().catalogue)
    assert (found.skus, found.beyond) == ((), 9)


def test_an_ordinal_without_a_list_is_told() -> None:
    found = find_reference(read("第二个"), Session(), demonstration().catalogue)
    assert found.without_list


def test_it_is_what_was_spoken_of_last() -> None:
    session, skus = listed()
    session.topic.focus = (skus[3],)
    assert find_reference(read("它有证吗"), session, demonstration().catalogue).skus == (skus[3],)


def test_it_is_the_only_one_that_was_shown() -> None:
    session = Session(topic=Topic(listed=("YS180101",)))
    assert find_reference(read("它多少钱"), session, demonstration().catalogue).skus == ("YS180101",)


def test_these_are_all_that_were_shown() -> None:
    session, skus = listed()
    assert find_reference(read("这几款都有认证吗"), session, demonstration().catalogue).skus == skus


@pytest.mark.parametrize("text", ["马桶", "三百以内", "第一次装修", "二楼厕所用", "刷两遍"])
def test_other_words_point_at_nothing(text: str) -> None:
    session, _ = listed()
    found = find_reference(read(text), session, demonstration().catalogue)
    assert not found.skus


def test_a_product_is_pointed_at_once() -> None:
    session, skus = listed()
    assert find_reference(read("1和1哪个好"), session, demonstration().catalogue).skus == (skus[0],)


def test_the_best_of_a_list_by_a_figure() -> None:
    catalogue = demonstration().catalogue
    skus = tuple(product.sku for product in catalogue.products([f"YS1801{n:02}" for n in range(1, 12)]))
    prices = [product.price for product in catalogue.products(best_of(catalogue, skus, "price_asc"))]
    assert prices == sorted(price for price in prices if price is not None)
    water = [product.water_m3_per_year for product in catalogue.products(best_of(catalogue, skus, "water_saving"))]
    known = [value for value in water if value is not None]
    assert known == sorted(known, reverse=True)
    assert water[: len(known)] == known, "products without the figure come last"


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("18升那个呢", "YS110109"),
        ("大桶的呢", "YS110109"),
        ("大桶那个有证吗", "YS110109"),
        ("小桶的呢", "YS110125"),
        ("18升的有证没", "YS110109"),
    ],
)
def test_after_a_check_a_size_means_the_variant_that_has_it(text: str, sku: str) -> None:
    (first, other), _ = talk("YS110101有证吗", text)
    assert first.products == ("YS110101",)
    assert (other.intent, other.products) == ("verify", (sku,))


@pytest.mark.parametrize("text", ["4毫米的呢", "4毫米那个呢", "4毫米的有证没"])
def test_a_variant_is_not_called_certified_for_its_sibling(text: str) -> None:
    (first, other), session = talk("YS120206有证吗", text)
    assert [verdict["status"] for verdict in first.verdicts] == ["valid"]
    assert (other.intent, other.products) == ("verify", ("YS120211",))
    assert "valid" not in {verdict["status"] for verdict in other.verdicts}
    compared, _ = say("这俩差在哪", session)
    assert (compared.intent, set(compared.products)) == ("compare", {"YS120211", "YS120206"})


@pytest.mark.parametrize("text", ["7毫米的有证没", "7毫米那个呢", "900的有证没"])
def test_a_variant_that_there_is_not_gets_no_certificate_of_another(text: str) -> None:
    (_, other), _ = talk("YS120206有证吗", text)
    assert other.intent != "verify"
    assert not other.verdicts


def test_a_value_or_a_colour_names_the_variant_too() -> None:
    (_, other), _ = talk("YS220209有证吗", "古铜色那个呢")
    assert (other.intent, other.products) == ("verify", ("YS220207",))
    (_, shown), _ = talk("YS210501多少钱", "1500的那个呢")
    assert (shown.intent, shown.products) == ("detail", ("YS210505",))


@pytest.mark.parametrize(
    ("text", "sku"),
    [
        ("苇塘晚溪午浅灰色的外墙漆有证吗", "YS110420"),
        ("瓠藤弯长堤墙砖浅灰色那款跟浅绿的一样有认证吧", "YS140217"),
        ("蒲穗摇远岫水磨石色的地砖有证没", "YS140125"),
    ],
)
def test_a_variant_named_with_its_maker_is_not_called_certified_for_its_sibling(text: str, sku: str) -> None:
    answer, _ = say(text)
    assert (answer.intent, answer.products) == ("verify", (sku,))
    green = [one["status"] for one in answer.verdicts if str(one["certificate"]).startswith("DEMO-LJ")]
    assert green == ["not_covered"]


def test_a_variant_that_nobody_makes_is_answered_with_none() -> None:
    answer, _ = say("瓠藤弯长堤黑色的墙砖有证吗")
    assert not {verdict["status"] for verdict in answer.verdicts} & {"valid"}


@pytest.mark.parametrize("text", ["4毫米的肯定也有吧", "4毫米的也有证吧", "那4毫米的一样是三星咯", "4毫米的跟它一样吧"])
def test_what_is_said_to_be_certified_as_well_is_checked(text: str) -> None:
    (_, other), _ = talk("YS120206有证吗", text)
    assert (other.intent, other.products) == ("verify", ("YS120211",))
    assert "valid" not in {verdict["status"] for verdict in other.verdicts}


def test_which_variant_has_a_certificate_is_told_of_each_once() -> None:
    (_, told), _ = talk("YS120206有证吗", "没证的是哪种厚度")
    assert told.intent == "verify"
    assert {"YS120206", "YS120211"} <= set(told.products)
    assert len(set(told.products)) == len(told.products)
