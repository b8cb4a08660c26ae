"""A list opens as things are today: what lapsed, left the catalogue or costs something else is said first."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path

import pytest

from bot.wording import load_wording
from catalog_db.catalog import open_catalogue
from catalog_db.database import open_database
from catalog_db.loading.importing import load
from handlers import kept_list
from handlers.kept_list import Kept, kept_calculation, kept_product, moved, with_item
from handlers.phrases.lists import read_list_words
from handlers.phrases.notebooks import without_people
from handlers.phrases.spoken_code import ALPHABET, LENGTH, is_code, new_code, read_code, shown_code
from handlers.turn import Listing, Say
from tests.catalog_db.folders import GOOD, write_folder

SAVED, TODAY = date(2026, 7, 1), date(2026, 11, 22)
WORDS = load_wording()


class Shop:
    """A catalogue that changes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, copy.deepcopy(GOOD)
        self.url = f"sqlite:///{(folder / 'shop.db').as_posix()}"

    def opened(self, day: date):
        source = write_folder(self.folder / f"{day}{len(list(self.folder.iterdir()))}", self.files)
        database = open_database(self.url)
        load(source, database, today=day)
        database.close()
        return open_catalogue(self.url)

    def shown(self, items: tuple[Kept, ...]) -> list[str]:
        with self.opened(TODAY) as catalogue:
            goods = kept_list.goods_of(catalogue, items)
            answer = kept_list.answer("厨房清单", items, catalogue, goods, TODAY)
        said = []
        for block in answer.blocks:
            if isinstance(block, Say):
                said.append(WORDS.text(block.text))
            elif isinstance(block, Listing):
                said += [line for entry in block.entries for line in (entry.title, *map(WORDS.text, entry.lines))]
        return said


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.fixture
def items(shop: Shop) -> tuple[Kept, ...]:
    with shop.opened(SAVED) as catalogue:
        kept = [kept_product(catalogue, sku, SAVED) for sku in ("p1", "p2")]
    return tuple(Kept.from_json(item.to_json()) for item in kept if item)


def first_warning(said: list[str]) -> str:
    assert said[1] == WORDS.say("list.changed"), said
    return said[2]


def test_what_has_not_changed_warns_of_nothing(shop: Shop, items: tuple[Kept, ...]) -> None:
    said = shop.shown(items)
    assert not any("⚠" in line for line in said)
    assert any("GBM-2025-001" in line for line in said)


@pytest.mark.parametrize("status", ["suspended", "revoked"])
def test_a_certificate_that_was_taken_back_is_said_first(shop: Shop, items: tuple[Kept, ...], status: str) -> None:
    shop.files["certificates"][0]["status"] = status
    said = shop.shown(items)
    assert "试牌 净味乳胶漆" in first_warning(said) and "认证" in first_warning(said)
    assert not any("GBM-2025-001" in line for line in said), "no number of a certificate that does not hold"


def test_a_certificate_that_has_run_out_is_said_first(shop: Shop, items: tuple[Kept, ...]) -> None:
    shop.files["certificates"][0]["expires_on"] = "2026-11-21"
    shop.files["products"][0]["price"] = "350"
    said = shop.shown(items)
    assert "过期" in first_warning(said)
    assert "299.50" in said[3] and "350" in said[3], "the price after the certificate"


def test_a_product_that_is_gone_or_not_sold_is_said_and_not_added_up(shop: Shop, items: tuple[Kept, ...]) -> None:
    shop.files["products"][0]["status"] = "off_sale"
    del shop.files["products"][1]
    said = shop.shown(items)
    assert sum("⚠" in line for line in said) == 2
    assert WORDS.say("list.total_without", count=2) in said


def test_a_new_certificate_and_a_new_price_are_said_too(shop: Shop, items: tuple[Kept, ...]) -> None:
    shop.files["certificates"][0]["skus"] = "p1|p2"
    shop.files["products"][1]["price"] = "700"
    said = shop.shown(items)
    assert "799" in said[2] and "700" in said[2]
    assert "今天有了" in said[3]


def test_quantities_notes_order_and_total(shop: Shop, items: tuple[Kept, ...]) -> None:
    paint, toilet = items
    listed = with_item((), toilet)
    listed = with_item(listed, paint)
    assert [item.ref for item in moved(listed, 1, 0)] == ["p1", "p2"]
    from dataclasses import replace

    counted = (
        replace(paint, count=3, note="先送到村口"),
        toilet,
        kept_calculation(["要买 5 桶。", "按 120 平算"], SAVED),
    )
    said = shop.shown(counted)
    assert any("3 件" in line and "898.50" in line for line in said), said
    assert any("先送到村口" in line for line in said) and any("按 120 平算" in line for line in said)
    assert WORDS.say("list.total", cost=_money("1697.5")) in said


def _money(amount: str):
    from decimal import Decimal

    from handlers.turn import Money

    return Money(Decimal(amount))


def test_the_same_thing_twice_is_one_entry(items: tuple[Kept, ...]) -> None:
    assert len(with_item(with_item(with_item((), items[0]), items[1]), items[0])) == 2


# ---- what is said


@pytest.mark.parametrize(
    ("said", "op", "values"),
    [
        ("加到清单", "save", {}),
        ("第二个加到清单", "save", {"which": "第二个"}),
        ("把第2个加到厨房清单", "save", {"which": "第2个", "list": "厨房"}),
        ("存一下", "save", {}),
        ("我的清单", "show", {}),
        ("看看王姐·厨房清单", "show", {"list": "王姐·厨房"}),
        ("清单第二个要3桶", "count", {"which": "第二个", "count": "3"}),
        ("清单第三个备注：送到村口", "note", {"which": "第三个", "note": "送到村口"}),
        ("清单第三个放到最前面", "move", {"which": "第三个", "count": "最前"}),
        ("清单去掉第二个", "remove", {"which": "第二个"}),
        ("清单改名叫王姐·厨房清单", "rename", {"name": "王姐·厨房清单"}),
        ("删掉厨房清单", "erase", {"list": "厨房"}),
        ("给我来个能发群里的", "group", {}),
        ("把厨房那套发我打印", "print", {"list": "厨房"}),
        ("做成图片", "card", {}),
    ],
)
def test_what_a_sentence_about_lists_means(said: str, op: str, values: dict[str, str]) -> None:
    phrase = read_list_words(said)
    assert phrase is not None
    assert (phrase.op, dict(phrase.values)) == (op, values)


@pytest.mark.parametrize("said", ["第二个", "装修要多少钱", "瓷砖", "存货多吗", "便宜点的"])
def test_what_is_not_about_lists(said: str) -> None:
    assert read_list_words(said) is None


# ---- the spoken code


def test_codes_are_drawn_from_what_nobody_confuses() -> None:
    from random import Random

    chance = Random(1)
    drawn = {new_code(chance.randrange) for _ in range(2000)}
    assert len(drawn) > 1990
    assert all(is_code(code) and len(code) == LENGTH for code in drawn)
    for alike in ("0OQD", "1IL7", "2Z", "5S", "8B", "6G9", "UVW", "MN", "BCDEGPTVZ", "AHJ", "AKJ", "FS"):
        assert sum(char in ALPHABET for char in alike) <= 1, alike


@pytest.mark.parametrize("said", ["口令 8K3F7M", "口令8k3f-7m", "口令是八K三F七M", "8K3F7M", "8k3 f7m", "８Ｋ３Ｆ７Ｍ"])
def test_a_code_is_read_however_it_is_said(said: str) -> None:
    assert read_code(said) == "8K3F7M"
    assert read_code(shown_code("8K3F7M")) == "8K3F7M"


@pytest.mark.parametrize("said", ["乳胶漆", "C30 500", "234567", "口令", "600x600", "PPR 25", "300-500"])
def test_what_is_no_code(said: str) -> None:
    assert read_code(said) is None


@pytest.mark.parametrize(
    ("said", "left"),
    [("王姐·厨房清单", "厨房清单"), ("张大爷的清单", "清单"), ("厨房清单", "厨房清单"), ("二狗的", ""), ("万家乐热水器", "万家乐热水器"),
     ("老李家三楼", "三楼"), ("周转箱", "周转箱"), ("华润漆", "华润漆")],
)  # fmt: skip
def test_names_of_neighbours_are_left_out(said: str, left: str) -> None:
    assert without_people(said, ("二狗",)) == left
