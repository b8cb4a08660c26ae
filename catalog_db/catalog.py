"""The read door: everything the handlers know of the catalogue, read-only and fast.

Opening reads the small tables and the search index; products and certificates are read when they are asked for and kept
until the catalogue changes. `refresh` takes over what other processes have changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from catalog_db import records, rows, tables, takeover
from catalog_db.building import build_apart
from catalog_db.database import Database, open_database
from catalog_db.folding import fold_number
from catalog_db.known_codes import KnownCodes
from catalog_db.records import Brand, Category, Certificate, Enterprise, Product, Vocabulary
from catalog_db.search.index import MANY_CHANGES
from catalog_db.search.query import ProductQuery, SearchResult
from catalog_db.search.shelf import Shelf
from catalog_db.state import StateSource, changes_since, read_stamp, read_state, state_after
from catalog_db.takeover import Ready, Takeover, ready, still_right

V = TypeVar("V")
REFRESH_SECONDS = 0.25  # between two looks at the revision: one takes a quarter of a millisecond
MOST_KEPT = 20_000  # products, and certificate lists, kept in memory


def open_catalogue(url: str, index_folder: Path | None = None) -> Catalogue:
    """Open the catalogue of a database; the search index is built when it is missing or stale.

    The index stands in `index_folder`, by default beside an SQLite file (`<file>.index`), else in memory.
    Raises DatabaseError when the database cannot be opened.
    """
    database = open_database(url)
    return Catalogue(database, index_folder or beside(database))


def beside(database: Database) -> Path | None:
    """Return where the index of a database stands by default: beside an SQLite file, nowhere for the others."""
    return None if database.file is None else database.file.with_name(f"{database.file.name}.index")


class Catalogue:
    """The catalogue at its newest known revision. Mappings hold what is in force, in the order of the files."""

    def __init__(self, database: Database, index_folder: Path | None = None) -> None:
        self._database = database
        self._index_folder = index_folder
        self._looked = float("-inf")
        self._products: dict[str, Product | None] = {}
        self._evidence: dict[str, list[Certificate]] = {}
        self._codes = KnownCodes(database)
        self._fast = False
        self._takeover: Takeover | None = None
        self._take(ready(database, index_folder))

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the connections."""
        self._database.close()

    # What is small

    @property
    def database(self) -> Database:
        """Return where it is kept."""
        return self._database

    @property
    def revision(self) -> int:
        """Give the revision; it grows with every change."""
        return self._state.stamp.revision

    @property
    def categories(self) -> Mapping[str, Category]:
        """Give the categories by code."""
        return self._state.categories

    @property
    def brands(self) -> Mapping[str, Brand]:
        """Give the brands by id."""
        return self._state.brands

    @property
    def enterprises(self) -> Mapping[str, Enterprise]:
        """Give the enterprises by id."""
        return self._state.enterprises

    @property
    def stores(self) -> Mapping[str, records.Store]:
        """Give the stores by id."""
        return self._state.stores

    @property
    def pavilions(self) -> Mapping[str, records.Pavilion]:
        """Give the pavilions by id."""
        return self._state.pavilions

    @property
    def pilot_regions(self) -> Mapping[str, records.PilotRegion]:
        """Give the pilot regions by adcode."""
        return self._state.pilot_regions

    @property
    def guides(self) -> Mapping[str, records.Guide]:
        """Give the guides by id, those not shown today among them."""
        return self._state.guides

    @property
    def rankings(self) -> Mapping[str, records.Ranking]:
        """Give the rankings by id."""
        return self._state.rankings

    @property
    def faqs(self) -> Mapping[str, records.Faq]:
        """Give the FAQs by id."""
        return self._state.faqs

    @property
    def services(self) -> Mapping[str, records.Service]:
        """Give the services by id."""
        return self._state.services

    @property
    def events(self) -> Mapping[str, records.Event]:
        """Give the events by id, ended ones among them."""
        return self._state.events

    @property
    def plans(self) -> Mapping[str, records.Plan]:
        """Give the plans by id."""
        return self._state.plans

    @property
    def terms(self) -> tuple[records.Term, ...]:
        """Give the words taught by the operator."""
        return self._state.terms

    @property
    def vocabulary(self) -> Vocabulary:
        """Give the words that products on sale use."""
        return self._state.vocabulary

    # The category tree

    def children(self, code: str | None = None) -> tuple[str, ...]:
        """Give the codes right under a category; without one, the roots."""
        return self._state.children.get(code, ())

    def under(self, codes: Iterable[str]) -> frozenset[str]:
        """Give these categories and everything under them; unknown codes stand for nothing."""
        under = self._state.under
        return frozenset().union(*[under[code] for code in codes if code in under])

    def path(self, code: str) -> tuple[str, ...]:
        """Give the codes from the root to a category, itself the last; empty when it is unknown."""
        return self._state.paths.get(code, ())

    def certification_class(self, code: str) -> str | None:
        """Give a category's certification class, its own or the nearest above it; None: not covered."""
        for step in reversed(self.path(code)):
            own = self._state.categories[step].certification_class
            if own:
                return own
        return None

    def covered(self, codes: Sequence[str]) -> bool:
        """Tell whether the certification covers one of the categories, or a kind under it."""
        return any(self.certification_class(code) for code in self.under(codes))

    def brands_of_enterprise(self, enterprise: str) -> list[Brand]:
        """Give the brands of an enterprise."""
        return [self._state.brands[brand] for brand in self._state.brands_by_enterprise.get(enterprise, ())]

    # Codes that people copy

    def names_something(self, code: str) -> bool:
        """Tell whether a code may be a certificate's number, a sku (in any letter case) or a model: one look for the three."""
        return self._codes.name_something(code)

    # Products

    def product(self, sku: str) -> Product | None:
        """Give a product, also one that is off sale or withdrawn; None when there never was one."""
        return next(iter(self.products((sku,))), None)

    def products(self, skus: Iterable[str]) -> list[Product]:
        """Give the products that exist, in this order."""
        wanted = list(skus)
        self._fill(self._products, wanted, self._read_products)
        return [product for sku in wanted if (product := self._products.get(sku)) is not None]

    def find_model(self, token: str) -> list[str]:
        """Give the skus of a model, whatever its letter case, spaces and hyphens; those on sale first."""
        return self._codes.of_model(token)

    # Certificates

    def certificate(self, number: str) -> Certificate | None:
        """Give a certificate by its number, compared after NFKC, upper case, without spaces, hyphens and dots."""
        folded = fold_number(number)
        if not folded:
            return None
        found = self._certificates(tables.certificates.c.folded == folded)
        exact = [certificate for certificate in found if certificate.number == number.strip()]
        return next(iter(exact or found), None)

    def certificates_near(self, number: str, limit: int = 4) -> list[Certificate]:
        """Give certificates whose number is at most two mistakes away, O/0 and I/1 mix-ups first; not the number itself."""
        wanted = self._codes.nearest_numbers(number, limit)
        found = {
            fold_number(certificate.number): certificate
            for certificate in self._certificates(tables.certificates.c.folded.in_(wanted))
        }
        return [found[folded] for folded in wanted if folded in found]

    def certificates_of(self, sku: str) -> list[Certificate]:
        """Give the certificates that name a sku, whatever their state, by number."""
        return self.certificates_of_many((sku,))[sku]

    def certificates_of_many(self, skus: Iterable[str]) -> dict[str, list[Certificate]]:
        """Give the certificates that name each of these skus; a sku without any has an empty list."""
        wanted = list(skus)
        self._fill(self._evidence, wanted, self._read_evidence)
        return {sku: list(self._evidence[sku]) for sku in wanted}

    def certificates_of_enterprise(self, enterprise: str) -> list[Certificate]:
        """Give the certificates issued to an enterprise, by number."""
        return self._certificates(tables.certificates.c.enterprise == enterprise)

    def certificates_running_out(self, until: date, after: tuple[date, str]) -> list[Certificate]:
        """Give the next certificates, some hundred, that run out up to a day: see `rows.certificates_running_out`."""
        with self._database.reading() as connection:
            return rows.certificates_running_out(connection, until, after)

    # Search

    def search(self, query: ProductQuery) -> SearchResult:
        """Find products that may be shown."""
        found = self._index.search(query)
        if self._takeover is None:
            return found
        shelf = Shelf(self.categories, self.brands, self.enterprises)
        return still_right(found, query, shelf, self.products, self.certificates_of_many)

    def skus(self, query: ProductQuery) -> list[str]:
        """Find products as `search` does and give their skus alone: for many of them."""
        return [hit.sku for hit in self.search(query).hits] if self._takeover else self._index.skus(query)

    def found(self, query: ProductQuery) -> list[Product]:
        """Find products as `search` does and give the products themselves."""
        return self.products([hit.sku for hit in self.search(query).hits])

    def count(self, query: ProductQuery) -> int:
        """Count the products that match."""
        return self._index.count(query)

    def count_many(self, query: ProductQuery, loosenings: Sequence[ProductQuery]) -> list[int]:
        """Count the products that match each of the loosened queries."""
        return self._index.count_many(query, loosenings)

    # Staying current

    def refresh(self, now_monotonic: float) -> bool:
        """Take over a newer revision when there is one; looks at most four times a second. Tell whether anything changed.

        A large catalogue that was imported anew is made ready in the background; a later call takes it over.
        """
        if now_monotonic - self._looked < REFRESH_SECONDS:
            return False
        self._looked = now_monotonic
        if self._takeover is not None:
            return self._finish()
        with self._database.reading() as connection:
            stamp = read_stamp(connection)
            if stamp == self._state.stamp:
                return False
            follows = stamp.follows(self._state.stamp)
            count = select(func.count()).select_from(tables.products)
            many = not follows and connection.execute(count).scalar_one() > takeover.AT_ONCE
        if many:
            self._takeover = Takeover(partial(ready, self._database, self._index_folder, self._fast, apart=True))
        elif follows:
            self._apply_changes()
        else:
            self._take(ready(self._database, self._index_folder, self._fast))
        self._forget()
        return not many

    def _finish(self) -> bool:
        """Take over what was made ready in the background, when it is."""
        if self._takeover is None or self._takeover.running:
            return False
        try:
            self._take(self._takeover.result())
            self._forget()
        finally:
            self._takeover = None
        return True

    def _take(self, made: Ready) -> None:
        self._state, self._index = made.state, made.index

    def _forget(self) -> None:
        """Read products and certificates anew from now on."""
        self._products, self._evidence, self._codes = {}, {}, KnownCodes(self._database)

    def _apply_changes(self) -> None:
        """Take over the products that changed one by one."""
        with self._database.snapshot() as connection:
            if not read_stamp(connection).follows(self._state.stamp):  # imported since the look: for the next one
                self._looked = float("-inf")
                return
            state = state_after(connection, self._state)
            changes = changes_since(connection, self._state.stamp.revision)
        self._index.apply(changes, str(state.stamp))
        self._state = state
        if self._index.changes > MANY_CHANGES:
            folder, large = self._index_folder, self._index.size > takeover.AT_ONCE
            apart = partial(build_apart, self._database, folder) if folder is not None and large else None
            self._index.merge_in_background(self._source, folder, apart)

    @contextmanager
    def _source(self) -> Iterator[StateSource]:
        """Open what the database holds now as the source of an index."""
        with self._database.snapshot() as connection:
            yield StateSource(read_state(connection), connection)

    @property
    def index_changes(self) -> int:
        """Return how many products changed since the index was built."""
        return self._index.changes

    def accelerate(self) -> bool:
        """Search with compiled loops from now on, for programs that stay; False when numba is not installed."""
        self._fast = self._index.accelerate()
        return self._fast

    # Reading

    def _rows(self, statement: Select[Any]) -> list[Any]:
        with self._database.reading() as connection:
            return list(connection.execute(statement))

    def _certificates(self, condition: Any) -> list[Certificate]:
        statement = rows.certificates().where(condition).order_by(tables.certificates.c.number)
        return [Certificate(*row) for row in self._rows(statement)]

    def _read_products(self, skus: Sequence[str]) -> dict[str, Product | None]:
        with self._database.reading() as connection:
            return rows.products_by_sku(connection, skus)

    def _read_evidence(self, skus: Sequence[str]) -> dict[str, list[Certificate]]:
        with self._database.reading() as connection:
            return rows.certificates_by_sku(connection, skus)

    @staticmethod
    def _fill(kept: dict[str, V], wanted: list[str], read: Callable[[Sequence[str]], dict[str, V]]) -> None:
        """Read what is wanted and not kept yet."""
        if len(kept) > MOST_KEPT:
            kept.clear()
        missing = list(dict.fromkeys(key for key in wanted if key not in kept))
        if missing:
            kept.update(read(missing))
