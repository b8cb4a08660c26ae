"""What the catalogue knows, as frozen records. The column names are those of the catalogue folder, version 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

ALL_OF_CHINA = "100000"


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree. Coverage is m² for one unit and one coat; loss_pct is in percent."""

    code: str
    name: str
    parent: str | None = None
    synonyms: tuple[str, ...] = ()
    unit: str | None = None
    coverage_m2: float | None = None
    coats: float | None = None
    loss_pct: float | None = None
    certification_class: str | None = None  # its own; `Catalogue.certification_class` adds the inherited one
    related: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Enterprise:
    """A maker. `batch` is the published list it stands on; no evidence of a certificate."""

    id: str
    name: str
    short_name: str | None = None
    adcode: str | None = None
    batch: str | None = None
    phone: str | None = None
    website: str | None = None
    intro: str | None = None


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand and the other ways to write it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    enterprise: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product. Unknown is None or empty, never zero. `withdrawn`: gone from the last full import."""

    sku: str
    title: str
    category: str
    brand: str | None = None
    series: str | None = None
    model: str | None = None
    price: Decimal | None = None  # CNY for one unit
    price_on: date | None = None
    list_price: Decimal | None = None
    unit: str | None = None
    on_sale: bool = True
    sales_30d: int | None = None
    rating: float | None = None
    reviews: int | None = None
    growth_pct: float | None = None
    origin: str | None = None
    sells_to: tuple[str, ...] = ()  # adcodes; empty: all of China
    scenes: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    color: str | None = None
    size: str | None = None  # as written
    capacity: str | None = None
    water_grade: int | None = None
    energy_grade: int | None = None
    formaldehyde_grade: str | None = None
    voc_g_per_l: float | None = None
    coverage_m2: float | None = None
    service_life_years: float | None = None
    carbon_kg_per_year: float | None = None
    water_m3_per_year: float | None = None
    power_kwh_per_year: float | None = None
    services: tuple[str, ...] = ()
    url: str | None = None
    image_url: str | None = None
    ar_url: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    withdrawn: bool = False

    @property
    def shown(self) -> bool:
        """Tell whether it may stand in a list."""
        return self.on_sale and not self.withdrawn


SCHEMES = (  # the strongest evidence first
    "green_building_material",
    "green_product",
    "environmental_label",
    "water_saving",
    "energy_saving",
    "low_carbon",
    "carbon_neutral",
    "other",
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate. It is evidence only for the skus that it names; status is valid, suspended or revoked."""

    number: str
    scheme: str
    issued_on: date
    expires_on: date
    grade: int | None = None
    body: str | None = None
    enterprise: str | None = None
    skus: tuple[str, ...] = ()
    status: str = "valid"
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A word taught by the operator. kind: feature, scene, color, attribute, category or brand."""

    kind: str
    value: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Store:
    """A shop. Coordinates are WGS 84 degrees."""

    id: str
    name: str
    kind: str | None = None
    adcode: str | None = None
    address: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    phone: str | None = None
    hours: str | None = None
    categories: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pavilion:
    """A local pavilion: makers and products of one region."""

    id: str
    name: str
    adcode: str
    intro: str | None = None
    enterprises: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    opened_on: date | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class PilotRegion:
    """A region of the campaign."""

    adcode: str
    batch: str | None = None
    started_on: date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """A buying guide or a trend article; `body` is Markdown. Shown from `shown_from` to `shown_until`, both included."""

    id: str
    title: str
    kind: str = "buying_guide"
    categories: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    summary: str | None = None
    skus: tuple[str, ...] = ()
    shown_from: date | None = None
    shown_until: date | None = None
    body: str = ""


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking list; skus in order. criterion: sales, growth, rating, water_saving, energy_saving, carbon_saving, price."""

    id: str
    title: str
    category: str | None = None
    criterion: str | None = None
    period: str | None = None
    published_on: date | None = None
    skus: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faq:
    """A stored answer and the ways to ask for it."""

    id: str
    question: str
    answer: str
    similar: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    adcode: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A service. level: how far it reaches (village, door, upstairs, room, installed); None = not known."""

    id: str
    name: str
    kind: str | None = None
    adcodes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    level: str | None = None
    fee: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A live stream, promotion, launch or fair; times carry a zone; ends_at None = open end."""

    id: str
    title: str
    kind: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    url: str | None = None
    adcodes: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything for a scene; categories in order of need."""

    id: str
    title: str
    scene: str | None = None
    categories: tuple[str, ...] = ()
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that products use, for the lexicon: distinct values of products that may be shown, most frequent first."""

    features: tuple[str, ...] = ()
    scenes: tuple[str, ...] = ()
    colors: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    capacities: tuple[str, ...] = ()
    batches: tuple[str, ...] = ()
    series: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # series → brand ids
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # name → values
    gone: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # series → skus of it that are off sale
