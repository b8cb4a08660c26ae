"""Codes that people copy from a label or a screen: certificate numbers, skus and models, however they are written."""

from __future__ import annotations

from sqlalchemy import select

from catalog_db import rows, tables
from catalog_db.database import Database
from catalog_db.folding import fold_model, fold_number
from catalog_db.near import KnownNumbers

MOST_KEPT = 20_000  # codes of which it is known whether they name something


class KnownCodes:
    """The codes of a catalogue as it is; of a changed one another is made."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._named: dict[str, bool] = {}
        self._numbers: KnownNumbers | None = None

    def name_something(self, code: str) -> bool:
        """Tell whether a code may be a certificate's number, a sku (in any letter case) or a model: one look for the three."""
        known = self._named.get(code)
        if known is None:
            values = {
                "number": fold_number(code),
                "sku": code,
                "upper": code.upper(),
                "lower": code.lower(),
                "model": fold_model(code),
            }
            with self._database.reading() as connection:
                known = bool(connection.execute(rows.any_of_code(), values).scalar())
            if len(self._named) > MOST_KEPT:
                self._named.clear()
            self._named[code] = known
        return known

    def of_model(self, token: str) -> list[str]:
        """Return the skus of a model, those on sale first."""
        folded = fold_model(token)
        if not folded:
            return []
        table = tables.products.c
        statement = select(table.withdrawn, table.status, table.sku).where(table.model_folded == folded)
        with self._database.reading() as connection:
            found = connection.execute(statement).all()
        return [sku for _, _, sku in sorted((gone, status != "on_sale", sku) for gone, status, sku in found)]

    def nearest_numbers(self, number: str, limit: int) -> list[str]:
        """Return certificate numbers, folded, that are at most two mistakes away from one, the nearest first."""
        if self._numbers is None:
            table = tables.certificates.c
            with self._database.reading() as connection:
                kept = connection.execute(select(table.folded).where(table.withdrawn.is_(False))).all()
            self._numbers = KnownNumbers(row[0] for row in kept)
        return self._numbers.nearest(fold_number(number), limit)
