"""One question back, with choices, because two readings differ in what would be shown."""

from __future__ import annotations

from handlers.choices import asking
from handlers.conditions import conditions, search_action
from handlers.kind_attributes import NO_KIND
from handlers.session import SPOKEN_OF, Topic
from handlers.shopping_rules import HERE
from handlers.turn import Action, Answer, Choice, Say, Text, Turn, say

_MOST = 5
_MOST_PLACES = 4
MISHEARD = "not what was heard"  # the rule of a button that takes back how a word was read


def handle(turn: Turn) -> Answer:
    """Ask back: which entry of the list, or what is being looked for."""
    if turn.meaning.place_options:
        return _which_place(turn)
    if turn.meaning.rule == HERE:
        return _where(turn)
    if turn.meaning.beyond is not None:
        return _which_entry(turn, turn.meaning.beyond)
    if turn.meaning.rule == MISHEARD:
        return _what(turn, say("clarify.misheard"))
    if turn.meaning.rule == NO_KIND:
        return _which_kind(turn)
    return _what(turn, say("clarify.what"))


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
    return Answer(
        intent="clarify", blocks=(Say(text),), choices=(*choices, human) if choices else _what(turn, text).choices
    )


def _which_entry(turn: Turn, number: int) -> Answer:
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
    text = say("clarify.beyond", number=number, size=len(listed))
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


def _what(turn: Turn, question: Text) -> Answer:
    """Offer the broadest categories to begin with."""
    roots = [code for code in turn.catalogue.children(None) if code in turn.catalogue.categories]
    choices = tuple(
        Choice(say("choice.root", name=turn.catalogue.categories[code].name), Action("browse", (code,)))
        for code in roots[:_MOST]
    )
    return Answer(
        intent="clarify", blocks=(Say(question),), choices=(*choices, Choice(say("choice.human"), Action("handoff")))
    )
