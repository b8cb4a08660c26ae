"""Which certificates run out soon, where many do: they are read in turn until enough of what is meant is found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.bootstrap import ZONE, Parts, build
from bot.importing import run_import
from bot.settings import load_settings
from catalog_db.rows import SOME
from handlers.session import Session
from handlers.turn import Question
from tests.assistants import DAY
from tests.catalog_db.folders import good, write_folder

PAINTS = 2 * SOME + 9  # each with a certificate of its own, three a day
TOILETS = 3


def _certificate(sku: str, days: int, **more: str) -> dict[str, str]:
    ends = (DAY + timedelta(days=days)).isoformat()
    row = {"number": f"N-{sku}", "scheme": "green_building_material", "skus": sku, "issued_on": "2024-01-01"}
    return {**row, "expires_on": ends, **more}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Return them of a catalogue of which paints' certificates run out first, many of them, and toilets' after all of those."""
    rows = good()
    paints = [f"paint{i:03}" for i in range(PAINTS)]
    toilets = [f"toilet{i}" for i in range(TOILETS)]
    rows["products"] = [{"sku": sku, "title": f"净味漆 {sku}", "category": "latex"} for sku in paints]
    rows["products"] += [{"sku": sku, "title": f"马桶 {sku}", "category": "toilet"} for sku in (*toilets, "gone")]
    rows["certificates"] = [_certificate(sku, i // 9) for i, sku in enumerate(paints)]
    rows["certificates"] += [_certificate(sku, 80 + i) for i, sku in enumerate(toilets)]
    rows["certificates"] += [
        {**_certificate("toilet0", 70), "number": "N-suspended", "status": "suspended"},
        {**_certificate("toilet0", 95), "number": "N-later"},
        _certificate("gone", -1),
    ]
    rows["pavilions"], rows["rankings"] = [], []
    home = tmp_path_factory.mktemp("lapsing")
    url = f"sqlite:///{home / 'catalogue.db'}"
    assert run_import(write_folder(home / "rows", rows, guide=None), url, DAY, dry_run=False) == 0
    settings = load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(home)}, folder=home)
    return build(settings, DAY)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("快到期的证有哪些", [f"N-paint{i:03}" for i in range(5)]),
        ("马桶里快到期的证有哪些", [f"N-toilet{i}" for i in range(TOILETS)]),
    ],
)
def test_those_that_run_out_first_are_found_however_many_run_out(parts: Parts, text: str, numbers: list[str]) -> None:
    answer, _ = parts.assistant.respond(Question(text, datetime(2026, 11, 22, 18, 0, tzinfo=ZONE)), Session())
    assert list(answer.certificates) == numbers


def test_certificates_come_in_portions_each_once_the_soonest_first(parts: Parts) -> None:
    until = DAY + timedelta(days=90)
    read: list[tuple[object, str]] = []
    after = (DAY, "")
    while some := parts.catalogue.certificates_running_out(until, after):
        assert len(some) <= SOME
        read += [(one.expires_on, one.number) for one in some]
        after = (some[-1].expires_on, some[-1].number)
    assert read == sorted(set(read)) and len(read) == PAINTS + TOILETS
