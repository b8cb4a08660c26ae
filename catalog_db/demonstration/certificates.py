"""The certificates of the demonstration: every scheme, every state, and titles that claim what no certificate says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from catalog_db.demonstration.chance import between, fraction, pick
from catalog_db.demonstration.sources import Line, Row

COLUMNS = ("number", "scheme", "grade", "body", "enterprise", "skus", "issued_on", "expires_on", "status", "url")
STARS = "green_building_material"
_STRIDE = 17  # shares no factor with the number of shares, so that neighbours get different states
_GRADES = (3, 3, 3, 3, 2, 2, 2, 1, 1)


@dataclass(frozen=True, slots=True)
class _Kinds:
    """What may be drawn: the states by their shares, and each scheme's prefix, body and years."""

    states: Sequence[Row]
    schemes: Mapping[str, Row]


def make_certificates(
    products: Sequence[Row],
    lines: Sequence[Line],
    brands: Mapping[str, Row],
    tables: tuple[Sequence[Row], Sequence[Row]],
    today: date,
) -> list[Row]:
    """Make the certificates of every brand that takes part; `tables` are the states and the schemes of the sources."""
    states, schemes = tables
    shares = [state for state in states for _ in range(int(state["share"]))]
    kinds = _Kinds(shares, {scheme["scheme"]: scheme for scheme in schemes})
    of_line = {line.category: line.schemes for line in lines}
    made: list[Row] = []
    for turn, (brand_id, category, skus) in enumerate(_groups(products)):
        brand = brands[brand_id]
        if brand["certified"] != "yes":
            continue
        for rank, scheme in enumerate(of_line[category]):
            if rank > 0 and fraction(brand_id, category, scheme) > 0.55:
                continue
            made += _certificates(kinds, scheme, brand, skus, turn + 5 * rank, today)
    return made


def _groups(products: Sequence[Row]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield brand, category and skus: certificates bind a maker and a kind."""

    def key(row: Row) -> tuple[str, str]:
        return row["category"], row["brand"]

    for (category, brand), rows in groupby(sorted(products, key=key), key):
        yield brand, category, sorted(row["sku"] for row in rows)


def _certificates(kinds: _Kinds, scheme: str, brand: Row, skus: Sequence[str], turn: int, today: date) -> Iterator[Row]:
    state = kinds.states[turn * _STRIDE % len(kinds.states)]
    kind = kinds.schemes[scheme]
    issued, expires = _term(state, int(kind["years"]), skus[0], scheme, today)
    row = {
        "number": _number(kind, issued, skus),
        "scheme": scheme,
        "grade": str(pick(_GRADES, skus[0], "grade")) if scheme == STARS else "",
        "body": kind["body"],
        "enterprise": brand["enterprise"],
        "skus": "|".join(_named(state, skus)),
        "issued_on": issued.isoformat(),
        "expires_on": expires.isoformat(),
        "status": state["status"],
        "url": "",
    }
    yield row
    if state["state"] == "valid" and fraction(skus[0], scheme, "earlier") < 0.15:
        yield _earlier(row, kind, issued, skus)


def _earlier(row: Row, kind: Row, issued: date, skus: Sequence[str]) -> Row:
    """The certificate before the present one: it ended the day before."""
    began = _years_after(issued, -int(kind["years"]))
    ended = issued - timedelta(days=1)
    return row | {
        "number": _number(kind, began, skus),
        "issued_on": began.isoformat(),
        "expires_on": ended.isoformat(),
        "grade": "1" if row["grade"] else "",
    }


def _number(kind: Row, issued: date, skus: Sequence[str]) -> str:
    """Number it by scheme, year and the first of its maker's goods: other goods that come or go do not change it."""
    return f"{kind['prefix']}-{issued:%y}-{skus[0].removeprefix('YS')}"


def _term(state: Row, years: int, sku: str, scheme: str, today: date) -> tuple[date, date]:
    """Issue and expiry. What moves with the day counts from today; the rest from the new year, so that it stays put."""
    start = date(today.year, 1, 1) if state["anchor"] == "new_year" else today
    day = start + timedelta(days=int(between(int(state["from"]), int(state["until"]), sku, scheme, "term")))
    if state["anchor"] == "expires":
        return _years_after(day + timedelta(days=1), -years), day
    return day, _years_after(day, years) - timedelta(days=1)


def _years_after(day: date, years: int) -> date:
    """The same day of another year; 29 February becomes the 28th."""
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


def _named(state: Row, skus: Sequence[str]) -> Sequence[str]:
    if state["names"] == "none":
        return ()
    return skus[: max(1, len(skus) - 1)] if state["names"] == "some" else skus


def in_force(certificate: Row, today: date) -> bool:
    """Tell whether it is in force today (valid, begun, not over)."""
    day = today.isoformat()
    return certificate["status"] in {"", "valid"} and certificate["issued_on"] <= day <= certificate["expires_on"]


def certified_skus(certificates: Sequence[Row], scheme: str, today: date) -> dict[str, int]:
    """Map each sku certified today under the scheme to its highest grade (0 where the scheme has none)."""
    grades: dict[str, int] = {}
    for row in certificates:
        if row["scheme"] == scheme and in_force(row, today):
            for sku in filter(None, row["skus"].split("|")):
                grades[sku] = max(grades.get(sku, 0), int(row["grade"] or 0))
    return grades


def certified_under_any(certificates: Sequence[Row], today: date) -> set[str]:
    """Name every sku certified today under any scheme but `other`."""
    schemes = {row["scheme"] for row in certificates} - {"other"}
    return {sku for scheme in schemes for sku in certified_skus(certificates, scheme, today)}


def claim(
    products: Sequence[Row], certificates: Sequence[Row], words: Mapping[str, Sequence[str]], today: date
) -> None:
    """Let some titles speak of a certification, as shops do: mostly rightly, now and then with nothing behind it."""
    stars = certified_skus(certificates, STARS, today)
    for row in products:
        sku = row["sku"]
        if stars.get(sku) and fraction(sku, "claim") < 0.12:
            row["title"] += f" {words['true'][stars[sku] - 1]}"
        elif sku not in stars and fraction(sku, "claim") < 0.06:
            row["title"] += f" {pick(words['false'], sku, 'words')}"
