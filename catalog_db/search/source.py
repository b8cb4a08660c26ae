"""What the index is built from, and what changes in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

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
class Batch:
    """Some products that may be shown, column by column: a record for each of millions would take most of the building.

    `columns` has `sku`, `title` and `category`; of the others (named as those of a Product) it has those in which
    something is known. Sets are tuples of texts, attributes tuples of name and value, prices ten-thousandths of a yuan;
    a column whose values come again and again is best a `told.Told`.
    `evidence` is what `facts.evidence_texts` says of each product, `named` the enterprises on its certificates.
    """

    columns: Mapping[str, Sequence[Any]]
    evidence: Sequence[tuple[str, ...]] | None = None  # None: nobody has a certificate
    named: Sequence[tuple[str | None, ...]] | None = None


@runtime_checkable
class ColumnSource(IndexSource, Protocol):
    """A source that gives its products column by column, too: the same products as an index is built from `products`."""

    def batches(self) -> Iterable[Batch]:
        """Stream every product that may be shown."""
        ...


@dataclass(frozen=True, slots=True)
class Change:
    """The new state of one product; without a product it is gone."""

    sku: str
    product: Product | None = None
    certificates: Sequence[Certificate] = ()
