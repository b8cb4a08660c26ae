"""The composition root: settings in, an assistant ready to answer out. Nothing else builds the parts together."""

from __future__ import annotations

import gc
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from bot.locales import LOCALES
from bot.wording import Wording, load_wording

if TYPE_CHECKING:
    from bot.channels.exchange import Responder
    from bot.settings import Settings
    from catalog_db.catalog import Catalogue
    from handlers.assistant import Assistant

ZONE = timezone(
    timedelta(hours=8), "Asia/Shanghai"
)  # the day is Asia/Shanghai's; it has had no other offset since 1991
LOCALE = "zh_Hans_CN"


@dataclass(frozen=True, slots=True)
class Parts:
    """What a channel needs."""

    catalogue: Catalogue
    assistant: Assistant
    wording: Wording
    demonstration: bool = False  # the catalogue is the bundled one: whatever shows it says 演示数据


_FIRST_ASKED = ("example.certified", "example.price", "example.pinyin")  # what a search is tried with
_FIRST_PAGE = 20


def now() -> datetime:
    """Return the time in Asia/Shanghai."""
    return datetime.now(ZONE)


def build(settings: Settings, today: date) -> Parts:
    """Open the catalogue and make the assistant. An empty database gets the bundled catalogue, made for `today`."""
    with _uncollected():
        return _built(settings, today)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the collector of garbage still meanwhile: what a start makes stays, and looking it through costs a tenth of it."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _built(settings: Settings, today: date) -> Parts:
    from catalog_db.catalog import open_catalogue
    from handlers.assistant import Assistant

    wording = load_wording(LOCALE)
    url = settings.database_url
    if _is_new_file(url):
        _load_apart(url, today)
    catalogue = open_catalogue(url)
    if not catalogue.categories and catalogue.revision == 0:
        catalogue.close()
        load_demonstration(url, today)
        catalogue = open_catalogue(url)
    mark = wording.say("demonstration.mark")
    bundled = bool(catalogue.enterprises) and all(mark in maker.name for maker in catalogue.enterprises.values())
    return Parts(catalogue, Assistant(catalogue, LOCALES / LOCALE, wording.text), wording, bundled)


def settle(parts: Parts) -> None:
    """Prepare a program that goes on running: words and handlers now, compiled search, where there is any, beside it."""
    parts.assistant.prepare()
    threading.Thread(target=warm, args=(parts,), name="accelerate", daemon=True).start()


def warm(parts: Parts) -> None:
    """Compile the search and ask it once, so that the first person to ask waits no longer than the second."""
    from handlers.turn import Question

    parts.catalogue.accelerate()
    moment = now()
    for text in ("", *map(parts.wording.say, _FIRST_ASKED)):
        parts.assistant.cards(Question(text, moment), 0, _FIRST_PAGE)


def noting(parts: Parts, url: str) -> Responder:
    """Return the assistant that notes what it is asked, masked, for `lvxuan misses`."""
    from bot.past_questions import NotingAssistant
    from catalog_db.database import open_database
    from catalog_db.past_questions import PastQuestions

    settle(parts)
    return NotingAssistant(parts.assistant, PastQuestions(open_database(url)))


@contextmanager
def noting_behind(parts: Parts, url: str) -> Iterator[Responder]:
    """Give the assistant that notes what it is asked on a thread beside it; at the end everything is written."""
    from bot.past_questions import NotesBehind, NotingAssistant
    from catalog_db.database import open_database
    from catalog_db.past_questions import PastQuestions

    database = open_database(url)
    notes = NotesBehind(PastQuestions(database))
    try:
        yield NotingAssistant(parts.assistant, notes)
    finally:
        notes.close()
        database.close()


def _is_new_file(url: str) -> bool:
    """Tell whether a database is a file that is not there yet."""
    scheme, _, path = url.partition(":///")
    return (
        scheme == "sqlite" and bool(path) and not path.startswith(":") and "?" not in path and not Path(path).exists()
    )


def _load_apart(url: str, today: date) -> None:
    """Load the bundled catalogue in a process of its own, which takes the memory along that only loading and migrating need.

    A failure is nobody's yet: whoever opens the database next meets it again and tells of it.
    """
    loading = get_context("spawn").Process(target=_load_quietly, args=(url, today))
    loading.start()
    loading.join()


def _load_quietly(url: str, today: date) -> None:
    with suppress(Exception), _uncollected():
        load_demonstration(url, today)


def load_demonstration(url: str, today: date) -> None:
    """Load the bundled catalogue, made for a day, into a database."""
    from catalog_db.database import open_database
    from catalog_db.demonstration.making import make
    from catalog_db.loading.importing import load

    with tempfile.TemporaryDirectory(prefix="lvxuan-") as folder:
        make(Path(folder), today)
        database = open_database(url)
        try:
            load(Path(folder), database, today=today)
        finally:
            database.close()
