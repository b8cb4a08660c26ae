"""What is worth telling somebody who asked to be told: a lower price, a certificate about to lapse, something new, a live stream.

Pure: what was told last is held against today's catalogue.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from catalog_db.catalog import Catalogue
from catalog_db.certification import certified, in_force
from catalog_db.search.query import ProductQuery
from handlers.certification.overclaims import title_within_bounds
from handlers.turn import Money, Text, say

LAPSING_DAYS = 30
REMINDER = timedelta(minutes=30)
EARLIER = timedelta(minutes=10)  # so long before the quiet hours what falls into them is said
QUIET_FROM, QUIET_TO = time(21), time(8)  # Asia/Shanghai's, of the day of the person
_MOST = 200


@dataclass(frozen=True, slots=True)
class Told:
    """What is said now (a message each), what the person knows after it, when to look again, and whether it ends."""

    texts: tuple[Text, ...]
    told: Any
    due_at: datetime | None = None
    over: bool = False


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nobody is to be disturbed, the ends as on a clock; from a time to the same time: none."""

    begins: time = QUIET_FROM
    ends: time = QUIET_TO

    def holds(self, now: datetime) -> bool:
        """Tell whether a local time lies in them."""
        clock = now.timetz().replace(tzinfo=None)
        if self.begins <= self.ends:
            return self.begins <= clock < self.ends
        return clock >= self.begins or clock < self.ends

    def reminder_at(self, starts_at: datetime) -> datetime:
        """Return when to remind of something that begins: half an hour before, never in the quiet hours but ten minutes before them."""
        at = starts_at - REMINDER
        if not self.holds(at):
            return at
        evening = at if at.timetz().replace(tzinfo=None) >= self.begins else at - timedelta(days=1)
        return evening.replace(hour=self.begins.hour, minute=self.begins.minute, second=0) - EARLIER


NIGHT = Quiet()


def look(kind: str, target: str, told: Any, catalogue: Catalogue, now: datetime, quiet: Quiet = NIGHT) -> Told:
    """Hold what was told against the catalogue; `told` None: for the first time, nothing is said. What is gone is over."""
    if kind == "event":
        return _event(target, told, catalogue, now, quiet)
    return _KINDS[kind](target, told, catalogue, now)


def _product(sku: str, told: Any, catalogue: Catalogue, now: datetime) -> Told:
    product = catalogue.product(sku)
    if product is None:
        return Told((), told, over=True)
    today = now.date()
    evidence = catalogue.certificates_of(sku)
    known = dict(told or {})
    state: dict[str, Any] = {
        "price": None if product.price is None else str(product.price),
        "certified": certified(evidence, today),
        "warned": list(known.get("warned", ())),
    }
    texts = []
    if known.get("price") and product.price is not None and product.shown and product.price < Decimal(known["price"]):
        old, new = Money(Decimal(known["price"]), product.unit), Money(product.price, product.unit)
        texts.append(say("alerts.price", title=title_within_bounds(product.title), old=old, new=new))
    for one in evidence:
        mark = f"{one.number} {one.expires_on}"
        near = in_force(one, today) and (one.expires_on - today).days <= LAPSING_DAYS
        if near and mark not in state["warned"]:
            state["warned"].append(mark)
            texts.append(
                say("alerts.lapsing", title=title_within_bounds(product.title), number=one.number, until=one.expires_on)
            )
    if known.get("certified") and not state["certified"]:
        texts.append(say("alerts.lapsed", title=title_within_bounds(product.title)))
    return Told(tuple(texts), state)


def _category(code: str, told: Any, catalogue: Catalogue, now: datetime) -> Told:
    category = catalogue.categories.get(code)
    if category is None:
        return Told((), told, over=True)
    query = ProductQuery(now.date(), categories=(code,), certified=True, limit=_MOST)
    found = [hit.sku for hit in catalogue.search(query).hits]
    new = [] if told is None else [sku for sku in found if sku not in set(told)]
    first = catalogue.product(new[0]) if new else None
    texts = () if first is None else (say("alerts.new", category=category.name, total=len(new), title=first.title),)
    return Told(texts, sorted({*found, *(told or ())}))


def _event(event_id: str, told: Any, catalogue: Catalogue, now: datetime, quiet: Quiet) -> Told:
    event = catalogue.events.get(event_id)
    if event is None or event.starts_at is None or event.starts_at <= now:
        return Told((), told, over=True)
    at = quiet.reminder_at(event.starts_at.astimezone(now.tzinfo))
    if now < at:
        return Told((), told, at)
    key = "alerts.event_link" if event.url else "alerts.event"
    return Told((say(key, title=event.title, start=event.starts_at, url=event.url or ""),), told, over=True)


_KINDS: dict[str, Callable[[str, Any, Catalogue, datetime], Told]] = {
    "product": _product,
    "category": _category,
}
