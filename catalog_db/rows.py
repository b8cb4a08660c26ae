"""From rows of the tables to records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import date
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Select, Table, bindparam, case, exists, or_, select, tuple_

from catalog_db import tables
from catalog_db.records import Certificate, Product

R = TypeVar("R")

CHUNK = 2_000  # rows fetched at a time while streaming
MOST_KEYS = 500  # asked for in one statement
SOME = 128  # certificates that run out, read at a time


def read(connection: Connection, table: Table, record: Callable[..., R]) -> dict[str, R]:
    """Read the rows in force of a small table: key → record, in the order of the file."""
    names = _names(record)
    key = names.index(next(iter(table.primary_key.columns)).name)
    order = table.c.position if "position" in table.c else table.c[names[key]]
    statement = select(*(table.c[name] for name in names)).where(table.c.withdrawn.is_(False)).order_by(order)
    return {row[key]: record(*row) for row in connection.execute(statement)}


def _names(record: Callable[..., object]) -> list[str]:
    return [field.name for field in fields(record)]  # type: ignore[arg-type]  # every record is a dataclass


@cache
def products() -> Select[Any]:
    """Select products, withdrawn ones too; each row is the arguments of a Product."""
    table = tables.products
    computed = {
        "on_sale": (table.c.status == "on_sale").label("on_sale"),
        # The day of a price that the file does not date is the day of the import that last brought it.
        "price_on": case(
            (table.c.price_on.is_not(None), table.c.price_on), (table.c.price.is_not(None), table.c.seen_on)
        ).label("price_on"),
    }
    return select(*(computed[name] if name in computed else table.c[name] for name in _names(Product)))


@cache
def certificates() -> Select[Any]:
    """Select certificates in force of the catalogue (not withdrawn); each row is the arguments of a Certificate."""
    table = tables.certificates
    return select(*(table.c[name] for name in _names(Certificate))).where(table.c.withdrawn.is_(False))


@cache
def linked_certificates() -> Select[Any]:
    """Select sku and certificate for every sku that a certificate names."""
    links, table = tables.certified_skus, tables.certificates
    columns = (table.c[name] for name in _names(Certificate))
    return (
        select(links.c.sku, *columns)
        .join_from(links, table, links.c.number == table.c.number)
        .where(table.c.withdrawn.is_(False))
        .order_by(links.c.sku, table.c.number)
    )


@cache
def any_of_code() -> Select[Any]:
    """Select whether a certificate has this folded `number`, a product one of three forms of a sku or this folded `model`."""
    product, certificate = tables.products.c, tables.certificates.c
    forms: tuple[BindParameter[Any], ...] = (bindparam("sku"), bindparam("upper"), bindparam("lower"))
    return select(
        or_(
            exists().where(certificate.folded == bindparam("number")),
            exists().where(product.sku.in_(forms)),
            exists().where(product.model_folded == bindparam("model")),
        )
    )


def products_by_sku(connection: Connection, skus: Sequence[str]) -> dict[str, Product | None]:
    """Read products, withdrawn ones too; None for a sku that there is none of."""
    found: dict[str, Product | None] = dict.fromkeys(skus)
    for some in _portions(skus):
        for row in connection.execute(products().where(tables.products.c.sku.in_(some))):
            found[row[0]] = Product(*row)
    return found


def certificates_by_sku(connection: Connection, skus: Sequence[str]) -> dict[str, list[Certificate]]:
    """Read the certificates that name each of these skus, by number."""
    found: dict[str, list[Certificate]] = {sku: [] for sku in skus}
    for some in _portions(skus):
        for row in connection.execute(linked_certificates().where(tables.certified_skus.c.sku.in_(some))):
            found[row[0]].append(Certificate(*row[1:]))
    return found


def certificates_running_out(connection: Connection, until: date, after: tuple[date, str]) -> list[Certificate]:
    """Read the next certificates with the status valid whose last day is `until` or before, the soonest first.

    They follow the last day and the number `after`; with "" for a number that is the whole day. At most SOME are read.
    """
    c = tables.certificates.c
    ends = tuple_(c.expires_on, c.number)
    soon = certificates().where(c.status == "valid", c.expires_on <= until, ends > after)
    return [Certificate(*row) for row in connection.execute(soon.order_by(c.expires_on, c.number).limit(SOME))]


def _portions(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), MOST_KEYS):
        yield keys[start : start + MOST_KEYS]


def stream(connection: Connection) -> Iterator[tuple[Product, list[Certificate]]]:
    """Give every product with the certificates that name it, a few thousand rows in memory at a time."""
    options = {"yield_per": CHUNK}
    ordered = products().order_by(tables.products.c.sku)
    links = _grouped(connection.execute(linked_certificates(), execution_options=options))
    waiting = next(links, None)
    # Both run in the database's own order of skus, whichever that is, so only equality is asked for.
    for row in connection.execute(ordered, execution_options=options):
        product = Product(*row)
        if waiting is not None and waiting[0] == product.sku:
            yield product, waiting[1]
            waiting = next(links, None)
        else:
            yield product, []


def _grouped(rows: Iterable[Any]) -> Iterator[tuple[str, list[Certificate]]]:
    sku: str | None = None
    group: list[Certificate] = []
    for row in rows:
        if row[0] != sku:
            if sku is not None:
                yield sku, group
            sku, group = row[0], []
        group.append(Certificate(*row[1:]))
    if sku is not None:
        yield sku, group
