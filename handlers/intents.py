"""Decide what is asked: two tables of rules with human names, tried in order. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.knowledge_rules import KNOWLEDGE_RULES
from handlers.shopping_rules import SHOPPING_RULES

if TYPE_CHECKING:
    from handlers.evidence import Evidence, Rule

RULES: tuple[Rule, ...] = (*KNOWLEDGE_RULES, *SHOPPING_RULES)


def decide(evidence: Evidence) -> tuple[str, str]:
    """Return the intent and the name of the rule that decided."""
    for name, intent, holds in RULES:
        if holds(evidence):
            return intent, name
    return "out_of_scope", "no word of ours"
