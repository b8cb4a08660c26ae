"""The topics of a conversation: 刚才那个花洒 goes back to one that was left behind, with what was said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context.kind_attributes import all_names
from handlers.context.whose import looked_for_by
from handlers.session import KEPT_TOPICS, Topic
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading

BACK = ("ref.back", "ref.previous")


def goes_back(reading: Reading, session: Session) -> bool:
    """Tell whether an utterance goes on with what was looked for before: by 刚才那个 or 回到, or for whom it was looked for."""
    running = set(session.topic.constraints.categories)
    return reading.has(*BACK) or any(set(kinds) == running for kinds in looked_for_by(reading, session))


def return_to_earlier(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Make the topic that is named with 刚才 or 回到 the running one again; tell whether there was such a topic."""
    codes = reading.slots.values.get("categories") or reading.slots.values.get("wider") or _theirs(reading, session)
    if not codes:
        return False
    told = (kinds for kinds in looked_for_by(reading, session) if called_so(kinds, codes, reading, catalogue))
    theirs = next(told, ())  # 张大爷那个涂料 is not what was looked for for another since
    if not (theirs or reading.has(*BACK)):
        return False
    if theirs and set(theirs) == set(session.topic.constraints.categories):
        return False
    for topic in sorted(session.earlier, key=lambda one: set(one.constraints.categories) != set(theirs)):
        chosen = _chosen(topic, codes, catalogue)
        if chosen or called_so(topic.constraints.categories, codes, reading, catalogue):
            left = [one for one in (session.topic, *session.earlier) if one is not topic and _worth_keeping(one)]
            gone_back = Topic(Constraints(categories=codes, adcode=session.place), chosen, (), chosen[:1], "recommend")
            session.topic, session.earlier = gone_back if chosen else replace(topic, seen=()), left[:KEPT_TOPICS]
            return True
    return False


def _theirs(reading: Reading, session: Session) -> tuple[str, ...]:
    """Return what was looked for last for a neighbour who is named and nothing else: 张大爷那个再说一遍."""
    if reading.slots.goods or not reading.has("op.repeat", "ref.it", "ask.look"):
        return ()
    return next(iter(looked_for_by(reading, session)), ())


def _chosen(topic: Topic, codes: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Return what a plan chose of these kinds, () when the topic is no plan: 刚才那个马桶 of a bathroom."""
    if topic.intent != "plan":
        return ()
    family = catalogue.under(codes)
    return tuple(one.sku for one in catalogue.products(list(topic.listed)) if one.category in family)


def called_so(kinds: tuple[str, ...], codes: tuple[str, ...], reading: Reading, catalogue: Catalogue) -> bool:
    """Tell whether kinds are meant by the goods named: they or what stands above or under them, or by the end of a name of theirs."""
    if speaks_of(Topic(Constraints(categories=kinds)), codes, catalogue):
        return True
    said = tuple(reading.text[span.start : span.end] for span in reading.slots.goods)
    names = [name for code in kinds if code in catalogue.categories for name in all_names(code, catalogue)]
    return bool(said) and any(name.endswith(said) for name in names)  # 涂料 of 防水涂料


def speaks_of(topic: Topic, codes: tuple[str, ...], catalogue: Catalogue) -> bool:
    """Tell whether a topic is about one of these kinds, or a kind above or under it."""
    own = topic.constraints.categories
    return bool(set(own) & catalogue.under(codes)) or bool(own and set(codes) & catalogue.under(own))


def _worth_keeping(topic: Topic) -> bool:
    return bool(topic.listed or topic.constraints.categories)
