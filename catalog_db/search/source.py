"""What the index is built from, and what changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from catalog_db.records import Brand, Category, Certificate, Enterprise, Product


class IndexSource(Protocol):
    """A catalogue at one revision, read once from beginning to end."""

    @property
    def revision(self) -> str:
        """Name the state of the catalogue; an index of another revision is stale."""
        ...

    @property
    def categories(self) -> Mapping[str, Category]:
        """Return the categories by code."""
        ...

    @property
    def brands(self) -> Mapping[str, Brand]:
        """Return the brands by id."""
        ...

    @property
    def enterprises(self) -> Mapping[str, Enterprise]:
        """Return the enterprises by id."""
        ...

    def products(self) -> Iterable[tuple[Product, Sequence[Certificate]]]:
        """Stream every product with the certificates that name its sku, whatever their state."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """The new state of one product; without a product it is gone."""

    sku: str
    product: Product | None = None
    certificates: Sequence[Certificate] = ()
