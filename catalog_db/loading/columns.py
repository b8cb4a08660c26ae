"""The columns of every file of the catalogue folder: how a cell is read, whether it must be there, what it refers to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table

from catalog_db import tables
from catalog_db.loading import cells
from catalog_db.loading.cells import Parser
from catalog_db.records import SCHEMES


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` is its name in the table; `refers` the file whose identifiers it holds."""

    name: str
    parse: Parser
    required: bool = False
    default: object = None
    refers: str | None = None
    many: bool = False  # a list of references
    must_exist: bool = False  # an unknown reference rejects the row
    field: str = ""

    @property
    def stored_as(self) -> str:
        """Give the column's name in the table."""
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class File:
    """One file of the folder; `key` is the column that identifies a row (None: kind and value of terms.csv)."""

    name: str
    table: Table
    columns: tuple[Column, ...]
    key: str = "id"
    open_columns: bool = False  # further columns are attributes
    mandatory: bool = False

    @property
    def path(self) -> str:
        """Give the name people know it by."""
        return f"{self.name}.csv"


def _text(name: str, *, required: bool = False) -> Column:
    return Column(name, cells.text, required=required)


def _key(name: str) -> Column:
    return Column(name, cells.identifier, required=True)


def _words(name: str) -> Column:
    return Column(name, cells.words)


def _one(name: str, refers: str) -> Column:
    return Column(name, cells.half_width, refers=refers)


def _many(name: str, refers: str) -> Column:
    return Column(name, cells.codes, refers=refers, many=True)


def _adcode(name: str = "adcode", *, required: bool = False) -> Column:
    return Column(name, cells.adcode, required=required)


_URL = _text("url")
_CATEGORIES = _many("categories", "categories")
_SKUS = _many("skus", "products")

CATEGORIES = File(
    "categories",
    tables.categories,
    (
        _key("code"),
        _text("name", required=True),
        _one("parent", "categories"),
        _words("synonyms"),
        _text("unit"),
        Column("coverage_m2", cells.number(above=0)),
        Column("coats", cells.number(above=0)),
        Column("loss_pct", cells.number(low=0)),
        _text("certification_class"),
        _many("related", "categories"),
    ),
    key="code",
    mandatory=True,
)

ENTERPRISES = File(
    "enterprises",
    tables.enterprises,
    (
        _key("id"),
        _text("name", required=True),
        _text("short_name"),
        _adcode(),
        *(_text(name) for name in ("batch", "phone", "website", "intro")),
    ),
)

BRANDS = File(
    "brands",
    tables.brands,
    (_key("id"), _text("name", required=True), _words("aliases"), _one("enterprise", "enterprises")),
)

SERVICES = File(
    "services",
    tables.services,
    (
        _key("id"),
        _text("name", required=True),
        Column("kind", cells.choice("delivery", "installation", "measuring", "recycling", "after_sales", "design")),
        Column("adcodes", cells.adcodes),
        _CATEGORIES,
        Column("level", cells.choice("village", "door", "upstairs", "room", "installed")),
        _text("fee"),
        _text("description"),
    ),
)

PRODUCTS = File(
    "products",
    tables.products,
    (
        _key("sku"),
        _text("title", required=True),
        Column("category", cells.half_width, required=True, refers="categories", must_exist=True),
        _one("brand", "brands"),
        _text("series"),
        _text("model"),
        Column("price", cells.money),
        Column("price_on", cells.day),
        Column("list_price", cells.money),
        _text("unit"),
        Column("status", cells.choice("on_sale", "off_sale"), default="on_sale"),
        Column("sales_30d", cells.count),
        Column("rating", cells.number(0, 5)),
        Column("reviews", cells.count),
        Column("growth_pct", cells.number()),
        _adcode("origin"),
        Column("sells_to", cells.adcodes),
        _words("scenes"),
        _words("features"),
        _text("color"),
        _text("size"),
        _text("capacity"),
        Column("water_grade", cells.grade),
        Column("energy_grade", cells.grade),
        Column("formaldehyde_grade", cells.choice("ENF", "E0", "E1")),
        Column("voc_g_per_l", cells.number(low=0)),
        Column("coverage_m2", cells.number(above=0)),
        Column("service_life_years", cells.number(above=0)),
        *(Column(name, cells.number()) for name in ("carbon_kg_per_year", "water_m3_per_year", "power_kwh_per_year")),
        _many("services", "services"),
        _URL,
        _text("image_url"),
        _text("ar_url"),
    ),
    key="sku",
    open_columns=True,
    mandatory=True,
)

CERTIFICATES = File(
    "certificates",
    tables.certificates,
    (
        _key("number"),
        Column("scheme", cells.choice(*SCHEMES), required=True),
        Column("grade", cells.stars),
        _text("body"),
        _one("enterprise", "enterprises"),
        _SKUS,
        Column("issued_on", cells.day, required=True),
        Column("expires_on", cells.day, required=True),
        Column("status", cells.choice("valid", "suspended", "revoked"), default="valid"),
        _URL,
    ),
    key="number",
)

TERMS = File(
    "terms",
    tables.terms,
    (
        Column("kind", cells.choice("feature", "scene", "color", "attribute", "category", "brand"), required=True),
        _text("value", required=True),
        _words("synonyms"),
    ),
)

STORES = File(
    "stores",
    tables.stores,
    (
        _key("id"),
        _text("name", required=True),
        Column("kind", cells.choice("appliance_store", "home_store", "super_store", "partner_store")),
        _adcode(),
        _text("address"),
        Column("latitude", cells.number(-90, 90)),
        Column("longitude", cells.number(-180, 180)),
        _text("phone"),
        _text("hours"),
        _CATEGORIES,
        _many("services", "services"),
    ),
)

PAVILIONS = File(
    "pavilions",
    tables.pavilions,
    (
        _key("id"),
        _text("name", required=True),
        _adcode(required=True),
        _text("intro"),
        _many("enterprises", "enterprises"),
        _SKUS,
        Column("opened_on", cells.day),
        _URL,
    ),
)

PILOT_REGIONS = File(
    "pilot_regions",
    tables.pilot_regions,
    (_adcode(required=True), _text("batch"), Column("started_on", cells.day), _text("note")),
    key="adcode",
)

GUIDES = File(
    "guides",
    tables.guides,
    (
        _key("id"),
        _text("title", required=True),
        Column("kind", cells.choice("buying_guide", "trend"), default="buying_guide"),
        _CATEGORIES,
        _words("scenes"),
        _text("summary"),
        _SKUS,
        Column("from", cells.day, field="shown_from"),
        Column("until", cells.day, field="shown_until"),
        Column("body", str, default=""),
    ),
)

RANKINGS = File(
    "rankings",
    tables.rankings,
    (
        _key("id"),
        _text("title", required=True),
        _one("category", "categories"),
        Column(
            "criterion",
            cells.choice("sales", "growth", "rating", "water_saving", "energy_saving", "carbon_saving", "price"),
        ),
        _text("period"),
        Column("published_on", cells.day),
        _SKUS,
    ),
)

FAQS = File(
    "faqs",
    tables.faqs,
    (
        _key("id"),
        _text("question", required=True),
        _words("similar"),
        _text("answer", required=True),
        _CATEGORIES,
        _adcode(),
    ),
)

EVENTS = File(
    "events",
    tables.events,
    (
        _key("id"),
        _text("title", required=True),
        Column("kind", cells.choice("live", "promotion", "launch", "fair")),
        Column("starts_at", cells.moment),
        Column("ends_at", cells.moment),
        _URL,
        Column("adcodes", cells.adcodes),
        _CATEGORIES,
        _SKUS,
        _text("description"),
    ),
)

PLANS = File(
    "plans",
    tables.plans,
    (_key("id"), _text("title", required=True), _text("scene"), _CATEGORIES, _text("description")),
)

# In the order of loading: what is referred to comes before what refers to it.
FILES = (
    CATEGORIES,
    ENTERPRISES,
    BRANDS,
    SERVICES,
    PRODUCTS,
    CERTIFICATES,
    TERMS,
    STORES,
    PAVILIONS,
    PILOT_REGIONS,
    GUIDES,
    RANKINGS,
    FAQS,
    EVENTS,
    PLANS,
)
