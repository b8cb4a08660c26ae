"""What ambassadors say about themselves: join, leave, menu, link. The sentences: `ambassador_words.tsv`."""

from __future__ import annotations

import re

from handlers.phrases.sentences import Phrase, phrases

LONGEST = 20  # characters of a name, and of a village

_BETWEEN = re.compile(r"[\s,，、;；/]+")


def read_ambassador(text: str) -> Phrase | None:
    """Return what a sentence says about being an ambassador."""
    return phrases("ambassador_words").read(text)


def read_application(text: str) -> tuple[str, str] | None:
    """Return name and village of 张秀英 兰考县张庄村; None when one of them is missing."""
    name, _, village = _BETWEEN.sub(" ", text).strip().partition(" ")
    village = village.replace(" ", "")
    if not name or not village or len(name) > LONGEST or len(village) > LONGEST:
        return None
    return name, village
