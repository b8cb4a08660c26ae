"""What the desk takes from the catalogue: how a conversation was read, stored answers that may fit, values for canned ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channels.telegram.desk.context import Draft
from bot.channels.telegram.talk import Talk
from catalog_db.catalog import Catalogue
from catalog_db.places import load_places
from handlers.conditions import conditions
from handlers.faq_matching import LEAST, matcher_of
from handlers.turn import Text, say
from handlers.understanding.normalise import normalise

_DRAFTS = 3
_SHOWN = 4


class CatalogueShelf:
    """A `context.Shelf`."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def read(self, talk: Talk, texts: Sequence[str]) -> tuple[Text, ...]:
        """Return how a conversation was read."""
        return tuple(self._lines(talk))

    def _lines(self, talk: Talk) -> Iterator[Text]:
        session, catalogue, places = talk.session, self._catalogue, load_places()
        constraints = session.topic.constraints
        names = tuple(catalogue.categories[c].name for c in constraints.categories if c in catalogue.categories)
        filters = tuple(conditions(constraints, catalogue, places, skip=("adcode",)))
        if names or filters:
            yield say("desk.context.read", what=(*names, *filters))
        shown = (session.topic.focus or session.topic.listed)[:_SHOWN]
        titles = tuple(product.title for product in catalogue.products(shown))
        if titles:
            yield say("desk.context.shown", titles=titles)
        county = places.full_name(session.place) if session.place else None
        if county:
            yield say("desk.context.place", place=county)

    def drafts(self, texts: Sequence[str]) -> tuple[Draft, ...]:
        """Return the best stored answers, the newest question weighing as much as the older ones."""
        best: dict[str, float] = {}
        for text in texts:
            for match in matcher_of(self._catalogue).match(normalise(text), least=LEAST):
                best[match.id] = max(best.get(match.id, 0.0), match.score)
        ranked = sorted(best, key=lambda faq: (-best[faq], faq))[:_DRAFTS]
        return tuple(draft for faq in ranked if (draft := self.draft(faq)) is not None)

    def draft(self, faq_id: str) -> Draft | None:
        """Return a stored answer as a draft; its source is where it stands."""
        faq = self._catalogue.faqs.get(faq_id)
        return Draft(faq.id, faq.question, faq.answer, faq.id) if faq else None
