"""Whatever is asked, no product is told as certified that is not on the day: every product, alone and beside others."""

from __future__ import annotations

import re
from itertools import permutations

import pytest

from handlers.turn import Table
from tests.handlers.answers.shop import FILES

CERTIFIED = {"p1": 3, "t1": 3, "l1": 2, "g1": 2}  # sku → stars on the day; t2 holds a water saving certificate only
OTHER_SCHEME = {"t2"}
SKUS = [row["sku"] for row in FILES["products"]]
CLAIM = re.compile(r"在有效期内|绿色建材认证[一二三]星|[一二三]星")


def said_of(text, title):
    """Return what stands between a product's title and the next blank line."""
    return text.split(title, 1)[1].split("\n\n", 1)[0] if title in text else ""


@pytest.mark.parametrize("intent", ["verify", "detail"])
@pytest.mark.parametrize("sku", [sku for sku in SKUS if sku not in {*CERTIFIED, *OTHER_SCHEME}])
def test_uncertified_products_are_never_called_certified(ask, text_of, catalogue, intent, sku):
    said = said_of(text_of(ask(intent, "有认证吗", skus=(sku,))), catalogue.product(sku).title)
    assert not CLAIM.search(said), said


@pytest.mark.parametrize("sku", SKUS)
def test_stars_are_those_of_the_day(ask, text_of, catalogue, sku):
    said = said_of(text_of(ask("detail", "", skus=(sku,))), catalogue.product(sku).title)
    stars = {"一星": 1, "二星": 2, "三星": 3}
    assert {stars[word] for word in re.findall("[一二三]星", said)} <= {CERTIFIED.get(sku)}


@pytest.mark.parametrize("pair", list(permutations(["p1", "p2", "p3", "t2"], 2)))
def test_a_comparison_claims_column_by_column(ask, wording, pair):
    table = next(b for b in ask("compare", "", skus=pair).blocks if isinstance(b, Table))
    row = next(values for label, values in table.rows if wording.text(label) == "认证")
    for sku, value in zip(pair, row, strict=True):
        assert ("星" in wording.text(value)) == (sku in CERTIFIED)


@pytest.mark.parametrize("scheme", ["green_building_material", "green_product", "environmental_label"])
def test_another_scheme_is_no_evidence(ask, scheme):
    statuses = [v["status"] for v in ask("verify", "", skus=("t2",), schemes=(scheme,)).verdicts]
    assert statuses == ["none"]
