"""Brands or categories side by side: how many there are, how many certified, from what price to what, from the catalogue's counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog_db.records import Product
from handlers.answer_parts.choices import handoff_choice, look_choices, shorten, unique
from handlers.answer_parts.guides_of_day import guides_of_day
from handlers.answer_parts.product_facts import certificate_line, price_line
from handlers.context.conditions import answer_filters, conditions, search_action
from handlers.turn import Action, Answer, Block, Choice, Entry, Listing, Money, Note, Prose, Say, Table, Text, Turn, say
from handlers.understanding.interpretation import Constraints

MOST = 4
_GRADES = {"water": "water_grade_max", "energy": "energy_grade_max"}  # measure → the filter of its grades
_WORST_GRADE = 5


@dataclass(frozen=True, slots=True)
class Group:
    """One side of a comparison, with its counts; `best` is what is recommended of it."""

    name: str
    constraints: Constraints
    total: int
    certified: int
    low: Decimal | None
    high: Decimal | None
    best: Product | None
    grades: tuple[int | None, ...] = ()  # the best grade of each measure asked about


def compare_groups(turn: Turn) -> Answer:
    """Compare the brands named, in the category in question, else the categories."""
    asked, criteria = _asked(turn)
    by_brand = len(asked.brands) >= 2
    measures = tuple(name for name in _GRADES if f"sort.{name}_saving" in turn.meaning.cues)
    groups = [_group(turn, one, measures) for one in (_brands(asked) if by_brand else _categories(asked))]
    kept = asked.but(sort=None, limit=None, brands=asked.brands if by_brand else ())
    return _side_by_side(turn, groups, criteria, measures, (asked, kept), None if by_brand else _guide(turn))


def compare_sorts(turn: Turn, sorts: Mapping[str, Constraints]) -> Answer:
    """Compare sorts of one kind, each with its conditions by the word said for it: 石英石 and 花岗石, 直冲 and 虹吸."""
    asked = turn.meaning.constraints
    kept = Constraints(categories=asked.categories, adcode=asked.adcode)
    groups = [replace(_group(turn, one, ()), name=word) for word, one in sorts.items()]
    return _side_by_side(turn, groups, asked.features, (), (kept, kept), None)


def _side_by_side(
    turn: Turn,
    groups: Sequence[Group],
    criteria: Sequence[str],
    measures: Sequence[str],
    conditioned: tuple[Constraints, Constraints],
    guide: tuple[str, str, str] | None,
) -> Answer:
    """Set groups side by side; `conditioned`: the conditions that all share, and those that the shown goods satisfy."""
    asked, kept = conditioned
    best = [g.best for g in groups if g.best is not None]
    said = conditions(asked, turn.catalogue, turn.places, skip=("limit", "sort", "brands", "budget"))
    blocks: list[Block] = [Say(say("compare.under", conditions=said))] if said else []
    having = [(word, _having(turn, groups, word)) for word in criteria]
    blocks.append(Table(tuple(g.name for g in groups), (*_rows_of(having), *_rows(groups, measures))))
    verdict = (*_most_having(groups, having), *_verdict(groups, measures))
    blocks += [Say(say("compare.by_need", lines=verdict))] if verdict else []
    if guide:
        blocks.append(Prose(guide[1], guide[2], ref=("guide", guide[0])))
    if best:
        blocks += [Say(say("compare.best_of_each")), Listing(_entries(turn, best))]
    return Answer(
        "compare",
        blocks=(*blocks, Note(say("compare.source", day=turn.day))),
        choices=unique((*_lists(groups), *look_choices(best, turn.catalogue))),
        categories=asked.categories or tuple(dict.fromkeys(p.category for p in best)),
        filters=answer_filters(kept),
        guides=(guide[0],) if guide else (),
        products=tuple(dict.fromkeys(p.sku for p in best)),
    )


def _asked(turn: Turn) -> tuple[Constraints, tuple[str, ...]]:
    """Return what is compared, and the properties by which: 哪个粘得牢 keeps a side in sight of which none is said to be so."""
    asked = turn.meaning.constraints
    sides = _brands(asked) if len(asked.brands) >= 2 else _categories(asked)
    if asked.features and not all(turn.catalogue.count(one.query(turn.day)) for one in sides):
        return asked.but(features=()), asked.features
    return asked, ()


def _having(turn: Turn, groups: Sequence[Group], feature: str) -> list[int]:
    """Return of how many products of each side a property is told."""
    return [turn.catalogue.count(group.constraints.but(features=(feature,)).query(turn.day)) for group in groups]


def _rows_of(having: Sequence[tuple[str, list[int]]]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    for word, counts in having:
        yield say("compare.having", word=word), tuple(say("value.models", value=count) for count in counts)


def _most_having(groups: Sequence[Group], having: Sequence[tuple[str, list[int]]]) -> Iterator[Text]:
    """Say on which side alone a property is told, or that it is told of nothing."""
    for word, counts in having:
        told = [group.name for group, count in zip(groups, counts, strict=True) if count]
        if not told:
            yield say("compare.none_having", word=word)
        elif len(told) == 1:
            yield say("compare.only_having", word=word, name=told[0])


def beside_lacking(turn: Turn, lacking: Sequence[str], together: bool = False) -> Answer:
    """Say that one of the kinds named is not here, so that nothing can be compared, and how the other stands.

    `together`: all of them are one kind here, of which nothing is told apart (人造石 and 石英石).
    """
    asked = turn.meaning.constraints.but(sort=None, limit=None)
    plain = Constraints(categories=asked.categories[:1], brands=asked.brands, adcode=asked.adcode)
    group = _group(turn, plain, ())
    told = say(
        "compare.other_side", name=group.name, total=group.total, certified=group.certified, prices=_range(group)
    )
    guide = _guide(turn)
    first = (
        say("compare.one_kind", words=tuple(lacking), name=group.name)
        if together
        else say("compare.lacking", words=tuple(lacking))
    )
    blocks: list[Block] = [Say(first), Say(told)]
    blocks += [Prose(guide[1], guide[2], ref=("guide", guide[0]))] if guide else []
    if group.best:
        blocks += [Say(say("compare.best_of_each")), Listing(_entries(turn, [group.best]))]
    return Answer(
        "compare",
        blocks=tuple(blocks),
        choices=unique((*_lists([group]), handoff_choice())),
        categories=plain.categories,
        guides=(guide[0],) if guide else (),
        products=(group.best.sku,) if group.best else (),
        unknown=() if together else tuple(lacking),
    )


def _brands(asked: Constraints) -> list[Constraints]:
    return [asked.but(brands=(brand,), sort=None) for brand in asked.brands[:MOST]]


def _categories(asked: Constraints) -> list[Constraints]:
    return [asked.but(categories=(code,), sort=None) for code in asked.categories[:MOST]]


def _group(turn: Turn, one: Constraints, measures: Sequence[str]) -> Group:
    found = turn.catalogue.search(one.query(turn.day, limit=1))
    products = turn.catalogue.products(hit.sku for hit in found.hits)
    certified = turn.catalogue.count(one.but(certified=True).query(turn.day))
    name = (
        turn.catalogue.brands[one.brands[0]].name
        if len(one.brands) == 1
        else turn.catalogue.categories[one.categories[0]].name
    )
    return Group(
        name,
        one,
        found.total,
        certified,
        _price(turn, one, "price_asc"),
        _price(turn, one, "price_desc"),
        products[0] if products else None,
        tuple(_best_grade(turn, one, name) for name in measures),
    )


def _best_grade(turn: Turn, one: Constraints, measure: str) -> int | None:
    """Return the best grade of water or energy that a product of a side has, None when none has one."""
    grades = range(1, _WORST_GRADE + 1)
    asked = [one.but(**{_GRADES[measure]: grade}).query(turn.day) for grade in grades]
    counts = turn.catalogue.count_many(one.query(turn.day), asked)
    return next((grade for grade, count in zip(grades, counts, strict=True) if count), None)


def _price(turn: Turn, one: Constraints, sort: str) -> Decimal | None:
    products = turn.catalogue.found(one.query(turn.day, sort=sort, limit=1))
    return products[0].price if products else None


def _rows(groups: Sequence[Group], measures: Sequence[str]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    for at, name in enumerate(measures):
        yield (
            say(f"compare.best_grade.{name}"),
            tuple(_grade(g.grades[at]) for g in groups),
        )
    yield say("compare.total"), tuple(say("value.models", value=g.total) for g in groups)
    yield say("compare.certified"), tuple(say("value.models", value=g.certified) for g in groups)
    yield say("compare.prices"), tuple(_range(g) for g in groups)


def _grade(grade: int | None) -> Text:
    return say("value.unknown") if grade is None else say("compare.grade", grade=grade)


def _range(group: Group) -> Text:
    if group.low is None or group.high is None:
        return say("value.unknown")
    if group.low == group.high:
        return say("value.plain", value=Money(group.low))
    return say("value.range", low=Money(group.low), high=Money(group.high))


def _verdict(groups: Sequence[Group], measures: Sequence[str]) -> Iterator[Text]:
    yield from (_most_saving(groups, at, name) for at, name in enumerate(measures))
    lows = [g.low for g in groups]
    if all(low is not None for low in lows) and len(set(lows)) > 1:
        winner = min((g for g in groups if g.low is not None), key=lambda g: g.low or Decimal(0))
        yield say("compare.need.price_from", name=winner.name, price=Money(winner.low or Decimal(0)))
    counts = [g.certified for g in groups]
    if len(set(counts)) > 1 and counts.count(max(counts)) == 1:
        winner = groups[counts.index(max(counts))]
        yield say("compare.need.more_certified", name=winner.name, total=winner.certified)


def _most_saving(groups: Sequence[Group], at: int, measure: str) -> Text:
    """Say on which side the best grade is, that both have it, or that no side has one."""
    known = [g.grades[at] for g in groups if g.grades[at] is not None]
    if not known:
        return say(f"compare.no_grade.{measure}")
    first = min(grade for grade in known if grade is not None)
    winners = [g.name for g in groups if g.grades[at] == first]
    if len(winners) == 1:
        return say(f"compare.saves_most.{measure}", name=winners[0], grade=first)
    return say(f"compare.saves_alike.{measure}", grade=first)


def _guide(turn: Turn) -> tuple[str, str, str] | None:
    """Return (id, title, text) of a guide about all the categories compared, when there is one."""
    asked = turn.meaning.constraints.categories
    for guide in guides_of_day(turn.catalogue, turn.day):
        about = [
            bool(
                turn.catalogue.under((code,)) & set(guide.categories)
                or set(turn.catalogue.path(code)) & set(guide.categories)
            )
            for code in asked
        ]
        if all(about) and len(guide.categories) > 1:
            return guide.id, guide.title, guide.summary or guide.body
    return None


def _entries(turn: Turn, products: Sequence[Product]) -> tuple[Entry, ...]:
    held = turn.catalogue.certificates_of_many(p.sku for p in products)
    return tuple(
        Entry(
            p.title,
            (price_line(p, turn.day), certificate_line(held[p.sku], turn.day)),
            ref=("product", p.sku),
            number=i,
        )
        for i, p in enumerate(products, 1)
    )


def _lists(groups: Sequence[Group]) -> list[Choice]:
    """Offer the list of each side that has products."""
    return [Choice(say("compare.list", name=shorten(g.name)), _list(g.constraints)) for g in groups if g.total]


def _list(one: Constraints) -> Action:
    if one.title_words or one.attributes:
        return search_action(one)  # a sort of a kind
    pairs = [("categories", ",".join(one.categories)), ("brands", ",".join(one.brands))]
    return Action("recommend", tuple(f"{name}={value}" for name, value in pairs if value))
