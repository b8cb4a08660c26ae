"""Everything for a scene: one certified pick for each category that can have one, in order of need, with its cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from catalog_db.records import Plan, Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import asking, handoff_choice, shorten, unique
from handlers.answer_parts.plan_picks import (
    Picks,
    Swap,
    change,
    cheapest_picks,
    first_picks,
    keep,
    kept_budget,
    kept_picks,
    picks_with,
)
from handlers.answer_parts.product_facts import certificate_line, price_line, total_price
from handlers.context.conditions import conditions
from handlers.rules.answers import PLAN_OF_QUALITY, RESUMED, WHICH_SWAPPED, WHY_PLANNED
from handlers.rules.lists import FOR_LESS
from handlers.stored_questions.matching import reader_of
from handlers.stored_questions.title_words import title_scores
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Money, Note, Say, Text, Turn, say
from handlers.understanding.word_tables import signs

SCENE = 4.0
CATEGORY = 2.0
LEAST = 1.2
_CHANGES = frozenset({"op.swap"})  # what a button brings
_REPLACES = frozenset({"op.swap", "op.replace"})


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
    whole = any(sign in turn.meaning.text for sign in signs("whole_house"))
    rooms = tuple(span.concept for span in turn.meaning.spans if span.kind == "room")  # 结婚 tells of a 婚房
    plans = {i: p for i, p in plans.items() if not _of_another_room(p, asked.scenes)}
    scores = {i: score for i, score in scores.items() if i in plans}
    for i, plan in plans.items():
        fits = any(scene in (plan.scene or "") for scene in (*asked.scenes, *rooms)) or (
            whole and any(s in plan.title + (plan.scene or "") for s in signs("whole_house"))
        )
        points = SCENE * fits + CATEGORY * bool(turn.catalogue.under(asked.categories) & set(plan.categories))
        if points:
            scores[i] = scores.get(i, 0.0) + points
    return scores


def _of_another_room(plan: Plan, scenes: Sequence[str]) -> bool:
    """Tell whether a plan is for another room than the one that was named: a bathroom's (卫生间翻新) is no answer for a kitchen."""
    asked = {scene for scene in scenes if scene in signs("room")}
    rooms = {room for room in signs("room") if room in (plan.scene or "")}
    return bool(asked and rooms) and asked.isdisjoint(rooms)


def opened(turn: Turn, plan: Plan) -> Answer:
    """Show one plan: as it is kept for this conversation, with what the person changes, or picked anew."""
    turn.session.data["plan"] = plan.id
    asked = turn.meaning.constraints
    if asked.budget is not None and asked.categories and turn.meaning.cues & _REPLACES:
        limit = asked.but(price_max=asked.budget, budget=None)  # 马桶换成五百以内的 limits the toilet
        turn.meaning = replace(turn.meaning, constraints=limit)
    kept = kept_picks(turn, plan)
    said = turn.meaning.constraints.budget
    budget = said if said is not None else kept_budget(turn, plan)
    before = total_price([p for p in kept.values() if p]) if kept else None
    swaps: list[Swap] = []
    lacking: tuple[str, ...] = ()
    goes_on = turn.session.intent == "plan" or bool(turn.meaning.cues & _CHANGES) or turn.meaning.rule == RESUMED
    if kept is not None and said is None and goes_on:
        picks, swaps = kept, ([] if turn.meaning.rule == WHY_PLANNED else change(turn, kept))
        if turn.meaning.rule == FOR_LESS:
            picks = cheapest_picks(turn, kept)
        elif turn.meaning.rule == PLAN_OF_QUALITY:
            picks, lacking = picks_with(turn, kept)
    else:
        picks = first_picks(turn, kept if kept and goes_on else plan.categories, budget)
    keep(turn, plan, picks, budget)
    told = [*_answered(turn, picks, lacking), *_told(turn, swaps, before, picks)]
    return _shown(turn, plan, picks, budget, told)


def _answered(turn: Turn, picks: Picks, lacking: Sequence[str]) -> list[Block]:
    """Say what was asked about the plan as a whole: why these, what else may be changed, which have the quality wished."""
    if turn.meaning.rule == WHY_PLANNED:
        return [Say(say("plan.why"))]
    if turn.meaning.rule == WHICH_SWAPPED:
        return [Say(say("plan.which_swap", category=turn.catalogue.categories[code].name)) for code in [*picks][:1]]
    if turn.meaning.rule != PLAN_OF_QUALITY:
        return []
    asked = turn.meaning.constraints.but(categories=(), adcode=None, limit=None, certified=False)
    wished = conditions(asked, turn.catalogue, turn.places)
    names = tuple(turn.catalogue.categories[code].name for code in lacking)
    fitting = len(picks) - len(lacking)
    return [
        *([Say(say("plan.wished", conditions=wished, count=fitting))] if fitting else ()),
        *([Say(say("plan.wished_lacking", conditions=wished, categories=names))] if names else ()),
    ]


def _told(turn: Turn, swaps: Sequence[Swap], before: Decimal | None, picks: Picks) -> list[Block]:
    """Say what became of each category that was to be changed, and of the sum."""
    said: list[Block] = []
    for swap in swaps:
        name = turn.catalogue.categories[swap.code].name
        if swap.lacks:
            said.append(Say(say("plan.lacks", category=name)))
        elif swap.out:
            said.append(Say(say("plan.left_out", category=name)))
        elif swap.after is None:
            said.append(Say(say("plan.no_other", category=name)))
        else:
            price = Money(swap.after.price or Decimal(0), swap.after.unit)
            said.append(Say(say("plan.swapped", category=name, title=swap.after.title, price=price)))
    cost = total_price([p for p in picks.values() if p])
    if before is not None and cost != before:
        said.append(Say(say("plan.sum_changed", before=Money(before), cost=Money(cost))))
    return said


def _shown(turn: Turn, plan: Plan, picks: Picks, budget: Decimal | None, told: Sequence[Block]) -> Answer:
    products = [p for p in picks.values() if p is not None]
    cost = total_price(products)
    sums = [Say(text) for text in _cost(turn, picks, cost, budget)]
    asked_only = "ask.price" in turn.meaning.cues and not told
    blocks: list[Block] = [Say(say("plan.title", title=plan.title)), *(sums if asked_only else ()), *told]
    if plan.description and not told and not asked_only:
        blocks.append(Say(say("plan.description", description=plan.description)))
    blocks.append(Listing(_entries(turn, products)))
    missing = tuple(turn.catalogue.categories[c].name for c, p in picks.items() if p is None)
    if missing:
        blocks.append(Note(say("plan.missing", categories=missing)))
    blocks += () if asked_only else sums
    blocks.append(Note(say("plan.one_unit_each")))
    return Answer(
        "plan",
        blocks=tuple(blocks),
        choices=_swaps(turn, plan, picks),
        categories=tuple(picks),
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


def _cost(turn: Turn, picks: Picks, cost: Decimal, budget: Decimal | None) -> list[Text]:
    if not cost:
        return [say("plan.nothing")]
    if budget is None:
        return [say("plan.cost", cost=Money(cost))]
    if cost <= budget:
        return [say("plan.within", cost=Money(cost), budget=Money(budget), left=Money(budget - cost))]
    over = say("plan.over", cost=Money(cost), budget=Money(budget), over=Money(cost - budget))
    return [over, *_affordable(turn, picks, budget)]


def _affordable(turn: Turn, picks: Picks, budget: Decimal) -> list[Text]:
    """Say how far the budget goes in order of need, and what has to wait."""
    spent, bought, later = Decimal(0), 0, list[str]()
    for code, product in picks.items():
        if product is None or product.price is None:
            continue
        if not later and spent + product.price <= budget:
            spent, bought = spent + product.price, bought + 1
        else:
            later.append(turn.catalogue.categories[code].name)
    if not bought:
        return []
    return [say("plan.first_ones", count=bought, cost=Money(spent), later=tuple(later))]


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


def _swaps(turn: Turn, plan: Plan, picks: Picks) -> tuple[Choice, ...]:
    """Offer another certified product for the categories that have more than the pick."""
    choices = []
    for code, pick in picks.items():
        if pick is not None and turn.catalogue.count(ProductQuery(turn.day, categories=(code,), certified=True)) > 1:
            name = shorten(turn.catalogue.categories[code].name, 12)
            choices.append(Choice(say("plan.swap", category=name), Action("swap", (plan.id, code))))
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
