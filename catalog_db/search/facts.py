"""What the search knows of one product: its record brought into the form in which filters compare it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from catalog_db.records import SCHEMES, Certificate, Product
from catalog_db.search.folding import fold_all, tight, word
from catalog_db.search.shelf import Shelf

GREEN = "green_building_material"
OTHER = "other"
SEPARATOR = "\t"  # stands between the parts of a product's text, so that no word is found across two of them


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one certificate says of a product: from when to when, both days included. Only valid ones become evidence."""

    scheme: str
    grade: int  # 0: none
    since: date
    until: date

    def holds(self, day: date) -> bool:
        """Tell whether it is in force on the day."""
        return self.since <= day <= self.until


class Known(Protocol):
    """What reasons and sorts need to know of a product, wherever it is read from."""

    @property
    def product(self) -> Any:
        """Return its columns."""
        ...

    @property
    def title(self) -> str:
        """Return its folded title."""
        ...

    @property
    def features(self) -> Collection[str]:
        """Return its features."""
        ...

    @property
    def scenes(self) -> Collection[str]:
        """Return its scenes."""
        ...

    def stars(self, day: date) -> int:
        """Return its stars on a day."""
        ...

    def schemes(self, day: date) -> frozenset[str]:
        """Return the schemes under which it is certified on a day."""
        ...


@dataclass(frozen=True, slots=True)
class Facts:
    """One product as the filters see it."""

    product: Product
    line: tuple[str, ...]  # its category and all above
    covered: bool  # its category has a certification class
    evidence: tuple[Evidence, ...]
    makers: frozenset[str]
    batches: frozenset[str]
    title: str  # folded
    words: str  # everything that title_words may stand in: title, series, model and attributes, folded
    features: frozenset[str]
    scenes: frozenset[str]
    attributes: frozenset[tuple[str, str]]

    def stars(self, day: date) -> int:
        """Return the highest grade of the green building material certificates in force, 0 when there is none."""
        return max((e.grade for e in self.evidence if e.scheme == GREEN and e.holds(day)), default=0)

    def schemes(self, day: date) -> frozenset[str]:
        """Return the schemes with a certificate in force."""
        return frozenset(e.scheme for e in self.evidence if e.holds(day))

    def certified(self, day: date) -> bool:
        """Tell whether 有认证 holds: the green scheme where the category is covered, elsewhere any scheme but `other`."""
        held = self.schemes(day)
        return GREEN in held if self.covered else bool(held - {OTHER})


def evidence(certificates: Sequence[Certificate], sku: str) -> tuple[Evidence, ...]:
    """Return what the valid certificates that name the sku say, each once, in a fixed order."""
    found = {
        Evidence(c.scheme, c.grade or 0, c.issued_on, c.expires_on)
        for c in certificates
        if c.status == "valid" and sku in c.skus
    }
    return tuple(sorted(found, key=lambda e: (SCHEMES.index(e.scheme), e.grade, e.since, e.until)))


def evidence_texts(certificates: Sequence[Certificate], sku: str) -> tuple[str, ...]:
    """Return the same as an index keeps it: scheme, grade and the days as ordinals, a tab between them."""
    return tuple(
        f"{e.scheme}\t{e.grade}\t{e.since.toordinal()}\t{e.until.toordinal()}" for e in evidence(certificates, sku)
    )


def texts(product: Product) -> list[str]:
    """Return what words are looked for in: the title, and series, model and attributes when there are any."""
    if not (product.series or product.model or product.attributes):
        return [product.title]
    return [product.title, product.series or "", product.model or "", *product.attributes.values()]


def facts(product: Product, certificates: Sequence[Certificate], shelf: Shelf) -> Facts:
    """Bring a product and its certificates into the form that filters compare."""
    naming = [c for c in certificates if product.sku in c.skus]
    makers = shelf.makers(product.brand, (c.enterprise for c in naming))
    title, *more = fold_all(texts(product))
    return Facts(
        product=product,
        line=shelf.line(product.category),
        covered=shelf.covered(product.category),
        evidence=evidence(naming, product.sku),
        makers=makers,
        batches=shelf.batches(makers),
        title=title,
        words=SEPARATOR.join([title, *more]),
        features=frozenset(map(word, product.features)),
        scenes=frozenset(map(word, product.scenes)),
        attributes=frozenset((tight(name), tight(value)) for name, value in product.attributes.items()),
    )
