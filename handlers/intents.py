"""Decide what is asked: three tables of rules with human names, tried in order. The first that holds decides.

A rule looks at the cues, the slots, what is pointed at, and how well a stored question fits.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from handlers.knowledge_rules import KNOWLEDGE_RULES
from handlers.shopping_rules import SHOPPING_RULES
from handlers.trust_rules import TRUST_RULES

if TYPE_CHECKING:
    from handlers.evidence import Evidence, Rule

RULES: tuple[Rule, ...] = (*KNOWLEDGE_RULES, *TRUST_RULES, *SHOPPING_RULES)


def decide(evidence: Evidence) -> tuple[str, str]:
    """Return the intent and the name of the rule that decided."""
    always, by_cue = _rules_by_cue()
    possible = {*always, *(number for cue in evidence.reading.cues.names for number in by_cue.get(cue, ()))}
    for number in sorted(possible):
        name, intent, holds = RULES[number]
        if holds(evidence):
            return intent, name
    return "out_of_scope", "no word of ours"


@cache
def _rules_by_cue() -> tuple[tuple[int, ...], dict[str, tuple[int, ...]]]:
    """Return the numbers of the rules that always have to be tried, and cue → those that can hold only beside it.

    Two rules in three ask for a cue before anything else; most questions have three or four cues.
    """
    always: list[int] = []
    by_cue: dict[str, tuple[int, ...]] = {}
    for number, (_, _, holds) in enumerate(RULES):
        nothing = _NoCues()
        try:
            held = holds(cast("Evidence", nothing))
        except _LooksFurtherError:
            held = True
        if held:
            always.append(number)
        else:
            for cue in nothing.asked:
                by_cue[cue] = (*by_cue.get(cue, ()), number)
    return tuple(always), by_cue


class _LooksFurtherError(Exception):
    """A rule looks at more than cues before it has said no."""


class _NoCues:
    """Evidence without a cue: notes which ones a rule asks for, and lets it look at nothing else."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def cue(self, *names: str) -> bool:
        """Say that there is none of these."""
        self.asked.update(names)
        return False

    def __getattr__(self, name: str) -> Any:
        raise _LooksFurtherError(name)
