"""Qualities that voice input wrote with another character of the same sound: 防化的 for 防滑的, of goods that have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.context.counted import counted
from handlers.understanding.interpretation import Constraints
from handlers.understanding.spans import Span

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.session import Session
    from handlers.understanding.reading import Reading
    from handlers.understanding.sounds import Sounds

HEARD = "heard"  # the kind of a span that says what a quality was heard as
_QUALITIES = ("features", "exclude_features", "attributes", "materials", "color")


def as_heard(reading: Reading, session: Session, sounds: Sounds, catalogue: Catalogue) -> Reading:
    """Read the one wish that nothing explains as the quality of the goods at hand that sounds like it, to be read back."""
    kinds = reading.slots.values.get("categories") or session.topic.constraints.categories
    cue = reading.cues.first("want.heard")
    if cue is None or not kinds or any(reading.slots.values.get(name) for name in _QUALITIES):
        return reading
    start, end = cue.groups["wish"]
    wish = reading.text[start:end]
    if not any(wish in word for word in reading.residue):
        return reading
    alike = (word for word in _alike(wish, sounds, catalogue) if counted(catalogue, _with(kinds, word)))
    meant = next(alike, "")
    if not meant:
        return reading
    said = tuple(word for word in reading.slots.values.get("wishes", ()) if wish not in word)
    slots = replace(reading.slots, values={**reading.slots.values, "features": (meant,), "wishes": said})
    heard = Span(start, end, HEARD, meant, meant, how="sound", tier="soft", evidence="")
    residue = tuple(word for word in reading.residue if wish not in word)
    return replace(reading, slots=slots, residue=residue, soft=(*reading.soft, heard))


def _with(kinds: tuple[str, ...], feature: str) -> Constraints:
    return Constraints(categories=kinds, features=(feature,))


def _alike(wish: str, sounds: Sounds, catalogue: Catalogue) -> Iterator[str]:
    """Yield the features that sound like a wish: as many characters, one at least the same, the others of the same syllable."""
    for word in catalogue.vocabulary.features:
        told = [sounds.evidence(meant, written) for meant, written in zip(word, wish, strict=False)]
        if len(word) == len(wish) and "=" in told and all(one in ("=", "p") for one in told) and "p" in told:
            yield word
