"""What certificates say of a product on a day: one verdict for each, those in force first; the evidence behind `verify`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from catalog_db.certification import in_force, state
from catalog_db.records import Certificate, Product
from catalog_db.search.query import ProductQuery
from handlers.answer_parts.choices import short_name
from handlers.answer_parts.product_facts import GREEN, by_weight, scheme_name
from handlers.turn import Text, say

if TYPE_CHECKING:
    from catalog_db.catalog import Catalogue

EXPIRES_SOON_DAYS = 90  # within these a certificate in force is said to run out soon
SIBLINGS = 40  # products of one series that are looked at for a certificate


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one product stands to one certificate. Without a certificate the status is `none`."""

    sku: str | None
    status: str
    certificate: Certificate | None = None
    scheme: str | None = None  # the scheme that was asked about, when no certificate is there to tell

    def data(self) -> Mapping[str, Any]:
        """Return the element of `verdicts` in the answer format."""
        number = self.certificate.number if self.certificate else None
        return {"certificate": number, "sku": self.sku, "status": self.status}


def verdicts_of(catalogue: Catalogue, product: Product, day: date, schemes: Sequence[str] = ()) -> list[Verdict]:
    """Judge a product: a verdict for each of its certificates of the schemes asked about (of any, without one).

    Without such a certificate: `not_covered` when one of the same series exists that does not name it, else `none`. A product
    with certificates of other schemes alone is also told apart from the green one of its series.
    """
    held = catalogue.certificates_of(product.sku)
    asked = [c for c in by_weight(held, day) if not schemes or c.scheme in schemes]
    found = [Verdict(product.sku, state(c, day), c) for c in asked]
    if any(c.scheme == GREEN for c in held) or (schemes and asked):
        return found or [Verdict(product.sku, "none", None, schemes[0])]
    beside = next(iter(certificates_beside(catalogue, product, schemes or (GREEN,), day)), None)
    if beside is not None and not (held and schemes):
        return [*found, Verdict(product.sku, "not_covered", beside, beside.scheme)]
    return found or [Verdict(product.sku, "none", None, schemes[0] if schemes else None)]


def certificates_beside(
    catalogue: Catalogue, product: Product, schemes: Sequence[str], day: date
) -> Iterator[Certificate]:
    """Yield certificates in force that a reader could take for this product's: of its series, or of its maker without products."""
    if product.brand and product.series:
        query = ProductQuery(
            day,
            brands=(product.brand,),
            series=(product.series,),
            categories=(product.category,),
            schemes=tuple(schemes),
            limit=SIBLINGS,
        )
        skus = [hit.sku for hit in catalogue.search(query).hits if hit.sku != product.sku]
        for certificates in catalogue.certificates_of_many(skus).values():
            yield from (c for c in by_weight(certificates, day) if c.scheme in schemes and in_force(c, day))
    brand = catalogue.brands.get(product.brand or "")
    if brand and brand.enterprise:
        issued = catalogue.certificates_of_enterprise(brand.enterprise)
        yield from (c for c in issued if not c.skus and c.scheme in schemes and in_force(c, day))


def line_of(verdict: Verdict, catalogue: Catalogue, day: date, *, beside: bool = False) -> Text:
    """Say a verdict in plain words, the state first for everything that is not in force; `beside` another that has a certificate."""
    certificate = verdict.certificate
    if certificate is None:
        key = "_beside" if beside else ""
        if verdict.scheme:
            return say(f"verdict.none{key}", scheme=scheme_name(verdict.scheme))
        return say(f"verdict.none_of_any{key}")
    values: dict[str, Any] = {
        "scheme": scheme_name(certificate.scheme),
        "number": certificate.number,
        "issued": certificate.issued_on,
        "expires": certificate.expires_on,
        "body": certificate.body or say("verdict.body_unknown"),
    }
    if verdict.status == "not_covered":
        named = tuple(short_name(p, catalogue) for p in catalogue.products(certificate.skus[:3]))
        return say("verdict.not_covered", **values, named=named) if named else say("verdict.names_nothing", **values)
    if verdict.status != "valid":
        return say(f"verdict.{verdict.status}", **values)
    left = (certificate.expires_on - day).days
    starred = certificate.scheme == GREEN and certificate.grade is not None
    if starred:
        values["stars"] = say(f"stars.{certificate.grade}")
    if left == 0:
        return say("verdict.valid" + ("_stars" if starred else "") + "_last", **values)
    key = "verdict.valid" + ("_stars" if starred else "") + ("_soon" if left <= EXPIRES_SOON_DAYS else "")
    return say(key, **values, days=left)
