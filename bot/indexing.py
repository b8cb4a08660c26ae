"""`lvxuan index`: build, verify or describe the search index, in the operator's words."""

from __future__ import annotations

import time

from bot.wording import Wording, load_wording
from catalog_db.database import open_database
from catalog_db.indexing import place_of, rebuild
from catalog_db.search.maintenance import Description, describe, verify
from catalog_db.search.storage import IndexUnusableError


def run_index(action: str, url: str) -> int:
    """Do one of build, verify, describe. Returns 0 when the index is whole, 1 when it is not, 2 when there is none."""
    wording = load_wording()
    database = open_database(url)
    try:
        folder = place_of(database)
        if folder is None:
            print(wording.say("index.in_memory"))
            return 2
        if action == "build":
            description, seconds = rebuild(database, folder, time.monotonic)
            print(wording.say("index.built", seconds=round(seconds, 1)))
            _print(description, wording)
            return 0
        damaged = verify(folder) if action == "verify" else []
        _print(describe(folder), wording)
    except IndexUnusableError as error:
        print(wording.say("index.unusable", reason=str(error)))
        return 2
    finally:
        database.close()
    if action == "verify":
        print(wording.say("index.damaged", files=tuple(damaged)) if damaged else wording.say("index.whole"))
    return int(bool(damaged))


def _print(found: Description, wording: Wording) -> None:
    print(
        wording.say(
            "index.figures",
            products=found.products,
            terms=found.terms,
            blocks=found.blocks,
            megabytes=round(found.size / 1e6, 1),
            per_product=round(found.size / max(found.products, 1)),
            built=found.built_at.astimezone(),
            revision=found.revision,
        )
    )
