"""What is passed on holds without a link: names, certificates, dates and code; the picture is small and its code is read."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
import zxingcpp
from PIL import Image

from bot.plain import utf16_length
from bot.share_card import _FACT, MOST_BYTES, WIDTH, card, wrap
from bot.share_sheet import sheet
from bot.shared import Shared, pasted, shared, without_claims
from catalog_db.certification import in_force
from catalog_db.search.query import ProductQuery
from handlers.certification.claims import find_claims
from handlers.kept_list import Kept, kept_product
from tests.assistants import DAY, demonstration

LINK = "https://t.me/lvxuan_bot?start=1kABCDEFGHIJKabcdefghij"
_LINKS = re.compile(r"https?://\S+|\b[\w.-]+\.(?:com|cn|me)\S*")


def items(count: int, **query: object) -> tuple[Kept, ...]:
    catalogue = demonstration().catalogue
    hits = catalogue.search(ProductQuery(DAY, limit=count, **query)).hits  # type: ignore[arg-type]
    return tuple(kept for hit in hits if (kept := kept_product(catalogue, hit.sku, DAY)))


def made(kept: tuple[Kept, ...], **told: str) -> Shared:
    parts = demonstration()
    given = {"code": "8K3 F7M", "link": LINK, "bot": "@lvxuan_bot"} | told
    return shared("厨房清单", kept, parts.catalogue, DAY, parts.wording, days=30, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 5, 50])
def test_a_text_says_everything_with_all_links_taken_out(count: int) -> None:
    kept, catalogue = items(count, certified=True), demonstration().catalogue
    text = _LINKS.sub("", "\n\n".join(made(kept).texts))
    assert "8K3 F7M" in text and "2026年11月22日" in text and "村推广员" in text
    for item in kept:
        product = catalogue.product(item.ref)
        assert product is not None and without_claims(product.title)[0] in text
        number = item.told["certificate"]
        held = next(c for c in catalogue.certificates_of(item.ref) if c.number == number)
        until = held.expires_on
        assert in_force(held, DAY)
        assert f"{number}，到 {until.year}年{until.month}月{until.day}日" in text
        seen = product.price_on or DAY
        assert f"{seen.year}年{seen.month}月{seen.day}日的价" in text
    assert "今天的价" not in text and "天前" not in text, "nobody knows when it is read"


def test_the_sheet_has_a_text_that_says_the_same() -> None:
    content = sheet(made(items(50)))
    assert content.startswith(b"%PDF") and content.count(b"/Type /Page\n") + content.count(b"/Type /Page ") >= 3
    assert len(content) < 2_000_000


@pytest.mark.parametrize("count", [1, 5, 50])
def test_the_code_of_a_card_is_read_at_half_size_and_low_quality(count: int) -> None:
    content = card(made(items(count)), "还有 44 条", "绿选")
    assert len(content) < MOST_BYTES
    image = Image.open(io.BytesIO(content))
    assert image.width == WIDTH
    small = io.BytesIO()
    image.resize((image.width // 2, image.height // 2)).save(small, "JPEG", quality=60)
    [found] = zxingcpp.read_barcodes(Image.open(small))
    assert found.text == LINK


def test_without_a_certificate_in_force_nothing_says_certified() -> None:
    catalogue = demonstration().catalogue
    lapsed = [
        product.sku
        for product in catalogue.products([hit.sku for hit in catalogue.search(ProductQuery(DAY, limit=5_000)).hits])
        if (held := catalogue.certificates_of(product.sku)) and not any(in_force(c, DAY) for c in held)
    ]
    assert lapsed
    kept = tuple(item for sku in lapsed[:20] if (item := kept_product(catalogue, sku, DAY)))
    words = made(kept)
    assert not any(entry.holds for entry in words.entries)
    for item, entry in zip(kept, words.entries, strict=True):
        assert "编号" not in "".join(entry.lines)
        assert "certificate" not in item.told


def test_what_lapsed_since_stands_before_everything_else() -> None:
    item = items(1, certified=True)[0]
    gone = Kept("product", "no-such-sku", told=item.told)
    words = made((item, gone))
    assert words.texts[0].splitlines()[1].startswith("⚠")


def test_claims_of_a_title_are_taken_out_and_named() -> None:
    item = items(1)[0]
    claiming = replace(item, ref="gone", told={**item.told, "title": "晴墙 零甲醛 乳胶漆 国家推荐 18L"})
    words = made((claiming,))
    assert words.stopped == ("零甲醛", "国家推荐")
    assert find_claims("\n".join(words.texts)) == []
    assert "18L" in words.texts[1]


def test_no_list_of_the_bundled_catalogue_passes_a_claim_on() -> None:
    catalogue = demonstration().catalogue
    hits = catalogue.search(ProductQuery(DAY, limit=300)).hits
    kept = tuple(item for hit in hits if (item := kept_product(catalogue, hit.sku, DAY)))
    assert find_claims("\n".join(made(kept).texts)) == []


def test_long_lists_are_torn_between_entries_only() -> None:
    words = made(items(50))
    pages = list(pasted(words.texts, 4096))
    assert len(pages) > 1 and all(utf16_length(page) <= 4096 for page in pages)
    assert "\n\n".join(pages) == "\n\n".join(words.texts)


def test_figures_stay_whole_where_a_line_is_broken() -> None:
    lines = wrap("净味乳胶漆 18L 编号 DEMO-GBM-25-000123456789 到 2030年1月1日，三星" * 4, _FACT)
    assert len(lines) > 2
    assert not any(line.startswith("，") for line in lines)
    assert "".join(lines).count("DEMO-GBM-25-000123456789") == 4
