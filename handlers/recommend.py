"""Lists of products: found by the constraints in force, one plain reason each, and the way on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers.answer_parts.choices import unique
from handlers.answer_parts.guides_of_day import guides_of_day
from handlers.answer_parts.kinds_left import kinds_left
from handlers.answer_parts.list_remarks import brand_lacking, by_the_piece, from_to, put_right
from handlers.answer_parts.loosening import Looser, given_up, loosenings, open_relaxation, said_anew
from handlers.answer_parts.product_facts import GREEN, certificate_line, price_line, reason
from handlers.answer_parts.read_back import MOST_REMEDIES, not_this, read_back
from handlers.answer_parts.variety import variety_of
from handlers.context.attribute_steps import NO_FURTHER, WENT_BY
from handlers.context.conditions import answer_filters, condition, conditions, search_action
from handlers.context.relative import OF_ONE, STEPPED
from handlers.rules.answers import GIVEN_UP, LACKING
from handlers.session import Topic, constraints_json
from handlers.stored_questions.near import near_questions
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Note, Say, Text, Turn, say
from handlers.understanding.interpretation import NOTHING_ASKED, UNGRADED, Constraints

if TYPE_CHECKING:
    from catalog_db.records import Product
    from catalog_db.search.query import SearchResult

_FEW = 5  # fewer than a list: narrower kinds that stand beside the category are shown as well
_MOST_CHOICES = 6
_MOST_NAMES = 2  # kinds named in a heading; more are called what the person called them
_MOST_LOOSER = 4
_CERTIFICATES = ("certified", "uncertified", "schemes", "stars", "min_stars")


def handle(turn: Turn) -> Answer:
    """Show the products that satisfy what was asked, from the beginning or where the list stopped."""
    constraints = turn.meaning.constraints
    turn.session.data.pop(LACKING, None)
    turn.session.data.pop(GIVEN_UP, None)
    more = "ask.more" in turn.meaning.cues and bool(turn.session.topic.seen)
    offset = len(turn.session.topic.seen) if more else 0
    result = turn.catalogue.search(constraints.query(turn.day, offset=offset))
    if not more and result.total < _FEW:
        constraints, result = _with_kin(turn, constraints, result)
    if result.hits:
        return _list(turn, constraints, result, offset)
    if more:
        return _no_more(turn, constraints)
    return _nothing(turn, constraints)


def _with_kin(turn: Turn, constraints: Constraints, result: SearchResult) -> tuple[Constraints, SearchResult]:
    """Add the narrower kinds kept beside the category, when the category alone has little that fits: 智能马桶 beside 马桶."""
    if not turn.meaning.kin or set(turn.meaning.kin) & set(constraints.exclude_categories):
        return constraints, result
    wider = constraints.but(categories=(*constraints.categories, *turn.meaning.kin))
    found = turn.catalogue.search(wider.query(turn.day))
    return (wider, found) if found.total > result.total else (constraints, result)


def _list(
    turn: Turn, constraints: Constraints, result: SearchResult, offset: int, relaxed: tuple[str, ...] = ()
) -> Answer:
    skus = tuple(hit.sku for hit in result.hits)
    products = turn.catalogue.products(list(skus))
    topic = Topic(
        constraints=constraints,
        listed=skus,
        seen=(*turn.session.topic.seen, *skus) if offset else skus,
        focus=skus[:1] if len(skus) == 1 else (),
        intent="recommend",
    )
    _enter(turn, topic, bool(offset))
    constraints = kinds_left(turn, constraints, result)
    blocks: list[Block] = [
        *([Say(say("control.watch"))] if "op.watch" in turn.meaning.cues else ()),
        *brand_lacking(turn, listed=True),
        *put_right(turn),
        *read_back(turn),
        *variety_of(turn, result),
        *([] if offset or relaxed else from_to(turn, products, constraints)),
        Say(_opening(turn, constraints, result.total, offset, relaxed)),
    ]
    blocks.append(Listing(entries(turn, products, constraints)))
    blocks += [*by_the_piece(turn, products), *_lacking_words(turn, constraints)]
    return Answer(
        intent="recommend",
        blocks=tuple(blocks),
        choices=unique((*near_questions(turn), *_choices(turn, constraints, result, offset + len(skus))))[
            :_MOST_CHOICES
        ],
        categories=constraints.categories or _categories_of(products, constraints),
        filters=answer_filters(constraints),
        relaxed=relaxed,
        unknown=turn.meaning.unknown,
        total=result.total,
        products=skus,
    )


def entries(turn: Turn, products: Sequence[Product], constraints: Constraints) -> tuple[Entry, ...]:
    """Make the entries of a list: title, certificate, price, one reason."""
    evidence = turn.catalogue.certificates_of_many([product.sku for product in products])
    query = constraints.query(turn.day)
    return tuple(
        Entry(
            title=product.title,
            lines=(
                certificate_line(evidence.get(product.sku, []), turn.day, constraints.schemes),
                price_line(product, turn.day),
                reason(product, evidence.get(product.sku, []), turn.day, query),
            ),
            ref=("product", product.sku),
            number=number,
            image_url=product.image_url,
            url=product.url,
        )
        for number, product in enumerate(products, 1)
    )


def _enter(turn: Turn, topic: Topic, same_list: bool) -> None:
    """Make this the running topic; what it replaces stays within reach of 撤销 and 刚才那个."""
    session = turn.session
    if not same_list:
        session.undo = [session.topic, *session.undo][:3] if session.topic.listed else session.undo
        if set(session.topic.constraints.categories) != set(topic.constraints.categories):
            session.start_topic(topic)
    session.topic = topic


def _opening(turn: Turn, constraints: Constraints, total: int, offset: int, relaxed: tuple[str, ...]) -> Text:
    what = what_text(turn, constraints)
    step = _step(turn)
    twice = ("price_max",) if constraints.budget is not None and constraints.budget == constraints.price_max else ()
    said = conditions(constraints, turn.catalogue, turn.places, skip=("limit", *twice, *((step[0],) if step else ())))
    if step:
        said = (*said, say(step[1]))
    if relaxed:
        missed = given_up(turn.meaning.constraints, constraints)
        missing = tuple(condition(name, missed, turn.catalogue, turn.places) for name in relaxed)
        return say("recommend.relaxed", missing=missing, what=what, total=total)
    if offset:
        return say("recommend.more", what=what, shown=offset, total=total)
    if said:
        return say("recommend.found_with", what=what, total=total, conditions=said)
    one = constraints.limit == 1 and total > 1  # chosen for who asked: 推荐一个
    return say("recommend.one" if one else "recommend.found", what=what, total=total)


_CHEAPER, _DEARER = ("price_max", "condition.cheaper"), ("price_min", "condition.dearer")
_CHEAPER_ONE, _DEARER_ONE = ("price_max", "condition.cheaper_one"), ("price_min", "condition.dearer_one")
_NO_FURTHER_STEP = {
    _CHEAPER: "not_found.cheapest",
    _DEARER: "not_found.dearest",
    _CHEAPER_ONE: "not_found.cheapest_one",
    _DEARER_ONE: "not_found.dearest_one",
}
_STEPS = {"rel.below": _CHEAPER, "rel.above": _DEARER, "rel.cheaper": _CHEAPER, "rel.dearer": _DEARER}


def _step(turn: Turn) -> tuple[str, str] | None:
    """Return the limit that is only a step from the last list, and how it is said: never 418.99 元以内."""
    stepped = turn.session.data.get(STEPPED)
    if not stepped:
        return None
    if stepped == OF_ONE and turn.meaning.cues & {"rel.cheaper", "rel.dearer"}:
        return _CHEAPER_ONE if "rel.cheaper" in turn.meaning.cues else _DEARER_ONE
    return next((step for cue, step in _STEPS.items() if cue in turn.meaning.cues), None)


def what_text(turn: Turn, constraints: Constraints) -> str | Text:
    """Name what is being looked for by its categories, in the catalogue's words."""
    names = tuple(
        turn.catalogue.categories[code].name for code in constraints.categories if code in turn.catalogue.categories
    )
    said = turn.meaning.because.get("categories", "")
    if len(names) > _MOST_NAMES and said:
        return say("list.names", names=tuple(said.split(", ")))
    if names:
        return say("list.names", names=names)
    return say("list.products")


def _lacking_words(turn: Turn, constraints: Constraints, listed: bool = True) -> list[Block]:
    """Name what could not be used: wishes that no data speaks of, words not understood; say what a list does not prove."""
    blocks: list[Block] = []
    went_by, no_further = (turn.session.data.pop(name, ()) for name in (WENT_BY, NO_FURTHER))
    blocks += [Note(say("recommend.went_by", word=word, field=field)) for word, field in went_by]
    blocks += [Note(say("recommend.no_further", word=word)) for word in no_further]
    if turn.meaning.residue:
        blocks.append(Note(say("recommend.residue", words=turn.meaning.residue)))
    if (
        (constraints.certified or GREEN in constraints.schemes)
        and constraints.categories
        and not turn.catalogue.covered(constraints.categories)
    ):
        key = "recommend.not_covered" if listed else "recommend.not_covered_alone"
        blocks.append(Note(say(key, what=what_text(turn, constraints))))
    if constraints.uncertified:
        blocks.append(Note(say("recommend.uncertified")))
    if UNGRADED in turn.meaning.because:
        blocks.append(Note(say("recommend.no_formaldehyde_grade", what=what_text(turn, constraints))))
    if constraints.formaldehyde and "honest_formaldehyde" in turn.meaning.because:
        blocks.append(Note(say("recommend.no_zero_formaldehyde")))
    return blocks


def _choices(turn: Turn, constraints: Constraints, result: SearchResult, shown: int) -> tuple[Choice, ...]:
    """Offer what leads on: the rest, the kinds of a broad category, only certified, cheaper; each counted before."""
    choices: list[Choice] = []
    if result.total > shown:
        choices.append(Choice(say("choice.more"), Action("more")))
    choices += other_readings(turn) or not_this(turn)
    if remedies := _other_remedies(turn, constraints):
        choices += [*remedies, *_guide(turn, constraints)]  # with a trouble what to do comes before the narrower kinds
    choices += _narrower(turn, constraints, result)
    if not any(getattr(constraints, name) for name in _CERTIFICATES):
        certified = constraints.but(certified=True, limit=None)
        count = turn.catalogue.count(certified.query(turn.day))
        if 0 < count < result.total:
            choices.append(Choice(say("choice.certified", count=count), search_action(certified)))
    choices += _guide(turn, constraints)
    if len(result.hits) >= 2:
        choices.append(Choice(say("choice.compare"), Action("compare", tuple(hit.sku for hit in result.hits[:2]))))
    return unique(choices)[:_MOST_CHOICES]


def other_readings(turn: Turn) -> list[Choice]:
    """Offer the other readings of a word that was mistyped or has several meanings."""
    choices = []
    for concept, label in turn.meaning.alternatives:
        wanted = turn.meaning.constraints.but(categories=tuple(concept.split("|")), title_words=())
        if turn.catalogue.count(wanted.query(turn.day)):
            choices.append(Choice(say("choice.other_reading", name=label), search_action(wanted)))
    return choices[:2]


def _other_remedies(turn: Turn, constraints: Constraints) -> list[Choice]:
    """Offer what else helps against the trouble that was named: 底漆 and 乳胶漆 beside 腻子 for a wall that crumbles."""
    first, *others = turn.meaning.helping[:MOST_REMEDIES] or ("",)
    if constraints.categories != (first,) or "categories" in turn.meaning.because:
        return []
    wanted = [constraints.but(categories=(code,), features=(), limit=None) for code in others]
    counts = turn.catalogue.count_many(constraints.query(turn.day), [one.query(turn.day) for one in wanted])
    return [
        Choice(say("choice.category", name=turn.catalogue.categories[code].name, count=count), search_action(one))
        for code, count, one in zip(others, counts, wanted, strict=True)
        if count
    ]


def _narrower(turn: Turn, constraints: Constraints, result: SearchResult) -> list[Choice]:
    """Offer the kinds of a broad category that have most products (砖: 墙砖, 地砖)."""
    if len(constraints.categories) != 1:
        return []
    children = turn.catalogue.children(constraints.categories[0])
    counts = turn.catalogue.count_many(
        constraints.query(turn.day), [constraints.but(categories=(child,)).query(turn.day) for child in children]
    )
    ranked = sorted(zip(counts, children, strict=True), key=lambda pair: -pair[0])
    return [
        Choice(
            say("choice.category", name=turn.catalogue.categories[code].name, count=count),
            search_action(constraints.but(categories=(code,), limit=None)),
        )
        for count, code in ranked[:3]
        if 0 < count < result.total
    ]


def _guide(turn: Turn, constraints: Constraints) -> list[Choice]:
    """Offer how to choose: the guide of the kind or of one above it, else that of a narrower kind."""
    known = turn.catalogue.categories
    wanted = [code for code in constraints.categories if code in known]
    above = {code for one in wanted for code in turn.catalogue.path(one)}
    below = turn.catalogue.under(wanted) - above if wanted else frozenset()
    for family in (above, below):
        for guide in guides_of_day(turn.catalogue, turn.day):
            if guide.kind == "buying_guide" and not family.isdisjoint(guide.categories):
                code = wanted[0] if family is above else next(code for code in guide.categories if code in family)
                return [Choice(say("choice.guide", name=known[code].name), Action("guide", (guide.id,)))]
    return []


def _categories_of(products: Sequence[Product], constraints: Constraints) -> tuple[str, ...]:
    """Name the category of a list that a brand, a series or a number asked for, when it is one."""
    if not (constraints.series or constraints.brands or constraints.title_words):
        return ()
    codes = tuple(dict.fromkeys(product.category for product in products))
    return codes if len(codes) == 1 else ()


def _no_more(turn: Turn, constraints: Constraints) -> Answer:
    choices = [
        Choice(
            say(
                "choice.loosen",
                condition=condition(looser.names[0], constraints, turn.catalogue, turn.places),
                count=looser.count,
            ),
            search_action(looser.constraints),
        )
        for looser in loosenings(constraints, turn.catalogue, turn.day)
        if looser.count > len(turn.session.topic.seen)
    ]
    return Answer(
        intent="not_found",
        blocks=(Say(say("recommend.no_more", shown=len(turn.session.topic.seen))),),
        choices=(*choices[:_MOST_LOOSER], Choice(say("choice.first_again"), search_action(constraints))),
        categories=constraints.categories,
        filters=answer_filters(constraints),
        total=len(turn.session.topic.seen),
    )


def _nothing(turn: Turn, constraints: Constraints) -> Answer:
    """Nothing matches: show what comes nearest when that may be loosened, else name what is in the way and count the ways on."""
    named = "brands" in turn.meaning.because and "categories" not in turn.meaning.because
    # 15升那款算不算三星 is of that size: another size that is certified is no answer
    of_a_size = "ask.is_cert" in turn.meaning.cues
    said_now = (*(("brands",) if named else ()), *(("size", "capacity") if of_a_size else ()))
    newly = said_anew(
        constraints, turn.meaning.because
    )  # what was asked for just now stays as long as older wishes can go
    looser = open_relaxation(constraints, turn.catalogue, turn.day, (*said_now, *newly)) if newly else None
    looser = looser or open_relaxation(constraints, turn.catalogue, turn.day, said_now)
    if looser is not None:
        turn.session.data[LACKING] = list(constraints.brands) if "brands" in looser.names else []
        missed = given_up(constraints, looser.constraints)
        left = {name: getattr(missed, name) for name in looser.names if name != "brands"}
        turn.session.data[GIVEN_UP] = constraints_json(NOTHING_ASKED.but(**left))
        kept = looser.constraints
        result = turn.catalogue.search(kept.query(turn.day))
        return _list(turn, kept, result, 0, looser.names)
    return not_found(turn, constraints, loosenings(constraints, turn.catalogue, turn.day))


def not_found(turn: Turn, constraints: Constraints, ways: Sequence[Looser]) -> Answer:
    """Say that nothing matches, which condition is in the way, and offer each looser search with its count."""
    step = _step(turn)
    if step is None:  # a step that leads nowhere is not taken
        listed, focus = turn.session.topic.listed, turn.session.topic.focus
        _enter(turn, Topic(constraints=constraints, listed=listed, focus=focus, intent="not_found"), False)
    said = conditions(constraints, turn.catalogue, turn.places, skip=("limit", "sort", *((step[0],) if step else ())))
    what = what_text(turn, constraints)
    blocks: list[Block] = [*brand_lacking(turn, listed=False), *read_back(turn)]
    kind = turn.meaning.because.get("narrow_said")
    if kind and len(said) == 1:
        blocks.append(Say(say("not_found.kind", words=kind)))
        said = ()
    if any(star > 3 for star in constraints.stars) or (constraints.min_stars or 0) > 3:
        blocks.append(Say(say("not_found.stars")))
    if step:
        blocks.append(Say(say(_NO_FURTHER_STEP[step], what=what)))
    elif said:
        blocks.append(Say(say("not_found.with", what=what, conditions=said)))
    elif not kind:
        blocks.append(Say(say("not_found.plain", what=what)))
    choices = tuple(
        Choice(_loosen_label(turn, constraints, way), search_action(way.constraints.but(limit=None)))
        for way in [way for way in ways if not step or step[0] not in way.names][:_MOST_LOOSER]
    )
    if choices:
        blocks.append(Say(say("not_found.ways")))
    blocks += _lacking_words(turn, constraints, listed=False)
    return Answer(
        intent="not_found",
        blocks=tuple(blocks),
        choices=(*choices, Choice(say("choice.human"), Action("handoff"))),
        categories=constraints.categories,
        filters=answer_filters(constraints),
        unknown=turn.meaning.unknown,
        total=0,
    )


def _loosen_label(turn: Turn, constraints: Constraints, way: Looser) -> Text:
    name = way.names[0]
    if name == "title_words" and way.constraints.categories:
        return say("choice.category", name=what_text(turn, way.constraints), count=way.count)
    if name == "price_max" and way.constraints.price_max is not None:
        return say(
            "choice.price_to",
            condition=condition("price_max", way.constraints, turn.catalogue, turn.places),
            count=way.count,
        )
    if name in ("stars", "min_stars") and getattr(way.constraints, name):
        return say(
            "choice.instead", condition=condition(name, way.constraints, turn.catalogue, turn.places), count=way.count
        )
    named = tuple(condition(one, constraints, turn.catalogue, turn.places) for one in way.names)
    return say("choice.loosen", condition=named, count=way.count)
