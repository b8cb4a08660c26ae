"""The life of ambassadors as dialogs: golden transcripts, the same on SQLite and PostgreSQL. --update-golden writes them anew."""

from __future__ import annotations

import random
import secrets
from pathlib import Path

import pytest

from bot.channels.telegram.keys import Keys, save_keys
from handlers.certification.claims import find_claims
from tests.assistants import demonstration
from tests.bot.telegram.staff_desk import BY_DAY, office
from tests.bot.telegram.village import StillClock, Village, script_of

GOLDEN = Path(__file__).parents[1] / "golden"
TALKS = sorted(file.stem for file in (GOLDEN / "village_talks").glob("*.txt"))
KEYS = Keys(b"golden transcripts show no secret"[:32], (b"and links are the same every time"[:32],))


async def played(folder: Path, script: list[str], monkeypatch: pytest.MonkeyPatch, url: str | None = None) -> str:
    """What everybody is shown. Chance always falls the same way."""
    monkeypatch.setattr(secrets, "randbelow", random.Random(7).randrange)
    save_keys(folder / "key", KEYS)
    async with office(folder, url, clock=StillClock(BY_DAY.timestamp())) as desk:
        return await Village(desk).play(script)


@pytest.mark.parametrize("talk", TALKS)
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_a_talk_of_the_village_is_as_it_was(request, tmp_path, monkeypatch, talk, database):
    url = request.getfixturevalue(f"{database}_journal_url")
    shown = await played(tmp_path, script_of(GOLDEN / "village_talks" / f"{talk}.txt"), monkeypatch, url)
    assert demonstration().wording.say("channel.failed")[:12] not in shown
    file = GOLDEN / "village" / f"{talk}.txt"
    if request.config.getoption("--update-golden") and database == "sqlite":
        file.parent.mkdir(exist_ok=True)
        file.write_text(shown, encoding="utf-8")
    assert file.exists(), "no transcript yet: run with --update-golden"
    assert shown == file.read_text(encoding="utf-8")


def test_no_transcript_is_left_over():
    assert {file.stem for file in (GOLDEN / "village").glob("*.txt")} <= set(TALKS)


def test_nothing_that_we_say_in_the_village_claims_too_much():
    for talk in TALKS:
        for line in (GOLDEN / "village" / f"{talk}.txt").read_text(encoding="utf-8").splitlines():
            assert line.startswith(("»", "客服台")) or find_claims(line) == [], line
