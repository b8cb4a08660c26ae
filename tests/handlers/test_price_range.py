"""A range of prices is that of all products of a kind, not of the first that a search shows."""

from __future__ import annotations

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.price_range import price_range
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import DAY, NOW, demonstration


def test_the_tonnes_of_a_kind_cost_what_its_cheapest_and_dearest_bags_cost() -> None:
    parts = demonstration()
    answer, _ = parts.assistant.respond(Question("买两吨水泥多少钱", NOW, None), Session())
    hits = parts.catalogue.search(ProductQuery(DAY, categories=("cement",), limit=500)).hits
    found = parts.catalogue.products(hit.sku for hit in hits)
    prices = sorted(p.price for p in found if p.price is not None and "50" in (p.capacity or ""))
    said = next(b.text.values for b in answer.blocks if b.text.key == "calculate.weight_cost")  # type: ignore[union-attr]
    assert (said["low"].amount, said["high"].amount) == (prices[0] * 40, prices[-1] * 40)


def test_the_whole_kind_counts() -> None:
    catalogue = demonstration().catalogue
    hits = catalogue.search(ProductQuery(DAY, categories=("paint",), limit=500)).hits
    prices = [p.price for p in catalogue.products(hit.sku for hit in hits) if p.price is not None]
    assert len(prices) > 60
    query = ProductQuery(DAY, categories=("paint",), limit=3)
    assert price_range(catalogue, query) == (min(prices), max(prices))
