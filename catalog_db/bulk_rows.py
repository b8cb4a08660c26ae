"""All products that may be shown, column by column, as a search index takes them: raw rows, every different text read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import itemgetter
from typing import Any, Generic, TypeVar

import numpy as np
from sqlalchemy import ColumnClause, Connection, Row, Select, literal_column, select

from catalog_db import tables
from catalog_db.records import Certificate
from catalog_db.search.columns import CODED, PRICE_UNIT, RANKED
from catalog_db.search.facts import evidence_texts
from catalog_db.search.source import Batch
from catalog_db.search.told import Told

CHUNK = 2048  # rows fetched at a time: what is read of them stays in a cache of the processor while it is brought into columns
_SETS = ("features", "scenes", "sells_to")
_READ = ("sku", "title", "category", "model", *CODED, *RANKED, *_SETS, "attributes")
_CERTIFICATE = ("scheme", "grade", "issued_on", "expires_on", "enterprise", "status")
_FEN = int(PRICE_UNIT) // 100  # a fen in the unit of prices
_MOST_READ = 100_000  # different texts of a column remembered
_K = TypeVar("_K")
_V = TypeVar("_V")
_Raw = tuple[Any, ...]
_Kinds = tuple[int, ...]


def batches(connection: Connection) -> Iterator[Batch]:
    """Stream the products with what is valid of them; the connection should be a snapshot."""
    held = _Held(_raw(connection, _papers()))
    read: dict[str, _Read[Any, Any]] = {name: _Read(_words) for name in _SETS} | {"attributes": _Read(_attributes)}
    for rows in _raw(connection, _shown()):
        columns: dict[str, Sequence[Any]] = {
            name: column
            for name, column in zip(_READ, zip(*rows, strict=True), strict=True)
            if column[0] is not None or column.count(None) < len(column)
        }
        for name, known in read.items():
            if name in columns:
                columns[name] = known.told(columns[name])
        yield Batch(columns, *held.of(columns["sku"]))


def _shown() -> Select[Any]:
    """Select the columns that the index reads, as the driver gives them."""
    table = tables.products
    raw = [
        literal_column(f"products.price * {_FEN}") if name == "price" else column
        for name, column in zip(_READ, _columns("products", _READ), strict=True)
    ]
    return select(*raw).select_from(table).where(table.c.status == "on_sale", table.c.withdrawn.is_(False))


def _papers() -> Select[Any]:
    """Select the certificates with the skus that each names, as the driver gives them: without the table of links, which
    says the same and would have to be looked up in for each.
    """
    table = tables.certificates
    raw = _columns("certificates", ("skus", *_CERTIFICATE))
    return select(*raw).select_from(table).where(table.c.withdrawn.is_(False), table.c.skus.is_not(None))


def _columns(table: str, names: Iterable[str]) -> list[ColumnClause[Any]]:
    return [literal_column(f"{table}.{name}") for name in names]


def _raw(connection: Connection, statement: Select[Any]) -> Iterator[Sequence[Row[Any]]]:
    """Give the rows some thousand at a time."""
    return connection.execute(statement, execution_options={"yield_per": CHUNK}).partitions()


class _Read(dict[_K, int], Generic[_K, _V]):
    """Numbers raw values, and what they mean: found out once for each; None is nothing."""

    def __init__(self, meaning: Callable[[_K], _V]) -> None:
        super().__init__()
        self._meaning = meaning
        self.values_read: list[_V] = []

    def __missing__(self, raw: _K) -> int:
        self.values_read.append(self._meaning(raw))
        number = self[raw] = len(self)
        return number

    def told(self, values: Sequence[_K]) -> Told:
        """Return what each of the values means."""
        if len(self) > _MOST_READ:
            self.clear()
            self.values_read = []
        numbers = np.fromiter(map(self.__getitem__, values), np.intp, len(values))
        return Told(self.values_read, numbers)


class _Held:
    """What certificates say of skus: most say the same as some other one, so each saying has a number, 0 is none."""

    def __init__(self, papers: Iterable[Sequence[Row[Any]]]) -> None:
        said = _Read[_Raw, _Raw](lambda raw: raw)
        together = _Read[_Kinds, _Kinds](lambda kinds: kinds)
        alone = _Read[int, int](lambda kind: together[(kind,)])
        nothing = together[()]
        self._number: dict[str, int] = {}
        number = self._number
        for rows in papers:
            named, *columns = zip(*rows, strict=True)
            kinds = map(said.__getitem__, zip(*columns, strict=True))
            for skus, kind in zip(named, kinds, strict=True):
                own = alone.values_read[alone[kind]]
                for sku in skus.split("|") if "|" in skus else (skus,):
                    before = number.setdefault(sku, own)
                    if before != own:
                        number[sku] = together[(*together.values_read[before], kind)]
        self._nothing = nothing
        self._said = said.values_read
        self._evidence = Told.of([*map(self._evidence_of, together.values_read)])
        self._named = Told.of([*map(self._named_by, together.values_read)])

    def of(self, skus: Sequence[str]) -> tuple[Told, Told] | tuple[None, None]:
        """Return the evidence for each sku and the enterprises on its certificates; None: nobody has one."""
        if not self._number:
            return None, None
        numbers = np.fromiter(map(self._number.get, skus, repeat(self._nothing)), np.intp, len(skus))
        evidence, named = (Told(one.values, one.numbers[numbers]) for one in (self._evidence, self._named))
        return evidence, named

    def _evidence_of(self, kinds: _Kinds) -> tuple[str, ...]:
        said = [self._said[kind] for kind in kinds]
        certificates = [
            Certificate("", scheme, _day(issued), _day(expires), grade, skus=("",), status=status)
            for scheme, grade, issued, expires, _, status in said
        ]
        return evidence_texts(certificates, "")

    def _named_by(self, kinds: _Kinds) -> tuple[str | None, ...]:
        return tuple(_enterprise(self._said[kind]) for kind in kinds)


_enterprise = itemgetter(_CERTIFICATE.index("enterprise"))


def _day(raw: str | date) -> date:
    return date.fromisoformat(raw) if isinstance(raw, str) else raw


def _words(raw: str | None) -> tuple[str, ...]:
    return tuple(raw.split("|")) if raw else ()


def _attributes(raw: str | None) -> tuple[tuple[str, str], ...]:
    read: Mapping[str, str] = json.loads(raw) if raw else {}
    return tuple(read.items())
