"""All products that may be shown, column by column, as a search index takes them: raw rows, every different text read once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnClause, Connection, Row, Select, literal_column, select

from catalog_db import tables
from catalog_db.records import Certificate
from catalog_db.search.columns import CODED, PRICE_UNIT, RANKED
from catalog_db.search.facts import evidence_texts
from catalog_db.search.source import Batch

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
                columns[name] = known.all(columns[name])
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


class _Read(dict[_K, _V]):
    """What raw values mean: found out once for each; None is nothing."""

    def __init__(self, meaning: Callable[[_K], _V]) -> None:
        super().__init__()
        self._meaning = meaning

    def __missing__(self, raw: _K) -> _V:
        found = self[raw] = self._meaning(raw)
        return found

    def all(self, values: Iterable[_K]) -> list[_V]:
        """Return what each of the values means."""
        if len(self) > _MOST_READ:
            self.clear()
        return [*map(self.__getitem__, values)]


class _Held:
    """What certificates say of skus: most say the same as some other one."""

    def __init__(self, papers: Iterable[Sequence[Row[Any]]]) -> None:
        number = _Read[_Raw, int](lambda _: len(number))
        self._kinds: dict[str, _Kinds] = {}
        known = self._kinds.setdefault
        alone = _Read[int, _Kinds](lambda kind: (kind,))
        for rows in papers:
            named, *said = zip(*rows, strict=True)
            own = map(alone.__getitem__, map(number.__getitem__, zip(*said, strict=True)))
            for skus, one in zip(named, own, strict=True):
                for sku in skus.split("|") if "|" in skus else (skus,):
                    before = known(sku, one)
                    if before is not one:
                        self._kinds[sku] = before + one
        self._said = list(number)
        self._evidence = _Read(self._evidence_of)
        self._named = _Read(self._named_by)

    def of(self, skus: Sequence[str]) -> tuple[list[tuple[str, ...]], list[tuple[str | None, ...]]] | tuple[None, None]:
        """Return the evidence for each sku and the enterprises on its certificates; None: nobody has one."""
        if not self._kinds:
            return None, None
        kinds = [*map(self._kinds.get, skus)]
        return self._evidence.all(kinds), self._named.all(kinds)

    def _evidence_of(self, kinds: _Kinds | None) -> tuple[str, ...]:
        said = [self._said[kind] for kind in kinds or ()]
        certificates = [
            Certificate("", scheme, _day(issued), _day(expires), grade, skus=("",), status=status)
            for scheme, grade, issued, expires, _, status in said
        ]
        return evidence_texts(certificates, "")

    def _named_by(self, kinds: _Kinds | None) -> tuple[str | None, ...]:
        return tuple(map(_enterprise, (self._said[kind] for kind in kinds or ())))


_enterprise = itemgetter(_CERTIFICATE.index("enterprise"))


def _day(raw: str | date) -> date:
    return date.fromisoformat(raw) if isinstance(raw, str) else raw


def _words(raw: str | None) -> tuple[str, ...]:
    return tuple(raw.split("|")) if raw else ()


def _attributes(raw: str | None) -> tuple[tuple[str, str], ...]:
    read: Mapping[str, str] = json.loads(raw) if raw else {}
    return tuple(read.items())
