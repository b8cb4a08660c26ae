"""No empty boxes: the font draws all our words, and what it lacks is replaced and named."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from bot.share_card import _FACT, card, wrap
from bot.share_sheet import sheet
from bot.shared import Shared, SharedEntry
from bot.typeface import FONT, drawable, missing

LOCALES = Path(__file__).parents[2] / "locales"


def shared_as(name: str) -> Shared:
    entry = SharedEntry(f"{name} 乳胶漆 18L", ("没查到认证证书",))
    return Shared(name, f"{name}（2026年11月22日查的）", (), (entry,), (), "8K3 F7M", "口令", "核", "", "", ())


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "zh_Hant", "en"])
@pytest.mark.parametrize("domain", ["lists", "ambassadors", "product_facts", "verify"])
def test_every_word_that_a_card_may_say_can_be_drawn(locale: str, domain: str) -> None:
    with (LOCALES / locale / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        said = "".join(str(message.string) for message in read_po(file) if message.id)
    assert missing(said) == ()


def test_names_of_people_and_villages_can_be_drawn() -> None:
    assert missing("垚堃燚喆玥㳇㟃淏甪直镇嵊泗廚衛門") == ()


def test_what_cannot_be_drawn_is_replaced_and_named_and_emoji_go() -> None:
    assert drawable("𪚥家🏠清单\u200d") == "〓家清单"
    assert missing("𪚥家🏠\n清单𪚥𱁬") == ("𪚥", "𱁬")
    assert wrap("𪚥家🏠清单", _FACT) == ["〓家清单"]


def test_no_empty_box_reaches_a_card_or_a_sheet() -> None:
    """A card with characters that the font lacks is drawn exactly as one with the stand-in; a sheet embeds no glyph for nothing."""
    assert card(shared_as("𪚥家🏠清单")) == card(shared_as("〓家清单"))
    with TTFont(FONT) as font:
        assert ord("〓") in font.getBestCmap()
    one, other = sheet(shared_as("𪚥家清单")), sheet(shared_as("〓家清单"))
    assert abs(len(one) - len(other)) < 64 and io.BytesIO(one).read(4) == b"%PDF"
