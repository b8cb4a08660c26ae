"""What no rule understood, or only guessed at, and a stored question means in wholly other words: 啥时候收摊 of a campaign that ends.

Rules decide first. Only where they are at a loss, or their answer is no more than a guess, the meanings of the words are asked
(`handlers/stored_questions/meanings.py`). Goods that are asked for are never turned into a question.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from handlers.context.kind_attributes import NO_KIND
from handlers.rules.evidence import NO_WORD
from handlers.rules.intents import NO_ENTRY
from handlers.rules.shapes import what_to_take
from handlers.rules.shopping import AFTER_SALES, CHEAPER_THAN_WHAT, NOT_OURS, NOTHING_NAMED, PRODUCTS, UNWRITTEN
from handlers.rules.talk import OF_THE_TALK
from handlers.rules.trust import STATE_MONEY
from handlers.rules.whereabouts import GOES_ON, SERVICE, SHOP
from handlers.stored_questions.meanings import BETTER, PLAINLY, SEVERAL, SURELY, Meant, meanings_of
from handlers.understanding.word_tables import signs

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.rules.evidence import Evidence

IN_OTHER_WORDS = "a stored question in wholly other words"
_AT_A_LOSS = frozenset({NO_WORD, NOTHING_NAMED, NO_ENTRY, CHEAPER_THAN_WHAT})  # something near is offered
_SECOND_BEST = frozenset({UNWRITTEN, AFTER_SALES, STATE_MONEY, NO_KIND})  # a stored answer is better
# What services, events and shops tell themselves: what is done, where and for how much.
_ITSELF = {
    SERVICE: signs("told_by_services"),
    GOES_ON: signs("told_by_events"),
    OF_THE_TALK: signs("told_by_the_talk"),
    SHOP: signs("told_by_shops"),
}
_GUESSED = frozenset({*_ITSELF, NOT_OURS, PRODUCTS})  # right, unless a stored question is surely meant
_ALL = _AT_A_LOSS | _SECOND_BEST | _GUESSED
_ARRIVED = ("收到", "少件")  # what is told of goods that have come wants no others: 地砖到手裂了两块
_ASKING, _ORDERS = ("q.", "ask."), ("rel.", "sort.", "best.")  # what the names of cues begin with
_KINDS_OF_SERVICE = "service."
_LEAST = 3  # characters


def meant_otherwise(intent: str, rule: str, evidence: Evidence, catalogue: Catalogue) -> tuple[str, str]:
    """Return the intent and its rule, those of a stored question where it is meant in other words."""
    if rule not in _ALL or evidence.skus or len(evidence.reading.text) < _LEAST or not catalogue.faqs:
        return intent, rule
    if rule in _GUESSED and not _may_be_wrong(rule, evidence, catalogue):
        return intent, rule
    return ("faq", IN_OTHER_WORDS) if _is_stored(rule, evidence, catalogue) else (intent, rule)


def _is_stored(rule: str, evidence: Evidence, catalogue: Catalogue) -> bool:
    """Tell whether a stored question is meant, or near where nothing else is known."""
    meant = meanings_of(catalogue).meant(evidence.reading.text)
    if not _enough_said(meant, rule, evidence) or _of_other_goods(meant, evidence, catalogue):
        return False
    if what_to_take(evidence):
        return meant.clear(*SURELY)  # 屋顶隔热用啥 asks for goods
    if rule in _AT_A_LOSS:
        return meant.clear() or bool(meant.near())
    named = any(name.startswith(_KINDS_OF_SERVICE) for name in evidence.reading.cues.names)
    if rule in _SECOND_BEST or (rule == SERVICE and not named):
        return meant.clear(*BETTER) and (rule != NO_KIND or len(meant.words) >= SEVERAL)
    return meant.clear(*SURELY) and meant.beyond(_ITSELF.get(rule, ()))


def _of_other_goods(meant: Meant, evidence: Evidence, catalogue: Catalogue) -> bool:
    """Tell whether the first is about goods of other families than those named: 热水器能用几年 is no 水泥过期了还能用吗."""
    about = catalogue.faqs[meant.matches[0].id].categories if meant.matches else ()
    named, told = _families(evidence.reading.slots.values.get("categories", ()), catalogue), _families(about, catalogue)
    return bool(named and told) and named.isdisjoint(told)


def _families(codes: Iterable[str], catalogue: Catalogue) -> frozenset[str]:
    return frozenset(catalogue.path(code)[0] for code in codes if code in catalogue.categories)


def _enough_said(meant: Meant, rule: str, evidence: Evidence) -> bool:
    """Tell whether something is asked, or a trouble told plainly; 便宜点 asks nothing, 哪款最贵 asks of goods."""
    if len(meant.words) < SEVERAL and any(name.startswith(_ORDERS) for name in evidence.reading.cues.names):
        return False
    if rule == PRODUCTS or _asks(evidence):
        return True
    return meant.clear() if len(meant.words) >= SEVERAL else meant.clear(*PLAINLY)


def _asks(evidence: Evidence) -> bool:
    """Tell whether something is asked by a word of asking."""
    names, text = evidence.reading.cues.names, evidence.reading.text
    return any(name.startswith(_ASKING) for name in names) or any(sign in text for sign in signs("asking_sign"))


def _may_be_wrong(rule: str, evidence: Evidence, catalogue: Catalogue) -> bool:
    """Tell whether the answer of a rule is a guess: no goods, nothing of a place, or goods that have come already."""
    foreign = evidence.reading.slots.foreign
    if rule == PRODUCTS:
        return meanings_of(catalogue).means(evidence.reading.text, _ARRIVED)
    if foreign:
        return meanings_of(catalogue).says(word for word in foreign if word not in signs("word_of_buying"))
    return not (evidence.goods or evidence.reading.places or evidence.titles or evidence.session.topic.listed)
