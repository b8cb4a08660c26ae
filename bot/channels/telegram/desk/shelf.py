"""What the desk takes from the catalogue: how a conversation was read, stored answers that may fit, values for canned ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from bot.channels.telegram.desk.context import Draft
from bot.channels.telegram.desk.school import source_of
from bot.channels.telegram.render import pages
from bot.channels.telegram.rich import plain
from bot.channels.telegram.talk import Talk
from bot.wording import Wording
from catalog_db.catalog import Catalogue
from catalog_db.certification import in_force
from catalog_db.places import load_places
from handlers.context.conditions import conditions
from handlers.stored_questions.matching import LEAST, matcher_of
from handlers.turn import Answer, Money, Prose, Text, say
from handlers.understanding.normalise import normalise

_DRAFTS = 3
_NAMES = ("商品", "类目", "牌子", "价格", "规格", "证书", "有效到", "一桶刷")  # what a canned answer may have filled in
_SHOWN = 4


class CatalogueShelf:
    """A `context.Shelf`."""

    def __init__(self, catalogue: Catalogue, wording: Wording, today: Callable[[], date]) -> None:
        self._catalogue = catalogue
        self._wording = wording
        self._today = today

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

    def values(self, skus: Sequence[str]) -> dict[str, str]:
        """Return what canned answers may say of a product: only what the catalogue knows; certified while a certificate says so."""
        product = next(iter(self._catalogue.products(skus[:1])), None)
        if product is None:
            return {}
        brand = self._catalogue.brands.get(product.brand or "")
        category = self._catalogue.categories.get(product.category)
        today = self._today()
        good = [one for one in self._catalogue.certificates_of(product.sku) if in_force(one, today)]
        known = {
            "商品": product.title, "类目": category.name if category else None, "牌子": brand.name if brand else None,
            "价格": self._money(product.price, product.unit), "规格": product.size or product.capacity,
            "证书": good[0].number if good else None,
            "有效到": self._wording.value(good[0].expires_on) if good else None,
            "一桶刷": f"{product.coverage_m2:g}" if product.coverage_m2 else None,
        }  # fmt: skip
        return {name: value for name, value in known.items() if value}

    def names(self) -> tuple[str, ...]:
        """Return the names that `values` may give."""
        return _NAMES

    def _money(self, price: Decimal | None, unit: str | None) -> str | None:
        return None if price is None else self._wording.value(Money(price, unit))

    def draft(self, faq_id: str) -> Draft | None:
        """Return a stored answer as a draft, with where it comes from."""
        faq = self._catalogue.faqs.get(faq_id)
        if faq is None:
            return None
        return Draft(faq.id, faq.question, self._plain(faq.answer), self._wording.say(source_of(faq.id)))

    def _plain(self, markdown: str) -> str:
        """Write a stored answer as it stands in a message without styles."""
        return "\n\n".join(plain(page) for page in pages(Answer("faq", (Prose(None, markdown),)), self._wording))
