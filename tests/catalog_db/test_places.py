"""Codes of places: what lies in what, names, and what is near."""

import pytest

from catalog_db.places import FOLDER, Places, load_places


@pytest.fixture(scope="module")
def places():
    return Places.load()


def test_every_code_is_wellformed_unique_and_under_a_known_province(places):
    lines = (FOLDER / "divisions.tsv").read_text(encoding="utf-8").splitlines()
    codes = [line.split("\t")[0] for line in lines if line[:1].isdigit()]
    assert codes == sorted(set(codes))
    assert all(len(code) == 6 and code[:2] + "0000" in places for code in codes)
    assert len(codes) > 3_200
    assert {line.split("\t")[3] for line in lines if line[:1].isdigit()} <= {"", "frame", "never", "chain"}


def test_names(places):
    assert places.name("370783") == "寿光市"
    assert places.full_name("320682") == "江苏省南通市如皋市"
    assert places.full_name("429004") == "湖北省仙桃市"
    assert places.full_name("110105") == "北京市朝阳区"
    assert places.name("100000") is None
    assert places.full_name("999999") is None


@pytest.mark.parametrize(
    ("adcode", "above"),
    [
        ("370783", ["370783", "370700", "370000", "100000"]),
        ("429004", ["429004", "420000", "100000"]),
        ("110105", ["110105", "110000", "100000"]),
        ("500229", ["500229", "500000", "100000"]),
        ("441900", ["441900", "440000", "100000"]),
        ("370000", ["370000", "100000"]),
        ("100000", ["100000"]),
        ("370799", ["370799", "370700", "370000", "100000"]),
    ],
)
def test_widening(places, adcode, above):
    assert places.widen(adcode) == above


def test_covering(places):
    assert places.covers("420000", "429004")
    assert places.covers("370700", "370783")
    assert places.covers("100000", "370783")
    assert places.covers("370783", "370783")
    assert not places.covers("370783", "370700")
    assert not places.covers("370600", "370783")


def test_every_place_lies_in_everything_above_it(places):
    for code in places.under("100000"):
        assert all(places.covers(region, code) for region in places.widen(code))


def test_levels(places):
    assert [places.level(code) for code in ("100000", "370000", "370700", "370783", "429004")] == [
        "country",
        "province",
        "city",
        "county",
        "county",
    ]


def test_resolving(places):
    assert places.resolve("寿光") == ("370783",)
    assert places.resolve("山东寿光") == ("370783",)
    assert places.resolve("江苏省南通市如皋市") == ("320682",)
    assert places.resolve("稻田镇", near="370700")[0] == "370783"
    assert places.resolve("朝阳")[0] == "211300"
    assert places.resolve("朝阳", near="110000")[0] == "110105"
    assert places.resolve("没有这个地方") == ()
    assert places.resolve("") == ()


def test_townships(places):
    assert "370783" in places.township("稻田镇")
    assert places.township("没有镇") == ()
    assert places.township("") == ()
    table, starts = places._townships
    names = [table[start : table.index("\t", start)] for start in starts]
    assert len(names) == len(set(names)) > 30_000
    assert all(places.township(name) for name in names[:: len(names) // 200])
    assert all(
        code in places
        for start in list(starts)[::50]
        for code in table[table.index("\t", start) + 1 : table.index("\n", start)].split(" ")
    )


def test_the_nearest_counties(places):
    found = places.nearest(36.88, 118.74)
    assert found[0][0] == "370783"
    assert [km for _, km in found] == sorted(km for _, km in found)
    assert places.nearest(39.92, 116.44, limit=1)[0][0] == "110105"
    assert places.nearest(40.7, -74.0) == []
    assert len(places.nearest(31.23, 121.47, limit=3)) == 3


def test_every_position_is_in_a_known_place(places):
    assert all(
        code in places and 17 < latitude < 54 and 73 < longitude < 136
        for latitude, longitude, code in places._positions
    )


def test_without_positions_nothing_is_near(tmp_path):
    (tmp_path / "divisions.tsv").write_bytes((FOLDER / "divisions.tsv").read_bytes())
    assert Places.load(tmp_path).nearest(36.88, 118.74) == []


def test_loaded_once():
    assert load_places() is load_places()
