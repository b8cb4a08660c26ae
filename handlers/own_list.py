"""The list that a conversation keeps: 第二个加到清单, 清单, 清单第二个要3桶, 发给邻居. One list, kept in the session.

Channels that keep lists of their own (with names, codes and cards) read these sentences before they get here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers import kept_list
from handlers.answer_parts.choices import asking
from handlers.kept_list import MOST, MOST_COUNT, Kept
from handlers.phrases.lists import LAST, amount, ordinal, read_list_words
from handlers.turn import Answer, Block, Choice, Listing, Note, Say, Text, say
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from handlers.phrases.sentences import Phrase
    from handlers.turn import Turn

_MOST_PASSED_ON = 5  # entries of a text that is copied where no list is kept: what one answer shows
KEPT = "own_list"  # session.data: the entries as `Kept.to_json` writes them
Items = tuple[Kept, ...]


def about_own_list(turn: Turn) -> Answer | None:
    """Do what a sentence says about the list of the conversation; None where it says nothing about it."""
    if not any(sign in turn.question.text for sign in signs("own_list")):
        return None
    phrase = read_list_words(turn.question.text)
    run = _OPS.get(phrase.op) if phrase else None
    if phrase is None or run is None or (phrase.get("list") and phrase.op != "save"):
        return None  # 企业名录清单 is none of somebody's own
    return run(turn, phrase)


def _items(turn: Turn) -> Items:
    return tuple(Kept.from_json(one) for one in turn.session.data.get(KEPT, ()))


def _keep(turn: Turn, items: Items) -> None:
    turn.session.data[KEPT] = [item.to_json() for item in items]


def _save(turn: Turn, phrase: Phrase) -> Answer:
    """Put the entry of the last list on the own list that an ordinal names, else what was looked at."""
    sku = _meant(turn, ordinal(phrase.get("which")))
    item = kept_list.kept_product(turn.catalogue, sku, turn.day) if sku else None
    items = _items(turn)
    if item is None or len(items) >= MOST:
        return _asking_back(say("list.which") if item is None else say("list.full", most=MOST))
    items = kept_list.with_item(items, item)
    _keep(turn, items)
    place = next(number for number, one in enumerate(items, 1) if one.ref == item.ref)
    turn.session.topic.focus = (item.ref,)
    goods = kept_list.goods_of(turn.catalogue, items)
    entry = kept_list.entry(place, items[place - 1], turn.catalogue, goods, turn.day)
    totals = tuple(Say(text) for text in kept_list.total_lines(items, goods))
    blocks: list[Block] = [Say(say("list.saved", place=place)), Listing((entry,)), *totals]
    return Answer("detail", blocks=tuple(blocks), choices=_ways(), products=(item.ref,), total=1)


def _meant(turn: Turn, place: int | None) -> str | None:
    topic = turn.session.topic
    if place == LAST:
        return topic.listed[-1] if topic.listed else None
    if place is not None:
        return topic.listed[place - 1] if place <= len(topic.listed) else None
    return next(iter(topic.focus or (topic.listed if len(topic.listed) == 1 else ())), None)


def _show(turn: Turn, phrase: Phrase) -> Answer:
    return _shown(turn, _items(turn))


def _to_pass_on(turn: Turn, phrase: Phrase) -> Answer | None:
    """Show the list as a text that is complete by itself; without one what was looked at last, or say that there is nothing."""
    items = _items(turn)
    if items:
        return _shown(turn, items, (say("list.to_copy"),))
    topic = turn.session.topic
    skus = (topic.focus or topic.listed)[:_MOST_PASSED_ON]
    looked_at = [kept_list.kept_product(turn.catalogue, sku, turn.day) for sku in skus]
    found = tuple(item for item in looked_at if item is not None)
    return _passed_on(turn, found) if found else _asking_back(say("list.empty"))


def _passed_on(turn: Turn, items: Items) -> Answer:
    """Write what was looked at so that it can be copied: no list of what is to be bought, so it comes to no sum."""
    goods = kept_list.goods_of(turn.catalogue, items)
    entries = tuple(
        kept_list.entry(place, item, turn.catalogue, goods, turn.day) for place, item in enumerate(items, 1)
    )
    blocks: tuple[Block, ...] = (Say(say("list.to_copy")), Listing(entries), Note(say("verify.source", day=turn.day)))
    skus = tuple(item.ref for item in items)
    return Answer("recommend", blocks, (asking("own_list"),), total=len(skus), products=skus)


def _shown(turn: Turn, items: Items, head: Sequence[Text] = ()) -> Answer:
    """Show the list as it is today; from now on ordinals point into it."""
    if not items:
        return _asking_back(say("list.empty"))
    goods = kept_list.goods_of(turn.catalogue, items)
    answer = kept_list.answer("", items, turn.catalogue, goods, turn.day, choices=_ways())
    skus = tuple(item.ref for item in items if item.ref in goods.products)
    turn.session.topic = replace(turn.session.topic, listed=skus, seen=skus, focus=())
    blocks = (*(Say(text) for text in head), Say(say("list.own", count=len(items))), *answer.blocks[1:])
    return answer.with_(blocks=blocks)


def _change(turn: Turn, phrase: Phrase, change: Callable[[Items, int], Items]) -> Answer:
    items, place = _items(turn), ordinal(phrase.get("which"))
    if not items:
        return _asking_back(say("list.empty"))
    if place is None or place > len(items):
        return _asking_back(say("list.no_such", count=len(items)))
    changed = change(items, len(items) - 1 if place == LAST else place - 1)
    _keep(turn, changed)
    return _shown(turn, changed)


def _count(turn: Turn, phrase: Phrase) -> Answer:
    many = amount(phrase.get("count"))
    if many is None or many > MOST_COUNT:
        return _asking_back(say("list.no_such", count=len(_items(turn))))
    return _change(turn, phrase, lambda items, at: (*items[:at], replace(items[at], count=many), *items[at + 1 :]))


def _remove(turn: Turn, phrase: Phrase) -> Answer:
    return _change(turn, phrase, lambda items, at: items[:at] + items[at + 1 :])


def _erase(turn: Turn, phrase: Phrase) -> Answer:
    _keep(turn, ())
    return Answer("smalltalk", blocks=(Say(say("list.erased")),), choices=(asking("capability"),))


def _asking_back(text: Text) -> Answer:
    return Answer("smalltalk", blocks=(Say(text),))


def _ways() -> tuple[Choice, ...]:
    return (asking("own_list"), asking("pass_on"))


_OPS: Mapping[str, Callable[[Turn, Phrase], Answer | None]] = {
    "save": _save, "show": _show, "all": _show, "count": _count, "remove": _remove, "erase": _erase,
    "group": _to_pass_on, "print": _to_pass_on, "card": _to_pass_on,
}  # fmt: skip
