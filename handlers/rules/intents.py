"""Decide what is asked: tables of rules with human names, tried one after the other. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers.context.references import POINTERS
from handlers.context.spoken_of import of_the_list
from handlers.rules.after_answers import AFTER_ANSWER_RULES
from handlers.rules.answers import ANSWER_RULES
from handlers.rules.certificates import CERTIFICATE_RULES
from handlers.rules.continuations import CONTINUATION_RULES, OTHERS_LISTED
from handlers.rules.evidence import NO_WORD
from handlers.rules.index import RuleIndex
from handlers.rules.knowledge import KNOWLEDGE_RULES
from handlers.rules.lists import LIST_RULES
from handlers.rules.reckoning import RECKONING_RULES
from handlers.rules.shapes import LONGER, SORTS, only_a_place
from handlers.rules.shopping import NOTHING_TO_CHECK, SHOPPING_RULES, UNKNOWN_BRAND
from handlers.rules.sums import SUM_RULES
from handlers.rules.talk import TALK_RULES
from handlers.rules.told import TOLD_RULES
from handlers.rules.trust import TRUST_RULES
from handlers.rules.whereabouts import WHEREABOUTS_RULES

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.context.references import Reference
    from handlers.rules.evidence import Evidence, Rule

RULES: tuple[Rule, ...] = (
    *LIST_RULES,
    *ANSWER_RULES,
    *AFTER_ANSWER_RULES,
    *CERTIFICATE_RULES,
    *CONTINUATION_RULES,
    *SUM_RULES,
    *TALK_RULES,
    *RECKONING_RULES,
    *KNOWLEDGE_RULES,
    *TRUST_RULES,
    *WHEREABOUTS_RULES,
    *SHOPPING_RULES,
    *TOLD_RULES,
)


PLACE_FOR = "place for "  # what session.asked begins with when a place was asked for
NO_ENTRY = "an ordinal without an entry"
BEST_LISTED = "the best of what was listed"
_BARE_POINTER = 4  # characters of a pointer alone: 刚才那个


def decide(evidence: Evidence) -> tuple[str, str]:
    """Return the intent and the name of the rule that decided."""
    for name, intent, holds in index().possible(evidence):
        if holds(evidence):
            return intent, name
    return "out_of_scope", NO_WORD


def decided(evidence: Evidence, reference: Reference, catalogue: Catalogue) -> tuple[str, str]:
    """Return the intent and its rule in the conversation: what was listed, pointed at or asked back decides over the words alone."""
    reading, asked = evidence.reading, evidence.session.asked or ""
    intent, rule = decide(evidence)
    if (
        intent == "detail"
        and evidence.skus
        and evidence.session.intent != "compare"  # 便宜的要四个 after two were compared is one of those
        and not (reading.named or reference.skus or reading.skus)
        and reading.has(*SORTS)
    ):
        rule = BEST_LISTED
    intent, rule = of_the_list(intent, rule, reading, evidence.session, catalogue)
    if reference.beyond is not None or (
        reference.without_list
        and not reading.certificate_numbers
        and rule != NOTHING_TO_CHECK  # 这个真的假的: what is to be checked is asked back
        and (
            rule == UNKNOWN_BRAND
            or intent in ("detail", "verify", "out_of_scope", "recommend")
            or len(reading.text) <= _BARE_POINTER
        )
        and not evidence.wanting_goods
        and rule not in OTHERS_LISTED
        and not _only_by_the_way(evidence, intent)
    ):
        intent, rule = "clarify", NO_ENTRY
    if only_a_place(evidence) and asked.startswith(PLACE_FOR):
        intent, rule = asked.removeprefix(PLACE_FOR), "the place that was asked for"
    return intent, rule


def _only_by_the_way(evidence: Evidence, intent: str) -> bool:
    """Tell whether nothing but 那个 points and it is said how something should be: 地上那个口子换个防臭的 asks for goods."""
    pointers = evidence.reading.cues.names & set(POINTERS)
    told = evidence.qualities or bool(evidence.reading.slots.symptoms)
    plain = len(evidence.reading.text) > LONGER or evidence.asks_work  # 晒太阳出热水的那个桶
    return intent == "recommend" and told and pointers <= {"ref.it"} and plain


@cache
def index() -> RuleIndex:
    """Return the index of the rules: most questions have few of the things that most rules ask for."""
    return RuleIndex(RULES)
