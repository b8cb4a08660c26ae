"""One question back, with choices, because two readings differ in what would be shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.answer_parts.choices import asking
from handlers.calculation.reading import read_inputs
from handlers.context.begun import begun
from handlers.context.conditions import conditions, search_action
from handlers.context.household import offer_to_remember, told_lines, told_of
from handlers.context.kind_attributes import NO_KIND
from handlers.rules.answers import WHOSE_BRAND
from handlers.rules.shopping import NOTHING_NAMED
from handlers.rules.told import BEGUN, HOME, WHICH_ONE
from handlers.rules.whereabouts import HERE
from handlers.session import SPOKEN_OF, Topic
from handlers.turn import Action, Answer, Choice, Say, Text, Turn, say

_MOST = 5
_MOST_PLACES = 4
_MOST_NEAR = 4  # buttons beside that for a person, where a word was not understood
MISHEARD = "not what was heard"  # the rule of a button that takes back how a word was read


def handle(turn: Turn) -> Answer:
    """Ask back: which entry of the list, or what is being looked for."""
    rule = turn.meaning.rule
    if turn.meaning.place_options:
        return _which_place(turn)
    if rule != HERE and turn.meaning.beyond is not None:
        return _which_entry(turn, None)
    if rule == NOTHING_NAMED and len(turn.meaning.strange) == 1:
        return _what(turn, say("clarify.strange", word=turn.meaning.strange[0]), _MOST_NEAR)
    ask = _BY_RULE.get(rule)
    return ask(turn) if ask else _what(turn, say("clarify.what"))


def _home(turn: Turn) -> Answer:
    """Say back what was told of the home, offer to remember it, and ask what to begin with."""
    asked = _what(turn, say("clarify.home", what=tuple(told_lines(told_of(turn)))), _MOST_NEAR)
    areas = read_inputs(turn.meaning.text, turn.meaning.quantities).areas
    floor = max((area.m2 for area in areas), default=None)
    return asked.with_(choices=(*offer_to_remember(turn, floor), *asked.choices))


def _all_said(turn: Turn) -> tuple[str, ...]:
    """Return what was said in several messages, so that it is seen that nothing of it is lost."""
    before = begun(turn.session, turn.question.now)
    return (*(before.texts if before else ()), turn.question.text.strip())


def _which_kind(turn: Turn) -> Answer:
    """Ask what should have the quality: never list the whole shop for 白色的."""
    said = conditions(turn.meaning.constraints, turn.catalogue, turn.places, skip=("limit", "sort", "adcode"))
    roots = turn.catalogue.children(None)
    wanted = [turn.meaning.constraints.but(categories=(code,)) for code in roots]
    counts = (
        turn.catalogue.count_many(wanted[0].query(turn.day), [one.query(turn.day) for one in wanted]) if wanted else []
    )
    ranked = sorted(zip(counts, roots, wanted, strict=True), key=lambda row: -row[0])
    choices = tuple(
        Choice(say("choice.category", name=turn.catalogue.categories[code].name, count=count), search_action(one))
        for count, code, one in ranked[:_MOST]
        if count
    )
    text = say("clarify.kind_with", conditions=said) if said else say("clarify.what")
    human = Choice(say("choice.human"), Action("handoff"))
    lost = tuple(dict.fromkeys((*turn.meaning.residue, *turn.meaning.strange)))
    blocks = (Say(text), *((Say(say("recommend.residue", words=lost)),) if lost else ()))
    return Answer(intent="clarify", blocks=blocks, choices=(*choices, human) if choices else _what(turn, text).choices)


def _which_entry(turn: Turn, question: Text | None) -> Answer:
    """Ask which entry of the list is meant; without a question of its own, because the number said is past its end."""
    listed = turn.catalogue.products(list(turn.session.topic.listed))
    if not listed:
        return _what(turn, say("clarify.no_list"))
    choices = tuple(
        Choice(
            say("choice.entry", number=position, name=product.series or product.model or product.title[:10]),
            Action("show_product", (product.sku,)),
        )
        for position, product in enumerate(listed[:_MOST], 1)
    )
    text = question or say("clarify.beyond", number=turn.meaning.beyond or 0, size=len(listed))
    if len(listed) == 1:
        text = say("clarify.only_one", name=listed[0].title)
        choices = (*choices, *_wider(turn))
    return Answer(intent="clarify", blocks=(Say(text),), choices=choices)


def _wider(turn: Turn) -> tuple[Choice, ...]:
    """Return the way on from a list of one: all of its kind, and a person."""
    codes = [code for code in turn.session.topic.constraints.categories if code in turn.catalogue.categories][:1]
    kinds = (
        Choice(say("choice.root", name=turn.catalogue.categories[code].name), Action("browse", (code,)))
        for code in codes
    )
    return (*kinds, Choice(say("choice.human"), Action("handoff")))


def _which_place(turn: Turn) -> Answer:
    choices = tuple(
        Choice(
            say("choice.place", place=turn.places.full_name(code) or code), Action("place", (code, turn.question.text))
        )
        for code in turn.meaning.place_options
    )
    return Answer(intent="clarify", blocks=(Say(say("clarify.place")),), choices=choices)


def _where(turn: Turn) -> Answer:
    """Ask where the asker is, who wants goods of the place; what was asked for stays."""
    if turn.meaning.constraints.categories:
        turn.session.start_topic(Topic(constraints=turn.meaning.constraints, intent=SPOKEN_OF))
    known = list(dict.fromkeys(p.adcode for p in turn.catalogue.pavilions.values() if p.adcode))[:_MOST_PLACES]
    places = tuple(
        Choice(
            say("choice.place", place=turn.places.full_name(code) or code), Action("place", (code, turn.question.text))
        )
        for code in known
    )
    human = Choice(say("choice.human"), Action("handoff"))
    return Answer(
        intent="clarify",
        blocks=(Say(say("clarify.your_place")),),
        choices=(*places, human) if places else (asking("capability"), human),
        categories=turn.meaning.constraints.categories,
    )


def _what(turn: Turn, question: Text, most: int = _MOST) -> Answer:
    """Offer the broadest categories to begin with."""
    roots = [code for code in turn.catalogue.children(None) if code in turn.catalogue.categories]
    choices = tuple(
        Choice(say("choice.root", name=turn.catalogue.categories[code].name), Action("browse", (code,)))
        for code in roots[:most]
    )
    return Answer(
        intent="clarify", blocks=(Say(question),), choices=(*choices, Choice(say("choice.human"), Action("handoff")))
    )


_BY_RULE: Mapping[str, Callable[[Turn], Answer]] = {
    HERE: _where,
    MISHEARD: lambda turn: _what(turn, say("clarify.misheard")),
    NO_KIND: _which_kind,
    WHOSE_BRAND: lambda turn: _which_entry(turn, say("clarify.whose_brand")),
    WHICH_ONE: lambda turn: _which_entry(turn, say("clarify.which_one")),
    HOME: _home,
    BEGUN: lambda turn: _what(turn, say("clarify.begun", said=_all_said(turn)), _MOST_NEAR),
}
