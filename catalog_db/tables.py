"""The tables of the catalogue, one for each file of the folder, the same on SQLite and PostgreSQL.

Column names are those of the records. Lists are kept as they stand in the files, joined by `|` (which cannot be escaped,
so nothing is lost); money is kept in fen. Every file's table also has `withdrawn` (gone from the last full import),
`fingerprint` (of the row as imported; tells a changed row from an unchanged one) and, where the order of the file means
something, `position`. The migrations in `catalog_db/migrations` build the same tables; a test compares them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
)
from sqlalchemy.schema import SchemaItem

metadata = MetaData()
_WRITER = json.JSONEncoder(ensure_ascii=False)


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of words as one text, joined by `|`; NULL is the empty tuple."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:
        return "|".join(value) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> tuple[str, ...]:
        return tuple(value.split("|")) if value else ()


class Fen(TypeDecorator[Decimal]):
    """An amount in yuan (Decimal, at most two places) as an integer of fen."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        if value is None:
            return None
        return Decimal(value).scaleb(-2) if value % 100 else Decimal(value // 100)


class Moment(TypeDecorator[datetime]):
    """A time with its offset as ISO 8601 text: SQLite knows no zones."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class Attributes(TypeDecorator[Mapping[str, str]]):
    """Attribute name → value as JSON text; NULL is the empty mapping."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Mapping[str, str] | None, dialect: Dialect) -> str | None:
        return _WRITER.encode(dict(value)) if value else None

    def process_result_value(self, value: str | None, dialect: Dialect) -> Mapping[str, str]:
        return json.loads(value) if value else {}


def _table(name: str, key: str, *columns: SchemaItem, ordered: bool = True) -> Table:
    """Make the table of one file: its key, its columns, and what every file's table has."""
    kept: list[SchemaItem] = [
        Column("withdrawn", Boolean, nullable=False, server_default=false()),
        Column("fingerprint", BigInteger, nullable=False),
    ]
    if ordered:
        kept.append(Column("position", Integer, nullable=False))
    return Table(name, metadata, Column(key, Text, primary_key=True), *columns, *kept)


def _texts(*names: str) -> list[SchemaItem]:
    return [Column(name, Text) for name in names]


def _numbers(*names: str) -> list[SchemaItem]:
    return [Column(name, Float(53)) for name in names]


def _refers(name: str, target: str, *, nullable: bool = True) -> Column[str]:
    # Checked at the end of the transaction: rows of one file may stand in any order.
    return Column(name, Text, ForeignKey(target, deferrable=True, initially="DEFERRED"), nullable=nullable)


categories = _table(
    "categories",
    "code",
    Column("name", Text, nullable=False),
    _refers("parent", "categories.code"),
    Column("synonyms", Words),
    *_texts("unit"),
    *_numbers("coverage_m2", "coats", "loss_pct"),
    *_texts("certification_class"),
    Column("related", Words),
)

enterprises = _table(
    "enterprises",
    "id",
    Column("name", Text, nullable=False),
    *_texts("short_name", "adcode", "batch", "phone", "website", "intro"),
)

brands = _table(
    "brands",
    "id",
    Column("name", Text, nullable=False),
    Column("aliases", Words),
    _refers("enterprise", "enterprises.id"),
)

products = _table(
    "products",
    "sku",
    Column("title", Text, nullable=False),
    _refers("category", "categories.code", nullable=False),
    _refers("brand", "brands.id"),
    *_texts("series", "model"),
    Column("price", Fen),
    Column("price_on", Date),  # as the file says it; empty = `seen_on`
    Column("list_price", Fen),
    *_texts("unit"),
    Column("status", Text, nullable=False),
    Column("sales_30d", BigInteger),
    Column("rating", Float(53)),
    Column("reviews", BigInteger),
    Column("growth_pct", Float(53)),
    *_texts("origin"),
    *(Column(name, Words) for name in ("sells_to", "scenes", "features")),
    *_texts("color", "size", "capacity"),
    Column("water_grade", Integer),
    Column("energy_grade", Integer),
    *_texts("formaldehyde_grade"),
    *_numbers("voc_g_per_l", "coverage_m2", "service_life_years"),
    *_numbers("carbon_kg_per_year", "water_m3_per_year", "power_kwh_per_year"),
    Column("services", Words),
    *_texts("url", "image_url", "ar_url"),
    Column("attributes", Attributes),
    Column("model_folded", Text),
    Column("seen_on", Date, nullable=False),  # the day of the import that last brought the row
    Index("ix_products_model_folded", "model_folded"),
    ordered=False,
)

certificates = _table(
    "certificates",
    "number",
    Column("folded", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("grade", Integer),
    *_texts("body"),
    _refers("enterprise", "enterprises.id"),
    Column("skus", Words),
    Column("issued_on", Date, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("status", Text, nullable=False),
    *_texts("url"),
    Index("ix_certificates_folded", "folded"),
    Index("ix_certificates_enterprise", "enterprise"),
    Index("ix_certificates_expires_on", "expires_on", "number"),
    ordered=False,
)

certified_skus = Table(
    "certified_skus",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Index("ix_certified_skus_number", "number"),
)

terms = _table(
    "terms",
    "id",  # kind and value together: terms.csv has no identifier of its own
    Column("kind", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("synonyms", Words),
)

stores = _table(
    "stores",
    "id",
    Column("name", Text, nullable=False),
    *_texts("kind", "adcode", "address"),
    *_numbers("latitude", "longitude"),
    *_texts("phone", "hours"),
    Column("categories", Words),
    Column("services", Words),
)

pavilions = _table(
    "pavilions",
    "id",
    Column("name", Text, nullable=False),
    Column("adcode", Text, nullable=False),
    *_texts("intro"),
    Column("enterprises", Words),
    Column("skus", Words),
    Column("opened_on", Date),
    *_texts("url"),
)

pilot_regions = _table("pilot_regions", "adcode", *_texts("batch"), Column("started_on", Date), *_texts("note"))

guides = _table(
    "guides",
    "id",
    Column("title", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("categories", Words),
    Column("scenes", Words),
    *_texts("summary"),
    Column("skus", Words),
    Column("shown_from", Date),
    Column("shown_until", Date),
    Column("body", Text, nullable=False),
)

rankings = _table(
    "rankings",
    "id",
    Column("title", Text, nullable=False),
    *_texts("category", "criterion", "period"),
    Column("published_on", Date),
    Column("skus", Words),
)

faqs = _table(
    "faqs",
    "id",
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("similar", Words),
    Column("categories", Words),
    *_texts("adcode"),
)

services = _table(
    "services",
    "id",
    Column("name", Text, nullable=False),
    *_texts("kind"),
    Column("adcodes", Words),
    Column("categories", Words),
    *_texts("level", "fee", "description"),
)

events = _table(
    "events",
    "id",
    Column("title", Text, nullable=False),
    *_texts("kind"),
    Column("starts_at", Moment),
    Column("ends_at", Moment),
    *_texts("url"),
    Column("adcodes", Words),
    Column("categories", Words),
    Column("skus", Words),
    *_texts("description"),
)

plans = _table(
    "plans",
    "id",
    Column("title", Text, nullable=False),
    *_texts("scene"),
    Column("categories", Words),
    *_texts("description"),
)

# One row. `revision` grows with every change; `bulk_revision` is the last one whose changes are not listed sku by sku.
catalogue = Table(
    "catalogue",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("bulk_revision", BigInteger, nullable=False),
    Column("vocabulary", Text, nullable=False),
    Column("digest", Text, nullable=False),  # of all rows in force: tells two catalogues of one revision apart
)

product_changes = Table(
    "product_changes",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("sku", Text, primary_key=True),
)
