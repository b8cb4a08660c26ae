"""The topics of a conversation: 刚才那个花洒 goes back to one that was left behind, with what was said of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.session import KEPT_TOPICS, Topic
from handlers.understanding.interpretation import Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading

BACK = ("ref.back", "ref.previous")


def return_to_earlier(reading: Reading, session: Session, catalogue: Catalogue) -> bool:
    """Make the topic that is named with 刚才 or 回到 the running one again; tell whether there was such a topic."""
    codes = reading.slots.values.get("categories") or reading.slots.values.get("wider")
    if not codes or not reading.has(*BACK):
        return False
    for topic in session.earlier:
        chosen = _chosen(topic, codes, catalogue)
        if chosen or speaks_of(topic, codes, catalogue):
            left = [one for one in (session.topic, *session.earlier) if one is not topic and _worth_keeping(one)]
            gone_back = Topic(Constraints(categories=codes, adcode=session.place), chosen, (), chosen[:1], "recommend")
            session.topic, session.earlier = gone_back if chosen else replace(topic, seen=()), left[:KEPT_TOPICS]
            return True
    return False


def _chosen(topic: Topic, codes: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    """Return what a plan chose of these kinds, () when the topic is no plan: 刚才那个马桶 of a bathroom."""
    if topic.intent != "plan":
        return ()
    family = catalogue.under(codes)
    return tuple(one.sku for one in catalogue.products(list(topic.listed)) if one.category in family)


def speaks_of(topic: Topic, codes: tuple[str, ...], catalogue: Catalogue) -> bool:
    """Tell whether a topic is about one of these kinds, or a kind above or under it."""
    own = topic.constraints.categories
    return bool(set(own) & catalogue.under(codes)) or bool(own and set(codes) & catalogue.under(own))


def _worth_keeping(topic: Topic) -> bool:
    return bool(topic.listed or topic.constraints.categories)
