"""Everything for a scene: one certified pick for each category that can have one, in order of need, with its cost."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from catalog_db.records import Plan, Product
from catalog_db.search.query import ProductQuery
from handlers.choices import asking, handoff_choice, shorten, unique
from handlers.faq_matching import reader_of
from handlers.product_facts import certificate_line, price_line, total_price
from handlers.title_words import title_scores
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

SCENE = 4.0
CATEGORY = 2.0
LEAST = 1.2


def handle(turn: Turn) -> Answer:
    """Show the plan that fits the scene and words said; when several might, ask; when none does, show what there is."""
    chosen = turn.catalogue.plans.get(turn.meaning.chosen)
    if chosen:
        return opened(turn, chosen)
    scores = _scores(turn)
    ranked = sorted((i for i in scores if scores[i] >= LEAST), key=lambda i: (-scores[i], i))
    return opened(turn, turn.catalogue.plans[ranked[0]]) if ranked else _which(turn)


def _scores(turn: Turn) -> dict[str, float]:
    plans = turn.catalogue.plans
    scores = title_scores(
        turn.meaning.text, {i: (p.title, p.scene or "") for i, p in plans.items()}, reader_of(turn.catalogue)
    )
    asked = turn.meaning.constraints
    if any(sign in turn.meaning.text for sign in signs("new_house")):  # nothing old is made over in a new house
        plans = {i: p for i, p in plans.items() if not any(s in f"{p.title}{p.scene}" for s in signs("old_house"))}
        scores = {i: score for i, score in scores.items() if i in plans}
    for i, plan in plans.items():
        points = SCENE * (plan.scene in asked.scenes) + CATEGORY * bool(
            turn.catalogue.under(asked.categories) & set(plan.categories)
        )
        if points:
            scores[i] = scores.get(i, 0.0) + points
    return scores


def opened(turn: Turn, plan: Plan) -> Answer:
    """Show one plan."""
    turn.session.data["plan"] = plan.id
    picks = _picks(turn, plan)
    products = [p for _, p in picks if p is not None]
    cost, budget = total_price(products), turn.meaning.constraints.budget
    blocks: list[Block] = [Say(say("plan.title", title=plan.title))]
    if plan.description:
        blocks.append(Say(say("plan.description", description=plan.description)))
    blocks.append(Listing(_entries(turn, products)))
    missing = tuple(turn.catalogue.categories[c].name for c, p in picks if p is None)
    if missing:
        blocks.append(Note(say("plan.missing", categories=missing)))
    blocks += [Say(text) for text in _cost(cost, budget)]
    blocks.append(Note(say("plan.one_unit_each")))
    return Answer(
        "plan",
        blocks=tuple(blocks),
        choices=_swaps(turn, picks),
        categories=tuple(c for c, _ in picks),
        filters={
            "certified": True,
            **({"budget": budget} if budget is not None else {}),
            **({"adcode": turn.meaning.place} if turn.meaning.place else {}),
        },
        plans=(plan.id,),
        products=tuple(p.sku for p in products),
        cost=cost if products else None,
        total=len(products),
    )


def _picks(turn: Turn, plan: Plan) -> list[tuple[str, Product | None]]:
    """Pick one certified product for each category: the recommended ones, or the cheapest when those pass the budget."""
    codes = [c for c in plan.categories if c in turn.catalogue.categories]
    picks = [(c, _pick(turn, c, "recommended")) for c in codes]
    budget = turn.meaning.constraints.budget
    if budget is not None and total_price([p for _, p in picks if p]) > budget:
        picks = [(c, _pick(turn, c, "price_asc")) for c in codes]
    return picks


def _pick(turn: Turn, code: str, sort: str) -> Product | None:
    asked = turn.meaning.constraints
    query = ProductQuery(
        turn.day,
        categories=(code,),
        certified=True,
        schemes=asked.schemes,
        stars=asked.stars,
        min_stars=asked.min_stars,
        exclude_brands=asked.exclude_brands,
        adcode=turn.meaning.place,
        sort=sort,
        limit=5,
    )
    found = turn.catalogue.products(hit.sku for hit in turn.catalogue.search(query).hits)
    return next((p for p in found if p.price is not None), None)


def _cost(cost: Decimal, budget: Decimal | None) -> list[Text]:
    if not cost:
        return [say("plan.nothing")]
    if budget is None:
        return [say("plan.cost", cost=Money(cost))]
    if cost <= budget:
        return [say("plan.within", cost=Money(cost), budget=Money(budget), left=Money(budget - cost))]
    return [say("plan.over", cost=Money(cost), budget=Money(budget), over=Money(cost - budget))]


def _entries(turn: Turn, products: Sequence[Product]) -> tuple[Entry, ...]:
    held = turn.catalogue.certificates_of_many(p.sku for p in products)
    return tuple(
        Entry(
            p.title,
            (
                say("plan.for", category=turn.catalogue.categories[p.category].name),
                price_line(p, turn.day),
                certificate_line(held[p.sku], turn.day),
            ),
            ref=("product", p.sku),
            number=number,
        )
        for number, p in enumerate(products, 1)
    )


def _swaps(turn: Turn, picks: Sequence[tuple[str, Product | None]]) -> tuple[Choice, ...]:
    """Offer other certified products for the categories that have more than the pick."""
    choices = []
    for code, pick in picks:
        if pick is not None and turn.catalogue.count(ProductQuery(turn.day, categories=(code,), certified=True)) > 1:
            name = shorten(turn.catalogue.categories[code].name, 12)
            choices.append(
                Choice(say("plan.swap", category=name), Action("recommend", (f"categories={code}", "certified=1")))
            )
    return unique(choices[:4])


def _which(turn: Turn) -> Answer:
    """Ask for the scene, offering the plans there are."""
    plans = list(turn.catalogue.plans.values())[:5]
    if not plans:
        return Answer("not_found", blocks=(Say(say("plan.none")),), choices=(handoff_choice(), asking("capability")))
    choices = unique(Choice(say("plan.choice", title=shorten(p.title, 18)), Action("plan", (p.id,))) for p in plans)
    return Answer(
        "clarify",
        blocks=(Say(say("plan.which")),),
        choices=(*choices, handoff_choice()),
        categories=turn.meaning.constraints.categories,
    )
