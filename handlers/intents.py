"""Decide what is asked: four tables of rules with human names, tried in order. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from handlers.continuation_rules import CONTINUATION_RULES
from handlers.knowledge_rules import KNOWLEDGE_RULES
from handlers.rule_index import RuleIndex
from handlers.shopping_rules import SHOPPING_RULES
from handlers.trust_rules import TRUST_RULES

if TYPE_CHECKING:
    from handlers.evidence import Evidence, Rule

NO_WORD = "no word of ours"  # the rule where none held
RULES: tuple[Rule, ...] = (*CONTINUATION_RULES, *KNOWLEDGE_RULES, *TRUST_RULES, *SHOPPING_RULES)


def decide(evidence: Evidence) -> tuple[str, str]:
    """Return the intent and the name of the rule that decided."""
    for number in index().possible(evidence):
        name, intent, holds = RULES[number]
        if holds(evidence):
            return intent, name
    return "out_of_scope", NO_WORD


@cache
def index() -> RuleIndex:
    """Return the index of the rules: most questions have few of the things that most rules ask for."""
    return RuleIndex(RULES)
