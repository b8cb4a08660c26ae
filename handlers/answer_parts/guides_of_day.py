"""Which guides are shown on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from catalog_db.records import Guide

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue


def guides_of_day(catalogue: Catalogue, day: date) -> list[Guide]:
    """Return the guides shown on the day, from and until included, in the catalogue's order."""
    return [
        guide
        for guide in catalogue.guides.values()
        if (guide.shown_from is None or guide.shown_from <= day)
        and (guide.shown_until is None or day <= guide.shown_until)
    ]
