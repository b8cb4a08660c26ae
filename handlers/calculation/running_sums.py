"""Whether a sum of the conversation goes on with what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.calculation.inputs import Inputs
from handlers.rules.shapes import SHORT
from handlers.turn import Turn


def sum_goes_on(turn: Turn, kept: Mapping[str, Any], inputs: Inputs) -> bool:
    """Tell it: after a sum, where its area was asked for, or when its kind, or one of it, was listed since and it is asked again: 要几桶.

    `kept`: what the session keeps of the sum; `inputs`: what was said now.
    """
    if turn.session.intent == "calculate" or turn.session.asked == "area":
        return True
    running = turn.session.topic.constraints.categories
    of_it = bool(kept.get("category")) and not turn.catalogue.under((kept["category"],)).isdisjoint(running)
    return not inputs.sized and len(turn.meaning.text) <= SHORT and of_it
