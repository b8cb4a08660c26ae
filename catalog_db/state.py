"""The small tables of the catalogue in memory, as they are at one revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection, func, select

from catalog_db import records, rows, tables
from catalog_db.records import Brand, Category, Certificate, Enterprise, Product, Term, Vocabulary
from catalog_db.search.source import Batch, Change
from catalog_db.vocabulary import read_vocabulary

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which state of the catalogue: `bulk_revision` is the last revision whose changes are not listed by sku."""

    revision: int
    bulk_revision: int
    digest: str

    def __str__(self) -> str:
        return f"{self.revision}-{self.bulk_revision}-{self.digest}"

    @classmethod
    def parse(cls, text: str) -> Stamp:
        """Read what `str` wrote. Raises ValueError."""
        revision, bulk_revision, digest = text.split("-")
        return cls(int(revision), int(bulk_revision), digest)

    def follows(self, earlier: Stamp) -> bool:
        """Tell whether only single products changed since an earlier state, each listed in the feed."""
        return (self.bulk_revision, self.digest) == (earlier.bulk_revision, earlier.digest) and (
            earlier.revision <= self.revision
        )


@dataclass(frozen=True, slots=True)
class State:
    """Everything but products and certificates, at one revision."""

    stamp: Stamp
    vocabulary: Vocabulary
    categories: Mapping[str, Category]
    brands: Mapping[str, Brand]
    enterprises: Mapping[str, Enterprise]
    stores: Mapping[str, records.Store]
    pavilions: Mapping[str, records.Pavilion]
    pilot_regions: Mapping[str, records.PilotRegion]
    guides: Mapping[str, records.Guide]
    rankings: Mapping[str, records.Ranking]
    faqs: Mapping[str, records.Faq]
    services: Mapping[str, records.Service]
    events: Mapping[str, records.Event]
    plans: Mapping[str, records.Plan]
    terms: tuple[Term, ...]
    children: Mapping[str | None, tuple[str, ...]]  # None: the roots
    paths: Mapping[str, tuple[str, ...]]  # from the root to a category, itself the last
    under: Mapping[str, frozenset[str]]  # a category and everything under it
    brands_by_enterprise: Mapping[str, tuple[str, ...]]


def read_stamp(connection: Connection) -> Stamp:
    """Read which state the catalogue is in: one small query."""
    row = tables.catalogue.c
    return Stamp(*connection.execute(select(row.revision, row.bulk_revision, row.digest)).one())


def changes_since(connection: Connection, revision: int) -> list[Change]:
    """Read the new state of every product that changed one by one after a revision."""
    table = tables.product_changes.c
    skus = [row[0] for row in connection.execute(select(table.sku).where(table.revision > revision).distinct())]
    found = rows.products_by_sku(connection, skus)
    evidence = rows.certificates_by_sku(connection, skus)
    return [Change(sku, found[sku], evidence[sku]) for sku in skus]


def state_after(connection: Connection, earlier: State) -> State:
    """Return the state that follows an earlier one: its own tables when every revision since changed a product alone."""
    stamp, before = read_stamp(connection), earlier.stamp.revision
    revision = tables.product_changes.c.revision
    listed = select(func.count(revision.distinct())).where(revision > before, revision <= stamp.revision)
    if connection.execute(listed).scalar_one() == stamp.revision - before:
        return replace(earlier, stamp=stamp)
    return read_state(connection)


def read_state(connection: Connection) -> State:
    """Read the small tables. The connection should be a snapshot."""
    categories = rows.read(connection, tables.categories, Category)
    brands = rows.read(connection, tables.brands, Brand)
    paths = {code: _path(code, categories) for code in categories}
    return State(
        stamp=read_stamp(connection),
        vocabulary=read_vocabulary(connection.execute(select(tables.catalogue.c.vocabulary)).scalar_one()),
        categories=categories,
        brands=brands,
        enterprises=rows.read(connection, tables.enterprises, Enterprise),
        stores=rows.read(connection, tables.stores, records.Store),
        pavilions=rows.read(connection, tables.pavilions, records.Pavilion),
        pilot_regions=rows.read(connection, tables.pilot_regions, records.PilotRegion),
        guides=rows.read(connection, tables.guides, records.Guide),
        rankings=rows.read(connection, tables.rankings, records.Ranking),
        faqs=rows.read(connection, tables.faqs, records.Faq),
        services=rows.read(connection, tables.services, records.Service),
        events=rows.read(connection, tables.events, records.Event),
        plans=rows.read(connection, tables.plans, records.Plan),
        terms=_terms(connection, categories, brands),
        children=_grouped((category.parent, code) for code, category in categories.items()),
        paths=paths,
        under=_under(paths),
        brands_by_enterprise=_grouped((brand.enterprise or "", code) for code, brand in brands.items()),
    )


def _terms(connection: Connection, *known: Mapping[str, object]) -> tuple[Term, ...]:
    """Read the taught words, without those for a category or brand that is not there."""
    table = tables.terms.c
    statement = select(table.kind, table.value, table.synonyms).where(table.withdrawn.is_(False))
    terms = [Term(*row) for row in connection.execute(statement.order_by(table.position))]
    there = dict(zip(("category", "brand"), known, strict=True))
    return tuple(term for term in terms if term.kind not in there or term.value in there[term.kind])


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, tuple[str, ...]]:
    groups: dict[K, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _path(code: str, categories: Mapping[str, Category]) -> tuple[str, ...]:
    """Return the codes from the root to a category."""
    steps = [code]
    while (parent := categories[steps[-1]].parent) and parent in categories and parent not in steps:
        steps.append(parent)
    return tuple(reversed(steps))


def _under(paths: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {code: set() for code in paths}
    for code, path in paths.items():
        for step in path:
            found[step].add(code)
    return {code: frozenset(codes) for code, codes in found.items()}


class StateSource:
    """The state as what a search index is built from (`catalog_db.search.source.IndexSource`)."""

    def __init__(self, state: State, connection: Connection) -> None:
        self.revision = str(state.stamp)
        self.categories = state.categories
        self.brands = state.brands
        self.enterprises = state.enterprises
        self._connection = connection

    def products(self) -> Iterable[tuple[Product, Sequence[Certificate]]]:
        """Stream every product with the certificates that name it."""
        return rows.stream(self._connection)

    def batches(self) -> Iterable[Batch]:
        """Stream every product that may be shown, column by column."""
        from catalog_db import bulk_rows  # only when an index is built

        return bulk_rows.batches(self._connection)
