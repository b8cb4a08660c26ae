"""What is worth telling: held against catalogues that are loaded anew, with the time given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from catalog_db.catalog import Catalogue
from catalog_db.search.query import ProductQuery
from handlers.alerts import NIGHT, Quiet, Told, look
from tests.assistants import NOW, demonstration
from tests.catalog_db.folders import Rows
from tests.shelves import shelf

CATALOGUE = demonstration().catalogue
SKU = next(
    p.sku
    for p in CATALOGUE.products(
        hit.sku for hit in CATALOGUE.search(ProductQuery(NOW.date(), certified=True, limit=20)).hits
    )
    if p.price
)  # fmt: skip


Shop = Callable[..., Catalogue]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """Give what opens a shop with one product and one event, each with what a test says of it."""
    with ExitStack() as opened:

        def with_(event: str = "2026-11-22T19:30:00+08:00", **product: str) -> Catalogue:
            folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
            row = {"sku": "p1", "title": "柳畔净味墙漆 18L", "category": "latex", "price": "300", **product}
            files: dict[str, Rows] = {
                "categories": [{"code": "latex", "name": "墙漆", "unit": "桶"}], "products": [row],
                "events": [{"id": "x1", "title": "直播讲刷墙", "kind": "live", "starts_at": event}],
            }  # fmt: skip
            folder.mkdir()
            return opened.enter_context(shelf(folder, files))

        yield with_


def keys(told: Told) -> list[str]:
    return [text.key for text in told.texts]


def test_a_lower_price_is_told_once_and_a_higher_one_never(shop: Shop) -> None:
    first = look("product", "p1", None, shop(), NOW)
    assert keys(first) == []
    lower = look("product", "p1", first.told, shop(price="299"), NOW)
    assert keys(lower) == ["alerts.price"]
    assert keys(look("product", "p1", lower.told, shop(price="299"), NOW)) == []
    higher = look("product", "p1", lower.told, shop(price="305"), NOW)
    assert keys(higher) == []
    assert keys(look("product", "p1", higher.told, shop(price="304"), NOW)) == ["alerts.price"]
    assert keys(look("product", "p1", first.told, shop(price="1", status="off_sale"), NOW)) == []


def test_a_certificate_about_to_lapse_is_told_once_and_that_it_has_lapsed_once() -> None:
    certificates = CATALOGUE.certificates_of(SKU)
    last = max(one.expires_on for one in certificates if one.status == "valid")
    told = look("product", SKU, None, CATALOGUE, NOW).told
    near = datetime.combine(last - timedelta(days=10), NOW.timetz())
    warned = look("product", SKU, told, CATALOGUE, near)
    assert keys(warned).count("alerts.lapsing") == 1
    assert keys(look("product", SKU, warned.told, CATALOGUE, near + timedelta(days=1))) == []
    gone = look("product", SKU, warned.told, CATALOGUE, near + timedelta(days=11))
    assert keys(gone) == ["alerts.lapsed"]
    assert keys(look("product", SKU, gone.told, CATALOGUE, near + timedelta(days=12))) == []


def test_something_new_in_a_kind() -> None:
    told = look("category", "paint_interior", None, CATALOGUE, NOW)
    assert keys(told) == []
    assert keys(look("category", "paint_interior", told.told, CATALOGUE, NOW)) == []
    before = told.told[1:]
    new = look("category", "paint_interior", before, CATALOGUE, NOW)
    assert keys(new) == ["alerts.new"]
    assert keys(look("category", "paint_interior", new.told, CATALOGUE, NOW)) == []
    assert look("category", "no_such", None, CATALOGUE, NOW).over


def test_an_event_is_told_half_an_hour_before_and_is_over_then() -> None:
    event = min((e for e in CATALOGUE.events.values() if e.starts_at and e.starts_at > NOW), key=lambda e: e.starts_at)
    first = look("event", event.id, None, CATALOGUE, NOW)
    assert not first.texts
    assert first.due_at == NIGHT.reminder_at(event.starts_at)
    told = look("event", event.id, None, CATALOGUE, first.due_at)
    assert told.texts[0].key.startswith("alerts.event")
    assert told.over
    assert look("event", event.id, None, CATALOGUE, event.starts_at).over


@pytest.mark.parametrize(
    ("starts", "reminded"),
    [("20:00", "19:30"), ("21:10", "20:40"), ("21:40", "20:50"), ("09:00", "08:30"), ("08:30", "08:00"), ("08:10", "20:50"), ("06:00", "20:50")],
)  # fmt: skip
def test_nobody_is_reminded_in_the_night(starts: str, reminded: str) -> None:
    hour, minute = map(int, starts.split(":"))
    starts_at = NOW.replace(hour=hour, minute=minute)
    at = NIGHT.reminder_at(starts_at)
    assert f"{at:%H:%M}" == reminded
    assert timedelta(minutes=10) <= starts_at - at < timedelta(hours=24)
    assert not NIGHT.holds(at)


@pytest.mark.parametrize(
    ("clock", "quiet"), [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)]
)  # fmt: skip
def test_quiet_hours(clock: str, quiet: bool) -> None:
    hour, minute = map(int, clock.split(":"))
    assert NIGHT.holds(NOW.replace(hour=hour, minute=minute)) is quiet


@pytest.mark.parametrize(
    ("quiet", "starts", "reminded"),
    [
        (Quiet(time(19), time(9, 30)), "19:20", "18:50"), (Quiet(time(19), time(9, 30)), "09:50", "18:50"),
        (Quiet(time(19), time(9, 30)), "10:00", "09:30"), (Quiet(time(12), time(14)), "13:00", "11:50"),
        (Quiet(time(12), time(14)), "23:30", "23:00"), (Quiet(time(0), time(0)), "03:00", "02:30"),
    ],
)  # fmt: skip
def test_the_hours_that_the_operator_set_move_the_reminder_of_an_event(
    quiet: Quiet, starts: str, reminded: str, shop: Shop
) -> None:
    moved = shop(event=f"2026-11-24T{starts}:00+08:00")
    first = look("event", "x1", None, moved, NOW, quiet)
    assert first.due_at is not None and f"{first.due_at:%H:%M}" == reminded
    assert not first.texts and look("event", "x1", None, moved, first.due_at, quiet).texts
