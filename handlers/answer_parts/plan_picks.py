"""Which product stands for each category of a plan: picked by rank and budget, swapped and left out by the person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from catalog_db.search.query import ProductQuery
from handlers.answer_parts.product_facts import total_price

if TYPE_CHECKING:
    from catalog_db.records import Plan, Product
    from handlers.turn import Turn

KEPT = "plan_picks"  # session.data: plan, sku of each category, budget
_LOOKED_AT = 20
_CHEAPER, _DEARER = frozenset({"rel.cheaper", "sort.price_asc"}), frozenset({"rel.dearer", "sort.price_desc"})

Picks = dict[str, "Product | None"]


@dataclass(frozen=True, slots=True)
class Swap:
    """What became of one category: `after` is None where nothing else fits, and where it was left out."""

    code: str
    before: Product | None
    after: Product | None
    out: bool = False
    lacks: bool = False  # the plan has nothing of it


def first_picks(turn: Turn, categories: Iterable[str], budget: Decimal | None) -> Picks:
    """Pick one certified product for each category; above the budget the cheapest one where that saves most, until it fits."""
    codes = [code for code in categories if code in turn.catalogue.categories]
    picks: Picks = {code: next(_candidates(turn, code, "recommended"), None) for code in codes}
    if budget is None or _cost(picks) <= budget:
        return picks
    cheapest = {code: next(_candidates(turn, code, "price_asc"), None) for code in codes}

    def saving(code: str) -> Decimal:
        return total_price([p for p in (picks[code],) if p]) - total_price([p for p in (cheapest[code],) if p])

    for code in sorted(codes, key=saving, reverse=True):
        if _cost(picks) <= budget:
            break
        picks[code] = cheapest[code]
    return picks


def cheapest_picks(turn: Turn, picks: Picks) -> Picks:
    """Return for each category of a plan the cheapest certified product, the pick itself where none is cheaper."""
    cheaper: Picks = {}
    for code, pick in picks.items():
        first = next(_candidates(turn, code, "price_asc"), None)
        saves = first and (pick is None or pick.price is None or (first.price is not None and first.price < pick.price))
        cheaper[code] = first if saves else pick
    return cheaper


def picks_with(turn: Turn, picks: Picks) -> tuple[Picks, tuple[str, ...]]:
    """Return for each category of a plan one of the quality asked for, the pick itself where none has it, and those categories."""
    found: Picks = {}
    lacking: list[str] = []
    for code, pick in picks.items():
        fitting = list(_candidates(turn, code, "recommended"))
        same = next((product for product in fitting if pick and product.sku == pick.sku), None)
        found[code] = same or next(iter(fitting), pick)
        lacking += [] if fitting else [code]
    return found, tuple(lacking)


def picked_for(kept: Mapping[str, Any], codes: Collection[str]) -> tuple[str, ...]:
    """Return the picks kept for a plan whose category is among these."""
    skus: Mapping[str, str | None] = kept.get("skus", {})
    return tuple(sku for code, sku in skus.items() if sku and code in codes)


def kept_picks(turn: Turn, plan: Plan) -> Picks | None:
    """Return the picks of the conversation for this plan, None when there are none."""
    kept: Mapping[str, Any] = turn.session.data.get(KEPT) or {}
    if kept.get("plan") != plan.id:
        return None
    skus: Mapping[str, str | None] = kept.get("skus", {})
    found = {product.sku: product for product in turn.catalogue.products([sku for sku in skus.values() if sku])}
    return {code: found.get(sku or "") for code, sku in skus.items()}


_LEFT = "op.leave"  # 马桶不换了: what is there stays


def kept_budget(turn: Turn, plan: Plan) -> Decimal | None:
    """Return the budget that was said for this plan before."""
    kept: Mapping[str, Any] = turn.session.data.get(KEPT) or {}
    said = kept.get("budget") if kept.get("plan") == plan.id else None
    return Decimal(said) if said else None


def keep(turn: Turn, plan: Plan, picks: Picks, budget: Decimal | None) -> None:
    """Remember the picks for the next turns."""
    turn.session.data[KEPT] = {
        "plan": plan.id,
        "skus": {code: product.sku if product else None for code, product in picks.items()},
        "budget": str(budget) if budget is not None else None,
    }


def change(turn: Turn, picks: Picks) -> list[Swap]:
    """Change the picks as the person asks: leave out what is refused, put another in place of what is named or pointed at."""
    swaps = [Swap(code, picks.pop(code), None, out=True) for code in _meant(turn, picks, _refused(turn))]
    meant = _meant(turn, picks, _named(turn))
    swaps += [Swap(code, None, None, lacks=True) for code in _named(turn) if not meant]
    for code in meant:
        before = picks[code]
        after = _other(turn, code, before)
        if after is not None:
            picks[code] = after
        swaps.append(Swap(code, before, after))
    return swaps


def _refused(turn: Turn) -> Sequence[str]:
    asked = turn.meaning.constraints
    return asked.categories if _LEFT in turn.meaning.cues else asked.exclude_categories


def _named(turn: Turn) -> Sequence[str]:
    if _LEFT in turn.meaning.cues:
        return ()
    pointed = tuple(product.category for product in turn.catalogue.products(turn.meaning.skus))
    return pointed or turn.meaning.constraints.categories


def _meant(turn: Turn, picks: Picks, codes: Sequence[str]) -> list[str]:
    """Return the categories of the plan that codes speak of: themselves, what stands under them, or the narrower kind's parent."""
    under = turn.catalogue.under(codes) if codes else frozenset()
    wider = {step for code in codes for step in turn.catalogue.path(code)}
    exact = [code for code in picks if code in codes]
    return exact or [code for code in picks if code in under] or [code for code in picks if code in wider]


def _other(turn: Turn, code: str, before: Product | None) -> Product | None:
    """Return the next certified product that fits what was asked: cheaper, dearer, else the one after the present one."""
    cues, price = turn.meaning.cues, before.price if before else None
    if price is not None and cues & _CHEAPER:
        return next((p for p in _candidates(turn, code, "price_asc") if p.price is not None and p.price < price), None)
    if price is not None and cues & _DEARER:
        return next((p for p in _candidates(turn, code, "price_asc") if p.price is not None and p.price > price), None)
    others = list(_candidates(turn, code, turn.meaning.constraints.sort or "recommended"))
    at = next((n for n, product in enumerate(others) if before and product.sku == before.sku), -1)
    return next((product for product in [*others[at + 1 :], *others] if not before or product.sku != before.sku), None)


def _candidates(turn: Turn, code: str, sort: str) -> Iterator[Product]:
    """Yield the certified products of a category that have a price and what was asked for, in an order."""
    asked = turn.meaning.constraints
    narrowed = tuple(own for own in asked.categories if own in turn.catalogue.under((code,)))
    query = ProductQuery(
        turn.day,
        categories=narrowed or (code,),
        certified=True,
        schemes=asked.schemes,
        stars=asked.stars,
        min_stars=asked.min_stars,
        brands=asked.brands,
        exclude_brands=asked.exclude_brands,
        features=asked.features,
        exclude_features=asked.exclude_features,
        color=asked.color,
        exclude_color=asked.exclude_color,
        price_min=asked.price_min,
        price_max=asked.price_max,
        adcode=turn.meaning.place,
        sort=sort,
        limit=_LOOKED_AT,
    )
    found = turn.catalogue.found(query)
    return (product for product in found if product.price is not None)


def _cost(picks: Picks) -> Decimal:
    return total_price([product for product in picks.values() if product])
