"""The two catalogues that every capability is asked over, and talks with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from bot.bootstrap import Parts, build
from bot.plain import answer_json
from bot.settings import load_settings
from catalog_db.database import open_database
from catalog_db.loading import load
from handlers.session import Session
from handlers.turn import Action, Answer, Question
from tests.assistants import DAY, NOW, demonstration
from tests.features import second


@dataclass(frozen=True)
class Talk:
    """A conversation with one catalogue, as a program sees it."""

    parts: Parts
    session: Session
    adcode: str | None = None
    at: datetime = NOW

    def say(self, text: str) -> tuple[dict[str, Any], Talk]:
        """Say one thing; return the answer's fields and the conversation after it."""
        answer, session = self.parts.assistant.respond(Question(text, self.at, self.adcode), self.session)
        return self._told(answer), Talk(self.parts, session, self.adcode, self.at)

    def press(self, action: Action) -> tuple[dict[str, Any], Talk]:
        """Press one button."""
        answer, session = self.parts.assistant.respond(Question("", self.at, action=action), self.session)
        return self._told(answer), Talk(self.parts, session, self.adcode, self.at)

    def _told(self, answer: Answer) -> dict[str, Any]:
        return answer_json(None, answer, self.parts.wording, 0) | {"actions": [one.action for one in answer.choices]}

    def all(self, *texts: str) -> list[dict[str, Any]]:
        """Say one thing after the other; return the answers."""
        talk, told = self, []
        for text in texts:
            answer, talk = talk.say(text)
            told.append(answer)
        return told


@cache
def _second() -> Parts:
    folder = Path(mkdtemp(prefix="lvxuan-second-"))
    url = f"sqlite:///{folder / 'catalogue.db'}"
    database = open_database(url)
    try:
        report = load(second.write(folder / "data"), database, today=DAY)
    finally:
        database.close()
    if report.rejected:
        raise AssertionError(f"the second catalogue has {report.rejected} faulty rows")
    return build(load_settings({"database_url": url}, environ={"LVXUAN_HOME": str(folder)}, folder=folder), DAY)


WORLDS = {"bundled": demonstration, "second": _second}


def talk(world: str, adcode: str | None = None) -> Talk:
    """Begin a conversation with one of the two catalogues."""
    return Talk(WORLDS[world](), Session(), adcode)
