"""The chores that tell: what can be answered now, which certificate holds no more. Each person once for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.channels.telegram.news import News, NewsChore
from bot.channels.telegram.outgoing import Outgoing
from bot.channels.telegram.readers import reader_in
from catalog_db.catalog import Catalogue
from catalog_db.certification import state
from catalog_db.journal import desk_telling
from catalog_db.journal.books import Books
from catalog_db.journal.desk_telling import Given, Wish
from handlers.assistant import Assistant
from handlers.session import Session
from handlers.turn import Action, Answer, Question

_AT_ONCE = 10  # questions asked again in one transaction: each takes some milliseconds
_TOLD_AT_ONCE = 50
_STILL_MISSED = frozenset({"out_of_scope", "clarify", "not_found", "handoff", "smalltalk", "control"})
_SHORT = 60


def _telling(
    news: News, books: Books, one: Wish | Given, key: str, ways: Sequence[tuple[str, Action]], now: datetime, **values: object
) -> list[Outgoing]:  # fmt: skip
    """Make the messages. They are not repeated when nobody knows whether they arrived: once is what was agreed."""
    found = reader_in(books, one.chat_id)
    reader = replace(found, locale=found.locale or one.locale)
    wording = reader.wording(news.wordings)
    labelled = [(wording.say(f"desk.tell.{name}"), action) for name, action in ways]
    day = datetime.fromtimestamp(one.at, now.tzinfo).date()
    texts = reader.texts(wording.say(f"desk.told.{key}", day=day, **values), news.wordings)
    messages = news.messages(one.chat_id, texts, labelled, now)
    return [Outgoing("sendMessage", params, one.chat_id, "bulk", critical=False) for params in messages]


@dataclass(frozen=True, slots=True)
class AnswerableChore(NewsChore):
    """Asks what was missed again after each change of the catalogue: words taught, answers approved, goods imported."""

    assistant: Assistant
    every: float = 5.0

    def told(self, books: Books, now: datetime) -> Sequence[Outgoing]:
        """Tell whose question can be answered; note of the others that it cannot yet."""
        revision = self.assistant.revision  # of the answers: the catalogue may be one ahead, then they are asked again
        said: list[Outgoing] = []
        missed: list[int] = []
        for one in desk_telling.unseen(books, revision, _AT_ONCE):
            answer, _ = self.assistant.respond(Question(one.text, now), Session())
            if not answers(answer):
                missed.append(one.id)
            elif desk_telling.told(books, one.id):
                ways = [("see", Action("tell.see", (str(one.id),)))]
                said += _telling(self.news, books, one, "answerable", ways, now, question=one.text[:_SHORT])
        desk_telling.seen(books, missed, revision)
        return said


def answers(answer: Answer) -> bool:
    """Tell whether an answer says something."""
    return answer.intent not in _STILL_MISSED and answer.total != 0


@dataclass(frozen=True, slots=True)
class CorrectionChore(NewsChore):
    """Holds every certificate that people were told of against the catalogue, once for each state of it."""

    catalogue: Catalogue
    every: float = 5.0
    _seen: list[str] = field(default_factory=list)

    def told(self, books: Books, now: datetime) -> Sequence[Outgoing]:
        """Tell everybody to whom a certificate was named that was withdrawn since."""
        moment = f"{self.catalogue.revision} {now.date()}"
        if self._seen == [moment]:
            return ()
        said: list[Outgoing] = []
        for number, sku in desk_telling.certificates(books):
            why = withdrawn(self.catalogue, number, sku, now.date())
            if why is not None:
                said += self._corrected(books, number, sku, why, now, _TOLD_AT_ONCE - len(said))
            if len(said) >= _TOLD_AT_ONCE:
                return said  # the rest the next time
        self._seen[:] = [moment]
        return said

    def _corrected(self, books: Books, number: str, sku: str, why: str, now: datetime, most: int) -> list[Outgoing]:
        product = self.catalogue.product(sku) if sku else None
        said: list[Outgoing] = []
        for one in desk_telling.given_to(books, number, (sku,), most):
            if not desk_telling.corrected(books, one.chat_id, number, sku if why == "gone" else None):
                continue  # of another product of the same certificate, in the same breath
            ways = [("enough", Action("tell.enough"))]
            title = product.title if product else number
            said += _telling(self.news, books, one, why, ways, now, title=title, number=number)
        return said


def withdrawn(catalogue: Catalogue, number: str, sku: str, day: date) -> str | None:
    """Return why a certificate that we named holds no more: suspended, revoked, gone; None while it does, or ran out as we had said."""
    one = catalogue.certificate(number)
    if one is None or (sku and sku not in one.skus):
        return "gone"
    found = state(one, day)
    return found if found in ("suspended", "revoked") else None
