"""The stored question that is asked of what is being looked for, where the words alone name no kind: 冬天冻不冻 after heat pumps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.rules.evidence import NO_WORD
from handlers.rules.told import SOMEWHAT
from handlers.stored_questions.matching import matcher_of
from handlers.understanding.normalise import normalise

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading

OF_THE_KIND = "a stored question of what is being looked for"


# Rules that hold for want of a better one, where something is asked to know.
_FOR_WANT_OF_BETTER = frozenset(
    {NO_WORD, SOMEWHAT, "something to know, like a stored question", "an area for what is being looked for"}
)
_ASKING = (
    "ask.know",
    "ask.how",
    "q.yesno",
    "ask.size_for",
    "aspect.size",
    "aspect.power",
    "ask.bears",
    "ask.may",
    "ask.harm",
)


def asked_of_the_kind(rule: str, reading: Reading, session: Session, catalogue: Catalogue) -> str:
    """Return the id of the stored question that surely is asked once the running kind is named beside it, "" for none."""
    running = session.topic.constraints.categories
    if rule not in _FOR_WANT_OF_BETTER or not reading.has(*_ASKING):
        return ""
    if len(running) != 1 or running[0] not in catalogue.categories or reading.slots.goods or reading.slots.foreign:
        return ""
    kind = catalogue.categories[running[0]]
    match = matcher_of(catalogue).surely(normalise(f"{kind.name}{reading.normalised.raw}"))
    about = catalogue.faqs[match.id].categories if match else ()
    family = {*catalogue.path(kind.code), *catalogue.under((kind.code,))}
    return match.id if match and not family.isdisjoint(about) else ""
