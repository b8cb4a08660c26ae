"""The small catalogue, opened once, and turns built by hand: what is tested here is the answer, not the understanding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.plain import plain_text
from bot.wording import Wording, load_wording
from catalog_db.catalog import Catalogue, open_catalogue
from catalog_db.database import open_database
from catalog_db.loading import load
from handlers.registry import handler_for
from handlers.session import Session
from handlers.turn import Answer, Question, Turn
from handlers.understanding.cues import load_scanner
from handlers.understanding.interpretation import Constraints, Interpretation
from handlers.understanding.normalise import normalise
from handlers.understanding.quantities import find_quantities
from handlers.understanding.word_tables import WORDS
from tests.catalog_db.folders import write_folder
from tests.handlers.answers.shop import FILES, GUIDES, TODAY

CHINA = timezone(timedelta(hours=8))
Ask = Callable[..., Answer]


@pytest.fixture(scope="package")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    folder = tmp_path_factory.mktemp("shop")
    data = write_folder(folder / "data", FILES)
    (data / "guides").mkdir(exist_ok=True)
    for name, text in GUIDES.items():
        (data / "guides" / f"{name}.md").write_text(text, encoding="utf-8")
    url = f"sqlite:///{folder / 'shop.db'}"
    with_database = open_database(url)
    report = load(data, with_database, today=TODAY)
    with_database.close()
    assert report.rejected == 0
    with open_catalogue(url) as opened:
        yield opened


@pytest.fixture(scope="session")
def wording() -> Wording:
    return load_wording()


@pytest.fixture(scope="session")
def scanner() -> Any:
    return load_scanner(WORDS)


@pytest.fixture
def session() -> Session:
    return Session()


@pytest.fixture
def ask(catalogue: Catalogue, session: Session, scanner: Any) -> Ask:
    """Ask a handler: the text gives quantities and cues, everything else is named."""

    def asks(intent: str, text: str = "", hour: int = 12, **meaning: Any) -> Answer:
        normalised = normalise(text)
        constraints = {
            k: meaning.pop(k)
            for k in list(meaning)
            if k in Constraints.__dataclass_fields__ and k not in Interpretation.__dataclass_fields__
        }
        cues = frozenset(scanner.scan(normalised.text).names) | frozenset(meaning.pop("cues", ()))
        understood = Interpretation(
            intent,
            normalised,
            constraints=Constraints(**constraints),
            cues=cues,
            quantities=tuple(find_quantities(normalised.text)),
            **meaning,
        )
        now = datetime(TODAY.year, TODAY.month, TODAY.day, hour, tzinfo=CHINA)
        answer = handler_for(intent)(Turn(Question(text, now), understood, session, catalogue))
        session.intent = answer.intent
        return answer

    return asks


@pytest.fixture
def text_of(wording: Wording) -> Callable[[Answer], str]:
    return lambda answer: plain_text(answer, wording)
