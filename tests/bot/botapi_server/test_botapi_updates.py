"""Random updates match the schema and are taken by python-telegram-bot; damaged ones mostly do not."""

from __future__ import annotations

import random

import pytest
from telegram import Update

from bot.botapi_server.spec import bot_api
from bot.botapi_server.updates import damaged, random_update, update_kinds


def test_every_kind_is_made() -> None:
    assert len(update_kinds()) == 27


@pytest.mark.parametrize("kind", update_kinds())
def test_random_updates_match_the_schema(kind: str) -> None:
    rng = random.Random(kind)
    for _ in range(25):
        update = random_update(rng, kind)
        assert bot_api().value_problems("Update", update) == []
        parsed = Update.de_json(update, None)
        assert parsed.update_id == update["update_id"]


def test_damage_is_damage() -> None:
    rng = random.Random(3)
    whole = [random_update(rng) for _ in range(300)]
    broken = [damaged(rng, update) for update in whole]
    assert all(bot_api().value_problems("Update", update) == [] for update in whole), "the originals stay whole"
    assert sum(bool(bot_api().value_problems("Update", update)) for update in broken) > 200


def test_the_same_seed_makes_the_same_update() -> None:
    assert random_update(random.Random(9)) == random_update(random.Random(9))
