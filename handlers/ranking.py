"""A ranking list with its rule, period and date; only products that may be shown, in the list's own order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from catalog_db.records import Product, Ranking
from handlers.answer_parts.choices import handoff_choice, look_choices, shorten, unique
from handlers.answer_parts.place_matching import widenings
from handlers.answer_parts.place_names import place_name
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.stored_questions.matching import reader_of
from handlers.stored_questions.title_words import title_scores
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say

SHOWN = 10
_FEW = 3  # so many of a ranking are a ranking still
PLACE_ASKED = "the place that was asked for"
OPENED = "ranking"  # session.data: the id of the ranking shown last
NAMED = 1.5  # how much of a title must be said to name a ranking
CRITERION_OF_SORT = {
    "sales": "sales",
    "growth": "growth",
    "rating": "rating",
    "water_saving": "water_saving",
    "energy_saving": "energy_saving",
    "carbon_saving": "carbon_saving",
    "price_asc": "price",
}
SORT_OF_CRITERION = {criterion: sort for sort, criterion in CRITERION_OF_SORT.items()}
MEASURES = {
    "sales": "sales_30d",
    "growth": "growth_pct",
    "rating": "rating",
    "water_saving": "water_m3_per_year",
    "energy_saving": "power_kwh_per_year",
    "carbon_saving": "carbon_kg_per_year",
}


def handle(turn: Turn) -> Answer:
    """Show the ranking of the category and criterion asked for; where there is none, offer the list sorted that way."""
    if turn.meaning.chosen in turn.catalogue.rankings:
        return opened(turn, turn.meaning.chosen)
    criterion = _criterion(turn)
    if "place.local" in turn.meaning.cues or turn.meaning.rule == PLACE_ASKED:
        return _local(turn, criterion)
    fitting = _fitting(turn, criterion)
    asked = turn.meaning.constraints
    if not asked.categories and criterion is None and max(_named(turn).values(), default=0.0) < NAMED:
        own = asked.stars or asked.min_stars
        return _nothing(turn, criterion) if own else _all(turn)  # 三星榜: made from what there is
    if _certification_asked(turn):  # one that has such goods, else one made from what there is
        fitting = [one for one in fitting if len(_kept(turn, one)) >= _enough(turn)]
    return opened(turn, fitting[0].id) if fitting else _nothing(turn, criterion)


def _enough(turn: Turn) -> int:
    """Return how many of a published ranking must satisfy what is asked of certificates: else one is made of all there are."""
    asked = turn.meaning.constraints.but(sort=None, text="", title_words=(), limit=None)
    return max(1, min(_FEW, turn.catalogue.count(asked.query(turn.day))))


def _local(turn: Turn, criterion: str | None) -> Answer:
    """Rank what is made near the asker, from the county to the province; ask where that is, when nobody has said."""
    place = turn.meaning.place or turn.session.place
    if place is None:
        return Answer("clarify", blocks=(Say(say("ranking.where")),), choices=(*_published(turn), handoff_choice()))
    asked = turn.meaning.constraints.but(adcode=None)
    made = [asked.but(origin=code) for code in widenings(place)]
    near = next((one for one in made if turn.catalogue.count(one.query(turn.day))), None)
    if near is None:
        text = say("ranking.none_made_near", place=place_name(turn, place))
        return Answer("clarify", blocks=(Say(text),), choices=(*_published(turn), handoff_choice()))
    turn.meaning = replace(turn.meaning, constraints=near)
    return _nothing(turn, criterion)


def _published(turn: Turn) -> tuple[Choice, ...]:
    """Offer some of the rankings that there are."""
    known = [r for r in turn.catalogue.rankings.values() if r.published_on is None or r.published_on <= turn.day]
    return unique(
        Choice(say("ranking.choice", title=shorten(r.title, 18)), Action("ranking", (r.id,))) for r in known[:3]
    )


def _criterion(turn: Turn) -> str | None:
    asked = turn.meaning.constraints.sort
    if asked in CRITERION_OF_SORT:
        return CRITERION_OF_SORT[asked]
    found = [c for s, c in CRITERION_OF_SORT.items() if f"sort.{s}" in turn.meaning.cues]
    return found[0] if found else None


def _named(turn: Turn) -> dict[str, float]:
    return title_scores(
        turn.meaning.text, {r.id: (r.title,) for r in turn.catalogue.rankings.values()}, reader_of(turn.catalogue)
    )


def _fitting(turn: Turn, criterion: str | None) -> list[Ranking]:
    """Return the rankings that fit, best first: the category itself before its parents and children, then the title's words, then the newest."""
    scores = _named(turn)
    candidates = [
        (_distance(turn, r), -scores.get(r.id, 0.0), -(r.published_on.toordinal() if r.published_on else 0), r.id, r)
        for r in turn.catalogue.rankings.values()
        if (criterion is None or r.criterion == criterion) and (r.published_on is None or r.published_on <= turn.day)
    ]
    return [entry[-1] for entry in sorted(c for c in candidates if c[0] is not None)]


def _distance(turn: Turn, ranking: Ranking) -> int | None:
    """Return 0 for the category itself, 1 for a child or parent, 2 for all categories; None for another one."""
    asked = turn.meaning.constraints.categories
    if not asked:
        return 0
    if ranking.category is None:
        return 2
    if ranking.category in asked:
        return 0
    family = turn.catalogue.under(asked) | {step for code in asked for step in turn.catalogue.path(code)}
    return 1 if ranking.category in family else None


def opened(turn: Turn, ranking_id: str) -> Answer:
    """Show one ranking: what of it may be shown and satisfies the question, in its order."""
    ranking = turn.catalogue.rankings[ranking_id]
    kept = _kept(turn, ranking)
    shown = kept[: turn.meaning.constraints.limit or SHOWN]
    turn.session.data[OPENED] = ranking.id
    blocks: list[Block] = [Say(say("ranking.title", title=ranking.title)), Note(_rule(ranking))]
    if _certification_asked(turn):
        blocks.append(Note(say("ranking.only_certified", total=len(kept), listed=len(ranking.skus))))
    entries = tuple(_entry(turn, p, i, ranking) for i, p in enumerate(shown, 1))
    blocks.append(Listing(entries) if entries else Say(say("ranking.empty")))
    return Answer(
        "ranking",
        blocks=tuple(blocks),
        choices=look_choices(shown, turn.catalogue, most=3) or (handoff_choice(),),
        categories=turn.meaning.constraints.categories or ((ranking.category,) if ranking.category else ()),
        filters=_filters(turn),
        rankings=(ranking.id,),
        products=tuple(p.sku for p in shown),
        total=len(kept),
    )


def _certification_asked(turn: Turn) -> bool:
    asked = turn.meaning.constraints
    return bool(asked.certified or asked.schemes or asked.stars or asked.min_stars)


def _kept(turn: Turn, ranking: Ranking) -> list[Product]:
    """Return the products of a ranking that are on sale and satisfy what else is asked, in the ranking's order."""
    asked = turn.meaning.constraints.but(sort=None, text="", title_words=())
    found = turn.catalogue.search(asked.query(turn.day, skus=ranking.skus, limit=len(ranking.skus) or 1))
    fitting = {hit.sku for hit in found.hits}
    return [p for p in turn.catalogue.products(ranking.skus) if p.sku in fitting]


def _filters(turn: Turn) -> dict[str, Any]:
    asked = turn.meaning.constraints
    wanted: dict[str, Any] = {
        "certified": _certification_asked(turn),
        "schemes": list(asked.schemes),
        "stars": list(asked.stars),
    }
    wanted |= {"min_stars": asked.min_stars, "limit": asked.limit, "adcode": asked.adcode}
    wanted |= {"price_max": asked.price_max, "price_min": asked.price_min, "brands": list(asked.brands)}
    return {name: value for name, value in wanted.items() if value}


def _rule(ranking: Ranking) -> Text:
    """Say by what a ranking orders, of which period, and when it was published."""
    criterion = say(f"ranking.by.{ranking.criterion}") if ranking.criterion else say("ranking.by.unknown")
    return say(
        "ranking.rule",
        criterion=criterion,
        period=ranking.period or say("ranking.period_unknown"),
        published=ranking.published_on or say("ranking.date_unknown"),
    )


def _entry(turn: Turn, product: Product, number: int, ranking: Ranking) -> Entry:
    lines: list[Text] = [
        price_line(product, turn.day),
        certificate_line(turn.catalogue.certificates_of(product.sku), turn.day),
    ]
    column = MEASURES.get(ranking.criterion or "")
    if column and (value := getattr(product, column)) is not None:
        lines.insert(0, say(f"ranking.measure.{ranking.criterion}", value=value))
    return Entry(product.title, tuple(lines), ref=("product", product.sku), number=number)


def _all(turn: Turn) -> Answer:
    """Show which rankings there are."""
    rankings = [r for r in turn.catalogue.rankings.values() if r.published_on is None or r.published_on <= turn.day]
    if not rankings:
        return _nothing(turn, None)
    entries = tuple(Entry(r.title, (_rule(r),), ref=("ranking", r.id)) for r in rankings)
    choices = tuple(
        Choice(say("ranking.choice", title=shorten(r.title, 18)), Action("ranking", (r.id,))) for r in rankings[:6]
    )
    return Answer(
        "ranking",
        blocks=(Say(say("ranking.all", total=len(rankings))), Listing(entries)),
        choices=unique(choices),
        rankings=tuple(r.id for r in rankings),
        total=len(rankings),
    )


def _nothing(turn: Turn, criterion: str | None) -> Answer:
    """Say that there is no such ranking, and offer the products in that order."""
    codes = turn.meaning.constraints.categories
    if not codes:
        return Answer("not_found", blocks=(Say(say("ranking.none")),), choices=(handoff_choice(),))
    sort = SORT_OF_CRITERION.get(criterion or "", "sales")
    name = turn.catalogue.categories[codes[0]].name
    choice = Choice(
        say(f"ranking.sorted.{sort}", category=shorten(name, 10)),
        Action("recommend", (f"categories={codes[0]}", f"sort={sort}")),
    )
    return Answer(
        "not_found",
        blocks=(Say(say("ranking.none_for", category=name)),),
        choices=(choice, handoff_choice()),
        categories=codes,
    )
