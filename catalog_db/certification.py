"""Which certificates hold on a day: the one place that decides it.

A product is certified only while a certificate that names it has status `valid` and the day lies within
`issued_on`…`expires_on`, both included ("What certified means" of the catalogue folder).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

from catalog_db.records import Certificate

State = Literal["valid", "expired", "suspended", "revoked", "not_yet_valid"]


def state(certificate: Certificate, day: date) -> State:
    """Say how a certificate stands on a day. What its issuer decided (suspended, revoked) goes before the dates."""
    if certificate.status == "suspended":
        return "suspended"
    if certificate.status == "revoked":
        return "revoked"
    if day < certificate.issued_on:
        return "not_yet_valid"
    if day > certificate.expires_on:
        return "expired"
    return "valid"


def in_force(certificate: Certificate, day: date) -> bool:
    """Tell whether a certificate holds on a day."""
    return state(certificate, day) == "valid"


def certified(certificates: Iterable[Certificate], day: date, schemes: tuple[str, ...] = ()) -> bool:
    """Tell whether one of a product's certificates holds on a day: of these schemes, without any, all but `other`."""
    return any(
        in_force(certificate, day) and (certificate.scheme in schemes if schemes else certificate.scheme != "other")
        for certificate in certificates
    )


def stars(certificates: Iterable[Certificate], day: date) -> int | None:
    """Give a product's stars on a day: the highest grade among its green building material certificates in force."""
    return max(
        (
            certificate.grade
            for certificate in certificates
            if certificate.grade is not None
            and certificate.scheme == "green_building_material"
            and in_force(certificate, day)
        ),
        default=None,
    )
