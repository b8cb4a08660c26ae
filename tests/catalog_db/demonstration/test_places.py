"""Places of the demonstration: real codes, and shops that stand about where they say."""

from __future__ import annotations

import pytest

from catalog_db.places import Places, load_places
from catalog_db.records import ALL_OF_CHINA
from tests.catalog_db.demonstration.conftest import Folder, in_list

COLUMNS = {
    "products": ("origin", "sells_to"),
    "enterprises": ("adcode",),
    "stores": ("adcode",),
    "pavilions": ("adcode",),
    "pilot_regions": ("adcode",),
    "services": ("adcodes",),
    "events": ("adcodes",),
    "faqs": ("adcode",),
}


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


@pytest.mark.parametrize("file", COLUMNS)
def test_every_code_is_a_place(folder: Folder, places: Places, file: str) -> None:
    codes = {code for row in folder.rows(file) for column in COLUMNS[file] for code in in_list(row[column])}
    assert [code for code in codes - {ALL_OF_CHINA} if code not in places] == []


def test_shops_stand_where_they_say(folder: Folder, places: Places) -> None:
    for row in folder.rows("stores"):
        assert places.name(row["adcode"]) in row["address"], row["id"]
        near = places.nearest(float(row["latitude"]), float(row["longitude"]), 10)
        assert any(code[:2] == row["adcode"][:2] for code, _ in near), (row["name"], near)


def test_makers_bear_the_name_of_their_county(folder: Folder, places: Places) -> None:
    for row in folder.rows("enterprises"):
        name = places.name(row["adcode"])
        assert name is not None
        assert name[:2] in row["name"], row["name"]
