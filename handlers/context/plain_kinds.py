"""还是普通的吧: what was wished beyond the plain kind is taken back; limits, the place and what is refused stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.understanding.interpretation import NOTHING_ASKED, Constraints

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

_WISHES = ("features", "title_words", "attributes", "formaldehyde", "series", "capacity", "size", "sort")


def plainer(running: Constraints, catalogue: Catalogue) -> Constraints | None:
    """Return the constraints without what is special about them, None where nothing is: then 普通 is a word like others."""
    wished = [name for name in _WISHES[:-1] if getattr(running, name)]
    if wished:
        return running.but(**{name: getattr(NOTHING_ASKED, name) for name in (*wished, "sort")}, limit=None)
    plain = tuple(dict.fromkeys(code for own in running.categories for code in _plain_of(own, catalogue)))
    return running.but(categories=plain, limit=None) if plain else None


def _plain_of(code: str, catalogue: Catalogue) -> tuple[str, ...]:
    """Return the kind beside this one that its name is more than: 坐便器 of 智能坐便器."""
    own = catalogue.categories.get(code)
    if own is None:
        return ()
    beside = (catalogue.categories[one] for one in catalogue.children(own.parent) if one != code)
    names = (own.name, *own.synonyms)
    found = (kind.code for kind in beside if any(name != kind.name and name.endswith(kind.name) for name in names))
    return tuple(found)[:1]
