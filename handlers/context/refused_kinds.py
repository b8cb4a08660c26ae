"""The narrower kinds of the running one that are refused by the word that makes them: 不要实木的 after 地板."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue
    from handlers.understanding.reading import Reading
    from handlers.understanding.slots import SlotReader


def refused_kinds(
    reading: Reading, running: tuple[str, ...], catalogue: Catalogue, slot_reader: SlotReader
) -> tuple[str, ...]:
    """Return their codes, () where nothing is refused or goods are named."""
    if not (reading.scope.out and running) or reading.slots.goods:
        return ()
    refused = slot_reader.compose_with(reading.text, running)
    return tuple(code for code in refused if code in catalogue.under(running) and code not in running)
